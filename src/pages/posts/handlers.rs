//! The list of posts, the page of one, and what a person decides there.

use std::time::Duration;

use actix_web::web::Path;

use super::view::{self, Listed, PartView, PostView, PublicationView};
use crate::addresses;
use crate::base::zone::Shift;
use crate::channels;
use crate::http::{Answer, Answered, AppRef, Failure, Form, Screen};
use crate::media;
use crate::media::rendition::Thumb;
use crate::metrics::{self, engagement};
use crate::pages::{self, outward};
use crate::people::{Action, Actor, Refusal, person};
use crate::posts::{Plan, Post, PostId, PublicationState, Stage, draft};
use crate::publish::{
    self, DispatchRole, DispatchState, Publication, PublicationId, Source, When, accept, by_hand, decide,
};
use crate::schedule::calendar;
use crate::store::Stored;
use crate::ui::{StateKind, Undo};
use crate::words::Message;

/// How many posts of each kind the list shows.
const LIST_MAX: usize = 60;
/// So long before its time a post is shown with the seconds that are left.
const WATCHED: Duration = Duration::from_mins(1);
/// How far the list looks back and ahead.
const SPAN: Duration = Duration::from_hours(24 * 90);

type PostPath = Path<(String, PostId)>;
type PublicationPath = Path<(String, PublicationId)>;

/// Drafts, what is planned, what is out.
pub(super) async fn list(app: AppRef, actor: Actor, screen: Screen, path: Path<String>) -> Answered {
    let now = app.clock.now();
    let words = screen.words();
    let drafts = draft::list(&app, &actor, LIST_MAX).await?;
    let drafts = drafts.iter().map(|post| Listed {
        href: addresses::post_edit(&path, post.id),
        title: title(&screen, &post.content.text),
        when: words.ago(&screen.local(post.saved_at), &screen.now()),
        state: StateKind::Draft,
    });
    let planned = calendar::between(&app, actor.workspace, now, now.plus(SPAN), LIST_MAX).await?;
    let out = calendar::page(&app, actor.workspace, (now.minus(SPAN), now), true, None, LIST_MAX).await?;
    let listed = |entry: &calendar::CalendarEntry| Listed {
        href: addresses::post(&path, entry.post),
        title: title(&screen, &entry.excerpt),
        when: words.day_and_time(&screen.local(entry.due_at), &screen.now()),
        state: entry.state.into(),
    };
    let (drafts, planned) = (drafts.collect(), planned.iter().map(listed).collect());
    let out = out.iter().map(listed).collect();
    Ok(Answer::page(view::list(&screen, &path, drafts, planned, out)))
}

/// The page of a post.
pub(super) async fn show(app: AppRef, actor: Actor, screen: Screen, path: PostPath) -> Answered {
    let view = post_view(&app, &actor, &screen, &path.0, path.1).await?;
    Ok(Answer::page(view::page(&screen, &path.0, &view)))
}

/// What became of it, as a part of the page.
pub(super) async fn publications(app: AppRef, actor: Actor, screen: Screen, path: PostPath) -> Answered {
    let view = post_view(&app, &actor, &screen, &path.0, path.1).await?;
    Ok(Answer::page(view::standing(&screen, &path.0, &view)))
}

/// Back to the drafts.
pub(super) async fn unplan(app: AppRef, actor: Actor, path: PostPath) -> Answered {
    let post = publish::unplan(&app, &actor, path.1).await?;
    Ok(Answer::go_to(addresses::post_edit(&path.0, post.id)).saying(Message::new("post-unplanned")))
}

