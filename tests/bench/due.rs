//! From due to sent: how long after its time a publication leaves, alone and in a crowd, read from the journals.
//!
//! Time is real here: what is planned is due some seconds ahead, the server is started, and its journals are read once
//! it has come to rest. The practice network runs in a process of its own, on the same processors.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, ensure};
use belfry::app::App;
use belfry::base::clock::{At, Clock};
use belfry::base::zone;
use belfry::channels::ChannelId;
use belfry::people::{Actor, Workspace};
use belfry::posts::{Content, PostId, draft};
use belfry::publish::journal::Event;
use belfry::publish::{self, Publication, When};

use crate::fill::{self, refused};
use crate::machine;
use crate::report::{Aim, Bench, float, note, percentile};
use crate::rows;
use crate::server::{Practice, Server};

/// On so many channels.
const CHANNELS: usize = 50;
/// So many posts on each of them make the crowd: 1,000 publications.
const CROWD: usize = 20;
/// So many posts go out with nothing beside them, this far apart.
const ALONE: u32 = 15;
const APART: Duration = Duration::from_millis(500);
/// The first is due so long after planning began; the server is up by then.
const FIRST: Duration = Duration::from_secs(12);
/// Everything is out by then, or something is wrong.
const WITHIN: Duration = Duration::from_mins(2);

const ALONE_P50: &str = "due to attempt, alone, p50";
const CROWD_P50: &str = "due to attempt, 1,000 at once, p50";
const CROWD_P99: &str = "due to attempt, 1,000 at once, p99";
const CROWD_OUT: &str = "due to published, 1,000 at once, p99";

/// What is planned in one workspace.
struct Planned {
    workspace: Workspace,
    alone: Vec<PostId>,
    crowd: Vec<PostId>,
    last_at: At,
}

/// Plans, waits, reads the journals.
pub(crate) async fn take(bench: &Bench) -> anyhow::Result<()> {
    if !bench.wants(&[ALONE_P50, CROWD_P50, CROWD_P99, CROWD_OUT]) {
        return Ok(());
    }
    note("planning 1,000 publications for the same second, and some alone");
    let folder = tempfile::tempdir_in(machine::folder())?;
    let practice = Practice::start(&folder.path().join("practice-alone.json"))?;
    let data = folder.path().join("data");
    let planned = plan_all(&data, &practice).await?;
    let server = Server::start_allowing(&data, "127.0.0.1").await?;
    let clock = Clock::default();
    clock.until(planned.last_at).await;
    come_to_rest(&server, planned.last_at).await?;
    server.stop().await?;

    let app = fill::open(&data).await?;
    let mut alone = Vec::new();
    for post in &planned.alone {
        alone.extend(delays(&app, &planned.workspace, *post).await?);
    }
    let mut crowd = Vec::new();
    for post in &planned.crowd {
        crowd.extend(delays(&app, &planned.workspace, *post).await?);
    }
    fill::close(app).await?;
    ensure!(crowd.len() == CHANNELS * CROWD, "only {} of the crowd went out", crowd.len());
    let sent = |delays: &[Delay]| delays.iter().map(|delay| delay.sent_ms).collect::<Vec<f64>>();
    let mut out: Vec<f64> = crowd.iter().map(|delay| delay.out_ms).collect();
    bench.print(ALONE_P50, (percentile(&mut sent(&alone), 0.5), "ms"), Aim::AtMost(50.0))?;
    bench.print(CROWD_P50, (percentile(&mut sent(&crowd), 0.5), "ms"), Aim::None)?;
    bench.print(CROWD_P99, (percentile(&mut sent(&crowd), 0.99), "ms"), Aim::AtMost(1000.0))?;
    bench.print(CROWD_OUT, (percentile(&mut out, 0.99), "ms"), Aim::None)
}

async fn plan_all(data: &Path, practice: &Practice) -> anyhow::Result<Planned> {
    let app = fill::open(data).await?;
    let (actor, workspace) = fill::owner(&app).await?;
    let mut channels = Vec::with_capacity(CHANNELS);
    for number in 0..CHANNELS {
        channels.push(fill::connect(&app, &actor, &practice.base, &format!("riverside-{number}")).await?.id);
    }
    let first_at = app.clock.now().plus(FIRST);
    let mut alone = Vec::new();
    for number in 0..ALONE {
        let only = channels.first().copied().into_iter().collect();
        alone.push(plan(&app, &actor, &workspace, only, first_at.plus(APART * number)).await?);
    }
    let last_at = first_at.plus(APART * (ALONE + 4));
    let mut crowd = Vec::new();
    for _ in 0..CROWD {
        crowd.push(plan(&app, &actor, &workspace, channels.clone(), last_at).await?);
    }
    ensure!(app.clock.now() < first_at.minus(Duration::from_secs(2)), "planning took too long for what is due");
    fill::close(app).await?;
    Ok(Planned { workspace, alone, crowd, last_at })
}

async fn plan(
    app: &App,
    actor: &Actor,
    workspace: &Workspace,
    channels: Vec<ChannelId>,
    due_at: At,
) -> anyhow::Result<PostId> {
    let content = Content { text: rows::text(0), channels, ..Content::default() };
    let post = draft::create(app, actor, content).await.map_err(refused)?;
    let when = When::At(zone::local(due_at, &workspace.zone).datetime());
    publish::plan(app, actor, post.id, post.edition, when).await.map_err(refused)?;
    Ok(post.id)
}

/// Waits until the server has used no processor time to speak of for a second.
async fn come_to_rest(server: &Server, from: At) -> anyhow::Result<()> {
    let clock = Clock::default();
    loop {
        let before = machine::cpu_ms(server.process())?;
        tokio::time::sleep(Duration::from_secs(1)).await;
        if machine::cpu_ms(server.process())? - before < 30.0 {
            return Ok(());
        }
        ensure!(clock.now().since(from) < WITHIN, "the server does not come to rest");
    }
}

/// How long after its time a publication left, and was out.
#[derive(Clone, Copy)]
struct Delay {
    sent_ms: f64,
    out_ms: f64,
}

async fn delays(app: &App, workspace: &Workspace, post: PostId) -> anyhow::Result<Vec<Delay>> {
    let publications = publish::list_for_post(app, workspace.id, post).await?;
    publications.iter().map(|publication| delay(publication)).collect()
}

fn delay(publication: &Publication) -> anyhow::Result<Delay> {
    let journal = publication.dispatches.first().context("no dispatch")?.journal.entries();
    let after = |told: fn(&Event) -> bool| {
        let entry = journal.iter().find(|entry| told(&entry.event)).context("a publication did not go out")?;
        let millis = usize::try_from(entry.at.since(publication.due_at).as_millis())?;
        anyhow::Ok(float(millis))
    };
    Ok(Delay {
        sent_ms: after(|event| matches!(event, Event::Sent { visible: true, .. }))?,
        out_ms: after(|event| matches!(event, Event::Confirmed { .. }))?,
    })
}
