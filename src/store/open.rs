//! Opening: decides what the folder is, and brings index and log together.
//!
//! After a clean stop the index is taken as it is. After anything else the log is read, its torn end cut, what the index
//! lacks is replayed, and every row is compared with the log's digest. Whatever is wrong with the index, it is set aside
//! and built anew; nothing acknowledged can be lost to it. Damage to log or checkpoint is refused in words.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use tokio::sync::mpsc;

use super::checkpoint::{self, Checkpoint, Header as CheckpointHeader, Reader};
use super::codec::{self, Sum};
use super::error::StoreError;
use super::files;
use super::log::frame::{Frame, LogOp};
use super::log::segment::{End, Header, Segment};
use super::log::{self, Log, Mark};
use super::migrate::{self, Step};
use super::shared::{Lock, Opened, Paths, Shared};
use super::sled::{Batch, Tree, Walk};
use super::writer::Writer;
use super::{Progress, Settings, Store, clean, meta, schema};
use crate::base::id;

const STEP: u64 = 500;
const TELL_EVERY: u64 = 20_000;

pub(super) fn open(folder: &Path, settings: Settings, progress: &mut dyn FnMut(Progress)) -> Result<Store, StoreError> {
    open_at(folder, settings, (schema::VERSION, migrate::STEPS), progress)
}

/// Opens, brings the store to this schema version by these steps, and starts the writer.
pub(super) fn open_at(
    folder: &Path,
    settings: Settings,
    (schema, steps): (u32, &[Step]),
    progress: &mut dyn FnMut(Progress),
) -> Result<Store, StoreError> {
    let (log, shared) = open_parts(folder, settings, schema, progress)?;
    let (commands, receiver) = mpsc::channel(shared.settings.queue.max(1));
    let shared = Arc::new(shared);
    let mut writer = Writer { log, shared: Arc::clone(&shared), commands: receiver, stopped: None, checkpoint: None };
    migrate::run(&mut writer, steps, progress)?;
    let thread = std::thread::Builder::new().name("store-writer".to_owned());
    let writer = thread.spawn(move || writer.run()).map_err(StoreError::io("starting the store's writer"))?;
    Ok(Store { shared, commands, writer: Arc::new(Mutex::new(Some(writer))) })
}

/// The log and everything else of an opened store; the writer is not running yet.
pub(super) fn open_parts(
    folder: &Path,
    settings: Settings,
    schema: u32,
    progress: &mut dyn FnMut(Progress),
) -> Result<(Log, Shared), StoreError> {
    let paths = Paths::of(folder);
    files::make_folder(folder)?;
    let lock = Lock::take(&paths)?;
    remove_unfinished(&paths)?;
    files::make_folder(&paths.log)?;
    files::make_folder(&paths.checkpoints)?;
    let found = Found::look(&paths)?;
    let (log, store, tree, mark) = match found {
        None => create(&paths, &settings, schema)?,
        Some(ref found) if schema < found.schema => {
            return Err(StoreError::Newer { found: found.schema, known: schema });
        }
        Some(ref found) => bring_together(&paths, &settings, found, progress)?,
    };
    let checkpoint = Checkpoint::newest(&paths.checkpoints)?;
    let log_bytes = files::size_bytes(&paths.log);
    let opened = Opened { paths, settings, store, tree, mark, checkpoint, log_bytes, lock };
    let shared = Shared::new(opened, log.segment());
    Ok((log, shared))
}

/// What lies in the folder of a store that exists.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) store: u128,
    pub(super) schema: u32,
    /// The segments that are needed, oldest first: those that hold anything after the checkpoint.
    pub(super) segments: Vec<Segment>,
    pub(super) last: Segment,
    pub(super) checkpoint: Option<Checkpoint>,
}

