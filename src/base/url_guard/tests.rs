use super::*;

fn check(address: &str, expected: bool) {
    assert_eq!(Guard::default().check(address).is_ok(), expected, "{address}");
}

#[test]
fn public_addresses_are_asked() {
    for address in
        ["https://example.social", "http://93.184.216.34/x", "https://[2606:2800:220:1::1]/", "https://1.1.1.1:8443"]
    {
        check(address, true);
    }
}

#[test]
fn private_addresses_are_refused_in_every_way_of_writing_them() {
    for address in [
        "http://127.0.0.1",
        "http://127.1",
        "http://2130706433",
        "http://0x7f.1",
        "http://0177.0.0.1",
        "http://0.0.0.0",
        "http://10.1.2.3",
        "http://172.16.0.1",
        "http://192.168.1.1",
        "http://169.254.169.254/latest/meta-data",
        "http://100.64.0.1",
        "http://198.18.0.1",
        "http://192.0.0.8",
        "http://224.0.0.1",
        "http://255.255.255.255",
        "http://[::1]",
        "http://[::]",
        "http://[fe80::1]",
        "http://[fd00::1]",
        "http://[ff02::1]",
        "http://[::ffff:127.0.0.1]",
        "http://[::ffff:10.0.0.1]",
        "http://[::127.0.0.1]",
        "http://[64:ff9b::7f00:1]",
        "http://[2002:7f00:1::]",
        "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
        "http://[2001:db8::1]",
        "http://localhost",
        "http://LOCALHOST.",
        "http://a.localhost",
        "http://[::ffff:0:127.0.0.1]",
    ] {
        check(address, false);
    }
}

#[test]
fn other_schemes_and_user_names_are_refused() {
    for address in [
        "ftp://example.org",
        "file:///etc/passwd",
        "https://ada@example.org",
        "https://a:b@example.org",
        "example.org",
        "",
        "javascript:alert(1)",
    ] {
        check(address, false);
    }
}

#[test]
fn what_the_owner_named_is_allowed_and_nothing_beside_it() {
    let guard = Guard::allowing(["nas.local", "127.0.0.1:3000", "localhost:2583"]);
    for (address, expected) in [
        ("http://nas.local:9/x", true),
        ("http://127.0.0.1:3000", true),
        ("http://127.0.0.1:3001", false),
        ("http://127.0.0.1", false),
        ("http://localhost:2583/xrpc", true),
        ("http://localhost", false),
        ("http://127.0.0.2:3000", false),
    ] {
        assert_eq!(guard.check(address).is_ok(), expected, "{address}");
    }
}

#[test]
fn of_the_server_itself_only_the_part_that_was_named_is_allowed() {
    let guard = Guard::default();
    guard.allow_own("0.0.0.0:8420".parse().unwrap(), "/practice");
    assert_eq!(guard.own().as_deref(), Some("http://127.0.0.1:8420/practice"));
    for (address, expected) in [
        ("http://127.0.0.1:8420/practice/api/posts", true),
        ("http://127.0.0.1:8420/practice", true),
        ("http://127.0.0.1:8420/metrics", false),
        ("http://127.0.0.1:8420/practice/../metrics", false),
        ("http://127.0.0.1:8420/practiced", false),
        ("http://127.0.0.1:8421/practice", false),
        ("http://localhost:8420/practice", false),
    ] {
        assert_eq!(guard.check(address).is_ok(), expected, "{address}");
    }
}
