//! People: who may do what, and how Belfry knows who is asking.
//!
//! Persons sign in, workspaces have members with roles, sessions and tokens prove who is asking, invitations bring in
//! more. One permission table ([`permission`]) answers for pages, API and command line alike; what is refused is said by
//! [`Refusal`], which every capability shares. Nothing here knows of HTTP.

pub mod activity;
pub mod actor;
pub mod attempts;
pub mod invitation;
pub mod member;
pub mod password;
pub mod permission;
pub mod person;
pub mod refusal;
pub mod role;
pub mod scope;
pub mod session;
pub mod set_up;
pub mod sign_in;
pub mod token;
pub mod workspace;

use crate::app::App;
pub use actor::{Actor, Via};
pub use permission::{Action, Grant};
pub use refusal::{FieldProblem, Refusal};
pub use role::Role;
pub use scope::{Access, Area, Scope, Scopes};
pub use workspace::Workspace;

/// Pages of rows one sweep looks through at most.
const SWEEP_PAGES: usize = 500;

/// Removes sessions and counts of attempts that are over; gives how many. For upkeep, once a day or so.
pub async fn sweep(app: &App) -> Result<usize, Refusal> {
    let mut removed: usize = 0;
    let (mut session, mut attempts) = (None, None);
    for _page in 0..SWEEP_PAGES {
        let (ended, last) = session::sweep(app, session).await?;
        removed = removed.saturating_add(ended);
        session = last;
        if session.is_none() {
            break;
        }
    }
    for _page in 0..SWEEP_PAGES {
        let (over, last) = attempts::sweep(app, attempts).await?;
        removed = removed.saturating_add(over);
        attempts = last;
        if attempts.is_none() {
            break;
        }
    }
    Ok(removed)
}

crate::ids! {
    /// A workspace: one brand or organisation.
    WorkspaceId,
    /// A person who can sign in.
    PersonId,
    /// One sign-in of a person on one browser.
    SessionId,
    /// An invitation by link.
    InvitationId,
    /// A token of a program.
    TokenId,
    /// An entry of the activity log.
    ActivityId,
}