impl Found {
    /// Looks; `None` when there is no store yet.
    pub(super) fn look(paths: &Paths) -> Result<Option<Self>, StoreError> {
        let mut segments = Segment::list(&paths.log)?;
        let checkpoint = Checkpoint::newest(&paths.checkpoints)?;
        let Some(last) = segments.last().cloned() else {
            if checkpoint.is_none() && !paths.index.exists() && !paths.clean.exists() {
                return Ok(None);
            }
            return Err(StoreError::damaged(
                format!("The log in {} is gone", paths.log.display()),
                "Nothing was changed: put the folder back, or restore the last backup into an empty folder",
            ));
        };
        let from = checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.header.from.sequence);
        let needed = segments.iter().rposition(|segment| segment.header.before.sequence <= from);
        let Some(needed) = needed else {
            let what = "the changes between the checkpoint and its first are missing";
            return Err(last.damaged(what));
        };
        segments.drain(..needed);
        let store = last.header.store;
        let stranger = segments.iter().find(|segment| segment.header.store != store);
        if let Some(stranger) = stranger {
            return Err(stranger.damaged("it belongs to another store"));
        }
        if checkpoint.as_ref().is_some_and(|checkpoint| checkpoint.header.store != store) {
            return Err(last.damaged("the checkpoint beside it belongs to another store"));
        }
        Ok(Some(Self { store, schema: last.header.schema, segments, last, checkpoint }))
    }
}

fn create(paths: &Paths, settings: &Settings, schema: u32) -> Result<(Log, u128, Tree, Mark), StoreError> {
    let store = u128::from_be_bytes(id::random());
    let header = Header { store, schema, salt: log::new_salt(), before: Mark::default() };
    let log = Log::begin(&paths.log, settings.segment_bytes, header)?;
    let tree = Tree::open(&paths.index, settings.cache_bytes)?;
    note_applied(&tree, store, Mark::default())?;
    Ok((log, store, tree, Mark::default()))
}

fn bring_together(
    paths: &Paths,
    settings: &Settings,
    found: &Found,
    progress: &mut dyn FnMut(Progress),
) -> Result<(Log, u128, Tree, Mark), StoreError> {
    if let Some(mark) = clean::take(paths, found.store, &found.last)?
        && let Ok(tree) = Tree::open(&paths.index, settings.cache_bytes)
        && matches!(meta::applied(&tree, found.store), Ok(Some(applied)) if applied == mark)
    {
        let log = Log::resume(found.last.clone(), settings.segment_bytes, mark)?;
        return Ok((log, found.store, tree, mark));
    }
    progress(Progress::ReadingLog);
    let end = read_log(found)?;
    if let Some((tree, mark)) = trusted_index(paths, settings, found, end.mark, progress) {
        let log = if end.mark.sequence < mark.sequence {
            repair_log(paths, settings, found, &tree, mark)?
        } else {
            resume(paths, settings, found, end)?
        };
        return Ok((log, found.store, tree, mark));
    }
    if let Some(lost) = newest_known(paths, settings, found).filter(|known| end.mark.sequence < *known) {
        return Err(found.last.damaged(&format!(
            "it ends with change {}, and the index, which is damaged too, knew change {lost}",
            end.mark.sequence
        )));
    }
    let tree = rebuild(paths, settings, found, end.mark, progress)?;
    let log = resume(paths, settings, found, end)?;
    Ok((log, found.store, tree, end.mark))
}

/// The end of the log: the last commit in it, and where its last file stops being whole.
#[derive(Clone, Copy, Debug)]
struct LogEnd {
    mark: Mark,
    end: End,
}

/// Reads the log from the checkpoint on. Where it ends before the checkpoint does, the checkpoint must stand for itself.
fn read_log(found: &Found) -> Result<LogEnd, StoreError> {
    let (mark, end) = log::read_all(&found.segments, |_frame| Ok(()))?;
    let Some(checkpoint) = &found.checkpoint else { return Ok(LogEnd { mark, end }) };
    if mark.sequence < checkpoint.header.from.sequence {
        return Ok(LogEnd { mark: checkpoint.header.from, end });
    }
    Ok(LogEnd { mark, end })
}

