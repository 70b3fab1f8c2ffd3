//! Publications: how posts go out, and what a person decides about them.

use actix_web::http::Method;
use actix_web::web::Path;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::cursor::{List, Page, Place};
use crate::api::json::Json;
use crate::api::operation::Operation;
use crate::api::query::Query;
use crate::api::wire;
use crate::app::App;
use crate::base::clock::At;
use crate::channels::ChannelId;
use crate::http::{Answer, Answered, AppRef};
use crate::people::{Action, Actor, Refusal};
use crate::posts::{PostId, PublicationState};
use crate::publish::list::{self, Wanted};
use crate::publish::{PublicationId, by_hand, decide};
use crate::words::Message;

pub(super) fn operations() -> Vec<Operation> {
    const SEE: Action = Action::SeePosts;
    let reading = vec![
        Operation::new(
            Method::GET,
            "/api/v1/publications",
            SEE,
            ("listPublications", "List publications by time and state"),
            all,
        )
        .asks::<Asked>()
        .asks::<Page>()
        .lists::<wire::Publication>("Publications in the order in which their posts are due."),
        Operation::new(
            Method::GET,
            "/api/v1/publications/{publication}",
            SEE,
            ("getPublication", "Get a publication with its story"),
            show,
        )
        .gives::<wire::Publication>("200", "The publication."),
    ];
    reading.into_iter().chain(deciding()).collect()
}

/// What a person decides.
fn deciding() -> Vec<Operation> {
    const PLAN: Action = Action::Schedule;
    let is = "The publication as it stands now.";
    vec![
        Operation::new(
            Method::POST,
            "/api/v1/publications/{publication}/hold",
            PLAN,
            ("holdPublication", "Keep back what has not left yet"),
            hold,
        )
        .gives::<wire::Publication>("200", is),
        Operation::new(
            Method::POST,
            "/api/v1/publications/{publication}/release",
            PLAN,
            ("releasePublication", "Let go on what is held or failed, from where it stopped"),
            release,
        )
        .gives::<wire::Publication>("200", is),
        Operation::new(
            Method::POST,
            "/api/v1/publications/{publication}/leave",
            PLAN,
            ("leavePublication", "Leave it as it is: what is not out stays unsent for good"),
            leave,
        )
        .gives::<wire::Publication>("200", is),
        Operation::new(
            Method::POST,
            "/api/v1/publications/{publication}/outcome",
            PLAN,
            ("decidePublication", "Say what became of a request whose outcome is unknown"),
            outcome,
        )
        .takes::<wire::Outcome>()
        .gives::<wire::Publication>("200", is),
        Operation::new(
            Method::POST,
            "/api/v1/publications/{publication}/done",
            PLAN,
            ("donePublication", "Say that a post to be published by hand is out"),
            done,
        )
        .takes::<wire::Done>()
        .gives::<wire::Publication>("200", is),
        Operation::new(
            Method::POST,
            "/api/v1/publications/{publication}/removal",
            PLAN,
            ("takeDownPublication", "Take down at the network what is out"),
            take_down,
        )
        .gives::<wire::Publication>("200", is),
        Operation::new(
            Method::POST,
            "/api/v1/publications/{publication}/edit",
            PLAN,
            ("editPublication", "Change at the network what a part that is out says"),
            change_out,
        )
        .takes::<wire::Edit>()
        .gives::<wire::Publication>("200", is),
    ]
}

/// Which publications.
#[derive(Debug, Deserialize, IntoParams)]
struct Asked {
    /// In this state only.
    state: Option<PublicationState>,
    /// On this channel only.
    #[param(value_type = Option<String>, pattern = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$")]
    channel: Option<ChannelId>,
    /// Of posts due from then on: `2026-12-01T00:00:00Z`.
    #[param(format = DateTime)]
    from: Option<String>,
    /// Of posts due before then.
    #[param(format = DateTime)]
    to: Option<String>,
    /// Which come first; `newest` when nothing is said.
    #[serde(default)]
    #[param(inline)]
    order: Order,
}

/// Which come first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
enum Order {
    #[default]
    Newest,
    Oldest,
}

async fn all(app: AppRef, actor: Actor, asked: Query<Asked>, page: Query<Page>) -> Answered {
    let asked = asked.0;
    let list = List::new(&app, &actor, &page.0, "publications", &format!("{asked:?}"));
    let wanted = Wanted {
        from: instant("from", asked.from.as_deref())?.unwrap_or(At::from_millis(i64::MIN)),
        to: instant("to", asked.to.as_deref())?.unwrap_or(At::from_millis(i64::MAX)),
        state: asked.state,
        channel: asked.channel,
        newest_first: asked.order == Order::Newest,
    };
    let after = list.after()?;
    let after = after.map(|place| (place.at, PostId::from_bits(place.id), PublicationId::from_bits(place.more)));
    let (found, next) = list::page(&app, &actor, &wanted, after, list.limit()?).await?;
    let told = found.iter().map(|publication| wire::Publication::of(&app.words, publication)).collect();
    let next = next.map(|(at, post, last)| Place { at, id: post.bits(), more: last.bits() });
    Answer::json(&list.items::<wire::Publication>(told, next))
}

async fn show(app: AppRef, actor: Actor, path: Path<PublicationId>) -> Answered {
    answer(&app, &actor, *path).await
}

async fn hold(app: AppRef, actor: Actor, path: Path<PublicationId>) -> Answered {
    decide::hold(&app, &actor, *path).await?;
    answer(&app, &actor, *path).await
}

async fn release(app: AppRef, actor: Actor, path: Path<PublicationId>) -> Answered {
    decide::release(&app, &actor, *path).await?;
    answer(&app, &actor, *path).await
}

async fn leave(app: AppRef, actor: Actor, path: Path<PublicationId>) -> Answered {
    decide::leave(&app, &actor, *path).await?;
    answer(&app, &actor, *path).await
}

async fn outcome(app: AppRef, actor: Actor, path: Path<PublicationId>, body: Json<wire::Outcome>) -> Answered {
    decide::decide(&app, &actor, *path, body.value.is_there, body.value.url).await?;
    answer(&app, &actor, *path).await
}

async fn done(app: AppRef, actor: Actor, path: Path<PublicationId>, body: Json<wire::Done>) -> Answered {
    by_hand::done(&app, &actor, *path, body.value.url.as_deref().unwrap_or_default()).await?;
    answer(&app, &actor, *path).await
}

async fn take_down(app: AppRef, actor: Actor, path: Path<PublicationId>) -> Answered {
    decide::take_down(&app, &actor, *path).await?;
    answer(&app, &actor, *path).await
}

async fn change_out(app: AppRef, actor: Actor, path: Path<PublicationId>, body: Json<wire::Edit>) -> Answered {
    decide::change_out(&app, &actor, *path, body.value.part, body.value.text).await?;
    answer(&app, &actor, *path).await
}

async fn answer(app: &App, actor: &Actor, id: PublicationId) -> Answered {
    Answer::json(&wire::Publication::of(&app.words, &decide::get(app, actor, id).await?.row))
}

fn instant(name: &str, text: Option<&str>) -> Result<Option<At>, Refusal> {
    let read = |text: &str| At::parse(text).ok_or_else(|| Refusal::field(name, Message::new("problem-instant")));
    text.map(read).transpose()
}
