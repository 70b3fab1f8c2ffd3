//! The states of a dispatch, in one place: one enum, one function. Everything else asks it.
//!
//! ```text
//! planned ──claimed──▶ sending ──confirmed──▶ done
//!    ▲  ▲                 │ ├───refused─────▶ failed ──released──▶ planned
//!    │  └──put off────────┘ └───unclear─────▶ unsure ──found────▶ done
//!    │                                          │
//!    └────────released── held ◀──held──         └──not there────▶ planned
//! ```
//! The arrow that does not exist is the promise: nothing leads from sending or unsure back to sending without either
//! the network's word that nothing happened or its own key that makes a repeat harmless.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::posts::state::{PublicationState, Seen};

/// Where one intended change at a network stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DispatchState {
    /// Waits for its time, or for another try.
    #[default]
    Planned,
    /// Claimed: requests may be on their way.
    Sending,
    /// The network has it.
    Done,
    /// The network refused it, or every try failed without anything having left.
    Failed,
    /// Kept until a person or a recovery releases it.
    Held,
    /// A request left and its outcome is unknown.
    Unsure,
    /// A person decided that it shall not happen.
    Withdrawn,
}

/// What happened to a dispatch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DispatchEvent {
    /// A boot took it: durable before anything leaves.
    Claimed,
    /// The network said yes, or settling found it there.
    Confirmed,
    /// Nothing happened at the network; there will be another try.
    PutOff,
    /// The network refuses it, or no try is left.
    Refused,
    /// A request left and no answer tells what became of it.
    Unclear,
    /// It is certainly not there.
    NotThere,
    /// It is kept back.
    Held,
    /// It may go on.
    Released,
    /// A person no longer wants it.
    Withdrawn,
}

/// A change of state that must not happen. It names itself, so that a log line is enough to find it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a dispatch that is {state:?} cannot be {event:?}")]
pub struct Impossible {
    /// Where it stood.
    pub state: DispatchState,
    /// What was to happen.
    pub event: DispatchEvent,
}

impl DispatchState {
    /// The state after an event.
    pub fn after(self, event: DispatchEvent) -> Result<Self, Impossible> {
        use DispatchEvent as E;
        match (self, event) {
            (Self::Planned, E::Claimed) => Ok(Self::Sending),
            (Self::Sending | Self::Unsure, E::Confirmed) => Ok(Self::Done),
            (Self::Sending, E::PutOff) | (Self::Unsure, E::NotThere) | (Self::Held | Self::Failed, E::Released) => {
                Ok(Self::Planned)
            }
            (Self::Planned | Self::Sending, E::Refused) => Ok(Self::Failed),
            // Sending again could repeat it.
            (Self::Sending, E::Unclear) => Ok(Self::Unsure),
            (Self::Planned | Self::Sending, E::Held) => Ok(Self::Held),
            (Self::Planned | Self::Held | Self::Failed | Self::Unsure, E::Withdrawn) => Ok(Self::Withdrawn),
            (state, event) => Err(Impossible { state, event }),
        }
    }
}

/// The sum of the dispatches of one publication.
pub fn sum(states: impl IntoIterator<Item = DispatchState>) -> PublicationState {
    let mut seen = Seen::default();
    for state in states {
        match state {
            DispatchState::Planned => seen.planned = true,
            DispatchState::Sending => seen.sending = true,
            DispatchState::Done => seen.done = true,
            DispatchState::Failed => seen.failed = true,
            DispatchState::Held => seen.held = true,
            DispatchState::Unsure => seen.unsure = true,
            DispatchState::Withdrawn => seen.withdrawn = true,
        }
    }
    seen.sum()
}
