//! What a person decides about a publication: let it go on, leave it, say what became of it, take it down, change it.

use url::Url;

use crate::app::{App, Worker};
use crate::channels::{self, Channel, ChannelId, Tested};
use crate::networks::RemotePost;
use crate::people::{Action, Actor, Refusal, WorkspaceId, activity};
use crate::store::{Change, Scan, StoreError, Stored};
use crate::words::Message;

use super::journal::{Event, HeldBecause};
use super::publication::{
    Dispatch, DispatchRole, Publication, PublicationId, PublicationsForPerson, PublicationsOpenByChannel,
};
use super::state::{DispatchEvent, DispatchState};
use super::{PublishError, save, steps};

/// How many publications one release of a channel goes through at a time.
const BATCH: usize = 500;

/// A publication of this workspace.
pub async fn get(app: &App, actor: &Actor, id: PublicationId) -> Result<Stored<Publication>, Refusal> {
    actor.may(Action::SeePosts)?;
    app.store.find::<Publication>(&(actor.workspace, id)).await?.ok_or(Refusal::NotThere)
}

/// What waits for a person, by when it was due. For who may plan only their own: what they planned.
pub async fn list_for_person(app: &App, actor: &Actor, most: usize) -> Result<Vec<Stored<Publication>>, Refusal> {
    actor.may(Action::SeePosts)?;
    let entries = app.store.list_index::<PublicationsForPerson>(Scan::under((actor.workspace,)).limit(most)).await?;
    let mut publications = Vec::with_capacity(entries.len());
    for entry in entries {
        let (_, _, id) = entry.key;
        let publication = app.store.find::<Publication>(&(actor.workspace, id)).await?;
        publications.extend(publication.filter(|found| actor.may_for(Action::Schedule, found.planned_by).is_ok()));
    }
    Ok(publications)
}

/// Lets what is held or failed go on, from the part where it stopped.
pub async fn release(app: &App, actor: &Actor, id: PublicationId) -> Result<(), Refusal> {
    let publication = get_to_decide(app, actor, id).await?;
    let mut next = publication.row.clone();
    let by = Some(actor.person);
    if !release_all(app, &mut next, by).map_err(impossible)? {
        return Err(Refusal::Rule(Message::new("publication-nothing-to-release")));
    }
    commit(app, actor, &publication, next, "activity-publication-released").await
}

/// Keeps back what has not left yet, until it is released.
pub async fn hold(app: &App, actor: &Actor, id: PublicationId) -> Result<(), Refusal> {
    let publication = get_to_decide(app, actor, id).await?;
    let mut next = publication.row.clone();
    let now = app.clock.now();
    for dispatch in next.dispatches.iter_mut().filter(|dispatch| dispatch.state == DispatchState::Planned) {
        dispatch.hold(now, HeldBecause::Person).map_err(impossible)?;
    }
    if next == publication.row {
        return Err(Refusal::Rule(Message::new("publication-has-gone")));
    }
    next.next_at = None;
    commit(app, actor, &publication, next, "activity-publication-held").await
}

/// Leaves it as it is: what is not out stays unsent for good.
pub async fn leave(app: &App, actor: &Actor, id: PublicationId) -> Result<(), Refusal> {
    let publication = get_to_decide(app, actor, id).await?;
    let mut next = publication.row.clone();
    let now = app.clock.now();
    let mut left = false;
    for dispatch in &mut next.dispatches {
        let open = matches!(
            dispatch.state,
            DispatchState::Planned | DispatchState::Held | DispatchState::Failed | DispatchState::Unsure
        );
        if open {
            let told = Event::Withdrawn { by: actor.person };
            dispatch.apply(now, DispatchEvent::Withdrawn, told).map_err(impossible)?;
            left = true;
        }
    }
    if !left {
        return Err(Refusal::Rule(Message::new("publication-has-gone")));
    }
    next.next_at = None;
    commit(app, actor, &publication, next, "activity-publication-left").await
}

/// Says what became of a request whose outcome is unknown. `is_there`: it is out (at `url`, if given); else it goes out
/// now.
pub async fn decide(
    app: &App,
    actor: &Actor,
    id: PublicationId,
    is_there: bool,
    url: Option<String>,
) -> Result<(), Refusal> {
    let publication = get_to_decide(app, actor, id).await?;
    let unsure = publication.dispatches.iter().position(|dispatch| dispatch.state == DispatchState::Unsure);
    let index = unsure.ok_or_else(|| Refusal::Rule(Message::new("publication-is-settled")))?;
    finish(app, actor, &publication, index, is_there, url).await
}

