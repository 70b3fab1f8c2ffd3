//! One file of the log: a head that says whose it is and where it begins, then frames.
//!
//! A segment comes into being whole (written aside, synced, renamed), so a damaged head is damage, never a torn write.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use super::super::bytes::{take, take_i64, take_u32, take_u64, take_u128};
use super::super::codec::Sum;
use super::super::error::StoreError;
use super::super::files;
use super::Mark;
use super::frame::{self, Found, Frame};
use crate::base::clock::At;

const MAGIC: [u8; 8] = *b"BELFRYL1";
/// The length of a segment's head.
pub(in crate::store) const HEADER_BYTES: usize = 8 + 16 + 4 + 4 + 8 + 8 + 16 + 8 + 4;
const EXTENSION: &str = "log";

/// Whose segment it is, and the store as it was where the segment begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) struct Header {
    pub(in crate::store) store: u128,
    pub(in crate::store) schema: u32,
    pub(in crate::store) salt: u32,
    /// The last commit before this segment.
    pub(in crate::store) before: Mark,
}

/// A segment on disk.
#[derive(Clone, Debug)]
pub(in crate::store) struct Segment {
    pub(in crate::store) path: PathBuf,
    pub(in crate::store) header: Header,
    pub(in crate::store) length: u64,
}

/// How reading a segment ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum End {
    /// With its last byte.
    Whole,
    /// With bytes that are no frame, from here on.
    Torn(u64),
}

impl Header {
    fn encode(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend_from_slice(&self.store.to_be_bytes());
        out.extend_from_slice(&self.schema.to_be_bytes());
        out.extend_from_slice(&self.salt.to_be_bytes());
        out.extend_from_slice(&self.before.sequence.to_be_bytes());
        out.extend_from_slice(&self.before.at.as_millis().to_be_bytes());
        out.extend_from_slice(&self.before.sum.digest.to_be_bytes());
        out.extend_from_slice(&self.before.sum.rows.to_be_bytes());
        let sum = crc32fast::hash(&out);
        out.extend_from_slice(&sum.to_be_bytes());
        out
    }

    pub(in crate::store) fn decode(bytes: &[u8]) -> Option<Self> {
        let (content, sum) = bytes.split_last_chunk::<4>()?;
        if crc32fast::hash(content) != u32::from_be_bytes(*sum) {
            return None;
        }
        let mut rest = content;
        if take::<8>(&mut rest)? != MAGIC {
            return None;
        }
        let (store, schema, salt) = (take_u128(&mut rest)?, take_u32(&mut rest)?, take_u32(&mut rest)?);
        let (sequence, at) = (take_u64(&mut rest)?, At::from_millis(take_i64(&mut rest)?));
        let sum = Sum { digest: take_u128(&mut rest)?, rows: take_u64(&mut rest)? };
        rest.is_empty().then_some(Self { store, schema, salt, before: Mark { sequence, at, sum } })
    }
}

impl Segment {
    /// Makes a new segment, durably.
    pub(in crate::store) fn create(folder: &Path, header: Header) -> Result<(Self, File), StoreError> {
        let path = folder.join(format!("{:020}.{EXTENSION}", header.before.sequence.saturating_add(1)));
        files::write_whole(&path, &header.encode())?;
        let file = File::options().append(true).open(&path).map_err(StoreError::io_at("opening", &path))?;
        Ok((Self { path, header, length: header_length() }, file))
    }

    /// Reads the head of a segment.
    pub(in crate::store) fn inspect(path: &Path) -> Result<Self, StoreError> {
        let mut file = File::open(path).map_err(StoreError::io_at("opening", path))?;
        let length = file.metadata().map_err(StoreError::io_at("reading", path))?.len();
        let mut head = [0; HEADER_BYTES];
        let read = file.read_exact(&mut head);
        let header = read.ok().and_then(|()| Header::decode(&head));
        header.map(|header| Self { path: path.to_owned(), header, length }).ok_or_else(|| {
            StoreError::damaged(
                format!("The beginning of the log file {} is damaged", path.display()),
                "Nothing was changed: restore the last backup into an empty folder",
            )
        })
    }

    /// The segments in a folder, oldest first.
    pub(in crate::store) fn list(folder: &Path) -> Result<Vec<Self>, StoreError> {
        let mut segments = Vec::new();
        for path in files::list(folder, EXTENSION)? {
            segments.push(Self::inspect(&path)?);
        }
        segments.sort_by_key(|segment| segment.header.before.sequence);
        Ok(segments)
    }

    /// Reads the frames of the first `length` bytes, in order, each proven to follow the one before.
    pub(in crate::store) fn frames(
        &self,
        length: u64,
        mut each: impl FnMut(&Frame) -> Result<(), StoreError>,
    ) -> Result<(Mark, End), StoreError> {
        let mut bytes = fs::read(&self.path).map_err(StoreError::io_at("reading", &self.path))?;
        bytes.truncate(usize::try_from(length).unwrap_or(usize::MAX));
        let mut at = HEADER_BYTES;
        let mut mark = self.header.before;
        while let Some(rest) = bytes.get(at..) {
            match frame::read(rest, self.header.salt) {
                Found::End => return Ok((mark, End::Whole)),
                Found::Frame(frame, length) => {
                    if frame.first != mark.sequence.saturating_add(1) {
                        return Err(self.damaged("a piece is missing in the middle"));
                    }
                    each(&frame)?;
                    mark = frame.mark();
                    at += length;
                }
                Found::Bad if frame::any_in(rest.get(1..).unwrap_or_default(), self.header.salt) => {
                    return Err(self.damaged("bytes in the middle are not what was written"));
                }
                Found::Bad => return Ok((mark, End::Torn(u64::try_from(at).unwrap_or(u64::MAX)))),
            }
        }
        Err(self.damaged("it is shorter than its own beginning"))
    }

    /// Cuts a torn end off, durably.
    pub(in crate::store) fn cut(&mut self, length: u64) -> Result<(), StoreError> {
        let file = File::options().write(true).open(&self.path).map_err(StoreError::io_at("opening", &self.path))?;
        file.set_len(length).and_then(|()| file.sync_all()).map_err(StoreError::io_at("cutting", &self.path))?;
        self.length = length;
        Ok(())
    }

    pub(in crate::store) fn damaged(&self, what: &str) -> StoreError {
        StoreError::damaged(
            format!("The log file {} is damaged: {what}", self.path.display()),
            "Nothing was changed: copy the folder as it is, then restore the last backup into an empty folder",
        )
    }
}

/// A segment's length before its first frame.
pub(in crate::store) fn header_length() -> u64 {
    u64::try_from(HEADER_BYTES).unwrap_or(u64::MAX)
}

/// Appends bytes and resolves when they are on disk.
pub(in crate::store) fn append_durably(file: &mut File, bytes: &[u8]) -> std::io::Result<()> {
    file.write_all(bytes)?;
    file.sync_data()
}
