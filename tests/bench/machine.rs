//! What the machine does, and what it says of a process: the disk's sync, the load, memory and processor time.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context;
use serde::Serialize;

use crate::report::{percentile, rounded};

/// How many syncs are measured.
const SYNCS: usize = 200;
/// A tick of `/proc/PID/stat`: 100 a second on every Linux there is today.
const TICK_MS: f64 = 10.0;

/// A stopwatch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Watch(Instant);

impl Watch {
    #[expect(clippy::disallowed_methods, reason = "measuring is what the bench is for")]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn passed(self) -> Duration {
        self.0.elapsed()
    }

    pub(crate) fn ms(self) -> f64 {
        self.passed().as_secs_f64() * 1000.0
    }
}

/// How long the disk takes to make 4 KiB durable.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Sync {
    p50: f64,
    p99: f64,
}

/// Where the bench keeps what it needs: in the target folder, on the disk that is measured.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench")
}

/// Appends to a file and syncs it, as the store's log does.
pub(crate) fn sync_latency() -> anyhow::Result<Sync> {
    fs::create_dir_all(folder())?;
    let path = folder().join("sync");
    let mut file = File::create(&path)?;
    let mut taken = Vec::with_capacity(SYNCS);
    for _ in 0..SYNCS {
        let watch = Watch::start();
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        taken.push(watch.ms());
    }
    fs::remove_file(&path)?;
    Ok(Sync { p50: rounded(percentile(&mut taken, 0.5)), p99: rounded(percentile(&mut taken, 0.99)) })
}

/// How busy the machine was in the last minute: a figure taken on a busy machine says little.
pub(crate) fn load_average() -> f64 {
    let told = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    told.split(' ').next().and_then(|first| first.parse().ok()).unwrap_or(f64::NAN)
}

/// The memory of a process, with its share of what it shares, in MiB.
pub(crate) fn pss_mib(process: u32) -> anyhow::Result<f64> {
    let told = fs::read_to_string(format!("/proc/{process}/smaps_rollup"))?;
    Ok(kib_of(&told, "Pss:").context("smaps_rollup tells no Pss")? / 1024.0)
}

/// Forgets how much memory a process once had, so that [`peak_mib`] tells what it takes from here on.
pub(crate) fn forget_peak(process: u32) -> anyhow::Result<()> {
    fs::write(format!("/proc/{process}/clear_refs"), "5").context("the peak cannot be reset")
}

/// The most memory a process had at once, in MiB.
pub(crate) fn peak_mib(process: u32) -> anyhow::Result<f64> {
    let told = fs::read_to_string(format!("/proc/{process}/status"))?;
    Ok(kib_of(&told, "VmHWM:").context("status tells no VmHWM")? / 1024.0)
}

fn kib_of(told: &str, name: &str) -> Option<f64> {
    let line = told.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}

/// The processor time a process has used so far, in milliseconds.
pub(crate) fn cpu_ms(process: u32) -> anyhow::Result<f64> {
    let told = fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The name, in brackets, may hold spaces; user and system time are the 12th and 13th field after it.
    let fields = told.rsplit_once(')').context("stat cannot be read")?.1;
    let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<f64>);
    Ok(ticks.sum::<Result<f64, _>>()? * TICK_MS)
}
