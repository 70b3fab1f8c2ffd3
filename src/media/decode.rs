//! Decodes a proved picture for renditions, no larger than is needed.
//!
//! What it takes, measured with 8000 × 6000 pixels beyond what the process has anyway: to prove a JPEG 8 MB, a progressive
//! one 149 MB (all its coefficients; twice that without subsampling), a PNG 3 MB, a lossy WebP 220 MB; small pictures for
//! pages from a JPEG 32 MB, a rendition of 2 MB from it 80 MB. So JPEG, which is what phones and cameras make, and PNG
//! fit a small board, and the rest is bounded.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use image::codecs::gif::GifDecoder;
use image::codecs::webp::WebPDecoder;
use image::{DynamicImage, GrayImage, ImageDecoder, RgbImage, RgbaImage};

use super::probe::{Bounds, allow_memory, image_limits, jpeg_info, jpeg_memory, of_image, of_jpeg, of_png, png_reader};
use super::{Kind, MediaError, colour};

/// Decodes the picture (of an animation the first frame) in sRGB, as it lies in the file, with the longer side at least
/// `wanted_px` where it has that many, and not much more than twice that. JPEG and PNG of more than 24 megapixels come at
/// half their size at most. Blocks; run it through [`super::gate::alone`].
pub fn decode(path: &Path, kind: Kind, wanted_px: u32, bounds: &Bounds) -> Result<DynamicImage, MediaError> {
    let input = BufReader::new(File::open(path)?);
    match kind {
        Kind::Jpeg => jpeg(input, wanted_px, bounds),
        Kind::Png => png(input, wanted_px, bounds),
        Kind::Gif => gif(input, bounds),
        Kind::WebP => {
            let mut decoder = WebPDecoder::new(input).map_err(of_image)?;
            let profile = decoder.icc_profile().map_err(of_image)?;
            let mut picture = webp(decoder, bounds)?;
            colour::to_srgb(&mut picture, profile.as_deref());
            Ok(picture)
        }
    }
}

/// Larger ones are never decoded whole, even where that leaves fewer pixels than were wanted.
const MAX_WHOLE_PIXELS: u64 = 24_000_000;

/// By how much a picture is made smaller while it is decoded.
fn factor(width: u32, height: u32, wanted_px: u32) -> u32 {
    let least = if u64::from(width) * u64::from(height) <= MAX_WHOLE_PIXELS { 1 } else { 2 };
    (width.max(height) / wanted_px.max(1)).max(least)
}

fn broken() -> MediaError {
    MediaError::Broken { part: "picture decoder" }
}

fn jpeg(input: BufReader<File>, wanted_px: u32, bounds: &Bounds) -> Result<DynamicImage, MediaError> {
    let mut decoder = jpeg_decoder::Decoder::new(input);
    let info = jpeg_info(&mut decoder)?;
    let eighths: u32 = match factor(u32::from(info.width), u32::from(info.height), wanted_px) {
        1 => 8,
        2..4 => 4,
        4..8 => 2,
        8.. | 0 => 1,
    };
    let pixels = u64::from(info.width).saturating_mul(u64::from(info.height));
    allow_memory(jpeg_memory(info, pixels, u64::from(eighths)), bounds)?;
    let reduced = |side: u16| u16::try_from(u32::from(side).saturating_mul(eighths).div_ceil(8)).unwrap_or(side);
    let (width, height) = decoder.scale(reduced(info.width), reduced(info.height)).map_err(of_jpeg)?;
    let pixels = decoder.decode().map_err(of_jpeg)?;
    let (width, height) = (u32::from(width), u32::from(height));
    let profile = decoder.icc_profile();
    drop(decoder);
    let picture = match info.pixel_format {
        jpeg_decoder::PixelFormat::L8 => GrayImage::from_raw(width, height, pixels).map(DynamicImage::ImageLuma8),
        jpeg_decoder::PixelFormat::RGB24 => RgbImage::from_raw(width, height, pixels).map(DynamicImage::ImageRgb8),
        jpeg_decoder::PixelFormat::CMYK32 => {
            return colour::inks_to_srgb(width, height, &pixels, profile.as_deref()).map(DynamicImage::ImageRgb8);
        }
        jpeg_decoder::PixelFormat::L16 => None,
    };
    let mut picture = picture.ok_or_else(broken)?;
    colour::to_srgb(&mut picture, profile.as_deref());
    Ok(picture)
}

fn png(input: BufReader<File>, wanted_px: u32, bounds: &Bounds) -> Result<DynamicImage, MediaError> {
    let mut reader = png_reader(input, bounds)?;
    let (width, height) = reader.info().size();
    let interlaced = reader.info().interlaced;
    let profile = reader.info().icc_profile.as_deref().map(<[u8]>::to_vec);
    let channels = match reader.output_color_type().0 {
        png::ColorType::Grayscale => 1,
        png::ColorType::GrayscaleAlpha => 2,
        png::ColorType::Rgb => 3,
        png::ColorType::Rgba => 4,
        png::ColorType::Indexed => return Err(broken()),
    };
    let mut boxes = Boxes::new(width, height, channels, factor(width, height, wanted_px));
    if interlaced {
        // Its rows come in seven passes, so it has to be whole before it can be made smaller.
        let bytes = reader.output_buffer_size().ok_or_else(broken)?;
        allow_memory(u64::try_from(bytes).unwrap_or(u64::MAX), bounds)?;
        let mut pixels = vec![0; bytes];
        reader.next_frame(&mut pixels).map_err(of_png)?;
        pixels.chunks_exact(boxes.row_bytes()).for_each(|row| boxes.add(row));
    } else {
        while let Some(row) = reader.next_row().map_err(of_png)? {
            boxes.add(row.data());
        }
    }
    let mut picture = boxes.finish().ok_or_else(broken)?;
    colour::to_srgb(&mut picture, profile.as_deref());
    Ok(picture)
}

