//! Frames come back as they went in; torn ends are told from damage.

use std::fs;

use proptest::prelude::*;

use super::frame::{Found, LogOp};
use super::*;

fn op() -> impl Strategy<Value = LogOp> {
    let bytes = |most| proptest::collection::vec(any::<u8>(), 0..most);
    prop_oneof![
        (bytes(20), bytes(200)).prop_map(|(key, shaped)| LogOp::Put { key, shaped }),
        bytes(20).prop_map(|key| LogOp::Delete { key }),
    ]
}

fn frame() -> impl Strategy<Value = Frame> {
    let commits = proptest::collection::vec(proptest::collection::vec(op(), 0..4), 1..4);
    (any::<u32>(), any::<i64>(), any::<u128>(), any::<u64>(), commits).prop_map(|(first, at, digest, rows, commits)| {
        Frame { first: u64::from(first), at: At::from_millis(at), sum: Sum { digest, rows }, commits }
    })
}

proptest! {
    #[test]
    fn a_frame_comes_back(frame in frame(), salt: u32, rest in proptest::collection::vec(any::<u8>(), 0..9)) {
        let mut bytes = frame.encode(salt);
        let length = bytes.len();
        bytes.extend_from_slice(&rest);
        prop_assert_eq!(frame::read(&bytes, salt), Found::Frame(frame, length));
    }

    #[test]
    fn a_frame_that_was_cut_or_changed_is_none(frame in frame(), salt: u32, at: proptest::sample::Index, flip in 1_u8..) {
        let mut bytes = frame.encode(salt);
        let at = at.index(bytes.len());
        prop_assert_eq!(frame::read(&bytes[..at], salt), if at == 0 { Found::End } else { Found::Bad });
        prop_assert_eq!(frame::read(&bytes, salt ^ 1), Found::Bad, "another segment's frame");
        bytes[at] ^= flip;
        prop_assert_eq!(frame::read(&bytes, salt), Found::Bad);
    }

    #[test]
    fn any_bytes_can_be_read_as_frames(bytes: Vec<u8>, salt: u32, lead in any::<bool>()) {
        let bytes = if lead { [b"\xF7bfy".as_slice(), &bytes].concat() } else { bytes };
        prop_assert!(!matches!(frame::read(&bytes, salt), Found::Frame(..)));
        prop_assert!(!frame::any_in(&bytes, salt));
        prop_assert_eq!(segment::Header::decode(&bytes), None);
    }

    #[test]
    fn a_frame_is_found_behind_anything(frame in frame(), salt: u32, before: Vec<u8>) {
        let bytes = [before, frame.encode(salt)].concat();
        prop_assert!(frame::any_in(&bytes, salt));
    }
}

fn header() -> Header {
    Header { store: 7, schema: 1, salt: 99, before: Mark::default() }
}

fn write(folder: &Path, segment_bytes: u64, frames: u64) -> Log {
    let mut log = Log::begin(folder, segment_bytes, header()).unwrap();
    for first in 1..=frames {
        let op = LogOp::Put { key: first.to_be_bytes().to_vec(), shaped: vec![1; 50] };
        let sum = Sum { digest: u128::from(first), rows: first };
        log.append(&Frame { first, at: At::from_millis(1), sum, commits: vec![vec![op]] }).unwrap();
    }
    log
}

fn read(folder: &Path) -> Result<(Mark, End), StoreError> {
    read_all(&Segment::list(folder)?, |_frame| Ok(()))
}

#[test]
fn a_log_of_many_segments_is_read_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let log = write(folder.path(), 500, 40);
    assert!(5 < Segment::list(folder.path()).unwrap().len());
    let mut seen = Vec::new();
    let segments = Segment::list(folder.path()).unwrap();
    let (mark, end) = read_all(&segments, |frame| {
        seen.push(frame.first);
        Ok(())
    })
    .unwrap();
    assert_eq!((mark, end), (log.mark(), End::Whole));
    assert_eq!(seen, (1..=40).collect::<Vec<_>>());
}

#[test]
fn wherever_the_end_is_torn_everything_before_it_stays() {
    let folder = tempfile::tempdir().unwrap();
    let log = write(folder.path(), 1 << 20, 5);
    let path = log.segment().path.clone();
    let whole = fs::read(&path).unwrap();
    let frame_bytes = (whole.len() - segment::HEADER_BYTES) / 5;
    for torn in 1..frame_bytes {
        fs::write(&path, &whole[..whole.len() - torn]).unwrap();
        let (mark, end) = read(folder.path()).unwrap();
        let kept = u64::try_from(whole.len() - frame_bytes).unwrap();
        assert_eq!((mark.sequence, end), (4, End::Torn(kept)));
    }
    let zeroed = [&whole[..whole.len() - 20], &[0; 4096]].concat();
    fs::write(&path, zeroed).unwrap();
    assert_eq!(read(folder.path()).unwrap().0.sequence, 4, "a disk may leave zeros");
}

#[test]
fn a_changed_byte_before_a_good_frame_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let log = write(folder.path(), 1 << 20, 5);
    let path = log.segment().path.clone();
    let whole = fs::read(&path).unwrap();
    let frame_bytes = (whole.len() - segment::HEADER_BYTES) / 5;
    for at in segment::HEADER_BYTES..whole.len() - frame_bytes {
        let mut changed = whole.clone();
        changed[at] ^= 0x10;
        fs::write(&path, changed).unwrap();
        let refused = read(folder.path()).unwrap_err();
        assert!(refused.to_string().contains("restore the last backup"), "{refused}");
    }
}

#[test]
fn a_missing_or_exchanged_segment_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), 500, 40);
    let segments = Segment::list(folder.path()).unwrap();
    let middle = &segments[2].path;
    let kept = fs::read(middle).unwrap();
    fs::remove_file(middle).unwrap();
    assert!(read(folder.path()).is_err(), "missing");
    fs::write(middle, &kept[..kept.len() - 3]).unwrap();
    assert!(read(folder.path()).is_err(), "torn in the middle of the log");
    fs::write(middle, &kept[..40]).unwrap();
    assert!(read(folder.path()).is_err(), "cut in its head");
    fs::write(middle, &kept).unwrap();
    assert!(read(folder.path()).is_ok());
}

#[test]
fn appending_goes_on_after_a_cut() {
    let folder = tempfile::tempdir().unwrap();
    let log = write(folder.path(), 1 << 20, 5);
    let mut segment = log.segment().clone();
    segment.cut(segment.length - 3).unwrap();
    let (mark, end) = read(folder.path()).unwrap();
    let End::Torn(length) = end else { panic!("the end is torn") };
    segment.cut(length).unwrap();
    let mut log = Log::resume(segment, 1 << 20, mark).unwrap();
    let sum = Sum { digest: 50, rows: 5 };
    log.append(&Frame { first: 5, at: At::from_millis(2), sum, commits: vec![vec![]] }).unwrap();
    assert_eq!(read(folder.path()).unwrap(), (log.mark(), End::Whole));
}
