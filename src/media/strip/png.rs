//! PNG: chunks, each with its own checksum, which are copied as they are. PNG third edition (w3.org/TR/png-3, 2025).

use std::io::{BufRead, Write};

use super::{MAX_EXIF_BYTES, Pieces, Stripped, copy, exif_with, orientation_in, read, read_some, skip};
use crate::media::MediaError;

const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";

/// Bytes of a chunk after its content.
const CHECKSUM: u64 = 4;

pub(super) fn strip(input: &mut impl BufRead, output: &mut impl Write) -> Result<Stripped, MediaError> {
    if read(input)? != SIGNATURE {
        return Err(MediaError::damaged("it does not begin as a PNG does"));
    }
    output.write_all(&SIGNATURE)?;
    let mut orientation = 1;
    let mut frames = 1_u32;
    let mut in_picture = false;
    let mut pieces = Pieces::default();
    loop {
        let length: [u8; 4] = read(input)?;
        let name: [u8; 4] = read(input)?;
        let rest = u64::from(u32::from_be_bytes(length)).saturating_add(CHECKSUM);
        match &name {
            b"IDAT" | b"fdAT" => {}
            _ => pieces.next()?,
        }
        match &name {
            b"IDAT" => in_picture = true,
            b"fcTL" if in_picture => frames = frames.saturating_add(1),
            _ => {}
        }
        if keeps(name) {
            output.write_all(&length)?;
            output.write_all(&name)?;
            copy(input, output, rest)?;
        } else if &name == b"eXIf" && orientation == 1 {
            let body = read_some(input, rest, MAX_EXIF_BYTES)?;
            orientation = orientation_in(&body);
            if 1 < orientation {
                chunk(name, &exif_with(orientation), output)?;
            }
        } else {
            skip(input, rest)?;
        }
        if &name == b"IEND" {
            return Ok(Stripped { orientation, frames });
        }
    }
}

/// The picture, its colours, its measure, its animation.
fn keeps(name: [u8; 4]) -> bool {
    matches!(
        &name,
        b"IHDR"
            | b"PLTE"
            | b"IDAT"
            | b"IEND"
            | b"tRNS"
            | b"cHRM"
            | b"gAMA"
            | b"sBIT"
            | b"sRGB"
            | b"iCCP"
            | b"cICP"
            | b"mDCV"
            | b"cLLI"
            | b"bKGD"
            | b"pHYs"
            | b"acTL"
            | b"fcTL"
            | b"fdAT"
    )
}

fn chunk(name: [u8; 4], body: &[u8], output: &mut impl Write) -> Result<(), MediaError> {
    let length = u32::try_from(body.len()).map_err(|_error| MediaError::Broken { part: "EXIF writer" })?;
    let mut checksum = crc32fast::Hasher::new();
    checksum.update(&name);
    checksum.update(body);
    output.write_all(&length.to_be_bytes())?;
    output.write_all(&name)?;
    output.write_all(body)?;
    output.write_all(&checksum.finalize().to_be_bytes())?;
    Ok(())
}
