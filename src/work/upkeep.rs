//! Upkeep: a checkpoint of the store by size and daily, credentials renewed ahead of time, pictures of strangers beyond
//! what is kept and files that nothing names removed.

use std::time::Duration;

use crate::app::App;
use crate::base::clock::At;
use crate::channels::{self, Channel, credentials};
use crate::http::request_key;
use crate::media::{avatar, sweep};
use crate::people;

/// How often upkeep looks round.
const EVERY: Duration = Duration::from_mins(15);
/// Credentials that end within this are renewed.
const AHEAD: Duration = Duration::from_mins(30);
const AT_ONCE: usize = 50;

/// Looks round once.
pub async fn round(app: App) -> anyhow::Result<Option<At>> {
    let now = app.clock.now();
    for (workspace, channel, _ends_at) in credentials::ending(&app, now.plus(AHEAD), AT_ONCE).await? {
        let Some(channel) = app.store.find::<Channel>(&(workspace, channel)).await? else { continue };
        let renewed = credentials::refresh(&app, &channel).await;
        channels::health::note(&app, &channel, renewed.as_ref().map(|_well| ())).await?;
        if let Err(error) = renewed {
            tracing::info!(channel.id = %channel.id, %error, "credentials could not be renewed ahead of time");
        }
    }
    people::sweep(&app).await?;
    request_key::sweep(&app).await?;
    app.store.checkpoint_if_due(now).await?;
    avatar::evict(&app, avatar::Kept::default()).await?;
    sweep::sweep(&app, folder_at(now)).await?;
    Ok(Some(now.plus(EVERY)))
}

/// The folder of files whose turn it is. It follows from the clock, so that nothing need be kept; all 256 have their
/// turn within three days of running.
fn folder_at(now: At) -> u8 {
    let every = i64::try_from(EVERY.as_secs()).unwrap_or(1);
    u8::try_from(now.as_seconds().div_euclid(every).rem_euclid(256)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_folder_of_files_has_its_turn() {
        let start = At::parse("2026-11-21T08:07:00Z").unwrap();
        let rounds = (0..256).map(|round| folder_at(start.plus(EVERY * round)));
        assert_eq!(rounds.collect::<BTreeSet<_>>().len(), 256);
    }

    #[test]
    fn a_clock_before_1970_is_no_trouble() {
        assert_eq!(folder_at(At::from_millis(-1)), 255);
    }
}
