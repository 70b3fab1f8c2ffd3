//! `belfry compact`: sled's files grow with every change and never shrink. The index is built anew, without what is old,
//! beside the one there is, and takes its place when it is proven.

use std::path::Path;

use super::error::StoreError;
use super::{Progress, Settings, clean, files, open, schema, upkeep};

/// What it was and what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compacted {
    /// The whole store before, in bytes.
    pub before_bytes: u64,
    /// The whole store after.
    pub after_bytes: u64,
}

/// Compacts the stopped store in this folder.
pub(super) fn compact(
    folder: &Path,
    settings: Settings,
    progress: &mut dyn FnMut(Progress),
) -> Result<Compacted, StoreError> {
    let before_bytes = files::size_bytes(folder);
    let (mut log, shared) = open::open_parts(folder, settings, schema::VERSION, progress)?;
    let schema = log.segment().header.schema;
    log.rotate(schema)?;
    shared.set_tail(log.segment());
    upkeep::checkpoint(&shared, schema, log.mark())?;
    shared.tree.close()?;
    let aside = open::rebuild_stopped(&shared, log.mark(), progress)?;
    files::remove_folder(&aside)?;
    clean::leave(&shared.paths, shared.store, log.mark(), log.segment())?;
    Ok(Compacted { before_bytes, after_bytes: files::size_bytes(folder) })
}
