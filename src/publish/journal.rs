//! The journal of a dispatch: what happened, when, in order. It is what a crash leaves behind and what a person reads.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::clock::At;
use crate::people::PersonId;
use crate::words::Message;

/// How many entries a journal keeps; when it is full the middle goes, never the beginning and never the end.
const ENTRIES_MAX: usize = 60;

/// What happened to a dispatch, in order of time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Journal(Vec<Entry>);

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// When.
    pub at: At,
    /// What.
    #[serde(flatten)]
    pub event: Event,
}

/// What can happen, as it is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// Taken by the engine.
    Claimed {
        /// The first try is 1.
        attempt: u32,
    },
    /// A request is about to leave.
    Sent {
        /// The step it is for.
        step: String,
        /// People could see it twice if it were repeated.
        visible: bool,
    },
    /// It was answered.
    Answered {
        /// The step.
        step: String,
    },
    /// The network is still busy with it.
    Busy {
        /// When to look again.
        until_at: At,
    },
    /// A person was asked to publish it.
    HandedOver,
    /// The network has it.
    Confirmed {
        /// Its page.
        url: Option<String>,
    },
    /// Nothing happened; there will be another try.
    PutOff {
        /// Why.
        reason: String,
        /// When.
        until_at: At,
    },
    /// The network refuses it.
    Refused {
        /// Why.
        reason: String,
    },
    /// A request left and its outcome is unknown.
    Unclear {
        /// Why.
        reason: String,
    },
    /// It was looked for.
    Looked {
        /// What was found.
        found: Found,
    },
    /// It is kept back.
    Held {
        /// Why.
        why: HeldBecause,
    },
    /// It may go on.
    Released {
        /// By whom; none: by itself.
        by: Option<PersonId>,
    },
    /// A person decided what became of it.
    Decided {
        /// Who.
        by: PersonId,
        /// It is there.
        is_there: bool,
    },
    /// A person no longer wants it.
    Withdrawn {
        /// Who.
        by: PersonId,
    },
    /// It was out before its channel was connected.
    Imported,
}

/// What looking for a lost change found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "found", rename_all = "snake_case")]
pub enum Found {
    /// It is there.
    There,
    /// It is not.
    NotThere,
    /// Sending the same again is harmless.
    SafeToRepeat,
    /// It cannot be told, or not yet.
    CannotTell {
        /// Why.
        reason: String,
        /// When to look again; none: a person is asked.
        again_at: Option<At>,
    },
}

/// Why something is kept back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HeldBecause {
    /// Its time passed by more than the workspace allows.
    Late,
    /// The channel is paused.
    ChannelPaused,
    /// The network no longer lets Belfry in.
    Reconnect,
    /// The channel is gone.
    ChannelRemoved,
    /// An earlier part did not get out.
    EarlierPart,
    /// A person holds it.
    Person,
    /// A person must publish it with their own hands.
    ByHand,
    /// Belfry itself failed in the middle; what was known is kept.
    Fault,
    /// Belfry was restored from a backup that does not know whether it went out since.
    Restored,
}

impl Journal {
    /// Adds what happened.
    pub fn note(&mut self, at: At, event: Event) {
        if ENTRIES_MAX <= self.0.len() {
            self.0.remove(ENTRIES_MAX / 2);
        }
        self.0.push(Entry { at, event });
    }

    /// From the first to the last.
    pub fn entries(&self) -> &[Entry] {
        &self.0
    }
}

impl Event {
    /// In words, for a person. `show` writes an instant as that person reads it.
    pub fn message(&self, show: &dyn Fn(At) -> String) -> Message {
        match self {
            Self::Claimed { attempt: 1 } => Message::new("journal-claimed"),
            Self::Claimed { attempt } => Message::new("journal-claimed-again").with("attempt", *attempt),
            Self::Sent { step, visible: true } => Message::new("journal-sent").with("step", step.as_str()),
            Self::Sent { step, visible: false } => Message::new("journal-prepared").with("step", step.as_str()),
            Self::Answered { .. } => Message::new("journal-answered"),
            Self::Busy { until_at } => Message::new("journal-busy").with("until", show(*until_at)),
            Self::HandedOver => Message::new("journal-handed-over"),
            Self::Confirmed { .. } => Message::new("journal-confirmed"),
            Self::PutOff { reason, until_at } => {
                Message::new("journal-put-off").with("reason", reason.as_str()).with("until", show(*until_at))
            }
            Self::Refused { reason } => Message::new("journal-refused").with("reason", reason.as_str()),
            Self::Unclear { reason } => Message::new("journal-unclear").with("reason", reason.as_str()),
            Self::Looked { found } => found.message(show),
            Self::Held { why } => Message::new(why.key()),
            Self::Released { by: Some(_) } => Message::new("journal-released-by"),
            Self::Released { by: None } => Message::new("journal-released"),
            Self::Decided { is_there: true, .. } => Message::new("journal-decided-there"),
            Self::Decided { is_there: false, .. } => Message::new("journal-decided-not-there"),
            Self::Withdrawn { .. } => Message::new("journal-withdrawn"),
            Self::Imported => Message::new("journal-imported"),
        }
    }
}

impl Found {
    fn message(&self, show: &dyn Fn(At) -> String) -> Message {
        match self {
            Self::There => Message::new("journal-found"),
            Self::NotThere => Message::new("journal-not-found"),
            Self::SafeToRepeat => Message::new("journal-safe-to-repeat"),
            Self::CannotTell { reason, again_at: Some(at) } => {
                Message::new("journal-look-again").with("reason", reason.as_str()).with("until", show(*at))
            }
            Self::CannotTell { reason, again_at: None } => Message::new("journal-ask").with("reason", reason.as_str()),
        }
    }
}

impl HeldBecause {
    /// The key of its words.
    pub fn key(self) -> &'static str {
        match self {
            Self::Late => "held-late",
            Self::ChannelPaused => "held-channel-paused",
            Self::Reconnect => "held-reconnect",
            Self::ChannelRemoved => "held-channel-removed",
            Self::EarlierPart => "held-earlier-part",
            Self::Person => "held-by-person",
            Self::ByHand => "held-by-hand",
            Self::Fault => "held-fault",
            Self::Restored => "held-restored",
        }
    }
}
