//! Durable creations: how many posts a second are begun, each answered only once it is on disk.

use std::time::Duration;

use anyhow::ensure;
use belfry::base::clock::Clock;
use belfry::base::id::Ids;
use belfry::posts::PostId;
use reqwest::Method;
use tokio::task::JoinSet;

use crate::browse::Browser;
use crate::fill;
use crate::machine::{self, Watch};
use crate::report::{Aim, Bench, float, note};
use crate::server::Server;

/// Posts are begun for so long.
const FOR: Duration = Duration::from_secs(6);
/// How many clients begin posts at the same time.
const CLIENTS: [usize; 2] = [1, 64];

/// Posts begun a second by one client and by many, over HTTP as Compose does it.
pub(crate) async fn take(bench: &Bench) -> anyhow::Result<()> {
    let names = CLIENTS.map(|clients| format!("post creations per second, clients: {clients}"));
    let ratio = "post creations, 64 clients against one";
    if !bench.wants(&names) && !bench.wants(&[ratio]) {
        return Ok(());
    }
    let folder = tempfile::tempdir_in(machine::folder())?;
    let app = fill::open(folder.path()).await?;
    let (_ada, workspace) = fill::owner(&app).await?;
    let token = fill::session(&app).await?;
    fill::close(app).await?;
    let server = Server::start(folder.path()).await?;
    let browser = server.browser.clone().signed_in(&token);
    let form_token = browser.form_token(&belfry::addresses::workspace(&workspace.slug, "compose")).await?;
    let writer = Writer { browser, slug: workspace.slug, form_token, ids: Ids::new(Clock::default()) };
    writer.begin_post().await?;
    let mut rates = [0.0; 2];
    for ((clients, name), rate) in CLIENTS.into_iter().zip(&names).zip(&mut rates) {
        note(&format!("beginning posts, clients: {clients}"));
        *rate = writer.rate(clients).await?;
        bench.print(name, (*rate, "per s"), Aim::None)?;
    }
    let [one, many] = rates;
    bench.print(ratio, (many / one, "times"), Aim::AtLeast(5.0))?;
    server.stop().await
}

/// Begins posts in a workspace.
#[derive(Clone)]
struct Writer {
    browser: Browser,
    slug: String,
    form_token: String,
    ids: Ids,
}

impl Writer {
    async fn begin_post(&self) -> anyhow::Result<()> {
        let post: PostId = self.ids.next();
        let path = belfry::addresses::post_autosave(&self.slug, post);
        let fields = [("text", "We open at nine, bring a bag."), ("version", "0")];
        let request = self.browser.request(Method::POST, &path).header("x-csrf-token", &self.form_token);
        let answer = self.browser.send(request.form(&fields)).await?;
        ensure!(answer.status() == 200, "beginning a post answers {}", answer.status());
        answer.bytes().await?;
        Ok(())
    }

    async fn rate(&self, clients: usize) -> anyhow::Result<f64> {
        let watch = Watch::start();
        let mut tasks = JoinSet::new();
        for _ in 0..clients {
            let writer = self.clone();
            tasks.spawn(async move {
                let mut begun = 0_usize;
                while watch.passed() < FOR {
                    writer.begin_post().await?;
                    begun += 1;
                }
                anyhow::Ok(begun)
            });
        }
        let mut begun = 0_usize;
        while let Some(ended) = tasks.join_next().await {
            begun += ended??;
        }
        Ok(float(begun) / watch.passed().as_secs_f64())
    }
}
