//! The claim: the commit after which a publication may leave, and before which nothing does.
//!
//! It checks everything it was decided on: the publication, the post and the channel. So a pause, an edit, a move or a
//! deletion that is durable first makes the claim fail, and one that comes later finds the post out.

use crate::app::App;
use crate::base::clock::At;
use crate::base::id;
use crate::channels::{self, Channel, ChannelState};
use crate::networks::{Account, Change as NetworkChange, Job, Network, NetworkError, job};
use crate::notify;
use crate::people::workspace;
use crate::posts::{Post, Stage, render};
use crate::store::{Change, StoreError, Stored};

use super::journal::{Event, HeldBecause};
use super::late::{Lateness, judge};
use super::publication::{Dispatch, DispatchRole, Lane, Publication, Source};
use super::state::DispatchEvent;
use super::{PublishError, save};
use crate::base::fault;

/// What came of trying to claim.
#[derive(Debug)]
pub enum Claimed {
    /// It is ours, and durably so.
    Yes(Box<Stored<Publication>>),
    /// It was kept back, put off or is no longer there: nothing to do now.
    No,
    /// The lane must wait.
    LaneWaits(At),
}

/// Everything a claim is decided on.
struct Seen {
    publication: Stored<Publication>,
    post: Option<Stored<Post>>,
    channel: Stored<Channel>,
}

/// Claims the dispatch at `index`, if nothing speaks against it.
pub async fn claim(app: &App, publication: Stored<Publication>, index: usize) -> Result<Claimed, PublishError> {
    let Some(channel) = app.store.find::<Channel>(&(publication.workspace, publication.channel)).await? else {
        return keep_back(app, &publication, index, HeldBecause::ChannelRemoved).await;
    };
    let post = match publication.source {
        Source::Post { post } => app.store.find::<Post>(&(publication.workspace, post)).await?,
        Source::Answer { .. } => None,
    };
    match channel.state {
        ChannelState::Active => {}
        ChannelState::Paused => return keep_back(app, &publication, index, HeldBecause::ChannelPaused).await,
        ChannelState::Reconnect { .. } => return keep_back(app, &publication, index, HeldBecause::Reconnect).await,
    }
    let now = app.clock.now();
    let mut change = Change::default();
    match pass_lane(app, &publication, now, &mut change).await? {
        Pass::Yes => take(app, Seen { publication, post, channel }, index, change).await,
        Pass::LaneWaits(until_at) => Ok(Claimed::LaneWaits(until_at)),
        Pass::Spaced(until_at) => {
            let next = Publication { next_at: Some(until_at), ..publication.row.clone() };
            save::save(app, &publication, next, Change::default()).await?;
            Ok(Claimed::No)
        }
        Pass::TooLate => keep_back(app, &publication, index, HeldBecause::Late).await,
    }
}

/// Whether a publication may leave on its lane.
enum Pass {
    Yes,
    /// Nothing leaves on this lane before then.
    LaneWaits(At),
    /// It is late, and the late one before it left a moment ago. Those on time do not wait for it.
    Spaced(At),
    TooLate,
}

async fn pass_lane(
    app: &App,
    publication: &Stored<Publication>,
    now: At,
    change: &mut Change,
) -> Result<Pass, PublishError> {
    let lane = app.store.find::<Lane>(&(publication.workspace, publication.channel)).await?;
    if let Some(lane) = lane.as_ref().filter(|lane| now < lane.not_before_at) {
        return Ok(Pass::LaneWaits(lane.not_before_at));
    }
    // Only the first leaving counts as late; what goes on, or is tried again, was on time once.
    if !publication.is_untouched() || publication.by_hand {
        return Ok(Pass::Yes);
    }
    let limit = workspace::late_limit(app, publication.workspace).await?;
    match judge(publication.due_at, now, limit) {
        Lateness::OnTime => {}
        Lateness::TooLate => return Ok(Pass::TooLate),
        Lateness::Late { next_at } => {
            let none = || Lane::open(publication.workspace, publication.channel);
            let known = lane.as_ref().map_or_else(none, |lane| lane.row.clone());
            if now < known.late_not_before_at {
                return Ok(Pass::Spaced(known.late_not_before_at));
            }
            let spaced = Lane { late_not_before_at: next_at, ..known };
            match &lane {
                Some(lane) => change.update(lane, &spaced),
                None => change.insert(&spaced),
            };
        }
    }
    Ok(Pass::Yes)
}

