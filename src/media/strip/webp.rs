//! WebP: chunks in a RIFF whose length stands first, so what is kept is listed before it is copied. Frames of an
//! animation are chunks with chunks inside and are gone through the same way. RFC 9649.

use std::io::{BufRead, Seek, SeekFrom, Write};

use super::{MAX_EXIF_BYTES, Pieces, Stripped, copy, exif_with, orientation_in, read, read_some};
use crate::media::MediaError;

const EXIF_FLAG: u8 = 0x08;
const XMP_FLAG: u8 = 0x04;

/// Bytes before the chunks of a frame: its place, size, duration and flags.
const FRAME_HEAD: u64 = 16;

/// What is written: bytes made here, or a stretch of the input.
#[derive(Debug)]
enum Piece {
    Made(Vec<u8>),
    Stretch { from: u64, bytes: u64 },
}

impl Piece {
    fn bytes(&self) -> u64 {
        match self {
            Self::Made(made) => u64::try_from(made.len()).unwrap_or(u64::MAX),
            Self::Stretch { bytes, .. } => *bytes,
        }
    }
}

pub(super) fn strip(input: &mut (impl BufRead + Seek), output: &mut impl Write) -> Result<Stripped, MediaError> {
    let riff: [u8; 4] = read(input)?;
    let length = u64::from(u32::from_le_bytes(read(input)?));
    let form: [u8; 4] = read(input)?;
    if &riff != b"RIFF" || &form != b"WEBP" {
        return Err(MediaError::damaged("it does not begin as a WebP does"));
    }
    let mut list = List { kept: Vec::new(), flags_at: None, orientation: 1, frames: 0, pieces: Pieces::default() };
    list.chunks(input, 12, length.saturating_add(8), false)?;
    if let Some(Piece::Made(head)) = list.flags_at.and_then(|at| list.kept.get_mut(at))
        && let Some(flags) = head.get_mut(8)
    {
        *flags &= !(EXIF_FLAG | XMP_FLAG);
        if 1 < list.orientation {
            *flags |= EXIF_FLAG;
        }
    }
    let total = list.kept.iter().fold(4_u64, |sum, piece| sum.saturating_add(piece.bytes()));
    let total = u32::try_from(total).map_err(|_error| MediaError::damaged("it is longer than a WebP can be"))?;
    output.write_all(b"RIFF")?;
    output.write_all(&total.to_le_bytes())?;
    output.write_all(b"WEBP")?;
    for piece in &list.kept {
        match piece {
            Piece::Made(made) => output.write_all(made)?,
            Piece::Stretch { from, bytes } => {
                input.seek(SeekFrom::Start(*from))?;
                copy(input, output, *bytes)?;
            }
        }
    }
    Ok(Stripped { orientation: list.orientation, frames: list.frames.max(1) })
}

/// What is kept so far.
#[derive(Debug)]
struct List {
    kept: Vec<Piece>,
    /// Which piece is the head of the extended form.
    flags_at: Option<usize>,
    orientation: u8,
    frames: u32,
    pieces: Pieces,
}

impl List {
    /// Goes through the chunks between two places of the file.
    fn chunks(
        &mut self,
        input: &mut (impl BufRead + Seek),
        from: u64,
        to: u64,
        in_frame: bool,
    ) -> Result<(), MediaError> {
        let mut at = from;
        // Fewer bytes than a chunk's head are padding.
        while at.saturating_add(8) <= to {
            self.pieces.next()?;
            input.seek(SeekFrom::Start(at))?;
            let name: [u8; 4] = read(input)?;
            let length = u64::from(u32::from_le_bytes(read(input)?));
            let body = at.saturating_add(8);
            let end = body.saturating_add(length).saturating_add(length & 1);
            // The last chunk may lack its padding; its body may not.
            if to < body.saturating_add(length) {
                return Err(MediaError::damaged("it ends early"));
            }
            match &name {
                b"VP8 " | b"VP8L" | b"ALPH" => self.keep(name, body, length),
                b"ICCP" | b"ANIM" if !in_frame => self.keep(name, body, length),
                b"VP8X" if !in_frame && self.flags_at.is_none() && length == 10 => {
                    let content: [u8; 10] = read(input)?;
                    self.flags_at = Some(self.kept.len());
                    self.kept.push(made(name, &content));
                }
                b"ANMF" if !in_frame && FRAME_HEAD <= length => self.frame(input, body, length)?,
                b"EXIF" if !in_frame && self.orientation == 1 && self.flags_at.is_some() => {
                    self.orientation = orientation_in(&read_some(input, length, MAX_EXIF_BYTES)?);
                    if 1 < self.orientation {
                        self.kept.push(made(name, &exif_with(self.orientation)));
                    }
                }
                _ => {}
            }
            at = end;
        }
        Ok(())
    }

    fn frame(&mut self, input: &mut (impl BufRead + Seek), body: u64, length: u64) -> Result<(), MediaError> {
        let head: [u8; 16] = read(input)?;
        let place = self.kept.len();
        self.kept.push(Piece::Made(Vec::new()));
        self.chunks(input, body.saturating_add(FRAME_HEAD), body.saturating_add(length), true)?;
        let inside = self.kept.iter().skip(place).fold(FRAME_HEAD, |sum, piece| sum.saturating_add(piece.bytes()));
        let inside = u32::try_from(inside).map_err(|_error| MediaError::damaged("a frame is too long"))?;
        if let Some(piece) = self.kept.get_mut(place) {
            *piece = Piece::Made([b"ANMF".as_slice(), &inside.to_le_bytes(), &head].concat());
        }
        self.frames = self.frames.saturating_add(1);
        Ok(())
    }

    /// Keeps a chunk, with a fresh padding byte where its length is odd.
    fn keep(&mut self, name: [u8; 4], body: u64, length: u64) {
        let declared = u32::try_from(length).unwrap_or(u32::MAX);
        self.kept.push(Piece::Made([name.as_slice(), &declared.to_le_bytes()].concat()));
        self.kept.push(Piece::Stretch { from: body, bytes: length });
        if length & 1 == 1 {
            self.kept.push(Piece::Made(vec![0]));
        }
    }
}

fn made(name: [u8; 4], body: &[u8]) -> Piece {
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
    Piece::Made([name.as_slice(), &length.to_le_bytes(), body].concat())
}
