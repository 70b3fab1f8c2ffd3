//! Upkeep: a checkpoint of the store by size and daily, credentials renewed ahead of time.

use std::time::Duration;

use crate::app::App;
use crate::base::clock::At;
use crate::channels::{self, Channel, credentials};
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
    app.store.checkpoint_if_due(now).await?;
    Ok(Some(now.plus(EVERY)))
}
