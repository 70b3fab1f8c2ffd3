//! Accepting: what a person plans is answered only once it is durable. Saving, moving and taking back what is planned.

use std::str::FromStr;
use std::time::Duration;

use jiff::civil::DateTime;

use crate::app::{App, Worker};
use crate::base::clock::At;
use crate::base::text::excerpt;
use crate::base::zone::{self, Shift};
use crate::channels::{Channel, ChannelId};
use crate::networks::{Change as NetworkChange, Job, Part, RemotePost};
use crate::people::{Action, Actor, Refusal, WorkspaceId, workspace};
use crate::posts::draft::{self, Saving};
use crate::posts::{Content, Plan, Post, PostId, PublicationState, Stage, history, render};
use crate::schedule::calendar::{self, CalendarEntry};
use crate::store::{Change, Scan, StoreError, Stored};
use crate::words::Message;

use super::publication::{AnsweredId, Dispatch, DispatchRole, Publication, PublicationId, PublicationsByPost, Source};
use super::state::DispatchState;

/// "Publish now" rings so much later, with Undo until then.
pub const NOW_AFTER: Duration = Duration::from_secs(15);
/// A time that is past by no more than this still counts: the person needed a moment to press the button.
const PAST_GRACE: Duration = Duration::from_mins(2);
/// How much of a text a notice shows.
const SUBJECT_GRAPHEMES: usize = 60;

/// When a post shall go out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// At this local time in the workspace's zone.
    At(DateTime),
    /// At this instant, whatever the clocks in the workspace's zone show then.
    Instant(At),
    /// Right away, after [`NOW_AFTER`].
    Now,
}

/// The text names no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a time")]
pub struct NotATime;

/// `now`, a local time such as `2026-12-01T09:00`, or an instant such as `2026-12-01T09:00:00Z`.
impl FromStr for When {
    type Err = NotATime;

    fn from_str(text: &str) -> Result<Self, NotATime> {
        let text = text.trim();
        if text == "now" {
            return Ok(Self::Now);
        }
        // An instant first: read as a local time, what it says of its zone would be lost.
        let instant = At::parse(text).map(Self::Instant);
        instant.or_else(|| text.parse().ok().map(Self::At)).ok_or(NotATime)
    }
}

/// Writes a new post: a draft, or planned where `when` says so, in one commit with `change`.
pub async fn write_post(
    app: &App,
    actor: &Actor,
    id: PostId,
    content: Content,
    when: Option<&When>,
    mut change: Change,
) -> Result<Stored<Post>, Refusal> {
    let mut post = draft::begin(app, actor, id, content)?;
    if let Some(when) = when {
        actor.may_for(Action::Schedule, post.author)?;
        let settings = workspace::get(app, actor.workspace).await?;
        let (plan, _shift) = plan_for(app, &settings.zone, when)?;
        let channels = channels_of(app, &post).await?;
        render::check(app, &post, &channels).await?;
        change.insert(&CalendarEntry::of(&post, plan.due_at, PublicationState::Planned));
        post.stage = Stage::Planned;
        post.plan = Some(plan);
        replace_publications(app, actor, &post, &channels, &mut change).await?;
    }
    change.insert(&post);
    let version = app.store.commit(change).await?;
    app.live.tell(post.workspace.bits(), "post", post.id.bits());
    app.kicks.kick(Worker::Publish);
    Ok(Stored { row: post, version })
}

/// Plans a post: from this answer on it goes out at its time on each of its channels. Planning a planned post moves it.
pub async fn plan(app: &App, actor: &Actor, post: PostId, edition: u32, when: When) -> Result<Stored<Post>, Refusal> {
    let post = get(app, actor, post).await?;
    actor.may_for(Action::Schedule, post.author)?;
    draft::same_edition(&post, edition)?;
    if matches!(post.stage, Stage::Out | Stage::Deleted) {
        return Err(Refusal::Rule(Message::new("post-is-out")));
    }
    let settings = workspace::get(app, actor.workspace).await?;
    let (plan, _shift) = plan_for(app, &settings.zone, &when)?;
    let channels = channels_of(app, &post).await?;
    render::check(app, &post, &channels).await?;

    let after = Post { stage: Stage::Planned, plan: Some(plan), ..post.row.clone() };
    let mut change = Change::default();
    replace_publications(app, actor, &after, &channels, &mut change).await?;
    finish(app, &post, after, change).await
}

