//! Pictures for tests, made by code: with places in their EXIF, turned, transparent, moving, damaged, and bombs.

use std::io::Cursor;

use exif::experimental::Writer;
use exif::{Field, In, Rational, Tag, Value};
use image::codecs::gif::GifEncoder;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ExtendedColorType, Frame, ImageEncoder, Rgb, RgbImage, Rgba, RgbaImage};

use super::Kind;

/// Words that stand in every metadata block here and must be in no picture that Belfry keeps.
pub(super) const SECRET: &[u8] = b"Riga harbour";

/// CMYK, from a red of about 204, 41, 41.
pub(super) const INKS: &[u8] = include_bytes!("../../tests/fixtures/media/inks.jpg");
/// 64 × 48, progressive.
pub(super) const PROGRESSIVE: &[u8] = include_bytes!("../../tests/fixtures/media/progressive.jpg");
/// 20 × 10, three frames, with EXIF and XMP.
pub(super) const MOVING_WEBP: &[u8] = include_bytes!("../../tests/fixtures/media/moving.webp");
/// 64 × 48, lossy.
pub(super) const LOSSY_WEBP: &[u8] = include_bytes!("../../tests/fixtures/media/lossy.webp");

/// The left half red, the right half blue, the top left corner green.
pub(super) fn halves(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        if x < width / 4 && y < height / 4 {
            Rgb([0, 255, 0])
        } else if x < width / 2 {
            Rgb([255, 0, 0])
        } else {
            Rgb([0, 0, 255])
        }
    })
}

/// A picture that does not compress well.
pub(super) fn noise(width: u32, height: u32) -> RgbImage {
    let mut state = 7_u32;
    RgbImage::from_fn(width, height, |_, _| {
        Rgb([0, 8, 16].map(|shift| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> (8 + shift)).to_le_bytes()[0]
        }))
    })
}

/// A red disc on nothing.
pub(super) fn disc(side: u32) -> RgbaImage {
    let middle = f64::from(side) / 2.0;
    RgbaImage::from_fn(side, side, |x, y| {
        let from_middle = (f64::from(x) - middle).hypot(f64::from(y) - middle);
        if from_middle < middle * 0.8 { Rgba([255, 0, 0, 255]) } else { Rgba([0, 0, 0, 0]) }
    })
}

/// An EXIF block with an orientation, a place and a maker's words.
pub(super) fn exif_block(orientation: u16) -> Vec<u8> {
    let degrees = |whole: u32| Value::Rational([whole, 30, 15].map(|num| Rational { num, denom: 1 }).to_vec());
    let text = |text: &[u8]| Value::Ascii(vec![text.to_vec()]);
    let field = |tag, value| Field { tag, ifd_num: In::PRIMARY, value };
    let fields = [
        field(Tag::Orientation, Value::Short(vec![orientation])),
        field(Tag::Make, text(SECRET)),
        field(Tag::GPSLatitudeRef, text(b"N")),
        field(Tag::GPSLatitude, degrees(56)),
        field(Tag::GPSLongitudeRef, text(b"E")),
        field(Tag::GPSLongitude, degrees(24)),
    ];
    let mut writer = Writer::new();
    for field in &fields {
        writer.push_field(field);
    }
    let mut block = Cursor::new(Vec::new());
    writer.write(&mut block, false).unwrap();
    block.into_inner()
}

pub(super) fn jpeg(picture: &RgbImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(picture).unwrap();
    bytes
}

pub(super) fn jpeg_with_profile(picture: &RgbImage, profile: Vec<u8>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 95);
    encoder.set_icc_profile(profile).unwrap();
    encoder.encode_image(picture).unwrap();
    bytes
}

pub(super) fn display_p3() -> Vec<u8> {
    moxcms::ColorProfile::new_display_p3().encode().unwrap()
}

pub(super) fn srgb() -> Vec<u8> {
    moxcms::ColorProfile::new_srgb().encode().unwrap()
}

fn jpeg_segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&[0xFF, marker], length.as_slice(), body].concat()
}

/// A photo as a phone makes it: EXIF with a place, XMP, IPTC, a comment, more pictures and a film behind the end.
pub(super) fn phone_photo(picture: &RgbImage, orientation: u16) -> Vec<u8> {
    let plain = jpeg(picture, 90);
    let exif = [b"Exif\0\0".as_slice(), &exif_block(orientation)].concat();
    let xmp = [b"http://ns.adobe.com/xap/1.0/\0".as_slice(), SECRET].concat();
    [
        &plain[..2],
        &jpeg_segment(0xE1, &exif),
        &jpeg_segment(0xE1, &xmp),
        &jpeg_segment(0xE2, &[b"MPF\0".as_slice(), SECRET].concat()),
        &jpeg_segment(0xED, &[b"Photoshop 3.0\0".as_slice(), SECRET].concat()),
        &jpeg_segment(0xFE, SECRET),
        &plain[2..],
        b"ftypmp42",
        SECRET,
    ]
    .concat()
}

