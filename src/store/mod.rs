//! The store: an ordered key space with optimistic commits, durable when it answers.
//!
//! What always holds:
//! - A commit resolves only when it is on disk. The write-ahead log is the truth; sled is its index and can be lost whole.
//! - A commit counts whole or not at all, after a kill or a power cut too, and of two that were decided on the same
//!   version exactly one wins.
//! - Readers see durable rows only. Reads are not snapshots: what must agree is checked by the commit ([`Change::check`]).
//! - Checks see single keys, so a rule over a set has a key of its own: a small [`Record`] that is inserted.
//! - No truth lives in memory: another process could open the folder the moment this one is gone.
//!
//! A change reads as a sentence: `change.check(&channel).update(&dispatch, &claimed); store.commit(change).await?`. A list
//! is one scan: `store.list_index::<PostsByDay>(Scan::between((workspace, from), (workspace, until)).limit(50)).await?`.
//!
//! sled stands at exactly 0.34.7: its files are read by that code alone, and how it fails is known by test (its `flush()`
//! is no sync, a damaged file can panic, values beyond 4 KiB go to files it never syncs). Everything here is built so
//! that none of it can lose a commit. Nothing above this folder names sled.

mod backup;
mod bytes;
mod change;
mod checkpoint;
mod clean;
mod codec;
mod collection;
mod compact;
mod error;
mod fault;
mod files;
mod key;
mod kv;
mod log;
mod merge;
mod meta;
mod migrate;
mod open;
pub mod schema;
mod shared;
mod sled;
mod stats;
mod upkeep;
mod verify;
mod writer;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};

pub use self::backup::Copied;
pub use self::change::Change;
pub use self::collection::{Entries, Entry, Index, Record, Stored, Version};
pub use self::compact::Compacted;
pub use self::error::StoreError;
pub use self::key::{Direction, KeyPrefix, Scan, StoreKey};
pub use self::stats::Stats;
pub use self::verify::{RecordKind, Report};
pub use self::writer::MAX_OPS;

use self::codec::{KEY_CAP, ROW_CAP};
use self::kv::{Commit, Op};
use self::shared::Shared;
use self::writer::Command;
use crate::base::clock::{At, Clock};

/// A scan of more rows than this is done on a thread for blocking work.
const SHORT_SCAN: usize = 200;
/// A checkpoint is made at least this often, if anything was written.
const CHECKPOINT_EVERY: Duration = Duration::from_hours(24);

/// How a store is opened.
#[derive(Clone, Debug)]
pub struct Settings {
    /// sled's cache, in bytes. A hint: a full scan takes about one and a half times as much.
    pub cache_bytes: u64,
    /// A checkpoint is made when the log has grown by this much (and by half the last checkpoint).
    pub checkpoint_after_bytes: u64,
    /// The log goes on in a new file when one has this length.
    pub segment_bytes: u64,
    /// Below this much free space nothing is written.
    pub free_space_floor_bytes: u64,
    /// How many commits may wait; more are refused with [`StoreError::Busy`].
    pub queue: usize,
    /// Tells when each group of commits was written.
    pub clock: Clock,
    /// Where tests make it fail.
    #[doc(hidden)]
    pub faults: fault::Faults,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            cache_bytes: 16 << 20,
            checkpoint_after_bytes: 32 << 20,
            segment_bytes: 4 << 20,
            free_space_floor_bytes: 200 << 20,
            queue: 1024,
            clock: Clock::default(),
            faults: fault::Faults::default(),
        }
    }
}

/// What an open that takes long is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Belfry was not stopped cleanly: the log is read.
    ReadingLog,
    /// Every row is compared with the log.
    Checking {
        /// So far.
        rows: u64,
    },
    /// The index is built anew from checkpoint and log. Nothing is lost.
    Rebuilding {
        /// So far.
        rows: u64,
    },
    /// A copy is made before the store is brought to this Belfry's schema.
    Copying,
    /// Brought to this schema version.
    Migrating {
        /// The version it is brought to.
        to: u32,
    },
}

/// The store. Clones are cheap and share everything.
#[derive(Clone, Debug)]
pub struct Store {
    shared: Arc<Shared>,
    commands: mpsc::Sender<Command>,
    writer: Arc<Mutex<Option<JoinHandle<bool>>>>,
}

impl Store {
    /// Opens the store in this folder, or makes one. Blocks; after an unclean stop it replays and checks, and builds the
    /// index anew where it differs from the log.
    pub fn open(folder: &Path, settings: Settings, progress: &mut dyn FnMut(Progress)) -> Result<Self, StoreError> {
        open::open(folder, settings, progress)
    }

