//! The rows: a publication with its dispatches, and the lane of a channel.
//!
//! One publication is one row: its dispatches and their journals are always read and written together, in one commit.

use serde::{Deserialize, Serialize};

use super::journal::{Event, HeldBecause, Journal};
use super::state::{self, DispatchEvent, DispatchState, Impossible};
use crate::base::clock::At;
use crate::base::id;
use crate::channels::ChannelId;
use crate::networks::{Job, Material, Progress, RemotePost};
use crate::people::{PersonId, WorkspaceId};
use crate::posts::{PostId, PublicationState};
use crate::store::{
    Entries, Record,
    schema::{self, CollectionId},
};

crate::ids! {
    /// A publication. It follows from post and channel, so that one post cannot go out twice on one channel.
    PublicationId,
    /// One run of this program. A claim of another boot is settled at start.
    BootId,
    /// The message that an answer answers; the inbox knows it under an id of its own with the same bits.
    AnsweredId,
}

/// One post going out on one channel, or one answer from the inbox.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Publication {
    /// Whose.
    pub workspace: WorkspaceId,
    /// Its id.
    pub id: PublicationId,
    /// Where it goes.
    pub channel: ChannelId,
    /// What it is.
    pub source: Source,
    /// How its text begins, for notices and lists.
    pub subject: String,
    /// When it shall go out.
    pub due_at: At,
    /// When the engine looks at it next; none: it waits for a person, or all is done.
    pub next_at: Option<At>,
    /// A person publishes it with their own hands.
    pub by_hand: bool,
    /// What it asks of the network, in order.
    pub dispatches: Vec<Dispatch>,
    /// When the first part was confirmed.
    pub published_at: Option<At>,
    /// Who planned it.
    pub planned_by: PersonId,
}

/// What a publication is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "source", rename_all = "snake_case")]
pub enum Source {
    /// A post.
    Post {
        /// Which.
        post: PostId,
    },
    /// An answer to a message of the inbox; its words are in the dispatch.
    Answer {
        /// The message it answers, as the inbox knows it.
        message: AnsweredId,
    },
}

/// One intended change at a network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dispatch {
    /// What it is within its publication.
    pub role: DispatchRole,
    /// Where it stands. Changed only by [`Dispatch::apply`].
    pub state: DispatchState,
    /// How often it was claimed.
    pub attempts: u32,
    /// How often its lost outcome was looked for since the last claim.
    pub looks: u32,
    /// The boot that claimed it.
    pub boot: Option<BootId>,
    /// When it was last claimed, and what the network's clock said nearest to that.
    pub claimed_at: Option<At>,
    /// The network's clock less ours when it last answered, in milliseconds.
    pub server_ahead_ms: Option<i64>,
    /// What leaves: frozen at the first claim, so that a repeat is the same to the letter.
    pub job: Option<Job>,
    /// What makes a repeat recognisable.
    pub material: Material,
    /// What is known so far.
    pub progress: Progress,
    /// A visible request left and was not answered: the step that is in doubt.
    pub in_doubt: Option<String>,
    /// Why it is kept back.
    pub held: Option<HeldBecause>,
    /// What happened.
    pub journal: Journal,
}

/// What a dispatch is within its publication.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "snake_case")]
pub enum DispatchRole {
    /// A part of the post, from 0.
    Part {
        /// Which.
        index: u32,
    },
    /// A comment of our own below the post.
    FirstComment,
    /// An answer.
    Answer {
        /// What is said and to whom; becomes the job as it is.
        job: Box<Job>,
    },
    /// A change of what a part says.
    Edit {
        /// Which part.
        index: u32,
        /// What it shall say.
        text: String,
    },
    /// Taking down a part or the first comment.
    Delete {
        /// Which dispatch of this publication made it.
        dispatch: u32,
    },
}

impl Dispatch {
    /// A dispatch that waits for its time.
    pub fn planned(role: DispatchRole) -> Self {
        Self {
            role,
            state: DispatchState::Planned,
            attempts: 0,
            looks: 0,
            boot: None,
            claimed_at: None,
            server_ahead_ms: None,
            job: None,
            material: Material::default(),
            progress: Progress::default(),
            in_doubt: None,
            held: None,
            journal: Journal::default(),
        }
    }

    /// Changes the state by an event and notes it: no state changes without a line in the journal.
    pub fn apply(&mut self, at: At, event: DispatchEvent, told: Event) -> Result<(), Impossible> {
        self.state = self.state.after(event)?;
        self.journal.note(at, told);
        Ok(())
    }

    /// Keeps it back.
    pub fn hold(&mut self, at: At, why: HeldBecause) -> Result<(), Impossible> {
        self.held = Some(why);
        self.apply(at, DispatchEvent::Held, Event::Held { why })
    }

    /// The post it made, once it did.
    pub fn post(&self) -> Option<&RemotePost> {
        self.progress.post.as_ref().filter(|_post| self.state == DispatchState::Done)
    }
}

impl Publication {
    /// The id of a post's publication on a channel.
    pub fn id_for(post: PostId, channel: ChannelId) -> PublicationId {
        id::digest(&[b"publication", &post.bits().to_be_bytes(), &channel.bits().to_be_bytes()])
    }

    /// What it shows.
    pub fn state(&self) -> PublicationState {
        state::sum(self.dispatches.iter().filter(|d| d.counts()).map(|d| d.state))
    }

