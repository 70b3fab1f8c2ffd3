//! The store as its callers see it. Rows and helpers of these tests are here, the subjects in files beside.

mod commits;
mod damage;
mod keep;
mod kill;

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

/// Rows with entries, some of them in parts, and some that came and went.
async fn fill(store: &Store, from: u64, until: u64) {
    for id in from..until {
        let length = if id % 10 == 3 { 9_000 } else { 40 };
        insert(store, &note(id, &["all", if id % 2 == 0 { "even" } else { "odd" }], &"x".repeat(length)))
            .await
            .unwrap();
        if id % 7 == 6 && from < id {
            let mut change = Change::new();
            change.remove(&get::<Note>(store, (id - 1,)).await);
            store.commit(change).await.unwrap();
        }
    }
}

/// Everything that can be read, as one value to compare.
async fn everything(store: &Store) -> Result<(Vec<Stored<Note>>, Vec<u64>), StoreError> {
    let rows = store.list::<Note>(Scan::all().limit(100_000)).await?;
    let entries = store.list_index::<NotesByTag>(Scan::all().limit(100_000)).await?;
    Ok((rows, entries.into_iter().map(|entry| entry.key.1).collect()))
}

fn kinds() -> Vec<RecordKind> {
    vec![RecordKind::of::<Note>(), RecordKind::of::<Count>()]
}

/// Small, repeatable randomness.
#[derive(Debug)]
struct Dice(u64);

impl Dice {
    /// From `BELFRY_SEED`, or fresh; told on the error stream, so that a failure can be repeated.
    fn roll(what: &str) -> Self {
        let given = std::env::var("BELFRY_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or_else(|| u64::from_be_bytes(crate::base::id::random()));
        let told =
            std::io::Write::write_all(&mut std::io::stderr(), format!("{what}: BELFRY_SEED={seed}\n").as_bytes());
        told.unwrap();
        Self(seed)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % end
    }
}

/// A folder and all in it, copied.
fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_folder(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}
