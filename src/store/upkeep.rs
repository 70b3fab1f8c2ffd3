//! Work that is done beside the writer: making a checkpoint, and dropping what it makes needless.

use std::sync::atomic::Ordering;

use super::checkpoint::{self, Checkpoint, Draft, Header};
use super::error::StoreError;
use super::files;
use super::log::Mark;
use super::log::segment::Segment;
use super::merge;
use super::shared::Shared;

/// Makes a checkpoint of everything up to `from`, then drops what it makes needless. The log has gone on in a new segment
/// after `from`. When the checkpoint before is damaged, the next one is made from the index.
pub(super) fn checkpoint(shared: &Shared, schema: u32, from: Mark) -> Result<(), StoreError> {
    let header = Header { store: shared.store, schema, from };
    let before = shared.checkpoint();
    let after = before.as_ref().map_or(0, |checkpoint| checkpoint.header.from.sequence);
    if before.is_some() && after == from.sequence {
        return Ok(());
    }
    let mut segments = Segment::list(&shared.paths.log)?;
    segments.retain(|segment| segment.header.before.sequence < from.sequence);
    let draft = Draft::begin(&shared.paths.checkpoints, header)?;
    let stopped = || shared.stopping.load(Ordering::SeqCst);
    let made = merge::checkpoint(before.as_ref(), &segments, header, draft, stopped).inspect_err(|error| {
        let damaged = matches!(error, StoreError::Damaged { .. });
        shared.damaged_files.fetch_or(damaged, Ordering::SeqCst);
    })?;
    let Some(checkpoint) = made else { return Err(StoreError::stopped("Belfry is stopping")) };
    take_over(shared, checkpoint)
}

/// Makes a checkpoint from the index, in the writer's own time: nothing is written meanwhile.
pub(super) fn checkpoint_of_index(shared: &Shared, schema: u32, from: Mark) -> Result<(), StoreError> {
    let header = Header { store: shared.store, schema, from };
    let checkpoint = checkpoint::of_index(&shared.tree, &shared.paths.checkpoints, header)?;
    shared.damaged_files.store(false, Ordering::SeqCst);
    take_over(shared, checkpoint)
}

/// A new checkpoint counts: the others and the segments that hold nothing after it go.
fn take_over(shared: &Shared, checkpoint: Checkpoint) -> Result<(), StoreError> {
    let _held = shared.hold_files();
    checkpoint.remove_others()?;
    let from = checkpoint.header.from.sequence;
    shared.set_checkpoint(checkpoint);
    let segments = Segment::list(&shared.paths.log)?;
    for pair in segments.windows(2) {
        if let [old, next] = pair
            && next.header.before.sequence <= from
        {
            files::remove(&old.path)?;
        }
    }
    files::sync_folder(&shared.paths.log)
}
