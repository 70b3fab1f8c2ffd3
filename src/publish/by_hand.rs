//! What a person publishes with their own hands: what there is to do, and what they say came of it.
//!
//! Nothing leaves here, so "Done" and "Skip" are the person's word and nothing is settled. Done is said once for the
//! whole of it, its parts and its first comment; a skip can be taken back.

use crate::app::App;
use crate::base::clock::At;
use crate::channels::{Channel, ChannelId};
use crate::networks::RemotePost;
use crate::networks::by_hand::{self, LinkProblem};
use crate::people::{Action, Actor, Refusal};
use crate::posts::render::{self, PictureToSave};
use crate::posts::{Post, PublicationState};
use crate::store::{Change, Stored};
use crate::words::Message;

use super::decide::{commit_with, get, get_to_decide, impossible};
use super::journal::{Event, HeldBecause};
use super::publication::{Dispatch, DispatchRole, Publication, PublicationId, Source};
use super::state::{DispatchEvent, DispatchState, Impossible};
use super::steps;

/// What there is to do by hand, with everything it takes.
#[derive(Clone, Debug)]
pub struct Task {
    /// Which publication it is.
    pub publication: Stored<Publication>,
    /// The channel, while it is connected.
    pub channel: Option<Stored<Channel>>,
    /// The app to open.
    pub app: &'static by_hand::App,
    /// What is to be done there.
    pub what: What,
    /// The text, or the parts of a thread in order.
    pub parts: Vec<String>,
    /// The comment to put below it.
    pub first_comment: Option<String>,
    /// The pictures, in order.
    pub pictures: Vec<PictureToSave>,
    /// Whether the actor may say that it is done.
    pub may_finish: bool,
}

/// What is to be done in the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Publish.
    Publish,
    /// Change what is out.
    Change,
    /// Take down what is out.
    TakeDown,
}

/// Whether a publication waits for a person's hands now.
pub fn waits(publication: &Publication) -> bool {
    publication.by_hand && publication.state() == PublicationState::Sending
}

/// Whether a person said that it will not be posted; [`take_up`] takes that back.
pub fn was_skipped(publication: &Publication) -> bool {
    publication.by_hand && publication.dispatches.iter().any(is_skipped)
}

/// What there is to do for a publication; none: nothing, now.
pub async fn task(app: &App, actor: &Actor, id: PublicationId) -> Result<Option<Task>, Refusal> {
    let publication = get(app, actor, id).await?;
    if !waits(&publication) {
        return Ok(None);
    }
    let channel = app.store.find::<Channel>(&(actor.workspace, publication.channel)).await?;
    let opens = channel.as_ref().map_or(&serde_json::Value::Null, |channel| &channel.settings);
    let mut task = Task {
        app: by_hand::App::of(opens),
        what: What::Publish,
        parts: Vec::new(),
        first_comment: None,
        pictures: Vec::new(),
        may_finish: actor.may_for(Action::Schedule, publication.planned_by).is_ok(),
        channel,
        publication,
    };
    let Source::Post { post } = task.publication.source else { return Ok(Some(task)) };
    let post = app.store.find::<Post>(&(actor.workspace, post)).await?.ok_or(Refusal::NotThere)?;
    let open: Vec<DispatchRole> = open(&task.publication).map(|dispatch| dispatch.role.clone()).collect();
    for role in open {
        add(app, &mut task, &post, &role).await?;
    }
    Ok(Some(task))
}

async fn add(app: &App, task: &mut Task, post: &Post, role: &DispatchRole) -> Result<(), Refusal> {
    let channel: ChannelId = task.publication.channel;
    match role {
        DispatchRole::Part { index } => {
            let at = usize::try_from(*index).unwrap_or(usize::MAX);
            task.parts.extend(post.content.parts_for(channel).get(at).map(|part| (*part).to_owned()));
            if let (0, Some(channel)) = (index, &task.channel) {
                let rules = app.networks.find(&channel.network).map(|network| network.capabilities(&channel.settings));
                if let Some(rules) = rules {
                    task.pictures = render::pictures_to_save(app, post, channel.id, &rules).await?;
                }
            }
        }
        DispatchRole::FirstComment => {
            task.first_comment = post.content.first_comment_for(channel).map(str::to_owned);
        }
        DispatchRole::Edit { text, .. } => {
            task.what = What::Change;
            task.parts.push(text.clone());
        }
        DispatchRole::Delete { .. } => task.what = What::TakeDown,
        DispatchRole::Answer { .. } => {}
    }
    Ok(())
}

