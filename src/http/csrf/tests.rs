use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

use super::{Bound, check_origin, check_token, token};
use crate::base::seal::Sealer;
use crate::http::Visitor;

fn allowed(host: &str, secure: bool, public: Option<&str>, headers: &[(&str, &str)]) -> bool {
    let visitor = Visitor { address: "192.0.2.7".parse().unwrap(), secure, host: host.to_owned() };
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.insert(HeaderName::try_from(*name).unwrap(), HeaderValue::from_str(value).unwrap());
    }
    check_origin(&map, &visitor, public.map(|url| url.parse().unwrap()).as_ref()).is_ok()
}

#[test]
fn only_our_own_pages_may_change_something() {
    for (host, secure, headers, expected) in [
        ("belfry.example", true, &[("origin", "https://belfry.example")][..], true),
        ("belfry.example", true, &[("origin", "https://belfry.example:443")], true),
        ("belfry.example", true, &[("origin", "http://belfry.example")], false),
        ("belfry.example", true, &[("origin", "https://evil.example")], false),
        ("belfry.example", true, &[("origin", "https://belfry.example.evil.example")], false),
        ("belfry.example", true, &[("origin", "https://belfry.example:8443")], false),
        ("belfry.example", true, &[("origin", "null")], false),
        ("belfry.example", true, &[], false),
        ("belfry.example", true, &[("referer", "https://belfry.example/w/a/compose")], true),
        ("belfry.example", true, &[("referer", "https://evil.example/?https://belfry.example/")], false),
        // Origin wins over Referer.
        ("belfry.example", true, &[("origin", "https://evil.example"), ("referer", "https://belfry.example/")], false),
        ("belfry.example", true, &[("origin", "https://belfry.example"), ("sec-fetch-site", "cross-site")], false),
        ("belfry.example", true, &[("origin", "https://belfry.example"), ("sec-fetch-site", "same-site")], false),
        ("belfry.example", true, &[("origin", "https://belfry.example"), ("sec-fetch-site", "same-origin")], true),
        ("192.168.1.7:8420", false, &[("origin", "http://192.168.1.7:8420")], true),
        ("192.168.1.7:8420", false, &[("origin", "http://192.168.1.7")], false),
        // Behind a proxy that the settings do not name, Belfry sees plain HTTP.
        ("belfry.example", false, &[("origin", "https://belfry.example")], true),
    ] {
        assert_eq!(allowed(host, secure, None, headers), expected, "{host} {headers:?}");
    }
}

#[test]
fn the_public_address_is_ours_too() {
    let headers = [("origin", "https://belfry.example")];
    assert!(allowed("127.0.0.1:8420", false, Some("https://belfry.example/sub"), &headers));
    assert!(!allowed("127.0.0.1:8420", false, Some("https://other.example"), &headers));
}

#[test]
fn a_token_is_good_for_its_session_only_and_looks_different_each_time() {
    let signer = Sealer::new([7; 32]).signer("csrf");
    let own = Bound::Session(1);
    let (first, second) = (token(&signer, &own), token(&signer, &own));
    assert_ne!(first, second);
    for good in [&first, &second] {
        assert!(check_token(&signer, &own, Some(good)).is_ok());
        assert!(check_token(&signer, &Bound::Session(2), Some(good)).is_err());
        assert!(check_token(&signer, &Bound::Visit("x".to_owned()), Some(good)).is_err());
    }
    for bad in [None, Some(""), Some("AAAA"), first.get(..42), Some("not base64!")] {
        assert!(check_token(&signer, &own, bad).is_err(), "{bad:?}");
    }
    assert!(check_token(&signer, &own, Some(&data_encoding::BASE64URL_NOPAD.encode(&[0; 32]))).is_err());
}
