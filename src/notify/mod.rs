//! Telling people: a notice is a row written in the same commit as the fact it tells, and delivered by a worker later.
//!
//! So nothing is told that did not happen, and nothing that happened goes untold because the process died.

use serde::{Deserialize, Serialize};

use crate::app::{App, Worker};
use crate::base::clock::At;
use crate::people::WorkspaceId;
use crate::store::{
    Change, Entries, Record,
    schema::{self, CollectionId},
};
use crate::words::Message;

pub mod outbox;
pub mod target;

crate::ids! {
    /// A notice.
    NoticeId,
    /// The thing a notice is about, whatever it is.
    AboutId,
}

/// Something that people of a workspace are told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// Whose.
    pub workspace: WorkspaceId,
    /// Its id; sorts by time.
    pub id: NoticeId,
    /// When it happened.
    pub at: At,
    /// What happened.
    pub what: What,
    /// The thing it is about, as bits of its id.
    pub about: u128,
    /// A word of it, for the notice to be understood alone: how a text begins, the name of a channel.
    pub subject: String,
    /// When the next try to deliver it outside is due; none: delivered, or nothing to deliver to.
    pub deliver_at: Option<At>,
    /// How often that was tried.
    pub tries: u32,
}

/// What people are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A post is out.
    Published,
    /// A post was refused.
    Failed,
    /// A post is kept back.
    Held,
    /// A thread stopped in the middle.
    PartlyOut,
    /// Nobody knows whether a post is out.
    Unsure,
    /// A post is to be published by hand.
    ByHand,
    /// A channel must be connected again.
    Reconnect,
    /// Someone wrote.
    Message,
}

impl What {
    /// The sentence.
    pub fn message(self, subject: &str) -> Message {
        let key = match self {
            Self::Published => "notice-published",
            Self::Failed => "notice-failed",
            Self::Held => "notice-held",
            Self::PartlyOut => "notice-partly-out",
            Self::Unsure => "notice-unsure",
            Self::ByHand => "notice-by-hand",
            Self::Reconnect => "notice-reconnect",
            Self::Message => "notice-message",
        };
        Message::new(key).with("subject", subject)
    }

    /// It is worth ringing a phone for.
    pub fn rings(self) -> bool {
        self != Self::Published
    }
}

crate::index! {
    /// Notices that wait to be delivered, by when.
    pub NoticesToDeliver in schema::NOTICES_TO_DELIVER: (At, WorkspaceId, NoticeId) => ();
}

impl Record for Notice {
    const COLLECTION: CollectionId = schema::NOTICES;
    type Key = (WorkspaceId, NoticeId);

    fn key(&self) -> Self::Key {
        (self.workspace, self.id)
    }

    fn entries(&self, out: &mut Entries) {
        if let Some(at) = self.deliver_at {
            out.add(NoticesToDeliver, (at, self.workspace, self.id), &());
        }
    }
}

/// Wakes who delivers, once what was told is on disk.
pub fn ring(app: &App) {
    app.kicks.kick(Worker::Outbox);
}

/// Tells something, in the commit that makes it true; [`ring`] comes after that.
pub fn tell(app: &App, change: &mut Change, workspace: WorkspaceId, what: What, about: u128, subject: &str) {
    let now = app.clock.now();
    change.insert(&Notice {
        workspace,
        id: app.ids.next(),
        at: now,
        what,
        about,
        subject: subject.to_owned(),
        deliver_at: what.rings().then_some(now),
        tries: 0,
    });
}
