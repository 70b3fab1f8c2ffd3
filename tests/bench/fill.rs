//! Stores with posts, made through the library: one post goes out on three practice channels as a person's would, and
//! the rest are rows after its model, committed in order of time.
//!
//! A filled folder is kept in the target folder under a name that follows from what makes it, and copied for each use.
//! Its newest posts went out in the month before the run, so the name holds the month.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use belfry::app::App;
use belfry::base::clock::{At, Clock};
use belfry::base::id;
use belfry::base::seal::Secret;
use belfry::boot;
use belfry::channels::{self, Channel, Connecting};
use belfry::config::Config;
use belfry::media::asset;
use belfry::people::person::{self, NewPerson};
use belfry::people::workspace::{self, Settings};
use belfry::people::{Actor, Role, Via, Workspace, set_up, sign_in};
use belfry::posts::{Content, MediaUse, draft};
use belfry::publish::{self, When};
use belfry::store::{Change, Stored};
use belfry::work;
use image::codecs::jpeg::JpegEncoder;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::machine::{self, Watch};
use crate::report::note;
use crate::rows::{Model, Place};

/// How many posts a month has.
const MONTH: usize = 2_000;
/// How many the newest month of a large store has.
const FULL_MONTH: usize = 10_000;
/// A commit is written when it has so many operations; one post more still fits.
const COMMIT_AT: usize = 440;
/// What follows from all of this: when one of them changes, stores are filled anew.
const MADE_BY: [&str; 10] = [
    include_str!("fill.rs"),
    include_str!("rows.rs"),
    include_str!("../../src/store/schema.rs"),
    include_str!("../../src/posts/mod.rs"),
    include_str!("../../src/posts/history.rs"),
    include_str!("../../src/publish/publication.rs"),
    include_str!("../../src/schedule/calendar.rs"),
    include_str!("../../src/metrics/series.rs"),
    include_str!("../../src/media/ready.rs"),
    include_str!("../../src/inbox/mod.rs"),
];

const SIGN_IN: &str = "ada";
const PASSWORD: &str = "correct horse battery";

/// A filled folder.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Filled {
    folder: PathBuf,
    /// The workspace's name in addresses.
    pub(crate) slug: String,
    /// A day in a month of 2,000 posts.
    pub(crate) usual_month: String,
    /// A day in the month of 10,000 posts, in a store that has one.
    pub(crate) full_month: String,
}

impl Filled {
    /// A copy to be used up.
    pub(crate) fn copy(&self) -> anyhow::Result<tempfile::TempDir> {
        let copy = tempfile::tempdir_in(machine::folder())?;
        let from = self.folder.join("data").join(".");
        let done = Command::new("cp").args(["-a", "--reflink=auto"]).arg(from).arg(copy.path()).status()?;
        ensure!(done.success(), "the filled folder cannot be copied");
        Ok(copy)
    }

    /// Begins a session in a copy, before it is served.
    pub(crate) async fn sign_in(&self, data: &Path) -> anyhow::Result<Secret> {
        let app = open(data).await?;
        let token = session(&app).await?;
        close(app).await?;
        Ok(token)
    }
}

/// Opens a folder with the library.
pub(crate) async fn open(data: &Path) -> anyhow::Result<Arc<App>> {
    let config = Config { data: Some(data.to_owned()), allow_hosts: vec!["127.0.0.1".to_owned()], ..Config::default() };
    let opening = move || boot::open(config, Clock::default(), &mut |_progress| {});
    Ok(tokio::task::spawn_blocking(opening).await??)
}

/// Lets go of a folder that [`open`] opened.
pub(crate) async fn close(app: Arc<App>) -> anyhow::Result<()> {
    Ok(app.store.clone().close().await?)
}

/// Signs Ada in.
pub(crate) async fn session(app: &App) -> anyhow::Result<Secret> {
    let ask =
        sign_in::Ask { sign_in: SIGN_IN, password: PASSWORD, address: [127, 0, 0, 1].into(), agent: "Firefox/131.0" };
    sign_in::sign_in(app, ask).await.map(|begun| begun.token).map_err(refused)
}

/// Ada, who set the server up, and her workspace.
pub(crate) async fn owner(app: &App) -> anyhow::Result<(Actor, Workspace)> {
    let new = NewPerson { name: "Ada".to_owned(), sign_in: SIGN_IN.to_owned(), password: PASSWORD.to_owned() };
    let ada = set_up::add_person(app, &new, true).await.map_err(refused)?.id;
    let person = person::get(app, ada).await.map_err(refused)?;
    let settings = Settings::usual("Riverside", "Europe/London");
    let workspace = workspace::create(app, &person.row, &settings).await.map_err(refused)?;
    Ok((Actor { person: ada, workspace: workspace.id, role: Role::Owner, via: Via::Console }, workspace))
}

/// Connects a practice account of this name.
pub(crate) async fn connect(app: &App, actor: &Actor, base: &str, name: &str) -> anyhow::Result<Stored<Channel>> {
    let input = [("name", name), ("server", base)].map(|(name, value)| (name.to_owned(), value.to_owned()));
    let connecting = channels::connect(app, actor, "practice", "name", &input.into_iter().collect(), None).await;
    match connecting.map_err(refused)? {
        Connecting::Done(channel) => Ok(*channel),
        Connecting::Visit { .. } => bail!("practice wants a visit"),
    }
}

/// A refusal, as an error of the bench.
pub(crate) fn refused(refusal: impl std::fmt::Debug) -> anyhow::Error {
    anyhow::anyhow!("refused: {refusal:?}")
}