    /// The row with this key, if there is one.
    #[expect(clippy::unused_async, reason = "an engine on another machine answers later")]
    pub async fn find<R: Record>(&self, key: &R::Key) -> Result<Option<Stored<R>>, StoreError> {
        let key = collection::whole_key(R::COLLECTION, key);
        kv::get(&self.shared.tree, &key)?.map(stored).transpose()
    }

    /// The rows of a range, in key order.
    pub async fn list<R: Record>(&self, scan: Scan<R::Key>) -> Result<Vec<Stored<R>>, StoreError> {
        let pairs = self.scan(scan.over(R::COLLECTION.prefix())).await?;
        pairs.into_iter().map(|(_key, value)| stored(value)).collect()
    }

    /// How many rows a range has, up to the scan's limit. Reads keys only.
    pub async fn count<R: Record>(&self, scan: Scan<R::Key>) -> Result<usize, StoreError> {
        let range = scan.over(R::COLLECTION.prefix());
        if range.limit <= SHORT_SCAN {
            return self.shared.tree.count(&range);
        }
        let shared = Arc::clone(&self.shared);
        let counting = tokio::task::spawn_blocking(move || shared.tree.count(&range));
        counting.await.map_err(|_panic| StoreError::index_damaged("A list could not be counted"))?
    }

    /// The entries of a range of an index, in key order. A list that is one scan: what it shows is in the entries.
    pub async fn list_index<I: Index>(&self, scan: Scan<I::Key>) -> Result<Vec<Entry<I>>, StoreError> {
        let pairs = self.scan(scan.over(I::COLLECTION.prefix())).await?;
        let entry = |(key, value): (Vec<u8>, kv::Value)| {
            let key = collection::read_key(I::COLLECTION, &key)?;
            Ok(Entry { key, value: collection::decode(I::COLLECTION, &value.body)? })
        };
        pairs.into_iter().map(entry).collect()
    }

    /// Commits a change: all of it or nothing. Resolves only when it is on disk, and gives the version its rows have.
    pub async fn commit(&self, change: Change) -> Result<Version, StoreError> {
        let commit = change.into_commit()?;
        fits(&commit)?;
        self.ask(|reply| Command::Commit(commit, reply)).await.map(Version::from_number)
    }