fn gif(input: BufReader<File>, bounds: &Bounds) -> Result<DynamicImage, MediaError> {
    let mut decoder = GifDecoder::new(input).map_err(of_image)?;
    decoder.set_limits(image_limits(bounds)).map_err(of_image)?;
    DynamicImage::from_decoder(decoder).map_err(of_image)
}

/// Decodes a WebP that does not move, or the first frame of one that does.
pub(super) fn webp<R: std::io::BufRead + Read + Seek>(
    mut decoder: WebPDecoder<R>,
    bounds: &Bounds,
) -> Result<DynamicImage, MediaError> {
    decoder.set_limits(image_limits(bounds)).map_err(of_image)?;
    DynamicImage::from_decoder(decoder).map_err(of_image)
}

/// Makes a picture smaller by a whole number while its rows come: each pixel is the mean of a box, weighted by alpha.
#[derive(Debug)]
struct Boxes {
    width: u32,
    height: u32,
    /// As they come: 1 grey, 2 grey and alpha, 3 colours, 4 colours and alpha.
    channels: usize,
    factor: u32,
    /// For each box of the present row of boxes: sums of colours times alpha, of alpha, and the number of pixels.
    sums: Vec<[u32; 5]>,
    rows: u32,
    pixels: Vec<u8>,
}

impl Boxes {
    fn new(width: u32, height: u32, channels: usize, factor: u32) -> Self {
        // Sums stay below 2^32: a box has at most 256 pixels, each at most 255 × 255.
        let factor = factor.clamp(1, 16);
        let boxes = usize::try_from(width.div_ceil(factor)).unwrap_or(0);
        let rows = usize::try_from(height.div_ceil(factor)).unwrap_or(0);
        let out = if channels == 2 { 4 } else { channels };
        let pixels = Vec::with_capacity(boxes.saturating_mul(rows).saturating_mul(out));
        let sums = if factor == 1 { Vec::new() } else { vec![[0; 5]; boxes] };
        Self { width, height, channels, factor, sums, rows: 0, pixels }
    }

    fn row_bytes(&self) -> usize {
        usize::try_from(self.width).unwrap_or(0).saturating_mul(self.channels).max(1)
    }

    fn add(&mut self, row: &[u8]) {
        let row = row.get(..self.row_bytes()).unwrap_or(row);
        if self.height <= self.rows {
            return;
        }
        self.rows += 1;
        if self.factor == 1 {
            if self.channels == 2 {
                for pixel in row.chunks_exact(2) {
                    if let [grey, alpha] = *pixel {
                        self.pixels.extend_from_slice(&[grey, grey, grey, alpha]);
                    }
                }
            } else {
                self.pixels.extend_from_slice(row);
            }
            return;
        }
        let in_box = usize::try_from(self.factor).unwrap_or(1).saturating_mul(self.channels).max(1);
        for (sum, boxed) in self.sums.iter_mut().zip(row.chunks(in_box)) {
            for pixel in boxed.chunks_exact(self.channels) {
                let (colours, alpha) = match *pixel {
                    [grey] => ([grey; 3], 255),
                    [grey, alpha] => ([grey; 3], alpha),
                    [red, green, blue] => ([red, green, blue], 255),
                    [red, green, blue, alpha] => ([red, green, blue], alpha),
                    _ => continue,
                };
                let [sums @ .., alphas, count] = sum;
                for (sum, colour) in sums.iter_mut().zip(colours) {
                    *sum += u32::from(colour) * u32::from(alpha);
                }
                *alphas += u32::from(alpha);
                *count += 1;
            }
        }
        if self.rows.is_multiple_of(self.factor) || self.rows == self.height {
            self.close_row();
        }
    }

    fn close_row(&mut self) {
        let mean = |sum: u32, of: u32| u8::try_from((sum + of / 2).checked_div(of).unwrap_or(0)).unwrap_or(u8::MAX);
        for sum in &mut self.sums {
            let [red, green, blue, alphas, count] = std::mem::take(sum);
            let [red, green, blue] = [red, green, blue].map(|sum| mean(sum, alphas));
            match self.channels {
                1 => self.pixels.push(red),
                3 => self.pixels.extend_from_slice(&[red, green, blue]),
                _ => self.pixels.extend_from_slice(&[red, green, blue, mean(alphas, count)]),
            }
        }
    }

    fn finish(self) -> Option<DynamicImage> {
        let (width, height) = (self.width.div_ceil(self.factor), self.height.div_ceil(self.factor));
        match self.channels {
            1 => GrayImage::from_raw(width, height, self.pixels).map(DynamicImage::ImageLuma8),
            3 => RgbImage::from_raw(width, height, self.pixels).map(DynamicImage::ImageRgb8),
            _ => RgbaImage::from_raw(width, height, self.pixels).map(DynamicImage::ImageRgba8),
        }
    }
}

#[cfg(test)]
mod tests;
