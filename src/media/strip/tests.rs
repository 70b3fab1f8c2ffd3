use std::io::Cursor;

use proptest::prelude::*;

use super::{Stripped, exif_with, orientation_in, strip};
use crate::media::samples::{self, SECRET, holds};
use crate::media::{Kind, MediaError};

fn stripped(kind: Kind, bytes: &[u8]) -> Result<(Stripped, Vec<u8>), MediaError> {
    let mut output = Vec::new();
    let stripped = strip(kind, &mut Cursor::new(bytes), &mut output)?;
    Ok((stripped, output))
}

#[test]
fn no_place_and_no_word_survives_in_any_kind() {
    for (kind, bytes) in samples::one_of_each(6) {
        let (_, clean) = stripped(kind, &bytes).unwrap();
        assert!(!holds(&clean, SECRET), "{kind:?}");
        let block = exif::Reader::new().read_from_container(&mut Cursor::new(&clean));
        let fields = block.map(|block| block.fields().map(|field| field.tag).collect::<Vec<_>>());
        assert!(fields.iter().flatten().all(|tag| *tag == exif::Tag::Orientation), "{kind:?}: {fields:?}");
    }
}

#[test]
fn the_pixels_are_the_same_to_the_bit() {
    for (kind, bytes) in samples::one_of_each(6) {
        let (_, clean) = stripped(kind, &bytes).unwrap();
        let format = image::ImageFormat::from_mime_type(kind.mime()).unwrap();
        let before = image::load_from_memory_with_format(&bytes, format).unwrap();
        let after = image::load_from_memory_with_format(&clean, format).unwrap();
        assert_eq!(before, after, "{kind:?}");
    }
}

#[test]
fn orientation_alone_stays_in_the_file() {
    for (kind, bytes) in samples::one_of_each(6) {
        let (first, clean) = stripped(kind, &bytes).unwrap();
        let (again, _) = stripped(kind, &clean).unwrap();
        assert_eq!(first, again, "{kind:?}");
    }
    let turned = samples::phone_photo(&samples::halves(40, 24), 6);
    assert_eq!(stripped(Kind::Jpeg, &turned).unwrap().0, Stripped { orientation: 6, frames: 1 });
    let turned = samples::png_with_secrets(&samples::halves(40, 24).into(), 8);
    assert_eq!(stripped(Kind::Png, &turned).unwrap().0.orientation, 8);
    let turned = samples::webp(&samples::halves(40, 24), 3);
    assert_eq!(stripped(Kind::WebP, &turned).unwrap().0.orientation, 3);
    for wrong in [0, 9, 300] {
        let odd = samples::phone_photo(&samples::halves(40, 24), wrong);
        assert_eq!(stripped(Kind::Jpeg, &odd).unwrap().0.orientation, 1);
    }
}

#[test]
fn a_photo_without_metadata_stays_as_it_is() {
    let plain = samples::jpeg(&samples::halves(40, 24), 90);
    assert_eq!(stripped(Kind::Jpeg, &plain).unwrap().1, plain);
    let plain = samples::png(&samples::halves(40, 24).into());
    assert_eq!(stripped(Kind::Png, &plain).unwrap().1, plain);
    assert_eq!(stripped(Kind::WebP, samples::LOSSY_WEBP).unwrap().1, samples::LOSSY_WEBP);
}

#[test]
fn a_colour_profile_stays() {
    let picture = samples::jpeg_with_profile(&samples::halves(40, 24), samples::display_p3());
    let (_, clean) = stripped(Kind::Jpeg, &picture).unwrap();
    assert!(holds(&clean, b"ICC_PROFILE"));
}

#[test]
fn an_animation_keeps_its_frames_and_how_often_it_repeats() {
    let (learnt, clean) = stripped(Kind::Gif, &samples::moving_gif(12, 8)).unwrap();
    assert_eq!(learnt.frames, 4);
    assert!(holds(&clean, b"NETSCAPE2.0"));
    assert_eq!(stripped(Kind::WebP, samples::MOVING_WEBP).unwrap().0.frames, 3);
}

#[test]
fn what_is_cut_short_is_said_to_be_damaged() {
    for (kind, bytes) in samples::one_of_each(1) {
        let (_, clean) = stripped(kind, &bytes).unwrap();
        for end in [0, 5, 30, clean.len() / 2, clean.len() - 3] {
            let cut = stripped(kind, &clean[..end]);
            assert!(matches!(cut, Err(MediaError::Damaged { .. })), "{kind:?} cut at {end}: {cut:?}");
        }
    }
}

#[test]
fn a_flood_of_tiny_pieces_is_refused() {
    let flood =
        [samples::png(&samples::halves(4, 4).into())[..33].to_vec(), samples::png_chunk(*b"aaAa", &[]).repeat(200_000)];
    assert!(matches!(stripped(Kind::Png, &flood.concat()), Err(MediaError::TooMuchWork { .. })));
}

#[test]
fn a_fresh_block_says_the_orientation_and_nothing_else() {
    for orientation in 1..=8 {
        assert_eq!(orientation_in(&exif_with(orientation)), orientation);
    }
    assert_eq!(orientation_in(b"no exif"), 1);
}

fn kinds() -> impl Strategy<Value = Kind> {
    prop_oneof![Just(Kind::Jpeg), Just(Kind::Png), Just(Kind::Gif), Just(Kind::WebP)]
}

proptest! {
    #[test]
    fn bytes_of_strangers_are_cleaned_or_refused(kind in kinds(), bytes in proptest::collection::vec(any::<u8>(), 0..4096)) {
        let head: &[u8] = match kind {
            Kind::Jpeg => &[0xFF, 0xD8],
            Kind::Png => b"\x89PNG\r\n\x1a\n",
            Kind::Gif => b"GIF89a",
            Kind::WebP => b"RIFF\xFF\0\0\0WEBPVP8X\x0A\0\0\0",
        };
        let _either_way = stripped(kind, &[head, &bytes].concat());
    }

    #[test]
    fn what_was_cleaned_is_clean(which in 0..8_usize, at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let (kind, mut bytes) = samples::one_of_each(6).swap_remove(which);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok((first, clean)) = stripped(kind, &bytes) {
            let (again, cleaner) = stripped(kind, &clean).unwrap();
            prop_assert_eq!(first, again);
            prop_assert_eq!(clean, cleaner);
        }
    }
}