/// To another time, and back again. Who came from the calendar is led to the day it went to.
pub(super) async fn reschedule(app: AppRef, actor: Actor, screen: Screen, path: PostPath, form: Form) -> Answered {
    let at = format!("{}T{}", form.text("date").trim(), form.text("time").trim());
    let at = at.parse().map_err(|_unread| Refusal::field("date", Message::new("compose-date-unread")))?;
    let post = draft::get(&app, &actor, path.1).await?;
    let moved = publish::plan(&app, &actor, path.1, post.edition, When::At(at)).await?;
    let when = moved.plan.as_ref().map(|plan| screen.words().day_and_time(&screen.local(plan.due_at), &screen.now()));
    let said = Message::new("post-moved").with("when", when.unwrap_or_default());
    let from = form.text("from");
    let to = match (from.as_str(), &moved.plan) {
        ("calendar", Some(plan)) => addresses::calendar_day(&path.0, plan.local.date()),
        _ => addresses::post(&path.0, path.1),
    };
    let answer = Answer::go_to(to).saying(said);
    let Some(before) = post.plan.as_ref() else { return Ok(answer) };
    let (date, time) = date_and_time(before);
    Ok(answer.with_undo(Undo {
        action: addresses::post_deed(&path.0, path.1, "move"),
        label: screen.words().say("frame-undo"),
        fields: vec![("date".to_owned(), date), ("time".to_owned(), time), ("from".to_owned(), from)],
    }))
}

/// A plan as the fields of a form have it.
fn date_and_time(plan: &Plan) -> (String, String) {
    (plan.local.date().to_string(), plan.local.time().strftime("%H:%M").to_string())
}

/// Away, with a way back.
pub(super) async fn trash(app: AppRef, actor: Actor, path: PostPath) -> Answered {
    accept::delete_post(&app, &actor, path.1).await?;
    Ok(Answer::go_to(addresses::post(&path.0, path.1)).saying(Message::new("post-trashed")))
}

/// Back from there.
pub(super) async fn restore(app: AppRef, actor: Actor, path: PostPath) -> Answered {
    accept::undelete_post(&app, &actor, path.1).await?;
    Ok(Answer::go_to(addresses::post_edit(&path.0, path.1)).saying(Message::new("post-restored")))
}

/// Lets it go on.
pub(super) async fn release(app: AppRef, actor: Actor, path: PublicationPath) -> Answered {
    decide::release(&app, &actor, path.1).await?;
    back(&app, &actor, &path, "publication-released").await
}

/// Keeps it back.
pub(super) async fn hold(app: AppRef, actor: Actor, path: PublicationPath) -> Answered {
    decide::hold(&app, &actor, path.1).await?;
    back(&app, &actor, &path, "publication-held").await
}

/// Leaves it as it is.
pub(super) async fn leave(app: AppRef, actor: Actor, path: PublicationPath) -> Answered {
    decide::leave(&app, &actor, path.1).await?;
    back(&app, &actor, &path, "publication-left").await
}

