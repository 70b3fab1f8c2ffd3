//! What a commit promises.

use super::super::fault::Point;
use super::super::key::Range;
use super::*;

#[tokio::test]
async fn a_row_is_there_after_its_commit_and_after_the_next_open() {
    let folder = tempfile::tempdir().unwrap();
    let store = open_in(folder.path()).unwrap();
    let version = insert(&store, &note(1, &["a"], "first")).await.unwrap();
    assert_eq!(get::<Note>(&store, (1,)).await, Stored { row: note(1, &["a"], "first"), version });
    store.close().await.unwrap();
    let mut steps = Vec::new();
    let store = Store::open(folder.path(), settings(), &mut |step| steps.push(step)).unwrap();
    assert_eq!(get::<Note>(&store, (1,)).await, Stored { row: note(1, &["a"], "first"), version });
    assert_eq!(tagged(&store, "a").await, [(1, "first".to_owned())]);
    assert_eq!(steps, [], "a clean stop needs no check");
    assert_eq!(*store.subscribe().borrow(), version.number());
}

#[tokio::test]
async fn a_row_that_changed_meanwhile_is_a_conflict_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let store = open_in(folder.path()).unwrap();
    insert(&store, &note(1, &[], "first")).await.unwrap();
    let seen = get::<Note>(&store, (1,)).await;
    update(&store, &seen, &note(1, &[], "second")).await.unwrap();
    let mut change = Change::new();
    change.check(&seen).insert(&note(2, &[], "decided on the first"));
    assert_eq!(store.commit(change).await, Err(StoreError::Conflict));
    assert_eq!(insert(&store, &note(1, &[], "again")).await, Err(StoreError::Conflict));
    let mut change = Change::new();
    change.check_absent::<Note>(&(1,)).put(&count("x", 1));
    assert_eq!(store.commit(change).await, Err(StoreError::Conflict));
    let mut change = Change::new();
    change.remove(&seen);
    assert_eq!(store.commit(change).await, Err(StoreError::Conflict));
    assert_eq!(store.find::<Note>(&(2,)).await.unwrap(), None);
    assert_eq!(get::<Note>(&store, (1,)).await.row.text, "second");
}

#[tokio::test]
async fn index_entries_follow_their_row() {
    let folder = tempfile::tempdir().unwrap();
    let store = open_in(folder.path()).unwrap();
    insert(&store, &note(1, &["a", "b"], "one")).await.unwrap();
    insert(&store, &note(2, &["b"], "two")).await.unwrap();
    let first = get::<Note>(&store, (1,)).await;
    update(&store, &first, &note(1, &["b", "c"], "one, later")).await.unwrap();
    assert_eq!(tagged(&store, "a").await, []);
    assert_eq!(tagged(&store, "b").await, [(1, "one, later".to_owned()), (2, "two".to_owned())]);
    assert_eq!(tagged(&store, "c").await, [(1, "one, later".to_owned())]);
    let first = get::<Note>(&store, (1,)).await;
    let mut change = Change::new();
    change.remove(&first);
    store.commit(change).await.unwrap();
    assert_eq!(tagged(&store, "b").await, [(2, "two".to_owned())]);
    assert_eq!(store.stats().rows, 2, "a row and its entry");
}

#[tokio::test]
async fn a_list_goes_either_way_from_any_key_to_its_limit() {
    let folder = tempfile::tempdir().unwrap();
    let store = open_in(folder.path()).unwrap();
    for id in 0..10 {
        insert(&store, &note(id, &[], "")).await.unwrap();
    }
    let ids = async |scan: Scan<(u64,)>| -> Vec<u64> {
        store.list::<Note>(scan).await.unwrap().iter().map(|note| note.id).collect()
    };
    assert_eq!(ids(Scan::all()).await, (0..10).collect::<Vec<_>>());
    assert_eq!(ids(Scan::all().limit(2).after(&(3,))).await, [4, 5]);
    assert_eq!(ids(Scan::all().backward().limit(3)).await, [9, 8, 7]);
    assert_eq!(ids(Scan::all().backward().after(&(2,))).await, [1, 0]);
    assert_eq!(ids(Scan::between((2,), (4,))).await, [2, 3]);
    assert!(ids(Scan::between((4,), (2,))).await.is_empty());
    assert_eq!(ids(Scan::between((2,), (8,)).after(&(9,)).backward().limit(1)).await, [7]);
    assert_eq!(ids(Scan::all().limit(500)).await.len(), 10, "long lists are read on another thread");
}

#[tokio::test]
async fn a_row_of_any_length_comes_back_whole_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let store = open_in(folder.path()).unwrap();
    let long = |length: usize| note(1, &["t"], &"ä".repeat(length));
    insert(&store, &long(60_000)).await.unwrap();
    for length in [0, 2_000, 2_100, 30_000, 250_000, 1] {
        let old = get::<Note>(&store, (1,)).await;
        update(&store, &old, &long(length)).await.unwrap();
        assert_eq!(get::<Note>(&store, (1,)).await.row, long(length));
        assert_eq!(store.list::<Note>(Scan::all()).await.unwrap().len(), 1);
    }
    assert_eq!(store.stats().rows, 2);
    store
        .shared
        .tree
        .walk(|_key, sealed| {
            assert!(sealed.len() <= codec::VALUE_CAP);
            Ok(sled::Walk::On)
        })
        .unwrap();
    let old = get::<Note>(&store, (1,)).await;
    let refused = update(&store, &old, &long(1 << 20)).await;
    assert!(matches!(refused, Err(StoreError::TooLarge { .. })), "{refused:?}");
    store.close().await.unwrap();
    let blobs = folder.path().join("index/blobs");
    assert_eq!(std::fs::read_dir(blobs).unwrap().count(), 0);
}

