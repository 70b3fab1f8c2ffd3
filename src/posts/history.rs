//! Earlier versions of a post: one row per post, bounded. What somebody else goes over is always kept, and what an earlier
//! version that is brought back goes over; what one person goes over themselves is kept once for each sitting.

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
/// Saves of the same person are one sitting while no more than this lies between them, and for no longer than this.
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
    /// When something else took its place.
    #[serde(default)]
    pub replaced_at: Option<At>,
}

impl Record for History {
    const COLLECTION: CollectionId = schema::HISTORIES;
    type Key = (WorkspaceId, PostId);

    fn key(&self) -> Self::Key {
        (self.workspace, self.post)
    }
}

/// Keeps what the post said before a save by `saver`, in the commit of that save, unless both belong to one sitting.
pub async fn note(app: &App, before: &Post, saver: PersonId, change: &mut Change) -> Result<(), StoreError> {
    let known = find(app, before).await?;
    let now = app.clock.now();
    let last = known.as_ref().and_then(|known| known.versions.last());
    let began_at = last.map_or(before.created_at, |last| last.replaced_at.unwrap_or(last.saved_at));
    let goes_on = now.since(before.saved_at) < SAME_SITTING && now.since(began_at) < SAME_SITTING;
    if before.saved_by != saver || !goes_on {
        add(app, known, before, change);
    }
    Ok(())
}

/// Keeps what the post said before, whoever said it and when.
pub async fn keep(app: &App, before: &Post, change: &mut Change) -> Result<(), StoreError> {
    add(app, find(app, before).await?, before, change);
    Ok(())
}

async fn find(app: &App, post: &Post) -> Result<Option<Stored<History>>, StoreError> {
    app.store.find::<History>(&(post.workspace, post.id)).await
}

fn add(app: &App, known: Option<Stored<History>>, before: &Post, change: &mut Change) {
    let version = Version {
        edition: before.edition,
        saved_at: before.saved_at,
        saved_by: before.saved_by,
        content: before.content.clone(),
        replaced_at: Some(app.clock.now()),
    };
    let Some(known) = known else {
        change.insert(&History { workspace: before.workspace, post: before.id, versions: vec![version] });
        return;
    };
    let mut after = known.row.clone();
    after.versions.push(version);
    let surplus = after.versions.len().saturating_sub(VERSIONS_MAX);
    after.versions.drain(..surplus);
    change.update(&known, &after);
}

/// The earlier versions of a post, the newest first.
pub async fn list(app: &App, actor: &Actor, post: PostId) -> Result<Vec<Version>, Refusal> {
    actor.may(Action::SeePosts)?;
    let known: Option<Stored<History>> = app.store.find(&(actor.workspace, post)).await?;
    Ok(known.map(|known| known.row.versions.into_iter().rev().collect()).unwrap_or_default())
}

/// One earlier version.
pub async fn get(app: &App, actor: &Actor, post: PostId, edition: u32) -> Result<Version, Refusal> {
    let versions = list(app, actor, post).await?;
    versions.into_iter().find(|version| version.edition == edition).ok_or(Refusal::NotThere)
}
