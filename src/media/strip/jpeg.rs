//! JPEG: segments up to the scan, the scan's bytes, and perhaps more of both, until the end mark. What follows that mark
//! (more pictures, a film) is left behind. ITU-T T.81 annex B; JFIF 1.02; ICC.1 annex B.4 for profiles in APP2.

use std::io::{BufRead, Write};

use super::{Pieces, Stripped, copy, exif_with, orientation_in, read, skip};
use crate::media::MediaError;

const MARK: u8 = 0xFF;
const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;
const APP0: u8 = 0xE0;
const APP1: u8 = 0xE1;
const APP2: u8 = 0xE2;
const APP14: u8 = 0xEE;

pub(super) fn strip(input: &mut impl BufRead, output: &mut impl Write) -> Result<Stripped, MediaError> {
    if read::<2>(input)? != [MARK, SOI] {
        return Err(MediaError::damaged("it does not begin as a JPEG does"));
    }
    output.write_all(&[MARK, SOI])?;
    let mut orientation = 1;
    let mut pieces = Pieces::default();
    let mut next = None;
    loop {
        pieces.next()?;
        let marker = match next.take() {
            Some(marker) => marker,
            None => find_marker(input)?,
        };
        match marker {
            EOI => break,
            // Marks without a length carry nothing.
            0x01 | 0xD0..=SOI => {}
            SOS => {
                segment(marker, input, output)?;
                next = Some(scan(input, output)?);
            }
            // Tables, frames, restart intervals.
            0xC0..=0xCF | 0xDB | 0xDC | 0xDD => segment(marker, input, output)?,
            APP0..=0xEF => {
                if let Some(found) = application(marker, input, output, orientation == 1)? {
                    orientation = found;
                }
            }
            // Comments, and what nobody has heard of.
            _ => {
                let length = length(input)?;
                skip(input, length)?;
            }
        }
    }
    output.write_all(&[MARK, EOI])?;
    Ok(Stripped { orientation, frames: 1 })
}

/// Passes over stray bytes to the next mark, as decoders do.
fn find_marker(input: &mut impl BufRead) -> Result<u8, MediaError> {
    let mut seen_mark = false;
    loop {
        match read::<1>(input)? {
            [MARK] => seen_mark = true,
            [0] => seen_mark = false,
            [marker] if seen_mark => return Ok(marker),
            [_] => {}
        }
    }
}

/// The length of what follows.
fn length(input: &mut impl BufRead) -> Result<u64, MediaError> {
    let length = u64::from(u16::from_be_bytes(read(input)?));
    length.checked_sub(2).ok_or_else(|| MediaError::damaged("a segment is shorter than its own length"))
}

fn segment(marker: u8, input: &mut impl BufRead, output: &mut impl Write) -> Result<(), MediaError> {
    let length = length(input)?;
    begin(marker, length, output)?;
    copy(input, output, length)
}

fn begin(marker: u8, length: u64, output: &mut impl Write) -> Result<(), MediaError> {
    let length =
        u16::try_from(length.saturating_add(2)).map_err(|_error| MediaError::damaged("a segment is too long"))?;
    output.write_all(&[MARK, marker])?;
    output.write_all(&length.to_be_bytes())?;
    Ok(())
}

/// Keeps the frame of JFIF without its thumbnail, colour profiles and Adobe's colour mark. The first EXIF becomes one
/// with the orientation alone, which is given back; where upright, nothing.
fn application(
    marker: u8,
    input: &mut impl BufRead,
    output: &mut impl Write,
    may_turn: bool,
) -> Result<Option<u8>, MediaError> {
    let length = length(input)?;
    // At most 64 KiB.
    let mut body = Vec::new();
    copy(input, &mut body, length)?;
    let kept = match marker {
        APP0 => match body.get(..12) {
            Some(head) if head.starts_with(b"JFIF\0") => Some([head, &[0, 0]].concat()),
            _ => None,
        },
        APP2 if body.starts_with(b"ICC_PROFILE\0") => Some(body),
        APP14 if body.starts_with(b"Adobe") => body.get(..12).map(<[u8]>::to_vec),
        APP1 if may_turn && body.starts_with(b"Exif\0\0") => {
            let orientation = orientation_in(&body);
            if 1 < orientation {
                let fresh = [b"Exif\0\0".as_slice(), &exif_with(orientation)].concat();
                begin(marker, u64::try_from(fresh.len()).unwrap_or(u64::MAX), output)?;
                output.write_all(&fresh)?;
                return Ok(Some(orientation));
            }
            None
        }
        _ => None,
    };
    if let Some(kept) = kept {
        begin(marker, u64::try_from(kept.len()).unwrap_or(u64::MAX), output)?;
        output.write_all(&kept)?;
    }
    Ok(None)
}

/// Copies the bytes of a scan up to the next mark that is not part of it, and gives that mark.
fn scan(input: &mut impl BufRead, output: &mut impl Write) -> Result<u8, MediaError> {
    loop {
        let some = input.fill_buf()?;
        if some.is_empty() {
            return Err(MediaError::damaged("it ends early"));
        }
        let plain = some.iter().position(|byte| *byte == MARK).unwrap_or(some.len());
        if let Some(plain_bytes) = some.get(..plain) {
            output.write_all(plain_bytes)?;
        }
        let at_mark = plain < some.len();
        input.consume(plain);
        if !at_mark {
            continue;
        }
        skip(input, 1)?;
        let mut follows = read::<1>(input)?;
        while follows == [MARK] {
            follows = read::<1>(input)?;
        }
        match follows {
            // An escaped byte, a restart: part of the scan.
            [part @ (0 | 0xD0..=0xD7)] => output.write_all(&[MARK, part])?,
            [marker] => return Ok(marker),
        }
    }
}
