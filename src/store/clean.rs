//! The note that a stop was clean: the last commit, and what the files were. It is removed before anything is written
//! again. With it, and the files as they were, an open neither replays nor scans.

use std::fs;
use std::path::Path;

use xxhash_rust::xxh3::Xxh3;

use super::error::StoreError;
use super::files;
use super::log::Mark;
use super::log::segment::Segment;
use super::meta;
use super::shared::{Paths, Shared};

/// Closes the index and, when everything that was answered is in it, leaves the note.
pub(super) fn close(shared: &Shared, whole: bool) -> Result<(), StoreError> {
    let mark = shared.mark();
    let trusted = whole && !shared.tree.is_distrusted();
    shared.tree.close()?;
    if !trusted {
        return Ok(());
    }
    let tail = shared.tail();
    files::write_whole(&shared.paths.clean, &note(&shared.paths, shared.store, mark, &tail.path, tail.length))
}

/// Leaves the note for an index that was just built and closed.
pub(super) fn leave(paths: &Paths, store: u128, mark: Mark, last: &Segment) -> Result<(), StoreError> {
    files::write_whole(&paths.clean, &note(paths, store, mark, &last.path, last.length))
}

/// Takes the note away, durably, and says whether it was true: the files are those of a clean stop after this commit.
pub(super) fn take(paths: &Paths, store: u128, last: &Segment) -> Result<Option<Mark>, StoreError> {
    let Ok(found) = fs::read(&paths.clean) else { return Ok(None) };
    files::remove(&paths.clean)?;
    files::sync_folder(&paths.folder)?;
    let Some((mark_bytes, _files)) = found.split_last_chunk::<8>() else { return Ok(None) };
    let Some((_store, mark)) = meta::decode(mark_bytes) else { return Ok(None) };
    let expected = note(paths, store, mark, &last.path, last.length);
    Ok((found == expected).then_some(mark))
}

fn note(paths: &Paths, store: u128, mark: Mark, tail: &Path, tail_length: u64) -> Vec<u8> {
    let mut hash = Xxh3::new();
    hash.update(tail.file_name().unwrap_or_default().as_encoded_bytes());
    hash.update(&tail_length.to_be_bytes());
    of_folder(&paths.index, &mut hash);
    let mut out = meta::encode(store, mark);
    out.extend_from_slice(&hash.digest().to_be_bytes());
    out
}

/// The names and lengths of sled's files, and the content of all but its data file, which is proven row by row.
fn of_folder(folder: &Path, hash: &mut Xxh3) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_owned();
        hash.update(name.as_encoded_bytes());
        hash.update(&fs::metadata(&path).map_or(0, |meta| meta.len()).to_be_bytes());
        if name != "db" && path.is_file() {
            hash.update(&fs::read(&path).unwrap_or_default());
        }
    }
}
