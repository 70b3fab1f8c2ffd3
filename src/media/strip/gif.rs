//! GIF: blocks of sub-blocks. Comments, texts and application data go, but for the count of repeats. The specification of version 89a.

use std::io::{BufRead, Write};

use super::{Pieces, Stripped, copy, read, skip};
use crate::media::MediaError;

const EXTENSION: u8 = 0x21;
const IMAGE: u8 = 0x2C;
const END: u8 = 0x3B;
const CONTROL: u8 = 0xF9;
const APPLICATION: u8 = 0xFF;

pub(super) fn strip(input: &mut impl BufRead, output: &mut impl Write) -> Result<Stripped, MediaError> {
    let head: [u8; 13] = read(input)?;
    if !(head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a")) {
        return Err(MediaError::damaged("it does not begin as a GIF does"));
    }
    output.write_all(&head)?;
    let [.., packed, _background, _aspect] = head;
    copy(input, output, table_bytes(packed))?;
    let mut frames = 0_u32;
    let mut pieces = Pieces::default();
    loop {
        pieces.next()?;
        match read::<1>(input)? {
            [IMAGE] => {
                image(input, output)?;
                frames = frames.saturating_add(1);
            }
            [EXTENSION] => extension(input, output)?,
            [END] => break,
            // Stray zeros between blocks are common.
            [0] => {}
            [_] => return Err(MediaError::damaged("a block of an unknown kind")),
        }
    }
    output.write_all(&[END])?;
    Ok(Stripped { orientation: 1, frames })
}

/// The bytes of a table of colours, from the byte that announces it.
fn table_bytes(packed: u8) -> u64 {
    if packed & 0x80 == 0 { 0 } else { 3 << ((packed & 7) + 1) }
}

fn image(input: &mut impl BufRead, output: &mut impl Write) -> Result<(), MediaError> {
    let description: [u8; 9] = read(input)?;
    output.write_all(&[IMAGE])?;
    output.write_all(&description)?;
    let [.., packed] = description;
    // The table, and the size of the first code.
    copy(input, output, table_bytes(packed).saturating_add(1))?;
    sub_blocks(input, output)
}

fn extension(input: &mut impl BufRead, output: &mut impl Write) -> Result<(), MediaError> {
    let [label] = read(input)?;
    match label {
        CONTROL => {
            output.write_all(&[EXTENSION, label])?;
            sub_blocks(input, output)
        }
        APPLICATION => {
            let [length] = read(input)?;
            if length != 11 {
                skip(input, u64::from(length))?;
                return if length == 0 { Ok(()) } else { sub_blocks(input, &mut std::io::sink()) };
            }
            let name: [u8; 11] = read(input)?;
            if &name == b"NETSCAPE2.0" || &name == b"ANIMEXTS1.0" {
                output.write_all(&[EXTENSION, label, length])?;
                output.write_all(&name)?;
                repeats(input, output)
            } else {
                sub_blocks(input, &mut std::io::sink())
            }
        }
        _ => sub_blocks(input, &mut std::io::sink()),
    }
}

/// Keeps the sub-block that says how often to repeat, drops any other.
fn repeats(input: &mut impl BufRead, output: &mut impl Write) -> Result<(), MediaError> {
    loop {
        let [length] = read(input)?;
        match length {
            0 => break,
            3 => {
                let body: [u8; 3] = read(input)?;
                output.write_all(&[length])?;
                output.write_all(&body)?;
            }
            _ => skip(input, u64::from(length))?,
        }
    }
    output.write_all(&[0])?;
    Ok(())
}

fn sub_blocks(input: &mut impl BufRead, output: &mut impl Write) -> Result<(), MediaError> {
    loop {
        let [length] = read(input)?;
        output.write_all(&[length])?;
        if length == 0 {
            return Ok(());
        }
        copy(input, output, u64::from(length))?;
    }
}
