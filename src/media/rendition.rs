//! Renditions: a picture made to fit what a network, or a page, can take.
//!
//! Where the original fits as it is, its own bytes are used. Else it is decoded once, turned upright, brought to sRGB,
//! made smaller and encoded, without any metadata. The same original and the same need give the same [`RenditionId`],
//! so each is made once. An animation is used as it is or not at all; its still is only for pages.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::pixels::{U8, U8x3, U8x4};
use fast_image_resize::{
    FilterType, IntoImageView, IntoImageViewMut, PixelTrait, PixelType, ResizeAlg, ResizeOptions, Resizer,
};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType as PngFilter, PngEncoder};
use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, ImageEncoder, RgbImage, RgbaImage};
use serde::{Deserialize, Serialize};

use super::error::CannotFit;
use super::probe::Bounds;
use super::{FileId, Kind, MediaError, decode};

/// Part of every rendition's id: raised when the same need would be met with other bytes.
const MAKING: u64 = 1;

/// The longer side of a picture that has to be encoded anew, at most: half of 48 megapixels as phones take them. No
/// network shows more, and decoding more at once does not fit a small board.
const MAX_MADE_SIDE_PX: u32 = 4000;

/// A picture without transparency that was lossless stays so up to this size: screenshots do, photos do not.
const LOSSLESS_UP_TO_BYTES: u64 = 1 << 20;

/// What is tried to make a JPEG small enough, best first: percent of the size that the limits allow, quality, and
/// about how many bytes that makes of 100. Smaller pictures have more to tell in each pixel.
const TRIES: [(u32, u8, u64); 16] = [
    (100, 90, 100),
    (100, 84, 78),
    (100, 78, 66),
    (100, 72, 58),
    (80, 84, 54),
    (80, 78, 46),
    (80, 72, 41),
    (64, 84, 38),
    (64, 72, 28),
    (50, 84, 26),
    (50, 72, 19),
    (40, 78, 15),
    (40, 72, 13),
    (30, 72, 8),
    (20, 72, 4),
    (10, 60, 1),
];

/// Percents that are tried to make a PNG small enough.
const PNG_PERCENTS: [u32; 5] = [100, 80, 64, 50, 30];

crate::ids! {
    /// A rendition: follows from the original's bytes and the need.
    RenditionId,
}

/// What a picture must be to be taken.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Need {
    /// MIME types that are taken; `image/*` is all.
    pub types: Vec<String>,
    /// Its size, at most.
    pub max_bytes: u64,
    /// Width × height, at most.
    pub max_pixels: Option<u64>,
    /// The longer side, at most.
    pub max_side_px: Option<u32>,
    /// Of an animation the first frame will do. For pages; a network gets the animation or a refusal.
    pub still: bool,
}

/// Sizes for pages, by the longer side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Thumb {
    /// 96 px: lists, calendar.
    Small,
    /// 480 px: cards, a phone's width.
    Medium,
    /// 1280 px: to look at.
    Large,
}

impl Thumb {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Small, Self::Medium, Self::Large];

    /// The longer side.
    pub const fn side_px(self) -> u32 {
        match self {
            Self::Small => 96,
            Self::Medium => 480,
            Self::Large => 1280,
        }
    }

    /// Its name in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Medium => "medium",
            Self::Large => "large",
        }
    }

    /// The one with this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|thumb| thumb.name() == name)
    }

    /// What it must be.
    pub fn need(self) -> Need {
        Need {
            types: vec![Kind::Jpeg.mime().to_owned(), Kind::Png.mime().to_owned()],
            max_bytes: 2 << 20,
            max_pixels: None,
            max_side_px: Some(self.side_px()),
            still: true,
        }
    }
}

impl Need {
    /// The name of the rendition that meets this need for this file.
    pub fn id(&self, file: &FileId) -> RenditionId {
        let mut types: Vec<&str> = self.types.iter().map(String::as_str).collect();
        types.sort_unstable();
        let limits = [
            MAKING,
            self.max_bytes,
            self.max_pixels.unwrap_or(u64::MAX),
            self.max_side_px.map_or(u64::MAX, u64::from),
            u64::from(self.still),
        ];
        let limits: Vec<u8> = limits.iter().flat_map(|limit| limit.to_be_bytes()).collect();
        crate::base::id::digest(&[b"rendition", file.as_bytes(), types.join(" ").as_bytes(), &limits])
    }

    fn takes(&self, kind: Kind) -> bool {
        self.types.iter().any(|mime| mime == "image/*" || Kind::of_mime(mime) == Some(kind))
    }

