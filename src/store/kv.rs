//! The small interface under the typed one: ordered byte keys, values with versions, commits with checks. Values of
//! any length go in and come out whole; that long ones lie in parts is known here and to the writer alone.
//!
//! Reads are not snapshots. A value that is replaced while its parts are being collected is read again.

use super::codec::{self, Shape};
use super::error::StoreError;
use super::key::Range;
use super::sled::Tree;

/// One commit: checks, then operations in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Commit {
    pub(super) checks: Vec<Check>,
    pub(super) ops: Vec<Op>,
}

/// What a key must be for the commit to count: this version, or absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Check {
    pub(super) key: Vec<u8>,
    pub(super) expected: Option<u64>,
}

/// One operation on one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Op {
    Put { key: Vec<u8>, body: Vec<u8> },
    Delete { key: Vec<u8> },
}

/// A value, whole, with the version that wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) version: u64,
    pub(super) body: Vec<u8>,
}

/// How often a value that keeps being replaced is read again before the read gives up.
const READS: usize = 100;

pub(super) fn get(tree: &Tree, key: &[u8]) -> Result<Option<Value>, StoreError> {
    for _read in 0..READS {
        let Some(sealed) = tree.get(key)? else { return Ok(None) };
        if let Some(value) = whole(tree, key, &sealed)? {
            return Ok(Some(value));
        }
        // The parts are gone: either the value was replaced meanwhile, or they are lost.
        if tree.get(key)?.as_deref() == Some(&*sealed) && whole(tree, key, &sealed)?.is_none() {
            return Err(tree.fault("A long value lacks some of its parts"));
        }
    }
    Err(StoreError::Busy)
}

pub(super) fn scan(tree: &Tree, range: &Range) -> Result<Vec<(Vec<u8>, Value)>, StoreError> {
    let mut found = Vec::new();
    for (key, sealed) in tree.range(range)? {
        let value = match whole(tree, &key, &sealed)? {
            Some(value) => Some(value),
            None => get(tree, &key)?,
        };
        // A row that was removed meanwhile is not there.
        if let Some(value) = value {
            found.push((key, value));
        }
    }
    Ok(found)
}

/// The value behind these bytes; `None` when parts of it are not there any more.
fn whole(tree: &Tree, key: &[u8], sealed: &[u8]) -> Result<Option<Value>, StoreError> {
    let physical = codec::unseal(key, sealed).inspect_err(|_error| tree.distrust())?;
    let version = physical.version;
    match physical.shape {
        Shape::Whole(body) => Ok(Some(Value { version, body: body.to_vec() })),
        Shape::Head { parts, length } => {
            let mut body = Vec::new();
            for number in 0..parts {
                let part_key = codec::part_key(key, version, number);
                let Some(sealed) = tree.get(&part_key)? else { return Ok(None) };
                match codec::unseal(&part_key, &sealed).inspect_err(|_error| tree.distrust())?.shape {
                    Shape::Part(piece) => body.extend_from_slice(piece),
                    Shape::Whole(_) | Shape::Head { .. } => return Err(tree.fault("A part of a long value is not one")),
                }
            }
            if u32::try_from(body.len()) != Ok(length) {
                return Err(tree.fault("A long value is not as long as it was"));
            }
            Ok(Some(Value { version, body }))
        }
        Shape::Part(_) => Err(tree.fault("A part of a long value stands where a value should")),
    }
}
