//! What a token may touch: areas, each to read or to write.
//!
//! A token never allows more than the person who made it may do at that moment; its scopes only narrow.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A part of a workspace that a token can be allowed to touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Area {
    /// Posts, ideas, calendar, publications.
    Posts,
    /// Media files.
    Media,
    /// Channels and their slots.
    Channels,
    /// Conversations and messages.
    Inbox,
    /// Figures, reports, links.
    Metrics,
    /// Listeners, feeds, plan, goals.
    Strategy,
    /// Members, settings, activity.
    People,
}

impl Area {
    /// All areas, in the order in which people are shown them.
    pub const ALL: [Self; 7] =
        [Self::Posts, Self::Media, Self::Channels, Self::Inbox, Self::Metrics, Self::Strategy, Self::People];

    /// Its name in scopes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Posts => "posts",
            Self::Media => "media",
            Self::Channels => "channels",
            Self::Inbox => "inbox",
            Self::Metrics => "metrics",
            Self::Strategy => "strategy",
            Self::People => "people",
        }
    }
}

/// How an area is touched. Writing includes reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Look only.
    Read,
    /// Look and change.
    Write,
}

/// One scope, written `posts:read`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Scope {
    /// What.
    pub area: Area,
    /// How.
    pub access: Access,
}

impl Scope {
    /// Looking at this area.
    pub const fn read(area: Area) -> Self {
        Self { area, access: Access::Read }
    }

    /// Changing this area.
    pub const fn write(area: Area) -> Self {
        Self { area, access: Access::Write }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let access = match self.access {
            Access::Read => "read",
            Access::Write => "write",
        };
        write!(f, "{}:{access}", self.area.name())
    }
}

/// The text names no scope.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a scope; scopes look like posts:read or inbox:write")]
pub struct NotAScope(pub String);

impl FromStr for Scope {
    type Err = NotAScope;

    fn from_str(text: &str) -> Result<Self, NotAScope> {
        let unknown = || NotAScope(text.to_owned());
        let (area, access) = text.split_once(':').ok_or_else(unknown)?;
        let area = Area::ALL.into_iter().find(|known| known.name() == area).ok_or_else(unknown)?;
        match access {
            "read" => Ok(Self::read(area)),
            "write" => Ok(Self::write(area)),
            _ => Err(unknown()),
        }
    }
}

/// The scopes of a token.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scopes(BTreeSet<Scope>);

impl Scopes {
    /// Reading everything.
    pub fn read_all() -> Self {
        Area::ALL.into_iter().map(Scope::read).collect()
    }

    /// Whether these allow `wanted`: by itself, or because writing includes reading.
    pub fn allow(&self, wanted: Scope) -> bool {
        self.0.contains(&wanted) || self.0.contains(&Scope::write(wanted.area))
    }

    /// There are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// In their order.
    pub fn iter(&self) -> impl Iterator<Item = Scope> {
        self.0.iter().copied()
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().collect())
    }
}
