//! Networks: the border between Belfry and each kind of service.
//!
//! Plain values in, plain values out. A connector knows one network's words, limits and requests; it holds no state,
//! opens no store, reads no clock of its own, never sleeps, loops or retries. What must wait comes back as a value
//! ([`Turn::Wait`], [`NetworkError`]), and the publishing engine decides what happens next.
//!
//! A change at a network is made in **steps**. [`Network::next_step`] names the next one from what is known so far
//! ([`Progress`]); the engine writes it to the journal, calls [`Network::take_step`], and writes down what came of it
//! before asking again. So after a crash the engine knows which request may have left, and [`Network::settle`] finds
//! out what became of it.

pub mod all;
pub mod bluesky;
pub mod by_hand;
pub mod capabilities;
pub mod client;
pub mod counting;
pub mod error;
#[cfg(test)]
pub(crate) mod fake;
pub mod html;
pub mod job;
pub mod mastodon;
pub mod practice;
#[cfg(test)]
pub(crate) mod receiver;
pub mod shown;
pub mod signed_webhook;
pub mod webhook;

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use capabilities::Capabilities;
pub use client::Client;
pub use error::NetworkError;
pub use job::{Change, Claim, Job, Material, MediaFile, Part, Poll, Progress, RemotePost, Step, Turn, Visibility};
pub use shown::Shown;

use crate::base::clock::At;

/// The short name of a kind of network: `mastodon`, `bluesky`, `practice`.
pub type NetworkName = &'static str;

/// An account at a network as a channel stores it: where it is and what opens it.
///
/// `secret` is unsealed just before use and never printed.
#[derive(Clone)]
pub struct Account {
    /// The server's origin, `https://example.social`, without a slash at the end.
    pub server: String,
    /// The network's own id of the account (Mastodon's id, a DID).
    pub remote_id: String,
    /// Tokens and the like: what [`Connected::secret`] gave, or [`Network::refresh`] since.
    pub secret: Credentials,
    /// What the network said about itself and the account when last asked ([`Connected::settings`]): live limits, default visibility.
    pub settings: serde_json::Value,
}

impl Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account")
            .field("server", &self.server)
            .field("remote_id", &self.remote_id)
            .finish_non_exhaustive()
    }
}

/// What opens an account: named secrets. Prints as nothing but its names.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Credentials(BTreeMap<String, String>);

impl Credentials {
    /// These named secrets.
    pub fn new<const N: usize>(pairs: [(&str, &str); N]) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    /// The secret of this name, or what to do without it: the channel must be connected again.
    pub fn get(&self, name: &str) -> Result<&str, NetworkError> {
        self.find(name).ok_or_else(|| NetworkError::Reconnect { reason: format!("no {name} is stored") })
    }