async fn take(app: &App, decided_on: Seen, index: usize, mut change: Change) -> Result<Claimed, PublishError> {
    let Some(network) = app.networks.find(&decided_on.channel.network) else {
        return Err(PublishError::Missing("the network"));
    };
    let now = app.clock.now();
    let account = channels::account(app, &decided_on.channel).await.map_err(PublishError::Prepare)?;
    let mut next = decided_on.publication.row.clone();
    let job = match frozen_job(app, &decided_on, network.as_ref(), index).await {
        Ok(job) => job,
        Err(error) => return refuse(app, &decided_on.publication, index, error).await,
    };
    let Some(dispatch) = next.dispatches.get_mut(index) else { return Err(PublishError::Missing("the dispatch")) };
    if dispatch.job.is_none() {
        let drawn = job::Seed { now, random: u128::from_be_bytes(id::random()) };
        dispatch.material = network.material(&job, drawn);
        dispatch.job = Some(job);
    }
    dispatch.attempts = dispatch.attempts.saturating_add(1);
    dispatch.looks = 0;
    dispatch.boot = Some(app.boot.into());
    dispatch.claimed_at = Some(now);
    dispatch.held = None;
    let attempt = dispatch.attempts;
    dispatch.apply(now, DispatchEvent::Claimed, Event::Claimed { attempt })?;
    note_first_intent(network.as_ref(), &account, dispatch, now);
    // A person is called once, when it falls to them; what they take up again they know of.
    let calls = next.by_hand && !was_claimed(&decided_on.publication);
    if calls {
        save::tell(app, &mut change, &next);
    }

    change.check(&decided_on.channel);
    if let Some(post) = &decided_on.post {
        if post.stage == Stage::Planned {
            change.update(post, &Post { stage: Stage::Out, ..post.row.clone() });
        } else {
            change.check(post);
        }
    }
    fault::reach(fault::Point::BeforeClaim);
    let claimed = save::save(app, &decided_on.publication, next, change).await;
    fault::reach(fault::Point::AfterClaim);
    if calls {
        notify::ring(app);
    }
    match claimed {
        Ok(publication) => Ok(Claimed::Yes(Box::new(publication))),
        // Someone was first: what they did is looked at afresh.
        Err(PublishError::Store(StoreError::Conflict)) => Ok(Claimed::No),
        Err(error) => Err(error),
    }
}

fn was_claimed(publication: &Publication) -> bool {
    let mut entries = publication.dispatches.iter().flat_map(|dispatch| dispatch.journal.entries());
    entries.any(|entry| matches!(entry.event, Event::Claimed { .. }))
}

/// The claim and the intent of its first step are one commit: the commonest post costs two, not three.
fn note_first_intent(network: &dyn Network, account: &Account, dispatch: &mut Dispatch, now: At) {
    let Some(job) = &dispatch.job else { return };
    if let Some(step) = network.next_step(account, job, &dispatch.progress) {
        dispatch.in_doubt = step.visible.then(|| step.name.clone());
        dispatch.journal.note(now, Event::Sent { step: step.name, visible: step.visible });
    }
}

/// What leaves: as it was frozen at the first claim, or as the post says at this one.
async fn frozen_job(app: &App, seen: &Seen, network: &dyn Network, index: usize) -> Result<Job, NetworkError> {
    let missing = |what: &str| NetworkError::Refused { reason: format!("{what} is no longer there") };
    let publication = &seen.publication;
    let dispatch = publication.dispatches.get(index).ok_or_else(|| missing("this part"))?;
    if let Some(job) = &dispatch.job {
        return Ok(job.clone());
    }
    let id = format!("{}-{index}", publication.id);
    let made = |at: usize| publication.dispatches.get(at).and_then(Dispatch::post).cloned();
    let post = || seen.post.as_ref().ok_or_else(|| missing("the post"));
    let change = match &dispatch.role {
        DispatchRole::Answer { job } => return Ok(Job { id, change: job.change.clone() }),
        DispatchRole::Part { index: part } => NetworkChange::Publish {
            part: render::part(app, post()?, &seen.channel, network, *part).await?,
            root: made(0).filter(|_root| 0 < *part),
            parent: index.checked_sub(1).and_then(made),
        },
        DispatchRole::FirstComment => NetworkChange::Reply {
            part: render::first_comment(post()?, &seen.channel)?,
            root: made(0),
            parent: made(0).ok_or_else(|| missing("the post to comment on"))?,
            parent_handle: None,
        },
        DispatchRole::Edit { index: part, text } => {
            let mut edited = render::part(app, post()?, &seen.channel, network, *part).await?;
            edited.text.clone_from(text);
            let which = usize::try_from(*part).unwrap_or(usize::MAX);
            NetworkChange::Edit { post: made(which).ok_or_else(|| missing("the post to change"))?, part: edited }
        }
        DispatchRole::Delete { dispatch } => {
            let which = usize::try_from(*dispatch).unwrap_or(usize::MAX);
            NetworkChange::Delete { post: made(which).ok_or_else(|| missing("the post to take down"))? }
        }
    };
    Ok(Job { id, change })
}

async fn keep_back(
    app: &App,
    publication: &Stored<Publication>,
    index: usize,
    why: HeldBecause,
) -> Result<Claimed, PublishError> {
    let mut next = publication.row.clone();
    if let Some(dispatch) = next.dispatches.get_mut(index) {
        dispatch.hold(app.clock.now(), why)?;
    }
    next.next_at = None;
    save::save_and_tell(app, publication, next, Change::default()).await?;
    Ok(Claimed::No)
}

async fn refuse(
    app: &App,
    publication: &Stored<Publication>,
    index: usize,
    error: NetworkError,
) -> Result<Claimed, PublishError> {
    let mut next = publication.row.clone();
    if let Some(dispatch) = next.dispatches.get_mut(index) {
        let reason = error.reason().to_owned();
        dispatch.apply(app.clock.now(), DispatchEvent::Refused, Event::Refused { reason })?;
    }
    next.next_at = None;
    save::hold_rest(&mut next, index, app.clock.now())?;
    save::save_and_tell(app, publication, next, Change::default()).await?;
    Ok(Claimed::No)
}
