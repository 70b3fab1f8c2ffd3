//! The nightly look and `belfry doctor`: every value against its checksum, every index entry against its row, all rows
//! against the log, and the log and the checkpoint themselves. It changes nothing, and writing goes on meanwhile.

use std::collections::HashMap;

use super::bytes::take;
use super::codec::{self, Pair, Shape, Sum};
use super::collection::{Entries, Record, decode, whole_key};
use super::error::StoreError;
use super::key::Range;
use super::kv;
use super::log::Mark;
use super::log::segment::{End, Segment};
use super::meta;
use super::schema::{self, CollectionId};
use super::shared::Shared;

const BATCH: usize = 200;
const TOLD: usize = 100;

/// Reads a row from its key and its bytes, and gives its index entries.
type EntriesOf = fn(&[u8], &[u8]) -> Result<Vec<Pair>, StoreError>;

/// How to read the rows of one collection. The store knows bytes alone, so those who know the rows say it.
#[derive(Clone, Copy, Debug)]
pub struct RecordKind {
    collection: CollectionId,
    entries: EntriesOf,
}

impl RecordKind {
    /// The kind of this row.
    pub fn of<R: Record>() -> Self {
        Self { collection: R::COLLECTION, entries: entries_of::<R> }
    }
}

fn entries_of<R: Record>(key: &[u8], body: &[u8]) -> Result<Vec<Pair>, StoreError> {
    let row: R = decode(R::COLLECTION, body)?;
    if whole_key(R::COLLECTION, &row.key()) != key {
        let reason = "it stands under another row's key".to_owned();
        return Err(StoreError::Row { collection: R::COLLECTION.name(), reason });
    }
    Entries::of(&row)
}

/// What the look found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Rows, entries and parts that were read.
    pub rows: u64,
    /// Whether all rows could be compared with the log: not when something was written meanwhile.
    pub compared_with_log: bool,
    /// Faults of rows and index entries, in words; the first hundred. The next open builds the index anew.
    pub index_faults: Vec<String>,
    /// Faults of log and checkpoint. While the index is whole, a new checkpoint heals them.
    pub log_faults: Vec<String>,
}

impl Report {
    /// Nothing is wrong.
    pub fn is_whole(&self) -> bool {
        self.index_faults.is_empty() && self.log_faults.is_empty()
    }

    fn fault(&mut self, what: String) {
        if self.index_faults.len() < TOLD {
            self.index_faults.push(what);
        }
    }
}

/// Looks at everything.
pub(super) fn look(shared: &Shared, kinds: &[RecordKind]) -> Report {
    let mut look = Look {
        shared,
        kinds: kinds.iter().map(|kind| (kind.collection.prefix(), *kind)).collect(),
        report: Report::default(),
        expected: HashMap::new(),
        found: HashMap::new(),
    };
    let before = shared.mark();
    let sum = look.rows();
    // The index itself tells whether a group was applied meanwhile; the mark beside it follows a moment later.
    let quiet = matches!(meta::applied(&shared.tree, shared.store), Ok(Some(applied)) if applied == before);
    if quiet && let Some(sum) = sum {
        look.compare(before, sum);
    }
    let mut report = look.report;
    if !report.index_faults.is_empty() {
        shared.tree.distrust();
    }
    report.log_faults = log_faults(shared);
    report
}

struct Look<'a> {
    shared: &'a Shared,
    kinds: HashMap<[u8; 2], RecordKind>,
    report: Report,
    /// Entries that rows have, and entries that are there, by collection.
    expected: HashMap<[u8; 2], u64>,
    found: HashMap<[u8; 2], u64>,
}

