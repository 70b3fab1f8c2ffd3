use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

use super::{Visitor, read};
use crate::config::proxies::{Network, Proxies};

fn visitor(peer: &str, headers: &[(&str, &str)]) -> Visitor {
    let proxies: Proxies = ["127.0.0.1", "10.0.0.0/8"].iter().map(|text| text.parse::<Network>().unwrap()).collect();
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(HeaderName::try_from(*name).unwrap(), HeaderValue::from_str(value).unwrap());
    }
    read(peer.parse().unwrap(), &map, None, &proxies)
}

#[test]
fn a_stranger_is_not_believed() {
    let seen = visitor(
        "192.0.2.7",
        &[
            ("host", "belfry.example"),
            ("x-forwarded-for", "1.2.3.4"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "evil.example"),
        ],
    );
    assert_eq!(
        (seen.address.to_string().as_str(), seen.secure, seen.host.as_str()),
        ("192.0.2.7", false, "belfry.example")
    );
}

#[test]
fn the_last_address_that_is_no_proxy_is_the_visitor() {
    for (chain, expected) in [
        ("198.51.100.9", "198.51.100.9"),
        ("6.6.6.6, 198.51.100.9", "198.51.100.9"),
        ("6.6.6.6, 198.51.100.9, 10.0.0.2", "198.51.100.9"),
        ("198.51.100.9:4711", "198.51.100.9"),
        ("[2001:db8::7]:4711", "2001:db8::7"),
        ("2001:db8::7", "2001:db8::7"),
        ("rubbish", "127.0.0.1"),
        ("198.51.100.9, rubbish, 10.0.0.2", "10.0.0.2"),
        ("", "127.0.0.1"),
    ] {
        assert_eq!(visitor("127.0.0.1", &[("x-forwarded-for", chain)]).address.to_string(), expected, "{chain}");
    }
}

#[test]
fn a_trusted_proxy_tells_of_https_and_host() {
    let seen = visitor(
        "10.1.2.3",
        &[("host", "127.0.0.1:8420"), ("x-forwarded-proto", "https"), ("x-forwarded-host", "Belfry.Example")],
    );
    assert_eq!(seen.origin(), "https://belfry.example");
}

#[test]
fn a_secure_context_is_https_or_this_machine() {
    for (host, expected) in [
        ("localhost:8420", true),
        ("127.0.0.1:8420", true),
        ("[::1]:8420", true),
        ("belfry.localhost", true),
        ("belfry.home.arpa:8420", false),
        ("192.168.1.7:8420", false),
        ("localhost.evil.example", false),
    ] {
        assert_eq!(visitor("192.0.2.7", &[("host", host)]).is_secure_context(), expected, "{host}");
    }
}
