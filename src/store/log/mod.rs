//! The write-ahead log: the truth of the store. Numbered frames in segment files, each frame synced before it counts.
//!
//! A torn last frame was never answered and is cut off. A bad frame before a good one is damage and is refused in words.
//! Every frame carries the digest over all rows after it, so that the index can be compared with the log at any point.

pub(super) mod frame;
pub(super) mod segment;

use std::fs::File;
use std::path::{Path, PathBuf};

use self::frame::Frame;
use self::segment::{End, Header, Segment};
use super::codec::Sum;
use super::error::StoreError;
use crate::base::clock::At;
use crate::base::id;

/// The store at one point: the last commit, when it was, and what all rows add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) sequence: u64,
    pub(super) at: At,
    pub(super) sum: Sum,
}

/// The log, open for appending. Only the writer has it.
#[derive(Debug)]
pub(super) struct Log {
    folder: PathBuf,
    segment: Segment,
    file: File,
    segment_bytes: u64,
    mark: Mark,
}

impl Log {
    /// Begins a log, or a new segment of one, after this mark.
    pub(super) fn begin(folder: &Path, segment_bytes: u64, header: Header) -> Result<Self, StoreError> {
        let (segment, file) = Segment::create(folder, header)?;
        Ok(Self { folder: folder.to_owned(), segment, file, segment_bytes, mark: header.before })
    }

    /// Goes on at the end of the last segment, which is whole.
    pub(super) fn resume(segment: Segment, segment_bytes: u64, mark: Mark) -> Result<Self, StoreError> {
        let path = &segment.path;
        let file = File::options().append(true).open(path).map_err(StoreError::io_at("opening", path))?;
        let folder = path.parent().unwrap_or(Path::new(".")).to_owned();
        Ok(Self { folder, segment, file, segment_bytes, mark })
    }

    /// Appends a frame; when this returns, it is on disk. After an error the log takes nothing more: whether the frame
    /// is on disk shows at the next open.
    pub(super) fn append(&mut self, frame: &Frame) -> Result<(), StoreError> {
        if self.segment_bytes <= self.segment.length {
            self.rotate(self.segment.header.schema)?;
        }
        let bytes = frame.encode(self.segment.header.salt);
        segment::append_durably(&mut self.file, &bytes)
            .map_err(StoreError::io_at("writing the log", &self.segment.path))?;
        self.segment.length = self.segment.length.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        self.mark = frame.mark();
        Ok(())
    }

    /// Goes on in a new segment, so that the ones before can be dropped or copied as they are.
    pub(super) fn rotate(&mut self, schema: u32) -> Result<(), StoreError> {
        let before = self.segment.header;
        if before.before.sequence == self.mark.sequence && before.schema == schema {
            return Ok(());
        }
        let header = Header { store: before.store, schema, salt: new_salt(), before: self.mark };
        let (segment, file) = Segment::create(&self.folder, header)?;
        (self.segment, self.file) = (segment, file);
        Ok(())
    }

    pub(super) fn mark(&self) -> Mark {
        self.mark
    }

    pub(super) fn segment(&self) -> &Segment {
        &self.segment
    }
}

/// The number that the checksums of a new segment start from.
pub(super) fn new_salt() -> u32 {
    u32::from_be_bytes(id::random())
}

/// Reads every frame of these segments, oldest first, each proven to follow the one before. The last segment may end
/// torn; the answer says where.
pub(super) fn read_all(
    segments: &[Segment],
    mut each: impl FnMut(&Frame) -> Result<(), StoreError>,
) -> Result<(Mark, End), StoreError> {
    let mut before: Option<Mark> = None;
    let mut end = End::Whole;
    for segment in segments {
        if let End::Torn(_) = end {
            return Err(segment.damaged("the file before it ends in the middle of a change"));
        }
        if before.is_some_and(|mark| mark != segment.header.before) {
            return Err(segment.damaged("it does not follow the file before it"));
        }
        let (mark, how) = segment.frames(segment.length, &mut each)?;
        (before, end) = (Some(mark), how);
    }
    Ok((before.unwrap_or_default(), end))
}

#[cfg(test)]
mod tests;
