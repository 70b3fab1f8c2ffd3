//! Earlier versions of a post: one row per post, bounded, a version whenever someone else saves or some minutes passed.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::base::clock::At;
use crate::people::{Action, Actor, PersonId, Refusal, WorkspaceId};
use crate::store::{
    Change, Record, StoreError, Stored,
    schema::{self, CollectionId},
};

use super::{Content, Post, PostId};

/// How many versions are kept; the oldest goes first.
const VERSIONS_MAX: usize = 20;
/// Saves of the same person within this span are one version.
const SAME_SITTING: Duration = Duration::from_mins(5);

/// The earlier versions of one post.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// Whose.
    pub workspace: WorkspaceId,
    /// Of which post.
    pub post: PostId,
    /// The oldest first.
    pub versions: Vec<Version>,
}

/// What a post said once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Version {
    /// Its edition.
    pub edition: u32,
    /// When it was saved.
    pub saved_at: At,
    /// Who saved it.
    pub saved_by: PersonId,
    /// What it said.
    pub content: Content,
}

impl Record for History {
    const COLLECTION: CollectionId = schema::HISTORIES;
    type Key = (WorkspaceId, PostId);

    fn key(&self) -> Self::Key {
        (self.workspace, self.post)
    }
}

/// Keeps what the post said before a save, in the commit of that save, unless it belongs to the same sitting.
pub async fn note(app: &App, before: &Post, change: &mut Change) -> Result<(), StoreError> {
    let version = Version {
        edition: before.edition,
        saved_at: before.saved_at,
        saved_by: before.saved_by,
        content: before.content.clone(),
    };
    let Some(known) = app.store.find::<History>(&(before.workspace, before.id)).await? else {
        change.insert(&History { workspace: before.workspace, post: before.id, versions: vec![version] });
        return Ok(());
    };
    let same_sitting = known
        .versions
        .last()
        .is_some_and(|last| last.saved_by == version.saved_by && version.saved_at.since(last.saved_at) < SAME_SITTING);
    if !same_sitting {
        let mut after = known.row.clone();
        after.versions.push(version);
        let surplus = after.versions.len().saturating_sub(VERSIONS_MAX);
        after.versions.drain(..surplus);
        change.update(&known, &after);
    }
    Ok(())
}

/// The earlier versions of a post, the newest first.
pub async fn list(app: &App, actor: &Actor, post: PostId) -> Result<Vec<Version>, Refusal> {
    actor.may(Action::SeePosts)?;
    let known: Option<Stored<History>> = app.store.find(&(actor.workspace, post)).await?;
    Ok(known.map(|known| known.row.versions.into_iter().rev().collect()).unwrap_or_default())
}
