//! The one door for pictures from outside: bytes come in, a proved and cleaned file comes out.
//!
//! What comes in is written to disk as it arrives, within a cap; its kind is read from its bytes; it is stripped into
//! a second file and that one is decoded to prove it. Only then does it get its name. Whatever goes wrong, or when
//! the sender goes away, nothing stays behind. The original as it was sent, with its place, is never kept.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom, Write};

use super::files::{Draft, FileId, MediaFiles, NewFile};
use super::probe::{Bounds, HEAD_BYTES, prove, sniff};
use super::rendition::{Original, turned};
use super::strip::strip;
use super::{MediaError, gate};
use crate::base::clock::At;

/// What stripping may add: an orientation that stands alone.
const STRIP_ADDS_BYTES: u64 = 1024;

/// A picture that was taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The name of its file.
    pub file: FileId,
    /// What it is.
    pub original: Original,
}

/// Begins an upload of at most so many bytes: write what arrives into it, then hand it to [`finish`].
pub fn begin(files: &MediaFiles, max_bytes: u64, now: At) -> Result<NewFile, MediaError> {
    files.create(max_bytes, now)
}

/// Cleans and proves an upload that has arrived whole, and keeps it. Waits for its turn: one picture at a time.
pub async fn finish(files: &MediaFiles, upload: NewFile, bounds: Bounds) -> Result<Taken, MediaError> {
    let upload = upload.into_draft()?;
    let files = files.clone();
    gate::alone(move || clean_and_prove(&files, upload, &bounds)).await
}

fn clean_and_prove(files: &MediaFiles, upload: Draft, bounds: &Bounds) -> Result<Taken, MediaError> {
    let (clean, original) = proved(files, upload, bounds)?;
    let (file, _size_bytes) = clean.finish()?;
    Ok(Taken { file, original })
}

/// The upload cleaned and proved, in a file that has no name yet. Blocks; run it through [`gate::alone`].
pub(super) fn proved(files: &MediaFiles, mut upload: Draft, bounds: &Bounds) -> Result<(Draft, Original), MediaError> {
    upload.flush()?;
    let mut input = BufReader::with_capacity(64 << 10, File::open(upload.path())?);
    let mut head = Vec::with_capacity(HEAD_BYTES);
    input.by_ref().take(u64::try_from(HEAD_BYTES).unwrap_or(0)).read_to_end(&mut head)?;
    let kind = sniff(&head)?;
    input.seek(SeekFrom::Start(0))?;
    let cap_bytes = upload.size_bytes().saturating_add(STRIP_ADDS_BYTES);
    let mut clean = files.create(cap_bytes, upload.begun_at())?.into_draft()?;
    let stripped = strip(kind, &mut input, &mut clean)?;
    drop(input);
    drop(upload);
    let proof = prove(clean.path(), kind, stripped.frames, bounds)?;
    let (mut width_px, mut height_px) = (proof.width_px, proof.height_px);
    if turned(stripped.orientation) {
        (width_px, height_px) = (height_px, width_px);
    }
    let original = Original {
        kind,
        size_bytes: clean.size_bytes(),
        width_px,
        height_px,
        orientation: stripped.orientation,
        animated: proof.animated,
        plain_colours: proof.plain_colours,
    };
    Ok((clean, original))
}

#[cfg(test)]
mod tests;