/// Saves what a post says. A planned post stays planned, for the channels it now names.
pub async fn save_post(
    app: &App,
    actor: &Actor,
    post: PostId,
    edition: u32,
    content: Content,
) -> Result<Stored<Post>, Refusal> {
    save(app, actor, post, Saving { edition, content, earlier: false }).await
}

/// Brings an earlier version of a post back; what it said until then becomes a version itself. A planned post stays
/// planned.
pub async fn bring_back(
    app: &App,
    actor: &Actor,
    post: PostId,
    edition: u32,
    version: u32,
) -> Result<Stored<Post>, Refusal> {
    let content = history::get(app, actor, post, version).await?.content;
    save(app, actor, post, Saving { edition, content, earlier: true }).await
}

async fn save(app: &App, actor: &Actor, post: PostId, saving: Saving) -> Result<Stored<Post>, Refusal> {
    let post = get(app, actor, post).await?;
    let mut change = Change::default();
    let mut after = draft::revise(app, actor, &post, saving, &mut change).await?;
    if post.stage == Stage::Planned {
        actor.may_for(Action::Schedule, post.author)?;
        let channels = channels_of(app, &after).await?;
        render::check(app, &after, &channels).await?;
        replace_publications(app, actor, &after, &channels, &mut change).await?;
    } else {
        after.stage = Stage::Draft;
    }
    finish(app, &post, after, change).await
}

/// Takes a planned post back to the drafts: the undo of planning. Refused once anything has left.
pub async fn unplan(app: &App, actor: &Actor, post: PostId) -> Result<Stored<Post>, Refusal> {
    let post = get(app, actor, post).await?;
    actor.may_for(Action::Schedule, post.author)?;
    let mut change = Change::default();
    remove_publications(app, &post, &mut change).await?;
    let after = Post { stage: Stage::Draft, plan: None, ..post.row.clone() };
    finish(app, &post, after, change).await
}

/// Deletes a post here. What is planned does not go out; what is out stays out until it is taken down at the network.
pub async fn delete_post(app: &App, actor: &Actor, post: PostId) -> Result<(), Refusal> {
    let post = get(app, actor, post).await?;
    actor.may_edit_of(post.author)?;
    let mut change = Change::default();
    remove_publications(app, &post, &mut change).await?;
    let after = Post { stage: Stage::Deleted, plan: None, ..post.row.clone() };
    finish(app, &post, after, change).await?;
    Ok(())
}

/// Brings a deleted post back to the drafts.
pub async fn undelete_post(app: &App, actor: &Actor, post: PostId) -> Result<Stored<Post>, Refusal> {
    let post = get(app, actor, post).await?;
    actor.may_edit_of(post.author)?;
    if post.stage != Stage::Deleted {
        return Ok(post);
    }
    let after = Post { stage: Stage::Draft, ..post.row.clone() };
    finish(app, &post, after, Change::default()).await
}

/// The publications of a post, in no particular order.
pub async fn list_for_post(
    app: &App,
    workspace: WorkspaceId,
    post: PostId,
) -> Result<Vec<Stored<Publication>>, StoreError> {
    let entries = app.store.list_index::<PublicationsByPost>(Scan::under((workspace, post)).limit(200)).await?;
    let mut publications = Vec::with_capacity(entries.len());
    for entry in entries {
        let (_, _, id) = entry.key;
        publications.extend(app.store.find::<Publication>(&(workspace, id)).await?);
    }
    Ok(publications)
}

