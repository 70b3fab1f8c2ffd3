//! Backups: the checkpoint and the log, copied to another folder while serving, proven by reading back, and brought back
//! to any moment they hold. A backup has the layout of a store without its index, so it can be opened like one.
//!
//! Copying again takes only what is new, so it can be done every few seconds. It keeps one line of history: what the
//! store no longer needs goes from the copy too. Who wants older moments keeps copies in several folders.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom, Write, copy};
use std::path::Path;

use super::checkpoint::Checkpoint;
use super::error::StoreError;
use super::files;
use super::log::segment::{End, HEADER_BYTES, Header, Segment};
use super::log::{self, Log, Mark};
use super::open;
use super::shared::{Paths, Shared};
use super::{Progress, Settings, clean};
use crate::base::clock::At;

/// What a backup holds after it was copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// The last commit in it.
    pub sequence: u64,
    /// When that was.
    pub at: At,
    /// Copied this time.
    pub bytes: u64,
}

/// Copies what this folder lacks, and proves what was copied.
pub(super) fn copy_to(shared: &Shared, target: &Path) -> Result<Copied, StoreError> {
    let to = Paths::of(target);
    files::make_folder(target)?;
    files::make_folder(&to.log)?;
    files::make_folder(&to.checkpoints)?;
    refuse_strangers(&to, shared.store)?;
    let _held = shared.hold_files();
    let tail = shared.tail();
    let segments: Vec<Segment> =
        Segment::list(&shared.paths.log)?.into_iter().filter(|segment| segment.path <= tail.path).collect();
    let checkpoint = shared.checkpoint();
    let mut bytes = 0;
    let mut changed = Vec::new();
    for segment in &segments {
        let length = if segment.path == tail.path { tail.length } else { segment.length };
        let copied = copy_segment(segment, length, &to.log)?;
        if 0 < copied {
            changed.push(to.log.join(segment.path.file_name().unwrap_or_default()));
        }
        bytes += copied;
    }
    if let Some(checkpoint) = &checkpoint {
        bytes += copy_checkpoint(checkpoint, &to.checkpoints)?;
    }
    for path in changed {
        read_back(&path)?;
    }
    prune(&to, &segments, checkpoint.as_ref())?;
    let mark = end_of(&to)?;
    Ok(Copied { sequence: mark.sequence, at: mark.at, bytes })
}

fn refuse_strangers(to: &Paths, store: u128) -> Result<(), StoreError> {
    let of_another = Segment::list(&to.log)?.iter().any(|segment| segment.header.store != store);
    if of_another || to.index.exists() {
        return Err(StoreError::damaged(
            format!("The folder {} holds another store or its backup", to.folder.display()),
            "Nothing was changed: choose an empty folder",
        ));
    }
    Ok(())
}

/// Copies the part of a segment that the target lacks. A target whose head differs is another segment, and is replaced.
fn copy_segment(segment: &Segment, length: u64, folder: &Path) -> Result<u64, StoreError> {
    let target = folder.join(segment.path.file_name().unwrap_or_default());
    let failed = |error| StoreError::io_at("copying to", &target)(error);
    let mut from = File::open(&segment.path).map_err(StoreError::io_at("opening", &segment.path))?;
    let there = fs::metadata(&target).map_or(0, |meta| meta.len());
    if there == 0 || length < there || head(&target) != Some(segment.header) {
        let unfinished = files::unfinished(&target);
        let mut to = File::create(&unfinished).map_err(failed)?;
        copy(&mut from.take(length), &mut to).and_then(|_bytes| to.sync_all()).map_err(failed)?;
        files::finish(&unfinished, &target)?;
        return Ok(length);
    }
    if there == length {
        return Ok(0);
    }
    let mut to = File::options().append(true).open(&target).map_err(failed)?;
    from.seek(SeekFrom::Start(there)).map_err(failed)?;
    copy(&mut from.take(length - there), &mut to).and_then(|_bytes| to.sync_all()).map_err(failed)?;
    Ok(length - there)
}

fn head(path: &Path) -> Option<Header> {
    let mut bytes = [0; HEADER_BYTES];
    File::open(path).ok()?.read_exact(&mut bytes).ok()?;
    Header::decode(&bytes)
}

fn copy_checkpoint(checkpoint: &Checkpoint, folder: &Path) -> Result<u64, StoreError> {
    let target = folder.join(checkpoint.path.file_name().unwrap_or_default());
    if Checkpoint::inspect(&target)
        .is_ok_and(|there| there.header == checkpoint.header && there.length == checkpoint.length)
    {
        return Ok(0);
    }
    let unfinished = files::unfinished(&target);
    let failed = |error| StoreError::io_at("copying to", &unfinished)(error);
    let mut from = File::open(&checkpoint.path).map_err(StoreError::io_at("opening", &checkpoint.path))?;
    let mut to = File::create(&unfinished).map_err(failed)?;
    copy(&mut from, &mut to).and_then(|_bytes| to.flush()).and_then(|()| to.sync_all()).map_err(failed)?;
    Checkpoint::inspect(&unfinished)?.prove()?;
    files::finish(&unfinished, &target)?;
    Ok(checkpoint.length)
}

