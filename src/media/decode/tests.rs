use std::io::Write;

use image::{DynamicImage, GenericImageView, Luma, LumaA};

use super::decode;
use crate::media::probe::Bounds;
use crate::media::{Kind, samples};

fn decoded(kind: Kind, bytes: &[u8], wanted_px: u32) -> DynamicImage {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    decode(file.path(), kind, wanted_px, &Bounds::default()).unwrap()
}

#[track_caller]
fn near(picture: &DynamicImage, x: u32, y: u32, expected: [u8; 3], slack: u8) {
    let pixel = picture.get_pixel(x, y).0;
    let far = pixel.iter().zip(expected).any(|(is, should)| slack < is.abs_diff(should));
    assert!(!far, "at {x}, {y}: {pixel:?} is not {expected:?}");
}

#[test]
fn a_jpeg_is_decoded_no_larger_than_it_has_to_be() {
    let photo = samples::jpeg(&samples::halves(800, 600), 95);
    for (wanted_px, size) in
        [(800, (800, 600)), (500, (800, 600)), (400, (400, 300)), (200, (200, 150)), (96, (100, 75))]
    {
        let picture = decoded(Kind::Jpeg, &photo, wanted_px);
        assert_eq!(picture.dimensions(), size, "{wanted_px}");
        let (width, height) = size;
        near(&picture, width / 8, height / 8, [0, 255, 0], 8);
        near(&picture, width / 4, height / 2, [255, 0, 0], 8);
        near(&picture, width * 3 / 4, height / 2, [0, 0, 255], 8);
    }
}

#[test]
fn a_png_is_made_smaller_while_its_rows_come() {
    let mut picture = samples::halves(801, 601);
    picture.put_pixel(800, 600, image::Rgb([255; 3]));
    let picture = samples::png(&picture.into());
    for (wanted_px, size) in [(801, (801, 601)), (400, (401, 301)), (100, (101, 76)), (10, (51, 38))] {
        let small = decoded(Kind::Png, &picture, wanted_px);
        assert_eq!(small.dimensions(), size, "{wanted_px}");
        near(&small, 0, 0, [0, 255, 0], 0);
        near(&small, size.0 / 4, size.1 / 2, [255, 0, 0], 0);
        near(&small, size.0 * 3 / 4, size.1 / 2, [0, 0, 255], 0);
    }
}

#[test]
fn every_layout_of_png_comes_out_as_grey_colours_or_colours_and_alpha() {
    let grey = image::GrayImage::from_pixel(8, 8, Luma([90]));
    let grey_alpha = image::GrayAlphaImage::from_pixel(8, 8, LumaA([90, 128]));
    let deep = image::ImageBuffer::<image::Rgb<u16>, _>::from_pixel(8, 8, image::Rgb([0x5A5A_u16; 3]));
    for wanted_px in [8, 4] {
        let check = |picture: DynamicImage, alpha: u8| {
            let small = decoded(Kind::Png, &samples::png(&picture), wanted_px);
            assert_eq!(small.get_pixel(1, 1).0, [90, 90, 90, alpha]);
        };
        check(grey.clone().into(), 255);
        check(grey_alpha.clone().into(), 128);
        check(deep.clone().into(), 255);
        check(samples_flat(), 255);
    }
}

fn samples_flat() -> DynamicImage {
    image::RgbaImage::from_pixel(8, 8, image::Rgba([90, 90, 90, 255])).into()
}

#[test]
fn what_is_hidden_does_not_bleed_into_what_is_seen() {
    // Invisible green beside visible red: the mean is half-visible red.
    let picture = image::RgbaImage::from_fn(8, 8, |x, _| {
        if x % 2 == 0 { image::Rgba([255, 0, 0, 255]) } else { image::Rgba([0, 255, 0, 0]) }
    });
    let small = decoded(Kind::Png, &samples::png(&picture.into()), 4);
    assert_eq!(small.get_pixel(1, 1).0, [255, 0, 0, 128]);
}

#[test]
fn an_interlaced_png_is_decoded_too() {
    let mut bytes = Vec::new();
    // Adam7 by hand would be long; every pass of a picture of one colour is that colour.
    let mut head = [&8_u32.to_be_bytes()[..], &8_u32.to_be_bytes(), &[8, 0, 0, 0, 1]].concat();
    let rows: usize = [(1, 1), (1, 1), (2, 1), (2, 2), (4, 2), (4, 4), (8, 4)].iter().map(|(w, h)| (w + 1) * h).sum();
    bytes.extend(b"\x89PNG\r\n\x1a\n");
    bytes.extend(samples::png_chunk(*b"IHDR", &std::mem::take(&mut head)));
    bytes.extend(samples::png_chunk(*b"IDAT", &samples::zeros_deflated(rows)));
    bytes.extend(samples::png_chunk(*b"IEND", &[]));
    for wanted_px in [8, 4] {
        let picture = decoded(Kind::Png, &bytes, wanted_px);
        assert_eq!(picture.dimensions(), (wanted_px, wanted_px));
        near(&picture, 1, 1, [0, 0, 0], 0);
    }
}

#[test]
fn a_wide_gamut_becomes_srgb() {
    // A red that Display P3 calls 234, 51, 35 is the pure red of sRGB (w3.org/TR/css-color-4, read 2026-11).
    let red = image::RgbImage::from_pixel(16, 16, image::Rgb([234, 51, 35]));
    let picture = decoded(Kind::Jpeg, &samples::jpeg_with_profile(&red, samples::display_p3()), 16);
    near(&picture, 8, 8, [255, 0, 0], 6);
}

#[test]
fn inks_become_light() {
    let picture = decoded(Kind::Jpeg, samples::INKS, 16);
    near(&picture, 8, 8, [204, 41, 41], 10);
}

#[test]
fn the_other_kinds_are_decoded_with_their_colours() {
    near(&decoded(Kind::WebP, &samples::webp(&samples::halves(40, 24), 1), 40), 30, 12, [0, 0, 255], 0);
    near(&decoded(Kind::WebP, samples::MOVING_WEBP, 20), 10, 5, [255, 0, 0], 10);
    near(&decoded(Kind::Gif, &samples::moving_gif(12, 8), 12), 6, 4, [0, 255, 0], 0);
    near(&decoded(Kind::Jpeg, samples::PROGRESSIVE, 64), 32, 24, [128, 120, 128], 12);
}
