//! The roles of members of a workspace.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What a member is in a workspace; [`super::permission`] says what that allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything, and the only one who can hand the workspace over or delete it.
    Owner,
    /// Everything but owners and the workspace's end.
    Admin,
    /// Plans and publishes everyone's posts.
    Editor,
    /// Writes, and publishes own posts where no approval is needed.
    Author,
    /// Says yes or no to posts.
    Approver,
    /// Looks on and comments.
    Viewer,
}

impl Role {
    /// All roles, the one who may most first.
    pub const ALL: [Self; 6] = [Self::Owner, Self::Admin, Self::Editor, Self::Author, Self::Approver, Self::Viewer];

    /// Its name in rows, forms and addresses; `role-{name}` is its key in words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Editor => "editor",
            Self::Author => "author",
            Self::Approver => "approver",
            Self::Viewer => "viewer",
        }
    }

    /// The key of its name in words.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Owner => "role-owner",
            Self::Admin => "role-admin",
            Self::Editor => "role-editor",
            Self::Author => "role-author",
            Self::Approver => "role-approver",
            Self::Viewer => "role-viewer",
        }
    }

    /// The key of the sentence that says what it may do.
    pub const fn about_key(self) -> &'static str {
        match self {
            Self::Owner => "role-owner-about",
            Self::Admin => "role-admin-about",
            Self::Editor => "role-editor-about",
            Self::Author => "role-author-about",
            Self::Approver => "role-approver-about",
            Self::Viewer => "role-viewer-about",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// There is no role of that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a role")]
pub struct NotARole;

impl FromStr for Role {
    type Err = NotARole;

    fn from_str(text: &str) -> Result<Self, NotARole> {
        Self::ALL.into_iter().find(|role| role.name() == text).ok_or(NotARole)
    }
}
