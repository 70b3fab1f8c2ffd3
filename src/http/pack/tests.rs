use std::io::Read;

use flate2::read::GzDecoder;

use super::*;

fn unpacked(packed: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    GzDecoder::new(packed).read_to_end(&mut plain).unwrap();
    plain
}

#[test]
fn what_is_packed_comes_out_as_it_was_and_one_after_the_other() {
    let page = "<p>We open at nine.</p>".repeat(5000).into_bytes();
    let mut state = 7_u32;
    let noise = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    });
    let noise: Vec<u8> = noise.take(100_000).collect();
    for plain in [page.as_slice(), &noise, b"", b"a", &page] {
        let packed = gzip(plain).unwrap();
        assert_eq!(unpacked(&packed), plain);
    }
    assert!(gzip(&page).unwrap().len() < page.len() / 20);
}

#[test]
fn text_is_packed_and_nothing_else() {
    for (kind, expected) in [
        ("text/html; charset=utf-8", true),
        ("application/json", true),
        ("application/problem+json", true),
        ("image/svg+xml", true),
        ("text/event-stream", false),
        ("image/jpeg", false),
        ("application/octet-stream", false),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        assert_eq!(is_text(&headers), expected, "{kind}");
    }
}

#[test]
fn gzip_is_taken_where_it_is_named_and_not_refused() {
    for (offered, expected) in
        [("gzip, deflate, br", true), ("br;q=1.0, *", true), ("gzip;q=0, br", false), ("identity", false), ("", false)]
    {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(offered));
        assert_eq!(takes_gzip(&headers), expected, "{offered}");
    }
}
