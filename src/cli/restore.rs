//! `belfry restore`: brings a backup back into a data folder that has no store.
//!
//! Nothing is sent a second time: what came due since the backup was made is held for a person, before the store takes
//! its place. Cut off at any moment, it leaves the data folder without a store, and can be run again.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, ensure};
use clap::Args;
use serde_json::json;

use super::backup::Parts;
use super::serve;
use super::{Common, say};
use crate::app::Files;
use crate::base::clock::{At, Clock};
use crate::boot::{self, make_folder};
use crate::config::Config;
use crate::media::MediaFiles;
use crate::media::copy::copy_lacking;
use crate::media::files::FLOOR_BYTES;
use crate::publish::restored;
use crate::store::{Progress, Settings, Store};

#[derive(Debug, Args)]
pub(super) struct Restore {
    /// The backup's folder
    folder: PathBuf,
    /// As it was at this moment, such as 2026-11-22T09:00:00Z [default: the last there is]
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

impl Restore {
    pub(super) async fn run(self, common: &Common) -> anyhow::Result<ExitCode> {
        let config = common.config(&[])?;
        let files = Files::of(&config);
        let shown = files.data().display();
        ensure!(
            !files.store().exists(),
            "there is a store in {shown} already, and nothing was changed; name an empty folder with --data"
        );
        let until = self.until.as_deref().map(|text| {
            At::parse(text).with_context(|| format!("{text} is no moment; write it like 2026-11-22T09:00:00Z"))
        });
        let until = until.transpose()?;
        let from = Parts::of(&self.folder);
        ensure!(from.store.exists(), "there is no backup in {}; nothing was changed", self.folder.display());
        make_folder(files.data())?;
        bring_key(&from.key, &files)?;
        let beside = Files::new(files.data().join("restoring"));
        remove(beside.data())?;
        make_folder(beside.data())?;
        let (store, target) = (from.store, beside.store());
        let restoring = move || Store::restore(&store, &target, until, Settings::default(), &mut show);
        tokio::task::spawn_blocking(restoring).await.context("restoring broke off; run it again")??;
        // There only while it is needed: a restore that breaks off must not leave a second key lying about.
        fs::copy(files.key(), beside.key()).context("the key cannot be copied")?;
        let holding = hold(Config { data: Some(beside.data().to_owned()), ..config }).await;
        fs::remove_file(beside.key()).context("the second copy of the key cannot be removed")?;
        let (held, last_at) = holding?;
        let (source, area) = (MediaFiles::at(from.media, 0), MediaFiles::at(files.media(), FLOOR_BYTES));
        let copying = tokio::task::spawn_blocking(move || copy_lacking(&source, &area, Clock::default().now()));
        let pictures = copying.await.context("copying the pictures broke off; run it again")??;
        fs::rename(beside.store(), files.store()).context("the restored store cannot take its place")?;
        File::open(files.data()).and_then(|folder| folder.sync_all()).context("the data folder cannot be synced")?;
        remove(beside.data())?;
        let last_at = last_at.map(|at| at.to_string());
        if self.json {
            let damaged: Vec<_> = pictures.damaged.iter().map(ToString::to_string).collect();
            let told = json!({"last_commit_at": last_at, "held": held, "pictures": pictures.files, "damaged": damaged});
            say::line(&told.to_string());
        } else {
            say::line(&format!("Belfry is back as it was at {}.", last_at.unwrap_or_default()));
            if 0 < held {
                say::line(&format!(
                    "{held} posts or answers came due since then and may have gone out: they are held, and Today shows them."
                ));
            }
            for id in &pictures.damaged {
                say::error(&format!("the picture {id} is damaged in the backup; the rest is there"));
            }
        }
        Ok(if pictures.damaged.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// Nothing went wrong when a backup is read: it says so in other words than a start after a crash.
fn show(progress: Progress) {
    match progress {
        Progress::ReadingLog => say::note("Reading the backup …"),
        Progress::Rebuilding { rows } => say::note(&format!("  {rows} rows brought back so far")),
        other => serve::show_progress(other),
    }
}

/// Holds what came due since the backup. Gives how much, and the moment of the backup.
async fn hold(config: Config) -> anyhow::Result<(usize, Option<At>)> {
    let opening = move || boot::open(config, Clock::default(), &mut show);
    let app = tokio::task::spawn_blocking(opening).await.context("the restored store cannot be opened")??;
    let last_at = app.store.last_commit_at();
    let held = restored::hold_due(&app).await?;
    app.store.clone().close().await?;
    Ok((held, last_at))
}

/// The key that is in the data folder already, else the backup's. Two that differ are not guessed between: with the
/// wrong one no account opens any more.
fn bring_key(backed_up: &Path, files: &Files) -> anyhow::Result<()> {
    let key = files.key();
    if key.exists() {
        let read = |path: &Path| fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()));
        ensure!(
            !backed_up.exists() || read(backed_up)?.trim() == read(&key)?.trim(),
            "the key at {} is another one than the backup's, and nothing was changed; move it away if it is not needed \
             there, then run this again",
            key.display()
        );
        return Ok(());
    }
    ensure!(
        backed_up.exists(),
        "the backup has no key in it; put your copy of the key at {} first, then run this again",
        key.display()
    );
    fs::copy(backed_up, &key).context("the backup's key cannot be copied")?;
    Ok(())
}

fn remove(folder: &Path) -> anyhow::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{} cannot be removed", folder.display()))
        }
        _ => Ok(()),
    }
}