/// Opens the log for appending after its last whole frame.
fn resume(paths: &Paths, settings: &Settings, found: &Found, end: LogEnd) -> Result<Log, StoreError> {
    let mut last = found.last.clone();
    if let End::Torn(length) = end.end {
        last.cut(length)?;
    }
    let (own_end, _how) = last.frames(last.length, |_frame| Ok(()))?;
    if own_end.sequence == end.mark.sequence {
        return Log::resume(last, settings.segment_bytes, end.mark);
    }
    let header = Header { store: found.store, schema: found.schema, salt: log::new_salt(), before: end.mark };
    let log = Log::begin(&paths.log, settings.segment_bytes, header)?;
    files::remove(&last.path)?;
    Ok(log)
}

/// The index, when it can be opened, brought up to the log and every row proven.
fn trusted_index(
    paths: &Paths,
    settings: &Settings,
    found: &Found,
    end: Mark,
    progress: &mut dyn FnMut(Progress),
) -> Option<(Tree, Mark)> {
    if !paths.index.is_dir() {
        return None;
    }
    match catch_up(paths, settings, found, end, progress) {
        Ok(trusted) => trusted,
        Err(error) => {
            tracing::warn!(%error, "the index cannot be used as it is");
            None
        }
    }
}

fn catch_up(
    paths: &Paths,
    settings: &Settings,
    found: &Found,
    end: Mark,
    progress: &mut dyn FnMut(Progress),
) -> Result<Option<(Tree, Mark)>, StoreError> {
    let tree = Tree::open(&paths.index, settings.cache_bytes)?;
    let Some(applied) = meta::applied(&tree, found.store)? else { return Ok(None) };
    let first = found.segments.first().map_or(0, |segment| segment.header.before.sequence);
    if applied.sequence < first {
        return Ok(None);
    }
    replay(&tree, found, applied.sequence)?;
    let expected = if end.sequence < applied.sequence { applied } else { end };
    let sum = sum_of(&tree, progress)?;
    if sum != expected.sum {
        tracing::warn!("the rows of the index are not those of the log");
        return Ok(None);
    }
    Ok(Some((tree, expected)))
}

/// Applies what the log has after this commit, a frame at a time.
fn replay(tree: &Tree, found: &Found, after: u64) -> Result<(), StoreError> {
    let apply = |frame: &Frame| {
        if frame.mark().sequence <= after {
            return Ok(());
        }
        let mut batch = Batch::default();
        let mut version = frame.first;
        for ops in &frame.commits {
            for op in ops {
                match op {
                    LogOp::Put { key, shaped } => batch.put(key, codec::seal(key, version, shaped)),
                    LogOp::Delete { key } => batch.delete(key),
                }
            }
            version = version.saturating_add(1);
        }
        batch.put(meta::KEY, meta::encode(found.store, frame.mark()));
        tree.apply(batch)
    };
    log::read_all(&found.segments, apply).map(|_end| ())
}

/// What all rows of the index add up to; each is proven on the way.
pub(super) fn sum_of(tree: &Tree, progress: &mut dyn FnMut(Progress)) -> Result<Sum, StoreError> {
    let mut sum = Sum::default();
    tree.walk(|key, sealed| {
        if key != meta::KEY {
            codec::unseal(key, sealed)?;
            sum.add(key, sealed);
            if sum.rows % TELL_EVERY == 0 {
                progress(Progress::Checking { rows: sum.rows });
            }
        }
        Ok(Walk::On)
    })?;
    Ok(sum)
}

/// What the index says it has, when it can still say so.
fn newest_known(paths: &Paths, settings: &Settings, found: &Found) -> Option<u64> {
    let tree = Tree::open(&paths.index, settings.cache_bytes).ok()?;
    let applied = meta::applied(&tree, found.store).ok().flatten();
    applied.map(|mark| mark.sequence)
}

/// The log's end was damaged after it was written, and the index, proven whole, knows more: a checkpoint of the index
/// stands for the log up to there, and the log goes on after it.
fn repair_log(paths: &Paths, settings: &Settings, found: &Found, tree: &Tree, mark: Mark) -> Result<Log, StoreError> {
    tracing::warn!("the end of the log was damaged; the index has everything, and the log is written anew from it");
    let header = CheckpointHeader { store: found.store, schema: found.schema, from: mark };
    checkpoint::of_index(tree, &paths.checkpoints, header)?.remove_others()?;
    let header = Header { store: found.store, schema: found.schema, salt: log::new_salt(), before: mark };
    let log = Log::begin(&paths.log, settings.segment_bytes, header)?;
    for segment in Segment::list(&paths.log)? {
        if segment.path != log.segment().path {
            files::remove(&segment.path)?;
        }
    }
    files::sync_folder(&paths.log)?;
    Ok(log)
}

