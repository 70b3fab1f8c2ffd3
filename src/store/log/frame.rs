//! One group of commits as bytes: `magic | length | first sequence | crc of body | crc of this head | body`.
//!
//! Both checksums start from a random number of the segment, so that nothing a person writes into a post can look like a
//! frame. The head has a checksum of its own, so that looking for frames behind a damaged one stays cheap.

use super::super::bytes::{put_short, take, take_i64, take_short, take_slice, take_u32, take_u64, take_u128};
use super::super::codec::Sum;
use super::Mark;
use crate::base::clock::At;

/// The bytes before a frame's body.
pub(in crate::store) const HEAD_BYTES: usize = 24;
/// No body is longer; a length beyond it is damage.
pub(in crate::store) const BODY_CAP: usize = 64 << 20;

const MAGIC: [u8; 4] = *b"\xF7bfy";
const PUT: u8 = 1;
const DELETE: u8 = 2;

/// A group of commits, in order, and what the store is after them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::store) struct Frame {
    /// The sequence number of the first commit; the others follow.
    pub(in crate::store) first: u64,
    /// When the group was written.
    pub(in crate::store) at: At,
    /// The digest over all rows after the group.
    pub(in crate::store) sum: Sum,
    /// The operations of each commit.
    pub(in crate::store) commits: Vec<Vec<LogOp>>,
}

/// An operation as the log keeps it: long values are in parts already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::store) enum LogOp {
    Put { key: Vec<u8>, shaped: Vec<u8> },
    Delete { key: Vec<u8> },
}

/// What lies at the front of some bytes.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::store) enum Found {
    /// A whole frame of this many bytes.
    Frame(Frame, usize),
    /// Nothing at all.
    End,
    /// Something that is not a whole frame.
    Bad,
}

impl Frame {
    /// The store after this frame.
    pub(in crate::store) fn mark(&self) -> Mark {
        let commits = u64::try_from(self.commits.len()).unwrap_or(u64::MAX);
        let sequence = self.first.saturating_add(commits.saturating_sub(1));
        Mark { sequence, at: self.at, sum: self.sum }
    }

    pub(in crate::store) fn encode(&self, salt: u32) -> Vec<u8> {
        let mut body = Vec::new();
        body.extend_from_slice(&self.at.as_millis().to_be_bytes());
        body.extend_from_slice(&self.sum.digest.to_be_bytes());
        body.extend_from_slice(&self.sum.rows.to_be_bytes());
        body.extend_from_slice(&count(self.commits.len()).to_be_bytes());
        for ops in &self.commits {
            body.extend_from_slice(&count(ops.len()).to_be_bytes());
            for op in ops {
                match op {
                    LogOp::Put { key, shaped } => {
                        body.push(PUT);
                        put_short(&mut body, key);
                        put_short(&mut body, shaped);
                    }
                    LogOp::Delete { key } => {
                        body.push(DELETE);
                        put_short(&mut body, key);
                    }
                }
            }
        }
        let mut out = MAGIC.to_vec();
        out.extend_from_slice(&count(body.len()).to_be_bytes());
        out.extend_from_slice(&self.first.to_be_bytes());
        out.extend_from_slice(&salted(salt, &body).to_be_bytes());
        out.extend_from_slice(&salted(salt, &out).to_be_bytes());
        out.extend_from_slice(&body);
        out
    }
}

/// Reads the frame at the front of these bytes.
pub(in crate::store) fn read(bytes: &[u8], salt: u32) -> Found {
    if bytes.is_empty() {
        return Found::End;
    }
    match read_whole(bytes, salt) {
        Some((frame, length)) => Found::Frame(frame, length),
        None => Found::Bad,
    }
}

/// Whether a whole frame begins anywhere in these bytes.
pub(in crate::store) fn any_in(bytes: &[u8], salt: u32) -> bool {
    let starts = bytes.windows(MAGIC.len()).enumerate().filter(|(_at, window)| *window == MAGIC);
    starts.into_iter().any(|(at, _window)| bytes.get(at..).is_some_and(|rest| read_whole(rest, salt).is_some()))
}

fn read_whole(bytes: &[u8], salt: u32) -> Option<(Frame, usize)> {
    let (head, mut rest) = bytes.split_at_checked(HEAD_BYTES)?;
    let (checked, sum) = head.split_last_chunk::<4>()?;
    if salted(salt, checked) != u32::from_be_bytes(*sum) {
        return None;
    }
    let mut head = checked;
    if take::<4>(&mut head)? != MAGIC {
        return None;
    }
    let length = usize::try_from(take_u32(&mut head)?).ok()?;
    let first = take_u64(&mut head)?;
    let body_sum = take_u32(&mut head)?;
    if BODY_CAP < length {
        return None;
    }
    let body = take_slice(&mut rest, length)?;
    if salted(salt, body) != body_sum {
        return None;
    }
    Some((read_body(first, body)?, HEAD_BYTES + length))
}

fn read_body(first: u64, mut body: &[u8]) -> Option<Frame> {
    let at = At::from_millis(take_i64(&mut body)?);
    let sum = Sum { digest: take_u128(&mut body)?, rows: take_u64(&mut body)? };
    let mut commits = Vec::new();
    for _commit in 0..take_u32(&mut body)? {
        let mut ops = Vec::new();
        for _op in 0..take_u32(&mut body)? {
            ops.push(read_op(&mut body)?);
        }
        commits.push(ops);
    }
    (body.is_empty() && !commits.is_empty()).then_some(Frame { first, at, sum, commits })
}

fn read_op(body: &mut &[u8]) -> Option<LogOp> {
    let [tag] = take(body)?;
    let key = take_short(body)?.to_vec();
    match tag {
        PUT => Some(LogOp::Put { key, shaped: take_short(body)?.to_vec() }),
        DELETE => Some(LogOp::Delete { key }),
        _ => None,
    }
}

fn salted(salt: u32, bytes: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new_with_initial(salt);
    hasher.update(bytes);
    hasher.finalize()
}

/// Counts here are far below four thousand million; the writer's limits see to it.
fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
