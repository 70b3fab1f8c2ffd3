//! The library's handlers.

use std::time::Duration;

use actix_multipart::Field;
use actix_web::HttpResponse;
use actix_web::body::SizedStream;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use actix_web::web::{Path, Query};
use futures_util::StreamExt;
use tokio_util::io::ReaderStream;

use super::view;
use crate::addresses;
use crate::http::upload::Upload;
use crate::http::{Answer, Answered, AppRef, Failure, Form, Screen};
use crate::media::asset::{self, Added};
use crate::media::files::FLOOR_BYTES;
use crate::media::signed::{Signature, Signer};
use crate::media::{AssetId, FileId, Kind, MediaFiles, ready};
use crate::people::{Action, Actor, Refusal, WorkspaceId};
use crate::publish;
use crate::words::Message;

/// How many pictures one page of the library shows.
const PAGE: usize = 48;

/// The library, newest first.
pub(super) async fn list(
    app: AppRef,
    actor: Actor,
    screen: Screen,
    path: Path<String>,
    query: Query<After>,
) -> Answered {
    let assets = asset::list(&app, &actor, query.after, PAGE).await?;
    Ok(Answer::page(view::list(&app, &screen, &path, &assets, PAGE, actor.can(Action::Write))))
}

/// Where a page of the library goes on.
#[derive(Debug, serde::Deserialize)]
pub(super) struct After {
    after: Option<AssetId>,
}

/// Pictures arrive: one by one from a script, which gets their tiles; or with the form of the library.
pub(super) async fn create(
    app: AppRef,
    actor: Actor,
    screen: Screen,
    path: Path<String>,
    mut upload: Upload,
) -> Answered {
    let mut tiles = Vec::new();
    let (mut added, mut already) = (0_usize, 0_usize);
    while let Some(field) = upload.next().await? {
        if field.name() != Some("file") {
            continue;
        }
        match take(&app, &actor, field).await? {
            Some(Ok(taken)) => {
                tiles.push(view::tile(&app, &screen, &taken.asset, None));
                added = added.saturating_add(1);
                already = already.saturating_add(usize::from(taken.already));
            }
            Some(Err(refusal)) if screen.fragment => {
                let words = screen.words().render(&advice(&refusal));
                return Ok(Answer::bytes("text/plain; charset=utf-8", words).status(422));
            }
            Some(Err(refusal)) => return Err(refusal.into()),
            None => {}
        }
    }
    if screen.fragment {
        return Ok(Answer::page(maud::html! { @for tile in &tiles { (tile) } }));
    }
    let said = match (added, already) {
        (0, _) => Message::new("media-none-chosen"),
        (_, 0) => Message::new("media-added").with("count", added),
        (_, already) => Message::new("media-added-already").with("count", added).with("already", already),
    };
    Ok(Answer::go_to(addresses::workspace(&path, "media")).saying(said))
}

/// Takes in one file of a form. `None`: no file was chosen.
pub(crate) async fn take(
    app: &AppRef,
    actor: &Actor,
    mut field: Field,
) -> Result<Option<Result<Added, Refusal>>, Failure> {
    let name = field.content_disposition().and_then(|told| told.get_filename()).unwrap_or_default().to_owned();
    let mut upload = match asset::begin(app, actor) {
        Ok(upload) => upload,
        Err(refusal) => return Ok(Some(Err(refusal))),
    };
    let mut empty = true;
    while let Some(chunk) = field.next().await {
        let chunk = chunk.map_err(|_error| Failure::Unreadable("a form with files that broke off"))?;
        empty = empty && chunk.is_empty();
        if let Err(error) = upload.write(&chunk).await {
            return Ok(Some(Err(asset::refusal(error))));
        }
    }
    if empty && name.is_empty() {
        return Ok(None);
    }
    Ok(Some(asset::add(app, actor, upload, &name).await))
}

/// One picture.
pub(super) async fn show(app: AppRef, actor: Actor, screen: Screen, path: Path<(String, AssetId)>) -> Answered {
    let asset = asset::get(&app, &actor, path.1).await?;
    Ok(Answer::page(view::show(&app, &screen, &path.0, &asset, &[])))
}

