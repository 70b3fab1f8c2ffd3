//! How a channel is: the last contact, the last fault, how far its inbox and its history were read.

use serde::{Deserialize, Serialize};

use crate::app::{App, Worker};
use crate::base::clock::At;
use crate::networks::{Call, Connected, NetworkError};
use crate::notify::{self, What};
use crate::people::{Action, Actor, Refusal, WorkspaceId, activity};
use crate::store::{
    Change, Record, StoreError, Stored,
    schema::{self, CollectionId},
};

use super::{Channel, ChannelId, ChannelState, credentials};

/// How a channel is. Apart from the channel, since it changes with each contact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Health {
    /// Whose.
    pub workspace: WorkspaceId,
    /// Which channel.
    pub channel: ChannelId,
    /// The last contact that went well.
    pub well_at: Option<At>,
    /// The last that did not.
    pub ill_at: Option<At>,
    /// What was wrong with it.
    pub ill_because: Option<String>,
    /// How far the inbox was read.
    pub inbox_checkpoint: Option<String>,
    /// When the account's earlier posts were brought in.
    pub imported_at: Option<At>,
}

impl Record for Health {
    const COLLECTION: CollectionId = schema::CHANNEL_HEALTH;
    type Key = (WorkspaceId, ChannelId);

    fn key(&self) -> Self::Key {
        (self.workspace, self.channel)
    }
}

/// How a channel is, where it was ever spoken to.
pub async fn health(app: &App, channel: &Channel) -> Result<Health, StoreError> {
    let found: Option<Stored<Health>> = app.store.find(&(channel.workspace, channel.id)).await?;
    Ok(found.map_or_else(|| fresh(channel), |stored| stored.row))
}

