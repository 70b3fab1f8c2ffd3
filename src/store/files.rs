//! Files that come into being whole: written aside, synced, renamed, and the folder synced.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::error::StoreError;

/// What a file is called until it is whole. Left-overs are removed at open.
pub(super) const UNFINISHED: &str = "unfinished";

/// Writes a small file, durably, under its final name only when it is whole.
pub(super) fn write_whole(path: &Path, content: &[u8]) -> Result<(), StoreError> {
    let unfinished = unfinished(path);
    let mut file = File::create(&unfinished).map_err(StoreError::io_at("creating", &unfinished))?;
    file.write_all(content).and_then(|()| file.sync_all()).map_err(StoreError::io_at("writing", &unfinished))?;
    finish(&unfinished, path)
}

/// The name a file has until it is whole.
pub(super) fn unfinished(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(UNFINISHED);
    PathBuf::from(name)
}

/// Gives a synced file or folder its final name, durably.
pub(super) fn finish(unfinished: &Path, path: &Path) -> Result<(), StoreError> {
    fs::rename(unfinished, path).map_err(StoreError::io_at("renaming", unfinished))?;
    sync_folder_of(path)
}

/// Makes names in the folder of this path durable.
pub(super) fn sync_folder_of(path: &Path) -> Result<(), StoreError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    sync_folder(folder)
}

/// Makes names in this folder durable.
pub(super) fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    File::open(folder).and_then(|opened| opened.sync_all()).map_err(StoreError::io_at("syncing", folder))
}

/// Makes a folder, and its name durable.
pub(super) fn make_folder(folder: &Path) -> Result<(), StoreError> {
    if folder.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(folder).map_err(StoreError::io_at("making the folder", folder))?;
    sync_folder_of(folder)
}

/// Removes a file if it is there; its going needs not be durable.
pub(super) fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(StoreError::io_at("removing", path)(error)),
        _ => Ok(()),
    }
}

/// Removes a folder and all in it, if it is there.
pub(super) fn remove_folder(folder: &Path) -> Result<(), StoreError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(StoreError::io_at("removing", folder)(error)),
        _ => Ok(()),
    }
}

/// The files in a folder with this extension, sorted; none when there is no such folder.
pub(super) fn list(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, StoreError> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(StoreError::io_at("reading", folder))? {
        let path = entry.map_err(StoreError::io_at("reading", folder))?.path();
        if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// What a file or a folder takes on the disk, in bytes, as far as it can be read.
pub(super) fn size_bytes(path: &Path) -> u64 {
    let Ok(meta) = fs::symlink_metadata(path) else { return 0 };
    if !meta.is_dir() {
        return meta.len();
    }
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries.map(|entry| size_bytes(&entry.path())).fold(0, u64::saturating_add)
}
