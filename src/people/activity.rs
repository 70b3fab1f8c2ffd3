//! The activity log of a workspace: who did what, when. Entries go in the same commit as the fact and are never changed.
//!
//! An entry holds the key of a sentence and its arguments, so that it reads in every language; it names people by id, so
//! that a person who is erased disappears from it.

use serde::{Deserialize, Serialize};

use super::{Action, ActivityId, Actor, PersonId, Refusal, WorkspaceId};
use crate::app::App;
use crate::base::clock::At;
use crate::store::schema::{self, CollectionId};
use crate::store::{Record, Scan, Stored};

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// Which; rises with time.
    pub id: ActivityId,
    /// Where.
    pub workspace: WorkspaceId,
    /// Who; `None` is Belfry itself.
    pub person: Option<PersonId>,
    /// The key of the sentence: `activity-…`.
    pub what: String,
    /// What goes into it, by name.
    pub args: Vec<(String, String)>,
    /// When.
    pub at: At,
}

impl Record for Activity {
    const COLLECTION: CollectionId = schema::ACTIVITY;
    type Key = (WorkspaceId, ActivityId);
    fn key(&self) -> Self::Key {
        (self.workspace, self.id)
    }
}

/// A new entry, to be inserted in the commit of what it tells. `what` is a key that begins with `activity-`.
pub fn entry(
    app: &App,
    workspace: WorkspaceId,
    person: Option<PersonId>,
    what: &'static str,
    args: &[(&'static str, &str)],
) -> Activity {
    let args = args.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Activity { id: app.ids.next(), workspace, person, what: what.to_owned(), args, at: app.clock.now() }
}

/// A new entry of what this actor did.
pub fn by(app: &App, actor: &Actor, what: &'static str, args: &[(&'static str, &str)]) -> Activity {
    entry(app, actor.workspace, Some(actor.person), what, args)
}

/// A page of the log, newest first, going on after `after`.
pub async fn list(
    app: &App,
    actor: &Actor,
    after: Option<ActivityId>,
    limit: usize,
) -> Result<Vec<Stored<Activity>>, Refusal> {
    actor.may(Action::SeePeople)?;
    let after = after.map(|id| (actor.workspace, id));
    let scan = Scan::under((actor.workspace,)).backward().after_if(after.as_ref()).limit(limit.clamp(1, 200));
    Ok(app.store.list::<Activity>(scan).await?)
}
