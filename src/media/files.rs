//! The file area: `<data>/media/ab/<sha256 in hex>`, each file named by the digest of its bytes.
//!
//! A file appears under its name only when it is whole and on disk: it is written beside, synced, renamed, and the folder
//! is synced. What was begun and not finished is removed when it is dropped, or at the next start. Nothing here knows what
//! a file is good for; who removes one must know that nothing names it.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

use data_encoding::HEXLOWER;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sha2::{Digest, Sha256};

use super::MediaError;
use crate::base::clock::At;
use crate::store::StoreKey;

/// Space that is left free for the store, whatever else happens.
pub const FLOOR_BYTES: u64 = 256 << 20;

/// Free space is looked at again each time this much has been written.
const LOOK_EVERY_BYTES: u64 = 8 << 20;

/// Small pieces are gathered up to this size before they are written.
const GATHER_BYTES: usize = 256 << 10;

/// The name of a file: the SHA-256 of its bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId([u8; 32]);

impl FileId {
    /// The id with this digest.
    pub const fn from_bytes(digest: [u8; 32]) -> Self {
        Self(digest)
    }

    /// The digest.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for FileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for FileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileId({self})")
    }
}

impl FromStr for FileId {
    type Err = NotAFileId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = HEXLOWER.decode(text.as_bytes()).map_err(|_error| NotAFileId)?;
        bytes.try_into().map(Self).map_err(|_bytes| NotAFileId)
    }
}

impl Serialize for FileId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { serializer.collect_str(self) } else { serializer.serialize_bytes(&self.0) }
    }
}

impl<'de> Deserialize<'de> for FileId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            std::borrow::Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(D::Error::custom)
        } else {
            serde_bytes::ByteArray::<32>::deserialize(deserializer).map(|bytes| Self(bytes.into_array()))
        }
    }
}

impl StoreKey for FileId {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        <[u8; 32]>::read(bytes).map(Self)
    }
}

/// The text is not 64 small hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a file")]
pub struct NotAFileId;

/// The file area. Cheap to clone.
#[derive(Clone, Debug)]
pub struct MediaFiles {
    root: Arc<Path>,
    floor_bytes: u64,
}

/// Held while a file gets its name or loses it, so that what is taken in anew is not swept away as unused.
static NAMING: Mutex<()> = Mutex::new(());

impl MediaFiles {
    /// The area in this folder (`<data>/media`). `floor_bytes` of the disk stay free ([`FLOOR_BYTES`]).
    pub fn at(root: impl Into<PathBuf>, floor_bytes: u64) -> Self {
        Self { root: root.into().into(), floor_bytes }
    }

    /// Opens the area in this folder, makes it where it is missing, and removes what a crash left unfinished. Blocks;
    /// for the start, before anything is written.
    pub fn open(root: impl Into<PathBuf>, floor_bytes: u64) -> Result<Self, MediaError> {
        let files = Self::at(root, floor_bytes);
        let unfinished = files.unfinished();
        fs::create_dir_all(&unfinished)?;
        for entry in fs::read_dir(&unfinished)? {
            fs::remove_file(entry?.path())?;
        }
        Ok(files)
    }

    /// Where a file's bytes are, whether it is there or not.
    pub fn path(&self, id: &FileId) -> PathBuf {
        let name = id.to_string();
        self.root.join(name.get(..2).unwrap_or_default()).join(name)
    }

    /// Begins a file of at most `cap_bytes`. `now` is noted as the time it was last taken in.
    pub fn create(&self, cap_bytes: u64, now: At) -> Result<NewFile, MediaError> {
        let unfinished = self.unfinished();
        if !unfinished.exists() {
            fs::create_dir_all(&unfinished)?;
        }
        self.look_at_space()?;
        let path = unfinished.join(crate::base::id::random_token());
        let file = OpenOptions::new().write(true).read(true).create_new(true).open(&path)?;
        Ok(NewFile(Some(Draft {
            files: self.clone(),
            path: Leftover(path),
            file,
            gathered: Vec::new(),
            hash: Sha256::new(),
            size_bytes: 0,
            looked_at: 0,
            cap_bytes,
            now: now.to_timestamp(),
        })))
    }

    /// Removes a file if it was last taken in before `before`; says whether it did. Blocks.
    pub fn remove_older(&self, id: &FileId, before: At) -> Result<bool, MediaError> {
        let path = self.path(id);
        let _naming = NAMING.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(taken_in) = taken_in_at(&path)? else { return Ok(false) };
        if before <= taken_in {
            return Ok(false);
        }
        fs::remove_file(path)?;
        Ok(true)
    }

