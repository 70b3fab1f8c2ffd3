//! Posts: write, plan, take back, and what stands in their way.

use actix_web::http::Method;
use actix_web::http::header::LOCATION;
use actix_web::web::Path;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::cursor::{Items, List, Page, Place};
use crate::api::json::Json;
use crate::api::operation::Operation;
use crate::api::query::Query;
use crate::api::wire;
use crate::channels::ChannelId;
use crate::http::request_key::{Made, RequestKey};
use crate::http::{Answer, Answered, AppRef};
use crate::people::{Action, Actor, FieldProblem, Refusal};
use crate::posts::{Post, PostId, Stage, draft, render};
use crate::publish::{self, When, accept};
use crate::store::Stored;
use crate::words::Message;

pub(super) fn operations() -> Vec<Operation> {
    const SEE: Action = Action::SeePosts;
    const WRITE: Action = Action::Write;
    const PLAN: Action = Action::Schedule;
    let (all, one) = ("/api/v1/posts", "/api/v1/posts/{post}");
    let plan_of = "/api/v1/posts/{post}/plan";
    let trash = "/api/v1/posts/{post}/trash";
    vec![
        Operation::new(Method::GET, all, SEE, ("listPosts", "List posts"), list)
            .asks::<Asked>()
            .asks::<Page>()
            .lists::<wire::Post>("Posts, those due last first; drafts, those saved last first."),
        Operation::new(
            Method::POST,
            all,
            WRITE,
            ("createPost", "Write a post, and plan it where a time is given"),
            create,
        )
        .once()
        .takes::<wire::NewPost>()
        .gives::<wire::Post>("201", "The post. Where it is planned, it goes out at its time from this answer on."),
        Operation::new(Method::GET, one, SEE, ("getPost", "Get a post"), show).gives::<wire::Post>("200", "The post."),
        Operation::new(Method::PUT, one, WRITE, ("changePost", "Change what a post says"), update)
            .takes::<wire::PostChange>()
            .gives::<wire::Post>("200", "The post. One that is planned stays planned."),
        Operation::new(Method::DELETE, one, WRITE, ("deletePost", "Delete a post that is not out"), remove)
            .gives_nothing(),
        Operation::new(
            Method::DELETE,
            trash,
            WRITE,
            ("restorePost", "Bring a deleted post back to the drafts"),
            restore,
        )
        .gives::<wire::Post>("200", "The draft."),
        Operation::new(Method::PUT, plan_of, PLAN, ("planPost", "Plan a post, or move it to another time"), plan)
            .takes::<wire::Planning>()
            .gives::<wire::Post>("200", "The planned post: from this answer on it goes out at its time."),
        Operation::new(Method::DELETE, plan_of, PLAN, ("unplanPost", "Take a planned post back to the drafts"), unplan)
            .gives::<wire::Post>("200", "The draft. Refused once anything has left."),
        Operation::new(
            Method::GET,
            "/api/v1/posts/{post}/checks",
            SEE,
            ("checkPost", "Find what stands in the way of a post, channel by channel"),
            check,
        )
        .gives::<wire::Checks>("200", "What was found."),
        Operation::new(
            Method::GET,
            "/api/v1/posts/{post}/publications",
            SEE,
            ("listPublicationsOfPost", "List what became of a post on each channel"),
            publications,
        )
        .lists::<wire::Publication>("Its publications, all on one page."),
    ]
}

/// Which posts.
#[derive(Debug, Deserialize, IntoParams)]
struct Asked {
    /// `draft`, `planned` or `out`. When nothing is said: all that is planned or out.
    stage: Option<Stage>,
}

async fn list(app: AppRef, actor: Actor, asked: Query<Asked>, page: Query<Page>) -> Answered {
    let stage = asked.0.stage;
    let list = List::new(&app, &actor, &page.0, "posts", &format!("{stage:?}"));
    if stage == Some(Stage::Deleted) {
        return Err(Refusal::field("stage", Message::new("problem-stage")).into());
    }
    let after = list.after()?.map(|place| (place.at, PostId::from_bits(place.id)));
    let (found, next) = publish::list::posts(&app, &actor, stage, after, list.limit()?).await?;
    let told = found.into_iter().map(|post| wire::Post::from(post.row)).collect();
    let next = next.map(|(at, post)| Place { at, id: post.bits(), more: 0 });
    Answer::json(&list.items(told, next))
}

