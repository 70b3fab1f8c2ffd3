//! Removes files that nothing names any more: of removed assets, of their renditions, of uploads that were cut off after
//! their file got its name.
//!
//! A file is only looked at when it was last taken in a day ago, and the rows are asked again for each. A folder at a
//! time, so that the work is small; the caller goes round the 256 folders in its own time.

use std::time::Duration;

use super::FileId;
use super::asset::{FilesUsed, files, refusal};
use super::files::blocking;
use super::ready::Ready;
use crate::app::App;
use crate::people::Refusal;
use crate::store::{Change, Scan};

/// What was taken in within this time is left alone: its row may be on its way.
const QUIET_FOR: Duration = Duration::from_hours(24);

/// How many renditions of one original are forgotten at a time.
const BATCH: usize = 100;

/// Sweeps one of the 256 folders; says how many files went. Renditions of what went are named by nothing afterwards, and
/// go the next time round.
pub async fn sweep(app: &App, folder: u8) -> Result<usize, Refusal> {
    let before = app.clock.now().minus(QUIET_FOR);
    let area = files(app);
    let listing = area.clone();
    let older = blocking(move || listing.list_older(folder, before)).await.and_then(|older| older).map_err(refusal)?;
    let mut gone = 0;
    for file in older {
        if is_used(app, file).await? {
            continue;
        }
        forget_renditions(app, file).await?;
        let area = area.clone();
        let removed = blocking(move || area.remove_older(&file, before)).await.and_then(|removed| removed);
        if removed.map_err(refusal)? {
            gone += 1;
        }
    }
    Ok(gone)
}

async fn is_used(app: &App, file: FileId) -> Result<bool, Refusal> {
    Ok(!app.store.list_index::<FilesUsed>(Scan::under((file,)).limit(1)).await?.is_empty())
}

async fn forget_renditions(app: &App, original: FileId) -> Result<(), Refusal> {
    loop {
        let ready = app.store.list::<Ready>(Scan::under((original,)).limit(BATCH)).await?;
        if ready.is_empty() {
            return Ok(());
        }
        let mut change = Change::new();
        for one in &ready {
            change.remove(one);
        }
        app.store.commit(change).await?;
    }
}