    /// The secret of this name.
    pub fn find(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Puts or replaces one.
    pub fn put(&mut self, name: &str, value: String) {
        self.0.insert(name.to_owned(), value);
    }
}

impl Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// What a person typed or chose to connect a channel: the fields of [`ConnectForm`], by name.
pub type ConnectInput = BTreeMap<String, String>;

/// How a network is connected: one or more ways, the simplest first.
#[derive(Clone, Debug)]
pub struct ConnectForm {
    /// `password`, `token`, `oauth`: names the way in addresses and words (`connect-{network}-{way}`).
    pub way: &'static str,
    /// What must be typed.
    pub fields: &'static [ConnectField],
    /// The way goes on at the network's own page ([`ConnectStep::Visit`]).
    pub visits: bool,
}

/// One thing to type when connecting.
#[derive(Clone, Copy, Debug)]
pub struct ConnectField {
    /// Its name in [`ConnectInput`] and in words (`connect-{network}-{name}`).
    pub name: &'static str,
    /// Shown as dots and never echoed.
    pub secret: bool,
    /// An address or host name, checked by the guard.
    pub address: bool,
    /// May be left empty.
    pub optional: bool,
    /// An example, shown greyed.
    pub example: &'static str,
}

/// Where connecting stands after a step.
#[derive(Clone, Debug)]
pub enum ConnectStep {
    /// Done: this account is connected.
    Connected(Box<Connected>),
    /// The person must say yes at `url`; `kept` comes back to [`Network::finish_connecting`] with the code.
    Visit {
        /// Where to send the browser.
        url: String,
        /// Sealed and kept by the caller for ten minutes, bound to the person's session.
        kept: Credentials,
        /// The network shows a code to paste; otherwise it redirects back with `code` and `state`.
        shows_code: bool,
    },
}

/// An account that has just been connected.
#[derive(Clone, Debug)]
pub struct Connected {
    /// The server's origin.
    pub server: String,
    /// The network's own id of the account.
    pub remote_id: String,
    /// As people know it: `@ada@example.social`, `ada.example`.
    pub handle: String,
    /// The name it shows.
    pub name: String,
    /// Its picture, fetched through the guard and cached.
    pub avatar_url: Option<String>,
    /// Its page.
    pub url: Option<String>,
    /// To be sealed.
    pub secret: Credentials,
    /// When the secret ends, where the network says so.
    pub secret_ends_at: Option<At>,
    /// What the network said about itself: live limits, software, default visibility.
    pub settings: serde_json::Value,
}

/// A window in which a lost attempt must lie, in the server's own time where it is known.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// Not before this.
    pub from_at: At,
    /// Not after this.
    pub to_at: At,
}

/// What settling found out about a change whose outcome was unknown.
#[derive(Clone, Debug, PartialEq)]
pub enum Settled {
    /// It is there.
    Done(RemotePost),
    /// It is certainly not there, and sending it is safe.
    NotDone,
    /// Sending the same request again is safe: the network itself makes it once (its key, its rkey).
    SafeToRepeat,
    /// The network gives no way to know, or not yet.
    CannotTell {
        /// In words, for the journal.
        reason: String,
    },
}

/// A post as a network shows it: for import, the inbox and looking up.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RemoteItem {
    /// The network's id, link and whatever else a reply needs.
    pub post: RemotePost,
    /// Plain text.
    pub text: String,
    /// When the network says it was made.
    pub created_at: At,
    /// Who made it.
    pub author: RemotePerson,
    /// The id of the post it answers.
    pub in_reply_to: Option<String>,
    /// The id of the first post of the thread it belongs to, where the network says so.
    pub thread_root: Option<String>,
    /// How many pictures or films it has.
    pub media_count: u32,
    /// Addresses of its pictures, to be fetched through the guard.
    pub media_urls: Vec<String>,
    /// Who can see it.
    pub visibility: Option<Visibility>,
    /// What it was counted at this moment.
    pub counts: Counts,
}

/// A person at a network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemotePerson {
    /// The network's id.
    pub id: String,
    /// `@ben@example.social`.
    pub handle: String,
    /// The name shown.
    pub name: String,
    /// Their picture.
    pub avatar_url: Option<String>,
    /// Their page.
    pub url: Option<String>,
}

/// Why an item reached the inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// An answer to one of ours.
    Reply,
    /// Names us.
    Mention,
    /// Quotes one of ours.
    Quote,
    /// For us alone.
    Direct,
}

/// Something for the inbox.
#[derive(Clone, Debug, PartialEq)]
pub struct Incoming {
    /// The item itself.
    pub item: RemoteItem,
    /// Why it came.
    pub kind: MessageKind,
}

/// A page of incoming items and where to go on.
#[derive(Clone, Debug, Default)]
pub struct IncomingPage {
    /// Oldest first where the network allows; the inbox sorts and recognises what it has.
    pub items: Vec<Incoming>,
    /// To be stored in the same commit as the items, and handed to the next call.
    pub checkpoint: Option<String>,
    /// There is more to fetch at once.
    pub more: bool,
}