pub(super) fn png(picture: &DynamicImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture.write_with_encoder(PngEncoder::new(&mut bytes)).unwrap();
    bytes
}

pub(super) fn png_chunk(name: [u8; 4], body: &[u8]) -> Vec<u8> {
    let mut checksum = crc32fast::Hasher::new();
    checksum.update(&name);
    checksum.update(body);
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    [length.as_slice(), &name, body, &checksum.finalize().to_be_bytes()].concat()
}

/// A PNG with a place, texts, a time, an unknown chunk, and words behind the end.
pub(super) fn png_with_secrets(picture: &DynamicImage, orientation: u16) -> Vec<u8> {
    let plain = png(picture);
    // Signature and IHDR are 33 bytes.
    let text = [b"Comment\0".as_slice(), SECRET].concat();
    [
        &plain[..33],
        &png_chunk(*b"eXIf", &exif_block(orientation)),
        &png_chunk(*b"tEXt", &text),
        &png_chunk(*b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0".as_slice(), SECRET].concat()),
        &png_chunk(*b"tIME", &[7, 234, 11, 22, 9, 0, 0]),
        &png_chunk(*b"prVt", SECRET),
        &plain[33..],
        SECRET,
    ]
    .concat()
}

/// A head that promises this size, and almost nothing behind it.
pub(super) fn png_bomb(width: u32, height: u32) -> Vec<u8> {
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
    [
        b"\x89PNG\r\n\x1a\n".as_slice(),
        &png_chunk(*b"IHDR", &head),
        &png_chunk(*b"IDAT", &zeros_deflated(1 << 20)),
        &png_chunk(*b"IEND", &[]),
    ]
    .concat()
}

pub(super) fn zeros_deflated(bytes: usize) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&vec![0; bytes]).unwrap();
    encoder.finish().unwrap()
}

/// Four frames, repeated for ever, with a comment and XMP.
pub(super) fn moving_gif(width: u32, height: u32) -> Vec<u8> {
    let mut plain = Vec::new();
    let mut encoder = GifEncoder::new(&mut plain);
    encoder.set_repeat(image::codecs::gif::Repeat::Infinite).unwrap();
    for shade in [0, 80, 160, 240] {
        let frame = RgbaImage::from_pixel(width, height, Rgba([shade, 255 - shade, 0, 255]));
        encoder.encode_frame(Frame::new(frame)).unwrap();
    }
    drop(encoder);
    let end = plain.pop().unwrap();
    let length = u8::try_from(SECRET.len()).unwrap();
    plain.extend([&[0x21, 0xFE, length], SECRET, &[0]].concat());
    plain.extend([b"\x21\xFF\x0BXMP DataXMP".as_slice(), &[length], SECRET, &[0]].concat());
    plain.push(end);
    plain.extend(SECRET);
    plain
}

/// Lossless, with EXIF.
pub(super) fn webp(picture: &RgbImage, orientation: u16) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = WebPEncoder::new_lossless(&mut bytes);
    encoder.set_exif_metadata(exif_block(orientation)).unwrap();
    encoder.encode(picture, picture.width(), picture.height(), ExtendedColorType::Rgb8).unwrap();
    bytes
}

/// One of each kind, with secrets where the kind has room for them.
pub(super) fn one_of_each(orientation: u16) -> Vec<(Kind, Vec<u8>)> {
    vec![
        (Kind::Jpeg, phone_photo(&halves(40, 24), orientation)),
        (Kind::Jpeg, PROGRESSIVE.to_vec()),
        (Kind::Png, png_with_secrets(&halves(40, 24).into(), orientation)),
        (Kind::Png, png_with_secrets(&disc(16).into(), orientation)),
        (Kind::Gif, moving_gif(12, 8)),
        (Kind::WebP, webp(&halves(40, 24), orientation)),
        (Kind::WebP, MOVING_WEBP.to_vec()),
        (Kind::WebP, LOSSY_WEBP.to_vec()),
    ]
}

/// Says whether these bytes are anywhere in those.
pub(super) fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}