    /// The size in pixels that a picture of this size gets: never larger, its shape kept.
    fn fit(&self, width_px: u32, height_px: u32, percent: u32) -> (u32, u32) {
        let (width, height) = (f64::from(width_px), f64::from(height_px));
        let side = f64::from(self.max_side_px.unwrap_or(u32::MAX).min(MAX_MADE_SIDE_PX));
        let mut scale = (side / width.max(height)).min(1.0);
        if let Some(max_pixels) = self.max_pixels {
            let max_pixels = f64::from(u32::try_from(max_pixels).unwrap_or(u32::MAX));
            scale = scale.min((max_pixels / (width * height)).sqrt());
        }
        scale *= f64::from(percent) / 100.0;
        (scaled(width_px, scale), scaled(height_px, scale))
    }
}

/// Rounded down, so that a limit is never passed; at least one pixel.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 1 and the side itself: the scale is at most 1 and never negative"
)]
fn scaled(side_px: u32, scale: f64) -> u32 {
    // The smallest excess absorbs what 4000 / 8000 × 8000 loses in binary.
    ((f64::from(side_px) * scale + 1e-6).floor() as u32).clamp(1, side_px.max(1))
}

/// The original, as it was proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Original {
    /// What it is.
    pub kind: Kind,
    /// Its size.
    pub size_bytes: u64,
    /// Its width, upright.
    pub width_px: u32,
    /// Its height, upright.
    pub height_px: u32,
    /// How it must be turned to stand upright: 1 to 8, as EXIF counts.
    pub orientation: u8,
    /// It moves.
    pub animated: bool,
    /// Its colours are sRGB.
    pub plain_colours: bool,
}

/// What a need asks of an original.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Its own bytes will do.
    AsIs,
    /// It has to be made.
    Make,
    /// It cannot be done.
    Cannot(CannotFit),
}

/// Decides what a need asks of an original.
pub fn plan(original: &Original, need: &Need) -> Plan {
    let pixels = u64::from(original.width_px) * u64::from(original.height_px);
    let fits = need.takes(original.kind)
        && original.size_bytes <= need.max_bytes
        && need.max_pixels.is_none_or(|max| pixels <= max)
        && need.max_side_px.is_none_or(|max| original.width_px.max(original.height_px) <= max);
    let shows_right = original.orientation == 1 && original.plain_colours;
    if fits && (shows_right || original.animated) {
        Plan::AsIs
    } else if original.animated && !need.still {
        Plan::Cannot(CannotFit::Animated)
    } else if need.takes(Kind::Jpeg) || need.takes(Kind::Png) {
        Plan::Make
    } else {
        Plan::Cannot(CannotFit::Types)
    }
}

/// A rendition's bytes and what they are.
#[derive(Clone, PartialEq, Eq)]
pub struct Made {
    /// The file.
    pub bytes: Vec<u8>,
    /// What it is.
    pub kind: Kind,
    /// Its width.
    pub width_px: u32,
    /// Its height.
    pub height_px: u32,
}

impl std::fmt::Debug for Made {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Made({:?}, {} x {}, {} bytes)", self.kind, self.width_px, self.height_px, self.bytes.len())
    }
}

/// What meets a need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rendition {
    /// The original's own bytes.
    AsIs,
    /// Bytes made for it.
    Made(Made),
}

/// Meets several needs with one decoding. Blocks, and holds much memory: run it through [`super::gate::alone`].
pub fn make(
    path: &Path,
    original: &Original,
    needs: &[Need],
    bounds: &Bounds,
) -> Result<Vec<Result<Rendition, MediaError>>, MediaError> {
    let plans: Vec<Plan> = needs.iter().map(|need| plan(original, need)).collect();
    let wanted_px = needs
        .iter()
        .zip(&plans)
        .filter(|(_, plan)| **plan == Plan::Make)
        .map(|(need, _)| need.fit(original.width_px, original.height_px, 100))
        .map(|(width, height)| width.max(height))
        .max();
    let source = match wanted_px {
        Some(wanted_px) => Some(source(path, original, wanted_px, bounds)?),
        None => None,
    };
    let meet = |(need, plan): (&Need, Plan)| match (plan, &source) {
        (Plan::AsIs, _) => Ok(Rendition::AsIs),
        (Plan::Make, Some(source)) => meet(source, original, need).map(Rendition::Made),
        (Plan::Make, None) => Err(MediaError::Broken { part: "picture maker" }),
        (Plan::Cannot(why), _) => Err(MediaError::CannotFit(why)),
    };
    Ok(needs.iter().zip(plans).map(meet).collect())
}