/// What the publications of a post show, in no particular order. Most are told by the index alone.
pub(super) async fn states_of_post(
    app: &App,
    workspace: WorkspaceId,
    post: PostId,
) -> Result<Vec<(PublicationId, PublicationState)>, StoreError> {
    let entries = app.store.list_index::<PublicationsByPost>(Scan::under((workspace, post)).limit(200)).await?;
    let mut states = Vec::with_capacity(entries.len());
    for entry in entries {
        let (_, _, id) = entry.key;
        let state = match entry.value {
            Some(state) => Some(state),
            None => app.store.find::<Publication>(&(workspace, id)).await?.map(|publication| publication.state()),
        };
        states.extend(state.map(|state| (id, state)));
    }
    Ok(states)
}

/// Adds to a commit an answer to a message of the inbox, to go out right away through the same engine.
pub fn plan_answer(
    app: &App,
    actor: &Actor,
    channel: ChannelId,
    to: AnswerTo,
    say: Answer,
    change: &mut Change,
) -> Result<PublicationId, Refusal> {
    actor.may(Action::Answer)?;
    let id = crate::base::id::digest(&[b"answer", &to.message.to_be_bytes(), &to.answer.to_be_bytes()]);
    let now = app.clock.now();
    let Answer { part, parent, root, parent_handle } = say;
    let subject = excerpt(&part.text, SUBJECT_GRAPHEMES);
    let job = Job { id: String::new(), change: NetworkChange::Reply { part, root, parent, parent_handle } };
    change.insert(&Publication {
        workspace: actor.workspace,
        id,
        channel,
        source: Source::Answer { message: AnsweredId::from_bits(to.message) },
        subject,
        due_at: now,
        next_at: Some(now),
        by_hand: false,
        dispatches: vec![Dispatch::planned(DispatchRole::Answer { job: Box::new(job) })],
        published_at: None,
        planned_by: actor.person,
    });
    Ok(id)
}

/// Which message is answered, and which answer it is: together they name the answer for good, so that the same form
/// sent twice is one answer.
#[derive(Clone, Copy, Debug)]
pub struct AnswerTo {
    /// The message, as the inbox knows it.
    pub message: u128,
    /// The answer, likewise.
    pub answer: u128,
}

/// What an answer says and to whom.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its words.
    pub part: Part,
    /// The post it answers.
    pub parent: RemotePost,
    /// The first post of the conversation, where known.
    pub root: Option<RemotePost>,
    /// Who wrote what it answers.
    pub parent_handle: Option<String>,
}

async fn get(app: &App, actor: &Actor, post: PostId) -> Result<Stored<Post>, Refusal> {
    actor.may(Action::SeePosts)?;
    app.store.find::<Post>(&(actor.workspace, post)).await.map_err(Refusal::Store)?.ok_or(Refusal::NotThere)
}

/// The plan that follows from a wish in a zone, and what a change of the clocks does to it; or why it cannot be.
pub fn plan_for(app: &App, zone_name: &str, when: &When) -> Result<(Plan, Option<Shift>), Refusal> {
    let now = app.clock.now();
    let local = match *when {
        When::Now => {
            let due_at = now.plus(NOW_AFTER);
            let local = zone::local(due_at, zone_name).datetime();
            return Ok((Plan { local, zone: zone_name.to_owned(), due_at }, None));
        }
        When::At(local) => local,
        When::Instant(at) => zone::local(at, zone_name).datetime(),
    };
    let resolved = zone::resolve(local, zone_name)
        .map_err(|_unknown| Refusal::field("at", Message::new("plan-unknown-zone").with("zone", zone_name)))?;
    // In the hour that comes twice, the local time alone does not say which is meant.
    let due_at = if let When::Instant(at) = *when { at } else { resolved.at };
    if due_at < now.minus(PAST_GRACE) {
        return Err(Refusal::field("at", Message::new("plan-in-the-past")));
    }
    if now.plus(Duration::from_hours(24 * 366 * 5)) < due_at {
        return Err(Refusal::field("at", Message::new("plan-too-far-ahead")));
    }
    Ok((Plan { local, zone: zone_name.to_owned(), due_at }, resolved.shift))
}

