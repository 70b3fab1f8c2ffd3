//! A checkpoint: all live rows in one file, dumped while writing goes on, complete together with the log from where it
//! began. Before it counts it is read back and proven: its rows, and the log's changes made meanwhile, must add up to the
//! digest that the log carries. Only then may older segments go; a lie of the index can never become the truth.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::xxh3_128;

use super::bytes::{put_short, take, take_i64, take_short, take_u32, take_u64, take_u128};
use super::codec::{self, Sum};
use super::error::StoreError;
use super::files;
use super::log::Mark;
use super::log::frame::{Frame, LogOp};
use super::meta;
use super::sled::{Tree, Walk};
use crate::base::clock::At;

const MAGIC: [u8; 8] = *b"BELFRYC1";
const HEADER_BYTES: usize = 8 + 16 + 4 + 8 + 8 + 16 + 8 + 4;
const TRAILER_BYTES: usize = 8 + 8 + 16 + 4;
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

/// How a checkpoint ends: the last commit that any of its rows may stem from, and what its rows add up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Trailer {
    pub(super) until: u64,
    pub(super) sum: Sum,
}

/// Dumps all rows to a file of that folder that has no final name yet. `None` when `stopped` said so.
pub(super) fn dump(
    tree: &Tree,
    folder: &Path,
    header: Header,
    until: impl Fn() -> u64,
    stopped: impl Fn() -> bool,
) -> Result<Option<(PathBuf, Trailer)>, StoreError> {
    let path = folder.join(format!("{:020}.{EXTENSION}", header.from.sequence));
    let unfinished = files::unfinished(&path);
    let failed = |error| StoreError::io_at("writing", &unfinished)(error);
    let mut out = BufWriter::new(File::create(&unfinished).map_err(failed)?);
    out.write_all(&header.encode()).map_err(failed)?;
    let (mut block, mut sum, mut whole) = (Vec::new(), Sum::default(), true);
    tree.walk(|key, sealed| {
        if stopped() {
            whole = false;
            return Ok(Walk::Stop);
        }
        if key == meta::KEY {
            return Ok(Walk::On);
        }
        codec::unseal(key, sealed).inspect_err(|_error| tree.distrust())?;
        sum.add(key, sealed);
        put_short(&mut block, key);
        put_short(&mut block, sealed);
        if BLOCK_BYTES <= block.len() {
            write_block(&mut out, &block).map_err(failed)?;
            block.clear();
        }
        Ok(Walk::On)
    })?;
    if !whole {
        drop(out);
        files::remove(&unfinished)?;
        return Ok(None);
    }
    let trailer = Trailer { until: until(), sum };
    if !block.is_empty() {
        write_block(&mut out, &block).map_err(failed)?;
    }
    write_block(&mut out, &[]).and_then(|()| out.write_all(&trailer.encode())).map_err(failed)?;
    out.flush().and_then(|()| out.get_ref().sync_all()).map_err(failed)?;
    Ok(Some((path, trailer)))
}

fn write_block(out: &mut impl Write, block: &[u8]) -> std::io::Result<()> {
    out.write_all(&u32::try_from(block.len()).unwrap_or(u32::MAX).to_be_bytes())?;
    out.write_all(&crc32fast::hash(block).to_be_bytes())?;
    out.write_all(block)
}

/// Reads a checkpoint and proves every byte of it; calls `each` with its rows in key order.
pub(super) fn read(
    path: &Path,
    mut each: impl FnMut(&[u8], &[u8]) -> Result<(), StoreError>,
) -> Result<(Header, Trailer), StoreError> {
    let bad = |what: &str| damaged(path, what);
    let mut input = BufReader::new(File::open(path).map_err(StoreError::io_at("opening", path))?);
    let mut head = [0; HEADER_BYTES];
    input.read_exact(&mut head).map_err(|_error| bad("it is too short"))?;
    let header = Header::decode(&head).ok_or_else(|| bad("its beginning is not what was written"))?;
    let mut sum = Sum::default();
    let mut block = Vec::new();
    loop {
        let mut frame = [0; 8];
        input.read_exact(&mut frame).map_err(|_error| bad("its end is missing"))?;
        let mut fields = frame.as_slice();
        let (Some(length), Some(check)) = (take_u32(&mut fields), take_u32(&mut fields)) else { break };
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        if BLOCK_CAP < length {
            return Err(bad("a length in it is not what was written"));
        }
        block.resize(length, 0);
        input.read_exact(&mut block).map_err(|_error| bad("its end is missing"))?;
        if crc32fast::hash(&block) != check {
            return Err(bad("bytes in it are not what was written"));
        }
        if length == 0 {
            break;
        }
        let mut rest = block.as_slice();
        while !rest.is_empty() {
            let (Some(key), Some(sealed)) = (take_short(&mut rest), take_short(&mut rest)) else {
                return Err(bad("a row in it is cut short"));
            };
            codec::unseal(key, sealed).map_err(|_error| bad("a row in it is not what was written"))?;
            sum.add(key, sealed);
            each(key, sealed)?;
        }
    }
    let mut tail = [0; TRAILER_BYTES];
    input.read_exact(&mut tail).map_err(|_error| bad("its end is missing"))?;
    let trailer = Trailer::decode(&tail).ok_or_else(|| bad("its end is not what was written"))?;
    if trailer.sum != sum {
        return Err(bad("its rows do not add up"));
    }
    Ok((header, trailer))
}

/// What keys became through the log's changes, by the hash of the key: the weight of the row, or gone.
#[derive(Debug, Default)]
pub(super) struct Later(HashMap<u128, Option<u128>>);

impl Later {
    /// Takes the changes of a frame.
    pub(super) fn note(&mut self, frame: &Frame) {
        let mut version = frame.first;
        for ops in &frame.commits {
            for op in ops {
                match op {
                    LogOp::Put { key, shaped } => {
                        let weight = codec::weight(key, &codec::seal(key, version, shaped));
                        self.0.insert(xxh3_128(key), Some(weight));
                    }
                    LogOp::Delete { key } => {
                        self.0.insert(xxh3_128(key), None);
                    }
                }
            }
            version = version.saturating_add(1);
        }
    }

    /// What the rows of the checkpoint and these changes add up to.
    pub(super) fn with_rows_of(&self, path: &Path) -> Result<(Trailer, Sum), StoreError> {
        let mut sum = Sum::default();
        let (_header, trailer) = read(path, |key, sealed| {
            if !self.0.contains_key(&xxh3_128(key)) {
                sum.add(key, sealed);
            }
            Ok(())
        })?;
        for weight in self.0.values().flatten() {
            sum.digest = sum.digest.wrapping_add(*weight);
            sum.rows = sum.rows.wrapping_add(1);
        }
        Ok((trailer, sum))
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

impl Trailer {
    fn encode(&self) -> Vec<u8> {
        let mut out = self.until.to_be_bytes().to_vec();
        out.extend_from_slice(&self.sum.rows.to_be_bytes());
        out.extend_from_slice(&self.sum.digest.to_be_bytes());
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
        let until = take_u64(&mut rest)?;
        let sum = Sum { rows: take_u64(&mut rest)?, digest: take_u128(&mut rest)? };
        rest.is_empty().then_some(Self { until, sum })
    }
}
