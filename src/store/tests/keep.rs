//! Checkpoints, backups, migrations, compaction: what keeps a store over the years.

use std::fs;
use std::time::Duration;

use super::super::kv::Op;
use super::super::migrate::Step;
use super::super::{fault::Point, log::segment::Segment, open};
use super::*;

fn small() -> Settings {
    Settings { checkpoint_after_bytes: 60_000, segment_bytes: 8_000, ..settings() }
}

#[tokio::test]
async fn a_checkpoint_is_made_when_the_log_has_grown_and_the_log_before_it_goes() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), small(), &mut |_step| {}).unwrap();
    fill(&store, 0, 400).await;
    // Whether one is under way or not: the next one is made when asked for.
    while store.checkpoint().await == Err(StoreError::Busy) {
        tokio::task::yield_now().await;
    }
    let stats = store.stats();
    assert!(0 < stats.checkpoint_bytes && stats.log_bytes < 8_000, "{stats:?}");
    assert!(stats.sync_p50 <= stats.sync_p99 && stats.sync_p50.is_some());
    let all = everything(&store).await.unwrap();
    store.close().await.unwrap();
    fs::remove_dir_all(folder.path().join("index")).unwrap();
    let store = open_in(folder.path()).unwrap();
    assert_eq!(everything(&store).await.unwrap(), all);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_checkpoint_made_while_writing_stands_for_everything() {
    let folder = tempfile::tempdir().unwrap();
    let store = open_in(folder.path()).unwrap();
    fill(&store, 0, 300).await;
    let writing = tokio::spawn({
        let store = store.clone();
        async move { fill(&store, 1_000, 1_300).await }
    });
    let mut made = 0;
    while !writing.is_finished() {
        store.checkpoint().await.unwrap();
        made += 1;
    }
    writing.await.unwrap();
    assert!(0 < made);
    let all = everything(&store).await.unwrap();
    store.close().await.unwrap();
    fs::remove_dir_all(folder.path().join("index")).unwrap();
    let store = open_in(folder.path()).unwrap();
    assert_eq!(everything(&store).await.unwrap(), all);
}

#[tokio::test]
async fn a_checkpoint_is_made_daily_if_anything_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings();
    let store = Store::open(folder.path(), settings.clone(), &mut |_step| {}).unwrap();
    fill(&store, 0, 3).await;
    let clock = settings.clock;
    store.checkpoint_if_due(clock.now()).await.unwrap();
    let first = store.shared.checkpoint().unwrap();
    store.checkpoint_if_due(clock.now().plus(Duration::from_hours(25))).await.unwrap();
    assert_eq!(store.shared.checkpoint().unwrap(), first, "nothing was written since");
    fill(&store, 3, 6).await;
    store.checkpoint_if_due(clock.now()).await.unwrap();
    assert_eq!(store.shared.checkpoint().unwrap(), first, "not a day old");
    store.checkpoint_if_due(clock.now().plus(Duration::from_hours(25))).await.unwrap();
    assert_ne!(store.shared.checkpoint().unwrap(), first);
}

#[tokio::test]
async fn a_backup_is_copied_as_it_grows_and_brought_back_whole() {
    let folder = tempfile::tempdir().unwrap();
    let backup = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), small(), &mut |_step| {}).unwrap();
    let mut last = 0;
    for round in 0..8 {
        fill(&store, round * 50, round * 50 + 50).await;
        let copied = store.backup_to(backup.path()).await.unwrap();
        assert!(last < copied.sequence && 0 < copied.bytes);
        last = copied.sequence;
    }
    let copied = store.backup_to(backup.path()).await.unwrap();
    assert_eq!(copied.sequence, *store.subscribe().borrow());
    assert_eq!(store.backup_to(backup.path()).await.unwrap().bytes, 0, "nothing new to copy");
    let all = everything(&store).await.unwrap();
    let to = folder.path().join("restored");
    let version = Store::restore(backup.path(), &to, None, settings(), &mut |_step| {}).unwrap();
    assert_eq!(version.number(), copied.sequence);
    let restored = open_in(&to).unwrap();
    assert_eq!(everything(&restored).await.unwrap(), all);
    assert_eq!(restored.id(), store.id());
    let again = Store::restore(backup.path(), &to, None, settings(), &mut |_step| {});
    assert!(again.unwrap_err().to_string().contains("is not empty"));
}

