//! What a publication, and a post with its publications, shows to people.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a publication shows: the sum of its dispatches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PublicationState {
    /// Nothing has left yet.
    #[default]
    Planned,
    /// On its way.
    Sending,
    /// All of it is out.
    Published,
    /// Some of it is out and the rest does not go on by itself.
    PartlyOut,
    /// None of it is out and it does not go on by itself.
    Failed,
    /// Kept until a person or a recovery releases it.
    Held,
    /// What became of a request is unknown.
    Unsure,
    /// Taken back before anything left, or taken down.
    Withdrawn,
}

impl PublicationState {
    /// The sum of the publications of one post.
    pub fn of_publications(states: impl IntoIterator<Item = Self>) -> Self {
        let mut seen = Seen::default();
        for state in states {
            match state {
                Self::Planned => seen.planned = true,
                Self::Sending => seen.sending = true,
                Self::Published => seen.done = true,
                Self::PartlyOut => return Self::PartlyOut,
                Self::Failed => seen.failed = true,
                Self::Held => seen.held = true,
                Self::Unsure => seen.unsure = true,
                Self::Withdrawn => seen.withdrawn = true,
            }
        }
        seen.sum()
    }

    /// Something waits for a person.
    pub fn needs_person(self) -> bool {
        matches!(self, Self::PartlyOut | Self::Failed | Self::Held | Self::Unsure)
    }
}

/// Which states were seen, to be summed up.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "a set of the seven states, spelled out")]
pub struct Seen {
    /// Some are planned.
    pub planned: bool,
    /// Some are sending.
    pub sending: bool,
    /// Some are done.
    pub done: bool,
    /// Some are failed.
    pub failed: bool,
    /// Some are held.
    pub held: bool,
    /// Some are unsure.
    pub unsure: bool,
    /// Some are withdrawn.
    pub withdrawn: bool,
}

impl Seen {
    /// What they come to.
    pub fn sum(&self) -> PublicationState {
        // The order is the order of care: what is unknown comes before what is known to be wrong.
        if self.unsure {
            PublicationState::Unsure
        } else if self.sending {
            PublicationState::Sending
        } else if self.done && (self.failed || self.held) {
            PublicationState::PartlyOut
        } else if self.failed {
            PublicationState::Failed
        } else if self.held {
            PublicationState::Held
        } else if self.done && self.planned {
            PublicationState::Sending
        } else if self.planned {
            PublicationState::Planned
        } else if self.done {
            PublicationState::Published
        } else if self.withdrawn {
            PublicationState::Withdrawn
        } else {
            PublicationState::Planned
        }
    }
}
