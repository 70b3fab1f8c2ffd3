//! Copies the files of one area to another: for backup and restore.
//!
//! A file's name is the digest of its bytes, so original and copy prove themselves: the copy is read back, and what is not
//! what its name says is told and not kept. What the other side has already is read too: rot there is mended from here.

use std::fs::{self, File};
use std::io::{self, Read, Seek};

use sha2::{Digest, Sha256};

use super::{FileId, MediaError, MediaFiles};
use crate::base::clock::At;

/// What a copy came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// How many files were copied this time.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Files whose bytes are no longer what their names say, and that were not copied.
    pub damaged: Vec<FileId>,
    /// Files that were damaged on the other side, and were copied anew.
    pub mended: Vec<FileId>,
}

/// Copies every file that `to` lacks. Blocks. `now` is noted as when they were taken in there.
pub fn copy_lacking(from: &MediaFiles, to: &MediaFiles, now: At) -> Result<Copied, MediaError> {
    let mut copied = Copied::default();
    for folder in 0..=u8::MAX {
        for id in from.list_older(folder, At::from_millis(i64::MAX))? {
            copy_one(from, to, &id, now, &mut copied)?;
        }
    }
    Ok(copied)
}

fn copy_one(from: &MediaFiles, to: &MediaFiles, id: &FileId, now: At, copied: &mut Copied) -> Result<(), MediaError> {
    let mut original = match File::open(from.path(id)) {
        Ok(original) => original,
        // Swept away meanwhile: nothing names it.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let there = match File::open(to.path(id)) {
        Ok(mut there) => Some(digest(&mut there)?),
        Err(_not_there) => None,
    };
    if there.is_some_and(|there| there == *id.as_bytes()) {
        return Ok(());
    }
    // Before a byte is written: bytes that are not its own would get another picture's name there.
    if digest(&mut original)? != *id.as_bytes() {
        copied.damaged.push(*id);
        return Ok(());
    }
    if there.is_some() {
        fs::remove_file(to.path(id))?;
    }
    original.rewind()?;
    let mut draft = to.create(original.metadata()?.len(), now)?.into_draft()?;
    io::copy(&mut original, &mut draft)?;
    let (_id, bytes) = draft.finish()?;
    if digest(&mut File::open(to.path(id))?)? != *id.as_bytes() {
        fs::remove_file(to.path(id))?;
        copied.damaged.push(*id);
        return Ok(());
    }
    if there.is_some() {
        copied.mended.push(*id);
    }
    copied.files += 1;
    copied.bytes += bytes;
    Ok(())
}

fn digest(file: &mut File) -> io::Result<[u8; 32]> {
    let mut hash = Sha256::new();
    let mut piece = vec![0; 64 * 1024];
    loop {
        let length = file.read(&mut piece)?;
        if length == 0 {
            return Ok(hash.finalize().into());
        }
        hash.update(piece.get(..length).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn file(area: &MediaFiles, bytes: &[u8]) -> FileId {
        let mut new = area.create(1000, At::default()).unwrap();
        new.write(bytes).await.unwrap();
        new.finish().await.unwrap().0
    }

    #[tokio::test]
    async fn what_is_lacking_is_copied_once_and_what_is_damaged_is_told() {
        let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (from, to) = (MediaFiles::at(here.path(), 0), MediaFiles::at(there.path(), 0));
        let whole = file(&from, b"a picture").await;
        let rotten = file(&from, b"another picture").await;
        fs::write(from.path(&rotten), b"another pictURE").unwrap();

        let copied = copy_lacking(&from, &to, At::default()).unwrap();
        assert_eq!(copied, Copied { files: 1, bytes: 9, damaged: vec![rotten], mended: vec![] });
        assert_eq!(fs::read(to.path(&whole)).unwrap(), b"a picture");
        assert!(!to.path(&rotten).exists());
        assert_eq!(copy_lacking(&from, &to, At::default()).unwrap().files, 0);
    }
    #[tokio::test]
    async fn rot_in_what_is_there_already_is_found_and_mended() {
        let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (from, to) = (MediaFiles::at(here.path(), 0), MediaFiles::at(there.path(), 0));
        let picture = file(&from, b"a picture").await;
        copy_lacking(&from, &to, At::default()).unwrap();
        fs::write(to.path(&picture), b"a pictURE").unwrap();

        let copied = copy_lacking(&from, &to, At::default()).unwrap();
        assert_eq!(copied.mended, [picture]);
        assert_eq!(fs::read(to.path(&picture)).unwrap(), b"a picture");
    }
}