/// What a network counts for one post. `None`: it does not tell; `Some(0)`: it told zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Counts {
    /// Likes, favourites and the like.
    pub reactions: Option<u64>,
    /// Replies.
    pub comments: Option<u64>,
    /// Boosts, reposts.
    pub shares: Option<u64>,
    /// Quotes.
    pub quotes: Option<u64>,
    /// Bookmarks.
    pub saves: Option<u64>,
    /// Clicks on links.
    pub clicks: Option<u64>,
    /// As the network itself reports them.
    pub views: Option<u64>,
    /// Displays.
    pub impressions: Option<u64>,
    /// Distinct people.
    pub reach: Option<u64>,
}

/// What a network counts for one account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AccountCounts {
    /// People who follow.
    pub followers: Option<u64>,
    /// Accounts followed.
    pub following: Option<u64>,
    /// Posts made.
    pub posts: Option<u64>,
}

/// What a connector may use while it works: the guarded client and the present instant.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// Requests go through this, and only this.
    pub client: &'a Client,
    /// The present instant.
    pub now: At,
}

/// The credentials changed; they must be stored before they are used.
#[derive(Clone, Debug)]
pub struct Refreshed {
    /// The new ones, whole.
    pub secret: Credentials,
    /// When they end.
    pub secret_ends_at: Option<At>,
}

/// A kind of network. One value per network lives in the [`Registry`]; it has no state.
#[async_trait]
pub trait Network: Send + Sync + Debug {
    /// `mastodon`: in rows, addresses and words.
    fn name(&self) -> NetworkName;

    /// As people write it: `Mastodon`.
    fn title(&self) -> &'static str;

    /// What it can do and its limits. `settings` is what the account's server said of itself
    /// ([`Connected::settings`]); with `Null` these are the documented defaults.
    fn capabilities(&self, settings: &serde_json::Value) -> Capabilities;

    /// The ways to connect, the simplest first.
    fn connect_forms(&self) -> &'static [ConnectForm];

    /// Begins connecting. `back_to` is the address the network should redirect to, where the way visits it.
    async fn connect(
        &self,
        call: Call<'_>,
        way: &str,
        input: &ConnectInput,
        back_to: Option<&str>,
    ) -> Result<ConnectStep, NetworkError>;

    /// Ends connecting after a visit: `input` has `code`.
    async fn finish_connecting(
        &self,
        call: Call<'_>,
        kept: &Credentials,
        input: &ConnectInput,
    ) -> Result<Connected, NetworkError> {
        let _ = (call, kept, input);
        Err(NetworkError::unsupported("this network is not connected by a visit"))
    }

    /// Asks whether the account still opens, and reads its name, picture and the server's limits afresh.
    async fn test(&self, call: Call<'_>, account: &Account) -> Result<Connected, NetworkError>;

    /// The permissions that the account lacks for what Belfry does, by the names that the network's own pages use. Asks
    /// nothing that anyone could see.
    async fn missing(&self, call: Call<'_>, account: &Account) -> Result<Vec<String>, NetworkError> {
        let _ = (call, account);
        Ok(Vec::new())
    }

    /// Gets fresh credentials; `None` where they do not end.
    async fn refresh(&self, call: Call<'_>, account: &Account) -> Result<Option<Refreshed>, NetworkError> {
        let _ = (call, account);
        Ok(None)
    }

    /// What makes a repeat of this job recognisable: chosen once, made durable with the claim, never changed after.
    fn material(&self, job: &Job, seed: job::Seed) -> Material;

    /// The next step of this job, from what is known so far; `None` when all is done and `progress` names the post.
    fn next_step(&self, account: &Account, job: &Job, progress: &Progress) -> Option<Step>;

    /// Takes one step. It makes at most one request that changes something at the network.
    async fn take_step(
        &self,
        call: Call<'_>,
        account: &Account,
        claim: &Claim,
        progress: &Progress,
        step: &Step,
    ) -> Result<Turn, NetworkError>;

    /// Finds out what became of a step whose outcome is unknown.
    async fn settle(
        &self,
        call: Call<'_>,
        account: &Account,
        claim: &Claim,
        progress: &Progress,
        window: Window,
    ) -> Result<Settled, NetworkError>;

    /// How the words of a part look there, with so many pictures below them: for previews. By itself a network shows
    /// them as they were typed.
    fn shown(&self, part: &Part, pictures: usize) -> Shown {
        let _ = (part, pictures);
        Shown::default()
    }

    /// Where it has comments and mentions.
    fn inbox(&self) -> Option<&dyn Inbox> {
        None
    }

    /// Where it gives figures.
    fn figures(&self) -> Option<&dyn Figures> {
        None
    }

    /// Where the account's earlier posts can be read.
    fn history(&self) -> Option<&dyn History> {
        None
    }

    /// Where it calls /hooks/{name}.
    fn webhook(&self) -> Option<&dyn Webhook> {
        None
    }
}

/// A network whose replies and mentions can be polled.
#[async_trait]
pub trait Inbox: Send + Sync {
    /// What came since `checkpoint`; with `None`, the newest page only.
    async fn fetch(
        &self,
        call: Call<'_>,
        account: &Account,
        checkpoint: Option<&str>,
    ) -> Result<IncomingPage, NetworkError>;

