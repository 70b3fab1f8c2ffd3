//! `belfry compact`: builds the index of a stopped server's store anew, so that it takes no more room than it must.
//!
//! Nothing is lost when it is cut off: the old index stays until the new one is whole.

use std::process::ExitCode;

use anyhow::{Context, ensure};
use clap::Args;
use serde_json::json;

use super::serve::show_progress;
use super::{Common, say};
use crate::app::Files;
use crate::store::{Settings, Store};

#[derive(Debug, Args)]
pub(super) struct Compact {
    /// As JSON
    #[arg(long)]
    json: bool,
}

impl Compact {
    pub(super) async fn run(self, common: &Common) -> anyhow::Result<ExitCode> {
        let config = common.config(&[])?;
        let files = Files::of(&config);
        let folder = files.store();
        // Else a mistyped folder would become a new, empty store.
        ensure!(folder.exists(), "there is no store in {}; name the data folder with --data", files.data().display());
        let compacting =
            tokio::task::spawn_blocking(move || Store::compact(&folder, Settings::default(), &mut show_progress));
        let done = compacting.await.context("compacting broke off; the store is as it was")??;
        if self.json {
            let told = json!({"before_bytes": done.before_bytes, "after_bytes": done.after_bytes});
            say::line(&told.to_string());
        } else {
            let (before, after) = (in_mib(done.before_bytes), in_mib(done.after_bytes));
            say::line(&format!("The store took {before} MiB and takes {after} MiB. Every row is there."));
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// In MiB with one decimal.
fn in_mib(bytes: u64) -> String {
    let tenths = bytes.saturating_mul(10) >> 20;
    format!("{}.{}", tenths / 10, tenths % 10)
}
