//! Connecting an account, connecting it again, and letting it go.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::app::{App, Worker};
use crate::base::clock::At;
use crate::base::id;
use crate::base::seal::Sealed;
use crate::networks::{Call, ConnectInput, ConnectStep, Connected, Credentials};
use crate::people::{Action, Actor, PersonId, Refusal, WorkspaceId, activity};
use crate::store::{
    Change, Record, Stored,
    schema::{self, CollectionId},
};
use crate::words::Message;

use super::credentials::ChannelSecret;
use super::hook::WEBHOOK_SECRET;
use super::{Channel, ChannelAccount, ChannelId, ChannelState, get};

/// A visit to the network's own page must be over by then.
const VISIT_FOR: Duration = Duration::from_mins(10);

crate::ids! {
    /// A visit to a network's own page that is under way.
    VisitId,
}

/// A visit to a network's own page that is under way: bound to the person who began it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Visit {
    /// Whose channel it shall be.
    pub workspace: WorkspaceId,
    /// Its id.
    pub id: VisitId,
    /// Who began it; only they can end it.
    pub person: PersonId,
    /// Which network.
    pub network: String,
    /// The channel that is connected again; none: a new one.
    #[serde(default)]
    pub again: Option<ChannelId>,
    /// What the connector needs to go on.
    pub sealed: Sealed,
    /// After this it is over.
    pub ends_at: At,
}

impl Record for Visit {
    const COLLECTION: CollectionId = schema::CONNECT_VISITS;
    type Key = (WorkspaceId, VisitId);

    fn key(&self) -> Self::Key {
        (self.workspace, self.id)
    }
}

/// Where connecting stands.
#[derive(Debug)]
pub enum Connecting {
    /// Done.
    Done(Box<Stored<Channel>>),
    /// The person must say yes at the network's page.
    Visit {
        /// The visit, to be ended with [`finish_connecting`].
        id: VisitId,
        /// Where to send the browser.
        url: String,
        /// The network shows a code to paste.
        shows_code: bool,
    },
}

/// Begins connecting an account by one of the network's ways. `back_to` is the address below which visits to the
/// network's page come back: the visit's id is put at its end.
pub async fn connect(
    app: &App,
    actor: &Actor,
    network: &str,
    way: &str,
    input: &ConnectInput,
    back_to: Option<&str>,
) -> Result<Connecting, Refusal> {
    actor.may(Action::ManageChannels)?;
    begin(app, actor, Asked { network, way, again: None }, input, back_to).await
}

/// Begins connecting a channel again: the same account, with credentials that open it. Another account is refused, and
/// nothing is changed.
pub async fn reconnect(
    app: &App,
    actor: &Actor,
    channel: ChannelId,
    way: &str,
    input: &ConnectInput,
    back_to: Option<&str>,
) -> Result<Connecting, Refusal> {
    actor.may(Action::ManageChannels)?;
    let channel = get(app, actor.workspace, channel).await?;
    let asked = Asked { network: &channel.network, way, again: Some(channel.id) };
    begin(app, actor, asked, input, back_to).await
}

/// What is connected, and how.
#[derive(Clone, Copy)]
struct Asked<'a> {
    network: &'a str,
    way: &'a str,
    again: Option<ChannelId>,
}

