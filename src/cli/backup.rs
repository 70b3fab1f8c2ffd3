//! `belfry backup`: copies the store and the pictures to a folder, beside a running server or without one.
//!
//! Only what the folder lacks is copied, and everything that was copied is read back. The key that opens the accounts'
//! secrets stays out unless it is asked for: whoever has both can post as you.

use std::fs;
use std::path::{self, Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, ensure};
use clap::Args;
use serde_json::json;

use super::control::{self, Order};
use super::{Common, say};
use crate::app::Files;
use crate::base::clock::Clock;
use crate::boot::make_folder;
use crate::media::MediaFiles;
use crate::media::copy::copy_lacking;
use crate::media::files::FLOOR_BYTES;

#[derive(Debug, Args)]
pub(super) struct Backup {
    /// Where to: a folder of its own, best on another disk
    folder: PathBuf,
    /// Put the key in as well: then the backup opens your accounts, so keep it locked away
    #[arg(long)]
    with_key: bool,
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// A data folder's parts, as they lie in a backup.
pub(super) struct Parts {
    /// Checkpoint and log.
    pub(super) store: PathBuf,
    /// The pictures.
    pub(super) media: PathBuf,
    /// The key, where it is in the backup.
    pub(super) key: PathBuf,
}

impl Parts {
    /// The parts of the backup in this folder.
    pub(super) fn of(folder: &Path) -> Self {
        Self { store: folder.join("store"), media: folder.join("media"), key: folder.join("key") }
    }
}

impl Backup {
    pub(super) async fn run(self, common: &Common) -> anyhow::Result<ExitCode> {
        let config = common.config(&[])?;
        let files = Files::of(&config);
        // Else a mistyped folder would become a new, empty store.
        let shown = files.data().display();
        ensure!(files.store().exists(), "there is no store in {shown}; name the data folder with --data");
        let folder = path::absolute(&self.folder)?;
        ensure!(
            !folder.starts_with(path::absolute(files.data())?),
            "a backup inside the data folder would be lost with it; name another folder"
        );
        make_folder(&folder)?;
        let to = Parts::of(&folder);
        // The store first: every picture that it names is there when the pictures follow.
        let told = control::send(config, Order::Backup { folder: to.store }).await?;
        let (from, target) = (MediaFiles::at(files.media(), 0), MediaFiles::at(to.media, FLOOR_BYTES));
        let copying = tokio::task::spawn_blocking(move || copy_lacking(&from, &target, Clock::default().now()));
        let pictures = copying.await.context("copying the pictures broke off; run it again, it goes on")??;
        if self.with_key {
            fs::copy(files.key(), &to.key).context("the key cannot be copied; store and pictures were")?;
        }
        if self.json {
            let damaged: Vec<_> = pictures.damaged.iter().map(ToString::to_string).collect();
            let told = json!({"store": told, "pictures": pictures.files, "picture_bytes": pictures.bytes,
                "damaged": damaged, "mended": pictures.mended.len(), "with_key": self.with_key});
            say::line(&told.to_string());
        } else {
            let at = told.get("at").and_then(serde_json::Value::as_str).unwrap_or_default();
            say::line(&format!("Everything up to {at} is in {}, and was read back.", folder.display()));
            if !self.with_key {
                let key = files.key();
                say::line(&format!("The key is not in it: keep a copy of {} somewhere else.", key.display()));
            }
            for id in &pictures.mended {
                say::note(&format!(
                    "the picture {id} had rotted in the backup and was copied anew: look after that disk"
                ));
            }
            for id in &pictures.damaged {
                say::error(&format!("the picture {id} is damaged and was not copied; the rest was"));
            }
        }
        Ok(if pictures.damaged.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