/// Notes a contact. A note that loses a race against another is left out: the other is as new.
pub async fn note(app: &App, channel: &Channel, contact: Result<(), &NetworkError>) -> Result<(), StoreError> {
    let now = app.clock.now();
    let changed = update(app, channel, |health| match contact {
        Ok(()) => health.well_at = Some(now),
        Err(error) => {
            health.ill_at = Some(now);
            health.ill_because = Some(error.reason().to_owned());
        }
    });
    match changed.await {
        Ok(()) | Err(StoreError::Conflict) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Changes what is known of a channel's health.
pub async fn update(app: &App, channel: &Channel, edit: impl FnOnce(&mut Health)) -> Result<(), StoreError> {
    let mut change = Change::default();
    put(app, channel, &mut change, edit).await?;
    app.store.commit(change).await.map(drop)
}

/// The same as part of a larger commit.
pub async fn put(
    app: &App,
    channel: &Channel,
    change: &mut Change,
    edit: impl FnOnce(&mut Health),
) -> Result<(), StoreError> {
    let known = app.store.find::<Health>(&(channel.workspace, channel.id)).await?;
    let mut next = known.as_ref().map_or_else(|| fresh(channel), |known| known.row.clone());
    edit(&mut next);
    match &known {
        Some(known) => change.update(known, &next),
        None => change.insert(&next),
    };
    Ok(())
}

fn fresh(channel: &Channel) -> Health {
    Health {
        workspace: channel.workspace,
        channel: channel.id,
        well_at: None,
        ill_at: None,
        ill_because: None,
        inbox_checkpoint: None,
        imported_at: None,
    }
}

/// The network no longer lets Belfry in: nothing goes out until the channel is connected again, and people are told, in
/// one commit. A channel that a person paused, or that is locked out already, stays as it is.
pub async fn lock_out(app: &App, channel: &Channel, reason: &str) -> Result<(), StoreError> {
    let Some(known) = app.store.find::<Channel>(&(channel.workspace, channel.id)).await? else { return Ok(()) };
    if known.state != ChannelState::Active {
        return Ok(());
    }
    let state = ChannelState::Reconnect { reason: reason.to_owned(), since_at: app.clock.now() };
    let mut change = Change::default();
    change.update(&known, &Channel { state, ..known.row.clone() });
    notify::tell(app, &mut change, known.workspace, What::Reconnect, known.id.bits(), &known.handle);
    match app.store.commit(change).await {
        Ok(_) => {
            app.live.tell(known.workspace.bits(), "channel", known.id.bits());
            notify::ring(app);
            Ok(())
        }
        // A person, or the lane, was faster; the next contact tells.
        Err(StoreError::Conflict) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Locks the channel out where a contact says that it must be connected again.
pub async fn heed<T>(app: &App, channel: &Channel, contact: &Result<T, NetworkError>) -> Result<(), StoreError> {
    match contact {
        Err(NetworkError::Reconnect { reason }) => lock_out(app, channel, reason).await,
        Ok(_) | Err(_) => Ok(()),
    }
}

/// What came of a test that the account passed.
#[derive(Clone, Debug)]
pub struct Tested {
    /// The channel, as it is now.
    pub channel: Stored<Channel>,
    /// The permissions it lacks, by the names that the network's own pages use.
    pub missing: Vec<String>,
}

/// Asks the network whether the account still opens, and what it may not do there; its name, picture and limits are read afresh. A channel that was
/// locked out and opens again is active again; `publish::decide::release_channel` then lets go on what was held.
pub async fn test(app: &App, actor: &Actor, id: ChannelId) -> Result<Tested, Refusal> {
    actor.may(Action::ManageChannels)?;
    let channel = super::get(app, actor.workspace, id).await?;
    let network = app.networks.find(&channel.network).ok_or(Refusal::NotThere)?;
    let tested = async {
        let account = credentials::account(app, &channel).await?;
        let call = Call { client: &app.client, now: app.clock.now() };
        let connected = network.test(call, &account).await?;
        Ok((connected, network.missing(call, &account).await?))
    };
    let tested: Result<_, NetworkError> = tested.await;
    note(app, &channel, tested.as_ref().map(|_well| ())).await?;
    heed(app, &channel, &tested).await?;
    let (Connected { handle, name, avatar_url, url, settings, .. }, missing) = tested?;
    let locked_out = matches!(channel.state, ChannelState::Reconnect { .. });
    let state = if locked_out { ChannelState::Active } else { channel.state.clone() };
    let after = Channel { handle, name, avatar_url, url, settings, state, ..channel.row.clone() };
    let channel = if after == channel.row { channel } else { save(app, actor, &channel, after, None).await? };
    Ok(Tested { channel, missing })
}

/// Nothing goes out on it until it is resumed; what is due meanwhile is held.
pub async fn pause(app: &App, actor: &Actor, id: ChannelId) -> Result<Stored<Channel>, Refusal> {
    actor.may(Action::ManageChannels)?;
    let channel = super::get(app, actor.workspace, id).await?;
    let after = Channel { state: ChannelState::Paused, ..channel.row.clone() };
    save(app, actor, &channel, after, Some("activity-channel-paused")).await
}

/// Lets it go on. What was held because of the pause is released by `publish::decide::release_channel`.
pub async fn resume(app: &App, actor: &Actor, id: ChannelId) -> Result<Stored<Channel>, Refusal> {
    actor.may(Action::ManageChannels)?;
    let channel = super::get(app, actor.workspace, id).await?;
    if channel.state != ChannelState::Paused {
        return Ok(channel);
    }
    let after = Channel { state: ChannelState::Active, ..channel.row.clone() };
    save(app, actor, &channel, after, Some("activity-channel-resumed")).await
}

async fn save(
    app: &App,
    actor: &Actor,
    before: &Stored<Channel>,
    after: Channel,
    told: Option<&'static str>,
) -> Result<Stored<Channel>, Refusal> {
    let mut change = Change::default();
    change.update(before, &after);
    if let Some(key) = told {
        change.insert(&activity::by(app, actor, key, &[("name", &after.handle)]));
    }
    let version = app.store.commit(change).await?;
    app.live.tell(after.workspace.bits(), "channel", after.id.bits());
    app.kicks.kick(Worker::Publish);
    Ok(Stored { row: after, version })
}
