//! A checkpoint: all rows as they were after one commit, in key order, in one file. With the log from there on it is
//! everything.
//!
//! It is made from the checkpoint before it and the log, never from the index, so that no lie of the index can become the
//! truth, sled's memory does not grow by a scan, and writing goes on meanwhile. Only the first comes from the log alone.
//! Before it counts, its rows must add up to the digest that the log carries at that commit, read back from the disk.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use super::bytes::{put_short, take, take_i64, take_short, take_u32, take_u64, take_u128};
use super::codec::{self, Sum};
use super::error::StoreError;
use super::files;
use super::log::Mark;
use super::meta;
use super::sled::{Tree, Walk};
use crate::base::clock::At;

const MAGIC: [u8; 8] = *b"BELFRYC1";
const HEADER_BYTES: usize = 8 + 16 + 4 + 8 + 8 + 16 + 8 + 4;
const BLOCK_BYTES: usize = 64 << 10;
const BLOCK_CAP: usize = BLOCK_BYTES + (16 << 10);
const EXTENSION: &str = "rows";

/// Whose checkpoint it is, and the store as it was when it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) store: u128,
    pub(super) schema: u32,
    pub(super) from: Mark,
}

/// A checkpoint on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Checkpoint {
    pub(super) path: PathBuf,
    pub(super) header: Header,
    pub(super) length: u64,
}

/// A checkpoint being written, under a name that is not final.
#[derive(Debug)]
pub(super) struct Draft {
    path: PathBuf,
    out: BufWriter<File>,
    header: Header,
    block: Vec<u8>,
    sum: Sum,
}

impl Draft {
    pub(super) fn begin(folder: &Path, header: Header) -> Result<Self, StoreError> {
        files::make_folder(folder)?;
        let path = folder.join(format!("{:020}.{EXTENSION}", header.from.sequence));
        let unfinished = files::unfinished(&path);
        let file = File::create(&unfinished).map_err(StoreError::io_at("creating", &unfinished))?;
        let mut draft = Self { path, out: BufWriter::new(file), header, block: Vec::new(), sum: Sum::default() };
        let written = draft.out.write_all(&header.encode());
        draft.done(written)?;
        Ok(draft)
    }

    /// Takes the next row; rows come in key order.
    pub(super) fn row(&mut self, key: &[u8], sealed: &[u8]) -> Result<(), StoreError> {
        self.sum.add(key, sealed);
        put_short(&mut self.block, key);
        put_short(&mut self.block, sealed);
        if self.block.len() < BLOCK_BYTES {
            return Ok(());
        }
        self.write_block()
    }

    /// Proves that the rows are those of the commit it is named after, on the disk too, and gives it its name.
    pub(super) fn finish(mut self) -> Result<Checkpoint, StoreError> {
        if !self.block.is_empty() {
            self.write_block()?;
        }
        self.write_block()?;
        let flushed = self.out.flush().and_then(|()| self.out.get_ref().sync_all());
        self.done(flushed)?;
        let unfinished = files::unfinished(&self.path);
        if self.sum != self.header.from.sum {
            files::remove(&unfinished)?;
            return Err(damaged(&self.path, "its rows are not those that the log tells of"));
        }
        Checkpoint::inspect(&unfinished)?.prove()?;
        files::finish(&unfinished, &self.path)?;
        Checkpoint::inspect(&self.path)
    }

    /// Gives up; what was written goes.
    pub(super) fn discard(self) -> Result<(), StoreError> {
        files::remove(&files::unfinished(&self.path))
    }

    fn write_block(&mut self) -> Result<(), StoreError> {
        let block = std::mem::take(&mut self.block);
        let length = u32::try_from(block.len()).unwrap_or(u32::MAX).to_be_bytes();
        let sum = crc32fast::hash(&block).to_be_bytes();
        let written = self
            .out
            .write_all(&length)
            .and_then(|()| self.out.write_all(&sum))
            .and_then(|()| self.out.write_all(&block));
        self.block = block;
        self.block.clear();
        self.done(written)
    }

    fn done(&self, outcome: std::io::Result<()>) -> Result<(), StoreError> {
        outcome.map_err(StoreError::io_at("writing", &files::unfinished(&self.path)))
    }
}

/// Writes all rows of an index that nobody changes meanwhile. For when the checkpoint before is damaged.
pub(super) fn of_index(tree: &Tree, folder: &Path, header: Header) -> Result<Checkpoint, StoreError> {
    let mut draft = Draft::begin(folder, header)?;
    tree.walk(|key, sealed| {
        if key != meta::KEY {
            codec::unseal(key, sealed).inspect_err(|_error| tree.distrust())?;
            draft.row(key, sealed)?;
        }
        Ok(Walk::On)
    })?;
    draft.finish().inspect_err(|_error| tree.distrust())
}

/// Reads a checkpoint row by row and proves every byte; the end is proven when there is no next row.
#[derive(Debug)]
pub(super) struct Reader {
    path: PathBuf,
    input: BufReader<File>,
    header: Header,
    block: Vec<u8>,
    at: usize,
    sum: Sum,
    ended: bool,
}