async fn create(app: AppRef, actor: Actor, key: RequestKey, body: Json<wire::NewPost>) -> Answered {
    let when = body.value.at.as_deref().map(time).transpose()?;
    let content = body.value.content.into_content();
    draft::check_named(&app, &actor, &content).await.map_err(in_content)?;
    let made = key.once(
        &app,
        body.sent,
        async |id, change| {
            let written = publish::write_post(&app, &actor, id.into(), content, when.as_ref(), change);
            written.await.map_err(in_content)
        },
        async |id| draft::get(&app, &actor, id.into()).await,
    );
    let Made { thing: post, before } = made.await?;
    let location = format!("/api/v1/posts/{}", post.id);
    let answer = Answer::json(&wire::Post::from(post.row))?.status(201).header(LOCATION, &location);
    Ok(if before { answer.repeated() } else { answer })
}

async fn show(app: AppRef, actor: Actor, path: Path<PostId>) -> Answered {
    answer(draft::get(&app, &actor, *path).await?)
}

async fn update(app: AppRef, actor: Actor, path: Path<PostId>, body: Json<wire::PostChange>) -> Answered {
    let wire::PostChange { content, edition } = body.value;
    let content = content.into_content();
    draft::check_named(&app, &actor, &content).await.map_err(in_content)?;
    answer(publish::save_post(&app, &actor, *path, edition, content).await.map_err(in_content)?)
}

async fn remove(app: AppRef, actor: Actor, path: Path<PostId>) -> Answered {
    accept::delete_post(&app, &actor, *path).await?;
    Ok(Answer::nothing())
}

async fn restore(app: AppRef, actor: Actor, path: Path<PostId>) -> Answered {
    answer(accept::undelete_post(&app, &actor, *path).await?)
}

async fn plan(app: AppRef, actor: Actor, path: Path<PostId>, body: Json<wire::Planning>) -> Answered {
    let when = time(&body.value.at)?;
    answer(publish::plan(&app, &actor, *path, body.value.edition, when).await?)
}

async fn unplan(app: AppRef, actor: Actor, path: Path<PostId>) -> Answered {
    answer(publish::unplan(&app, &actor, *path).await?)
}

async fn check(app: AppRef, actor: Actor, path: Path<PostId>) -> Answered {
    let post = draft::get(&app, &actor, *path).await?;
    let checked = render::checked_everywhere(&app, &post).await?.into_iter();
    let channels = checked.map(|(channel, checked)| wire::ChannelChecks::of(&app.words, channel.id, checked));
    Answer::json(&wire::Checks { channels: channels.collect() })
}

async fn publications(app: AppRef, actor: Actor, path: Path<PostId>) -> Answered {
    let post = draft::get(&app, &actor, *path).await?;
    let mut found = publish::list_for_post(&app, actor.workspace, post.id).await?;
    found.sort_by_key(|publication| publication.id);
    let told = found.iter().map(|publication| wire::Publication::of(&app.words, publication)).collect();
    Answer::json(&Items::<wire::Publication>::whole(told))
}

fn answer(post: Stored<Post>) -> Answered {
    Answer::json(&wire::Post::from(post.row))
}

fn time(text: &str) -> Result<When, Refusal> {
    text.parse().map_err(|_no_time| Refusal::field("at", Message::new("problem-time")))
}

/// Problems of a post's content, with their places in the body. What a network would refuse is told by channel.
fn in_content(refusal: Refusal) -> Refusal {
    let Refusal::Invalid(problems) = refusal else { return refusal };
    let place = |problem: FieldProblem| {
        let first = problem.field.split('.').next().unwrap_or_default();
        let elsewhere = first == "at" || first.parse::<ChannelId>().is_ok();
        if elsewhere { problem } else { FieldProblem { field: format!("content.{}", problem.field), ..problem } }
    };
    Refusal::Invalid(problems.into_iter().map(place).collect())
}
