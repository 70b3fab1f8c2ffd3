//! Where the real servers of `tests/counterparts/up` are, for the tests that speak to them.
//!
//! Those tests live in `contract` and start with [`counterparts`]. Without the servers a test is skipped, and says so
//! past the capture of the test runner, so that a run without them cannot be taken for a run with them.

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs, io};

use serde::Deserialize;

/// The variable that names the file `tests/counterparts/up --json` wrote.
const FILE: &str = "BELFRY_COUNTERPARTS";

/// What the file holds; `tests/counterparts/README.md` tells each field.
#[derive(Debug, Deserialize)]
pub(crate) struct Counterparts {
    pub(crate) mastodon: Mastodon,
    pub(crate) bluesky: Bluesky,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Mastodon {
    pub(crate) url: String,
    pub(crate) token: String,
    pub(crate) accounts: Vec<MastodonAccount>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct MastodonAccount {
    pub(crate) username: String,
    pub(crate) token: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Bluesky {
    pub(crate) pds: String,
    pub(crate) plc: String,
    pub(crate) appview: String,
    pub(crate) accounts: Vec<BlueskyAccount>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct BlueskyAccount {
    pub(crate) handle: String,
    pub(crate) did: String,
    pub(crate) password: String,
}

/// The servers, or nothing where none were started; then the test named ends.
pub(crate) fn counterparts(test: &str) -> Option<Counterparts> {
    static SKIPPED: AtomicUsize = AtomicUsize::new(0);
    let Some(file) = env::var_os(FILE) else {
        let skipped = SKIPPED.fetch_add(1, Ordering::Relaxed) + 1;
        let told =
            format!("SKIPPED ({skipped} so far): {test} needs the servers of tests/counterparts/up, named by {FILE}\n");
        io::stderr().write_all(told.as_bytes()).unwrap();
        return None;
    };
    let addresses =
        fs::read_to_string(&file).unwrap_or_else(|error| panic!("{FILE} names {}: {error}", file.display()));
    Some(serde_json::from_str(&addresses).unwrap_or_else(|error| panic!("{}: {error}", file.display())))
}