#[tokio::test]
async fn a_backup_is_brought_back_to_a_moment() {
    let folder = tempfile::tempdir().unwrap();
    let backup = tempfile::tempdir().unwrap();
    let settings = Settings { segment_bytes: 2_000, ..settings() };
    let clock = settings.clock.clone();
    let store = Store::open(folder.path(), settings.clone(), &mut |_step| {}).unwrap();
    let noon = At::parse("2026-06-01T12:00:00Z").unwrap();
    let mut kept = Vec::new();
    for hour in 0..10 {
        let at = noon.plus(Duration::from_hours(hour));
        clock.set(at);
        fill(&store, hour * 10, hour * 10 + 10).await;
        kept.push((at.plus(Duration::from_mins(30)), everything(&store).await.unwrap()));
        if hour == 4 {
            store.checkpoint().await.unwrap();
        }
    }
    store.backup_to(backup.path()).await.unwrap();
    for (hour, (at, all)) in kept.iter().enumerate() {
        let to = folder.path().join(format!("to {hour}"));
        let restored = Store::restore(backup.path(), &to, Some(*at), settings.clone(), &mut |_step| {});
        if hour < 4 {
            assert!(restored.unwrap_err().to_string().contains("does not go back as far"), "{hour}");
            continue;
        }
        restored.unwrap_or_else(|error| panic!("{hour}: {error}"));
        let store = open_in(&to).unwrap();
        assert_eq!(&everything(&store).await.unwrap(), all, "{hour}");
        fill(&store, 5_000, 5_010).await;
        // The other history goes to the same backup only whole.
        store.backup_to(&folder.path().join(format!("backup {hour}"))).await.unwrap();
    }
}

#[tokio::test]
async fn a_store_that_was_brought_back_is_backed_up_as_itself() {
    let folder = tempfile::tempdir().unwrap();
    let backup = tempfile::tempdir().unwrap();
    let settings = settings();
    let store = Store::open(folder.path(), settings.clone(), &mut |_step| {}).unwrap();
    fill(&store, 0, 10).await;
    let then = settings.clock.now();
    settings.clock.set(then.plus(Duration::from_mins(1)));
    fill(&store, 10, 40).await;
    store.backup_to(backup.path()).await.unwrap();
    let to = folder.path().join("restored");
    Store::restore(backup.path(), &to, Some(then), settings.clone(), &mut |_step| {}).unwrap();
    let restored = open_in(&to).unwrap();
    fill(&restored, 100, 200).await;
    restored.backup_to(backup.path()).await.unwrap();
    let again = folder.path().join("again");
    Store::restore(backup.path(), &again, None, settings, &mut |_step| {}).unwrap();
    let again = open_in(&again).unwrap();
    assert_eq!(everything(&again).await.unwrap(), everything(&restored).await.unwrap());
}

#[tokio::test]
async fn a_backup_that_was_damaged_is_not_brought_back() {
    let folder = tempfile::tempdir().unwrap();
    let backup = tempfile::tempdir().unwrap();
    let store = open_in(folder.path()).unwrap();
    fill(&store, 0, 50).await;
    store.checkpoint().await.unwrap();
    fill(&store, 50, 60).await;
    store.backup_to(backup.path()).await.unwrap();
    let to = folder.path().join("restored");
    for name in ["log", "checkpoints"] {
        let path = fs::read_dir(backup.path().join(name)).unwrap().next().unwrap().unwrap().path();
        let whole = fs::read(&path).unwrap();
        let mut bytes = whole.clone();
        bytes[whole.len() / 2] ^= 1;
        fs::write(&path, &bytes).unwrap();
        let refused = Store::restore(backup.path(), &to, None, settings(), &mut |_step| {});
        assert!(refused.is_err(), "{name}");
        assert!(!to.exists(), "{name}");
        fs::write(&path, &whole).unwrap();
    }
    let other = tempfile::tempdir().unwrap();
    let stranger = open_in(other.path()).unwrap();
    assert!(stranger.backup_to(backup.path()).await.unwrap_err().to_string().contains("another store"));
    assert!(store.backup_to(other.path()).await.is_err(), "never into a store");
}

#[tokio::test]
async fn compacting_keeps_everything_and_takes_less_room() {
    let folder = tempfile::tempdir().unwrap();
    let store = open_in(folder.path()).unwrap();
    fill(&store, 0, 200).await;
    for round in 0..20 {
        for id in [1, 2, 3, 4] {
            let old = get::<Note>(&store, (id,)).await;
            update(&store, &old, &note(id, &["all"], &"y".repeat(30_000 + round))).await.unwrap();
        }
    }
    let all = everything(&store).await.unwrap();
    let refused = Store::compact(folder.path(), settings(), &mut |_step| {});
    assert!(matches!(refused, Err(StoreError::Locked { .. })));
    store.close().await.unwrap();
    let compacted = Store::compact(folder.path(), settings(), &mut |_step| {}).unwrap();
    assert!(compacted.after_bytes < compacted.before_bytes, "{compacted:?}");
    let mut steps = Vec::new();
    let store = Store::open(folder.path(), settings(), &mut |step| steps.push(step)).unwrap();
    assert_eq!(everything(&store).await.unwrap(), all);
    assert_eq!(steps, []);
}