impl Reader {
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        let file = File::open(path).map_err(StoreError::io_at("opening", path))?;
        let mut input = BufReader::new(file);
        let mut head = [0; HEADER_BYTES];
        let header = input.read_exact(&mut head).ok().and_then(|()| Header::decode(&head));
        let header = header.ok_or_else(|| damaged(path, "its beginning is not what was written"))?;
        let path = path.to_owned();
        Ok(Self { path, input, header, block: Vec::new(), at: 0, sum: Sum::default(), ended: false })
    }

    /// The next row: key and sealed value.
    pub(super) fn next(&mut self) -> Result<Option<codec::Pair>, StoreError> {
        if self.at == self.block.len() && !self.ended {
            self.next_block()?;
        }
        if self.ended {
            return Ok(None);
        }
        let mut rest = self.block.get(self.at..).unwrap_or_default();
        let (Some(key), Some(sealed)) = (take_short(&mut rest), take_short(&mut rest)) else {
            return Err(damaged(&self.path, "a row in it is cut short"));
        };
        codec::unseal(key, sealed).map_err(|_error| damaged(&self.path, "a row in it is not what was written"))?;
        self.sum.add(key, sealed);
        let row = (key.to_vec(), sealed.to_vec());
        self.at = self.block.len() - rest.len();
        Ok(Some(row))
    }

    fn next_block(&mut self) -> Result<(), StoreError> {
        let mut head = [0; 8];
        self.input.read_exact(&mut head).map_err(|_error| damaged(&self.path, "its end is missing"))?;
        let mut fields = head.as_slice();
        let (length, check) = (take_u32(&mut fields).unwrap_or(u32::MAX), take_u32(&mut fields).unwrap_or_default());
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        if BLOCK_CAP < length {
            return Err(damaged(&self.path, "a length in it is not what was written"));
        }
        self.block.resize(length, 0);
        self.at = 0;
        self.input.read_exact(&mut self.block).map_err(|_error| damaged(&self.path, "its end is missing"))?;
        if crc32fast::hash(&self.block) != check {
            return Err(damaged(&self.path, "bytes in it are not what was written"));
        }
        if length == 0 {
            self.ended = true;
            if self.sum != self.header.from.sum {
                return Err(damaged(&self.path, "its rows do not add up"));
            }
        }
        Ok(())
    }
}

impl Checkpoint {
    /// The newest checkpoint of a folder.
    pub(super) fn newest(folder: &Path) -> Result<Option<Self>, StoreError> {
        let Some(path) = files::list(folder, EXTENSION)?.pop() else { return Ok(None) };
        Self::inspect(&path).map(Some)
    }

    /// Reads the head of a checkpoint.
    pub(super) fn inspect(path: &Path) -> Result<Self, StoreError> {
        let mut file = File::open(path).map_err(StoreError::io_at("opening", path))?;
        let length = file.metadata().map_err(StoreError::io_at("reading", path))?.len();
        let mut head = [0; HEADER_BYTES];
        let header = file.read_exact(&mut head).ok().and_then(|()| Header::decode(&head));
        let header = header.ok_or_else(|| damaged(path, "its beginning is not what was written"))?;
        Ok(Self { path: path.to_owned(), header, length })
    }

    /// Reads it from end to end.
    pub(super) fn prove(&self) -> Result<(), StoreError> {
        let mut reader = Reader::open(&self.path)?;
        while reader.next()?.is_some() {}
        Ok(())
    }

    /// Removes every other checkpoint of its folder.
    pub(super) fn remove_others(&self) -> Result<(), StoreError> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        for path in files::list(folder, EXTENSION)? {
            if path != self.path {
                files::remove(&path)?;
            }
        }
        Ok(())
    }
}

fn damaged(path: &Path, what: &str) -> StoreError {
    StoreError::damaged(
        format!("The checkpoint {} is damaged: {what}", path.display()),
        "Nothing was changed: copy the folder as it is, then restore the last backup into an empty folder",
    )
}

impl Header {
    fn encode(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend_from_slice(&self.store.to_be_bytes());
        out.extend_from_slice(&self.schema.to_be_bytes());
        out.extend_from_slice(&self.from.sequence.to_be_bytes());
        out.extend_from_slice(&self.from.at.as_millis().to_be_bytes());
        out.extend_from_slice(&self.from.sum.digest.to_be_bytes());
        out.extend_from_slice(&self.from.sum.rows.to_be_bytes());
        let sum = crc32fast::hash(&out);
        out.extend_from_slice(&sum.to_be_bytes());
        out
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (content, sum) = bytes.split_last_chunk::<4>()?;
        if crc32fast::hash(content) != u32::from_be_bytes(*sum) {
            return None;
        }
        let mut rest = content;
        if take::<8>(&mut rest)? != MAGIC {
            return None;
        }
        let (store, schema) = (take_u128(&mut rest)?, take_u32(&mut rest)?);
        let (sequence, at) = (take_u64(&mut rest)?, At::from_millis(take_i64(&mut rest)?));
        let sum = Sum { digest: take_u128(&mut rest)?, rows: take_u64(&mut rest)? };
        rest.is_empty().then_some(Self { store, schema, from: Mark { sequence, at, sum } })
    }
}
