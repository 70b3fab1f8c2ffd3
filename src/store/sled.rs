//! sled as the index of the log: one tree, asked in small pieces, never trusted.
//!
//! Whatever sled answers with an error, a panic or a wrong byte becomes [`StoreError::Damaged`] and marks the index as
//! not to be trusted: the next open then checks it against the log and builds it anew where they differ.

use std::any::Any;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock};

use super::error::StoreError;
use super::key::{Direction, Range};

/// sled's one tree. Closing waits for the reads that are under way.
#[derive(Debug)]
pub(super) struct Tree {
    db: RwLock<Option<::sled::Db>>,
    distrusted: AtomicBool,
}

/// Puts and removals that sled applies together or not at all.
#[derive(Debug, Default)]
pub(super) struct Batch(::sled::Batch);

impl Batch {
    pub(super) fn put(&mut self, key: &[u8], value: Vec<u8>) {
        self.0.insert(key, value);
    }
    pub(super) fn delete(&mut self, key: &[u8]) {
        self.0.remove(key);
    }
}

/// The bytes of a value; shares sled's copy.
pub(super) type Slice = ::sled::IVec;

impl Tree {
    /// Opens the folder, or makes it. Half-written recovery files, which stop sled from opening, are removed first:
    /// it writes them anew.
    pub(super) fn open(folder: &Path, cache_bytes: u64) -> Result<Self, StoreError> {
        remove_half_written(folder)?;
        let config = ::sled::Config::new()
            .path(folder)
            .cache_capacity(cache_bytes)
            .mode(::sled::Mode::LowSpace)
            .flush_every_ms(Some(1000))
            .use_compression(false);
        let db = guarded("open", || config.open())?;
        Ok(Self { db: RwLock::new(Some(db)), distrusted: AtomicBool::new(false) })
    }

    pub(super) fn get(&self, key: &[u8]) -> Result<Option<Slice>, StoreError> {
        self.with("read", |db| db.get(key))
    }

    pub(super) fn range(&self, range: &Range) -> Result<Vec<(Vec<u8>, Slice)>, StoreError> {
        if range.is_empty() {
            return Ok(Vec::new());
        }
        self.with("list", |db| {
            let pairs = db.range((range.lower.clone(), range.upper.clone()));
            let owned = |pair: ::sled::Result<(Slice, Slice)>| pair.map(|(key, value)| (key.to_vec(), value));
            match range.direction {
                Direction::Forward => pairs.take(range.limit).map(owned).collect(),
                Direction::Backward => pairs.rev().take(range.limit).map(owned).collect(),
            }
        })
    }

    /// How many pairs lie in a range, up to its limit.
    pub(super) fn count(&self, range: &Range) -> Result<usize, StoreError> {
        if range.is_empty() {
            return Ok(0);
        }
        self.with("count", |db| {
            let keys = db.range((range.lower.clone(), range.upper.clone())).keys();
            keys.take(range.limit).try_fold(0_usize, |count, key| key.map(|_key| count.saturating_add(1)))
        })
    }

    pub(super) fn apply(&self, batch: Batch) -> Result<(), StoreError> {
        self.with("write", |db| db.apply_batch(batch.0))
    }

    pub(super) fn size_bytes(&self) -> Result<u64, StoreError> {
        self.with("measure", ::sled::Db::size_on_disk)
    }

    /// Calls `each` with every pair in key order, a few hundred at a time, until it says stop.
    pub(super) fn walk(
        &self,
        mut each: impl FnMut(&[u8], &[u8]) -> Result<Walk, StoreError>,
    ) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let pairs = self.range(&Range::onward(after, 500))?;
            for (key, value) in &pairs {
                if each(key, value)? == Walk::Stop {
                    return Ok(());
                }
            }
            match pairs.into_iter().next_back() {
                Some((key, _value)) => after = Some(key),
                None => return Ok(()),
            }
        }
    }

    /// Writes out what sled holds and lets go of its files. Waits for reads that are under way.
    pub(super) fn close(&self) -> Result<(), StoreError> {
        let db = self.db.write().unwrap_or_else(PoisonError::into_inner).take();
        let Some(db) = db else { return Ok(()) };
        let flushed = guarded("flush", || db.flush());
        let dropped = guarded("close", move || {
            drop(db);
            Ok(())
        });
        flushed.and(dropped)
    }

    /// Something read here was wrong: the next open checks everything.
    pub(super) fn distrust(&self) {
        self.distrusted.store(true, Ordering::SeqCst);
    }

    pub(super) fn is_distrusted(&self) -> bool {
        self.distrusted.load(Ordering::SeqCst)
    }

    /// An error that says so, after marking the index as not to be trusted.
    pub(super) fn fault(&self, what: &str) -> StoreError {
        self.distrust();
        StoreError::index_damaged(what)
    }

    fn with<T>(&self, doing: &str, step: impl FnOnce(&::sled::Db) -> ::sled::Result<T>) -> Result<T, StoreError> {
        let db = self.db.read().unwrap_or_else(PoisonError::into_inner);
        let Some(db) = db.as_ref() else { return Err(StoreError::stopped("Belfry is stopping")) };
        guarded(doing, || step(db)).inspect_err(|_error| self.distrust())
    }
}

/// Whether a walk goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Walk {
    On,
    Stop,
}

/// Runs a step inside sled; an error or a panic in it is damage to the index.
fn guarded<T>(doing: &str, step: impl FnOnce() -> ::sled::Result<T>) -> Result<T, StoreError> {
    match catch_unwind(AssertUnwindSafe(step)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(StoreError::index_damaged(format!("The index could not {doing}: {error}"))),
        Err(panic) => Err(StoreError::index_damaged(format!("The index could not {doing}: {}", said(&*panic)))),
    }
}

fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it gave up").to_owned()
}

fn remove_half_written(folder: &Path) -> Result<(), StoreError> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder).map_err(StoreError::io_at("reading", folder))? {
        let path = entry.map_err(StoreError::io_at("reading", folder))?.path();
        if path.extension().is_some_and(|extension| extension == "generating") {
            fs::remove_file(&path).map_err(StoreError::io_at("removing", &path))?;
        }
    }
    Ok(())
}
