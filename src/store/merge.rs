//! Makes a checkpoint from the one before it and the log.
//!
//! Both are walked in key order. The log is not sorted, so it is read in passes: each collects the changes of the next
//! few megabytes of keys, so that memory stays the same however much was written.

use std::collections::BTreeMap;

use super::checkpoint::{Checkpoint, Draft, Header, Reader};
use super::codec::{self, Pair};
use super::error::StoreError;
use super::log::frame::LogOp;
use super::log::segment::Segment;

/// What one pass collects, in bytes of keys and values.
const PASS_BYTES: usize = 4 << 20;

/// Merges. The segments are whole and end with `header.from`; `None` when `stopped` said so.
pub(super) fn checkpoint(
    before: Option<&Checkpoint>,
    segments: &[Segment],
    header: Header,
    draft: Draft,
    stopped: impl Fn() -> bool,
) -> Result<Option<Checkpoint>, StoreError> {
    merge(before, segments, header, draft, (PASS_BYTES, &stopped))
}

pub(super) fn merge(
    before: Option<&Checkpoint>,
    segments: &[Segment],
    header: Header,
    mut draft: Draft,
    (pass_bytes, stopped): (usize, &dyn Fn() -> bool),
) -> Result<Option<Checkpoint>, StoreError> {
    let after = before.map_or(0, |checkpoint| checkpoint.header.from.sequence);
    let mut old = Old::open(before)?;
    let mut lower = Vec::new();
    loop {
        let pass = Pass::collect(segments, (after, header.from.sequence), &lower, pass_bytes)?;
        for (key, sealed) in pass.changes {
            if stopped() {
                draft.discard()?;
                return Ok(None);
            }
            old.write_before(Some(&key), &mut draft)?;
            old.skip(&key)?;
            if let Some(sealed) = sealed {
                draft.row(&key, &sealed)?;
            }
        }
        old.write_before(pass.ceiling.as_deref(), &mut draft)?;
        match pass.ceiling {
            Some(ceiling) => lower = ceiling,
            None => return draft.finish().map(Some),
        }
    }
}

/// The rows of the checkpoint before, one ahead.
struct Old {
    reader: Option<Reader>,
    row: Option<Pair>,
}

impl Old {
    fn open(before: Option<&Checkpoint>) -> Result<Self, StoreError> {
        let mut reader = before.map(|checkpoint| Reader::open(&checkpoint.path)).transpose()?;
        let row = reader.as_mut().map_or(Ok(None), Reader::next)?;
        Ok(Self { reader, row })
    }

    fn advance(&mut self) -> Result<(), StoreError> {
        self.row = self.reader.as_mut().map_or(Ok(None), Reader::next)?;
        Ok(())
    }

    /// Copies the rows before this key, or all that are left.
    fn write_before(&mut self, key: Option<&[u8]>, draft: &mut Draft) -> Result<(), StoreError> {
        while let Some((row, sealed)) = &self.row
            && key.is_none_or(|key| row.as_slice() < key)
        {
            draft.row(row, sealed)?;
            self.advance()?;
        }
        Ok(())
    }

    /// Leaves out the row with this key.
    fn skip(&mut self, key: &[u8]) -> Result<(), StoreError> {
        match &self.row {
            Some((row, _sealed)) if row == key => self.advance(),
            _ => Ok(()),
        }
    }
}

/// What keys became, from a lower key up to a ceiling that is the next pass's lower key.
struct Pass {
    changes: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
    ceiling: Option<Vec<u8>>,
}

impl Pass {
    fn collect(
        segments: &[Segment],
        (after, until): (u64, u64),
        lower: &[u8],
        pass_bytes: usize,
    ) -> Result<Self, StoreError> {
        let (mut changes, mut ceiling, mut bytes) = (BTreeMap::new(), None::<Vec<u8>>, 0);
        for segment in segments {
            segment.frames(segment.length, |frame| {
                let mut version = frame.first;
                for ops in &frame.commits {
                    for op in ops {
                        let (LogOp::Put { key, .. } | LogOp::Delete { key }) = op;
                        let inside = lower <= key.as_slice() && ceiling.as_ref().is_none_or(|ceiling| key < ceiling);
                        if !inside || version <= after || until < version {
                            continue;
                        }
                        let sealed = match op {
                            LogOp::Put { key, shaped } => Some(codec::seal(key, version, shaped)),
                            LogOp::Delete { .. } => None,
                        };
                        bytes += weight(key, sealed.as_ref());
                        let replaced = changes.insert(key.clone(), sealed);
                        bytes -= replaced.map_or(0, |replaced| weight(key, replaced.as_ref()));
                        // The largest keys are left to the next pass. One key stays, so that each pass gets on.
                        while pass_bytes < bytes && 1 < changes.len() {
                            let Some((key, sealed)) = changes.pop_last() else { break };
                            bytes -= weight(&key, sealed.as_ref());
                            ceiling = Some(key);
                        }
                    }
                    version = version.saturating_add(1);
                }
                Ok(())
            })?;
        }
        Ok(Self { changes, ceiling })
    }
}

fn weight(key: &[u8], sealed: Option<&Vec<u8>>) -> usize {
    key.len() + sealed.map_or(0, Vec::len)
}

#[cfg(test)]
mod tests;