async fn begin(
    app: &App,
    actor: &Actor,
    asked: Asked<'_>,
    input: &ConnectInput,
    back_to: Option<&str>,
) -> Result<Connecting, Refusal> {
    let Asked { network, way, again } = asked;
    let known = app.networks.find(network).ok_or(Refusal::NotThere)?;
    let form = known.connect_forms().iter().find(|form| form.way == way).ok_or(Refusal::NotThere)?;
    let mut problems = Vec::new();
    for field in form.fields.iter().filter(|field| !field.optional) {
        if input.get(field.name).is_none_or(|value| value.trim().is_empty()) {
            problems.push(crate::people::FieldProblem::new(field.name, Message::new("field-required")));
        }
    }
    Refusal::unless_empty(problems)?;
    let input = &with_own_server(app, network, input);
    let call = Call { client: &app.client, now: app.clock.now() };
    let id: VisitId = app.ids.next();
    let back_to = back_to.map(|below| format!("{below}/{id}"));
    match known.connect(call, way, input, back_to.as_deref()).await? {
        ConnectStep::Connected(connected) => {
            Ok(Connecting::Done(Box::new(keep(app, actor, network, *connected, again).await?)))
        }
        ConnectStep::Visit { url, kept, shows_code } => {
            let plain = serde_json::to_vec(&kept).unwrap_or_default();
            let visit = Visit {
                workspace: actor.workspace,
                id,
                person: actor.person,
                network: network.to_owned(),
                again,
                sealed: app.sealer.seal(bound_to(actor, id), &plain),
                ends_at: app.clock.now().plus(VISIT_FOR),
            };
            let mut change = Change::default();
            change.insert(&visit);
            app.store.commit(change).await?;
            Ok(Connecting::Visit { id, url, shows_code })
        }
    }
}

/// The built-in practice network stands at this server's own address; nobody should have to know it.
fn with_own_server(app: &App, network: &str, input: &ConnectInput) -> ConnectInput {
    let mut input = input.clone();
    if network == "practice"
        && !input.contains_key("server")
        && let Some(own) = app.client.guard().own()
    {
        input.insert("server".to_owned(), own);
    }
    input
}

/// Ends a visit: `input` is what the network's page gave (`code`, `state`).
pub async fn finish_connecting(
    app: &App,
    actor: &Actor,
    visit: VisitId,
    input: &ConnectInput,
) -> Result<Stored<Channel>, Refusal> {
    actor.may(Action::ManageChannels)?;
    let over = || Refusal::Rule(Message::new("connect-visit-over"));
    let visit = app.store.find::<Visit>(&(actor.workspace, visit)).await?.ok_or_else(over)?;
    if visit.person != actor.person || visit.ends_at < app.clock.now() {
        return Err(over());
    }
    let plain = app.sealer.open(bound_to(actor, visit.id), &visit.sealed).map_err(|_error| over())?;
    let kept: Credentials = serde_json::from_slice(&plain).map_err(|_error| over())?;
    // Where the page redirected back it also gave the state; a pasted code comes without one.
    if let (Some(sent), Some(came)) = (kept.find("state"), input.get("state"))
        && !same(sent, came)
    {
        return Err(over());
    }
    let network = app.networks.find(&visit.network).ok_or(Refusal::NotThere)?;
    let call = Call { client: &app.client, now: app.clock.now() };
    let connected = network.finish_connecting(call, &kept, input).await?;
    let channel = keep(app, actor, &visit.network, connected, visit.again).await?;
    let mut change = Change::default();
    change.remove(&visit);
    // The visit is over either way; a code serves once.
    drop(app.store.commit(change).await);
    Ok(channel)
}

/// The channel that a visit connects again, where it does.
pub async fn connected_again(app: &App, actor: &Actor, visit: VisitId) -> Result<Option<ChannelId>, Refusal> {
    let visit = app.store.find::<Visit>(&(actor.workspace, visit)).await?;
    Ok(visit.and_then(|visit| visit.again))
}

/// Lets an account go: nothing more goes out on it and its credentials are forgotten. What it published stays here.
pub async fn disconnect(app: &App, actor: &Actor, channel: ChannelId) -> Result<(), Refusal> {
    actor.may(Action::ManageChannels)?;
    let channel = get(app, actor.workspace, channel).await?;
    let mut change = Change::default();
    change.remove(&channel);
    let account = account_digest(&channel.network, &channel.server, &channel.remote_id);
    if let Some(known) = app.store.find::<ChannelAccount>(&(actor.workspace, account)).await? {
        change.remove(&known);
    }
    if let Some(secret) = app.store.find::<ChannelSecret>(&(actor.workspace, channel.id)).await? {
        change.remove(&secret);
    }
    change.insert(&activity::by(app, actor, "activity-channel-removed", &[("name", &channel.handle)]));
    app.store.commit(change).await?;
    app.live.tell(actor.workspace.bits(), "channel", channel.id.bits());
    Ok(())
}