async fn channels_of(app: &App, post: &Post) -> Result<Vec<Stored<Channel>>, Refusal> {
    if post.content.channels.is_empty() {
        return Err(Refusal::field("channels", Message::new("plan-no-channel")));
    }
    let mut channels = Vec::with_capacity(post.content.channels.len());
    for id in &post.content.channels {
        let channel = app.store.find::<Channel>(&(post.workspace, *id)).await.map_err(Refusal::Store)?;
        channels.push(channel.ok_or_else(|| Refusal::field("channels", Message::new("plan-channel-gone")))?);
    }
    Ok(channels)
}

/// Removes the publications of a post, in the commit that takes the post back; refused once anything has left.
async fn remove_publications(app: &App, post: &Stored<Post>, change: &mut Change) -> Result<(), Refusal> {
    for publication in list_for_post(app, post.workspace, post.id).await.map_err(Refusal::Store)? {
        if may_have_left(&publication) {
            return Err(Refusal::Rule(Message::new("post-is-out")));
        }
        change.remove(&publication);
    }
    Ok(())
}

/// Puts fresh publications in place of those that were planned before. Nothing of them has left: else it is refused.
async fn replace_publications(
    app: &App,
    actor: &Actor,
    post: &Post,
    channels: &[Stored<Channel>],
    change: &mut Change,
) -> Result<(), Refusal> {
    let Some(plan) = &post.plan else { return Ok(()) };
    let mut before = list_for_post(app, post.workspace, post.id).await.map_err(Refusal::Store)?;
    for channel in channels {
        let id = Publication::id_for(post.id, channel.id);
        let capabilities = app.networks.find(&channel.network).map(|network| network.capabilities(&channel.settings));
        let comments = capabilities.as_ref().is_some_and(|can| can.first_comment);
        let publication = Publication {
            workspace: post.workspace,
            id,
            channel: channel.id,
            source: Source::Post { post: post.id },
            subject: excerpt(&post.content.text, SUBJECT_GRAPHEMES),
            due_at: plan.due_at,
            next_at: Some(plan.due_at),
            by_hand: capabilities.is_some_and(|can| can.by_hand),
            dispatches: dispatches(&post.content, channel.id, comments),
            published_at: None,
            planned_by: actor.person,
        };
        match before.iter().position(|known| known.id == id) {
            None => {
                change.insert(&publication);
            }
            Some(known) => {
                let known = before.swap_remove(known);
                if may_have_left(&known) {
                    return Err(Refusal::Rule(Message::new("post-is-out")));
                }
                change.update(&known, &publication);
            }
        }
    }
    for gone in before {
        if may_have_left(&gone) {
            return Err(Refusal::Rule(Message::new("post-is-out")));
        }
        change.remove(&gone);
    }
    Ok(())
}

fn dispatches(content: &Content, channel: ChannelId, comments: bool) -> Vec<Dispatch> {
    let parts = u32::try_from(content.parts_for(channel).len()).unwrap_or(1);
    let mut dispatches: Vec<Dispatch> =
        (0..parts).map(|index| Dispatch::planned(DispatchRole::Part { index })).collect();
    if comments && content.first_comment_for(channel).is_some() {
        dispatches.push(Dispatch::planned(DispatchRole::FirstComment));
    }
    dispatches
}

/// Whether anything of it may be at the network: then it is not simply taken back.
fn may_have_left(publication: &Publication) -> bool {
    publication
        .dispatches
        .iter()
        .any(|dispatch| matches!(dispatch.state, DispatchState::Sending | DispatchState::Unsure | DispatchState::Done))
}

async fn finish(app: &App, before: &Stored<Post>, after: Post, mut change: Change) -> Result<Stored<Post>, Refusal> {
    let edition = before.edition.saturating_add(1);
    let after = Post { edition, ..after };
    calendar::set_post(app, &mut change, before, &after, PublicationState::Planned).await.map_err(Refusal::Store)?;
    change.update(before, &after);
    let version = app.store.commit(change).await?;
    app.live.tell(after.workspace.bits(), "post", after.id.bits());
    app.kicks.kick(Worker::Publish);
    Ok(Stored { row: after, version })
}
