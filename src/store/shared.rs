//! What readers, the writer and the checkpoint have in common.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use super::Settings;
use super::checkpoint::Checkpoint;
use super::error::StoreError;
use super::files;
use super::log::Mark;
use super::log::segment::Segment;
use super::sled::Tree;
use super::stats::Latency;

/// Where things lie in the store's folder.
#[derive(Clone, Debug)]
pub(super) struct Paths {
    pub(super) folder: PathBuf,
    pub(super) lock: PathBuf,
    /// There only after a clean stop.
    pub(super) clean: PathBuf,
    pub(super) log: PathBuf,
    pub(super) checkpoints: PathBuf,
    pub(super) index: PathBuf,
    pub(super) new_index: PathBuf,
}

impl Paths {
    pub(super) fn of(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            lock: folder.join("lock"),
            clean: folder.join("clean"),
            log: folder.join("log"),
            checkpoints: folder.join("checkpoints"),
            index: folder.join("index"),
            new_index: folder.join("index.new"),
        }
    }
}

/// One process at a time: holds the lock file as long as it lives.
#[derive(Debug)]
pub(super) struct Lock(#[expect(dead_code, reason = "held, never read")] File);

impl Lock {
    pub(super) fn take(paths: &Paths) -> Result<Self, StoreError> {
        let open = File::options().create(true).truncate(false).write(true).open(&paths.lock);
        let file = open.map_err(StoreError::io_at("opening", &paths.lock))?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(StoreError::Locked { folder: paths.folder.clone() }),
            Err(TryLockError::Error(error)) => Err(StoreError::io_at("locking", &paths.lock)(error)),
        }
    }
}

/// The open segment and how much of it is on disk.
#[derive(Clone, Debug)]
pub(super) struct Tail {
    pub(super) path: PathBuf,
    pub(super) length: u64,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) paths: Paths,
    pub(super) settings: Settings,
    pub(super) store: u128,
    pub(super) tree: Tree,
    pub(super) stopping: AtomicBool,
    pub(super) stopped: watch::Sender<bool>,
    /// One checkpoint at a time.
    pub(super) checkpointing: AtomicBool,
    /// The last checkpoint or the log before it cannot be read: the next is made from the index.
    pub(super) damaged_files: AtomicBool,
    sequence: watch::Sender<u64>,
    mark: Mutex<Mark>,
    tail: Mutex<Tail>,
    /// Held while files are removed or copied.
    files: Mutex<()>,
    checkpoint: Mutex<Option<Checkpoint>>,
    log_bytes: AtomicU64,
    latency: Mutex<Latency>,
    _lock: Lock,
}

/// What an opened store is made of.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) paths: Paths,
    pub(super) settings: Settings,
    pub(super) store: u128,
    pub(super) tree: Tree,
    pub(super) mark: Mark,
    pub(super) checkpoint: Option<Checkpoint>,
    pub(super) log_bytes: u64,
    pub(super) lock: Lock,
}

impl Shared {
    pub(super) fn new(opened: Opened, tail: &Segment) -> Self {
        Self {
            paths: opened.paths,
            settings: opened.settings,
            store: opened.store,
            tree: opened.tree,
            stopping: AtomicBool::new(false),
            stopped: watch::Sender::new(false),
            checkpointing: AtomicBool::new(false),
            damaged_files: AtomicBool::new(false),
            sequence: watch::Sender::new(opened.mark.sequence),
            mark: Mutex::new(opened.mark),
            tail: Mutex::new(Tail { path: tail.path.clone(), length: tail.length }),
            files: Mutex::new(()),
            checkpoint: Mutex::new(opened.checkpoint),
            log_bytes: AtomicU64::new(opened.log_bytes),
            latency: Mutex::new(Latency::default()),
            _lock: opened.lock,
        }
    }

    /// The last commit that readers see.
    pub(super) fn mark(&self) -> Mark {
        *held(&self.mark)
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<u64> {
        self.sequence.subscribe()
    }

    /// A group is in the index: readers see it.
    pub(super) fn applied(&self, after: Mark, segment: &Segment, length_before: u64) {
        *held(&self.mark) = after;
        self.set_tail(segment);
        // A segment that is shorter than before is a new one.
        let grown = segment.length.checked_sub(length_before).unwrap_or(segment.length);
        self.log_bytes.fetch_add(grown, Ordering::Relaxed);
        self.sequence.send_replace(after.sequence);
    }

    pub(super) fn set_tail(&self, segment: &Segment) {
        *held(&self.tail) = Tail { path: segment.path.clone(), length: segment.length };
    }

    pub(super) fn tail(&self) -> Tail {
        held(&self.tail).clone()
    }

    pub(super) fn synced(&self, span: Duration) {
        metrics::histogram!("belfry_store_sync_seconds").record(span.as_secs_f64());
        held(&self.latency).note(span);
    }

    pub(super) fn sync_percentile(&self, percent: usize) -> Option<Duration> {
        held(&self.latency).percentile(percent)
    }

    pub(super) fn hold_files(&self) -> MutexGuard<'_, ()> {
        held(&self.files)
    }

    pub(super) fn checkpoint(&self) -> Option<Checkpoint> {
        held(&self.checkpoint).clone()
    }

    pub(super) fn set_checkpoint(&self, checkpoint: Checkpoint) {
        *held(&self.checkpoint) = Some(checkpoint);
    }

    /// Counting starts again, so that one that fails is tried again only after as much writing.
    pub(super) fn checkpoint_begins(&self) {
        self.log_bytes.store(0, Ordering::Relaxed);
    }

    /// Written to the log since the last checkpoint began.
    pub(super) fn bytes_since_checkpoint(&self) -> u64 {
        self.log_bytes.load(Ordering::Relaxed)
    }

    /// The log has grown beyond what the settings say, and beyond half of what a checkpoint writes.
    pub(super) fn checkpoint_is_due_by_size(&self) -> bool {
        let half = held(&self.checkpoint).as_ref().map_or(0, |checkpoint| checkpoint.length / 2);
        self.settings.checkpoint_after_bytes.max(half) <= self.bytes_since_checkpoint()
    }

    pub(super) fn log_size_bytes(&self) -> u64 {
        files::size_bytes(&self.paths.log)
    }
}

/// A lock that a panic elsewhere does not close: what it guards is replaced whole.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
