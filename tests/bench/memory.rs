//! How large the binary is, how soon it answers, and what it takes while nothing happens.
//!
//! With 100,000 posts memory follows the rows: the index keeps a few hundred bytes for each page of some ten rows, however
//! small its cache is, and a post has 31 rows with their entries. Fewer rows a post is what would help.

use std::path::Path;
use std::time::Duration;

use crate::fill::{self, Filled};
use crate::machine;
use crate::report::{Aim, Bench, note, percentile};
use crate::server::{BINARY, Server};

/// How often a start is measured; the middle one counts.
const STARTS: usize = 5;
/// Memory is looked at after so long without a request: caches of the start are gone by then.
const IDLE_FOR: Duration = Duration::from_secs(5);

/// The size of the binary.
pub(crate) fn size(bench: &Bench) -> anyhow::Result<()> {
    let bytes = std::fs::metadata(BINARY)?.len();
    bench.print("binary size", (u32::try_from(bytes).map_or(f64::INFINITY, f64::from), "bytes"), Aim::AtMost(25e6))
}

/// What a store costs that nobody has set up yet.
pub(crate) async fn empty(bench: &Bench) -> anyhow::Result<()> {
    let aims = Aims { start_s: Aim::AtMost(0.15), idle_mib: Aim::AtMost(25.0) };
    if bench.wants(&names("empty store")) {
        let folder = tempfile::tempdir_in(machine::folder())?;
        take(bench, "empty store", folder.path(), aims).await?;
    }
    Ok(())
}

/// What a store with so many posts costs.
pub(crate) async fn filled(bench: &Bench, posts: usize) -> anyhow::Result<()> {
    let store = format!("{posts} posts");
    if !bench.wants(&names(&store)) {
        return Ok(());
    }
    let large = 10_000 < posts;
    let start_s = if large { Aim::AtMost(0.5) } else { Aim::None };
    let aims = Aims { start_s, idle_mib: Aim::AtMost(if large { 80.0 } else { 40.0 }) };
    let filled: Filled = fill::filled(posts).await?;
    let copy = filled.copy()?;
    take(bench, &store, copy.path(), aims).await
}

#[derive(Clone, Copy)]
struct Aims {
    start_s: Aim,
    idle_mib: Aim,
}

fn names(store: &str) -> [String; 3] {
    ["start", "start after kill -9", "idle memory"].map(|figure| format!("{figure}, {store}"))
}

async fn take(bench: &Bench, store: &str, data: &Path, aims: Aims) -> anyhow::Result<()> {
    let [start, after_kill, idle] = names(store);
    note(&format!("starting, {store}"));
    // The first start makes a new store, or reads a copied one from a cold disk.
    Server::start(data).await?.stop().await?;
    let mut clean = Vec::with_capacity(STARTS);
    for _ in 0..STARTS {
        let server = Server::start(data).await?;
        clean.push(server.start_ms / 1000.0);
        server.stop().await?;
    }
    bench.print(&start, (percentile(&mut clean, 0.5), "s"), aims.start_s)?;

    let server = Server::start(data).await?;
    tokio::time::sleep(IDLE_FOR).await;
    bench.print(&idle, (machine::pss_mib(server.process())?, "MiB PSS"), aims.idle_mib)?;

    let mut killed = Vec::with_capacity(STARTS);
    server.kill()?;
    for _ in 0..STARTS {
        let server = Server::start(data).await?;
        killed.push(server.start_ms / 1000.0);
        server.kill()?;
    }
    bench.print(&after_kill, (percentile(&mut killed, 0.5), "s"), Aim::None)?;
    Ok(())
}
