//! The state of a post or publication: icon, word and colour together, never colour alone.

use maud::{Markup, html};

use super::{Hue, Icon};
use crate::posts::PublicationState;
use crate::words::Words;

/// What can become of a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateKind {
    /// Written, not planned.
    Draft,
    /// Has its time.
    Planned,
    /// Needs someone's yes.
    Waiting,
    /// On its way.
    Sending,
    /// In the hands of a person, who posts it.
    ByHand,
    /// Out.
    Published,
    /// Some parts are out, some are not.
    PartlyOut,
    /// The network said no.
    Failed,
    /// Stopped by a person or by Belfry, with its slot kept.
    Held,
    /// It may be out or not; a person decides.
    Unsure,
    /// Taken back, or taken down.
    Withdrawn,
}

impl StateKind {
    /// Every state.
    pub const ALL: [Self; 11] = [
        Self::Draft,
        Self::Planned,
        Self::Waiting,
        Self::Sending,
        Self::ByHand,
        Self::Published,
        Self::PartlyOut,
        Self::Failed,
        Self::Held,
        Self::Unsure,
        Self::Withdrawn,
    ];

    /// The value of `data-state`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Planned => "planned",
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::ByHand => "by-hand",
            Self::Published => "published",
            Self::PartlyOut => "partly-out",
            Self::Failed => "failed",
            Self::Held => "held",
            Self::Unsure => "unsure",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Its icon.
    pub const fn icon(self) -> Icon {
        match self {
            Self::Draft => Icon::Edit,
            Self::Planned => Icon::Clock,
            Self::Waiting => Icon::Warning,
            Self::Sending => Icon::Send,
            Self::ByHand => Icon::Phone,
            Self::Published => Icon::Check,
            Self::PartlyOut => Icon::Half,
            Self::Failed => Icon::Alert,
            Self::Held => Icon::Pause,
            Self::Unsure => Icon::Question,
            Self::Withdrawn => Icon::Undo,
        }
    }

    /// Its colour.
    pub const fn hue(self) -> Hue {
        match self {
            Self::Draft | Self::Planned | Self::Published | Self::Withdrawn => Hue::Plain,
            Self::Sending | Self::ByHand => Hue::Action,
            Self::Waiting | Self::Held | Self::Unsure | Self::PartlyOut => Hue::Amber,
            Self::Failed => Hue::Rust,
        }
    }

    /// Its word.
    pub fn word(self, words: &Words) -> String {
        words.say(match self {
            Self::Draft => "state-draft",
            Self::Planned => "state-planned",
            Self::Waiting => "state-waiting",
            Self::Sending => "state-sending",
            Self::ByHand => "state-by-hand",
            Self::Published => "state-published",
            Self::PartlyOut => "state-partly-out",
            Self::Failed => "state-failed",
            Self::Held => "state-held",
            Self::Unsure => "state-unsure",
            Self::Withdrawn => "state-withdrawn",
        })
    }
}

impl From<PublicationState> for StateKind {
    fn from(state: PublicationState) -> Self {
        match state {
            PublicationState::Planned => Self::Planned,
            PublicationState::Sending => Self::Sending,
            PublicationState::Published => Self::Published,
            PublicationState::PartlyOut => Self::PartlyOut,
            PublicationState::Failed => Self::Failed,
            PublicationState::Held => Self::Held,
            PublicationState::Unsure => Self::Unsure,
            PublicationState::Withdrawn => Self::Withdrawn,
        }
    }
}

/// The mark of a state.
pub fn state_mark(words: &Words, state: StateKind) -> Markup {
    state_mark_with(words, state, "")
}

/// The mark of a state with a few words more: "Planned · 3 channels".
pub fn state_mark_with(words: &Words, state: StateKind, more: &str) -> Markup {
    html! {
        span.state data-state=(state.name()) data-hue=(state.hue().name()) {
            (state.icon().tiny())
            span { (state.word(words)) @if !more.is_empty() { " · " (more) } }
        }
    }
}
