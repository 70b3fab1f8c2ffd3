//! Collecting figures: what is due, asked for in batches, kept.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::app::App;
use crate::base::clock::At;
use crate::channels::{self, Channel, ChannelId, ChannelState, credentials, health};
use crate::networks::{Call, Figures, NetworkError, RemotePost};
use crate::people::WorkspaceId;
use crate::publish::{Publication, PublicationId, publication::WentOut};
use crate::store::{Change, Scan, StoreError, Stored};

use super::series::{ChannelMonth, Series, SeriesByNext, Snapshot, month_and_day, next_at};

/// How many due series are looked at in one round.
const ROUND_MAX: usize = 1_000;
/// How many new publications are taken up in one round.
const NEW_MAX: usize = 200;
/// A channel whose figures could not be had is asked again after this.
const AFTER_FAULT: Duration = Duration::from_mins(15);

/// Begins a series for each publication that has gone out since the last round. Gives how many.
pub async fn begin(app: &App) -> Result<usize, StoreError> {
    let new = app.store.list::<WentOut>(Scan::all().limit(NEW_MAX)).await?;
    for went_out in &new {
        let mut change = Change::default();
        change.remove(went_out);
        let key = (went_out.workspace, went_out.publication);
        let publication = app.store.find::<Publication>(&key).await?;
        let known = app.store.find::<Series>(&key).await?;
        if let (Some(publication), None) = (publication, known)
            && let Some(published_at) = publication.published_at
            && !publication.by_hand
        {
            change.insert(&Series {
                workspace: publication.workspace,
                publication: publication.id,
                channel: publication.channel,
                published_at,
                snapshots: Vec::new(),
                // What was out long ago is counted at once, so that the first day shows figures.
                next_at: Some(published_at.plus(Duration::from_mins(5)).max(app.clock.now())),
            });
        }
        match app.store.commit(change).await {
            Ok(_) | Err(StoreError::Conflict) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(new.len())
}

/// Takes the snapshots that are due. Gives when the next are.
pub async fn collect(app: &App) -> Result<Option<At>, StoreError> {
    let now = app.clock.now();
    let mut due: BTreeMap<(WorkspaceId, ChannelId), Vec<PublicationId>> = BTreeMap::new();
    let mut next = None;
    for entry in app.store.list_index::<SeriesByNext>(Scan::all().limit(ROUND_MAX)).await? {
        let (at, workspace, channel, publication) = entry.key;
        if now < at {
            next = Some(at);
            break;
        }
        due.entry((workspace, channel)).or_default().push(publication);
    }
    let any = !due.is_empty();
    for ((workspace, channel), publications) in due {
        if let Err(error) = of_channel(app, workspace, channel, &publications).await? {
            tracing::info!(channel.id = %channel, %error, "figures could not be had; they are asked for again");
            put_off(app, workspace, &publications, now.plus(AFTER_FAULT)).await?;
        }
    }
    Ok(if any { Some(app.clock.now()) } else { next })
}

/// Takes the snapshots of one channel. The outer error is the store's, the inner the network's.
async fn of_channel(
    app: &App,
    workspace: WorkspaceId,
    channel: ChannelId,
    publications: &[PublicationId],
) -> Result<Result<(), NetworkError>, StoreError> {
    let stored = app.store.find::<Channel>(&(workspace, channel)).await?;
    let network = stored.as_ref().and_then(|channel| app.networks.find(&channel.network));
    let (Some(channel), Some(figures)) = (&stored, network.and_then(|network| network.figures())) else {
        end(app, workspace, publications).await?;
        return Ok(Ok(()));
    };
    let account = match channels::account(app, channel).await {
        Ok(account) => account,
        Err(error) => {
            let closed = Err(error);
            health::heed(app, channel, &closed).await?;
            return Ok(closed);
        }
    };
    for batch in publications.chunks(figures.batch().max(1)) {
        let call = Call { client: &app.client, now: app.clock.now() };
        let mut posts: Vec<(PublicationId, RemotePost)> = Vec::new();
        for id in batch {
            let publication = app.store.find::<Publication>(&(workspace, *id)).await?;
            let remote = publication.as_ref().filter(|p| !p.is_taken_down()).and_then(|p| p.remote().cloned());
            match remote {
                Some(remote) => posts.push((*id, remote)),
                None => end(app, workspace, &[*id]).await?,
            }
        }
        let asked: Vec<RemotePost> = posts.iter().map(|(_, remote)| remote.clone()).collect();
        let counted = ask(app, channel, figures, call, &account, &asked).await;
        health::note(app, channel, counted.as_ref().map(|_counts| ())).await?;
        health::heed(app, channel, &counted).await?;
        let counted = match counted {
            Ok(counted) => counted,
            Err(error) => return Ok(Err(error)),
        };
        for (id, remote) in posts {
            let counts = counted.iter().find(|(known, _)| *known == remote.id).map(|(_, counts)| *counts);
            keep(app, workspace, id, counts.map(|counts| Snapshot { at: app.clock.now(), counts })).await?;
        }
    }
    Ok(Ok(()))
}

async fn ask(
    app: &App,
    channel: &Stored<Channel>,
    figures: &dyn Figures,
    call: Call<'_>,
    account: &crate::networks::Account,
    posts: &[RemotePost],
) -> Result<Vec<(String, crate::networks::Counts)>, NetworkError> {
    match figures.of_posts(call, account, posts).await {
        Err(NetworkError::Expired { .. }) => {
            credentials::refresh(app, channel).await?;
            let account = channels::account(app, channel).await?;
            figures.of_posts(call, &account, posts).await
        }
        answered => answered,
    }
}

/// Keeps a snapshot and sets when the next is due. Without one the post is gone at the network: no more are taken.
async fn keep(
    app: &App,
    workspace: WorkspaceId,
    id: PublicationId,
    snapshot: Option<Snapshot>,
) -> Result<(), StoreError> {
    let Some(series) = app.store.find::<Series>(&(workspace, id)).await? else { return Ok(()) };
    let mut next = series.row.clone();
    let now = app.clock.now();
    next.next_at = snapshot.and_then(|_counted| next_at(series.published_at, now));
    next.snapshots.extend(snapshot);
    save(app, &series, next).await?;
    app.live.tell(workspace.bits(), "figures", id.bits());
    Ok(())
}

async fn end(app: &App, workspace: WorkspaceId, publications: &[PublicationId]) -> Result<(), StoreError> {
    for id in publications {
        if let Some(series) = app.store.find::<Series>(&(workspace, *id)).await? {
            save(app, &series, Series { next_at: None, ..series.row.clone() }).await?;
        }
    }
    Ok(())
}

async fn put_off(
    app: &App,
    workspace: WorkspaceId,
    publications: &[PublicationId],
    until_at: At,
) -> Result<(), StoreError> {
    for id in publications {
        if let Some(series) = app.store.find::<Series>(&(workspace, *id)).await? {
            save(app, &series, Series { next_at: Some(until_at), ..series.row.clone() }).await?;
        }
    }
    Ok(())
}

async fn save(app: &App, before: &Stored<Series>, next: Series) -> Result<(), StoreError> {
    let mut change = Change::default();
    change.update(before, &next);
    match app.store.commit(change).await {
        Ok(_) | Err(StoreError::Conflict) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Counts the account of a channel once a day. Gives whether it was due.
pub async fn count_channel(app: &App, channel: &Stored<Channel>) -> Result<bool, StoreError> {
    if matches!(channel.state, ChannelState::Reconnect { .. }) {
        return Ok(false);
    }
    let (month, day) = month_and_day(app.clock.now());
    let known = app.store.find::<ChannelMonth>(&(channel.workspace, channel.id, month)).await?;
    if known.as_ref().is_some_and(|known| known.days.contains_key(&day)) {
        return Ok(false);
    }
    let network = app.networks.find(&channel.network);
    let Some(figures) = network.and_then(|network| network.figures()) else { return Ok(false) };
    let counted = async {
        let account = channels::account(app, channel).await?;
        figures.of_account(Call { client: &app.client, now: app.clock.now() }, &account).await
    };
    let counted = counted.await;
    health::heed(app, channel, &counted).await?;
    let counts = match counted {
        Ok(counts) => counts,
        Err(error) => {
            tracing::info!(channel.id = %channel.id, %error, "the account could not be counted");
            return Ok(false);
        }
    };
    let mut next = known.as_ref().map_or_else(
        || ChannelMonth { workspace: channel.workspace, channel: channel.id, month, days: BTreeMap::new() },
        |known| known.row.clone(),
    );
    next.days.insert(day, counts);
    let mut change = Change::default();
    match &known {
        Some(known) => change.update(known, &next),
        None => change.insert(&next),
    };
    match app.store.commit(change).await {
        Ok(_) | Err(StoreError::Conflict) => Ok(true),
        Err(error) => Err(error),
    }
}