    /// The answers below one of our posts: finds those that did not notify.
    async fn fetch_below(
        &self,
        call: Call<'_>,
        account: &Account,
        post: &RemotePost,
    ) -> Result<Vec<Incoming>, NetworkError> {
        let _ = (call, account, post);
        Ok(Vec::new())
    }
}

/// A network that counts.
#[async_trait]
pub trait Figures: Send + Sync {
    /// How many posts one call may ask for.
    fn batch(&self) -> usize;

    /// The counts of these posts by their ids, in any order; those that are gone are left out.
    async fn of_posts(
        &self,
        call: Call<'_>,
        account: &Account,
        posts: &[RemotePost],
    ) -> Result<Vec<(String, Counts)>, NetworkError>;

    /// The counts of the account.
    async fn of_account(&self, call: Call<'_>, account: &Account) -> Result<AccountCounts, NetworkError>;
}

/// A network whose account's earlier posts can be read.
#[async_trait]
pub trait History: Send + Sync {
    /// A page of the account's own posts, newest first, with where to go on.
    async fn own_posts(
        &self,
        call: Call<'_>,
        account: &Account,
        after: Option<&str>,
    ) -> Result<(Vec<RemoteItem>, Option<String>), NetworkError>;
}

/// A network that calls in. Verification works on the raw bytes.
#[async_trait]
pub trait Webhook: Send + Sync {
    /// Asks the network to call `url` from here on, signing with `secret`. Once this went well, the caller keeps the
    /// secret among the account's credentials as `webhook_secret`. Asked again it replaces what was.
    async fn register(&self, call: Call<'_>, account: &Account, url: &str, secret: &str) -> Result<(), NetworkError> {
        let _ = (call, account, url, secret);
        Err(NetworkError::unsupported("this network's webhooks are set up at the network itself"))
    }

    /// Whether these bytes really come from the network for this account, not stale (`now`).
    /// Gives the sender's id of the delivery, for deduplication; `None`: a digest of the body serves.
    fn verify(
        &self,
        account: &Account,
        headers: &BTreeMap<String, String>,
        body: &[u8],
        now: At,
    ) -> Result<Option<String>, NetworkError>;

    /// What a verified delivery says.
    fn read(&self, account: &Account, body: &[u8]) -> Result<Vec<Incoming>, NetworkError>;
}

/// All the networks this server knows, in the order in which people are shown them.
#[derive(Clone, Debug, Default)]
pub struct Registry(Vec<Arc<dyn Network>>);

impl Registry {
    /// These networks.
    pub fn new(networks: Vec<Arc<dyn Network>>) -> Self {
        Self(networks)
    }

    /// The network of this name.
    pub fn find(&self, name: &str) -> Option<&Arc<dyn Network>> {
        self.0.iter().find(|network| network.name() == name)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<dyn Network>> {
        self.0.iter()
    }
}