/// Says that it is done, all of it, with the link to the post where there is one.
pub async fn done(app: &App, actor: &Actor, id: PublicationId, link: &str) -> Result<Publication, Refusal> {
    let publication = get_waiting(app, actor, id).await?;
    let url = match link.trim() {
        "" => None,
        link => Some(read_link(app, &publication, link).await?),
    };
    let now = app.clock.now();
    let mut next = publication.row.clone();
    for dispatch in next.dispatches.iter_mut().filter(|dispatch| is_open(dispatch)) {
        let first = matches!(dispatch.role, DispatchRole::Part { index: 0 });
        let url = url.clone().filter(|_url| first);
        let post = RemotePost { id: url.clone().unwrap_or_default(), url, ..RemotePost::default() };
        finish(app, actor, dispatch, post, now).map_err(impossible)?;
    }
    let mut change = Change::default();
    steps::went_out(&mut change, &mut next, now);
    next.next_at = None;
    let told = next.clone();
    commit_with(app, actor, &publication, next, "activity-publication-decided", change).await?;
    Ok(told)
}

fn finish(app: &App, actor: &Actor, dispatch: &mut Dispatch, post: RemotePost, now: At) -> Result<(), Impossible> {
    if dispatch.state == DispatchState::Planned {
        // The rest of what was handed over with the first part.
        dispatch.attempts = dispatch.attempts.saturating_add(1);
        dispatch.boot = Some(app.boot.into());
        dispatch.claimed_at = Some(now);
        dispatch.apply(now, DispatchEvent::Claimed, Event::Claimed { attempt: dispatch.attempts })?;
    }
    dispatch.progress.post = Some(post);
    dispatch.apply(now, DispatchEvent::Confirmed, Event::Decided { by: actor.person, is_there: true })
}

/// Says that it will not be posted.
pub async fn skip(app: &App, actor: &Actor, id: PublicationId) -> Result<Publication, Refusal> {
    let publication = get_waiting(app, actor, id).await?;
    let now = app.clock.now();
    let mut next = publication.row.clone();
    for dispatch in next.dispatches.iter_mut().filter(|dispatch| is_open(dispatch)) {
        let told = Event::Withdrawn { by: actor.person };
        let left =
            dispatch.hold(now, HeldBecause::ByHand).and_then(|()| dispatch.apply(now, DispatchEvent::Withdrawn, told));
        left.map_err(impossible)?;
    }
    next.next_at = None;
    let told = next.clone();
    commit_with(app, actor, &publication, next, "activity-publication-left", Change::default()).await?;
    Ok(told)
}

/// Takes a skip back: it waits for a person again.
pub async fn take_up(app: &App, actor: &Actor, id: PublicationId) -> Result<Publication, Refusal> {
    let publication = get_to_decide(app, actor, id).await?;
    let now = app.clock.now();
    let mut next = publication.row.clone();
    let mut any = false;
    for dispatch in next.dispatches.iter_mut().filter(|dispatch| is_skipped(dispatch)) {
        // Nothing of it ever left, so it begins afresh; what was told of it stays told.
        let journal = std::mem::take(&mut dispatch.journal);
        *dispatch = Dispatch { journal, ..Dispatch::planned(dispatch.role.clone()) };
        dispatch.journal.note(now, Event::Released { by: Some(actor.person) });
        any = true;
    }
    if !any {
        return Err(Refusal::Rule(Message::new("publication-nothing-to-release")));
    }
    next.next_at = Some(now);
    let told = next.clone();
    commit_with(app, actor, &publication, next, "activity-publication-released", Change::default()).await?;
    Ok(told)
}

async fn get_waiting(app: &App, actor: &Actor, id: PublicationId) -> Result<Stored<Publication>, Refusal> {
    let publication = get_to_decide(app, actor, id).await?;
    if waits(&publication) { Ok(publication) } else { Err(Refusal::Rule(Message::new("publication-is-settled"))) }
}

async fn read_link(app: &App, publication: &Publication, link: &str) -> Result<String, Refusal> {
    let channel = app.store.find::<Channel>(&(publication.workspace, publication.channel)).await?;
    let opened = by_hand::App::of(channel.as_ref().map_or(&serde_json::Value::Null, |channel| &channel.settings));
    let problem = |message| Refusal::field("url", message);
    match opened.read_link(link) {
        Ok(url) => Ok(url.into()),
        Err(LinkProblem::NotALink) => Err(problem(Message::new("by-hand-link-unread"))),
        Err(LinkProblem::OtherSite) => {
            let site = opened.sites.first().copied().unwrap_or_default();
            Err(problem(Message::new("by-hand-link-elsewhere").with("app", opened.title).with("site", site)))
        }
    }
}

fn open(publication: &Publication) -> impl Iterator<Item = &Dispatch> {
    publication.dispatches.iter().filter(|dispatch| is_open(dispatch))
}

/// It is in the person's hands now, or comes with what is.
fn is_open(dispatch: &Dispatch) -> bool {
    matches!(dispatch.state, DispatchState::Planned | DispatchState::Sending)
}

fn is_skipped(dispatch: &Dispatch) -> bool {
    dispatch.state == DispatchState::Withdrawn && dispatch.held == Some(HeldBecause::ByHand)
}
