//! Who is asking: a person with a role in a workspace, through a session or a token. Made by the border after checking;
//! capabilities take it as a fact and ask it what it may do.

use super::permission::{Action, Grant, allows};
use super::refusal::Refusal;
use super::role::Role;
use super::scope::Scopes;
use super::{PersonId, SessionId, TokenId, WorkspaceId};

/// A member who asks for something in a workspace.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Who.
    pub person: PersonId,
    /// Where.
    pub workspace: WorkspaceId,
    /// As what.
    pub role: Role,
    /// How Belfry knows.
    pub via: Via,
}

/// How Belfry knows who is asking.
#[derive(Clone, Debug)]
pub enum Via {
    /// A browser that signed in.
    Session(SessionId),
    /// A program's token: never allows more than its scopes.
    Token {
        /// Which one.
        id: TokenId,
        /// What it may touch.
        scopes: Scopes,
    },
    /// The command line on the machine itself.
    Console,
}

impl Actor {
    /// What the table says, narrowed by the scopes of a token.
    pub fn grant(&self, action: Action) -> Grant {
        let within_scopes = match &self.via {
            Via::Token { scopes, .. } => action.scope().is_some_and(|scope| scopes.allow(scope)),
            Via::Session(_) | Via::Console => true,
        };
        if within_scopes { allows(self.role, action) } else { Grant::No }
    }

    /// Allowed without condition.
    pub fn may(&self, action: Action) -> Result<(), Refusal> {
        match self.grant(action) {
            Grant::Yes => Ok(()),
            Grant::Own | Grant::WhereAllowed | Grant::Drafts | Grant::NotOwners | Grant::No => {
                Err(Refusal::MayNot { action })
            }
        }
    }

    /// Allowed, or allowed under a condition that the caller goes on to check.
    pub fn may_perhaps(&self, action: Action) -> Result<Grant, Refusal> {
        match self.grant(action) {
            Grant::No => Err(Refusal::MayNot { action }),
            grant => Ok(grant),
        }
    }

    /// Allowed without condition, or for own things and `author` is who asks. Whether an approval is needed is for the
    /// caller to check where [`Actor::grant`] says [`Grant::Own`].
    pub fn may_for(&self, action: Action, author: PersonId) -> Result<(), Refusal> {
        match self.grant(action) {
            Grant::Yes => Ok(()),
            Grant::Own if author == self.person => Ok(()),
            Grant::Own | Grant::WhereAllowed | Grant::Drafts | Grant::NotOwners | Grant::No => {
                Err(Refusal::MayNot { action })
            }
        }
    }

    /// May change what `author` wrote: one's own by writing, others' where the role edits others' posts.
    pub fn may_edit_of(&self, author: PersonId) -> Result<(), Refusal> {
        self.may(Action::Write)?;
        if author == self.person { Ok(()) } else { self.may(Action::EditOthers) }
    }
}