/// Stores a connected account: a new channel, or the one that it already is, open again. `again`: it must be this one.
async fn keep(
    app: &App,
    actor: &Actor,
    network: &str,
    connected: Connected,
    again: Option<ChannelId>,
) -> Result<Stored<Channel>, Refusal> {
    let now = app.clock.now();
    let account = account_digest(network, &connected.server, &connected.remote_id);
    if let Some(again) = again {
        let meant = get(app, actor.workspace, again).await?;
        if account_digest(&meant.network, &meant.server, &meant.remote_id) != account {
            let told = Message::new("reconnect-another").with("name", meant.handle.as_str());
            return Err(Refusal::Rule(told.with("other", connected.handle)));
        }
    }
    let known = app.store.find::<ChannelAccount>(&(actor.workspace, account)).await?;
    let before = match &known {
        Some(known) => app.store.find::<Channel>(&(actor.workspace, known.channel)).await?,
        None => None,
    };
    let id = before.as_ref().map_or_else(|| app.ids.next(), |before| before.id);
    let channel = Channel {
        workspace: actor.workspace,
        id,
        network: network.to_owned(),
        server: connected.server,
        remote_id: connected.remote_id,
        handle: connected.handle,
        name: connected.name,
        avatar_url: connected.avatar_url,
        url: connected.url,
        settings: connected.settings,
        state: ChannelState::Active,
        connected_at: before.as_ref().map_or(now, |before| before.connected_at),
        connected_by: actor.person,
    };
    let old_secret = app.store.find::<ChannelSecret>(&(actor.workspace, id)).await?;
    let mut credentials = connected.secret;
    // The network goes on calling with the secret it was given; a new token does not end that.
    let hook = old_secret.as_ref().and_then(|old| old.open(app).ok()?.find(WEBHOOK_SECRET).map(str::to_owned));
    if let (Some(hook), None) = (hook, credentials.find(WEBHOOK_SECRET)) {
        credentials.put(WEBHOOK_SECRET, hook);
    }
    let secret = ChannelSecret::seal(app, actor.workspace, id, &credentials, connected.secret_ends_at);
    let mut change = Change::default();
    match &before {
        Some(before) => change.update(before, &channel),
        None => change.insert(&channel),
    };
    match &known {
        Some(known) => change.update(known, &ChannelAccount { channel: id, ..known.row.clone() }),
        None => change.insert(&ChannelAccount { workspace: actor.workspace, account, channel: id }),
    };
    match old_secret {
        Some(old) => change.update(&old, &secret),
        None => change.insert(&secret),
    };
    change.insert(&activity::by(app, actor, "activity-channel-connected", &[("name", &channel.handle)]));
    let version = app.store.commit(change).await?;
    app.live.tell(actor.workspace.bits(), "channel", id.bits());
    for worker in [Worker::Inbox, Worker::Metrics, Worker::Publish] {
        app.kicks.kick(worker);
    }
    Ok(Stored { row: channel, version })
}

fn account_digest(network: &str, server: &str, remote_id: &str) -> u128 {
    id::digest(&[b"account", network.as_bytes(), server.as_bytes(), remote_id.as_bytes()])
}

fn bound_to(actor: &Actor, visit: VisitId) -> u128 {
    id::digest(&[b"visit", &actor.person.bits().to_be_bytes(), &visit.bits().to_be_bytes()])
}

fn same(left: &str, right: &str) -> bool {
    use subtle::ConstantTimeEq;
    left.as_bytes().ct_eq(right.as_bytes()).into()
}
