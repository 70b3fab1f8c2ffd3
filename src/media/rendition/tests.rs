use std::io::Write;

use image::{DynamicImage, GenericImageView};

use super::{Made, Need, Original, Plan, Rendition, Thumb, make, plan, turned};
use crate::media::error::CannotFit;
use crate::media::probe::{Bounds, prove};
use crate::media::samples::{self, SECRET, holds};
use crate::media::{FileId, Kind, MediaError, strip};

fn need(types: &[&str], max_bytes: u64) -> Need {
    Need {
        types: types.iter().map(|mime| (*mime).to_owned()).collect(),
        max_bytes,
        max_pixels: None,
        max_side_px: None,
        still: false,
    }
}

fn all(max_bytes: u64) -> Need {
    need(&["image/jpeg", "image/png", "image/gif", "image/webp"], max_bytes)
}

/// Cleaned and proved, as the door does it.
fn original(kind: Kind, bytes: &[u8]) -> (tempfile::NamedTempFile, Original) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    let stripped = strip::strip(kind, &mut std::io::Cursor::new(bytes), &mut file).unwrap();
    file.flush().unwrap();
    let proof = prove(file.path(), kind, stripped.frames, &Bounds::default()).unwrap();
    let (mut width_px, mut height_px) = (proof.width_px, proof.height_px);
    if turned(stripped.orientation) {
        (width_px, height_px) = (height_px, width_px);
    }
    let original = Original {
        kind,
        size_bytes: file.as_file().metadata().unwrap().len(),
        width_px,
        height_px,
        orientation: stripped.orientation,
        animated: proof.animated,
        plain_colours: proof.plain_colours,
    };
    (file, original)
}

fn met(kind: Kind, bytes: &[u8], need: &Need) -> Result<Rendition, MediaError> {
    let (file, original) = original(kind, bytes);
    make(file.path(), &original, std::slice::from_ref(need), &Bounds::default()).unwrap().pop().unwrap()
}

fn made(kind: Kind, bytes: &[u8], need: &Need) -> (Made, DynamicImage) {
    match met(kind, bytes, need).unwrap() {
        Rendition::Made(made) => {
            let picture = image::load_from_memory(&made.bytes).unwrap();
            assert_eq!(picture.dimensions(), (made.width_px, made.height_px));
            assert!(made.bytes.len() <= usize::try_from(need.max_bytes).unwrap());
            assert!(!holds(&made.bytes, SECRET) && !holds(&made.bytes, b"Exif"));
            (made, picture)
        }
        Rendition::AsIs => panic!("it should have been made"),
    }
}

#[track_caller]
fn near(picture: &DynamicImage, x: u32, y: u32, expected: [u8; 3]) {
    let pixel = picture.get_pixel(x, y).0;
    assert!(pixel.iter().zip(expected).all(|(is, should)| is.abs_diff(should) < 40), "at {x}, {y}: {pixel:?}");
}

#[test]
fn what_fits_goes_as_it_is() {
    let upright = samples::phone_photo(&samples::halves(400, 240), 1);
    assert_eq!(met(Kind::Jpeg, &upright, &all(1 << 20)).unwrap(), Rendition::AsIs);
    assert_eq!(met(Kind::Gif, &samples::moving_gif(12, 8), &all(1 << 20)).unwrap(), Rendition::AsIs);
    assert_eq!(met(Kind::WebP, samples::MOVING_WEBP, &all(1 << 20)).unwrap(), Rendition::AsIs);
    assert_eq!(met(Kind::WebP, samples::LOSSY_WEBP, &need(&["image/*"], 1 << 20)).unwrap(), Rendition::AsIs);
}

