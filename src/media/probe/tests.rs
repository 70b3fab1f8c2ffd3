use std::io::{Cursor, Write};

use super::{Bounds, Proof, prove, sniff};
use crate::media::error::NotTaken;
use crate::media::{Kind, MediaError, samples, strip};

fn proved(kind: Kind, bytes: &[u8]) -> Result<Proof, MediaError> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    let stripped = strip::strip(kind, &mut Cursor::new(bytes), &mut file)?;
    file.flush().unwrap();
    prove(file.path(), kind, stripped.frames, &Bounds::default())
}

#[test]
fn a_file_is_what_its_bytes_say() {
    for (kind, bytes) in samples::one_of_each(1) {
        assert_eq!(sniff(&bytes).unwrap(), kind);
    }
    let boxed = |brand: &[u8]| [&[0, 0, 0, 24], b"ftyp".as_slice(), brand, &[0; 4], brand, b"mif1"].concat();
    let cases: [(&[u8], NotTaken); 9] = [
        (&boxed(b"heic"), NotTaken::Heic),
        (&boxed(b"avif"), NotTaken::Avif),
        (&boxed(b"mp42"), NotTaken::Video),
        (&boxed(b"qt  "), NotTaken::Video),
        (b"<?xml version=\"1.0\"?>\n<!-- a drawing --><svg xmlns=\"x\">", NotTaken::Svg),
        (b"%PDF-1.7", NotTaken::Pdf),
        (b"II*\0aaaaaaaa", NotTaken::OtherPicture),
        (b"ID3\x03aaaaaaaa", NotTaken::Sound),
        (b"just some words", NotTaken::Unknown),
    ];
    for (bytes, expected) in cases {
        match sniff(bytes) {
            Err(MediaError::NotTaken(found)) => assert_eq!(found, expected),
            other => panic!("{expected:?}: {other:?}"),
        }
    }
    assert!(matches!(sniff(b""), Err(MediaError::Empty)));
}

#[test]
fn every_kind_is_proved_and_measured() {
    let sizes = [(40, 24), (64, 48), (40, 24), (16, 16), (12, 8), (40, 24), (20, 10), (64, 48)];
    for ((kind, bytes), (width, height)) in samples::one_of_each(6).into_iter().zip(sizes) {
        let proof = proved(kind, &bytes).unwrap();
        assert_eq!((proof.width_px, proof.height_px), (width, height), "{kind:?}");
        assert!(proof.plain_colours, "{kind:?}");
    }
    assert!(proved(Kind::Gif, &samples::moving_gif(12, 8)).unwrap().animated);
    assert!(proved(Kind::WebP, samples::MOVING_WEBP).unwrap().animated);
    assert!(!proved(Kind::WebP, samples::LOSSY_WEBP).unwrap().animated);
}

#[test]
fn colours_count_as_plain_when_they_look_the_same() {
    let with = |profile| samples::jpeg_with_profile(&samples::halves(40, 24), profile);
    assert!(proved(Kind::Jpeg, &with(samples::srgb())).unwrap().plain_colours);
    assert!(!proved(Kind::Jpeg, &with(samples::display_p3())).unwrap().plain_colours);
    assert!(proved(Kind::Jpeg, &with(b"no profile at all".to_vec())).unwrap().plain_colours);
    assert!(!proved(Kind::Jpeg, samples::INKS).unwrap().plain_colours);
}

#[test]
fn a_bomb_is_refused_before_it_is_decoded() {
    let bomb = samples::png_bomb(50_000, 50_000);
    assert!(matches!(
        proved(Kind::Png, &bomb),
        Err(MediaError::TooManyPixels { width_px: 50_000, height_px: 50_000, limit_megapixels: 50 })
    ));
    // A narrow strip has few pixels, but no picture has such a side.
    assert!(matches!(proved(Kind::Png, &samples::png_bomb(400_000, 1)), Err(MediaError::TooManyPixels { .. })));
    let mut gif = samples::moving_gif(12, 8);
    gif[6..10].fill(0xFF);
    assert!(matches!(proved(Kind::Gif, &gif), Err(MediaError::TooManyPixels { .. })));
}

#[test]
fn more_data_than_the_picture_has_room_for_is_not_unpacked() {
    // 10 × 10 pixels are promised; a gigabyte of zeros would come.
    let small = samples::png(&samples::halves(10, 10).into());
    let bomb = [
        &small[..33],
        &samples::png_chunk(*b"IDAT", &samples::zeros_deflated(64 << 20)),
        &samples::png_chunk(*b"IEND", &[]),
    ]
    .concat();
    // Whether it passes as a black picture or is refused, it takes no memory.
    let _either_way = proved(Kind::Png, &bomb);
}

#[test]
fn an_animation_without_end_is_refused() {
    // 65,000 × 700 is below 50 megapixels; thirty such frames are not.
    let mut gif = samples::moving_gif(12, 8);
    gif[6..8].copy_from_slice(&65_000_u16.to_le_bytes());
    gif[8..10].copy_from_slice(&700_u16.to_le_bytes());
    let bounds = Bounds { max_animation_pixels: 100_000_000, ..Bounds::default() };
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&gif).unwrap();
    assert!(matches!(prove(file.path(), Kind::Gif, 4, &bounds), Err(MediaError::TooMuchWork { .. })));
}

#[test]
fn a_picture_that_ends_early_or_is_damaged_inside_is_refused() {
    for (kind, bytes) in samples::one_of_each(1) {
        // Past the cleaner: the file ends in the middle of its picture, as after a broken upload.
        let mut clean = Vec::new();
        let stripped = strip::strip(kind, &mut Cursor::new(&bytes), &mut clean).unwrap();
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&clean[..clean.len() * 2 / 3]).unwrap();
        let cut = prove(file.path(), kind, stripped.frames, &Bounds::default());
        assert!(matches!(cut, Err(MediaError::Damaged { .. })), "{kind:?}: {cut:?}");
    }
    let mut png = samples::png(&samples::noise(40, 24).into());
    let middle = png.len() / 2;
    png[middle] ^= 0xFF;
    assert!(matches!(proved(Kind::Png, &png), Err(MediaError::Damaged { .. })));
}

#[test]
fn memory_is_reckoned_before_it_is_taken() {
    let bounds = Bounds { memory_bytes: 10_000, ..Bounds::default() };
    for (kind, bytes) in [(Kind::Jpeg, samples::PROGRESSIVE), (Kind::WebP, samples::LOSSY_WEBP)] {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        assert!(matches!(prove(file.path(), kind, 1, &bounds), Err(MediaError::TooMuchWork { .. })), "{kind:?}");
    }
}
