//! Proves a picture: what it really is, how large, and that every part of it can be decoded.
//!
//! The name of a file says nothing; its bytes do. Size is read from the head before anything is decoded, and what decoding
//! would take is reckoned before it is begun, so a small file cannot ask for a large memory. The proof keeps no pixels:
//! JPEG is decoded at an eighth of its size, PNG row by row. The file must have been stripped before.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use image::codecs::gif::GifDecoder;
use image::codecs::webp::WebPDecoder;
use image::{AnimationDecoder, ImageDecoder};
use serde::{Deserialize, Serialize};

use super::MediaError;
use super::colour;
use super::error::NotTaken;

/// What one picture may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Width × height, at most.
    pub max_pixels: u64,
    /// Either side, at most.
    pub max_side_px: u32,
    /// Memory for decoding, at most. See [`super::decode`] for what each kind takes.
    pub memory_bytes: u64,
    /// Pixels of all frames of an animation together, at most.
    pub max_animation_pixels: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            max_pixels: 50_000_000,
            max_side_px: 65_535,
            memory_bytes: 384 << 20,
            max_animation_pixels: 1_000_000_000,
        }
    }
}

/// The kinds of picture that are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// GIF.
    Gif,
    /// WebP.
    WebP,
}

impl Kind {
    /// `image/jpeg`.
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::WebP => "image/webp",
        }
    }

    /// `jpg`.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Gif => "gif",
            Self::WebP => "webp",
        }
    }

    /// The kind with this MIME type.
    pub fn of_mime(mime: &str) -> Option<Self> {
        [Self::Jpeg, Self::Png, Self::Gif, Self::WebP].into_iter().find(|kind| kind.mime().eq_ignore_ascii_case(mime))
    }
}

/// What a proved picture is. Width and height are as it lies in the file, before it is turned upright.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    /// What it is.
    pub kind: Kind,
    /// Its width.
    pub width_px: u32,
    /// Its height.
    pub height_px: u32,
    /// It has more than one frame.
    pub animated: bool,
    /// Its colours are what everyone takes them for: sRGB or grey, no other profile, no inks.
    pub plain_colours: bool,
}

/// As many bytes of a file's beginning as [`sniff`] wants.
pub const HEAD_BYTES: usize = 1024;

/// What a file is, by its first bytes.
pub fn sniff(head: &[u8]) -> Result<Kind, MediaError> {
    if head.is_empty() {
        return Err(MediaError::Empty);
    }
    let found = infer::get(head);
    let not_taken = match found.map(|found| (found.mime_type(), found.matcher_type())) {
        Some(("image/jpeg", _)) => return Ok(Kind::Jpeg),
        Some(("image/png", _)) => return Ok(Kind::Png),
        Some(("image/gif", _)) => return Ok(Kind::Gif),
        Some(("image/webp", _)) => return Ok(Kind::WebP),
        Some(("image/heif" | "image/heic", _)) => NotTaken::Heic,
        Some(("image/avif", _)) => NotTaken::Avif,
        Some(("application/pdf", _)) => NotTaken::Pdf,
        Some((_, infer::MatcherType::Image)) => NotTaken::OtherPicture,
        Some((_, infer::MatcherType::Video)) => NotTaken::Video,
        Some((_, infer::MatcherType::Audio)) => NotTaken::Sound,
        _ if has_svg(head) => NotTaken::Svg,
        // Apple's other brands of the same box.
        _ if head.get(4..8) == Some(b"ftyp") => NotTaken::Video,
        _ => NotTaken::Unknown,
    };
    Err(MediaError::NotTaken(not_taken))
}

fn has_svg(head: &[u8]) -> bool {
    head.windows(4).any(|four| four.eq_ignore_ascii_case(b"<svg"))
}

