//! Figures about the store: rows, bytes, how long a sync takes.

use std::time::Duration;

/// How many syncs the figures look back on.
const SYNCS: usize = 512;

/// Figures for `/metrics` and `belfry doctor`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Stored rows, index entries and parts.
    pub rows: u64,
    /// Everything in the store's folder.
    pub disk_bytes: u64,
    /// sled's folder.
    pub index_bytes: u64,
    /// The log's segments.
    pub log_bytes: u64,
    /// The newest checkpoint.
    pub checkpoint_bytes: u64,
    /// The last commit.
    pub sequence: u64,
    /// Half of the last syncs were faster than this.
    pub sync_p50: Option<Duration>,
    /// Of a hundred syncs, ninety-nine were faster than this.
    pub sync_p99: Option<Duration>,
}

/// The last syncs, the oldest forgotten first.
#[derive(Debug, Default)]
pub(super) struct Latency {
    spans: Vec<Duration>,
    next: usize,
}

impl Latency {
    pub(super) fn note(&mut self, span: Duration) {
        match self.spans.get_mut(self.next) {
            Some(slot) => *slot = span,
            None => self.spans.push(span),
        }
        self.next = (self.next + 1) % SYNCS;
    }

    /// The span that this many of a hundred syncs were within.
    pub(super) fn percentile(&self, percent: usize) -> Option<Duration> {
        let mut sorted = self.spans.clone();
        sorted.sort_unstable();
        let last = sorted.len().checked_sub(1)?;
        sorted.get(last * percent / 100).copied()
    }
}

/// Measures a span.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stopwatch(std::time::Instant);

impl Stopwatch {
    #[expect(clippy::disallowed_methods, reason = "measures how long the disk takes, whatever the clock is set to")]
    pub(super) fn start() -> Self {
        Self(std::time::Instant::now())
    }
    pub(super) fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}