async fn finish(
    app: &App,
    actor: &Actor,
    publication: &Stored<Publication>,
    index: usize,
    is_there: bool,
    url: Option<String>,
) -> Result<(), Refusal> {
    let url = url.map(|url| url.trim().to_owned()).filter(|url| !url.is_empty());
    if url.as_ref().is_some_and(|url| !is_link(url)) {
        return Err(Refusal::field("url", Message::new("publication-url")));
    }
    let now = app.clock.now();
    let mut next = publication.row.clone();
    if let Some(dispatch) = next.dispatches.get_mut(index) {
        dispatch.in_doubt = None;
        dispatch.journal.note(now, Event::Decided { by: actor.person, is_there });
        if is_there {
            let id = url.clone().unwrap_or_default();
            dispatch.progress.post = Some(RemotePost { id, url: url.clone(), ..RemotePost::default() });
            dispatch.apply(now, DispatchEvent::Confirmed, Event::Confirmed { url }).map_err(impossible)?;
        } else {
            let told = Event::Released { by: Some(actor.person) };
            dispatch.apply(now, DispatchEvent::NotThere, told).map_err(impossible)?;
        }
    }
    let mut change = Change::default();
    if is_there {
        steps::went_out(&mut change, &mut next, now);
    }
    next.next_at = next.current().map(|_open| now);
    commit_with(app, actor, publication, next, "activity-publication-decided", change).await
}