#[tokio::test]
async fn a_full_page_of_the_longest_values_makes_no_blob() {
    let folder = tempfile::tempdir().unwrap();
    let store = open_in(folder.path()).unwrap();
    for id in 0..200 {
        insert(&store, &note(id, &[], &"x".repeat(4_000))).await.unwrap();
    }
    store.close().await.unwrap();
    assert_eq!(std::fs::read_dir(folder.path().join("index/blobs")).unwrap().count(), 0);
}

#[tokio::test]
async fn of_64_commits_with_the_same_check_exactly_one_wins() {
    let folder = tempfile::tempdir().unwrap();
    let store = open_in(folder.path()).unwrap();
    insert(&store, &count("races", 0)).await.unwrap();
    for race in 1..=20 {
        let seen = get::<Count>(&store, ("races".to_owned(),)).await;
        let tasks: Vec<_> = (0..64)
            .map(|_task| {
                let (store, seen) = (store.clone(), seen.clone());
                tokio::spawn(async move { update(&store, &seen, &count("races", race)).await })
            })
            .collect();
        let mut won = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(_) => won += 1,
                Err(error) => assert_eq!(error, StoreError::Conflict),
            }
        }
        assert_eq!(won, 1, "race {race}");
    }
}

#[tokio::test]
async fn a_put_needs_no_check_and_takes_no_row_with_entries() {
    let folder = tempfile::tempdir().unwrap();
    let store = open_in(folder.path()).unwrap();
    for value in 0..3 {
        let mut change = Change::new();
        change.put(&count("c", value));
        store.commit(change).await.unwrap();
    }
    assert_eq!(get::<Count>(&store, ("c".to_owned(),)).await.value, 2);
    let mut change = Change::new();
    change.put(&note(1, &["t"], ""));
    assert!(matches!(store.commit(change).await, Err(StoreError::Row { .. })));
}

#[tokio::test]
async fn a_commit_of_too_many_operations_is_refused_whole() {
    let folder = tempfile::tempdir().unwrap();
    let store = open_in(folder.path()).unwrap();
    let mut change = Change::new();
    for id in 0..=u64::try_from(MAX_OPS).unwrap() {
        change.insert(&note(id, &[], ""));
    }
    assert!(matches!(store.commit(change).await, Err(StoreError::TooLarge { .. })));
    assert_eq!(store.stats().rows, 0);
}

#[tokio::test]
async fn a_log_that_cannot_be_written_stops_the_store_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings();
    let store = Store::open(folder.path(), settings.clone(), &mut |_step| {}).unwrap();
    insert(&store, &note(1, &[], "kept")).await.unwrap();
    settings.faults.arm(Point::BeforeLog);
    assert!(matches!(insert(&store, &note(2, &[], "not kept")).await, Err(StoreError::Stopped { .. })));
    assert!(matches!(insert(&store, &note(3, &[], "too late")).await, Err(StoreError::Stopped { .. })));
    assert!(store.is_stopped());
    store.until_stopped().await;
    assert_eq!(get::<Note>(&store, (1,)).await.row.text, "kept");
    store.close().await.unwrap();
    let store = open_in(folder.path()).unwrap();
    assert_eq!(store.list::<Note>(Scan::all()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_commit_that_is_in_the_log_alone_is_there_after_the_next_open() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings();
    let store = Store::open(folder.path(), settings.clone(), &mut |_step| {}).unwrap();
    insert(&store, &note(1, &["t"], "seen")).await.unwrap();
    settings.faults.arm(Point::BeforeIndex);
    assert!(matches!(insert(&store, &note(2, &["t"], "logged")).await, Err(StoreError::Stopped { .. })));
    assert_eq!(store.find::<Note>(&(2,)).await.unwrap(), None);
    store.close().await.unwrap();
    let store = open_in(folder.path()).unwrap();
    assert_eq!(tagged(&store, "t").await, [(1, "seen".to_owned()), (2, "logged".to_owned())]);
}

#[tokio::test]
async fn a_nearly_full_disk_refuses_changes_and_goes_on_reading() {
    let folder = tempfile::tempdir().unwrap();
    let store = open_in(folder.path()).unwrap();
    insert(&store, &note(1, &[], "kept")).await.unwrap();
    store.close().await.unwrap();
    let full = Settings { free_space_floor_bytes: u64::MAX, ..settings() };
    let store = Store::open(folder.path(), full, &mut |_step| {}).unwrap();
    assert!(matches!(insert(&store, &note(2, &[], "")).await, Err(StoreError::Full { .. })));
    assert_eq!(get::<Note>(&store, (1,)).await.row.text, "kept");
}

#[tokio::test]
async fn a_second_open_of_the_same_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = open_in(folder.path()).unwrap();
    assert!(matches!(open_in(folder.path()), Err(StoreError::Locked { .. })));
    store.close().await.unwrap();
    open_in(folder.path()).unwrap();
}

#[tokio::test]
async fn other_clones_are_told_when_the_store_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    let store = open_in(folder.path()).unwrap();
    let other = store.clone();
    store.close().await.unwrap();
    assert!(matches!(insert(&other, &note(1, &[], "")).await, Err(StoreError::Stopped { .. })));
    assert!(matches!(other.find::<Note>(&(1,)).await, Err(StoreError::Stopped { .. })));
}

#[test]
fn a_range_that_holds_nothing_is_known_as_such() {
    let range = |scan: Scan<(u64,)>| -> Range { scan.over([1, 2]) };
    assert!(range(Scan::between((3,), (3,))).is_empty());
    assert!(range(Scan::between((4,), (3,))).is_empty());
    assert!(!range(Scan::all()).is_empty());
}