/// Decodes all of a stripped picture of so many frames and keeps nothing. Blocks, and holds much memory: run it through
/// [`super::gate::alone`].
pub fn prove(path: &Path, kind: Kind, frames: u32, bounds: &Bounds) -> Result<Proof, MediaError> {
    let mut input = BufReader::new(File::open(path)?);
    let (width_px, height_px) = size(&mut input, kind)?;
    let pixels = allow_size(width_px, height_px, bounds)?;
    if bounds.max_animation_pixels < pixels.saturating_mul(u64::from(frames)) && 1 < frames {
        return Err(MediaError::TooMuchWork { what: "frames of an animation" });
    }
    let animated = 1 < frames;
    let plain_colours = match kind {
        Kind::Jpeg => prove_jpeg(input, pixels, bounds)?,
        Kind::Png => prove_png(input, frames, bounds)?,
        Kind::Gif => prove_gif(input, pixels, bounds)?,
        Kind::WebP => prove_webp(input, pixels, bounds)?,
    };
    Ok(Proof { kind, width_px, height_px, animated, plain_colours })
}

/// Says whether a picture of this size may be decoded, and how many pixels it has.
fn allow_size(width_px: u32, height_px: u32, bounds: &Bounds) -> Result<u64, MediaError> {
    let pixels = u64::from(width_px).saturating_mul(u64::from(height_px));
    if pixels == 0 {
        return Err(MediaError::damaged("it has no pixels"));
    }
    if bounds.max_pixels < pixels || bounds.max_side_px < width_px.max(height_px) {
        let limit_megapixels = bounds.max_pixels.div_ceil(1_000_000);
        return Err(MediaError::TooManyPixels { width_px, height_px, limit_megapixels });
    }
    Ok(pixels)
}

/// Width and height from the head of the file; the file is then at its beginning again.
fn size(input: &mut BufReader<File>, kind: Kind) -> Result<(u32, u32), MediaError> {
    let size = match kind {
        Kind::Jpeg => {
            let info = jpeg_info(&mut jpeg_decoder::Decoder::new(&mut *input))?;
            (u32::from(info.width), u32::from(info.height))
        }
        Kind::Png => {
            let mut head = [0; 24];
            input.read_exact(&mut head)?;
            match head {
                [.., b'I', b'H', b'D', b'R', w1, w2, w3, w4, h1, h2, h3, h4] => {
                    (u32::from_be_bytes([w1, w2, w3, w4]), u32::from_be_bytes([h1, h2, h3, h4]))
                }
                _ => return Err(MediaError::damaged("its head is missing")),
            }
        }
        Kind::Gif => {
            let mut head = [0; 10];
            input.read_exact(&mut head)?;
            let [.., w1, w2, h1, h2] = head;
            (u32::from(u16::from_le_bytes([w1, w2])), u32::from(u16::from_le_bytes([h1, h2])))
        }
        Kind::WebP => WebPDecoder::new(&mut *input).map_err(MediaError::damaged)?.dimensions(),
    };
    input.seek(SeekFrom::Start(0))?;
    Ok(size)
}

/// The head of a JPEG; refuses what no camera makes.
pub(super) fn jpeg_info<R: Read>(
    decoder: &mut jpeg_decoder::Decoder<R>,
) -> Result<jpeg_decoder::ImageInfo, MediaError> {
    decoder.read_info().map_err(of_jpeg)?;
    let info = decoder.info().ok_or(MediaError::Broken { part: "JPEG decoder" })?;
    if info.coding_process == jpeg_decoder::CodingProcess::Lossless {
        return Err(MediaError::NotTaken(NotTaken::OtherPicture));
    }
    Ok(info)
}

pub(super) fn of_jpeg(error: jpeg_decoder::Error) -> MediaError {
    match error {
        jpeg_decoder::Error::Io(error) => error.into(),
        jpeg_decoder::Error::Unsupported(_) => MediaError::NotTaken(NotTaken::OtherPicture),
        error => MediaError::damaged(error),
    }
}

pub(super) fn of_png(error: png::DecodingError) -> MediaError {
    match error {
        png::DecodingError::IoError(error) => error.into(),
        png::DecodingError::LimitsExceeded => MediaError::TooMuchWork { what: "chunks of a PNG" },
        error => MediaError::damaged(error),
    }
}

pub(super) fn of_image(error: image::ImageError) -> MediaError {
    match error {
        image::ImageError::IoError(error) => error.into(),
        image::ImageError::Limits(_) => MediaError::TooMuchWork { what: "memory for decoding" },
        error => MediaError::damaged(error),
    }
}

