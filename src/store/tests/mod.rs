//! The store as its callers see it. Rows and helpers of these tests are here, the subjects in files beside.

mod commits;

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::*;
use crate::store::schema::CollectionId;

const NOTES: CollectionId = CollectionId::new(0xF001, "notes of tests");
const BY_TAG: CollectionId = CollectionId::new(0xF002, "notes by tag of tests");
const COUNTS: CollectionId = CollectionId::new(0xF003, "counts of tests");

crate::index! {
    /// Notes by tag.
    NotesByTag in BY_TAG: (String, u64) => String;
}

/// A row with index entries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Note {
    id: u64,
    tags: Vec<String>,
    text: String,
}

impl Record for Note {
    const COLLECTION: CollectionId = NOTES;
    type Key = (u64,);
    fn key(&self) -> (u64,) {
        (self.id,)
    }
    fn entries(&self, out: &mut Entries) {
        for tag in &self.tags {
            out.add(NotesByTag, (tag.clone(), self.id), &self.text.chars().take(10).collect());
        }
    }
}

/// A row without index entries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Count {
    name: String,
    value: u64,
}

impl Record for Count {
    const COLLECTION: CollectionId = COUNTS;
    type Key = (String,);
    fn key(&self) -> (String,) {
        (self.name.clone(),)
    }
}

fn note(id: u64, tags: &[&str], text: &str) -> Note {
    Note { id, tags: tags.iter().map(|tag| (*tag).to_owned()).collect(), text: text.to_owned() }
}

fn count(name: &str, value: u64) -> Count {
    Count { name: name.to_owned(), value }
}

fn settings() -> Settings {
    Settings { free_space_floor_bytes: 0, ..Settings::default() }
}

fn open_in(folder: &Path) -> Result<Store, StoreError> {
    Store::open(folder, settings(), &mut |_progress| {})
}

async fn insert<R: Record>(store: &Store, row: &R) -> Result<Version, StoreError> {
    let mut change = Change::new();
    change.insert(row);
    store.commit(change).await
}

async fn update<R: Record>(store: &Store, old: &Stored<R>, new: &R) -> Result<Version, StoreError> {
    let mut change = Change::new();
    change.update(old, new);
    store.commit(change).await
}

async fn get<R: Record>(store: &Store, key: R::Key) -> Stored<R> {
    store.find::<R>(&key).await.unwrap().unwrap()
}

async fn tagged(store: &Store, tag: &str) -> Vec<(u64, String)> {
    let entries = store.list_index::<NotesByTag>(Scan::under((tag.to_owned(),))).await.unwrap();
    entries.into_iter().map(|entry| (entry.key.1, entry.value)).collect()
}
