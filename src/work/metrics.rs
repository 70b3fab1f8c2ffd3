//! Collects figures: snapshots of publications that are due, and each channel once a day.

use std::time::Duration;

use crate::app::App;
use crate::base::clock::At;
use crate::metrics::collect;
use crate::{channels, people};

/// Channels are looked at this often; each is counted once a day.
const CHANNELS_EVERY: Duration = Duration::from_hours(1);
/// How soon after going out a publication is taken up, at the latest.
const NEW_WITHIN: Duration = Duration::from_mins(5);

/// Does what is due; says when more is.
pub async fn round(app: App) -> anyhow::Result<Option<At>> {
    let now = app.clock.now();
    collect::begin(&app).await?;
    let next_at = collect::collect(&app).await?;
    for workspace in people::workspace::list(&app).await? {
        for channel in channels::list(&app, workspace.id).await? {
            collect::count_channel(&app, &channel).await?;
        }
    }
    let again_at = now.plus(NEW_WITHIN.min(CHANNELS_EVERY));
    Ok(Some(next_at.map_or(again_at, |at| at.min(again_at))))
}
