//! The bytes of one stored value, and the digest over all of them.
//!
//! In the log a value is `shape | body`; in the index `version | shape | body | crc32`, where the checksum covers the
//! key too, so that a value that turns up under another key is noticed. No stored value is longer than [`VALUE_CAP`]:
//! beyond about 131 KB a page of sled goes to a file that it never syncs. Longer ones are a head and parts.

use xxhash_rust::xxh3::{xxh3_64, xxh3_128_with_seed};

use super::bytes::{self, take_u16, take_u32, take_u64};
use super::error::StoreError;
use super::schema;

/// The longest stored value, with version and checksum.
pub(super) const VALUE_CAP: usize = 4096;
/// The longest body that is stored in one piece.
pub(super) const BODY_CAP: usize = VALUE_CAP - OVERHEAD;
/// The longest key.
pub(super) const KEY_CAP: usize = 1024;
/// The longest row: its parts and index entries fit one commit.
pub(super) const ROW_CAP: usize = 256 * BODY_CAP;

const OVERHEAD: usize = 8 + 1 + 4;
const WHOLE: u8 = 1;
const HEAD: u8 = 2;
const PART: u8 = 3;

/// A key and the bytes that belong to it.
pub(super) type Pair = (Vec<u8>, Vec<u8>);

/// What a stored value holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape<'a> {
    /// The value itself.
    Whole(&'a [u8]),
    /// The value lies in this many parts, keyed by this key and version; together they have this length.
    Head { parts: u16, length: u32 },
    /// One of those parts.
    Part(&'a [u8]),
}

/// A stored value, read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Physical<'a> {
    pub(super) version: u64,
    pub(super) shape: Shape<'a>,
}

/// A value as one or more `(key, shape | body)` for the log: the value's own key first.
pub(super) fn split(key: &[u8], version: u64, body: &[u8]) -> Result<Vec<Pair>, StoreError> {
    if body.len() <= BODY_CAP {
        return Ok(vec![(key.to_vec(), shaped(WHOLE, body))]);
    }
    let too_large = || StoreError::TooLarge { what: format!("A row of {} bytes", body.len()) };
    let length = u32::try_from(body.len()).map_err(|_error| too_large())?;
    if ROW_CAP < body.len() {
        return Err(too_large());
    }
    let mut pieces = vec![(key.to_vec(), Vec::new())];
    let mut parts: u16 = 0;
    for piece in body.chunks(BODY_CAP) {
        pieces.push((part_key(key, version, parts), shaped(PART, piece)));
        parts = parts.saturating_add(1);
    }
    if let Some((_key, head)) = pieces.first_mut() {
        let body = [parts.to_be_bytes().as_slice(), &length.to_be_bytes()].concat();
        *head = shaped(HEAD, &body);
    }
    Ok(pieces)
}

/// The key of the n-th part of the value that was stored under this key with this version. The last ten bytes are of
/// fixed length, so parts of two keys never meet.
pub(super) fn part_key(key: &[u8], version: u64, number: u16) -> Vec<u8> {
    [&schema::STORE_PARTS.prefix(), key, &version.to_be_bytes(), &number.to_be_bytes()].concat()
}

/// The head's key, version and number of a part's key.
pub(super) fn part_of(key: &[u8]) -> Option<(&[u8], u64, u16)> {
    let rest = key.strip_prefix(&schema::STORE_PARTS.prefix())?;
    let (head, tail) = rest.split_at_checked(rest.len().checked_sub(10)?)?;
    let mut tail = tail;
    Some((head, take_u64(&mut tail)?, take_u16(&mut tail)?))
}

fn shaped(shape: u8, body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(1 + body.len());
    out.push(shape);
    out.extend_from_slice(body);
    out
}

/// The bytes for the index, from the bytes for the log.
pub(super) fn seal(key: &[u8], version: u64, shaped: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(shaped.len() + OVERHEAD);
    out.extend_from_slice(&version.to_be_bytes());
    out.extend_from_slice(shaped);
    let sum = checksum(key, &out);
    out.extend_from_slice(&sum.to_be_bytes());
    out
}

/// Reads the bytes of the index and proves them.
pub(super) fn unseal<'a>(key: &[u8], sealed: &'a [u8]) -> Result<Physical<'a>, StoreError> {
    read(key, sealed).ok_or_else(|| StoreError::index_damaged("A stored value does not match its checksum"))
}

fn read<'a>(key: &[u8], sealed: &'a [u8]) -> Option<Physical<'a>> {
    let (content, sum) = sealed.split_last_chunk::<4>()?;
    if checksum(key, content) != u32::from_be_bytes(*sum) {
        return None;
    }
    let mut rest = content;
    let version = take_u64(&mut rest)?;
    let [shape] = bytes::take(&mut rest)?;
    let shape = match shape {
        WHOLE => Shape::Whole(rest),
        HEAD => Shape::Head { parts: take_u16(&mut rest)?, length: take_u32(&mut rest)? },
        PART => Shape::Part(rest),
        _ => return None,
    };
    Some(Physical { version, shape })
}

fn checksum(key: &[u8], content: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(key);
    hasher.update(content);
    hasher.finalize()
}

/// What a row adds to the digest over all rows. The digest is a wrapping sum, so that rows can come and go in any order.
pub(super) fn weight(key: &[u8], sealed: &[u8]) -> u128 {
    xxh3_128_with_seed(sealed, xxh3_64(key))
}

/// The digest over all rows and their number, kept as rows come and go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) digest: u128,
    pub(super) rows: u64,
}

impl Sum {
    pub(super) fn add(&mut self, key: &[u8], sealed: &[u8]) {
        self.digest = self.digest.wrapping_add(weight(key, sealed));
        self.rows = self.rows.wrapping_add(1);
    }

    pub(super) fn remove(&mut self, key: &[u8], sealed: &[u8]) {
        self.digest = self.digest.wrapping_sub(weight(key, sealed));
        self.rows = self.rows.wrapping_sub(1);
    }
}

#[cfg(test)]
mod tests;
