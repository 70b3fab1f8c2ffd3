use std::fs;
use std::io::Write;

use super::{FileId, MediaFiles, NewFile};
use crate::base::clock::At;
use crate::media::MediaError;

fn area() -> (tempfile::TempDir, MediaFiles) {
    let folder = tempfile::tempdir().unwrap();
    let files = MediaFiles::open(folder.path().join("media"), 0).unwrap();
    (folder, files)
}

async fn kept(mut file: NewFile, bytes: &[u8]) -> FileId {
    for piece in bytes.chunks(1000) {
        file.write(piece).await.unwrap();
    }
    let (id, size) = file.finish().await.unwrap();
    assert_eq!(usize::try_from(size), Ok(bytes.len()));
    id
}

fn unfinished(files: &MediaFiles) -> usize {
    fs::read_dir(files.unfinished()).unwrap().count()
}

#[tokio::test]
async fn a_file_is_named_by_its_bytes_and_kept_once() {
    let (_folder, files) = area();
    let bytes = vec![42; 700_000];
    let first = kept(files.create(1 << 20, At::default()).unwrap(), &bytes).await;
    let second = kept(files.create(1 << 20, At::default()).unwrap(), &bytes).await;
    assert_eq!(first, second);
    assert_eq!(fs::read(files.path(&first)).unwrap(), bytes);
    assert_eq!(unfinished(&files), 0);
    let empty = kept(files.create(10, At::default()).unwrap(), b"").await;
    assert_eq!(empty.to_string(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert!(files.path(&empty).ends_with("e3/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
}

#[tokio::test]
async fn a_file_that_is_given_up_leaves_nothing() {
    let (_folder, files) = area();
    let mut file = files.create(1 << 20, At::default()).unwrap();
    file.write(&vec![1; 400_000]).await.unwrap();
    assert_eq!(unfinished(&files), 1);
    drop(file);
    assert_eq!(unfinished(&files), 0);
}

#[tokio::test]
async fn the_cap_holds_to_the_byte_and_what_was_begun_is_gone() {
    let (_folder, files) = area();
    kept(files.create(500, At::default()).unwrap(), &[7; 500]).await;
    let mut file = files.create(500, At::default()).unwrap();
    file.write(&[7; 500]).await.unwrap();
    assert!(matches!(file.write(&[7]).await, Err(MediaError::TooLarge { limit_bytes: 500 })));
    assert!(file.write(&[7]).await.is_err());
    assert!(file.finish().await.is_err());
    assert_eq!(unfinished(&files), 0);
}

#[test]
fn the_cap_comes_through_code_that_only_knows_io_errors() {
    let (_folder, files) = area();
    let mut draft = files.create(5, At::default()).unwrap().into_draft().unwrap();
    let error = draft.write_all(b"too much").unwrap_err();
    assert!(matches!(MediaError::from(error), MediaError::TooLarge { limit_bytes: 5 }));
}

#[test]
fn leftovers_of_a_crash_are_removed_at_the_next_start() {
    let (folder, files) = area();
    fs::write(files.unfinished().join("half"), b"half").unwrap();
    let files = MediaFiles::open(folder.path().join("media"), 0).unwrap();
    assert_eq!(unfinished(&files), 0);
}

#[test]
fn a_nearly_full_disk_is_left_to_the_store() {
    let (folder, _files) = area();
    let files = MediaFiles::open(folder.path().join("media"), u64::MAX / 2).unwrap();
    assert!(matches!(files.create(10, At::default()), Err(MediaError::DiskFull { .. })));
}

#[tokio::test]
async fn only_what_was_not_taken_in_lately_is_removed() {
    let (_folder, files) = area();
    let hour = |hour: i64| At::from_millis(hour * 3_600_000);
    let id = kept(files.create(10, hour(1)).unwrap(), b"x").await;
    let [folder, ..] = *id.as_bytes();
    assert_eq!(files.list_older(folder, hour(1)).unwrap(), []);
    assert_eq!(files.list_older(folder, hour(2)).unwrap(), [id]);
    // The same bytes come again.
    kept(files.create(10, hour(5)).unwrap(), b"x").await;
    assert!(!files.remove_older(&id, hour(2)).unwrap());
    assert!(files.remove_older(&id, hour(6)).unwrap());
    assert!(!files.remove_older(&id, hour(6)).unwrap());
    assert!(files.list_older(folder.wrapping_add(1), hour(6)).unwrap().is_empty());
}

#[test]
fn the_name_of_a_file_reads_back_and_nothing_else_does() {
    let id = FileId::from_bytes([0xAB; 32]);
    assert_eq!(id.to_string().parse(), Ok(id));
    for wrong in ["", "ab", "../../etc/passwd", &"AB".repeat(32), &"ab".repeat(33)] {
        assert!(wrong.parse::<FileId>().is_err(), "{wrong}");
    }
    assert_eq!(serde_json::from_str::<FileId>(&serde_json::to_string(&id).unwrap()).unwrap(), id);
    assert_eq!(rmp_serde::from_slice::<FileId>(&rmp_serde::to_vec(&id).unwrap()).unwrap(), id);
}