/// The store with so many posts: kept from an earlier run, or filled now.
pub(crate) async fn filled(posts: usize) -> anyhow::Result<Filled> {
    let this_month = Clock::default().now().to_timestamp().to_zoned(jiff::tz::TimeZone::UTC).date().first_of_month();
    let parts: Vec<&[u8]> = MADE_BY.iter().map(|text| text.as_bytes()).collect();
    let digest: belfry::posts::PostId = id::digest(&parts);
    let folder = machine::folder().join(format!("{posts}-{}-{digest}", this_month.strftime("%Y-%m")));
    let about = folder.join("about.json");
    if let Ok(known) = fs::read(&about) {
        return Ok(serde_json::from_slice(&known)?);
    }
    remove_older(posts)?;
    note(&format!("filling a store with {posts} posts; it is kept for the next run"));
    let watch = Watch::start();
    let data = folder.join("data");
    fs::create_dir_all(&data)?;
    let app = open(&data).await?;
    let (actor, workspace) = owner(&app).await?;
    let model = model(&app, &actor).await?;
    write(&app, &model, posts, this_month).await?;
    close(app).await?;
    let month = |before: i64| this_month.saturating_sub(before.months()).to_string();
    let (usual_month, full_month) = (month(2), month(1));
    let filled = Filled { folder, slug: workspace.slug, usual_month, full_month };
    fs::write(&about, serde_json::to_vec(&filled)?)?;
    note(&format!("filled in {:.0} s", watch.passed().as_secs_f64()));
    Ok(filled)
}

/// A store of this size that other rows made is of no use any more.
fn remove_older(posts: usize) -> anyhow::Result<()> {
    fs::create_dir_all(machine::folder())?;
    for entry in fs::read_dir(machine::folder())? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(&format!("{posts}-")) {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

/// One post with a picture goes out on three practice channels; what it left in the store is the model of all others.
async fn model(app: &Arc<App>, actor: &Actor) -> anyhow::Result<Model> {
    let practice = crate::server::Practice::start(&machine::folder().join("practice.json"))?;
    let mut channels = Vec::new();
    for name in ["riverside", "harbour", "orchard"] {
        channels.push(connect(app, actor, &practice.base, name).await?.id);
    }
    let mut upload = asset::begin(app, actor).map_err(refused)?;
    upload.write(&photo(2400, 1600)?).await?;
    let asset = asset::add(app, actor, upload, "market.jpg").await.map_err(refused)?.asset;
    let media = vec![MediaUse { asset: asset.id, alt: Some("Crates of apples on a table".to_owned()) }];
    let content = Content { text: crate::rows::text(0), media, channels, ..Content::default() };
    let post = draft::create(app, actor, content).await.map_err(refused)?;
    let post = publish::plan(app, actor, post.id, post.edition, When::Now).await.map_err(refused)?;
    app.clock.set(app.clock.now().plus(Duration::from_secs(16)));
    work::publish::run_until_idle(app).await?;
    let model = Model::read(app, &post).await?;
    app.clock.set_offset_ms(0);
    Ok(model)
}

/// A photograph of this size, as a camera might make it: neither flat nor noise.
pub(crate) fn photo(width: u32, height: u32) -> anyhow::Result<Vec<u8>> {
    let shade = |value: u32| u8::try_from(value & 0xff).unwrap_or_default();
    let picture = image::RgbImage::from_fn(width, height, |x, y| {
        let grain = x.wrapping_mul(2_654_435_761).wrapping_add(y.wrapping_mul(40_503)) >> 28;
        image::Rgb([shade(x / 16 + grain), shade(y / 16 + grain), shade((x + y) / 32 + grain)])
    });
    let mut bytes = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 85))?;
    Ok(bytes)
}

/// Writes all posts but the model, the oldest first; then a few that are planned.
async fn write(app: &App, model: &Model, posts: usize, this_month: Date) -> anyhow::Result<()> {
    let months = months(posts);
    let mut change = Change::new();
    let mut number = 0_usize;
    for (before, count) in months.iter().rev().enumerate().map(|(at, count)| (months.len() - at, *count)) {
        let first = this_month.saturating_sub(i64::try_from(before)?.months());
        let days = usize::try_from(first.days_in_month())?;
        for within in 0..count {
            let day = first.saturating_add(i64::try_from(within * days / count)?.days());
            let of_day = count.div_ceil(days);
            // From eight in the morning to ten at night.
            let minute = 8 * 60 + (within % of_day) * 14 * 60 / of_day;
            let place = Place { number, at: at(day, minute)?, newest: before == 1 && count - within <= 20 };
            model.published(&place, &mut change);
            number += 1;
            commit(app, &mut change, COMMIT_AT).await?;
        }
    }
    for planned in 0..20_i64 {
        let day = this_month.saturating_add((70 + planned).days());
        model.planned(&Place { number, at: at(day, 9 * 60)?, newest: true }, &mut change);
        number += 1;
        commit(app, &mut change, COMMIT_AT).await?;
    }
    commit(app, &mut change, 1).await
}

/// How many posts each month has, the newest first.
fn months(posts: usize) -> Vec<usize> {
    let full = if FULL_MONTH < posts { FULL_MONTH } else { MONTH.min(posts) };
    let mut months = vec![full];
    months.extend(vec![MONTH; (posts - full) / MONTH]);
    months
}

fn at(day: Date, minute: usize) -> anyhow::Result<At> {
    let time = day.at(0, 0, 0, 0).saturating_add(i64::try_from(minute)?.minutes());
    Ok(At::from(time.to_zoned(jiff::tz::TimeZone::UTC)?.timestamp()))
}

/// Commits what has gathered, once it is this much.
async fn commit(app: &App, change: &mut Change, from: usize) -> anyhow::Result<()> {
    if from <= change.operations() {
        app.store.commit(std::mem::take(change)).await.context("filling")?;
    }
    Ok(())
}
