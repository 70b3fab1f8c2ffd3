//! Whatever happens to sled's files, everything comes back. Damage to log and checkpoint is healed while the index is
//! whole, and otherwise refused in words.

use std::fs;
use std::path::PathBuf;

use super::*;

/// A closed store of 120 notes and what it holds. With `checkpoint`, one lies behind the first 60.
async fn closed(checkpoint: bool) -> (tempfile::TempDir, (Vec<Stored<Note>>, Vec<u64>)) {
    let folder = tempfile::tempdir().unwrap();
    let store = open_in(folder.path()).unwrap();
    fill(&store, 0, 60).await;
    if checkpoint {
        store.checkpoint().await.unwrap();
    }
    fill(&store, 60, 120).await;
    let all = everything(&store).await.unwrap();
    store.close().await.unwrap();
    (folder, all)
}

fn files_of(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.is_file());
    files.sort();
    files
}

fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 0x41;
    fs::write(path, bytes).unwrap();
}

fn truncate(path: &Path, length: u64) {
    fs::File::options().write(true).open(path).unwrap().set_len(length).unwrap();
}

/// Opens a damaged store. After a clean stop a changed byte inside sled's data may show only when it is read: then the
/// read says so, and the next open brings everything back.
async fn comes_back(folder: &Path, all: &(Vec<Stored<Note>>, Vec<u64>), what: &str) {
    let store = open_in(folder).unwrap_or_else(|error| panic!("{what}: {error}"));
    let found = everything(&store).await;
    if let Err(error) = &found {
        assert!(matches!(error, StoreError::Damaged { .. }), "{what}: {error}");
        let refused = insert(&store, &note(999, &[], "")).await;
        assert!(matches!(refused, Err(StoreError::Stopped { .. })), "{what}: {refused:?}");
        drop(store.close().await);
        let store = open_in(folder).unwrap_or_else(|error| panic!("{what}, second open: {error}"));
        assert_eq!(&everything(&store).await.unwrap(), all, "{what}, second open");
        store.close().await.unwrap();
        return;
    }
    assert_eq!(&found.unwrap(), all, "{what}");
    insert(&store, &note(999, &["all"], "goes on")).await.unwrap();
    let report = store.verify(kinds()).await.unwrap();
    assert!(report.is_whole() && report.compared_with_log, "{what}: {report:?}");
    store.close().await.unwrap();
}

async fn each_file_damaged(clean: bool, checkpoint: bool) {
    let (whole, all) = closed(checkpoint).await;
    for file in files_of(&whole.path().join("index")) {
        let name = file.file_name().unwrap().to_owned();
        let length = fs::metadata(&file).unwrap().len();
        for damage in ["half", "torn", "emptied", "first byte", "middle byte", "every 1000th byte", "deleted"] {
            let folder = tempfile::tempdir().unwrap();
            copy_folder(whole.path(), folder.path());
            let path = folder.path().join("index").join(&name);
            match damage {
                "half" => truncate(&path, length / 2),
                "torn" => truncate(&path, length.saturating_sub(100)),
                "emptied" => truncate(&path, 0),
                "deleted" => fs::remove_file(&path).unwrap(),
                _ if length == 0 => continue,
                "first byte" => flip(&path, 0),
                "middle byte" => flip(&path, usize::try_from(length / 2).unwrap()),
                _ => (0..usize::try_from(length).unwrap()).step_by(1000).for_each(|at| flip(&path, at)),
            }
            if !clean {
                fs::remove_file(folder.path().join("clean")).unwrap();
            }
            comes_back(folder.path(), &all, &format!("{} {damage}, clean: {clean}", name.display())).await;
        }
    }
}

#[tokio::test]
async fn every_file_of_the_index_may_be_damaged_after_a_clean_stop() {
    each_file_damaged(true, true).await;
}

#[tokio::test]
async fn every_file_of_the_index_may_be_damaged_after_a_crash() {
    each_file_damaged(false, true).await;
}

#[tokio::test]
async fn the_log_alone_brings_everything_back() {
    each_file_damaged(false, false).await;
}

