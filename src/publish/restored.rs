//! After a restore: what came due since the backup may have gone out already, and nothing here knows.
//!
//! So it is kept back until a person has looked at the channel. What was claimed before the backup is settled with its
//! network like any claim of another boot; what is due later goes out at its time. A clock that stands before the
//! backup tells nothing of how much time went by: then everything planned is kept back.

use super::journal::HeldBecause;
use super::publication::{Publication, PublicationsByNext};
use super::state::DispatchState;
use super::{PublishError, save};
use crate::app::App;
use crate::base::clock::At;
use crate::store::{Change, Scan};

/// How many publications are read at a time.
const BATCH: usize = 200;

/// After every plan.
const END_OF_TIME: At = At::from_millis(i64::MAX);

/// Keeps back everything that is due by now and was not yet claimed; says how much that was. For a restored store,
/// before anything of it is served or sent.
pub async fn hold_due(app: &App) -> Result<usize, PublishError> {
    let now = app.clock.now();
    let due_by = if app.store.last_commit_at().is_some_and(|backup_at| now < backup_at) { END_OF_TIME } else { now };
    let mut held = 0;
    let mut after = None;
    loop {
        let scan = after.as_ref().map_or_else(Scan::all, |key| Scan::all().after(key));
        let entries = app.store.list_index::<PublicationsByNext>(scan.limit(BATCH)).await?;
        let more = entries.len() == BATCH;
        for entry in entries {
            let (next_at, workspace, id) = entry.key;
            if due_by < next_at {
                return Ok(held);
            }
            after = Some(entry.key);
            let Some(publication) = app.store.find::<Publication>(&(workspace, id)).await? else { continue };
            let mut next = publication.row.clone();
            if hold(&mut next, now)? {
                save::save_and_tell(app, &publication, next, Change::default()).await?;
                held += 1;
            }
        }
        if !more {
            return Ok(held);
        }
    }
}

/// Keeps back what waits, unless something of it is on its way: that is settled first.
fn hold(publication: &mut Publication, now: At) -> Result<bool, PublishError> {
    let under_way = |state| matches!(state, DispatchState::Sending | DispatchState::Unsure);
    if publication.dispatches.iter().any(|dispatch| under_way(dispatch.state)) {
        return Ok(false);
    }
    let mut held = false;
    for dispatch in publication.dispatches.iter_mut().filter(|dispatch| dispatch.state == DispatchState::Planned) {
        dispatch.hold(now, HeldBecause::Restored)?;
        held = true;
    }
    if held {
        publication.next_at = None;
    }
    Ok(held)
}
