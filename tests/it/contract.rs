//! The connectors against real servers. Every test here begins with [`counterparts`], and `tests/run` runs them by the
//! name of this module with the servers started.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

use crate::counterparts::counterparts;

#[test]
fn the_mastodon_server_knows_the_accounts_by_their_tokens() {
    let Some(servers) = counterparts("the_mastodon_server_knows_the_accounts_by_their_tokens") else { return };
    assert!(servers.mastodon.accounts.iter().any(|account| account.token == servers.mastodon.token));
    for account in &servers.mastodon.accounts {
        let bearer = format!("Authorization: Bearer {}\r\n", account.token);
        let who = get(&servers.mastodon.url, "/api/v1/accounts/verify_credentials", &bearer);
        assert_eq!(who["username"], account.username.as_str());
    }
}

#[test]
fn the_bluesky_servers_know_the_accounts() {
    let Some(servers) = counterparts("the_bluesky_servers_know_the_accounts") else { return };
    let bluesky = &servers.bluesky;
    assert_eq!(bluesky.accounts.len(), 2);
    for account in &bluesky.accounts {
        assert!(!account.password.is_empty());
        let path = format!("/xrpc/com.atproto.identity.resolveHandle?handle={}", account.handle);
        assert_eq!(get(&bluesky.pds, &path, "")["did"], account.did.as_str());
        let known = get(&bluesky.plc, &format!("/{}", account.did), "");
        assert_eq!(known["id"], account.did.as_str());
    }
    assert!(get(&bluesky.appview, "/xrpc/_health", "")["version"].is_string());
}

/// The JSON that a server answers to one plain request.
fn get(url: &str, path: &str, header: &str) -> Value {
    let host = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(
        stream,
        "GET {path} HTTP/1.0\r\nHost: {host}\r\nAccept: application/json\r\n{header}Connection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.lines().next().unwrap().contains(" 200"), "{url}{path}: {answer}");
    serde_json::from_str(body).unwrap_or_else(|error| panic!("{url}{path}: {error}: {body}"))
}
