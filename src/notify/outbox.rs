//! The outbox: notices on their way to a phone, by ntfy or a webhook, where the workspace has one set.

use std::time::Duration;

use crate::addresses;
use crate::app::App;
use crate::base::backoff::backoff;
use crate::base::clock::At;
use crate::base::id;
use crate::networks::NetworkError;
use crate::people::{WorkspaceId, workspace};
use crate::store::{Change, Scan, StoreError};

use super::target::{self, Call, Way};
use super::{AboutId, Notice, NoticesToDeliver, What};

/// After so many tries a notice is only in the app.
const TRIES_MAX: u32 = 8;
/// A notice older than this rings nobody.
const STALE: Duration = Duration::from_hours(24);
const AT_ONCE: usize = 100;

/// Delivers what is due; says when the next is.
pub async fn deliver(app: &App) -> Result<Option<At>, StoreError> {
    let now = app.clock.now();
    let mut next_at: Option<At> = None;
    let mut soonest = |at: At| next_at = Some(next_at.map_or(at, |known| known.min(at)));
    let waiting = app.store.list_index::<NoticesToDeliver>(Scan::all().limit(AT_ONCE)).await?;
    if waiting.len() == AT_ONCE {
        // There may be more; what stands here is not due a second time.
        soonest(now);
    }
    for entry in waiting {
        let (at, workspace, id) = entry.key;
        if now < at {
            soonest(at);
            break;
        }
        let Some(notice) = app.store.find::<Notice>(&(workspace, id)).await? else { continue };
        let sent = if STALE < now.since(notice.at) { Ok(()) } else { send(app, workspace, &notice).await };
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
        next.deliver_at.into_iter().for_each(&mut soonest);
        let mut change = Change::default();
        change.update(&notice, &next);
        match app.store.commit(change).await {
            Ok(_) | Err(StoreError::Conflict) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(next_at)
}

async fn send(app: &App, workspace: WorkspaceId, notice: &Notice) -> Result<(), NetworkError> {
    let store = |error: StoreError| NetworkError::NotSent { reason: format!("the store: {error}") };
    let Some(target) = target::find(app, workspace).await.map_err(store)? else { return Ok(()) };
    let Ok(way) = target::open(app, &target) else {
        // Another key: a person must set it again, and Settings says so.
        return Ok(());
    };
    let place = workspace::get(app, workspace).await;
    let (name, slug) = place.map(|place| (place.row.name, place.row.slug)).unwrap_or_default();
    let call = Call {
        title: name,
        text: app.words.render(&notice.what.message(&notice.subject)),
        link: link(app, &way, &slug, notice),
        urgent: matches!(notice.what, What::ByHand | What::Unsure),
        notice: Some(notice),
    };
    let answer = target::call(app, &way, &call).await?;
    if answer.is_success() {
        Ok(())
    } else {
        Err(NetworkError::NotSent { reason: format!("the notice was answered with {}", answer.status()) })
    }
}

/// The page a notice leads to, as a phone reaches it.
fn link(app: &App, way: &Way, slug: &str, notice: &Notice) -> String {
    let about = AboutId::from_bits(notice.about);
    let path = match notice.what {
        What::ByHand => addresses::by_hand(slug, about),
        What::Published | What::Failed | What::Held | What::PartlyOut | What::Unsure => {
            addresses::publication(slug, about)
        }
        What::Reconnect => addresses::channel(slug, about),
        What::Message => addresses::conversation(slug, about),
    };
    format!("{}{path}", target::reached_at(app, way))
}