    /// The dispatch that is next: the first that is neither done nor withdrawn.
    pub fn current(&self) -> Option<usize> {
        self.dispatches.iter().position(|d| !matches!(d.state, DispatchState::Done | DispatchState::Withdrawn))
    }

    /// Nothing has ever left for the network.
    pub fn is_untouched(&self) -> bool {
        self.dispatches.iter().all(|dispatch| dispatch.attempts == 0)
    }

    /// The post at the network: its first part.
    pub fn remote(&self) -> Option<&RemotePost> {
        self.dispatches
            .iter()
            .find(|d| matches!(d.role, DispatchRole::Part { index: 0 } | DispatchRole::Answer { .. }))?
            .post()
    }

    /// Its page at the network.
    pub fn url(&self) -> Option<&str> {
        self.remote()?.url.as_deref()
    }

    /// It was taken down after it was out.
    pub fn is_taken_down(&self) -> bool {
        self.dispatches.iter().any(|d| matches!(d.role, DispatchRole::Delete { .. }) && d.state == DispatchState::Done)
    }
}

impl Dispatch {
    /// Whether it belongs to what the publication shows as out or not.
    fn counts(&self) -> bool {
        !(matches!(self.role, DispatchRole::Delete { .. } | DispatchRole::Edit { .. })
            && self.state == DispatchState::Done)
    }
}

crate::index! {
    /// What the engine looks at next, by when; the value is the lane.
    pub PublicationsByNext in schema::PUBLICATIONS_BY_NEXT: (At, WorkspaceId, PublicationId) => ChannelId;
    /// What waits for a person.
    pub PublicationsForPerson in schema::PUBLICATIONS_FOR_PERSON: (WorkspaceId, At, PublicationId) => ();
    /// The publications of a post, each with what it shows, so that the sum of many is one scan. Entries from before
    /// this was kept hold nothing.
    pub PublicationsByPost in schema::PUBLICATIONS_BY_POST:
        (WorkspaceId, PostId, PublicationId) => Option<PublicationState>;
    /// What is not at its end, by channel.
    pub PublicationsOpenByChannel in schema::PUBLICATIONS_OPEN_BY_CHANNEL: (WorkspaceId, ChannelId, PublicationId) => ();
    /// What is out, by a digest of the channel and the network's id.
    pub PublicationsByRemote in schema::PUBLICATIONS_BY_REMOTE: (WorkspaceId, u128, PublicationId) => ();
}

impl Record for Publication {
    const COLLECTION: CollectionId = schema::PUBLICATIONS;
    type Key = (WorkspaceId, PublicationId);

    fn key(&self) -> Self::Key {
        (self.workspace, self.id)
    }

    fn entries(&self, out: &mut Entries) {
        if let Some(next_at) = self.next_at {
            out.add(PublicationsByNext, (next_at, self.workspace, self.id), &self.channel);
        }
        let state = self.state();
        if state.needs_person() || (self.by_hand && state == PublicationState::Sending) {
            out.add(PublicationsForPerson, (self.workspace, self.due_at, self.id), &());
        }
        if let Source::Post { post } = self.source {
            out.add(PublicationsByPost, (self.workspace, post, self.id), &Some(state));
        }
        for post in self.dispatches.iter().filter_map(Dispatch::post).filter(|post| !post.id.is_empty()) {
            out.add(PublicationsByRemote, (self.workspace, remote_digest(self.channel, &post.id), self.id), &());
        }
        let waits = matches!(
            state,
            PublicationState::Planned | PublicationState::Held | PublicationState::Sending | PublicationState::Unsure
        );
        if waits {
            out.add(PublicationsOpenByChannel, (self.workspace, self.channel, self.id), &());
        }
    }
}

/// What stands for a network's id of a post on a channel.
pub fn remote_digest(channel: ChannelId, remote_id: &str) -> u128 {
    id::digest(&[b"remote", &channel.bits().to_be_bytes(), remote_id.as_bytes()])
}

/// Says that a publication is out, until whoever counts has taken it up. Written in the commit that confirms it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WentOut {
    /// Whose.
    pub workspace: WorkspaceId,
    /// Which.
    pub publication: PublicationId,
}

impl Record for WentOut {
    const COLLECTION: CollectionId = schema::WENT_OUT;
    type Key = (WorkspaceId, PublicationId);

    fn key(&self) -> Self::Key {
        (self.workspace, self.publication)
    }
}

/// The lane of a channel: what keeps its next request waiting. Apart from the channel, since it changes with every answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lane {
    /// Whose.
    pub workspace: WorkspaceId,
    /// Which channel.
    pub channel: ChannelId,
    /// Nothing leaves before this: a rate limit.
    pub not_before_at: At,
    /// No late post begins to leave before this: after an outage they are spaced.
    #[serde(default)]
    pub late_not_before_at: At,
}

impl Lane {
    /// The lane of this channel with nothing in its way.
    pub fn open(workspace: WorkspaceId, channel: ChannelId) -> Self {
        Self { workspace, channel, not_before_at: At::default(), late_not_before_at: At::default() }
    }
}

impl Record for Lane {
    const COLLECTION: CollectionId = schema::LANES;
    type Key = (WorkspaceId, ChannelId);

    fn key(&self) -> Self::Key {
        (self.workspace, self.channel)
    }
}
