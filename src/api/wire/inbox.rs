//! Conversations and their messages.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Id, Time};
use crate::channels::ChannelId;
use crate::inbox::{self, ConversationId, ConversationState, MessageId};
use crate::networks::{MessageKind, RemotePerson};
use crate::people::PersonId;
use crate::posts::PostId;
use crate::publish::PublicationId;

/// What one person began below a post of ours, or by naming us, with everything that follows it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Conversation {
    #[schema(value_type = Id)]
    id: ConversationId,
    #[schema(value_type = Id)]
    channel: ChannelId,
    kind: MessageKind,
    state: ConversationState,
    /// Who began it.
    person: Person,
    /// The post of ours that it is about.
    about: Option<About>,
    /// How the last message begins.
    excerpt: String,
    /// When something last came or was answered.
    last_at: Time,
    messages: u32,
    /// How many messages nobody here has looked at.
    unread: u32,
    /// Who takes care of it.
    #[schema(value_type = Option<Id>)]
    assigned: Option<PersonId>,
}

/// A person at a network.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Person {
    handle: String,
    name: String,
    /// Their page.
    url: Option<String>,
}

/// The post of ours that a conversation is about.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct About {
    #[schema(value_type = Id)]
    publication: PublicationId,
    #[schema(value_type = Option<Id>)]
    post: Option<PostId>,
    excerpt: String,
}

/// A message of a conversation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Message {
    #[schema(value_type = Id)]
    id: MessageId,
    at: Time,
    /// Who wrote it; null: it is an answer of ours.
    author: Option<Person>,
    text: String,
    /// Its page at the network.
    url: Option<String>,
    /// How many pictures it has.
    pictures: usize,
    /// Our answer on its way: the publication says how it stands.
    #[schema(value_type = Option<Id>)]
    publication: Option<PublicationId>,
    /// Who of us answered.
    #[schema(value_type = Option<Id>)]
    answered_by: Option<PersonId>,
}

/// An answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAnswer {
    pub(crate) text: String,
    /// The message it answers; null: the newest that is not ours.
    #[serde(default)]
    #[schema(value_type = Option<Id>)]
    pub(crate) to: Option<MessageId>,
}

/// Whether a conversation still wants something.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct State {
    pub(crate) state: ConversationState,
}

/// Who takes care of a conversation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Assignee {
    /// A member who may answer; null: nobody in particular.
    #[schema(value_type = Option<Id>)]
    pub(crate) person: Option<PersonId>,
}

impl From<RemotePerson> for Person {
    fn from(person: RemotePerson) -> Self {
        Self { handle: person.handle, name: person.name, url: person.url }
    }
}

impl From<inbox::Conversation> for Conversation {
    fn from(conversation: inbox::Conversation) -> Self {
        let about = conversation.about.map(|about| About {
            publication: about.publication,
            post: about.post,
            excerpt: about.excerpt,
        });
        Self {
            id: conversation.id,
            channel: conversation.channel,
            kind: conversation.kind,
            state: conversation.state,
            person: conversation.person.into(),
            about,
            excerpt: conversation.excerpt,
            last_at: conversation.last_at.into(),
            messages: conversation.messages,
            unread: conversation.unread,
            assigned: conversation.assigned,
        }
    }
}

impl From<inbox::Message> for Message {
    fn from(message: inbox::Message) -> Self {
        Self {
            id: message.id,
            at: message.at.into(),
            author: message.author.map(Person::from),
            text: message.text,
            url: message.remote.and_then(|remote| remote.url),
            pictures: message.media_urls.len(),
            publication: message.publication,
            answered_by: message.answered_by,
        }
    }
}