impl Look<'_> {
    /// Reads every row; `None` when the index stopped answering.
    fn rows(&mut self) -> Option<Sum> {
        let mut sum = Sum::default();
        let mut after = None;
        loop {
            let pairs = match self.shared.tree.range(&Range::onward(after, BATCH)) {
                Ok(pairs) => pairs,
                Err(error) => {
                    self.report.fault(error.to_string());
                    return None;
                }
            };
            for (key, sealed) in &pairs {
                if key != meta::KEY {
                    sum.add(key, sealed);
                    self.row(key, sealed);
                }
            }
            match pairs.into_iter().next_back() {
                Some((key, _sealed)) => after = Some(key),
                None => return Some(sum),
            }
        }
    }

    fn row(&mut self, key: &[u8], sealed: &[u8]) {
        self.report.rows = self.report.rows.saturating_add(1);
        let mut rest = key;
        let prefix: [u8; 2] = take(&mut rest).unwrap_or_default();
        let physical = match codec::unseal(key, sealed) {
            Ok(physical) => physical,
            Err(error) => return self.report.fault(format!("{}: {error}", name(prefix))),
        };
        if prefix == schema::STORE_PARTS.prefix() {
            return self.part(key, physical.shape);
        }
        match self.kinds.get(&prefix).copied() {
            Some(kind) => self.record(kind, key, physical.version),
            None => *self.found.entry(prefix).or_default() += 1,
        }
    }

    fn part(&mut self, key: &[u8], shape: Shape<'_>) {
        let head = codec::part_of(key).map(|(head, version, number)| (head.to_vec(), version, number));
        let (Some((head, version, number)), Shape::Part(_)) = (head, shape) else {
            return self.report.fault("a part of a long value has a key that is none".to_owned());
        };
        let sealed_head = self.shared.tree.get(&head).ok().flatten();
        let owned = sealed_head.and_then(|sealed| {
            let physical = codec::unseal(&head, &sealed).ok()?;
            Some(matches!(physical.shape, Shape::Head { parts, .. } if physical.version == version && number < parts))
        });
        if owned != Some(true) && matches!(self.shared.tree.get(key), Ok(Some(_))) {
            self.report.fault("a part of a long value belongs to no row".to_owned());
        }
    }

    fn record(&mut self, kind: RecordKind, key: &[u8], version: u64) {
        let value = match kv::get(&self.shared.tree, key) {
            Ok(Some(value)) if value.version == version => value,
            // It has changed since it was listed, with all its entries.
            Ok(_) => return,
            Err(error) => return self.report.fault(format!("{}: {error}", kind.collection.name())),
        };
        let entries = match (kind.entries)(key, &value.body) {
            Ok(entries) => entries,
            Err(error) => return self.report.fault(error.to_string()),
        };
        for (entry_key, body) in entries {
            let mut rest = entry_key.as_slice();
            let prefix: [u8; 2] = take(&mut rest).unwrap_or_default();
            *self.expected.entry(prefix).or_default() += 1;
            let found = kv::get(&self.shared.tree, &entry_key);
            let right = matches!(&found, Ok(Some(found)) if found.body == body);
            let unchanged = matches!(kv::get(&self.shared.tree, key), Ok(Some(value)) if value.version == version);
            if !right && unchanged {
                self.report.fault(format!("{}: a row's entry is missing or differs", name(prefix)));
            }
        }
    }

    /// Counts and sums, which agree only while nothing is written.
    fn compare(&mut self, mark: Mark, sum: Sum) {
        self.report.compared_with_log = true;
        if sum != mark.sum {
            self.report.fault("the rows of the index are not those of the log".to_owned());
        }
        let found = std::mem::take(&mut self.found);
        for (prefix, count) in found {
            let expected = self.expected.get(&prefix).copied().unwrap_or_default();
            if count != expected {
                self.report.fault(format!("{}: {count} entries are there, {expected} belong to rows", name(prefix)));
            }
        }
    }
}

fn name(prefix: [u8; 2]) -> &'static str {
    let known = schema::ALL.iter().find(|collection| collection.prefix() == prefix);
    known.map_or("an unknown collection", |collection| collection.name())
}

/// Reads the log and the checkpoint to the end. Nothing is removed meanwhile.
fn log_faults(shared: &Shared) -> Vec<String> {
    let mut faults = Vec::new();
    let _held = shared.hold_files();
    if let Some(checkpoint) = shared.checkpoint()
        && let Err(error) = checkpoint.prove()
    {
        faults.push(error.to_string());
    }
    let tail = shared.tail();
    match Segment::list(&shared.paths.log) {
        Ok(segments) => {
            for segment in segments.iter().filter(|segment| segment.path <= tail.path) {
                let length = if segment.path == tail.path { tail.length } else { segment.length };
                match segment.frames(length, |_frame| Ok(())) {
                    Ok((_mark, End::Whole)) => {}
                    Ok(_) => faults.push(segment.damaged("its end is not what was written").to_string()),
                    Err(error) => faults.push(error.to_string()),
                }
            }
        }
        Err(error) => faults.push(error.to_string()),
    }
    faults
}
