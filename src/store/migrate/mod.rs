//! Brings an older store to the schema of this Belfry: numbered steps, each after a copy of the store was made.
//!
//! A step rewrites rows as bytes, in commits like any other, and may be begun again after a crash: it must leave what
//! it has done already as it is. After each, the log goes on in a segment of the new version, so that it is never run
//! twice. Rows that only gain a field with a default need no step.

use std::ops::Bound;

use super::error::StoreError;
use super::key::{Direction, Range};
use super::kv::{self, Commit, Op};
use super::schema::CollectionId;
use super::writer::{MAX_OPS, Writer, cost};
use super::{Progress, backup, files};

/// One step.
#[derive(Clone, Copy)]
pub(super) struct Step {
    /// The schema version after it.
    pub(super) to: u32,
    /// What it does.
    pub(super) run: fn(&mut Rows<'_>) -> Result<(), StoreError>,
}

/// Every step there is, by version.
pub(super) const STEPS: &[Step] = &[];

/// The store, as a step sees it.
pub(super) struct Rows<'a> {
    writer: &'a mut Writer,
}

#[cfg_attr(not(test), expect(dead_code, reason = "no released version to come from yet; tests run steps"))]
impl Rows<'_> {
    /// Calls `each` with the key (without the collection's bytes) and the body of every row; what it gives is committed.
    pub(super) fn each(
        &mut self,
        collection: CollectionId,
        mut each: impl FnMut(&[u8], &[u8]) -> Result<Vec<Op>, StoreError>,
    ) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let pairs = kv::scan(&self.writer.shared.tree, &of_collection(collection, after))?;
            let mut commit = Commit::default();
            for (key, value) in &pairs {
                let ops = each(key.get(2..).unwrap_or_default(), &value.body)?;
                let one = Commit { checks: Vec::new(), ops };
                if MAX_OPS < cost(&commit).saturating_add(cost(&one)) {
                    self.writer.write_now(std::mem::take(&mut commit))?;
                }
                commit.ops.extend(one.ops);
            }
            self.writer.write_now(commit)?;
            match pairs.into_iter().next_back() {
                Some((key, _value)) => after = Some(key),
                None => return Ok(()),
            }
        }
    }
}

/// Runs the steps that this store lacks.
pub(super) fn run(writer: &mut Writer, steps: &[Step], progress: &mut dyn FnMut(Progress)) -> Result<(), StoreError> {
    let found = writer.log.segment().header.schema;
    let lacking: Vec<Step> = steps.iter().copied().filter(|step| found < step.to).collect();
    if lacking.is_empty() {
        return Ok(());
    }
    progress(Progress::Copying);
    let copy = writer.shared.paths.folder.join(format!("before-schema-{}", found.saturating_add(1)));
    if !copy.exists() {
        let unfinished = files::unfinished(&copy);
        files::remove_folder(&unfinished)?;
        backup::copy_to(&writer.shared, &unfinished)?;
        files::finish(&unfinished, &copy)?;
    }
    for step in lacking {
        progress(Progress::Migrating { to: step.to });
        (step.run)(&mut Rows { writer })?;
        writer.rotate(step.to)?;
    }
    Ok(())
}

fn of_collection(collection: CollectionId, after: Option<Vec<u8>>) -> Range {
    let prefix = collection.prefix();
    let next = u16::from_be_bytes(prefix).checked_add(1).map(|next| next.to_be_bytes().to_vec());
    Range {
        lower: after.map_or_else(|| Bound::Included(prefix.to_vec()), Bound::Excluded),
        upper: next.map_or(Bound::Unbounded, Bound::Excluded),
        direction: Direction::Forward,
        limit: 200,
    }
}
