//! Work that is done beside the writer: making a checkpoint, and dropping what it makes needless.

use std::sync::atomic::Ordering;

use super::checkpoint::{self, Checkpoint, Header, Later};
use super::codec::Sum;
use super::error::StoreError;
use super::files;
use super::log::Mark;
use super::log::segment::Segment;
use super::shared::Shared;

/// Dumps all rows, proves the dump against the log, then drops the segments that it makes needless. The log has gone on
/// in a new segment after `from`.
pub(super) fn checkpoint(shared: &Shared, schema: u32, from: Mark) -> Result<(), StoreError> {
    let header = Header { store: shared.store, schema, from };
    files::make_folder(&shared.paths.checkpoints)?;
    let stopped = || shared.stopping.load(Ordering::SeqCst);
    let until = || shared.mark().sequence;
    let Some((path, trailer)) = checkpoint::dump(&shared.tree, &shared.paths.checkpoints, header, until, stopped)?
    else {
        return Err(StoreError::stopped("Belfry is stopping"));
    };
    let unfinished = files::unfinished(&path);
    let (later, expected) = changes_between(shared, from, trailer.until)?;
    let (_trailer, sum) = later.with_rows_of(&unfinished)?;
    if sum != expected {
        files::remove(&unfinished)?;
        return Err(shared.tree.fault("The rows of the index are not those of the log"));
    }
    let _held = shared.hold_files();
    files::finish(&unfinished, &path)?;
    let checkpoint = Checkpoint::inspect(&path)?;
    checkpoint.remove_others()?;
    shared.set_checkpoint(checkpoint);
    drop_segments_before(shared, from.sequence)
}

/// What the log changed after `from` up to and including `until`, and what all rows add up to then.
fn changes_between(shared: &Shared, from: Mark, until: u64) -> Result<(Later, Sum), StoreError> {
    let (mut later, mut expected) = (Later::default(), from.sum);
    let tail = shared.tail();
    for segment in Segment::list(&shared.paths.log)? {
        if segment.header.before.sequence < from.sequence || until <= segment.header.before.sequence {
            continue;
        }
        let length = if segment.path == tail.path { tail.length } else { segment.length };
        segment.frames(length, |frame| {
            if frame.mark().sequence <= until {
                later.note(frame);
                expected = frame.sum;
            }
            Ok(())
        })?;
    }
    Ok((later, expected))
}

/// Removes the segments that hold nothing after this commit. The last one stays.
fn drop_segments_before(shared: &Shared, sequence: u64) -> Result<(), StoreError> {
    let segments = Segment::list(&shared.paths.log)?;
    for pair in segments.windows(2) {
        if let [old, next] = pair
            && next.header.before.sequence <= sequence
        {
            files::remove(&old.path)?;
        }
    }
    files::sync_folder(&shared.paths.log)
}
