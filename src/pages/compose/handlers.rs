//! Compose: new, edit, save, save by itself, checks.

use actix_web::web::Path;
use maud::Markup;
use serde_json::json;

use super::form::{Press, Wish, Written};
use super::{gather, view};
use crate::addresses;
use crate::channels::{self, ChannelState};
use crate::http::upload::{self, Upload};
use crate::http::{Answer, Answered, AppRef, Failure, Form, Screen};
use crate::pages;
use crate::people::{Action, Actor, FieldProblem, Refusal};
use crate::posts::{Content, MediaUse, Post, PostId, Stage, draft};
use crate::publish::write::{Writing, keep, keep_as_draft};
use crate::publish::{self, When};
use crate::store::Stored;
use crate::words::Message;

/// A new post. `?text=` and `?url=` begin it (the share sheet), `?on=` sets its day.
pub(super) async fn new(app: AppRef, actor: Actor, screen: Screen, query: actix_web::web::Query<Begin>) -> Answered {
    actor.may(Action::Write)?;
    let shared = [query.title.as_deref(), query.text.as_deref(), query.url.as_deref()];
    let shared: Vec<&str> = shared.into_iter().flatten().filter(|text| !text.trim().is_empty()).collect();
    let channels = channels::list(&app, actor.workspace).await?;
    let usable = channels.iter().filter(|channel| channel.state == ChannelState::Active);
    let content =
        Content { text: shared.join("\n"), channels: usable.map(|channel| channel.id).collect(), ..Content::default() };
    let (date, time) = suggested(&screen, query.on.as_deref());
    let writing = Writing { post: app.ids.next(), edition: 0, content };
    let written = Written { writing, date, time, wish: Wish::At, undo: None };
    show(&app, &actor, &screen, written, &[], None).await.map(Answer::page)
}

/// How a new post begins.
#[derive(Debug, serde::Deserialize)]
pub(super) struct Begin {
    title: Option<String>,
    text: Option<String>,
    url: Option<String>,
    on: Option<String>,
}

/// A post that is there already.
pub(super) async fn edit(app: AppRef, actor: Actor, screen: Screen, path: Path<(String, PostId)>) -> Answered {
    let post = draft::get(&app, &actor, path.1).await?;
    actor.may_edit_of(post.author)?;
    if matches!(post.stage, Stage::Out | Stage::Deleted) {
        return Ok(Answer::go_to(addresses::post(&path.0, post.id)).saying(Message::new("post-is-out")));
    }
    let written = written(&screen, &post);
    show(&app, &actor, &screen, written, &[], Some(&post)).await.map(Answer::page)
}