#[test]
fn a_plan_follows_from_the_limits_alone() {
    let photo = Original {
        kind: Kind::Jpeg,
        size_bytes: 3_000_000,
        width_px: 4000,
        height_px: 3000,
        orientation: 1,
        animated: false,
        plain_colours: true,
    };
    let moving = Original { kind: Kind::Gif, animated: true, ..photo };
    let roomy = all(8_000_000);
    let cases = [
        (photo, roomy.clone(), Plan::AsIs),
        (photo, all(2_000_000), Plan::Make),
        (photo, Need { max_pixels: Some(11_999_999), ..roomy.clone() }, Plan::Make),
        (photo, Need { max_pixels: Some(12_000_000), ..roomy.clone() }, Plan::AsIs),
        (photo, Need { max_side_px: Some(3999), ..roomy.clone() }, Plan::Make),
        (photo, need(&["image/png"], 8_000_000), Plan::Make),
        (photo, need(&["image/webp"], 8_000_000), Plan::Cannot(CannotFit::Types)),
        (Original { orientation: 6, ..photo }, roomy.clone(), Plan::Make),
        (Original { plain_colours: false, ..photo }, roomy.clone(), Plan::Make),
        (moving, roomy.clone(), Plan::AsIs),
        (moving, all(2_000_000), Plan::Cannot(CannotFit::Animated)),
        (moving, need(&["image/jpeg"], 8_000_000), Plan::Cannot(CannotFit::Animated)),
        (moving, Thumb::Small.need(), Plan::Make),
    ];
    for (original, need, expected) in cases {
        assert_eq!(plan(&original, &need), expected, "{original:?} {need:?}");
    }
}

#[test]
fn a_turned_photo_stands_upright_afterwards() {
    // Orientation 6: the left edge of the file is the top of the picture.
    let (made, picture) = made(Kind::Jpeg, &samples::phone_photo(&samples::halves(400, 240), 6), &all(1 << 20));
    assert_eq!((made.width_px, made.height_px), (240, 400));
    near(&picture, 220, 20, [0, 255, 0]);
    near(&picture, 40, 100, [255, 0, 0]);
    near(&picture, 120, 350, [0, 0, 255]);
}

#[test]
fn every_orientation_of_the_same_scene_looks_the_same() {
    let scene = DynamicImage::from(samples::halves(160, 120));
    for orientation in 1..=8_u8 {
        // What the camera's chip saw is the scene turned the other way.
        let inverse = match orientation {
            6 => 8,
            8 => 6,
            same => same,
        };
        let mut seen = scene.clone();
        seen.apply_orientation(image::metadata::Orientation::from_exif(inverse).unwrap());
        let photo = samples::phone_photo(&seen.into_rgb8(), u16::from(orientation));
        let (made, picture) = made(Kind::Jpeg, &photo, &Need { max_side_px: Some(80), ..all(1 << 20) });
        assert_eq!((made.width_px, made.height_px), (80, 60), "{orientation}");
        near(&picture, 5, 5, [0, 255, 0]);
        near(&picture, 20, 40, [255, 0, 0]);
        near(&picture, 60, 30, [0, 0, 255]);
    }
}

#[test]
fn limits_of_bytes_pixels_and_sides_are_kept() {
    let photo = samples::jpeg(&samples::noise(600, 400), 95);
    for max_bytes in [150_000, 60_000, 20_000, 5_000] {
        made(Kind::Jpeg, &photo, &all(max_bytes));
    }
    let (small, _) = made(Kind::Jpeg, &photo, &Need { max_pixels: Some(10_000), ..all(1 << 20) });
    assert!(small.width_px * small.height_px <= 10_000 && 9_500 < small.width_px * small.height_px);
    let (small, _) = made(Kind::Jpeg, &photo, &Need { max_side_px: Some(300), ..all(1 << 20) });
    assert_eq!((small.width_px, small.height_px), (300, 200));
    assert!(matches!(met(Kind::Jpeg, &photo, &all(300)), Err(MediaError::CannotFit(CannotFit::Bytes))));
}