/// A web address with a host. Not https alone: servers at home have none.
fn is_link(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// Takes down at the network what is out, the last part first.
pub async fn take_down(app: &App, actor: &Actor, id: PublicationId) -> Result<(), Refusal> {
    let publication = get_to_decide(app, actor, id).await?;
    let channel = channel_of(app, &publication).await?;
    if !can(app, &channel, |can| can.delete) {
        return Err(Refusal::Rule(Message::new("publication-no-delete")));
    }
    let mut next = publication.row.clone();
    let out: Vec<u32> = (0_u32..)
        .zip(&publication.dispatches)
        .filter(|(_, dispatch)| {
            dispatch.post().is_some()
                && !matches!(dispatch.role, DispatchRole::Edit { .. } | DispatchRole::Delete { .. })
        })
        .map(|(index, _)| index)
        .collect();
    let going = publication.dispatches.iter().any(|dispatch| {
        matches!(dispatch.role, DispatchRole::Delete { .. }) && dispatch.state != DispatchState::Withdrawn
    });
    if out.is_empty() || going {
        return Err(Refusal::Rule(Message::new("publication-nothing-out")));
    }
    let now = app.clock.now();
    // What has not left yet shall not leave after the rest was taken down.
    for dispatch in next
        .dispatches
        .iter_mut()
        .filter(|dispatch| !matches!(dispatch.state, DispatchState::Done | DispatchState::Withdrawn))
    {
        let told = Event::Withdrawn { by: actor.person };
        dispatch.apply(now, DispatchEvent::Withdrawn, told).map_err(|_sending| Refusal::ChangedMeanwhile)?;
    }
    next.dispatches.extend(out.into_iter().rev().map(|dispatch| Dispatch::planned(DispatchRole::Delete { dispatch })));
    next.next_at = Some(now);
    commit(app, actor, &publication, next, "activity-publication-taken-down").await
}

/// Changes at the network what a part that is out says.
pub async fn change_out(app: &App, actor: &Actor, id: PublicationId, index: u32, text: String) -> Result<(), Refusal> {
    let publication = get_to_decide(app, actor, id).await?;
    let channel = channel_of(app, &publication).await?;
    if !can(app, &channel, |can| can.edit) {
        return Err(Refusal::Rule(Message::new("publication-no-edit")));
    }
    let part = usize::try_from(index).ok().and_then(|index| publication.dispatches.get(index));
    if part.and_then(Dispatch::post).is_none() || publication.is_taken_down() || publication.current().is_some() {
        return Err(Refusal::Rule(Message::new("publication-nothing-out")));
    }
    let mut next = publication.row.clone();
    next.dispatches.push(Dispatch::planned(DispatchRole::Edit { index, text }));
    next.next_at = Some(app.clock.now());
    commit(app, actor, &publication, next, "activity-publication-changed").await
}

/// Asks the network of a channel whether it still opens; where it does, what was held because of it goes on.
pub async fn test_channel(app: &App, actor: &Actor, id: ChannelId) -> Result<Tested, Refusal> {
    let tested = channels::test(app, actor, id).await?;
    let_go(app, &tested.channel).await;
    Ok(tested)
}

/// Lets a paused channel go on, and what was held because of it.
pub async fn resume_channel(app: &App, actor: &Actor, id: ChannelId) -> Result<Stored<Channel>, Refusal> {
    let channel = channels::resume(app, actor, id).await?;
    let_go(app, &channel).await;
    Ok(channel)
}

/// What was held because of a channel goes on. Where that fails it can still be let go on by hand, post by post. Gives
/// how many posts go on.
pub async fn let_go(app: &App, channel: &Channel) -> usize {
    release_channel(app, channel.workspace, channel.id).await.unwrap_or_else(|error| {
        tracing::warn!(channel.id = %channel.id, %error, "what was held is not released");
        0
    })
}

/// Lets everything go on that was held because of this channel. Gives how many.
pub async fn release_channel(app: &App, workspace: WorkspaceId, channel: ChannelId) -> Result<usize, PublishError> {
    let entries =
        app.store.list_index::<PublicationsOpenByChannel>(Scan::under((workspace, channel)).limit(BATCH)).await?;
    let mut released = 0_usize;
    for entry in entries {
        let (_, _, id) = entry.key;
        let Some(publication) = app.store.find::<Publication>(&(workspace, id)).await? else { continue };
        let mut next = publication.row.clone();
        let because = |why| matches!(why, Some(HeldBecause::ChannelPaused | HeldBecause::Reconnect));
        let first_held = publication.dispatches.iter().find(|dispatch| dispatch.state == DispatchState::Held);
        if first_held.is_some_and(|dispatch| because(dispatch.held)) && release_all(app, &mut next, None)? {
            match save::save(app, &publication, next, Change::default()).await {
                Ok(_) => released = released.saturating_add(1),
                Err(PublishError::Store(StoreError::Conflict)) => {}
                Err(error) => return Err(error),
            }
        }
    }
    app.kicks.kick(Worker::Publish);
    Ok(released)
}

/// Makes everything held or failed planned again. Gives whether there was anything.
fn release_all(
    app: &App,
    next: &mut Publication,
    by: Option<crate::people::PersonId>,
) -> Result<bool, super::state::Impossible> {
    let now = app.clock.now();
    let mut any = false;
    for dispatch in &mut next.dispatches {
        let failed = dispatch.state == DispatchState::Failed;
        if failed || dispatch.state == DispatchState::Held {
            if failed {
                // The network said no to what was frozen; the next claim reads the post afresh.
                dispatch.job = None;
            }
            dispatch.held = None;
            dispatch.apply(now, DispatchEvent::Released, Event::Released { by })?;
            any = true;
        }
    }
    if any {
        // A person, or the channel's return, says that it shall go out: it is not held as late a second time.
        if next.due_at < now && by.is_some() {
            next.due_at = now;
        }
        next.next_at = Some(next.due_at.max(now));
    }
    Ok(any)
}

pub(super) async fn get_to_decide(app: &App, actor: &Actor, id: PublicationId) -> Result<Stored<Publication>, Refusal> {
    let publication = get(app, actor, id).await?;
    actor.may_for(Action::Schedule, publication.planned_by)?;
    Ok(publication)
}

async fn channel_of(app: &App, publication: &Publication) -> Result<Stored<Channel>, Refusal> {
    let gone = || Refusal::Rule(Message::new("plan-channel-gone"));
    app.store.find::<Channel>(&(publication.workspace, publication.channel)).await?.ok_or_else(gone)
}

fn can(app: &App, channel: &Channel, ask: impl FnOnce(&crate::networks::Capabilities) -> bool) -> bool {
    app.networks.find(&channel.network).is_some_and(|network| ask(&network.capabilities(&channel.settings)))
}

async fn commit(
    app: &App,
    actor: &Actor,
    before: &Stored<Publication>,
    next: Publication,
    told: &'static str,
) -> Result<(), Refusal> {
    commit_with(app, actor, before, next, told, Change::default()).await
}

pub(super) async fn commit_with(
    app: &App,
    actor: &Actor,
    before: &Stored<Publication>,
    next: Publication,
    told: &'static str,
    mut change: Change,
) -> Result<(), Refusal> {
    change.insert(&activity::by(app, actor, told, &[("name", &before.subject)]));
    match save::save(app, before, next, change).await {
        Ok(_) => {
            app.kicks.kick(Worker::Publish);
            Ok(())
        }
        Err(PublishError::Store(error)) => Err(error.into()),
        Err(PublishError::Impossible(error)) => Err(impossible(error)),
        Err(PublishError::Missing(_)) => Err(Refusal::NotThere),
        Err(PublishError::Prepare(error)) => Err(error.into()),
    }
}

/// A change of state that is not possible means that the publication went on meanwhile.
pub(super) fn impossible(error: super::state::Impossible) -> Refusal {
    tracing::info!(%error, "a decision came too late");
    Refusal::ChangedMeanwhile
}