/// The middle of a picture as a square of this side, or smaller where it has no more. Blocks, as [`make`] does.
pub fn square(path: &Path, original: &Original, side_px: u32, bounds: &Bounds) -> Result<Made, MediaError> {
    let (longer, shorter) =
        (original.width_px.max(original.height_px), original.width_px.min(original.height_px).max(1));
    let wanted_px = u64::from(side_px).saturating_mul(u64::from(longer)).div_ceil(u64::from(shorter));
    let whole = source(path, original, u32::try_from(wanted_px).unwrap_or(longer), bounds)?;
    let side = whole.width().min(whole.height());
    let (left, top) = ((whole.width() - side) / 2, (whole.height() - side) / 2);
    let middle = whole.crop_imm(left, top, side, side);
    let side_px = side_px.min(side);
    let picture = upright(&middle, (side_px, side_px), original.orientation)?;
    if matches!(middle, DynamicImage::ImageRgba8(_))
        && let Encoded::Fits(bytes) = png(&picture, u64::MAX)?
    {
        return Ok(made(bytes, Kind::Png, &picture));
    }
    match jpeg(&picture, 84, u64::MAX)? {
        Encoded::Fits(bytes) => Ok(made(bytes, Kind::Jpeg, &picture)),
        Encoded::TooLarge(_) => Err(MediaError::Broken { part: "picture encoder" }),
    }
}

/// The decoded picture, not yet upright: it is turned when it is small. Without an alpha channel that hides nothing.
fn source(path: &Path, original: &Original, wanted_px: u32, bounds: &Bounds) -> Result<DynamicImage, MediaError> {
    let picture = decode::decode(path, original.kind, wanted_px, bounds)?;
    Ok(match picture {
        DynamicImage::ImageRgba8(pixels) if pixels.pixels().all(|pixel| pixel.0.last() == Some(&u8::MAX)) => {
            DynamicImage::ImageRgba8(pixels).into_rgb8().into()
        }
        picture => picture,
    })
}

fn meet(source: &DynamicImage, original: &Original, need: &Need) -> Result<Made, MediaError> {
    let at = |percent| {
        let (width_px, height_px) = need.fit(original.width_px, original.height_px, percent);
        let as_it_lies = if turned(original.orientation) { (height_px, width_px) } else { (width_px, height_px) };
        upright(source, as_it_lies, original.orientation)
    };
    let transparent = matches!(source, DynamicImage::ImageRgba8(_));
    let lossless = matches!(original.kind, Kind::Png | Kind::Gif);
    let flat = need.takes(Kind::Jpeg);
    if need.takes(Kind::Png) && (transparent || lossless || !flat) {
        // A smaller picture with its transparency is better than a larger one without, but only so far.
        let (tries, cap_bytes) = match (transparent, flat) {
            (_, false) => (PNG_PERCENTS.len(), need.max_bytes),
            (true, true) => (4, need.max_bytes),
            (false, true) => (1, need.max_bytes.min(LOSSLESS_UP_TO_BYTES)),
        };
        for percent in PNG_PERCENTS.iter().take(tries) {
            let picture = at(*percent)?;
            if let Encoded::Fits(bytes) = png(&picture, cap_bytes)? {
                return Ok(made(bytes, Kind::Png, &picture));
            }
        }
    }
    if flat {
        let mut next = TRIES.first();
        while let Some((percent, quality, share)) = next {
            let picture = on_white(at(*percent)?);
            match jpeg(&picture, *quality, need.max_bytes)? {
                Encoded::Fits(bytes) => return Ok(made(bytes, Kind::Jpeg, &picture)),
                Encoded::TooLarge(size_bytes) => next = next_try(*share, size_bytes, need.max_bytes),
            }
        }
    }
    Err(MediaError::CannotFit(CannotFit::Bytes))
}

/// After a try came out too large: the best of the later ones that should come out small enough, else the last.
fn next_try(share: u64, size_bytes: u64, max_bytes: u64) -> Option<&'static (u32, u8, u64)> {
    let mut later = TRIES.iter().filter(|(_, _, other)| *other < share);
    let likely = |other: u64| size_bytes.saturating_mul(other) / share.max(1) <= max_bytes;
    later.find(|(_, _, other)| likely(*other)).or_else(|| TRIES.last().filter(|(_, _, last)| *last < share))
}

fn made(bytes: Vec<u8>, kind: Kind, picture: &DynamicImage) -> Made {
    Made { bytes, kind, width_px: picture.width(), height_px: picture.height() }
}

/// Says whether this orientation swaps width and height.
pub const fn turned(orientation: u8) -> bool {
    matches!(orientation, 5..=8)
}

/// The picture at this size (as it lies), then turned.
fn upright(source: &DynamicImage, size: (u32, u32), orientation: u8) -> Result<Cow<'_, DynamicImage>, MediaError> {
    let mut picture = resize(source, size.0, size.1)?;
    match Orientation::from_exif(orientation) {
        None | Some(Orientation::NoTransforms) => {}
        Some(orientation) => picture.to_mut().apply_orientation(orientation),
    }
    Ok(picture)
}