fn read_back(path: &Path) -> Result<(), StoreError> {
    let segment = Segment::inspect(path)?;
    match segment.frames(segment.length, |_frame| Ok(()))? {
        (_mark, End::Whole) => Ok(()),
        (_mark, End::Torn(_)) => Err(segment.damaged("its end was not copied whole")),
    }
}

/// Removes what the store no longer has.
fn prune(to: &Paths, segments: &[Segment], checkpoint: Option<&Checkpoint>) -> Result<(), StoreError> {
    if let Some(checkpoint) = checkpoint {
        let kept = to.checkpoints.join(checkpoint.path.file_name().unwrap_or_default());
        Checkpoint::inspect(&kept)?.remove_others()?;
    }
    for there in Segment::list(&to.log)? {
        if !segments.iter().any(|segment| segment.path.file_name() == there.path.file_name()) {
            files::remove(&there.path)?;
        }
    }
    files::sync_folder(&to.log)
}

/// The last commit of a backup whose files were proven.
fn end_of(paths: &Paths) -> Result<Mark, StoreError> {
    let found = open::Found::look(paths)?.ok_or_else(|| no_backup(paths))?;
    let (mark, _end) = found.last.frames(found.last.length, |_frame| Ok(()))?;
    Ok(mark)
}

/// Reads a backup from end to end; gives the first commit that it can be brought back to.
fn prove(paths: &Paths) -> Result<u64, StoreError> {
    let found = open::Found::look(paths)?.ok_or_else(|| no_backup(paths))?;
    log::read_all(&found.segments, |_frame| Ok(()))?;
    let Some(checkpoint) = &found.checkpoint else { return Ok(0) };
    checkpoint.prove()?;
    Ok(checkpoint.header.from.sequence)
}

fn no_backup(paths: &Paths) -> StoreError {
    StoreError::damaged(
        format!("There is no backup in {}", paths.folder.display()),
        "Name the folder that holds its folders `log` and `checkpoints`",
    )
}

/// Brings a backup back as a new store in a folder that is empty or not there, up to and including this moment, or whole.
/// What is in the backup stays as it is.
pub(super) fn restore(
    from: &Path,
    to: &Path,
    until: Option<At>,
    settings: Settings,
    progress: &mut dyn FnMut(Progress),
) -> Result<Mark, StoreError> {
    let source = Paths::of(from);
    let occupied = fs::read_dir(to).is_ok_and(|mut entries| entries.next().is_some());
    if occupied {
        return Err(StoreError::damaged(
            format!("The folder {} is not empty", to.display()),
            "Nothing was changed: choose an empty folder",
        ));
    }
    let earliest = prove(&source)?;
    let unfinished = files::unfinished(to);
    files::remove_folder(&unfinished)?;
    let target = Paths::of(&unfinished);
    files::make_folder(&target.log)?;
    files::make_folder(&target.checkpoints)?;
    if let Some(checkpoint) = Checkpoint::newest(&source.checkpoints)? {
        copy_checkpoint(&checkpoint, &target.checkpoints)?;
    }
    for segment in Segment::list(&source.log)? {
        copy_segment(&segment, segment.length, &target.log)?;
    }
    cut_after(&target, until, earliest, &settings)?;
    let (log, shared) = open::open_parts(&unfinished, settings, u32::MAX, progress)?;
    let mark = shared.mark();
    shared.tree.close()?;
    clean::leave(&target, shared.store, mark, log.segment())?;
    drop((log, shared));
    files::remove_folder(to)?;
    files::finish(&unfinished, to)?;
    Ok(mark)
}

/// Ends the log with the last group at or before this moment. What follows goes in a new segment, so that a backup of
/// the store that was restored never mistakes one history for the other.
fn cut_after(target: &Paths, until: Option<At>, earliest: u64, settings: &Settings) -> Result<(), StoreError> {
    let mut kept = Mark::default();
    let mut last: Option<(Segment, Mark)> = None;
    for mut segment in Segment::list(&target.log)? {
        let (mut length, mut mark, mut reached) =
            (u64::try_from(HEADER_BYTES).unwrap_or(0), segment.header.before, false);
        segment.frames(segment.length, |frame| {
            reached = reached || until.is_some_and(|until| until < frame.at);
            if !reached {
                mark = frame.mark();
                length += u64::try_from(frame.encode(segment.header.salt).len()).unwrap_or(0);
            }
            Ok(())
        })?;
        if last.is_some() && reached && mark == segment.header.before {
            files::remove(&segment.path)?;
            continue;
        }
        segment.cut(length)?;
        kept = mark;
        last = Some((segment, mark));
    }
    let Some((segment, mark)) = last else { return Err(no_backup(target)) };
    if mark.sequence < earliest || until.is_some_and(|until| until < mark.at) {
        return Err(StoreError::damaged(
            "This backup does not go back as far as that moment",
            "Nothing was changed: choose a later moment, or an older backup",
        ));
    }
    Log::resume(segment.clone(), settings.segment_bytes, kept)?.rotate(segment.header.schema)
}
