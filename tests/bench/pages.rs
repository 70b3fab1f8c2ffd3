//! What the pages cost: processor time and requests a second under load, bytes and requests of a first load.

use crate::browse::Browser;
use crate::fill::{self, Filled};
use crate::machine;
use crate::report::{Aim, Bench, float, note};
use crate::server::Server;

/// The store the pages are measured on.
const POSTS: usize = 100_000;

/// Pages whose first load is weighed. Workspace pages are named by what follows the workspace.
const WEIGHED: [&str; 12] = [
    "today",
    "compose",
    "calendar",
    "calendar?view=agenda",
    "inbox",
    "analytics",
    "channels",
    "media",
    "people",
    "activity",
    "settings",
    "more",
];

/// A page under load and what it may cost.
struct Loaded {
    name: &'static str,
    path: String,
    cpu: Aim,
}

fn loaded(filled: &Filled) -> [Loaded; 5] {
    let page = |path: &str| belfry::addresses::workspace(&filled.slug, path);
    let month = |on: &str| page(&format!("calendar?on={on}"));
    [
        Loaded { name: "sign-in", path: "/sign-in".to_owned(), cpu: Aim::AtMost(0.1) },
        Loaded { name: "Today", path: page("today"), cpu: Aim::None },
        Loaded { name: "Compose", path: page("compose"), cpu: Aim::None },
        Loaded { name: "calendar month of 2,000 posts", path: month(&filled.usual_month), cpu: Aim::AtMost(3.0) },
        Loaded { name: "calendar month of 10,000 posts", path: month(&filled.full_month), cpu: Aim::AtMost(5.0) },
    ]
}

/// Processor time per request and requests a second, at eight connections.
pub(crate) async fn loads(bench: &Bench) -> anyhow::Result<()> {
    let figures = |name: &str| [format!("CPU per request, {name}"), format!("requests per second, {name}")];
    let names = ["sign-in", "Today", "Compose", "calendar month of 2,000 posts", "calendar month of 10,000 posts"];
    if !bench.wants(&names.map(figures).concat()) {
        return Ok(());
    }
    let filled = fill::filled(POSTS).await?;
    let copy = filled.copy()?;
    let token = filled.sign_in(copy.path()).await?;
    let server = Server::start(copy.path()).await?;
    let browser = server.browser.clone().signed_in(&token);
    for page in loaded(&filled) {
        let [cpu, per_s] = figures(page.name);
        if !bench.wants(&[&cpu, &per_s]) {
            continue;
        }
        note(&format!("loading {}", page.path));
        let anyone: &Browser = if page.path == "/sign-in" { &server.browser } else { &browser };
        let load = anyone.load(&page.path, server.process()).await?;
        bench.print(&cpu, (load.cpu_ms, "ms"), page.cpu)?;
        bench.print(&per_s, (load.per_s, "per s"), Aim::None)?;
    }
    server.stop().await
}

/// Bytes and requests of a first load.
pub(crate) async fn weights(bench: &Bench) -> anyhow::Result<()> {
    let figures = |name: &str| [format!("first load bytes, {name}"), format!("first load requests, {name}")];
    let sign_in = figures("sign-in");
    let names: Vec<String> = WEIGHED.iter().flat_map(|page| figures(page)).chain(sign_in.clone()).collect();
    if !bench.wants(&names) {
        return Ok(());
    }
    std::fs::create_dir_all(machine::folder())?;
    let filled = fill::filled(10_000).await?;
    let copy = filled.copy()?;
    let token = filled.sign_in(copy.path()).await?;
    let server = Server::start(copy.path()).await?;
    let print = |[bytes, requests]: [String; 2], weight: crate::browse::Weight, (most_kb, most): (f64, f64)| {
        bench.print(&bytes, (float(weight.bytes), "bytes"), Aim::AtMost(most_kb * 1000.0))?;
        bench.print(&requests, (float(weight.requests), "requests"), Aim::AtMost(most))
    };
    print(sign_in, server.browser.weigh("/sign-in").await?, (30.0, 5.0))?;
    let browser = server.browser.clone().signed_in(&token);
    for page in WEIGHED {
        let path = belfry::addresses::workspace(&filled.slug, page);
        print(figures(page), browser.weigh(&path).await?, (100.0, 12.0))?;
    }
    server.stop().await
}
