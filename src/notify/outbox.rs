//! The outbox: notices on their way to a phone, by ntfy or a webhook, where the workspace has one set.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::app::App;
use crate::base::backoff::backoff;
use crate::base::clock::At;
use crate::base::id;
use crate::networks::NetworkError;
use crate::people::{Action, Actor, Refusal, WorkspaceId};
use crate::store::{
    Change, Record, Scan, StoreError, Stored,
    schema::{self, CollectionId},
};
use crate::words::Message;

use super::{Notice, NoticesToDeliver, What};

/// After so many tries a notice is only in the app.
const TRIES_MAX: u32 = 8;
/// A notice older than this rings nobody.
const STALE: Duration = Duration::from_hours(24);
const AT_ONCE: usize = 100;

/// Where notices of a workspace go besides the app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Whose.
    pub workspace: WorkspaceId,
    /// An ntfy topic's address, or a webhook's.
    pub url: String,
    /// How it is spoken to.
    pub kind: TargetKind,
}

/// How a target is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetKind {
    /// ntfy: the text as body, the title as header (docs.ntfy.sh/publish, read 2026-11).
    Ntfy,
    /// A JSON object.
    Webhook,
}

impl Record for Target {
    const COLLECTION: CollectionId = schema::NOTICE_TARGETS;
    type Key = (WorkspaceId,);

    fn key(&self) -> Self::Key {
        (self.workspace,)
    }
}

/// Where notices of a workspace go, if anywhere.
pub async fn target(app: &App, workspace: WorkspaceId) -> Result<Option<Stored<Target>>, StoreError> {
    app.store.find(&(workspace,)).await
}

/// Sets where notices go; an empty address: nowhere.
pub async fn set_target(app: &App, actor: &Actor, kind: TargetKind, url: &str) -> Result<(), Refusal> {
    actor.may(Action::ManageSettings)?;
    let known = target(app, actor.workspace).await?;
    let mut change = Change::default();
    if url.trim().is_empty() {
        let Some(known) = known else { return Ok(()) };
        change.remove(&known);
    } else {
        let checked = app.client.guard().check(url);
        let url = checked
            .map_err(|refused| Refusal::field("url", Message::new("notice-url").with("reason", refused.to_string())))?;
        let next = Target { workspace: actor.workspace, url: url.to_string(), kind };
        match &known {
            Some(known) => change.update(known, &next),
            None => change.insert(&next),
        };
    }
    app.store.commit(change).await?;
    Ok(())
}

/// Delivers what is due; says when the next is.
pub async fn deliver(app: &App) -> Result<Option<At>, StoreError> {
    let now = app.clock.now();
    for entry in app.store.list_index::<NoticesToDeliver>(Scan::all().limit(AT_ONCE)).await? {
        let (at, workspace, id) = entry.key;
        if now < at {
            return Ok(Some(at));
        }
        let Some(notice) = app.store.find::<Notice>(&(workspace, id)).await? else { continue };
        let target = target(app, workspace).await?;
        let stale = STALE < now.since(notice.at);
        let sent = match &target {
            Some(target) if !stale => send(app, target, &notice).await,
            _ => Ok(()),
        };
        let mut next = notice.row.clone();
        next.tries = next.tries.saturating_add(1);
        next.deliver_at = match sent {
            Err(error) if next.tries < TRIES_MAX => {
                tracing::info!(%error, "a notice did not arrive; it is tried again");
                let random = u64::from_be_bytes(id::random());
                Some(now.plus(backoff(next.tries, Duration::from_secs(10), Duration::from_mins(30), random)))
            }
            _ => None,
        };
        let mut change = Change::default();
        change.update(&notice, &next);
        match app.store.commit(change).await {
            Ok(_) | Err(StoreError::Conflict) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

async fn send(app: &App, target: &Target, notice: &Notice) -> Result<(), NetworkError> {
    let text = app.words.render(&notice.what.message(&notice.subject));
    let request = app.client.post(&target.url).deadline(Duration::from_secs(15)).max_bytes(64 * 1024);
    let request = match target.kind {
        TargetKind::Ntfy => {
            let priority = if matches!(notice.what, What::ByHand | What::Unsure) { "4" } else { "3" };
            request.header("title", "Belfry").header("priority", priority).bytes("text/plain; charset=utf-8", text)
        }
        TargetKind::Webhook => {
            request.json(&json!({ "id": notice.id, "at": notice.at.to_string(), "what": notice.what, "text": text }))
        }
    };
    let answer = request.send().await?;
    if answer.is_success() {
        Ok(())
    } else {
        Err(NetworkError::NotSent { reason: format!("the notice was answered with {}", answer.status()) })
    }
}