/// Says whether decoding may take so much memory.
pub(super) fn allow_memory(needed_bytes: u64, bounds: &Bounds) -> Result<(), MediaError> {
    if bounds.memory_bytes < needed_bytes {
        return Err(MediaError::TooMuchWork { what: "memory for decoding" });
    }
    Ok(())
}

/// What a JPEG takes at so many eighths of its size: planes and pixels, and all coefficients where it is progressive.
pub(super) fn jpeg_memory(info: jpeg_decoder::ImageInfo, pixels: u64, eighths: u64) -> u64 {
    let components = u64::try_from(info.pixel_format.pixel_bytes()).unwrap_or(4);
    let shown = pixels.saturating_mul(eighths).saturating_mul(eighths) / 64;
    let coefficients = match info.coding_process {
        jpeg_decoder::CodingProcess::DctProgressive => pixels.saturating_mul(2),
        _ => 0,
    };
    shown.saturating_mul(2).saturating_add(coefficients).saturating_mul(components)
}

fn prove_jpeg(input: BufReader<File>, pixels: u64, bounds: &Bounds) -> Result<bool, MediaError> {
    let mut decoder = jpeg_decoder::Decoder::new(input);
    let info = jpeg_info(&mut decoder)?;
    allow_memory(jpeg_memory(info, pixels, 1), bounds)?;
    decoder.scale(1, 1).map_err(of_jpeg)?;
    decoder.decode().map_err(of_jpeg)?;
    let inks = info.pixel_format == jpeg_decoder::PixelFormat::CMYK32;
    Ok(!inks && decoder.icc_profile().is_none_or(|profile| colour::is_plain(&profile)))
}

pub(super) fn png_reader(input: BufReader<File>, bounds: &Bounds) -> Result<png::Reader<BufReader<File>>, MediaError> {
    let bytes = usize::try_from(bounds.memory_bytes / 4).unwrap_or(usize::MAX);
    let mut decoder = png::Decoder::new_with_limits(input, png::Limits { bytes });
    decoder.set_ignore_text_chunk(true);
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    decoder.read_info().map_err(of_png)
}

fn prove_png(input: BufReader<File>, frames: u32, bounds: &Bounds) -> Result<bool, MediaError> {
    let mut reader = png_reader(input, bounds)?;
    let plain = reader.info().icc_profile.as_deref().is_none_or(colour::is_plain);
    for later in (0..frames).rev() {
        while reader.next_row().map_err(of_png)?.is_some() {}
        if 0 < later {
            reader.next_frame_info().map_err(of_png)?;
        }
    }
    reader.finish().map_err(of_png)?;
    Ok(plain)
}

pub(super) fn image_limits(bounds: &Bounds) -> image::Limits {
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(bounds.max_side_px);
    limits.max_image_height = Some(bounds.max_side_px);
    limits.max_alloc = Some(bounds.memory_bytes);
    limits
}

fn prove_gif(input: BufReader<File>, pixels: u64, bounds: &Bounds) -> Result<bool, MediaError> {
    // A canvas, and one frame as it comes and as colours.
    allow_memory(pixels.saturating_mul(5), bounds)?;
    let mut decoder = GifDecoder::new(input).map_err(of_image)?;
    decoder.set_limits(image_limits(bounds)).map_err(of_image)?;
    let mut frames = 0_u32;
    for frame in decoder.into_frames() {
        frame.map_err(of_image)?;
        frames = frames.saturating_add(1);
    }
    if frames == 0 { Err(MediaError::damaged("it holds no picture")) } else { Ok(true) }
}

fn prove_webp(input: BufReader<File>, pixels: u64, bounds: &Bounds) -> Result<bool, MediaError> {
    let mut decoder = WebPDecoder::new(input).map_err(of_image)?;
    let plain = decoder.icc_profile().map_err(of_image)?.is_none_or(|profile| colour::is_plain(&profile));
    if decoder.has_animation() {
        // A canvas, one frame, and the copy that is handed out.
        allow_memory(pixels.saturating_mul(12), bounds)?;
        for frame in decoder.into_frames() {
            frame.map_err(of_image)?;
        }
    } else {
        // Lossless ones are decoded with alpha first, whether they have it or not.
        allow_memory(pixels.saturating_mul(8), bounds)?;
        super::decode::webp(decoder, bounds)?;
    }
    Ok(plain)
}

#[cfg(test)]
mod tests;
