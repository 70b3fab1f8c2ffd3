use std::fs;

use super::{Taken, begin, finish};
use crate::base::clock::At;
use crate::media::probe::Bounds;
use crate::media::samples::{self, SECRET, holds};
use crate::media::{Kind, MediaError, MediaFiles};

fn area() -> (tempfile::TempDir, MediaFiles) {
    let folder = tempfile::tempdir().unwrap();
    let files = MediaFiles::open(folder.path(), 0).unwrap();
    (folder, files)
}

async fn upload(files: &MediaFiles, bytes: &[u8]) -> Result<Taken, MediaError> {
    let mut upload = begin(files, 64 << 20, At::default()).unwrap();
    for piece in bytes.chunks(1 << 16) {
        upload.write(piece).await?;
    }
    finish(files, upload, Bounds::default()).await
}

/// All files in the area, finished or not.
fn count(folder: &std::path::Path) -> usize {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { count(&path) } else { 1 }).sum()
}

#[tokio::test]
async fn a_photo_comes_in_turned_and_without_its_place() {
    let (folder, files) = area();
    let taken = upload(&files, &samples::phone_photo(&samples::halves(400, 240), 6)).await.unwrap();
    assert_eq!((taken.original.width_px, taken.original.height_px), (240, 400));
    assert_eq!(taken.original.orientation, 6);
    let bytes = fs::read(files.path(&taken.file)).unwrap();
    assert_eq!(usize::try_from(taken.original.size_bytes), Ok(bytes.len()));
    assert!(!holds(&bytes, SECRET));
    assert_eq!(count(folder.path()), 1);
}

#[tokio::test]
async fn the_same_picture_is_the_same_file_whatever_hung_on_it() {
    let (folder, files) = area();
    let picture = samples::halves(40, 24);
    let first = upload(&files, &samples::phone_photo(&picture, 1)).await.unwrap();
    let second = upload(&files, &samples::jpeg(&picture, 90)).await.unwrap();
    assert_eq!(first.file, second.file);
    let turned = upload(&files, &samples::phone_photo(&picture, 6)).await.unwrap();
    assert_ne!(first.file, turned.file);
    assert_eq!(count(folder.path()), 2);
}

#[tokio::test]
async fn what_is_refused_leaves_nothing_behind() {
    let (folder, files) = area();
    let photo = samples::phone_photo(&samples::noise(64, 64), 1);
    let wrong: [&[u8]; 5] = [
        b"",
        b"<svg onload='x()'/>",
        &photo[..photo.len() / 2],
        &samples::png_bomb(50_000, 50_000),
        b"\xFF\xD8\xFF\xE0",
    ];
    for bytes in wrong {
        assert!(upload(&files, bytes).await.is_err());
        assert_eq!(count(folder.path()), 0);
    }
}

#[tokio::test]
async fn damage_anywhere_is_taken_or_refused_but_ends_nothing() {
    let (_folder, files) = area();
    for (_, bytes) in samples::one_of_each(6) {
        for at in (0..bytes.len()).step_by(bytes.len().div_ceil(40)) {
            let mut damaged = bytes.clone();
            damaged[at] = !damaged[at];
            let _either_way = upload(&files, &damaged).await;
        }
    }
    assert_eq!(upload(&files, samples::LOSSY_WEBP).await.unwrap().original.kind, Kind::WebP);
}

#[test]
fn every_error_has_words() {
    use crate::media::error::{CannotFit, NotTaken};
    let words = crate::words::Words::english().unwrap();
    let not_taken = [
        NotTaken::Svg,
        NotTaken::Heic,
        NotTaken::Avif,
        NotTaken::Video,
        NotTaken::Sound,
        NotTaken::Pdf,
        NotTaken::OtherPicture,
        NotTaken::Unknown,
    ];
    let cannot = [CannotFit::Animated, CannotFit::Types, CannotFit::Bytes];
    let mut errors = vec![
        MediaError::TooLarge { limit_bytes: 64 << 20 },
        MediaError::Empty,
        MediaError::DiskFull { free_bytes: 5 << 20 },
        MediaError::TooManyPixels { width_px: 9000, height_px: 9000, limit_megapixels: 50 },
        MediaError::TooMuchWork { what: "x" },
        MediaError::Damaged { detail: "x".to_owned() },
        MediaError::Disk(std::io::Error::other("x")),
        MediaError::Broken { part: "x" },
    ];
    errors.extend(not_taken.map(MediaError::NotTaken));
    errors.extend(cannot.map(MediaError::CannotFit));
    for error in errors {
        assert!(20 < words.render(&error.advice()).len(), "{error}");
    }
}