#[tokio::test]
async fn the_index_may_be_gone_or_older_or_half_recovered() {
    let (whole, all) = closed(true).await;
    for clean in [true, false] {
        for damage in ["gone", "empty", "older", "generating", "file", "rebuild interrupted"] {
            let folder = tempfile::tempdir().unwrap();
            copy_folder(whole.path(), folder.path());
            let index = folder.path().join("index");
            match damage {
                "gone" => fs::remove_dir_all(&index).unwrap(),
                "empty" => {
                    fs::remove_dir_all(&index).unwrap();
                    fs::create_dir(&index).unwrap();
                }
                "older" => {
                    let other = tempfile::tempdir().unwrap();
                    copy_folder(folder.path(), other.path());
                    let store = open_in(folder.path()).unwrap();
                    let mut change = Change::new();
                    change.insert(&count("later", 1));
                    store.commit(change).await.unwrap();
                    store.close().await.unwrap();
                    fs::remove_dir_all(&index).unwrap();
                    copy_folder(&other.path().join("index"), &index);
                }
                "generating" => fs::write(index.join("snap.0000.generating"), b"half").unwrap(),
                "file" => {
                    fs::remove_dir_all(&index).unwrap();
                    fs::write(&index, b"not a folder").unwrap();
                }
                _ => copy_folder(&index, &folder.path().join("index.new")),
            }
            if !clean {
                fs::remove_file(folder.path().join("clean")).unwrap();
            }
            comes_back(folder.path(), &all, &format!("{damage}, clean: {clean}")).await;
        }
    }
}

#[tokio::test]
async fn a_rebuild_tells_how_far_it_is_and_keeps_the_old_index_aside() {
    let (folder, _all) = closed(true).await;
    flip(&files_of(&folder.path().join("index"))[0], 3);
    fs::remove_file(folder.path().join("clean")).unwrap();
    let mut steps = Vec::new();
    let store = Store::open(folder.path(), settings(), &mut |step| steps.push(step)).unwrap();
    assert_eq!(steps.first(), Some(&Progress::ReadingLog));
    assert!(steps.contains(&Progress::Rebuilding { rows: 0 }), "{steps:?}");
    assert!(folder.path().join("index.set-aside").is_dir());
    store.close().await.unwrap();
}

/// The last segment of the log and its length.
fn last_segment(folder: &Path) -> (PathBuf, u64) {
    let path = files_of(&folder.join("log")).pop().unwrap();
    let length = fs::metadata(&path).unwrap().len();
    (path, length)
}

#[tokio::test]
async fn a_change_that_was_torn_while_being_written_is_cut_off() {
    let (folder, all) = closed(false).await;
    let (path, length) = last_segment(folder.path());
    let mut bytes = fs::read(&path).unwrap();
    bytes.extend_from_slice(b"\xF7bfy torn in the middle of its he");
    fs::write(&path, bytes).unwrap();
    comes_back(folder.path(), &all, "torn end").await;
    assert!(length < last_segment(folder.path()).1, "what came after the cut is in the same file");
}

#[tokio::test]
async fn a_damaged_end_of_the_log_is_healed_from_a_whole_index() {
    for (checkpoint, cut) in [(true, 5), (false, 5), (true, 2_000), (false, 2_000)] {
        let (folder, all) = closed(checkpoint).await;
        let (path, length) = last_segment(folder.path());
        truncate(&path, length - cut);
        comes_back(folder.path(), &all, "the log lost its end").await;
        fs::remove_dir_all(folder.path().join("index")).unwrap();
        let store = open_in(folder.path()).unwrap();
        assert_eq!(everything(&store).await.unwrap().0.len(), all.0.len() + 1, "the healed log stands for everything");
    }
}

