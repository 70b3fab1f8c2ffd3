//! The inbox: replies and mentions of all channels as conversations, answered through the publishing engine.
//!
//! A conversation is what one person began below one of our posts, or by naming us, with everything that follows it.
//! Each message is known by its channel and the network's id, so that what is polled twice is kept once.

pub mod answer;
pub mod answering;
pub mod conversation;
pub mod delivery;
pub mod sync;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::clock::At;
use crate::base::id;
use crate::channels::ChannelId;
use crate::networks::{MessageKind, RemotePerson, RemotePost};
use crate::people::{PersonId, WorkspaceId};
use crate::posts::PostId;
use crate::publish::PublicationId;
use crate::store::{
    Entries, Record,
    schema::{self, CollectionId},
};

crate::ids! {
    /// A conversation.
    ConversationId,
    /// A message. It follows from the channel and the network's id.
    MessageId,
}

/// A conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conversation {
    /// Whose.
    pub workspace: WorkspaceId,
    /// Its id.
    pub id: ConversationId,
    /// On which channel.
    pub channel: ChannelId,
    /// The post of ours that it is about.
    pub about: Option<About>,
    /// Who began it.
    pub person: RemotePerson,
    /// When something last came or was answered.
    pub last_at: At,
    /// How the last message begins.
    pub excerpt: String,
    /// Why it is here.
    pub kind: MessageKind,
    /// How many messages nobody here has looked at.
    pub unread: u32,
    /// How many messages it has.
    pub messages: u32,
    /// Whether it still wants something.
    pub state: ConversationState,
    /// Who takes care of it.
    pub assigned: Option<PersonId>,
}

/// The post of ours that a conversation is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Its publication.
    pub publication: PublicationId,
    /// The post.
    pub post: Option<PostId>,
    /// How it begins.
    pub excerpt: String,
}

/// Whether a conversation still wants something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConversationState {
    /// Yes.
    Open,
    /// Done with, until something new comes.
    Done,
}

/// A message of a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Whose.
    pub workspace: WorkspaceId,
    /// Of which conversation.
    pub conversation: ConversationId,
    /// Its id.
    pub id: MessageId,
    /// When it was written.
    pub at: At,
    /// Who wrote it; our own answers carry no one.
    pub author: Option<RemotePerson>,
    /// What it says.
    pub text: String,
    /// The post at the network, for answering it.
    pub remote: Option<RemotePost>,
    /// The first post of its thread, where the network says so.
    pub root: Option<RemotePost>,
    /// Addresses of its pictures; pages show cached copies.
    pub media_urls: Vec<String>,
    /// Our answer on its way.
    pub publication: Option<PublicationId>,
    /// Who of us answered.
    pub answered_by: Option<PersonId>,
}

/// Where a message of a network is: so that it is kept once, and answers to it find its conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Known {
    /// Whose.
    pub workspace: WorkspaceId,
    /// The message.
    pub message: MessageId,
    /// Its conversation.
    pub conversation: ConversationId,
}

crate::index! {
    /// The conversations of a workspace by state and by when something last came.
    pub ConversationsByLast in schema::CONVERSATIONS_BY_LAST: (WorkspaceId, u8, At, ConversationId) => ();
    /// The conversations about a post.
    pub ConversationsByPost in schema::CONVERSATIONS_BY_POST: (WorkspaceId, PostId, ConversationId) => ();
    /// Conversations with something that nobody has looked at: for the number on the tab.
    pub ConversationsUnread in schema::CONVERSATIONS_UNREAD: (WorkspaceId, ConversationId) => ();
}

impl ConversationState {
    /// As keys have it.
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Open => 0,
            Self::Done => 1,
        }
    }
}

impl Record for Conversation {
    const COLLECTION: CollectionId = schema::CONVERSATIONS;
    type Key = (WorkspaceId, ConversationId);

    fn key(&self) -> Self::Key {
        (self.workspace, self.id)
    }

    fn entries(&self, out: &mut Entries) {
        out.add(ConversationsByLast, (self.workspace, self.state.number(), self.last_at, self.id), &());
        if let Some(post) = self.about.as_ref().and_then(|about| about.post) {
            out.add(ConversationsByPost, (self.workspace, post, self.id), &());
        }
        if 0 < self.unread && self.state == ConversationState::Open {
            out.add(ConversationsUnread, (self.workspace, self.id), &());
        }
    }
}

impl Record for Message {
    const COLLECTION: CollectionId = schema::MESSAGES;
    type Key = (WorkspaceId, ConversationId, MessageId);

    fn key(&self) -> Self::Key {
        (self.workspace, self.conversation, self.id)
    }
}

impl Record for Known {
    const COLLECTION: CollectionId = schema::MESSAGES_KNOWN;
    type Key = (WorkspaceId, MessageId);

    fn key(&self) -> Self::Key {
        (self.workspace, self.message)
    }
}

/// The id of a network's message.
pub fn message_id(channel: ChannelId, remote_id: &str) -> MessageId {
    id::digest(&[b"message", &channel.bits().to_be_bytes(), remote_id.as_bytes()])
}
