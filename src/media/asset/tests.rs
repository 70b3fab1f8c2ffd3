use std::sync::Arc;
use std::time::Duration;

use super::{ALT_MAX, Added, Asset, add, begin, find, get, list, remove, set_alt, set_focus};
use crate::app::{Answering, App, Files, Hashing, Kicks, Live, Wishes};
use crate::base::clock::Clock;
use crate::base::id::Ids;
use crate::base::seal::Sealer;
use crate::base::url_guard::Guard;
use crate::config::Config;
use crate::media::ready::{open_rendition, rendition_for};
use crate::media::samples::{self, SECRET, holds};
use crate::media::sweep::sweep;
use crate::networks::Registry;
use crate::networks::capabilities::ImageRules;
use crate::networks::client::Client;
use crate::people::{Actor, PersonId, Refusal, Role, Via, WorkspaceId};
use crate::store::{Settings, Store};
use crate::words::Words;

fn app(folder: &tempfile::TempDir) -> App {
    let clock = Clock::default();
    let files = Files::new(folder.path());
    App {
        store: Store::open(&files.store(), Settings::default(), &mut |_| {}).unwrap(),
        ids: Ids::new(clock.clone()),
        client: Client::new(Guard::default(), "Belfry").unwrap(),
        networks: Arc::new(Registry::new(Vec::new())),
        config: Arc::new(Config::default()),
        sealer: Sealer::new([1; 32]),
        kicks: Kicks::default(),
        live: Live::new(clock.now()),
        wishes: Wishes::default(),
        answering: Answering::default(),
        hashing: Hashing::default(),
        words: Arc::new(Words::english().unwrap()),
        boot: 1,
        renewing: Arc::default(),
        stop: tokio_util::sync::CancellationToken::new(),
        clock,
        files,
    }
}

fn actor(workspace: u128, role: Role) -> Actor {
    Actor {
        person: PersonId::from_bits(u128::from(role == Role::Author)),
        workspace: WorkspaceId::from_bits(workspace),
        role,
        via: Via::Console,
    }
}

async fn upload(app: &App, actor: &Actor, bytes: &[u8], name: &str) -> Result<Added, Refusal> {
    let mut upload = begin(app, actor)?;
    upload.write(bytes).await.unwrap();
    add(app, actor, upload, name).await
}

fn rules(types: &[&str], max_bytes: u64) -> ImageRules {
    ImageRules {
        max: 4,
        types: types.iter().map(|mime| (*mime).to_owned()).collect(),
        max_bytes,
        max_pixels: None,
        max_side_px: None,
        alt_limit: None,
        focus: false,
    }
}

fn size_of(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap()
}

fn count(folder: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { count(&path) } else { 1 }).sum()
}

async fn sweep_all(app: &App) -> usize {
    let mut gone = 0;
    for folder in 0..=255 {
        gone += sweep(app, folder).await.unwrap();
    }
    gone
}

#[tokio::test]
async fn a_picture_comes_into_the_library_upright_and_small_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(&folder);
    let ada = actor(1, Role::Owner);
    let photo = samples::phone_photo(&samples::halves(2000, 1200), 6);
    let added = upload(&app, &ada, &photo, "C:\\Users\\Ada\\harbour\u{7}.jpg").await.unwrap();
    assert!(!added.already);
    let asset = &added.asset;
    assert_eq!((asset.width_px, asset.height_px, asset.orientation), (1200, 2000, 6));
    assert_eq!((asset.mime.as_str(), asset.original_name.as_str()), ("image/jpeg", "harbour.jpg"));
    // The original and three small ones.
    assert_eq!(count(&app.files.media()), 4);
    let small = open_rendition(&app, asset, "small").await.unwrap().unwrap();
    assert_eq!((small.width_px, small.height_px), (57, 96));
    assert!(small.path.exists());
    assert_eq!(count(&app.files.media()), 4);
    assert!(open_rendition(&app, asset, "huge").await.unwrap().is_none());
    assert_eq!(open_rendition(&app, asset, "original").await.unwrap().unwrap().size_bytes, asset.size_bytes);
}

#[tokio::test]
async fn the_same_picture_again_is_the_asset_that_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(&folder);
    let ada = actor(1, Role::Owner);
    let picture = samples::halves(40, 24);
    let first = upload(&app, &ada, &samples::phone_photo(&picture, 1), "a.jpg").await.unwrap();
    let second = upload(&app, &ada, &samples::jpeg(&picture, 90), "b.jpg").await.unwrap();
    assert!(second.already);
    assert_eq!(first.asset, second.asset);
    // Another workspace has its own asset of the same file.
    let other = upload(&app, &actor(2, Role::Owner), &samples::jpeg(&picture, 90), "b.jpg").await.unwrap();
    assert!(!other.already);
    assert_eq!(first.asset.file, other.asset.file);
    assert!(matches!(get(&app, &actor(2, Role::Owner), first.asset.id).await, Err(Refusal::NotThere)));
    // After removing it, it can come again.
    remove(&app, &ada, first.asset.id, 0).await.unwrap();
    assert!(!upload(&app, &ada, &samples::jpeg(&picture, 90), "c.jpg").await.unwrap().already);
}

