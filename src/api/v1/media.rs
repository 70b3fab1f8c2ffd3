//! The library of pictures.

use actix_multipart::Field;
use actix_web::http::Method;
use actix_web::http::header::LOCATION;
use actix_web::web::Path;
use futures_util::StreamExt;
use sha2::{Digest, Sha256};

use crate::api::cursor::{List, Page, Place};
use crate::api::json::Json;
use crate::api::operation::Operation;
use crate::api::query::Query;
use crate::api::wire;
use crate::app::App;
use crate::base::clock::At;
use crate::base::id::digest;
use crate::http::request_key::{Before, RequestKey};
use crate::http::upload::{self, Upload};
use crate::http::{Answer, Answered, AppRef, Failure};
use crate::media::files::NewFile;
use crate::media::{Asset, AssetId, MediaError, asset};
use crate::people::{Action, Actor, Refusal};
use crate::publish;
use crate::store::{Change, StoreError, Stored, Version};
use crate::words::Message;

pub(super) fn operations() -> Vec<Operation> {
    let one = "/api/v1/media/{asset}";
    vec![
        Operation::new(Method::GET, "/api/v1/media", Action::SeeMedia, ("listMedia", "List the library"), list)
            .asks::<Page>()
            .lists::<wire::Asset>("Pictures, the newest first."),
        Operation::new(Method::POST, "/api/v1/media", Action::AddMedia, ("addMedia", "Add a picture"), create)
            .once()
            .takes_form::<wire::Upload>()
            .gives::<wire::Asset>("201", "The picture, without its place. One that was there already stays as it is."),
        Operation::new(Method::GET, one, Action::SeeMedia, ("getMedia", "Get a picture"), show)
            .gives::<wire::Asset>("200", "The picture."),
        Operation::new(Method::PUT, one, Action::AddMedia, ("describeMedia", "Describe a picture"), update)
            .takes::<wire::Description>()
            .gives::<wire::Asset>("200", "The picture."),
        Operation::new(
            Method::DELETE,
            one,
            Action::AddMedia,
            ("removeMedia", "Take a picture out of the library, unless a planned post needs it"),
            remove,
        )
        .gives_nothing(),
    ]
}

async fn list(app: AppRef, actor: Actor, page: Query<Page>) -> Answered {
    let list = List::new(&app, &actor, &page.0, "media", "");
    let after = list.after()?.map(|place| AssetId::from_bits(place.id));
    let assets = asset::list(&app, &actor, after, list.limit()?.saturating_add(1)).await?;
    let place = |asset: &Stored<Asset>| Place { at: At::default(), id: asset.id.bits(), more: 0 };
    Answer::json(&list.cut(assets, place, |asset| wire::Asset::of(&app, asset))?)
}

async fn create(app: AppRef, actor: Actor, key: RequestKey, mut upload: Upload) -> Answered {
    let Arrived { file, name, alt, sent } = read(&app, &actor, &mut upload).await?;
    // The same picture is one asset in any case; the key only tells a repeat from another request.
    let old = match key.before(&app, sent).await? {
        Before::Made(id) => return made(&app, asset::get(&app, &actor, id.into()).await?).map(Answer::repeated),
        Before::Free(old) => old,
    };
    let added = asset::add(&app, &actor, file, &name).await?;
    let mut asset = added.asset;
    if let Some(alt) = alt.filter(|_alt| !added.already) {
        asset = asset::set_alt(&app, &actor, asset.id, &alt).await?;
    }
    let mut change = Change::new();
    key.note(&app, sent, asset.id.bits(), old.as_ref(), &mut change);
    if !change.is_empty() {
        match app.store.commit(change).await {
            // The same request at the same moment was faster; another one with this key is refused here.
            Err(StoreError::Conflict) => {
                key.before(&app, sent).await?;
            }
            committed => {
                committed?;
            }
        }
    }
    made(&app, asset)
}

/// A form with a picture, arrived whole.
struct Arrived {
    file: NewFile,
    name: String,
    alt: Option<String>,
    /// Stands for everything in it.
    sent: u128,
}

async fn read(app: &App, actor: &Actor, upload: &mut Upload) -> Result<Arrived, Failure> {
    let (mut alt, mut arrived) = (None, None);
    while let Some(field) = upload.next().await? {
        match field.name() {
            Some("alt") => alt = Some(upload::text(field).await?),
            Some("file") if arrived.is_none() => arrived = Some(take(app, actor, field).await?),
            _ => {}
        }
    }
    let missing = || Refusal::field("file", Message::new("problem-file-missing"));
    let (file, name, bytes) = arrived.ok_or_else(missing)?;
    let sent = digest(&[&bytes, name.as_bytes(), alt.as_deref().unwrap_or_default().as_bytes()]);
    Ok(Arrived { file, name, alt, sent })
}

/// Takes in one file, and a digest of its bytes.
async fn take(app: &App, actor: &Actor, mut field: Field) -> Result<(NewFile, String, [u8; 32]), Failure> {
    let name = field.content_disposition().and_then(|told| told.get_filename()).unwrap_or_default().to_owned();
    let mut file = asset::begin(app, actor)?;
    let mut hash = Sha256::new();
    while let Some(chunk) = field.next().await {
        let chunk = chunk.map_err(|_error| Failure::Unreadable("a form with files that broke off"))?;
        hash.update(&chunk);
        file.write(&chunk).await.map_err(|error| match error {
            MediaError::TooLarge { limit_bytes } => {
                Failure::TooLarge { max_bytes: usize::try_from(limit_bytes).unwrap_or(usize::MAX) }
            }
            error => asset::refusal(error).into(),
        })?;
    }
    Ok((file, name, hash.finalize().into()))
}

async fn show(app: AppRef, actor: Actor, path: Path<AssetId>) -> Answered {
    Answer::json(&wire::Asset::of(&app, asset::get(&app, &actor, *path).await?))
}

async fn update(app: AppRef, actor: Actor, path: Path<AssetId>, body: Json<wire::Description>) -> Answered {
    let wire::Description { alt, focus, edition } = body.value;
    let seen = Version::from_number(edition);
    let described = asset::describe(&app, &actor, *path, seen, &alt, focus).await?;
    Answer::json(&wire::Asset::of(&app, described))
}

async fn remove(app: AppRef, actor: Actor, path: Path<AssetId>) -> Answered {
    let planned = publish::planned_with(&app, actor.workspace, *path).await?;
    asset::remove(&app, &actor, *path, planned).await?;
    Ok(Answer::nothing())
}

fn made(app: &App, asset: Stored<Asset>) -> Answered {
    let location = format!("/api/v1/media/{}", asset.id);
    Ok(Answer::json(&wire::Asset::of(app, asset))?.status(201).header(LOCATION, &location))
}