fn resize(source: &DynamicImage, width: u32, height: u32) -> Result<Cow<'_, DynamicImage>, MediaError> {
    let (width, height) = (width.min(source.width()), height.min(source.height()));
    if (width, height) == (source.width(), source.height()) {
        return Ok(Cow::Borrowed(source));
    }
    let broken = || MediaError::Broken { part: "picture resizer" };
    let pixel = match source {
        DynamicImage::ImageLuma8(_) => PixelType::U8,
        DynamicImage::ImageRgb8(_) => PixelType::U8x3,
        DynamicImage::ImageRgba8(_) => PixelType::U8x4,
        _ => return Err(broken()),
    };
    let from = ImageRef::new(source.width(), source.height(), source.as_bytes(), pixel).map_err(|_error| broken())?;
    let mut to = Image::new(width, height, pixel);
    match pixel {
        PixelType::U8 => scale::<U8>(&from, &mut to),
        PixelType::U8x3 => scale::<U8x3>(&from, &mut to),
        _ => scale::<U8x4>(&from, &mut to),
    }
    .ok_or_else(broken)?;
    let pixels = to.into_vec();
    match pixel {
        PixelType::U8 => GrayImage::from_raw(width, height, pixels).map(DynamicImage::ImageLuma8),
        PixelType::U8x3 => RgbImage::from_raw(width, height, pixels).map(DynamicImage::ImageRgb8),
        _ => RgbaImage::from_raw(width, height, pixels).map(DynamicImage::ImageRgba8),
    }
    .map(Cow::Owned)
    .ok_or_else(broken)
}

/// For one kind of pixel: asked for any kind, the crate brings code for thirteen, 2 MB of it.
fn scale<P: PixelTrait>(from: &ImageRef<'_>, to: &mut Image<'_>) -> Option<()> {
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    let (from, mut to) = (from.image_view::<P>()?, to.image_view_mut::<P>()?);
    Resizer::new().resize_typed(&from, &mut to, &options).ok()
}

/// Where JPEG cannot be transparent, white shows through.
fn on_white(picture: Cow<'_, DynamicImage>) -> Cow<'_, DynamicImage> {
    let DynamicImage::ImageRgba8(pixels) = picture.as_ref() else { return picture };
    let mut flat = RgbImage::new(pixels.width(), pixels.height());
    for (to, from) in flat.pixels_mut().zip(pixels.pixels()) {
        let [colours @ .., alpha] = from.0;
        let alpha = u16::from(alpha);
        to.0 = colours.map(|colour| {
            let mixed = (u16::from(colour) * alpha + 255 * (255 - alpha) + 127) / 255;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        });
    }
    Cow::Owned(flat.into())
}

/// What came of encoding.
#[derive(Debug)]
enum Encoded {
    Fits(Vec<u8>),
    /// By its size, which says what to try next.
    TooLarge(u64),
}

fn jpeg(picture: &DynamicImage, quality: u8, cap_bytes: u64) -> Result<Encoded, MediaError> {
    encoded(cap_bytes, |output| {
        let encoder = JpegEncoder::new_with_quality(output, quality);
        encoder.write_image(picture.as_bytes(), picture.width(), picture.height(), picture.color().into())
    })
}

fn png(picture: &DynamicImage, cap_bytes: u64) -> Result<Encoded, MediaError> {
    encoded(cap_bytes, |output| {
        let encoder = PngEncoder::new_with_quality(output, CompressionType::Default, PngFilter::Adaptive);
        encoder.write_image(picture.as_bytes(), picture.width(), picture.height(), picture.color().into())
    })
}

fn encoded(cap_bytes: u64, encode: impl FnOnce(&mut Capped) -> image::ImageResult<()>) -> Result<Encoded, MediaError> {
    let mut output = Capped { bytes: Vec::new(), size_bytes: 0, cap_bytes };
    encode(&mut output).map_err(|_error| MediaError::Broken { part: "picture encoder" })?;
    Ok(if cap_bytes < output.size_bytes { Encoded::TooLarge(output.size_bytes) } else { Encoded::Fits(output.bytes) })
}

/// Takes an encoder's bytes; when they are too many it only counts on.
#[derive(Debug)]
struct Capped {
    bytes: Vec<u8>,
    size_bytes: u64,
    cap_bytes: u64,
}

impl Write for Capped {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.size_bytes = self.size_bytes.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if self.cap_bytes < self.size_bytes {
            self.bytes = Vec::new();
        } else {
            self.bytes.extend_from_slice(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
