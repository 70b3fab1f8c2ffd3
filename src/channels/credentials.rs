//! What opens an account: sealed at rest, opened just before use, refreshed one at a time.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::base::clock::At;
use crate::base::fault;
use crate::base::id;
use crate::base::seal::Sealed;
use crate::networks::{Account, Call, Credentials, NetworkError};
use crate::people::{Refusal, WorkspaceId};
use crate::store::{
    Change, Entries, Record, Scan, StoreError, Stored,
    schema::{self, CollectionId},
};

use super::{Channel, ChannelId};

/// Credentials are renewed so long before they end.
const AHEAD: Duration = Duration::from_mins(10);

/// The sealed credentials of a channel. Apart from the channel, since they change by themselves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChannelSecret {
    /// Whose.
    pub workspace: WorkspaceId,
    /// Which channel's.
    pub channel: ChannelId,
    /// Opened only with the server's key, for this channel only.
    pub sealed: Sealed,
    /// When they end.
    pub ends_at: Option<At>,
}

crate::index! {
    /// Credentials that end, by when.
    pub SecretsByEnd in schema::SECRETS_BY_END: (At, WorkspaceId, ChannelId) => ();
}

impl Record for ChannelSecret {
    const COLLECTION: CollectionId = schema::CHANNEL_SECRETS;
    type Key = (WorkspaceId, ChannelId);

    fn key(&self) -> Self::Key {
        (self.workspace, self.channel)
    }

    fn entries(&self, out: &mut Entries) {
        if let Some(ends_at) = self.ends_at {
            out.add(SecretsByEnd, (ends_at, self.workspace, self.channel), &());
        }
    }
}

impl ChannelSecret {
    /// Seals credentials for a channel.
    pub fn seal(
        app: &App,
        workspace: WorkspaceId,
        channel: ChannelId,
        secret: &Credentials,
        ends_at: Option<At>,
    ) -> Self {
        let plain = serde_json::to_vec(secret).unwrap_or_default();
        Self { workspace, channel, sealed: app.sealer.seal(bound_to(workspace, channel), &plain), ends_at }
    }

    pub(super) fn open(&self, app: &App) -> Result<Credentials, NetworkError> {
        let closed = |reason: &str| NetworkError::Reconnect { reason: reason.to_owned() };
        let plain = app
            .sealer
            .open(bound_to(self.workspace, self.channel), &self.sealed)
            .map_err(|_error| closed("the stored credentials do not open with this server's key"))?;
        serde_json::from_slice(&plain).map_err(|_error| closed("the stored credentials are not understood"))
    }
}

fn bound_to(workspace: WorkspaceId, channel: ChannelId) -> u128 {
    id::digest(&[b"channel", &workspace.bits().to_be_bytes(), &channel.bits().to_be_bytes()])
}

/// The account behind a channel, with its credentials opened; renewed first where they end soon.
pub async fn account(app: &App, channel: &Channel) -> Result<Account, NetworkError> {
    let mut secret = stored(app, channel).await?;
    if secret.ends_at.is_some_and(|ends_at| ends_at < app.clock.now().plus(AHEAD)) {
        match renew(app, channel, &secret).await {
            Ok(()) => secret = stored(app, channel).await?,
            // Not renewed now: the old ones may still open it for some minutes.
            Err(NetworkError::NotSent { .. } | NetworkError::Wait { .. } | NetworkError::Unclear { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    open(app, channel, &secret)
}

/// Renews the credentials now: the network said that they have ended.
pub async fn refresh(app: &App, channel: &Channel) -> Result<(), NetworkError> {
    let secret = stored(app, channel).await?;
    renew(app, channel, &secret).await
}

/// When a channel's credentials end, where the network says so. They are renewed before, where it lets them be.
pub async fn ends_at(app: &App, channel: &Channel) -> Result<Option<At>, StoreError> {
    let found = app.store.find::<ChannelSecret>(&(channel.workspace, channel.id)).await?;
    Ok(found.and_then(|secret| secret.ends_at))
}

/// Keeps one more secret beside the others of a channel, in place of the one of that name.
pub async fn keep(app: &App, channel: &Channel, name: &str, value: String) -> Result<(), Refusal> {
    // A renewal in between would write what it read before.
    let _one_at_a_time = app.renewing.lock().await;
    let known = stored(app, channel).await?;
    let mut secret = known.open(app)?;
    secret.put(name, value);
    let mut change = Change::default();
    change.update(&known, &ChannelSecret::seal(app, channel.workspace, channel.id, &secret, known.ends_at));
    app.store.commit(change).await?;
    Ok(())
}

/// Channels whose credentials end before `until`, for renewing ahead of time.
pub async fn ending(app: &App, until: At, most: usize) -> Result<Vec<(WorkspaceId, ChannelId, At)>, StoreError> {
    let entries = app.store.list_index::<SecretsByEnd>(Scan::all().limit(most)).await?;
    let keys = entries.into_iter().map(|entry| entry.key);
    Ok(keys.take_while(|(at, _, _)| *at < until).map(|(at, workspace, channel)| (workspace, channel, at)).collect())
}

fn open(app: &App, channel: &Channel, secret: &ChannelSecret) -> Result<Account, NetworkError> {
    Ok(Account {
        server: channel.server.clone(),
        remote_id: channel.remote_id.clone(),
        secret: secret.open(app)?,
        settings: channel.settings.clone(),
    })
}

async fn stored(app: &App, channel: &Channel) -> Result<Stored<ChannelSecret>, NetworkError> {
    let found = app.store.find::<ChannelSecret>(&(channel.workspace, channel.id)).await;
    found
        .map_err(|error| NetworkError::NotSent { reason: format!("the store: {error}") })?
        .ok_or_else(|| NetworkError::Reconnect { reason: "no credentials are stored".to_owned() })
}

/// Renews, unless someone else did since `seen` was read. Refresh tokens are for one use: two at once would lock the
/// account out, so there is one renewal at a time in the whole process.
async fn renew(app: &App, channel: &Channel, seen: &Stored<ChannelSecret>) -> Result<(), NetworkError> {
    let _one_at_a_time = app.renewing.lock().await;
    let secret = stored(app, channel).await?;
    if secret.version != seen.version {
        return Ok(());
    }
    let Some(network) = app.networks.find(&channel.network) else {
        return Err(NetworkError::unsupported("this network is not known here"));
    };
    let account = open(app, channel, &secret)?;
    let call = Call { client: &app.client, now: app.clock.now() };
    let Some(fresh) = network.refresh(call, &account).await? else { return Ok(()) };
    fault::reach(fault::Point::AfterRefresh);
    let next = ChannelSecret::seal(app, channel.workspace, channel.id, &fresh.secret, fresh.secret_ends_at);
    let mut change = Change::default();
    change.update(&secret, &next);
    let saved = app.store.commit(change).await;
    saved
        .map(drop)
        .map_err(|error| NetworkError::NotSent { reason: format!("the fresh credentials are not stored: {error}") })
}