    /// The files of one of the 256 folders that were last taken in before `before`. Blocks.
    pub fn list_older(&self, folder: u8, before: At) -> Result<Vec<FileId>, MediaError> {
        let folder = self.root.join(HEXLOWER.encode(&[folder]));
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
        let mut older = Vec::new();
        for entry in entries {
            let entry = entry?;
            // What is not named by a digest is not ours.
            let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<FileId>().ok()) else { continue };
            if taken_in_at(&entry.path())?.is_some_and(|taken_in| taken_in < before) {
                older.push(id);
            }
        }
        Ok(older)
    }

    fn unfinished(&self) -> PathBuf {
        self.root.join("unfinished")
    }

    fn look_at_space(&self) -> Result<(), MediaError> {
        let free_bytes = fs4::available_space(&self.root)?;
        if free_bytes < self.floor_bytes {
            return Err(MediaError::DiskFull { free_bytes });
        }
        Ok(())
    }
}

/// A file that is being written. Dropped before [`NewFile::finish`], it leaves nothing behind.
#[derive(Debug)]
pub struct NewFile(Option<Draft>);

impl NewFile {
    /// Adds bytes; refuses what goes beyond the cap. After an error, or when the caller stopped waiting, the file is gone.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), MediaError> {
        let mut draft = self.0.take().ok_or_else(gone)?;
        draft.take(bytes)?;
        if GATHER_BYTES <= draft.gathered.len() {
            draft = blocking(move || draft.pour().map(|()| draft)).await??;
        }
        self.0 = Some(draft);
        Ok(())
    }

    /// Makes the file lasting and gives its name and size.
    pub async fn finish(mut self) -> Result<(FileId, u64), MediaError> {
        let draft = self.0.take().ok_or_else(gone)?;
        blocking(move || draft.finish()).await?
    }

    /// Hands the file to code that may block.
    pub fn into_draft(self) -> Result<Draft, MediaError> {
        self.0.ok_or_else(gone)
    }
}

/// A file that is being written, for code that may block.
#[derive(Debug)]
pub struct Draft {
    files: MediaFiles,
    path: Leftover,
    file: File,
    gathered: Vec<u8>,
    hash: Sha256,
    size_bytes: u64,
    looked_at: u64,
    cap_bytes: u64,
    now: jiff::Timestamp,
}

impl Draft {
    /// Where its bytes are until it is finished; complete after [`Write::flush`].
    pub fn path(&self) -> &Path {
        &self.path.0
    }

    /// How much has been written.
    pub fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// When it was begun.
    pub fn begun_at(&self) -> At {
        self.now.into()
    }

    /// Makes the file lasting: synced, renamed, its folder synced.
    pub fn finish(mut self) -> Result<(FileId, u64), MediaError> {
        self.pour()?;
        let id = FileId(self.hash.finalize().into());
        let lasting = self.files.path(&id);
        self.file.sync_all()?;
        let _naming = NAMING.lock().unwrap_or_else(PoisonError::into_inner);
        if lasting.exists() {
            File::options().write(true).open(&lasting)?.set_modified(self.now.into())?;
        } else {
            self.file.set_modified(self.now.into())?;
            let folder = lasting.parent().unwrap_or(&self.files.root);
            if !folder.exists() {
                fs::create_dir_all(folder)?;
                File::open(&self.files.root)?.sync_all()?;
            }
            fs::rename(&self.path.0, &lasting)?;
            File::open(folder)?.sync_all()?;
        }
        Ok((id, self.size_bytes))
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), MediaError> {
        let size_bytes = self.size_bytes.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if self.cap_bytes < size_bytes {
            return Err(MediaError::TooLarge { limit_bytes: self.cap_bytes });
        }
        self.size_bytes = size_bytes;
        self.gathered.extend_from_slice(bytes);
        Ok(())
    }

    fn pour(&mut self) -> Result<(), MediaError> {
        if LOOK_EVERY_BYTES <= self.size_bytes.saturating_sub(self.looked_at) {
            self.files.look_at_space()?;
            self.looked_at = self.size_bytes;
        }
        self.hash.update(&self.gathered);
        self.file.write_all(&self.gathered)?;
        self.gathered.clear();
        Ok(())
    }
}

/// The errors of the file area travel inside [`io::Error`], so that encoders and copiers can write here.
impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.take(bytes).map_err(io::Error::other)?;
        if GATHER_BYTES <= self.gathered.len() {
            self.pour().map_err(io::Error::other)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pour().map_err(io::Error::other)
    }
}

/// Removes a file when it is dropped. After the rename there is nothing left to remove under this name.
#[derive(Debug)]
struct Leftover(PathBuf);

impl Drop for Leftover {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.0)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "an unfinished media file was left behind; the next start removes it");
        }
    }
}

/// When a file was last taken in; `None` where there is none.
fn taken_in_at(path: &Path) -> Result<Option<At>, MediaError> {
    match fs::metadata(path).and_then(|metadata| metadata.modified()) {
        Ok(modified) => Ok(jiff::Timestamp::try_from(modified).ok().map(At::from)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn gone() -> MediaError {
    MediaError::Disk(io::Error::other("the file was given up after an earlier error"))
}

/// Runs what may block where it may; a panic inside becomes an error.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, MediaError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        tracing::error!(%error, "work on a picture ended before its time");
        MediaError::Broken { part: "decoder" }
    })
}

#[cfg(test)]
mod tests;