/// The form was sent: what its button says is done. Any other button than the last changes what is written and shows it.
pub(super) async fn save(
    app: AppRef,
    actor: Actor,
    screen: Screen,
    path: Path<(String, PostId)>,
    mut upload: Upload,
) -> Answered {
    actor.may(Action::Write)?;
    let (form, added) = read(&app, &actor, &mut upload).await?;
    let mut written = Written::read(path.1, &form);
    written.writing.content.media.extend(added.iter().filter_map(|added| added.as_ref().ok()).cloned());
    let mut problems: Vec<FieldProblem> = added.into_iter().filter_map(Result::err).collect();
    let press = Press::read(&form);
    if press != Press::Go {
        gather::press(&app, &actor, &mut written, &press).await?;
        return again(&app, &actor, &screen, written, &problems).await;
    }
    let done = if problems.is_empty() {
        finish(&app, &actor, &screen, &path.0, &mut written).await.map(Some)
    } else {
        carried(&app, &actor, &mut written).await;
        keep(&app, &actor, &written.writing).await.map(|_kept| None)
    };
    match done {
        Ok(Some(answer)) => Ok(answer),
        Ok(None) => again(&app, &actor, &screen, written, &problems).await,
        Err(Refusal::Invalid(found)) => {
            problems.extend(found);
            again(&app, &actor, &screen, written, &problems).await
        }
        Err(Refusal::ChangedMeanwhile) => {
            problems.push(FieldProblem::new("text", Message::new("compose-changed-meanwhile")));
            again(&app, &actor, &screen, written, &problems).await
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// Saved by itself while writing.
pub(super) async fn autosave(
    app: AppRef,
    actor: Actor,
    screen: Screen,
    path: Path<(String, PostId)>,
    form: Form,
) -> Answered {
    let mut written = Written::read(path.1, &form);
    carried(&app, &actor, &mut written).await;
    match keep(&app, &actor, &written.writing).await {
        Ok(post) => Answer::json(&json!({ "version": post.edition })),
        Err(Refusal::ChangedMeanwhile) => {
            let found = gather::conflict(&app, &actor, &screen, &written).await?;
            Ok(Answer::page(view::conflict(&screen, &path.0, path.1, &found)).status(409))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// The parts of the page that follow from what is typed, saved or not.
pub(super) async fn checks(
    app: AppRef,
    actor: Actor,
    screen: Screen,
    path: Path<(String, PostId)>,
    form: Form,
) -> Answered {
    let mut written = Written::read(path.1, &form);
    let pressed = gather::press(&app, &actor, &mut written, &Press::read(&form)).await?;
    let view = gather::view(&app, &actor, &screen, written, None).await?;
    Ok(Answer::page(view::parts(&screen, &view, &pressed)))
}

/// Reads the form and takes in the pictures that came with it.
async fn read(
    app: &AppRef,
    actor: &Actor,
    upload: &mut Upload,
) -> Result<(Form, Vec<Result<MediaUse, FieldProblem>>), Failure> {
    let (mut fields, mut added) = (Vec::new(), Vec::new());
    while let Some(field) = upload.next().await? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            match pages::media::take(app, actor, field).await? {
                Some(Ok(taken)) => added.push(Ok(MediaUse { asset: taken.asset.id, alt: None })),
                Some(Err(refusal)) => added.push(Err(FieldProblem::new("media", pages::media::advice(&refusal)))),
                None => {}
            }
        } else {
            fields.push((name, upload::text(field).await?));
        }
    }
    Ok((Form::of(fields), added))
}

async fn finish(
    app: &AppRef,
    actor: &Actor,
    screen: &Screen,
    slug: &str,
    written: &mut Written,
) -> Result<Answer, Refusal> {
    carried(app, actor, written).await;
    let answer = Answer::go_to(addresses::post(slug, written.writing.post));
    if written.wish == Wish::Draft {
        keep_as_draft(app, actor, &written.writing).await?;
        return Ok(answer.saying(Message::new("compose-saved")));
    }
    // Saved first: a time that cannot be read must not cost the words.
    let post = keep(app, actor, &written.writing).await?;
    written.writing.edition = post.edition;
    let when = written.when()?;
    let now = when == When::Now;
    let planned = publish::plan(app, actor, post.id, post.edition, when).await?;
    // The page itself counts the seconds down and offers the way back.
    let Some(plan) = planned.plan.as_ref().filter(|_plan| !now) else { return Ok(answer) };
    let at = screen.words().day_and_time(&screen.local(plan.due_at), &screen.now());
    Ok(answer.saying(Message::new("compose-planned").with("when", at)))
}

/// What the form has no field for stays as it was saved.
async fn carried(app: &AppRef, actor: &Actor, written: &mut Written) {
    if let Ok(post) = draft::get(app, actor, written.writing.post).await {
        written.carry_over(&post.content);
    }
}

/// The page again with everything typed: as an error where something is wrong with it.
async fn again(app: &AppRef, actor: &Actor, screen: &Screen, written: Written, problems: &[FieldProblem]) -> Answered {
    let post = draft::get(app, actor, written.writing.post).await.ok();
    let page = show(app, actor, screen, written, problems, post.as_ref()).await?;
    Ok(if problems.is_empty() { Answer::page(page) } else { Answer::again(page) })
}

fn written(screen: &Screen, post: &Stored<Post>) -> Written {
    let (date, time) = match &post.plan {
        Some(plan) => (plan.local.date().to_string(), plan.local.time().strftime("%H:%M").to_string()),
        None => suggested(screen, None),
    };
    let writing = Writing { post: post.id, edition: post.edition, content: post.content.clone() };
    Written { writing, date, time, wish: Wish::At, undo: None }
}

/// Nine o'clock tomorrow, or on the day that was asked for.
fn suggested(screen: &Screen, on: Option<&str>) -> (String, String) {
    let today = screen.now().date();
    let asked = on.and_then(|on| on.parse::<jiff::civil::Date>().ok()).filter(|date| today <= *date);
    let date = asked.unwrap_or_else(|| today.tomorrow().unwrap_or(today));
    (date.to_string(), "09:00".to_owned())
}

async fn show(
    app: &AppRef,
    actor: &Actor,
    screen: &Screen,
    written: Written,
    problems: &[FieldProblem],
    post: Option<&Stored<Post>>,
) -> Result<Markup, Failure> {
    let slug = screen.workspace.as_ref().map(|workspace| workspace.slug.clone()).unwrap_or_default();
    let between = post.is_some_and(|post| post.edition != written.writing.edition);
    let conflict = if between { Some(gather::conflict(app, actor, screen, &written).await?) } else { None };
    let mut view = gather::view(app, actor, screen, written, post).await?;
    view.conflict = conflict;
    view.errors = gather::errors(screen, &view, problems);
    Ok(view::page(screen, &slug, &view))
}
