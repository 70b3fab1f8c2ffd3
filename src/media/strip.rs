//! Takes out of a picture file everything that is not picture: EXIF with its place and thumbnail, XMP, IPTC, comments,
//! texts, times, the maker's notes, and whatever was hung on behind the end (the film of a moving photo).
//!
//! Lossless: the bytes of the picture are copied as they are. It works by lists of what is kept, so what nobody has heard
//! of goes. Nothing is decoded and the file is never in memory, so this is safe on bytes of strangers. Colour profiles
//! stay. Orientation stays too, as the only entry of a fresh EXIF block where it is not upright: so the file is right by
//! itself wherever it is opened, and the same photo turned the other way is another file.

mod gif;
mod jpeg;
mod png;
mod webp;

use std::io::{self, BufRead, Read, Seek, Write};

use super::{Kind, MediaError};

/// More pieces than this are no picture but an attack on patience.
const MAX_PIECES: u32 = 100_000;

/// An EXIF block longer than this is not looked into (JPEG allows 64 KiB).
const MAX_EXIF_BYTES: u64 = 1 << 20;

/// What was learnt on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stripped {
    /// How the picture must be turned to stand upright: 1 to 8, as EXIF counts.
    pub orientation: u8,
    /// How many pictures it holds: more than one is an animation.
    pub frames: u32,
}

/// Copies a picture of this kind without what is not picture.
pub fn strip(kind: Kind, input: &mut (impl BufRead + Seek), output: &mut impl Write) -> Result<Stripped, MediaError> {
    let stripped = match kind {
        Kind::Jpeg => jpeg::strip(input, output),
        Kind::Png => png::strip(input, output),
        Kind::Gif => gif::strip(input, output),
        Kind::WebP => webp::strip(input, output),
    }?;
    output.flush()?;
    Ok(stripped)
}

/// The orientation in an EXIF block (with or without its `Exif` mark); 1 where it says none.
fn orientation_in(exif: &[u8]) -> u8 {
    let tiff = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
    let mut reader = exif::Reader::new();
    reader.continue_on_error(true);
    let block = match reader.read_raw(tiff.to_vec()) {
        Ok(block) => block,
        Err(error) => match error.distill_partial_result(|_faults| ()) {
            Ok(block) => block,
            Err(_unreadable) => return 1,
        },
    };
    block
        .get_field(exif::Tag::Orientation, exif::In::PRIMARY)
        .and_then(|field| field.value.get_uint(0))
        .and_then(|value| u8::try_from(value).ok())
        .filter(|value| (1..=8).contains(value))
        .unwrap_or(1)
}

/// An EXIF block that says only this orientation: a TIFF header and one entry.
fn exif_with(orientation: u8) -> [u8; 26] {
    [
        b'M',
        b'M',
        0,
        42,
        0,
        0,
        0,
        8, // big-endian, the first directory begins at 8
        0,
        1, // one entry
        0x01,
        0x12,
        0,
        3,
        0,
        0,
        0,
        1,
        0,
        orientation,
        0,
        0, // orientation, one short
        0,
        0,
        0,
        0, // no further directory
    ]
}

/// Copies exactly so many bytes.
fn copy(input: &mut impl Read, output: &mut impl Write, bytes: u64) -> Result<(), MediaError> {
    let copied = io::copy(&mut input.take(bytes), output)?;
    if copied < bytes { Err(MediaError::damaged("it ends early")) } else { Ok(()) }
}

/// Passes over exactly so many bytes.
fn skip(input: &mut impl Read, bytes: u64) -> Result<(), MediaError> {
    copy(input, &mut io::sink(), bytes)
}

/// Reads exactly `N` bytes.
fn read<const N: usize>(input: &mut impl Read) -> Result<[u8; N], MediaError> {
    let mut bytes = [0; N];
    input.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Reads exactly so many bytes into memory, or passes over them where they are more than `at_most`.
fn read_some(input: &mut impl Read, bytes: u64, at_most: u64) -> Result<Vec<u8>, MediaError> {
    let mut some = Vec::new();
    if at_most < bytes {
        skip(input, bytes)?;
    } else {
        copy(input, &mut some, bytes)?;
    }
    Ok(some)
}

/// Counts pieces and says when they are too many.
#[derive(Debug, Default)]
struct Pieces(u32);

impl Pieces {
    fn next(&mut self) -> Result<(), MediaError> {
        self.0 = self.0.saturating_add(1);
        if MAX_PIECES < self.0 { Err(MediaError::TooMuchWork { what: "pieces of a file" }) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests;
