//! Channels: accounts connected on networks, what opens them, and how they are.
//!
//! What changes often has rows of its own: the secret (refreshed), the health (each contact), the lane (rate limits).
//! So the channel's own row changes only when a person or a refusal changes what may go out, and a claim that checks it
//! loses exactly those races it should lose.

pub mod connect;
pub mod credentials;
pub mod health;
pub mod hook;

use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::base::clock::At;
use crate::people::{PersonId, Refusal, WorkspaceId};
use crate::store::{
    Record, Scan, StoreError, Stored,
    schema::{self, CollectionId},
};

pub use connect::{Connecting, VisitId, connect, disconnect, finish_connecting, reconnect};
pub use credentials::account;
pub use health::{Health, Tested, health, pause, resume, test};

crate::ids! {
    /// A channel: one connected account.
    ChannelId,
}

/// A connected account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Channel {
    /// Whose it is.
    pub workspace: WorkspaceId,
    /// Its id.
    pub id: ChannelId,
    /// The network's name.
    pub network: String,
    /// The server's origin.
    pub server: String,
    /// The network's id of the account.
    pub remote_id: String,
    /// `@ada@example.social`.
    pub handle: String,
    /// The name it shows.
    pub name: String,
    /// Its picture at the network; pages show the cached copy.
    pub avatar_url: Option<String>,
    /// Its page.
    pub url: Option<String>,
    /// What the network said of itself and the account: live limits.
    pub settings: serde_json::Value,
    /// Whether anything may go out.
    pub state: ChannelState,
    /// When it was connected.
    pub connected_at: At,
    /// Who connected it.
    pub connected_by: PersonId,
}

/// Whether anything may go out on a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelState {
    /// Yes.
    Active,
    /// A person paused it.
    Paused,
    /// The network no longer lets Belfry in.
    Reconnect {
        /// In the network's words.
        reason: String,
        /// Since when.
        since_at: At,
    },
}

impl Record for Channel {
    const COLLECTION: CollectionId = schema::CHANNELS;
    type Key = (WorkspaceId, ChannelId);

    fn key(&self) -> Self::Key {
        (self.workspace, self.id)
    }
}

/// Says that an account is connected in a workspace, so that it cannot be connected twice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChannelAccount {
    /// Whose.
    pub workspace: WorkspaceId,
    /// Digest of network, server and the network's id of the account.
    pub account: u128,
    /// The channel it is.
    pub channel: ChannelId,
}

impl Record for ChannelAccount {
    const COLLECTION: CollectionId = schema::CHANNEL_ACCOUNTS;
    type Key = (WorkspaceId, u128);

    fn key(&self) -> Self::Key {
        (self.workspace, self.account)
    }
}

/// The most channels a workspace has.
pub const CHANNELS_MAX: usize = 200;

/// The channels of a workspace, in the order in which they were connected.
pub async fn list(app: &App, workspace: WorkspaceId) -> Result<Vec<Stored<Channel>>, StoreError> {
    app.store.list::<Channel>(Scan::under((workspace,)).limit(CHANNELS_MAX)).await
}

/// A channel of this workspace.
pub async fn get(app: &App, workspace: WorkspaceId, channel: ChannelId) -> Result<Stored<Channel>, Refusal> {
    app.store.find::<Channel>(&(workspace, channel)).await?.ok_or(Refusal::NotThere)
}
