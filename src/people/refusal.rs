//! Why something was not done: shared by all capabilities, so that the border turns each into an answer in one place.
//!
//! `Display` is for the log. [`Refusal::advice`] is for a person: what happened, what was kept, what to do.

use crate::base::clock::At;
use crate::networks::error::NetworkError;
use crate::store::StoreError;
use crate::words::Message;

use super::permission::Action;

/// Belfry did not do what was asked. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The role, or the token, does not allow it.
    #[error("not allowed: {action:?}")]
    MayNot {
        /// What was asked for.
        action: Action,
    },
    /// There is no such thing in this workspace.
    #[error("not there")]
    NotThere,
    /// Someone else changed it since it was read; nothing was overwritten.
    #[error("changed meanwhile")]
    ChangedMeanwhile,
    /// Something typed cannot be used.
    #[error("{} problem(s) in what was typed", .0.len())]
    Invalid(Vec<FieldProblem>),
    /// A rule says no, in words.
    #[error("against a rule: {}", .0.key)]
    Rule(Message),
    /// Too often; later it will do.
    #[error("too often, until {until_at}")]
    TooOften {
        /// From when on it is worth trying.
        until_at: At,
    },
    /// A network said no, or could not be reached.
    #[error("a network: {0}")]
    Network(NetworkError),
    /// The store failed.
    #[error("the store: {0}")]
    Store(StoreError),
}

/// A problem with one thing that was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// The field, as the form and the API name it; a path for nested ones (`variants.2.text`).
    pub field: String,
    /// What is wrong, in words.
    pub message: Message,
}

impl FieldProblem {
    /// This problem at this field.
    pub fn new(field: impl Into<String>, message: Message) -> Self {
        Self { field: field.into(), message }
    }
}

impl Refusal {
    /// One problem at one field.
    pub fn field(field: impl Into<String>, message: Message) -> Self {
        Self::Invalid(vec![FieldProblem::new(field, message)])
    }

    /// Nothing, when there are no problems; else the refusal that carries them.
    pub fn unless_empty(problems: Vec<FieldProblem>) -> Result<(), Self> {
        if problems.is_empty() { Ok(()) } else { Err(Self::Invalid(problems)) }
    }

    /// The problems at fields, if it is about fields.
    pub fn problems(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(problems) => problems,
            Self::MayNot { .. }
            | Self::NotThere
            | Self::ChangedMeanwhile
            | Self::Rule(_)
            | Self::TooOften { .. }
            | Self::Network(_)
            | Self::Store(_) => &[],
        }
    }

    /// What a person reads.
    pub fn advice(&self) -> Message {
        match self {
            Self::MayNot { .. } => Message::new("refusal-may-not"),
            Self::NotThere => Message::new("refusal-not-there"),
            Self::ChangedMeanwhile => Message::new("refusal-changed-meanwhile"),
            Self::Invalid(problems) => Message::new("refusal-invalid").with("count", problems.len()),
            Self::Rule(message) => message.clone(),
            Self::TooOften { .. } => Message::new("refusal-too-often"),
            Self::Network(error) => Message::new(match error {
                NetworkError::NotSent { .. } => "refusal-network-not-sent",
                NetworkError::Wait { .. } => "refusal-network-wait",
                NetworkError::Refused { .. } => "refusal-network-refused",
                NetworkError::Expired { .. } | NetworkError::Reconnect { .. } => "refusal-network-reconnect",
                NetworkError::Unclear { .. } => "refusal-network-unclear",
                NetworkError::Address { .. } => "refusal-network-address",
            })
            .with("reason", error.reason()),
            Self::Store(_) => Message::new("refusal-store"),
        }
    }
}

impl From<NetworkError> for Refusal {
    fn from(error: NetworkError) -> Self {
        Self::Network(error)
    }
}

/// A conflict means that someone else was faster; everything else is the store's own trouble.
impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict => Self::ChangedMeanwhile,
            error => Self::Store(error),
        }
    }
}
