//! The one permission table: role × action → grant. Pages, API and command line all ask it, and nothing else decides.
//!
//! Every action names the scope that a token needs for it. A grant other than yes or no carries a condition that the
//! capability checks, because only it knows the row: whose post it is, whether the workspace lets editors approve.

#[cfg(test)]
mod tests;

use Action as A;
use Grant::{Drafts, No, NotOwners, Own, WhereAllowed, Yes};

use super::role::Role;
use super::scope::{Area, Scope};

/// Something that can be done in a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// See calendar, posts and how they go out.
    SeePosts,
    /// See figures.
    SeeFigures,
    /// See which channels there are.
    SeeChannels,
    /// See media files.
    SeeMedia,
    /// See who is a member, and the activity log.
    SeePeople,
    /// Comment on a post.
    Comment,
    /// Write drafts and ideas.
    Write,
    /// Add media files.
    AddMedia,
    /// Schedule, publish, queue.
    Schedule,
    /// Approve and return.
    Approve,
    /// Edit or delete what others wrote.
    EditOthers,
    /// Read the inbox.
    ReadInbox,
    /// Answer, hide, assign.
    Answer,
    /// See listeners, feeds, links, campaigns, reports.
    SeeSources,
    /// Change listeners, feeds, links, campaigns, reports.
    ManageSources,
    /// See strategy, goals, brand, rules.
    SeeStrategy,
    /// Change strategy, goals, brand, rules.
    ManageStrategy,
    /// Connect, pause and remove channels; slots, webhooks, tokens.
    ManageChannels,
    /// Invite, change roles, remove.
    ManageMembers,
    /// Change the workspace's settings, export, erase a person.
    ManageSettings,
    /// Delete the workspace, hand it over.
    EndWorkspace,
}

/// What the table says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    /// Without condition.
    Yes,
    /// For what one wrote oneself, where no approval is needed.
    Own,
    /// Where the workspace allows it.
    WhereAllowed,
    /// As a draft that someone else says yes to.
    Drafts,
    /// Except to owners.
    NotOwners,
    /// Not at all.
    No,
}

impl Grant {
    /// The key of its condition in words; none: there is none.
    pub const fn condition(self) -> Option<&'static str> {
        match self {
            Yes | No => None,
            Own => Some("grant-own"),
            WhereAllowed => Some("grant-where-allowed"),
            Drafts => Some("grant-drafts"),
            NotOwners => Some("grant-not-owners"),
        }
    }
}

/// One row: the action, the scope that a token needs, and the grants of owner, admin, editor, author, approver, viewer.
type Row = (Action, Scope, [Grant; 6]);

/// The table.
pub const TABLE: [Row; 21] = [
    (A::SeePosts, Scope::read(Area::Posts), [Yes, Yes, Yes, Yes, Yes, Yes]),
    (A::SeeFigures, Scope::read(Area::Metrics), [Yes, Yes, Yes, Yes, Yes, Yes]),
    (A::SeeChannels, Scope::read(Area::Channels), [Yes, Yes, Yes, Yes, Yes, Yes]),
    (A::SeeMedia, Scope::read(Area::Media), [Yes, Yes, Yes, Yes, Yes, Yes]),
    (A::SeePeople, Scope::read(Area::People), [Yes, Yes, Yes, Yes, Yes, Yes]),
    (A::Comment, Scope::write(Area::Posts), [Yes, Yes, Yes, Yes, Yes, Yes]),
    (A::Write, Scope::write(Area::Posts), [Yes, Yes, Yes, Yes, Yes, No]),
    (A::AddMedia, Scope::write(Area::Media), [Yes, Yes, Yes, Yes, Yes, No]),
    (A::Schedule, Scope::write(Area::Posts), [Yes, Yes, Yes, Own, No, No]),
    (A::Approve, Scope::write(Area::Posts), [Yes, Yes, WhereAllowed, No, Yes, No]),
    (A::EditOthers, Scope::write(Area::Posts), [Yes, Yes, Yes, No, No, No]),
    (A::ReadInbox, Scope::read(Area::Inbox), [Yes, Yes, Yes, Yes, Yes, No]),
    (A::Answer, Scope::write(Area::Inbox), [Yes, Yes, Yes, Drafts, No, No]),
    (A::SeeSources, Scope::read(Area::Strategy), [Yes, Yes, Yes, Yes, Yes, Yes]),
    (A::ManageSources, Scope::write(Area::Strategy), [Yes, Yes, Yes, No, No, No]),
    (A::SeeStrategy, Scope::read(Area::Strategy), [Yes, Yes, Yes, Yes, Yes, Yes]),
    (A::ManageStrategy, Scope::write(Area::Strategy), [Yes, Yes, Yes, No, No, No]),
    (A::ManageChannels, Scope::write(Area::Channels), [Yes, Yes, No, No, No, No]),
    (A::ManageMembers, Scope::write(Area::People), [Yes, NotOwners, No, No, No, No]),
    (A::ManageSettings, Scope::write(Area::People), [Yes, Yes, No, No, No, No]),
    (A::EndWorkspace, Scope::write(Area::People), [Yes, No, No, No, No, No]),
];

/// What this role may do. An action that the table lacks is not allowed to anyone; a test sees that none is lacking.
pub fn allows(role: Role, action: Action) -> Grant {
    let row = TABLE.iter().find(|(known, _, _)| *known == action);
    let place = Role::ALL.iter().position(|known| *known == role);
    row.zip(place).and_then(|((_, _, grants), place)| grants.get(place).copied()).unwrap_or(No)
}

impl Action {
    /// The key of what it is in words.
    pub const fn key(self) -> &'static str {
        match self {
            A::SeePosts => "may-see-posts",
            A::SeeFigures => "may-see-figures",
            A::SeeChannels => "may-see-channels",
            A::SeeMedia => "may-see-media",
            A::SeePeople => "may-see-people",
            A::Comment => "may-comment",
            A::Write => "may-write",
            A::AddMedia => "may-add-media",
            A::Schedule => "may-schedule",
            A::Approve => "may-approve",
            A::EditOthers => "may-edit-others",
            A::ReadInbox => "may-read-inbox",
            A::Answer => "may-answer",
            A::SeeSources => "may-see-sources",
            A::ManageSources => "may-manage-sources",
            A::SeeStrategy => "may-see-strategy",
            A::ManageStrategy => "may-manage-strategy",
            A::ManageChannels => "may-manage-channels",
            A::ManageMembers => "may-manage-members",
            A::ManageSettings => "may-manage-settings",
            A::EndWorkspace => "may-end-workspace",
        }
    }

    /// The scope that a token needs for it.
    pub fn scope(self) -> Option<Scope> {
        TABLE.iter().find(|(known, _, _)| *known == self).map(|(_, scope, _)| *scope)
    }
}