/// Its description.
pub(super) async fn update(
    app: AppRef,
    actor: Actor,
    screen: Screen,
    path: Path<(String, AssetId)>,
    form: Form,
) -> Answered {
    match asset::set_alt(&app, &actor, path.1, &form.text("alt")).await {
        Ok(_asset) => {
            let to = addresses::workspace(&path.0, &format!("media/{}", path.1));
            Ok(Answer::go_to(to).saying(Message::new("media-described")))
        }
        Err(Refusal::Invalid(problems)) => {
            let mut asset = asset::get(&app, &actor, path.1).await?;
            asset.row.alt = form.text("alt");
            let errors = screen.errors(&problems);
            Ok(Answer::again(view::show(&app, &screen, &path.0, &asset, &errors)))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// Out of the library, unless a planned post needs it.
pub(super) async fn remove(app: AppRef, actor: Actor, path: Path<(String, AssetId)>) -> Answered {
    let planned = publish::planned_with(&app, actor.workspace, path.1).await?;
    asset::remove(&app, &actor, path.1, planned).await?;
    Ok(Answer::go_to(addresses::workspace(&path.0, "media")).saying(Message::new("media-removed")))
}

/// The bytes of a picture, for who holds its signed address.
pub(super) async fn picture(
    app: AppRef,
    path: Path<(WorkspaceId, AssetId, String)>,
    signature: Query<Signature>,
) -> Answered {
    let (workspace, id, name) = path.into_inner();
    let holds = Signer::new(&app.sealer).verify(id, &name, &signature, app.clock.now());
    let (Some(holds), Some(asset)) = (holds, asset::find(&app, workspace, id).await?) else {
        return Err(Failure::NoSuchPage);
    };
    let rendered =
        ready::open_rendition(&app, &asset, &name).await.map_err(asset::refusal)?.ok_or(Failure::NoSuchPage)?;
    Ok(Answer::response(stream(&rendered.path, &rendered.mime, holds).await?))
}

/// The picture of someone elsewhere, from our own copy, for who holds its signed address.
pub(super) async fn avatar(app: AppRef, name: Path<String>, signature: Query<Signature>) -> Answered {
    let named = name.split_once('.').and_then(|(file, extension)| {
        let kind = [Kind::Jpeg, Kind::Png].into_iter().find(|kind| kind.extension() == extension);
        file.parse::<FileId>().ok().zip(kind)
    });
    let (file, kind) = named.ok_or(Failure::NoSuchPage)?;
    let holds = Signer::new(&app.sealer).verify_avatar(file, kind, &signature, app.clock.now());
    let holds = holds.ok_or(Failure::NoSuchPage)?;
    let path = MediaFiles::at(app.files.media(), FLOOR_BYTES).path(&file);
    Ok(Answer::response(stream(&path, kind.mime(), holds).await?))
}

async fn stream(path: &std::path::Path, mime: &str, holds: Duration) -> Result<HttpResponse, Failure> {
    let file = tokio::fs::File::open(path).await.map_err(|_gone| Failure::NoSuchPage)?;
    let length = file.metadata().await.map_err(|_gone| Failure::NoSuchPage)?.len();
    let mut response = HttpResponse::Ok().body(SizedStream::new(length, ReaderStream::new(file)));
    let headers = response.headers_mut();
    // The type was found by decoding the file, never taken from who sent it.
    if let Ok(mime) = HeaderValue::from_str(mime) {
        headers.insert(CONTENT_TYPE, mime);
    }
    let cache = format!("private, max-age={}, immutable", holds.as_secs());
    if let Ok(cache) = HeaderValue::from_str(&cache) {
        headers.insert(CACHE_CONTROL, cache);
    }
    Ok(response)
}

/// What a person is told of a picture that is not taken.
pub(crate) fn advice(refusal: &Refusal) -> Message {
    refusal.problems().first().map_or_else(|| refusal.advice(), |problem| problem.message.clone())
}
