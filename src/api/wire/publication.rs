//! Publications: how a post goes out on a channel, step by step.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Id, Time};
use crate::channels::ChannelId;
use crate::inbox::MessageId;
use crate::posts::{PostId, PublicationState};
use crate::publish::journal::{Entry, HeldBecause};
use crate::publish::{self, DispatchRole, DispatchState, PublicationId, Source};
use crate::words::Words;

/// A post going out on a channel, or an answer from the inbox.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Publication {
    #[schema(value_type = Id)]
    id: PublicationId,
    #[schema(value_type = Id)]
    channel: ChannelId,
    /// The post; null where it is an answer.
    #[schema(value_type = Option<Id>)]
    post: Option<PostId>,
    /// The message it answers; null where it is a post.
    #[schema(value_type = Option<Id>)]
    answers: Option<MessageId>,
    /// How its text begins.
    subject: String,
    state: PublicationState,
    due_at: Time,
    /// When the first part was confirmed.
    published_at: Option<Time>,
    /// A person publishes it with their own hands.
    by_hand: bool,
    /// Its page at the network.
    url: Option<String>,
    /// It was out and was taken down.
    taken_down: bool,
    /// What it asks of the network, in order.
    dispatches: Vec<Dispatch>,
}

/// One intended change at the network.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Dispatch {
    role: Role,
    /// Which part of a thread, from 0; null for what is no part.
    part: Option<u32>,
    state: DispatchState,
    /// How often it was begun.
    attempts: u32,
    /// Why it is kept back.
    held: Option<HeldBecause>,
    /// What happened.
    journal: Vec<Line>,
}

/// What a dispatch is within its publication.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    /// A part of the post.
    Part,
    /// A comment of our own below it.
    FirstComment,
    /// An answer.
    Answer,
    /// A change of what is out.
    Edit,
    /// Taking down what is out.
    Delete,
}

/// One thing that happened.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Line {
    at: Time,
    /// In words.
    says: String,
}

/// What became of a request whose outcome is unknown.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Outcome {
    /// It is out; else it goes out now. A person who looked at the network says so.
    pub(crate) is_there: bool,
    /// Its page, where it is out.
    #[serde(default)]
    pub(crate) url: Option<String>,
}

/// A post that was published by hand is out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Done {
    /// Its page.
    #[serde(default)]
    pub(crate) url: Option<String>,
}

/// What a part that is out shall say instead.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Edit {
    /// Which part, from 0.
    #[serde(default)]
    #[schema(value_type = u64)]
    pub(crate) part: u32,
    pub(crate) text: String,
}

impl Publication {
    /// As it is told.
    pub(crate) fn of(words: &Words, publication: &publish::Publication) -> Self {
        let (post, answers) = match publication.source {
            Source::Post { post } => (Some(post), None),
            Source::Answer { message } => (None, Some(MessageId::from_bits(message.bits()))),
        };
        let dispatch = |dispatch: &publish::Dispatch| Dispatch {
            role: match dispatch.role {
                DispatchRole::Part { .. } => Role::Part,
                DispatchRole::FirstComment => Role::FirstComment,
                DispatchRole::Answer { .. } => Role::Answer,
                DispatchRole::Edit { .. } => Role::Edit,
                DispatchRole::Delete { .. } => Role::Delete,
            },
            part: match dispatch.role {
                DispatchRole::Part { index } | DispatchRole::Edit { index, .. } => Some(index),
                DispatchRole::FirstComment | DispatchRole::Answer { .. } | DispatchRole::Delete { .. } => None,
            },
            state: dispatch.state,
            attempts: dispatch.attempts,
            held: dispatch.held.filter(|_why| dispatch.state == DispatchState::Held),
            journal: dispatch.journal.entries().iter().map(|entry| line(words, entry)).collect(),
        };
        Self {
            id: publication.id,
            channel: publication.channel,
            post,
            answers,
            subject: publication.subject.clone(),
            state: publication.state(),
            due_at: publication.due_at.into(),
            published_at: publication.published_at.map(Time::from),
            by_hand: publication.by_hand,
            url: publication.url().map(str::to_owned),
            taken_down: publication.is_taken_down(),
            dispatches: publication.dispatches.iter().map(dispatch).collect(),
        }
    }
}

fn line(words: &Words, entry: &Entry) -> Line {
    Line { at: entry.at.into(), says: words.render(&entry.event.message(&|at| at.to_string())) }
}