    /// The sequence number of the last commit that readers see; wakes with each group of commits.
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.shared.subscribe()
    }

    /// When the last commit was made, by the clock of then; `None` in a new store.
    pub fn last_commit_at(&self) -> Option<At> {
        let mark = self.shared.mark();
        (0 < mark.sequence).then_some(mark.at)
    }

    /// What distinguishes this store from every other; kept by its backups.
    pub fn id(&self) -> u128 {
        self.shared.store
    }

    /// Whether it takes no more changes until it is opened again. Then Belfry should end with an error.
    pub fn is_stopped(&self) -> bool {
        *self.shared.stopped.borrow()
    }

    /// Resolves when the store takes no more changes; never, while all is well.
    pub async fn until_stopped(&self) {
        let mut stopped = self.shared.stopped.subscribe();
        if stopped.wait_for(|stopped| *stopped).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Figures. Reads file sizes.
    pub fn stats(&self) -> Stats {
        let mark = self.shared.mark();
        Stats {
            rows: mark.sum.rows,
            disk_bytes: files::size_bytes(&self.shared.paths.folder),
            index_bytes: self.shared.tree.size_bytes().unwrap_or_default(),
            log_bytes: self.shared.log_size_bytes(),
            checkpoint_bytes: self.shared.checkpoint().map_or(0, |checkpoint| checkpoint.length),
            sequence: mark.sequence,
            sync_p50: self.shared.sync_percentile(50),
            sync_p99: self.shared.sync_percentile(99),
        }
    }

    /// Makes a checkpoint and resolves when it is proven; then the log before it is dropped. Where the last checkpoint or
    /// the log is damaged, this heals it from the index.
    pub async fn checkpoint(&self) -> Result<(), StoreError> {
        match self.ask(Command::Checkpoint).await {
            Err(StoreError::Damaged { what, .. }) => {
                tracing::warn!(what, "the next checkpoint is made from the index");
                self.ask(Command::Checkpoint).await
            }
            outcome => outcome,
        }
    }

    /// Makes a checkpoint when the last is a day old and something was written since. By size they are made without being
    /// asked.
    pub async fn checkpoint_if_due(&self, now: At) -> Result<(), StoreError> {
        let last_at = self.shared.checkpoint().map_or(At::default(), |checkpoint| checkpoint.header.from.at);
        if self.shared.bytes_since_checkpoint() == 0 || now.since(last_at) < CHECKPOINT_EVERY {
            return Ok(());
        }
        self.checkpoint().await
    }

    /// Looks at every value, every index entry, the log and the checkpoint. Changes nothing; writing goes on meanwhile.
    /// Where only the log or the checkpoint is faulty, [`Store::checkpoint`] heals it.
    pub async fn verify(&self, kinds: Vec<RecordKind>) -> Result<Report, StoreError> {
        let shared = Arc::clone(&self.shared);
        let looking = tokio::task::spawn_blocking(move || verify::look(&shared, &kinds));
        looking.await.map_err(|_panic| StoreError::index_damaged("The store could not be looked through"))
    }

    /// Copies checkpoint and log to another folder, as far as it lacks them, and proves the copy by reading it back.
    /// Can be done every few seconds; writing goes on meanwhile.
    pub async fn backup_to(&self, folder: &Path) -> Result<Copied, StoreError> {
        let (shared, folder) = (Arc::clone(&self.shared), folder.to_owned());
        let copying = tokio::task::spawn_blocking(move || backup::copy_to(&shared, &folder));
        copying.await.map_err(|_panic| StoreError::stopped("the backup ended in a panic"))?
    }

    /// Brings a backup back as a store in an empty folder: up to and including this moment, or whole. Blocks. Gives the
    /// last commit it holds. What was sent to networks after that moment is not known to it: ask before sending again.
    pub fn restore(
        from: &Path,
        to: &Path,
        until: Option<At>,
        settings: Settings,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Version, StoreError> {
        let mark = backup::restore(from, to, until, settings, progress)?;
        Ok(Version::from_number(mark.sequence))
    }

    /// Builds the index of the stopped store in this folder anew, so that it takes no more room than it must. Blocks.
    pub fn compact(
        folder: &Path,
        settings: Settings,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Compacted, StoreError> {
        compact::compact(folder, settings, progress)
    }

    /// Writes everything out and notes that the stop was clean. What waits is written first; other clones then get
    /// [`StoreError::Stopped`].
    pub async fn close(self) -> Result<(), StoreError> {
        // A writer that is gone already has closed the channel.
        let told = self.commands.send(Command::Close).await;
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        let (Some(writer), Ok(())) = (writer, told) else { return Err(ended()) };
        let shared = Arc::clone(&self.shared);
        drop(self);
        let closing = tokio::task::spawn_blocking(move || match writer.join() {
            Ok(whole) => clean::close(&shared, whole),
            Err(_panic) => Err(ended()),
        });
        closing.await.map_err(|_panic| ended())?
    }

    /// Lets go of everything without the note of a clean stop, as a crash would.
    #[cfg(test)]
    async fn abandon(self) {
        self.shared.tree.distrust();
        self.close().await.unwrap();
    }

    async fn ask<T>(&self, command: impl FnOnce(writer::Reply<T>) -> Command) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        match self.commands.try_send(command(reply)) {
            Ok(()) => answer.await.map_err(|_gone| ended())?,
            Err(mpsc::error::TrySendError::Full(_)) => Err(StoreError::Busy),
            Err(mpsc::error::TrySendError::Closed(_)) => Err(ended()),
        }
    }

    async fn scan(&self, range: key::Range) -> Result<Vec<(Vec<u8>, kv::Value)>, StoreError> {
        if range.limit <= SHORT_SCAN {
            return kv::scan(&self.shared.tree, &range);
        }
        let shared = Arc::clone(&self.shared);
        let scanning = tokio::task::spawn_blocking(move || kv::scan(&shared.tree, &range));
        scanning.await.map_err(|_panic| StoreError::index_damaged("A list could not be read"))?
    }
}

#[expect(clippy::needless_pass_by_value, reason = "stands where a value is handed on")]
fn stored<R: Record>(value: kv::Value) -> Result<Stored<R>, StoreError> {
    let row = collection::decode(R::COLLECTION, &value.body)?;
    Ok(Stored { row, version: Version::from_number(value.version) })
}

fn fits(commit: &Commit) -> Result<(), StoreError> {
    let operations = writer::cost(commit);
    if MAX_OPS < operations {
        return Err(StoreError::TooLarge { what: format!("A commit of {operations} operations") });
    }
    for op in &commit.ops {
        let (Op::Put { key, .. } | Op::Delete { key }) = op;
        let length = if let Op::Put { body, .. } = op { body.len() } else { 0 };
        if KEY_CAP < key.len() || ROW_CAP < length {
            return Err(StoreError::TooLarge { what: format!("A row of {length} bytes") });
        }
    }
    Ok(())
}

fn ended() -> StoreError {
    StoreError::stopped("its writer has ended")
}

#[cfg(test)]
mod tests;
