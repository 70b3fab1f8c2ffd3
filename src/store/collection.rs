//! Typed rows over byte keys: what a row is, its index entries, and how both become bytes.
//!
//! A row is a map with named fields, so that a field can be added with `#[serde(default)]` and old rows stay readable.
//! Its index entries follow from the row alone, so both go in one commit and can be checked against each other.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::codec::{self, Pair};
use super::error::StoreError;
use super::key::StoreKey;
use super::schema::CollectionId;

/// The format of row bodies; the first byte of each.
const FORMAT: u8 = 1;

/// A row: serde for its fields, a collection, a key that follows from the row.
pub trait Record: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// The line in `schema` that this row belongs to.
    const COLLECTION: CollectionId;
    /// Its key.
    type Key: StoreKey;
    /// The key of this row.
    fn key(&self) -> Self::Key;
    /// The index entries of this row, computed from the row alone. None unless the row says so.
    fn entries(&self, _out: &mut Entries) {}
}

/// An index: keys that rows are listed by, each with a small value that holds what the list shows.
/// Declare one with [`index!`](crate::index).
pub trait Index: Copy + Send + Sync + 'static {
    /// The line in `schema` that this index belongs to.
    const COLLECTION: CollectionId;
    /// The key. It must name its row alone: end it with the row's id.
    type Key: StoreKey;
    /// What the list shows without reading the row; `()` for nothing.
    type Value: Serialize + DeserializeOwned + Send + Sync + 'static;
}

/// Declares indexes: `index! { /// Posts by day. pub PostsByDay in schema::POSTS_BY_DAY: (WorkspaceId, At, PostId) => Cell }`.
#[macro_export]
macro_rules! index {
    ($($(#[$doc:meta])* $vis:vis $name:ident in $collection:path : $key:ty => $value:ty);+ $(;)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        $vis struct $name;

        impl $crate::store::Index for $name {
            const COLLECTION: $crate::store::schema::CollectionId = $collection;
            type Key = $key;
            type Value = $value;
        }
    )+};
}

/// A row as it is stored, with the version that a later commit can check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored<R> {
    /// The row.
    pub row: R,
    /// Which commit wrote it.
    pub version: Version,
}

impl<R> std::ops::Deref for Stored<R> {
    type Target = R;
    fn deref(&self) -> &R {
        &self.row
    }
}

/// Which commit wrote a row: the sequence number of that commit, rising by one with each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(u64);

impl Version {
    /// The version with this number, as it came back in a form or an `If-Match`.
    pub const fn from_number(number: u64) -> Self {
        Self(number)
    }
    /// The number.
    pub const fn number(self) -> u64 {
        self.0
    }
}

/// One entry of an index, read.
#[derive(Debug)]
pub struct Entry<I: Index> {
    /// The key, with all its parts.
    pub key: I::Key,
    /// What the row put there.
    pub value: I::Value,
}

/// Takes the index entries of a row.
#[derive(Debug, Default)]
pub struct Entries {
    list: Vec<Pair>,
    fault: Option<StoreError>,
}

impl Entries {
    /// Adds an entry. The key must name this row alone: end it with the row's id.
    #[expect(clippy::needless_pass_by_value, reason = "keys are built for the call")]
    pub fn add<I: Index>(&mut self, _index: I, key: I::Key, value: &I::Value) {
        let key = whole_key(I::COLLECTION, &key);
        match encode(I::COLLECTION, value) {
            Ok(body) if body.len() <= codec::BODY_CAP && key.len() <= codec::KEY_CAP => self.list.push((key, body)),
            Ok(_) => self.fault = Some(StoreError::TooLarge { what: format!("An entry of {}", I::COLLECTION.name()) }),
            Err(error) => self.fault = Some(error),
        }
    }

    /// The entries of a row, sorted by key.
    pub(super) fn of<R: Record>(row: &R) -> Result<Vec<Pair>, StoreError> {
        let mut entries = Self::default();
        row.entries(&mut entries);
        if let Some(fault) = entries.fault {
            return Err(fault);
        }
        entries.list.sort();
        Ok(entries.list)
    }
}

/// The key of a row or entry with its collection before it.
pub(super) fn whole_key<K: StoreKey>(collection: CollectionId, key: &K) -> Vec<u8> {
    let mut out = collection.prefix().to_vec();
    key.write(&mut out);
    out
}

/// Reads the key behind the collection's two bytes.
pub(super) fn read_key<K: StoreKey>(collection: CollectionId, whole: &[u8]) -> Result<K, StoreError> {
    whole.strip_prefix(&collection.prefix()).and_then(K::from_bytes).ok_or_else(|| StoreError::Row {
        collection: collection.name(),
        reason: "its key does not have the parts it should have".to_owned(),
    })
}

pub(super) fn encode<T: Serialize>(collection: CollectionId, value: &T) -> Result<Vec<u8>, StoreError> {
    let mut out = vec![FORMAT];
    match rmp_serde::encode::write_named(&mut out, value) {
        Ok(()) => Ok(out),
        Err(error) => Err(StoreError::Row { collection: collection.name(), reason: error.to_string() }),
    }
}

pub(super) fn decode<T: DeserializeOwned>(collection: CollectionId, body: &[u8]) -> Result<T, StoreError> {
    let fault = |reason: String| StoreError::Row { collection: collection.name(), reason };
    match body.split_first() {
        Some((&FORMAT, packed)) => rmp_serde::from_slice(packed).map_err(|error| fault(error.to_string())),
        Some((format, _packed)) => Err(fault(format!("its format {format} is not known here"))),
        None => Err(fault("it is empty".to_owned())),
    }
}