#[tokio::test]
async fn a_loss_that_nothing_can_heal_is_refused_in_words() {
    let (folder, _all) = closed(true).await;
    let (path, length) = last_segment(folder.path());
    truncate(&path, length - 5);
    let store_files = files_of(&folder.path().join("checkpoints"));
    let found = fs::read(&store_files[0]).unwrap();
    // The index is whole but for one row that was taken out of it.
    {
        let tree = sled::Tree::open(&folder.path().join("index"), 1 << 20).unwrap();
        let mut batch = sled::Batch::default();
        batch.delete(&collection::whole_key(NOTES, &(1_u64,)));
        tree.apply(batch).unwrap();
        tree.close().unwrap();
    }
    for _attempt in 0..2 {
        let refused = open_in(folder.path()).unwrap_err();
        assert!(refused.to_string().contains("restore the last backup"), "{refused}");
    }
    assert_eq!(fs::read(&store_files[0]).unwrap(), found, "nothing was changed");
}

#[tokio::test]
async fn a_damaged_middle_of_the_log_is_refused_in_words() {
    let (folder, all) = closed(false).await;
    let (path, length) = last_segment(folder.path());
    flip(&path, usize::try_from(length / 2).unwrap());
    fs::remove_file(folder.path().join("clean")).unwrap();
    let refused = open_in(folder.path()).unwrap_err();
    assert!(refused.to_string().contains("bytes in the middle are not what was written"), "{refused}");
    flip(&path, usize::try_from(length / 2).unwrap());
    comes_back(folder.path(), &all, "put right again").await;
}

#[tokio::test]
async fn a_log_that_is_gone_is_refused_and_never_begun_anew() {
    let (folder, _all) = closed(false).await;
    fs::remove_dir_all(folder.path().join("log")).unwrap();
    let refused = open_in(folder.path()).unwrap_err();
    assert!(refused.to_string().contains("is gone"), "{refused}");
}

#[tokio::test]
async fn a_damaged_checkpoint_is_found_and_healed_while_the_index_is_whole() {
    let (folder, all) = closed(true).await;
    let checkpoint = files_of(&folder.path().join("checkpoints")).remove(0);
    flip(&checkpoint, 500);
    let store = open_in(folder.path()).unwrap();
    let report = store.verify(kinds()).await.unwrap();
    assert_eq!((report.index_faults.len(), report.log_faults.len()), (0, 1), "{report:?}");
    store.checkpoint().await.unwrap();
    assert!(store.verify(kinds()).await.unwrap().is_whole());
    store.close().await.unwrap();
    fs::remove_dir_all(folder.path().join("index")).unwrap();
    comes_back(folder.path(), &all, "from the healed checkpoint").await;
}

#[tokio::test]
async fn a_damaged_checkpoint_that_is_needed_is_refused_in_words() {
    let (folder, _all) = closed(true).await;
    flip(&files_of(&folder.path().join("checkpoints"))[0], 500);
    fs::remove_dir_all(folder.path().join("index")).unwrap();
    for _attempt in 0..2 {
        let refused = open_in(folder.path()).unwrap_err();
        assert!(refused.to_string().contains("The checkpoint"), "{refused}");
    }
}

#[tokio::test]
async fn a_lie_of_the_index_never_becomes_a_checkpoint() {
    let (folder, all) = closed(true).await;
    let store = open_in(folder.path()).unwrap();
    insert(&store, &count("written", 1)).await.unwrap();
    let mut batch = sled::Batch::default();
    batch.delete(&collection::whole_key(NOTES, &(1_u64,)));
    store.shared.tree.apply(batch).unwrap();
    store.checkpoint().await.unwrap();
    let sum = store.shared.mark().sum;
    assert_eq!(store.shared.checkpoint().unwrap().header.from.sum, sum, "made from the log");
    flip(&files_of(&folder.path().join("checkpoints"))[0], 500);
    let old = get::<Count>(&store, ("written".to_owned(),)).await;
    update(&store, &old, &count("written", 2)).await.unwrap();
    assert!(matches!(store.checkpoint().await, Err(StoreError::Damaged { .. })), "never from an index that lies");
    assert!(matches!(insert(&store, &count("x", 1)).await, Err(StoreError::Stopped { .. })));
    store.close().await.unwrap();
    flip(&files_of(&folder.path().join("checkpoints"))[0], 500);
    let store = open_in(folder.path()).unwrap();
    assert_eq!(everything(&store).await.unwrap(), all);
    assert_eq!(get::<Count>(&store, ("written".to_owned(),)).await.value, 2);
}
