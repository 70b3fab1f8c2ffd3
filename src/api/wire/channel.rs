//! Channels.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Id, Time};
use crate::channels::{self, ChannelId, ChannelState, Health};
use crate::networks::Capabilities;
use crate::people::PersonId;

/// A connected account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Channel {
    #[schema(value_type = Id)]
    id: ChannelId,
    /// The kind of network: `mastodon`, `bluesky`.
    network: String,
    /// The server it is on.
    server: String,
    /// As people know it: `@ada@example.social`.
    handle: String,
    /// The name it shows.
    name: String,
    /// Its page.
    url: Option<String>,
    state: Stands,
    /// What the network said when it no longer let Belfry in.
    reason: Option<String>,
    connected_at: Time,
    #[schema(value_type = Id)]
    connected_by: PersonId,
    /// The last contact that went well.
    well_at: Option<Time>,
    /// The last that did not.
    ill_at: Option<Time>,
    /// What was wrong with it.
    ill_because: Option<String>,
    /// What can be done there, and within which limits. Null for a network that is not known any more.
    capabilities: Option<Capabilities>,
}

/// Whether anything goes out on a channel.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stands {
    /// Yes.
    Active,
    /// A person paused it.
    Paused,
    /// The network no longer lets Belfry in: it must be connected again.
    Reconnect,
}

impl Channel {
    /// As it is told.
    pub(crate) fn of(channel: channels::Channel, health: Health, capabilities: Option<Capabilities>) -> Self {
        let (state, reason) = match channel.state {
            ChannelState::Active => (Stands::Active, None),
            ChannelState::Paused => (Stands::Paused, None),
            ChannelState::Reconnect { reason, .. } => (Stands::Reconnect, Some(reason)),
        };
        Self {
            id: channel.id,
            network: channel.network,
            server: channel.server,
            handle: channel.handle,
            name: channel.name,
            url: channel.url,
            state,
            reason,
            connected_at: channel.connected_at.into(),
            connected_by: channel.connected_by,
            well_at: health.well_at.map(Time::from),
            ill_at: health.ill_at.map(Time::from),
            ill_because: health.ill_because,
            capabilities,
        }
    }
}

/// Connects an account by a way that needs no visit to the network's own page.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Connect {
    /// The kind of network, as `belfry networks` lists them.
    pub(crate) network: String,
    /// The way: `token`, `password`, `name`; the page of the network in Channels shows which there are.
    pub(crate) way: String,
    /// What that way asks for, by name.
    #[serde(default)]
    pub(crate) fields: BTreeMap<String, String>,
}