/// Notes were numbered from zero once; this step doubles their ids, and may be run over its own work.
fn double(rows: &mut migrate::Rows<'_>) -> Result<(), StoreError> {
    rows.each(COUNTS, |key, body| {
        let mut row: Count = collection::decode(COUNTS, body)?;
        if row.value < 1_000 {
            row.value += 1_000;
        }
        let key = [COUNTS.prefix().as_slice(), key].concat();
        Ok(vec![Op::Put { key, body: collection::encode(COUNTS, &row)? }])
    })
}

fn breaks(_rows: &mut migrate::Rows<'_>) -> Result<(), StoreError> {
    Err(StoreError::Busy)
}

#[tokio::test]
async fn an_older_store_is_copied_and_brought_forward_a_newer_one_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = open_in(folder.path()).unwrap();
    for value in 0..450 {
        insert(&store, &count(&format!("count {value:03}"), value)).await.unwrap();
    }
    store.close().await.unwrap();
    let steps = [Step { to: 2, run: double }, Step { to: 3, run: breaks }];
    let failed = open::open_at(folder.path(), settings(), (3, &steps), &mut |_step| {});
    assert_eq!(failed.unwrap_err(), StoreError::Busy);
    let steps = [Step { to: 2, run: breaks }, Step { to: 3, run: double }];
    let mut told = Vec::new();
    let store = open::open_at(folder.path(), settings(), (3, &steps), &mut |step| told.push(step)).unwrap();
    assert!(told.contains(&Progress::Migrating { to: 3 }) && !told.contains(&Progress::Migrating { to: 2 }));
    let rows = store.list::<Count>(Scan::all().limit(1_000)).await.unwrap();
    assert!(rows.iter().enumerate().all(|(at, row)| row.value == 1_000 + u64::try_from(at).unwrap()));
    store.close().await.unwrap();
    let refused = open_in(folder.path()).unwrap_err();
    assert_eq!(refused, StoreError::Newer { found: 3, known: 1 });
    let to = folder.path().join("as it was");
    Store::restore(&folder.path().join("before-schema-2"), &to, None, settings(), &mut |_step| {}).unwrap();
    let before = open_in(&to).unwrap();
    assert_eq!(get::<Count>(&before, ("count 007".to_owned(),)).await.value, 7);
}

#[tokio::test]
async fn verifying_finds_an_entry_without_its_row_and_a_row_without_its_entry() {
    let folder = tempfile::tempdir().unwrap();
    let store = open_in(folder.path()).unwrap();
    fill(&store, 0, 20).await;
    assert!(store.verify(kinds()).await.unwrap().is_whole());
    let entry = collection::whole_key(BY_TAG, &("even".to_owned(), 4_u64));
    let kept = store.shared.tree.get(&entry).unwrap().unwrap();
    let mut batch = sled::Batch::default();
    batch.delete(&entry);
    store.shared.tree.apply(batch).unwrap();
    let report = store.verify(kinds()).await.unwrap();
    assert!(report.index_faults.iter().any(|fault| fault.contains("missing or differs")), "{report:?}");
    let stray = collection::whole_key(BY_TAG, &("stray".to_owned(), 4_u64));
    let mut batch = sled::Batch::default();
    batch.put(&entry, kept.to_vec());
    batch.put(&stray, codec::seal(&stray, 1, &[1, 1, 0xA0]));
    store.shared.tree.apply(batch).unwrap();
    let report = store.verify(kinds()).await.unwrap();
    assert!(report.index_faults.iter().any(|fault| fault.contains("belong to rows")), "{report:?}");
}

#[tokio::test]
async fn the_last_segment_is_whole_after_a_stop_in_the_middle_of_a_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings();
    let store = Store::open(folder.path(), settings.clone(), &mut |_step| {}).unwrap();
    fill(&store, 0, 100).await;
    let all = everything(&store).await.unwrap();
    settings.faults.arm(Point::BeforeIndex);
    let asked = store.clone();
    let checkpoint = tokio::spawn(async move { asked.checkpoint().await });
    drop(insert(&store, &count("stops it", 1)).await);
    drop(checkpoint.await.unwrap());
    store.close().await.unwrap();
    assert!(!Segment::list(&folder.path().join("log")).unwrap().is_empty());
    let store = open_in(folder.path()).unwrap();
    assert_eq!(everything(&store).await.unwrap(), all);
    assert_eq!(get::<Count>(&store, ("stops it".to_owned(),)).await.value, 1, "it was in the log");
}
