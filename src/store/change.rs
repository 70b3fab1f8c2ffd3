//! One optimistic commit, put together: what it was decided on, what it writes, what it removes.

use super::codec::{KEY_CAP, Pair};
use super::collection::{Entries, Record, Stored, Version, encode, whole_key};
use super::error::StoreError;
use super::kv::{Check, Commit, Op};

/// A commit to be: all of it is written, or nothing. Rows and their index entries stay together by themselves.
#[derive(Clone, Debug, Default)]
pub struct Change {
    commit: Commit,
    fault: Option<StoreError>,
}

impl Change {
    /// A commit that does nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes a new row; a conflict when its key is taken.
    pub fn insert<R: Record>(&mut self, row: &R) -> &mut Self {
        self.try_to(|change| {
            let key = row_key(row)?;
            change.expect(&key, None);
            change.put_row(key, row)?;
            for (key, body) in Entries::of(row)? {
                change.commit.ops.push(Op::Put { key, body });
            }
            Ok(())
        })
    }

    /// Writes a row over whatever was there, without a check. Only for rows without index entries: the entries of a
    /// row that is not known could not be removed.
    pub fn put<R: Record>(&mut self, row: &R) -> &mut Self {
        self.try_to(|change| {
            if !Entries::of(row)?.is_empty() {
                let reason = "it has index entries, so it is inserted or updated, never put".to_owned();
                return Err(StoreError::Row { collection: R::COLLECTION.name(), reason });
            }
            change.put_row(row_key(row)?, row)
        })
    }

    /// Writes a row over the one that was read; a conflict when that has changed. When the key changes too, the old row
    /// goes and the new key must be free.
    pub fn update<R: Record>(&mut self, old: &Stored<R>, new: &R) -> &mut Self {
        self.try_to(|change| {
            let (old_key, new_key) = (row_key(&old.row)?, row_key(new)?);
            change.expect(&old_key, Some(old.version));
            if old_key != new_key {
                change.expect(&new_key, None);
                change.commit.ops.push(Op::Delete { key: old_key });
            }
            change.put_row(new_key, new)?;
            change.replace_entries(&Entries::of(&old.row)?, Entries::of(new)?);
            Ok(())
        })
    }

    /// Removes the row that was read; a conflict when it has changed.
    pub fn remove<R: Record>(&mut self, old: &Stored<R>) -> &mut Self {
        self.try_to(|change| {
            let key = row_key(&old.row)?;
            change.expect(&key, Some(old.version));
            change.commit.ops.push(Op::Delete { key });
            change.replace_entries(&Entries::of(&old.row)?, Vec::new());
            Ok(())
        })
    }

    /// This was decided on the row that was read: a conflict when it has changed.
    pub fn check<R: Record>(&mut self, seen: &Stored<R>) -> &mut Self {
        self.try_to(|change| {
            change.expect(&row_key(&seen.row)?, Some(seen.version));
            Ok(())
        })
    }

    /// This was decided on no such row being there: a conflict when there is one.
    pub fn check_absent<R: Record>(&mut self, key: &R::Key) -> &mut Self {
        self.expect(&whole_key(R::COLLECTION, key), None);
        self
    }

    /// Writes and removes nothing, and checks nothing.
    pub fn is_empty(&self) -> bool {
        self.commit.ops.is_empty() && self.commit.checks.is_empty() && self.fault.is_none()
    }

    /// How many operations it has so far; a commit takes [`MAX_OPS`](super::MAX_OPS). Bulk work goes in several.
    pub fn operations(&self) -> usize {
        self.commit.ops.len()
    }

    /// All of another change too.
    pub fn append(&mut self, other: Self) -> &mut Self {
        self.commit.checks.extend(other.commit.checks);
        self.commit.ops.extend(other.commit.ops);
        self.fault = self.fault.take().or(other.fault);
        self
    }

    pub(super) fn into_commit(self) -> Result<Commit, StoreError> {
        match self.fault {
            Some(fault) => Err(fault),
            None => Ok(self.commit),
        }
    }

    /// Keeps the first fault for the commit to answer with, so that the builder reads straight on.
    fn try_to(&mut self, step: impl FnOnce(&mut Self) -> Result<(), StoreError>) -> &mut Self {
        if let Err(fault) = step(self) {
            self.fault.get_or_insert(fault);
        }
        self
    }

    fn expect(&mut self, key: &[u8], version: Option<Version>) {
        self.commit.checks.push(Check { key: key.to_vec(), expected: version.map(Version::number) });
    }

    fn put_row<R: Record>(&mut self, key: Vec<u8>, row: &R) -> Result<(), StoreError> {
        let body = encode(R::COLLECTION, row)?;
        self.commit.ops.push(Op::Put { key, body });
        Ok(())
    }

    /// Writes what is new or different, removes what is no longer there. Both lists are sorted.
    fn replace_entries(&mut self, old: &[Pair], new: Vec<Pair>) {
        for (key, _body) in old {
            if new.binary_search_by(|(other, _body)| other.cmp(key)).is_err() {
                self.commit.ops.push(Op::Delete { key: key.clone() });
            }
        }
        for entry in new {
            if old.binary_search(&entry).is_err() {
                let (key, body) = entry;
                self.commit.ops.push(Op::Put { key, body });
            }
        }
    }
}

fn row_key<R: Record>(row: &R) -> Result<Vec<u8>, StoreError> {
    let key = whole_key(R::COLLECTION, &row.key());
    if KEY_CAP < key.len() {
        return Err(StoreError::TooLarge { what: format!("A key of {}", R::COLLECTION.name()) });
    }
    Ok(key)
}
