//! `belfry doctor`: looks at what usually goes wrong and says it in plain words, with what to do.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use serde::Serialize;
use serde_json::json;

use super::control::{self, Order, Report};
use super::{Common, say};
use crate::app::Files;
use crate::base::clock::{At, Clock};
use crate::boot;
use crate::config::{Config, secrets};
use crate::store::{Settings, Store, StoreError};

/// Below this the store stops taking changes.
const LITTLE_SPACE_BYTES: u64 = 500 << 20;

#[derive(Debug, Args)]
pub(super) struct Doctor {
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// How it stands with one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Good,
    Look,
    Bad,
}

/// One thing that was looked at.
#[derive(Clone, Debug, Serialize)]
struct Finding {
    about: &'static str,
    state: State,
    text: String,
}

impl Finding {
    fn new(about: &'static str, state: State, text: impl Into<String>) -> Self {
        Self { about, state, text: text.into() }
    }

    fn good(about: &'static str, text: impl Into<String>) -> Self {
        Self::new(about, State::Good, text)
    }
}

impl Doctor {
    pub(super) async fn run(self, common: &Common) -> anyhow::Result<ExitCode> {
        let config = common.config(&[])?;
        let files = Files::of(&config);
        let mut findings = vec![folder(&files), key(&files)];
        findings.push(disk(files.data()));
        let (store, last_commit_at) = store(&files).await;
        findings.push(store);
        findings.push(clock(last_commit_at));
        findings.push(address(&config));
        let bad = findings.iter().any(|finding| finding.state == State::Bad);
        if self.json {
            say::line(&json!({"good": !bad, "findings": findings}).to_string());
        } else {
            for finding in &findings {
                let mark = match finding.state {
                    State::Good => "✓",
                    State::Look => "!",
                    State::Bad => "✗",
                };
                say::line(&format!("{mark} {}: {}", finding.about, finding.text));
            }
        }
        Ok(if bad { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}

fn folder(files: &Files) -> Finding {
    let shown = files.data().display();
    let others = |path: &Path| secrets::open_to_others(path).ok().flatten();
    match fs::metadata(files.data()) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Finding::new("data folder", State::Look, format!("{shown} is not there yet; the first start makes it"))
        }
        Err(error) => Finding::new("data folder", State::Bad, format!("{shown} cannot be read: {error}")),
        Ok(metadata) if !metadata.is_dir() => {
            Finding::new("data folder", State::Bad, format!("{shown} is not a folder"))
        }
        Ok(_) => match others(files.data()) {
            Some(mode) => Finding::new(
                "data folder",
                State::Look,
                format!("others on this machine can look into it (its rights are {mode}): chmod 700 {shown}"),
            ),
            None => Finding::good("data folder", format!("{shown}, for its owner alone")),
        },
    }
}

fn key(files: &Files) -> Finding {
    let path = secrets::key_path(&files.key());
    let shown = path.display();
    let inside = path.starts_with(files.store());
    match (fs::read_to_string(&path), secrets::open_to_others(&path)) {
        (Err(error), _) if error.kind() == io::ErrorKind::NotFound && !files.store().exists() => {
            Finding::new("key", State::Look, "there is none yet; the first start makes it")
        }
        (Err(error), _) if error.kind() == io::ErrorKind::NotFound => Finding::new(
            "key",
            State::Bad,
            format!("{shown} is missing: put back your copy of it, or every channel must be connected again"),
        ),
        (Err(error), _) => Finding::new("key", State::Bad, format!("{shown} cannot be read: {error}")),
        (Ok(text), _) if text.trim().len() != 64 => {
            Finding::new("key", State::Bad, format!("{shown} is damaged: put back your copy of it"))
        }
        (Ok(_), Ok(Some(mode))) => {
            Finding::new("key", State::Bad, format!("others on this machine can read it ({mode}): chmod 600 {shown}"))
        }
        (Ok(_), _) if inside => Finding::new(
            "key",
            State::Bad,
            format!("{shown} lies in the store's folder: a copy of the store would open its secrets"),
        ),
        (Ok(_), _) => Finding::good("key", format!("{shown}, readable by its owner alone, outside the store")),
    }
}

fn disk(folder: &Path) -> Finding {
    let there = folder.ancestors().find(|path| path.exists()).unwrap_or(Path::new("/"));
    match fs4::available_space(there) {
        Err(error) => Finding::new("disk", State::Look, format!("how much is free cannot be read: {error}")),
        Ok(bytes) => {
            let (free, writable) = (format!("{} MiB free", bytes >> 20), is_writable(there));
            match (writable, bytes < LITTLE_SPACE_BYTES) {
                (false, _) => Finding::new("disk", State::Bad, format!("{} cannot be written to", there.display())),
                (true, true) => {
                    Finding::new("disk", State::Bad, format!("{free}: Belfry stops taking changes soon; make room"))
                }
                (true, false) => Finding::good("disk", free),
            }
        }
    }
}

fn is_writable(folder: &Path) -> bool {
    let probe = folder.join(".belfry-doctor");
    let written = fs::write(&probe, b"x").and_then(|()| fs::remove_file(&probe));
    written.is_ok()
        || fs::metadata(folder).is_ok_and(|metadata| metadata.uid() == 0 && metadata.permissions().mode() & 0o200 == 0)
}

/// Asks the running server; on a stopped store opens it, which replays and proves it.
async fn store(files: &Files) -> (Finding, Option<At>) {
    if !files.store().exists() {
        return (Finding::new("store", State::Look, "there is none yet; the first start makes it"), None);
    }
    match control::ask(&files.control_socket(), &Order::StoreState).await {
        Ok(Some(Report::Done(told))) => {
            let rows = told.get("rows").and_then(serde_json::Value::as_u64).unwrap_or_default();
            let last = told.get("last_commit_at").and_then(serde_json::Value::as_str).and_then(At::parse);
            let stopped = told.get("stopped").and_then(serde_json::Value::as_bool).unwrap_or(false);
            if stopped {
                let text = "the running server takes no more changes: restart it, its log says why";
                return (Finding::new("store", State::Bad, text), last);
            }
            (Finding::good("store", format!("in use by the running server, {rows} rows")), last)
        }
        Ok(Some(Report::Refused(words))) => (Finding::new("store", State::Bad, words), None),
        Err(error) => (Finding::new("store", State::Bad, format!("{error:#}")), None),
        Ok(None) => stopped_store(files).await,
    }
}

async fn stopped_store(files: &Files) -> (Finding, Option<At>) {
    let folder = files.store();
    let opened =
        tokio::task::spawn_blocking(move || Store::open(&folder, Settings::default(), &mut |_progress| {})).await;
    match opened {
        Ok(Ok(store)) => {
            let last = store.last_commit_at();
            let looked = look_through(&store).await;
            let finding = match (looked, store.close().await) {
                (Ok(finding), Ok(())) => finding,
                (Err(error), _) | (_, Err(error)) => Finding::new("store", State::Bad, error.to_string()),
            };
            (finding, last)
        }
        Ok(Err(error)) => (Finding::new("store", State::Bad, error.to_string()), None),
        Err(_panic) => (Finding::new("store", State::Bad, "it could not be opened; the log says more"), None),
    }
}

/// Reads every row, the log and the checkpoint. Where the rows are whole and only the log is not, it is written anew.
async fn look_through(store: &Store) -> Result<Finding, StoreError> {
    let report = store.verify(boot::record_kinds()).await?;
    let whole = format!("every one of its {} rows was read, and is whole", report.rows);
    if report.is_whole() {
        return Ok(Finding::good("store", whole));
    }
    let faults = [report.index_faults.as_slice(), report.log_faults.as_slice()].concat().join("; ");
    let (state, advice) = match (report.index_faults.is_empty(), report.log_faults.is_empty()) {
        (true, _) => {
            store.checkpoint().await?;
            (State::Look, format!("All the same {whole}, so log and checkpoint were written anew. Look at the disk"))
        }
        (false, true) => {
            let advice = "The next start builds the index anew from the log; nothing is lost. Look at the disk";
            (State::Bad, advice.to_owned())
        }
        (false, false) => (State::Bad, "Restore the last backup (belfry restore), and look at the disk".to_owned()),
    };
    Ok(Finding::new("store", state, format!("{faults}. {advice}")))
}

/// A board without a battery starts in the past.
fn clock(last_commit_at: Option<At>) -> Finding {
    let now = Clock::default().now();
    let built = At::parse("2026-01-01T00:00:00Z").unwrap_or_default();
    if now < built {
        return Finding::new(
            "clock",
            State::Bad,
            format!("it says {now}, which is long past: set it, or let the system set it (NTP)"),
        );
    }
    match last_commit_at {
        Some(last) if now.plus(Duration::from_mins(2)) < last => Finding::new(
            "clock",
            State::Bad,
            format!("it says {now}, but Belfry last wrote at {last}: set it, or let the system set it (NTP)"),
        ),
        _ => Finding::good("clock", format!("{now}")),
    }
}

fn address(config: &Config) -> Finding {
    match &config.public_url {
        Some(url) if url.scheme() == "https" => {
            let proxies = if config.trusted_proxies.is_empty() {
                return Finding::new(
                    "address",
                    State::Look,
                    format!("{url}, but trusted_proxies is empty: Belfry does not know that the proxy speaks HTTPS"),
                );
            } else {
                "behind a trusted proxy"
            };
            Finding::good("address", format!("{url}, {proxies}"))
        }
        Some(url) => Finding::new(
            "address",
            State::Look,
            format!("{url} is plain HTTP: push, offline drafts and the share sheet of phones need HTTPS"),
        ),
        None if config.listen.ip().is_loopback() => {
            Finding::good("address", format!("http://{}, for this machine only", config.listen))
        }
        None => Finding::new(
            "address",
            State::Look,
            format!(
                "http://{}, plain HTTP: everything works but what browsers keep for HTTPS (see Settings)",
                config.listen
            ),
        ),
    }
}
