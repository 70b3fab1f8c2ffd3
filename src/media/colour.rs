//! Colours: from whatever profile a picture has to sRGB, which is what everyone takes a picture without a profile for.
//!
//! A profile that cannot be read is passed over, as browsers do: a picture with slightly wrong colours is better than none.

use image::{DynamicImage, RgbImage};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

use super::MediaError;

/// Profiles are looked at up to this size. Those with tables for inks can reach a few megabytes.
const MAX_PROFILE_BYTES: usize = 4 << 20;

/// Steps of 255 by which a colour may differ from sRGB before the profile counts as another.
const TOLERANCE: u8 = 2;

/// Says whether colours under this profile are as good as sRGB, or the profile says nothing that can be used.
pub fn is_plain(profile: &[u8]) -> bool {
    let Some(profile) = read(profile) else { return true };
    match profile.color_space {
        DataColorSpace::Rgb => {
            let mut shown = PROBES;
            convert_rows(&profile, Layout::Rgb, &mut shown, PROBES.len())
                && shown.iter().zip(&PROBES).all(|(is, was)| is.abs_diff(*was) <= TOLERANCE)
        }
        // Grey under any usual curve looks right enough, and a grey profile cannot be told from sRGB's curve cheaply.
        DataColorSpace::Gray => true,
        _ => false,
    }
}

/// Colours that move when the primaries or the curve are not those of sRGB.
const PROBES: [u8; 24] =
    [255, 0, 0, 0, 255, 0, 0, 0, 255, 128, 128, 128, 200, 100, 50, 50, 200, 100, 64, 32, 128, 20, 20, 20];

/// Converts a picture to sRGB in place.
pub fn to_srgb(picture: &mut DynamicImage, profile: Option<&[u8]>) {
    let Some(profile) = profile.filter(|profile| !is_plain(profile)).and_then(read) else { return };
    if profile.color_space != DataColorSpace::Rgb {
        return;
    }
    let width = usize::try_from(picture.width()).unwrap_or(1);
    let done = match picture {
        DynamicImage::ImageRgb8(pixels) => convert_rows(&profile, Layout::Rgb, pixels, width.saturating_mul(3)),
        DynamicImage::ImageRgba8(pixels) => convert_rows(&profile, Layout::Rgba, pixels, width.saturating_mul(4)),
        _ => return,
    };
    if !done {
        tracing::info!("a colour profile could not be used; the picture is taken as sRGB");
    }
}

/// Four inks (as JPEG has them: 255 is full ink) to sRGB: by the profile where it is one for inks, else by arithmetic.
pub fn inks_to_srgb(width: u32, height: u32, inks: &[u8], profile: Option<&[u8]>) -> Result<RgbImage, MediaError> {
    let mut pixels = vec![0; inks.len() / 4 * 3];
    let converted = profile
        .and_then(read)
        .filter(|profile| profile.color_space == DataColorSpace::Cmyk)
        .and_then(|profile| {
            let options = TransformOptions::default();
            profile.create_transform_8bit(Layout::Rgba, &ColorProfile::new_srgb(), Layout::Rgb, options).ok()
        })
        .is_some_and(|transform| transform.transform(inks, &mut pixels).is_ok());
    if !converted {
        for (pixel, ink) in pixels.chunks_exact_mut(3).zip(inks.chunks_exact(4)) {
            if let [cyan, magenta, yellow, black] = *ink {
                for (light, ink) in pixel.iter_mut().zip([cyan, magenta, yellow]) {
                    let product = u16::from(255 - ink) * u16::from(255 - black);
                    *light = u8::try_from(product / 255).unwrap_or(u8::MAX);
                }
            }
        }
    }
    RgbImage::from_raw(width, height, pixels).ok_or(MediaError::Broken { part: "colour converter" })
}

fn read(profile: &[u8]) -> Option<ColorProfile> {
    if MAX_PROFILE_BYTES < profile.len() {
        return None;
    }
    ColorProfile::new_from_slice(profile).ok()
}

fn convert_rows(profile: &ColorProfile, layout: Layout, pixels: &mut [u8], row_bytes: usize) -> bool {
    let options = TransformOptions::default();
    let Ok(transform) = profile.create_transform_8bit(layout, &ColorProfile::new_srgb(), layout, options) else {
        return false;
    };
    let mut row_before = Vec::with_capacity(row_bytes);
    pixels.chunks_mut(row_bytes.max(1)).all(|row| {
        row_before.clear();
        row_before.extend_from_slice(row);
        transform.transform(&row_before, row).is_ok()
    })
}