/// Sets the index aside and builds it anew from checkpoint and log.
pub(super) fn rebuild(
    paths: &Paths,
    settings: &Settings,
    found: &Found,
    end: Mark,
    progress: &mut dyn FnMut(Progress),
) -> Result<Tree, StoreError> {
    build(paths, settings, found, end, progress)?;
    set_aside(paths)?;
    files::finish(&paths.new_index, &paths.index)?;
    Tree::open(&paths.index, settings.cache_bytes)
}

/// Builds the index of a stopped store anew; gives the folder where the old one lies.
pub(super) fn rebuild_stopped(
    shared: &Shared,
    end: Mark,
    progress: &mut dyn FnMut(Progress),
) -> Result<PathBuf, StoreError> {
    let Some(found) = Found::look(&shared.paths)? else { return Err(StoreError::stopped("there is no store")) };
    build(&shared.paths, &shared.settings, &found, end, progress)?;
    let aside = set_aside(&shared.paths)?;
    files::finish(&shared.paths.new_index, &shared.paths.index)?;
    Ok(aside)
}

/// Builds a new index beside the old one, proves it and closes it.
fn build(
    paths: &Paths,
    settings: &Settings,
    found: &Found,
    end: Mark,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), StoreError> {
    files::remove_folder(&paths.new_index)?;
    let tree = Tree::open(&paths.new_index, settings.cache_bytes)?;
    let mut after = 0;
    if let Some(checkpoint) = &found.checkpoint {
        load(&tree, checkpoint, progress)?;
        after = checkpoint.header.from.sequence;
    }
    replay(&tree, found, after)?;
    note_applied(&tree, found.store, end)?;
    if sum_of(&tree, progress)? != end.sum {
        return Err(StoreError::damaged(
            "Checkpoint and log do not add up to what was written",
            "Nothing was changed: copy the folder as it is, then restore the last backup into an empty folder",
        ));
    }
    tree.close()
}

fn load(tree: &Tree, checkpoint: &Checkpoint, progress: &mut dyn FnMut(Progress)) -> Result<(), StoreError> {
    let mut reader = Reader::open(&checkpoint.path)?;
    let (mut batch, mut rows) = (Batch::default(), 0_u64);
    progress(Progress::Rebuilding { rows });
    while let Some((key, sealed)) = reader.next()? {
        batch.put(&key, sealed);
        rows = rows.saturating_add(1);
        if rows.is_multiple_of(STEP) {
            tree.apply(std::mem::take(&mut batch))?;
        }
        if rows.is_multiple_of(TELL_EVERY) {
            progress(Progress::Rebuilding { rows });
        }
    }
    tree.apply(batch)
}

fn note_applied(tree: &Tree, store: u128, mark: Mark) -> Result<(), StoreError> {
    let mut batch = Batch::default();
    batch.put(meta::KEY, meta::encode(store, mark));
    tree.apply(batch)
}

/// The index that is replaced is kept, for whoever wants to look; the one kept before it goes.
fn set_aside(paths: &Paths) -> Result<PathBuf, StoreError> {
    let aside = paths.folder.join("index.set-aside");
    if paths.index.exists() {
        files::remove_folder(&aside)?;
        files::finish(&paths.index, &aside)?;
    }
    Ok(aside)
}

/// Removes what an interrupted checkpoint, segment or rebuild left.
fn remove_unfinished(paths: &Paths) -> Result<(), StoreError> {
    for folder in [&paths.folder, &paths.log, &paths.checkpoints] {
        for path in files::list(folder, files::UNFINISHED)? {
            files::remove(&path)?;
        }
    }
    if paths.new_index.exists() {
        fs::remove_dir_all(&paths.new_index).map_err(StoreError::io_at("removing", &paths.new_index))?;
    }
    Ok(())
}