#[tokio::test]
async fn two_who_upload_the_same_picture_at_once_get_one_asset() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(&folder);
    let ada = actor(1, Role::Owner);
    let photo = samples::jpeg(&samples::halves(40, 24), 90);
    let (one, other) = tokio::join!(upload(&app, &ada, &photo, "a"), upload(&app, &ada, &photo, "b"));
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_eq!(one.asset, other.asset);
    assert_ne!(one.already, other.already);
    assert_eq!(list(&app, &ada, None, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_library_is_listed_newest_first_and_in_pages() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(&folder);
    let ada = actor(1, Role::Owner);
    let mut ids = Vec::new();
    for side in 10..17 {
        let added = upload(&app, &ada, &samples::png(&samples::halves(side, 8).into()), "x").await.unwrap();
        ids.push(added.asset.id);
    }
    ids.reverse();
    for removed in [ids.remove(4), ids.remove(2)] {
        remove(&app, &ada, removed, 0).await.unwrap();
    }
    let mut listed = Vec::new();
    let mut after = None;
    loop {
        let page = list(&app, &ada, after, 2).await.unwrap();
        listed.extend(page.iter().map(|asset| asset.id));
        match page.last() {
            Some(last) if page.len() == 2 => after = Some(last.id),
            _ => break,
        }
    }
    assert_eq!(listed, ids);
    assert!(list(&app, &actor(2, Role::Owner), None, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn words_and_focus_are_kept_within_their_limits() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(&folder);
    let ada = actor(1, Role::Owner);
    let id = upload(&app, &ada, samples::LOSSY_WEBP, "x").await.unwrap().asset.id;
    set_alt(&app, &ada, id, "  The bell tower at dawn ").await.unwrap();
    set_focus(&app, &ada, id, Some((-1.0, 0.5))).await.unwrap();
    let asset = get(&app, &ada, id).await.unwrap();
    assert_eq!((asset.alt.as_str(), asset.focus), ("The bell tower at dawn", Some((-1.0, 0.5))));
    assert!(set_alt(&app, &ada, id, &"ß".repeat(ALT_MAX)).await.is_ok());
    let long = set_alt(&app, &ada, id, &"ß".repeat(ALT_MAX + 1)).await;
    assert_eq!(long.unwrap_err().problems()[0].field, "alt");
    for outside in [(1.1, 0.0), (0.0, -1.1), (f32::NAN, 0.0)] {
        assert!(set_focus(&app, &ada, id, Some(outside)).await.is_err());
    }
}

#[tokio::test]
async fn who_may_not_add_may_not_and_others_pictures_stay() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(&folder);
    let (ada, ben) = (actor(1, Role::Owner), actor(1, Role::Author));
    assert!(matches!(begin(&app, &actor(1, Role::Viewer)), Err(Refusal::MayNot { .. })));
    let adas = upload(&app, &ada, &samples::jpeg(&samples::halves(40, 24), 90), "x").await.unwrap().asset.id;
    let bens = upload(&app, &ben, &samples::jpeg(&samples::halves(24, 40), 90), "x").await.unwrap().asset.id;
    assert!(matches!(remove(&app, &ben, adas, 0).await, Err(Refusal::MayNot { .. })));
    assert!(matches!(remove(&app, &ada, bens, 2).await, Err(Refusal::Rule(_))));
    remove(&app, &ada, bens, 0).await.unwrap();
    assert!(find(&app, ben.workspace, bens).await.unwrap().is_none());
    assert!(matches!(remove(&app, &ada, bens, 0).await, Err(Refusal::NotThere)));
}

#[tokio::test]
async fn a_rendition_is_made_once_and_again_when_it_was_lost() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(&folder);
    let ada = actor(1, Role::Owner);
    let photo = samples::phone_photo(&samples::noise(300, 200), 6);
    let asset: Asset = upload(&app, &ada, &photo, "x").await.unwrap().asset.row;
    let tight = rules(&["image/jpeg"], 20_000);
    let first = rendition_for(&app, &asset, &tight).await.unwrap();
    let bytes = std::fs::read(&first.path).unwrap();
    assert!(bytes.len() <= 20_000 && size_of(&bytes) == first.size_bytes && !holds(&bytes, SECRET));
    assert_eq!((first.extension(), first.height_px * 2), ("jpg", first.width_px * 3));
    let written_at = std::fs::metadata(&first.path).unwrap().modified().unwrap();
    app.clock.set_offset_ms(60_000);
    assert_eq!(rendition_for(&app, &asset, &tight).await.unwrap(), first);
    assert_eq!(std::fs::metadata(&first.path).unwrap().modified().unwrap(), written_at);
    std::fs::remove_file(&first.path).unwrap();
    assert_eq!(rendition_for(&app, &asset, &tight).await.unwrap(), first);
    assert!(first.path.exists());
    assert!(rendition_for(&app, &asset, &rules(&["image/webp"], 20_000)).await.is_err());
}

#[tokio::test]
async fn what_nothing_names_is_swept_away_after_a_day_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(&folder);
    let (ada, eve) = (actor(1, Role::Owner), actor(2, Role::Owner));
    let shared = samples::jpeg(&samples::halves(2000, 1000), 90);
    let adas = upload(&app, &ada, &shared, "x").await.unwrap().asset;
    let eves = upload(&app, &eve, &shared, "x").await.unwrap().asset;
    assert_eq!(count(&app.files.media()), 4);
    remove(&app, &ada, adas.id, 0).await.unwrap();
    app.clock.set_offset_ms(25 * 3_600_000);
    assert_eq!(sweep_all(&app).await, 0);
    remove(&app, &eve, eves.id, 0).await.unwrap();
    app.clock.set_offset_ms(0);
    assert_eq!(sweep_all(&app).await, 0);
    app.clock.set_offset_ms(Duration::from_hours(25).as_millis().try_into().unwrap());
    let gone = sweep_all(&app).await + sweep_all(&app).await;
    assert_eq!(gone, 4);
    assert_eq!(count(&app.files.media()), 0);
}
