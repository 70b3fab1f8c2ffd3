//! What went wrong at a network, said as what Belfry does next.

use std::fmt;

use crate::base::clock::At;

/// A request to a network that did not go well. The variant says what Belfry does next.
///
/// `reason` is for the journal and the log: short, without tokens and without the text of messages.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NetworkError {
    /// Nothing left, or the network said that it did nothing: trying again later is safe.
    NotSent {
        /// Why.
        reason: String,
    },
    /// The network asks to wait, and did nothing.
    Wait {
        /// Until when, as far as it said.
        until_at: Option<At>,
        /// Why.
        reason: String,
    },
    /// The network refuses this, and would refuse it again.
    Refused {
        /// In its words where it gave some, cut to a sentence.
        reason: String,
    },
    /// The network no longer lets Belfry in: the channel must be connected again.
    Reconnect {
        /// Why.
        reason: String,
    },
    /// The access token has ended: refresh and try again; nothing was done.
    Expired {
        /// Why.
        reason: String,
    },
    /// The request left and its outcome is unknown. Never a reason to try again; a reason to settle.
    Unclear {
        /// Why.
        reason: String,
    },
    /// An address that may not be asked (see the guard), or no server there.
    Address {
        /// Why.
        reason: String,
    },
}

impl NetworkError {
    /// Refuses what this network cannot do.
    pub fn unsupported(reason: &str) -> Self {
        Self::Refused { reason: reason.to_owned() }
    }

    /// The reason, whichever it is.
    pub fn reason(&self) -> &str {
        match self {
            Self::NotSent { reason }
            | Self::Wait { reason, .. }
            | Self::Refused { reason }
            | Self::Reconnect { reason }
            | Self::Expired { reason }
            | Self::Unclear { reason }
            | Self::Address { reason } => reason,
        }
    }
}

impl fmt::Display for NetworkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self {
            Self::NotSent { .. } => "not sent",
            Self::Wait { .. } => "asked to wait",
            Self::Refused { .. } => "refused",
            Self::Reconnect { .. } => "must be connected again",
            Self::Expired { .. } => "access has ended",
            Self::Unclear { .. } => "outcome unknown",
            Self::Address { .. } => "address not usable",
        };
        write!(f, "{what}: {}", self.reason())
    }
}
