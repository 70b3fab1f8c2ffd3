//! Compose: new, edit, save, save by itself, checks.

use actix_web::web::Path;
use maud::Markup;
use serde_json::json;

use super::form::{Written, field_of};
use super::view::{self, ChecksView, ComposeChannel, ComposeView};
use crate::addresses;
use crate::channels::{self, Channel, ChannelState};
use crate::http::upload::{self, Upload};
use crate::http::{Answer, Answered, AppRef, Failure, Form, Screen};
use crate::media;
use crate::networks::counting;
use crate::pages;
use crate::people::{Action, Actor, FieldProblem, Refusal};
use crate::posts::checks::{self, Severity};
use crate::posts::{Content, MediaUse, Post, PostId, Stage, draft, render};
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
    let written = Written { post: app.ids.next(), edition: 0, content, date, time };
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

/// The form was sent: it is saved, and then done with it what the button says.
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
    written.content.media.extend(added.iter().filter_map(|added| added.as_ref().ok()).cloned());
    let mut problems: Vec<FieldProblem> = added.into_iter().filter_map(Result::err).collect();
    let deed = form.text("do");
    let done = if problems.is_empty() {
        finish(&app, &actor, &screen, &path.0, &mut written, &deed).await
    } else {
        keep(&app, &actor, &written).await.map(|_kept| None)
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
pub(super) async fn autosave(app: AppRef, actor: Actor, path: Path<(String, PostId)>, form: Form) -> Answered {
    let written = Written::read(path.1, &form);
    let post = keep(&app, &actor, &written).await?;
    Answer::json(&json!({ "version": post.edition }))
}

/// What stands in the way of a post, as a part of the page.
pub(super) async fn checks(app: AppRef, actor: Actor, path: Path<(String, PostId)>) -> Answered {
    let post = draft::get(&app, &actor, path.1).await?;
    let mut problems = Vec::new();
    for id in &post.content.channels {
        let Ok(channel) = channels::get(&app, actor.workspace, *id).await else { continue };
        let Some(network) = app.networks.find(&channel.network) else { continue };
        let candidate = render::candidate(&app, &post, channel.id).await?;
        let checked = checks::check(&network.capabilities(&channel.settings), &candidate);
        for problem in checked.problems {
            let sentence =
                Message::new("check-at-channel").with("channel", &channel.handle).with("problem", problem.message());
            problems.push((app.words.render(&sentence), problem.severity == Severity::Refuse));
        }
    }
    Ok(Answer::page(view::checks(&ChecksView { problems })))
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
    deed: &str,
) -> Result<Option<Answer>, Refusal> {
    let post = keep(app, actor, written).await?;
    written.edition = post.edition;
    let when = match deed {
        "schedule" => When::At(written.at()?),
        "now" => When::Now,
        "draft" => {
            let saved = Message::new("compose-saved");
            return Ok(Some(Answer::go_to(addresses::post(slug, post.id)).saying(saved)));
        }
        _ => return Ok(Some(Answer::go_to(addresses::post_edit(slug, post.id)))),
    };
    let now = when == When::Now;
    let planned = publish::plan(app, actor, post.id, post.edition, when).await?;
    let said = match planned.plan.as_ref().filter(|_plan| !now) {
        Some(plan) => {
            let at = screen.words().day_and_time(&screen.local(plan.due_at), &screen.now());
            Message::new("compose-planned").with("when", at)
        }
        None => Message::new("compose-goes-out"),
    };
    Ok(Some(Answer::go_to(addresses::post(slug, post.id)).saying(said)))
}

/// Saves what was written: begins the post where it is new.
async fn keep(app: &AppRef, actor: &Actor, written: &Written) -> Result<Stored<Post>, Refusal> {
    if 0 < written.edition {
        return publish::save_post(app, actor, written.post, written.edition, written.content.clone()).await;
    }
    let post = draft::create_as(app, actor, written.post, written.content.clone()).await?;
    // Begun by an earlier request of the same form, which may have said something else.
    if post.content == written.content || post.author != actor.person {
        return Ok(post);
    }
    publish::save_post(app, actor, post.id, post.edition, written.content.clone()).await
}

async fn again(app: &AppRef, actor: &Actor, screen: &Screen, written: Written, problems: &[FieldProblem]) -> Answered {
    let post = draft::get(app, actor, written.post).await.ok();
    show(app, actor, screen, written, problems, post.as_ref()).await.map(Answer::again)
}

fn written(screen: &Screen, post: &Stored<Post>) -> Written {
    let (date, time) = match &post.plan {
        Some(plan) => (plan.local.date().to_string(), plan.local.time().strftime("%H:%M").to_string()),
        None => suggested(screen, None),
    };
    Written { post: post.id, edition: post.edition, content: post.content.clone(), date, time }
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
    let words = screen.words();
    let connected = channels::list(app, actor.workspace).await?;
    let faces = connected.iter().map(|channel| channel.avatar_url.as_deref());
    let faces = media::avatar::faces(app, actor.workspace, faces).await?;
    let channels = connected.iter().map(|channel| {
        let picture = faces.of(channel.avatar_url.as_deref());
        ComposeChannel { picture, ..compose_channel(app, screen, channel, &written) }
    });
    let channels: Vec<ComposeChannel> = channels.collect();
    let errors = problems.iter().map(|problem| {
        let field = field_of(&written.content, &problem.field);
        let at = problem.field.split_once('.').and_then(|(id, _)| channels.iter().find(|channel| channel.id == id));
        let message = match at {
            Some(channel) => Message::new("check-at-channel")
                .with("channel", &channel.handle)
                .with("problem", problem.message.clone()),
            None => problem.message.clone(),
        };
        (field, words.render(&message))
    });
    let errors: Vec<(String, String)> = errors.collect();
    let planned = post.filter(|post| post.stage == Stage::Planned).and_then(|post| post.plan.as_ref());
    let planned = planned.map(|plan| {
        let at = words.day_and_time(&screen.local(plan.due_at), &screen.now());
        words.tell("compose-is-planned", &[("when", at.into())])
    });
    let saved = words.say(if written.edition == 0 { "saved-never" } else { "saved-done" });
    let mut tiles = Vec::new();
    for used in &written.content.media {
        if let Some(asset) = media::asset::find(app, actor.workspace, used.asset).await? {
            tiles.push(pages::media::tile(app, screen, &asset, used.alt.as_deref()));
        }
    }
    Ok(view::page(screen, &slug, &ComposeView { written, channels, tiles, errors, planned, saved }))
}

fn compose_channel(app: &AppRef, screen: &Screen, channel: &Channel, written: &Written) -> ComposeChannel {
    let network = app.networks.find(&channel.network);
    let can = network.map(|network| network.capabilities(&channel.settings));
    let content = &written.content;
    let count = can.and_then(|can| {
        let longest = content
            .parts_for(channel.id)
            .into_iter()
            .map(|part| counting::length(part, &can.text, content.content_warning.as_deref()));
        can.text.limit.map(|limit| (longest.max().unwrap_or(0), limit))
    });
    let unusable = match &channel.state {
        ChannelState::Active => None,
        ChannelState::Paused => Some("held-channel-paused"),
        ChannelState::Reconnect { .. } => Some("held-reconnect"),
    };
    let variant = content.variants.get(&channel.id).and_then(|variant| variant.parts.as_ref());
    ComposeChannel {
        id: channel.id.to_string(),
        handle: channel.handle.clone(),
        network: (channel.network.clone(), network.map_or_else(String::new, |network| network.title().to_owned())),
        picture: None,
        unusable: unusable.map(|key| screen.words().say(key)),
        count,
        variant: variant.map(|parts| parts.join("\n---\n")),
    }
}
