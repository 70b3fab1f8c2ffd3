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
use std::sync::Arc;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sha2::{Digest, Sha256};

use super::MediaError;

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

impl MediaFiles {
    /// Opens the area in this folder (`<data>/media`), makes it where it is missing, and removes what a crash left
    /// unfinished. `floor_bytes` of the disk stay free ([`FLOOR_BYTES`]). Blocks; for the start.
    pub fn open(root: impl Into<PathBuf>, floor_bytes: u64) -> Result<Self, MediaError> {
        let files = Self { root: root.into().into(), floor_bytes };
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

    /// Begins a file of at most `cap_bytes`.
    pub fn create(&self, cap_bytes: u64) -> Result<NewFile, MediaError> {
        self.look_at_space(0)?;
        let name = crate::base::id::random_token();
        let path = self.unfinished().join(name);
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
        })))
    }

    /// Removes a file; says whether there was one. Blocks for as long as the disk takes to forget it.
    pub fn remove(&self, id: &FileId) -> Result<bool, MediaError> {
        match fs::remove_file(self.path(id)) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    fn unfinished(&self) -> PathBuf {
        self.root.join("unfinished")
    }

    fn look_at_space(&self, more_bytes: u64) -> Result<(), MediaError> {
        let free_bytes = fs4::available_space(&self.root)?;
        if free_bytes < self.floor_bytes.saturating_add(more_bytes) {
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

    /// Makes the file lasting: synced, renamed, its folder synced.
    pub fn finish(mut self) -> Result<(FileId, u64), MediaError> {
        self.pour()?;
        let id = FileId(self.hash.finalize().into());
        let lasting = self.files.path(&id);
        if !lasting.exists() {
            self.file.sync_all()?;
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
            self.files.look_at_space(0)?;
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