#[test]
fn each_try_is_smaller_than_the_one_before_and_few_are_needed() {
    assert!(super::TRIES.is_sorted_by(|before, after| after.2 < before.2 && after.0 <= before.0));
    // Ten times too large: the next try is the best of those that come out at a tenth.
    assert_eq!(super::next_try(100, 10_000, 1000).unwrap().2, 8);
    assert_eq!(super::next_try(100, 1_000_000, 1).unwrap().2, 1);
    assert_eq!(super::next_try(1, 1_000_000, 1), None);
}

#[test]
fn transparency_stays_where_it_can_and_turns_white_where_it_cannot() {
    let disc = samples::png(&samples::disc(200).into());
    let (kept, picture) = made(Kind::Png, &disc, &Need { max_side_px: Some(100), ..all(1 << 20) });
    assert_eq!(kept.kind, Kind::Png);
    assert_eq!(picture.get_pixel(0, 0).0[3], 0);
    let (flat, picture) = made(Kind::Png, &disc, &need(&["image/jpeg"], 1 << 20));
    assert_eq!(flat.kind, Kind::Jpeg);
    near(&picture, 2, 2, [255, 255, 255]);
    near(&picture, 100, 100, [255, 0, 0]);
}

#[test]
fn a_screenshot_stays_lossless_and_a_photo_does_not() {
    let smaller = Need { max_side_px: Some(700), ..all(8 << 20) };
    let screenshot = samples::png(&samples::halves(800, 600).into());
    assert_eq!(made(Kind::Png, &screenshot, &smaller).0.kind, Kind::Png);
    let photo = samples::png(&samples::noise(800, 600).into());
    assert_eq!(made(Kind::Png, &photo, &smaller).0.kind, Kind::Jpeg);
}

#[test]
fn colours_are_the_ones_everyone_sees() {
    let red = image::RgbImage::from_pixel(64, 64, image::Rgb([234, 51, 35]));
    let wide = samples::jpeg_with_profile(&red, samples::display_p3());
    let (made, picture) = made(Kind::Jpeg, &wide, &all(1 << 20));
    assert!(!holds(&made.bytes, b"ICC_PROFILE"));
    near(&picture, 30, 30, [255, 0, 0]);
}

#[test]
fn one_decoding_gives_all_sizes_for_pages() {
    let (file, original) = original(Kind::Jpeg, &samples::phone_photo(&samples::halves(1600, 1200), 6));
    let needs: Vec<Need> = Thumb::ALL.iter().map(|thumb| thumb.need()).collect();
    let sizes: Vec<(u32, u32)> = make(file.path(), &original, &needs, &Bounds::default())
        .unwrap()
        .into_iter()
        .map(|one| match one.unwrap() {
            Rendition::Made(made) => (made.width_px, made.height_px),
            Rendition::AsIs => panic!("it is turned"),
        })
        .collect();
    assert_eq!(sizes, [(72, 96), (360, 480), (960, 1280)]);
}

#[test]
fn the_still_of_an_animation_is_shown_on_pages() {
    let need = Need { max_side_px: Some(6), ..Thumb::Small.need() };
    let (made, picture) = made(Kind::Gif, &samples::moving_gif(12, 8), &need);
    assert_eq!(made.kind, Kind::Png);
    near(&picture, 3, 2, [0, 255, 0]);
}

#[test]
fn the_same_need_has_the_same_name_and_any_other_another() {
    let file = FileId::from_bytes([7; 32]);
    let need = all(1000);
    let mut reordered = need.clone();
    reordered.types.reverse();
    assert_eq!(need.id(&file), reordered.id(&file));
    let others = [
        Need { max_bytes: 1001, ..need.clone() },
        Need { max_pixels: Some(1), ..need.clone() },
        Need { max_side_px: Some(1), ..need.clone() },
        Need { still: true, ..need.clone() },
        Need { types: vec!["image/png".to_owned()], ..need.clone() },
    ];
    for other in others {
        assert_ne!(need.id(&file), other.id(&file), "{other:?}");
    }
    assert_ne!(need.id(&file), need.id(&FileId::from_bytes([8; 32])));
}