/// Says what became of it.
pub(super) async fn outcome(app: AppRef, actor: Actor, screen: Screen, path: PublicationPath, form: Form) -> Answered {
    let is_there = form.text("is_there") == "yes";
    let link = form.text("url");
    match decide::decide(&app, &actor, path.1, is_there, Some(link.clone())).await {
        Ok(()) => back(&app, &actor, &path, "publication-decided").await,
        Err(Refusal::Invalid(problems)) => {
            let Source::Post { post } = decide::get(&app, &actor, path.1).await?.source else {
                return Err(Refusal::Invalid(problems).into());
            };
            let mut view = post_view(&app, &actor, &screen, &path.0, post).await?;
            view.put_right(&path.1.to_string(), link, &screen.errors(&problems));
            Ok(Answer::again(view::page(&screen, &path.0, &view)))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// What a publication is part of: where notices lead.
pub(super) async fn find(app: AppRef, actor: Actor, path: PublicationPath) -> Answered {
    Ok(Answer::go_to(part_of(&app, &actor, &path).await?))
}

/// Takes it down at the network.
pub(super) async fn take_down(app: AppRef, actor: Actor, path: PublicationPath) -> Answered {
    decide::take_down(&app, &actor, path.1).await?;
    back(&app, &actor, &path, "publication-taking-down").await
}

/// Changes at the network what it says.
pub(super) async fn change_out(app: AppRef, actor: Actor, path: PublicationPath, form: Form) -> Answered {
    decide::change_out(&app, &actor, path.1, form.read("part").unwrap_or(0), form.text("text")).await?;
    back(&app, &actor, &path, "publication-changing").await
}

async fn back(app: &AppRef, actor: &Actor, path: &PublicationPath, said: &'static str) -> Answered {
    Ok(Answer::go_to(part_of(app, actor, path).await?).saying(Message::new(said)))
}

async fn part_of(app: &AppRef, actor: &Actor, path: &PublicationPath) -> Result<String, Failure> {
    Ok(match decide::get(app, actor, path.1).await?.source {
        Source::Post { post } => addresses::post(&path.0, post),
        Source::Answer { .. } => addresses::workspace(&path.0, "inbox"),
    })
}

async fn post_view(app: &AppRef, actor: &Actor, screen: &Screen, slug: &str, id: PostId) -> Result<PostView, Failure> {
    let post = draft::get(app, actor, id).await?;
    let words = screen.words();
    let figures = metrics::overview::of_post(app, actor, id).await?;
    let mut publications = Vec::new();
    for publication in publish::list_for_post(app, actor.workspace, id).await? {
        let newest =
            figures.get(&publication.channel).and_then(|snapshots| snapshots.last()).map(|snapshot| snapshot.counts);
        publications.push(publication_view(app, actor, screen, &post, &publication, newest).await?);
    }
    publications.sort_by(|left, right| left.channel.cmp(&right.channel));
    let mut thumbs = Vec::new();
    for used in &post.content.media {
        if let Some(asset) = media::asset::find(app, actor.workspace, used.asset).await? {
            let alt = used.alt.clone().unwrap_or_else(|| asset.alt.clone());
            thumbs.push((pages::media::address(app, &asset, Thumb::Medium), alt));
        }
    }
    let may_plan = actor.may_for(Action::Schedule, post.author).is_ok();
    let may_edit = actor.may_edit_of(post.author).is_ok();
    let state = PublicationState::of_publications(publications.iter().map(|publication| publication.sum));
    Ok(PostView {
        id: id.to_string(),
        slug: slug.to_owned(),
        title: title(screen, &crate::base::text::excerpt(&post.content.text, 60)),
        text: post.content.text.clone(),
        warning: post.content.content_warning.clone(),
        thumbs,
        author: person::name_of(app, post.author).await?,
        when: post.plan.as_ref().map(|plan| words.day_and_time(&screen.local(plan.due_at), &screen.now())),
        plan: post.plan.as_ref().map(date_and_time),
        shift: shift(screen, &post),
        leaves_in: leaves_in(app, &post),
        state: match post.stage {
            Stage::Draft => StateKind::Draft,
            Stage::Deleted => StateKind::Held,
            Stage::Planned | Stage::Out => state.into(),
        },
        deleted: post.stage == Stage::Deleted,
        may_edit: may_edit && matches!(post.stage, Stage::Draft | Stage::Planned),
        may_unplan: may_plan
            && (post.stage == Stage::Planned || (post.stage == Stage::Out && state == PublicationState::Failed)),
        may_trash: may_edit && matches!(post.stage, Stage::Draft | Stage::Planned),
        series: series(screen, &figures),
        errors: Vec::new(),
        publications,
    })
}

/// How long it is until it goes out, where that is so soon that one would watch it.
fn leaves_in(app: &AppRef, post: &Post) -> Option<Duration> {
    let plan = post.plan.as_ref().filter(|_plan| post.stage == Stage::Planned)?;
    let now = app.clock.now();
    let left = plan.due_at.since(now);
    (now <= plan.due_at && left <= WATCHED).then_some(left)
}

/// What a change of the clocks does to the planned time, in words.
fn shift(screen: &Screen, post: &Post) -> Option<String> {
    let plan = post.plan.as_ref()?;
    let shift = crate::base::zone::resolve(plan.local, &plan.zone).ok()?.shift?;
    Some(screen.words().say(shift_key(shift)))
}

/// The key of the sentence about what a change of the clocks does.
pub(crate) fn shift_key(shift: Shift) -> &'static str {
    match shift {
        Shift::Skipped => "plan-shift-skipped",
        Shift::Twice => "plan-shift-twice",
    }
}

/// Engagement over time, all channels together, at the moments of the channel with the most snapshots.
fn series(
    screen: &Screen,
    figures: &std::collections::BTreeMap<channels::ChannelId, Vec<metrics::Snapshot>>,
) -> Vec<(String, Option<i64>)> {
    let longest = figures.values().max_by_key(|snapshots| snapshots.len());
    let moments = longest.into_iter().flatten().map(|snapshot| snapshot.at);
    let known_at = |snapshots: &[metrics::Snapshot], at| {
        let last = snapshots.iter().take_while(|snapshot| snapshot.at <= at).last();
        last.and_then(|snapshot| engagement(&snapshot.counts))
    };
    moments
        .map(|at| {
            let sum = figures.values().filter_map(|snapshots| known_at(snapshots, at)).reduce(u64::saturating_add);
            let label = screen.words().day_and_time(&screen.local(at), &screen.now());
            (label, sum.and_then(|sum| i64::try_from(sum).ok()))
        })
        .collect()
}

async fn publication_view(
    app: &AppRef,
    actor: &Actor,
    screen: &Screen,
    post: &Post,
    publication: &Stored<Publication>,
    counts: Option<crate::networks::Counts>,
) -> Result<PublicationView, Failure> {
    let words = screen.words();
    let channel = channels::get(app, actor.workspace, publication.channel).await.ok();
    let network = channel.as_ref().and_then(|channel| app.networks.find(&channel.network));
    let can = network.zip(channel.as_ref()).map(|(network, channel)| network.capabilities(&channel.settings));
    let sum = publication.state();
    let show = |at| words.clock(&screen.local(at));
    let mut parts = Vec::new();
    for dispatch in &publication.dispatches {
        let lines = dispatch.journal.entries().iter();
        let lines = lines.map(|entry| (screen.local(entry.at), words.render(&entry.event.message(&show))));
        parts.push(PartView {
            name: match &dispatch.role {
                DispatchRole::Part { index } => {
                    words.tell("publication-part", &[("number", index.saturating_add(1).into())])
                }
                DispatchRole::FirstComment => words.say("publication-first-comment"),
                DispatchRole::Answer { .. } => words.say("publication-answer"),
                DispatchRole::Edit { .. } => words.say("publication-edit"),
                DispatchRole::Delete { .. } => words.say("publication-delete"),
            },
            lines: lines.collect(),
        });
    }
    let out = publication.dispatches.iter().any(|dispatch| dispatch.post().is_some()) && !publication.is_taken_down();
    let may = actor.may_for(Action::Schedule, publication.planned_by).is_ok();
    let handle =
        channel.as_ref().map_or_else(|| words.say("publication-channel-gone"), |channel| channel.handle.clone());
    let asks = publication.dispatches.iter().any(|dispatch| dispatch.state == DispatchState::Unsure);
    Ok(PublicationView {
        id: publication.id.to_string(),
        channel: handle,
        network: (
            channel.as_ref().map(|channel| channel.network.clone()).unwrap_or_default(),
            network.map(|network| network.title().to_owned()).unwrap_or_default(),
        ),
        sum,
        state: if by_hand::waits(publication) { StateKind::ByHand } else { sum.into() },
        taken_down: publication.is_taken_down(),
        url: publication.url().filter(|_url| out).and_then(|url| outward::link(app, url)),
        counts: counts.map(|counts| view::told(words, &counts)).unwrap_or_default(),
        why: publication
            .dispatches
            .iter()
            .rev()
            .find_map(|dispatch| dispatch.held.filter(|_why| dispatch.state == DispatchState::Held))
            .map(|why| words.say(why.key())),
        parts,
        by_hand: by_hand::waits(publication),
        may_take_up: may && by_hand::was_skipped(publication),
        may_release: may
            && matches!(sum, PublicationState::Held | PublicationState::Failed | PublicationState::PartlyOut),
        may_hold: may && sum == PublicationState::Planned,
        may_leave: may && (sum.needs_person()),
        may_decide: may && asks,
        may_take_down: may && out && can.as_ref().is_some_and(|can| can.delete) && publication.current().is_none(),
        may_edit: may && out && can.is_some_and(|can| can.edit) && publication.current().is_none(),
        text: post.content.parts_for(publication.channel).first().map(|text| (*text).to_owned()).unwrap_or_default(),
        typed: None,
    })
}

pub(super) fn title(screen: &Screen, text: &str) -> String {
    let text = crate::base::text::excerpt(text, 80);
    if text.is_empty() { screen.words().say("post-untitled") } else { text }
}
