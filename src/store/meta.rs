//! The one row that is not counted: what the index knows of the log. It is written in the same batch as the rows, so
//! it tells which commits the index has, whatever it lost.

use super::bytes::{take_i64, take_u64, take_u128};
use super::codec::Sum;
use super::error::StoreError;
use super::log::Mark;
use super::sled::Tree;
use crate::base::clock::At;

/// Its key: the first collection, `applied`.
pub(super) const KEY: &[u8] = b"\x00\x01applied";

/// The bytes of that row.
pub(super) fn encode(store: u128, applied: Mark) -> Vec<u8> {
    let mut out = store.to_be_bytes().to_vec();
    out.extend_from_slice(&applied.sequence.to_be_bytes());
    out.extend_from_slice(&applied.at.as_millis().to_be_bytes());
    out.extend_from_slice(&applied.sum.digest.to_be_bytes());
    out.extend_from_slice(&applied.sum.rows.to_be_bytes());
    let sum = crc32fast::hash(&out);
    out.extend_from_slice(&sum.to_be_bytes());
    out
}

/// Reads it; `None` for anything else.
pub(super) fn decode(bytes: &[u8]) -> Option<(u128, Mark)> {
    let (content, sum) = bytes.split_last_chunk::<4>()?;
    if crc32fast::hash(content) != u32::from_be_bytes(*sum) {
        return None;
    }
    let mut rest = content;
    let (store, sequence) = (take_u128(&mut rest)?, take_u64(&mut rest)?);
    let at = At::from_millis(take_i64(&mut rest)?);
    let sum = Sum { digest: take_u128(&mut rest)?, rows: take_u64(&mut rest)? };
    rest.is_empty().then_some((store, Mark { sequence, at, sum }))
}

/// What this index has of the log of that store; `None` when it has nothing or is another's.
pub(super) fn applied(tree: &Tree, store: u128) -> Result<Option<Mark>, StoreError> {
    let found = tree.get(KEY)?.and_then(|bytes| decode(&bytes));
    Ok(found.and_then(|(of, mark)| (of == store).then_some(mark)))
}
