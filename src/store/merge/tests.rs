//! A checkpoint made by merging holds exactly the rows that the changes leave, however they are spread over passes.

use proptest::prelude::*;

use super::*;
use crate::base::clock::At;
use crate::store::codec::Sum;
use crate::store::log::frame::Frame;
use crate::store::log::segment::Header as SegmentHeader;
use crate::store::log::{Log, Mark};

/// Keys that meet often, each put or deleted.
fn changes() -> impl Strategy<Value = Vec<(u8, Option<u8>)>> {
    proptest::collection::vec((0_u8..30, proptest::option::of(any::<u8>())), 1..60)
}

fn rows_of(checkpoint: &Checkpoint) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let mut reader = Reader::open(&checkpoint.path).unwrap();
    let mut rows = BTreeMap::new();
    while let Some((key, sealed)) = reader.next().unwrap() {
        assert!(rows.last_key_value().is_none_or(|(last, _sealed)| *last < key), "in order");
        rows.insert(key, sealed);
    }
    rows
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn merging_twice_gives_the_rows_that_are_left(first in changes(), second in changes(), pass_bytes in 1_usize..400) {
        let folder = tempfile::tempdir().unwrap();
        let header = SegmentHeader { store: 7, schema: 1, salt: 3, before: Mark::default() };
        let mut log = Log::begin(folder.path(), 600, header).unwrap();
        let mut rows: BTreeMap<Vec<u8>, Vec<u8>> = BTreeMap::new();
        let mut sum = Sum::default();
        let mut before = None;
        for changes in [first, second] {
            for (key, value) in changes {
                let (key, version) = (vec![key], log.mark().sequence + 1);
                if let Some(old) = rows.remove(&key) {
                    sum.remove(&key, &old);
                }
                let op = match value {
                    Some(value) => {
                        let shaped = vec![1, value];
                        let sealed = codec::seal(&key, version, &shaped);
                        sum.add(&key, &sealed);
                        rows.insert(key.clone(), sealed);
                        LogOp::Put { key, shaped }
                    }
                    None => LogOp::Delete { key },
                };
                let frame = Frame { first: version, at: At::from_millis(0), sum, commits: vec![vec![op]] };
                log.append(&frame).unwrap();
            }
            let header = Header { store: 7, schema: 1, from: log.mark() };
            let draft = Draft::begin(folder.path(), header).unwrap();
            let segments = Segment::list(folder.path()).unwrap();
            let made = merge(before.as_ref(), &segments, header, draft, (pass_bytes, &|| false)).unwrap().unwrap();
            prop_assert_eq!(&rows_of(&made), &rows);
            before = Some(made);
        }
    }
}

#[test]
fn a_merge_that_is_stopped_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let header = SegmentHeader { store: 7, schema: 1, salt: 3, before: Mark::default() };
    let mut log = Log::begin(folder.path(), 600, header).unwrap();
    let op = LogOp::Put { key: vec![1], shaped: vec![1, 1] };
    let frame = Frame { first: 1, at: At::from_millis(0), sum: Sum::default(), commits: vec![vec![op]] };
    log.append(&frame).unwrap();
    let header = Header { store: 7, schema: 1, from: log.mark() };
    let draft = Draft::begin(folder.path(), header).unwrap();
    let segments = Segment::list(folder.path()).unwrap();
    assert_eq!(merge(None, &segments, header, draft, (100, &|| true)).unwrap(), None);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "the log alone");
    let draft = Draft::begin(folder.path(), header).unwrap();
    let refused = merge(None, &segments, header, draft, (100, &|| false)).unwrap_err();
    assert!(refused.to_string().contains("not those that the log tells of"), "{refused}");
}
