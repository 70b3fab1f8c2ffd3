//! The file of the Practice service: what happened, one line a request, in order; and the pictures beside it.
//!
//! A line is answered for only once it is on disk; requests that come together share one sync. A last line that was
//! torn by a crash is cut off at opening; a line that cannot be read before a good one ends the opening. The file is
//! locked, so that two processes never write to it.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The first line: says what the file is and in which form.
const HEADER: &str = "{\"belfry_practice\":1}\n";

/// Why the file cannot be opened or written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Another process has it open.
    #[error("{0} is in use by another process")]
    InUse(PathBuf),
    /// It is something else, or of a newer version.
    #[error("{0} is not a file of the Practice network, or one of a newer version")]
    NotOurs(PathBuf),
    /// A line before the last cannot be read.
    #[error("line {line} of {path} cannot be read: {reason}")]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
        /// Why.
        reason: String,
    },
    /// The disk says no.
    #[error("{path}: {error}")]
    Disk {
        /// Which file.
        path: PathBuf,
        /// What it said.
        error: io::Error,
    },
}

/// The open file. Lines are appended under the caller's lock; waiting for the disk is not.
#[derive(Debug)]
pub(super) struct Log {
    path: PathBuf,
    file: File,
    /// How long the good part of the file is.
    good_bytes: u64,
    disk: Arc<Disk>,
}

/// What waits for the disk, shared by all requests.
#[derive(Debug)]
pub(super) struct Disk {
    file: File,
    written: AtomicU64,
    synced: Mutex<u64>,
}

impl Log {
    /// Opens the file, makes it where there is none, and gives its lines.
    pub(super) fn open<T: DeserializeOwned>(path: &Path) -> Result<(Self, Vec<T>), FileError> {
        let disk_error = |error: io::Error| FileError::Disk { path: path.to_owned(), error };
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(disk_error)?;
        }
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(disk_error)?;
        file.try_lock().map_err(|error| match error {
            std::fs::TryLockError::WouldBlock => FileError::InUse(path.to_owned()),
            std::fs::TryLockError::Error(error) => disk_error(error),
        })?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(disk_error)?;
        let (lines, good) = read_lines(path, &bytes)?;
        let mut good_bytes = u64::try_from(good).unwrap_or(u64::MAX);
        file.set_len(good_bytes).map_err(disk_error)?;
        file.seek(SeekFrom::End(0)).map_err(disk_error)?;
        if good == 0 {
            file.write_all(HEADER.as_bytes()).map_err(disk_error)?;
            good_bytes = u64::try_from(HEADER.len()).unwrap_or(u64::MAX);
        }
        file.sync_all().map_err(disk_error)?;
        let copy = file.try_clone().map_err(disk_error)?;
        let disk = Arc::new(Disk { file: copy, written: AtomicU64::new(0), synced: Mutex::new(0) });
        Ok((Self { path: path.to_owned(), file, good_bytes, disk }, lines))
    }

    /// Appends a line. It is on disk only after [`Disk::wait`].
    pub(super) fn append<T: Serialize>(&mut self, line: &T) -> io::Result<()> {
        let mut bytes = serde_json::to_vec(line)?;
        bytes.push(b'\n');
        if let Err(error) = self.file.write_all(&bytes) {
            // Half a line before a good one would make the file unreadable.
            self.file.set_len(self.good_bytes)?;
            self.file.seek(SeekFrom::End(0))?;
            return Err(error);
        }
        self.good_bytes = self.good_bytes.saturating_add(u64::try_from(bytes.len()).unwrap_or(0));
        self.disk.written.fetch_add(1, Ordering::AcqRel);
        Ok(())
    }

    /// How many lines were appended, and where to wait for them.
    pub(super) fn written(&self) -> (u64, Arc<Disk>) {
        (self.disk.written.load(Ordering::Acquire), Arc::clone(&self.disk))
    }

    /// Where the pictures are: a folder beside the file.
    pub(super) fn pictures(&self) -> PathBuf {
        let mut folder = self.path.clone().into_os_string();
        folder.push(".media");
        PathBuf::from(folder)
    }
}

impl Disk {
    /// Returns once this many lines are on disk.
    pub(super) fn wait(&self, lines: u64) -> io::Result<()> {
        let mut synced = self.synced.lock().unwrap_or_else(PoisonError::into_inner);
        if *synced < lines {
            let written = self.written.load(Ordering::Acquire);
            self.file.sync_data()?;
            *synced = written;
        }
        Ok(())
    }
}

/// Stores a picture under its digest, once.
pub(super) fn store_picture(folder: &Path, digest: &str, bytes: &[u8]) -> io::Result<()> {
    let path = folder.join(digest);
    if path.exists() {
        return Ok(());
    }
    std::fs::create_dir_all(folder)?;
    let unfinished = folder.join(format!("{digest}.new"));
    let mut file = File::create(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&unfinished, &path)?;
    File::open(folder)?.sync_all()
}

/// The lines after the header, and how many bytes of the file are good.
fn read_lines<T: DeserializeOwned>(path: &Path, bytes: &[u8]) -> Result<(Vec<T>, usize), FileError> {
    let Some(rest) = bytes.strip_prefix(HEADER.as_bytes()) else {
        // A crash during the very first write leaves a beginning of the header, or nothing.
        let unfinished = HEADER.as_bytes().starts_with(bytes);
        return if unfinished { Ok((Vec::new(), 0)) } else { Err(FileError::NotOurs(path.to_owned())) };
    };
    let mut lines = Vec::new();
    let mut good = HEADER.len();
    let mut pieces = rest.split_inclusive(|byte| *byte == b'\n').zip(2_usize..).peekable();
    while let Some((piece, line)) = pieces.next() {
        match serde_json::from_slice(piece) {
            Ok(read) if piece.ends_with(b"\n") => lines.push(read),
            Ok(_) | Err(_) if pieces.peek().is_none() => break,
            Ok(_) => break,
            Err(error) => {
                return Err(FileError::Damaged { path: path.to_owned(), line, reason: error.to_string() });
            }
        }
        good = good.saturating_add(piece.len());
    }
    Ok((lines, good))
}
