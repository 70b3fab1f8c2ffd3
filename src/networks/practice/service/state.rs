//! What the Practice service knows: all of it follows from the events of its file, in their order.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::faults::Fault;
use crate::base::clock::At;
use crate::networks::capabilities::Count;
use crate::networks::job::Visibility;
use crate::networks::practice::wire::{Arrival, Behaviour, Draft, Person, Post, PostMedia};
use crate::networks::{Counts, MessageKind};

/// Something that happened. A request writes all of its events as one line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(super) enum Event {
    Joined { person: Person, at: At },
    TokenMade { account: String, digest: String },
    TokensEnded { account: String },
    Pictured { account: String, digest: String },
    Behaves { account: String, behaviour: Box<Behaviour> },
    Faults { account: String, faults: Vec<Fault> },
    Webhook { account: String, webhook: Option<Hook> },
    Uploaded { media: Media },
    Contained { id: String, account: String, draft: Draft },
    Posted { post: Box<PostRow> },
    Edited { post: String, draft: Draft, at: At },
    Deleted { post: String },
    Liked { post: String, account: String },
    Counted { post: String, counts: Counts },
    Arrived { account: String, arrival: Arrival },
}

/// Where an account wants to be told of comments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Hook {
    pub(super) url: String,
    pub(super) secret: String,
}

/// An uploaded picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Media {
    pub(super) id: String,
    pub(super) account: String,
    pub(super) digest: String,
    pub(super) mime: String,
    pub(super) size_bytes: u64,
    pub(super) busy_until: Option<At>,
}

/// A post as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct PostRow {
    pub(super) number: u64,
    pub(super) account: String,
    pub(super) draft: Draft,
    pub(super) at: At,
    pub(super) key: Option<String>,
    pub(super) container: Option<String>,
    #[serde(default)]
    pub(super) edited_at: Option<At>,
    #[serde(default)]
    pub(super) deleted: bool,
    #[serde(default)]
    pub(super) likes: BTreeSet<String>,
    #[serde(default)]
    pub(super) counts: Option<Counts>,
}

impl PostRow {
    pub(super) fn id(&self) -> String {
        format!("p{}", self.number)
    }
}

/// An account and everything that is its own.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct AccountRow {
    pub(super) person: Person,
    pub(super) at: At,
    pub(super) behaviour: Behaviour,
    pub(super) faults: Vec<Fault>,
    pub(super) webhook: Option<Hook>,
    pub(super) posts: Vec<u64>,
    pub(super) inbox: BTreeMap<u64, MessageKind>,
    pub(super) keys: BTreeMap<String, u64>,
    pub(super) arrivals: Vec<Arrival>,
}

/// A container, and the post it became.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ContainerRow {
    pub(super) account: String,
    pub(super) draft: Draft,
    pub(super) post: Option<u64>,
}

/// All of it.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    last: u64,
    accounts: BTreeMap<String, AccountRow>,
    tokens: BTreeMap<String, String>,
    media: BTreeMap<String, Media>,
    containers: BTreeMap<String, ContainerRow>,
    posts: BTreeMap<u64, PostRow>,
    replies: BTreeMap<u64, Vec<u64>>,
}

impl State {
    /// The number of the next thing that is made.
    pub(super) fn next_number(&self) -> u64 {
        self.last.saturating_add(1)
    }

    pub(super) fn account(&self, id: &str) -> Option<&AccountRow> {
        self.accounts.get(id)
    }

    pub(super) fn account_of_handle(&self, handle: &str) -> Option<&AccountRow> {
        self.accounts.values().find(|account| account.person.handle == handle)
    }

    pub(super) fn account_of_token(&self, digest: &str) -> Option<&AccountRow> {
        self.accounts.get(self.tokens.get(digest)?)
    }

    pub(super) fn media(&self, id: &str) -> Option<&Media> {
        self.media.get(id)
    }

    pub(super) fn media_of_digest(&self, digest: &str) -> Option<&Media> {
        self.media.values().find(|media| media.digest == digest)
    }

    pub(super) fn container(&self, id: &str) -> Option<&ContainerRow> {
        self.containers.get(id)
    }

    /// A post that was made, deleted or not.
    pub(super) fn post_ever(&self, id: &str) -> Option<&PostRow> {
        self.posts.get(&number_of(id)?)
    }

    /// A post that is there.
    pub(super) fn post(&self, id: &str) -> Option<&PostRow> {
        self.post_ever(id).filter(|post| !post.deleted)
    }

    pub(super) fn post_of_number(&self, number: u64) -> Option<&PostRow> {
        self.posts.get(&number).filter(|post| !post.deleted)
    }

    /// All posts that are there, newest first.
    pub(super) fn newest(&self) -> impl Iterator<Item = &PostRow> {
        self.posts.values().rev().filter(|post| !post.deleted)
    }

    /// The answers to a post, oldest first.
    pub(super) fn replies_to(&self, number: u64) -> impl Iterator<Item = &PostRow> {
        self.replies.get(&number).into_iter().flatten().filter_map(|number| self.post_of_number(*number))
    }

    /// The first post of the thread that this one belongs to; itself where it answers none.
    pub(super) fn root_of<'a>(&'a self, post: &'a PostRow) -> &'a PostRow {
        let mut root = post;
        // A post answers only one that was there before it, so this ends.
        while let Some(parent) = root.draft.in_reply_to.as_deref().and_then(|id| self.post_ever(id)) {
            root = parent;
        }
        root
    }

    /// A post as everyone sees it.
    pub(super) fn view(&self, row: &PostRow, now: At) -> Post {
        let gone = || Person { id: row.account.clone(), name: String::new(), handle: String::new(), picture: None };
        let media = row.draft.media.iter().filter_map(|of_draft| {
            let media = self.media.get(&of_draft.id)?;
            Some(PostMedia {
                digest: media.digest.clone(),
                mime: media.mime.clone(),
                size_bytes: media.size_bytes,
                alt: of_draft.alt.clone(),
                focus: of_draft.focus,
            })
        });
        Post {
            id: row.id(),
            author: self.accounts.get(&row.account).map_or_else(gone, |account| account.person.clone()),
            text: row.draft.text.clone(),
            media: media.collect(),
            poll: row.draft.poll.clone(),
            content_warning: row.draft.content_warning.clone(),
            language: row.draft.language.clone(),
            visibility: row.draft.visibility,
            in_reply_to: row.draft.in_reply_to.clone(),
            thread_root: row.draft.in_reply_to.as_ref().map(|_parent| self.root_of(row).id()),
            quote_url: row.draft.quote_url.clone(),
            created_at: row.at,
            edited_at: row.edited_at,
            counts: self.counts(row, now),
        }
    }

    /// What a post was counted: what was set by hand, else what grows with its age the same way each time.
    fn counts(&self, row: &PostRow, now: At) -> Counts {
        if let Some(counts) = row.counts {
            return counts;
        }
        let Some(account) = self.accounts.get(&row.account) else { return Counts::default() };
        let likes = u64::try_from(row.likes.len()).unwrap_or(u64::MAX);
        let replies = u64::try_from(self.replies_to(row.number).count()).unwrap_or(u64::MAX);
        let grown = |most: u64| if account.behaviour.counts_grow { grown(row, most, now) } else { 0 };
        let told = |count: Count, value: u64| account.behaviour.counts.contains(&count).then_some(value);
        Counts {
            reactions: told(Count::Reactions, likes.saturating_add(grown(40))),
            comments: told(Count::Comments, replies),
            shares: told(Count::Shares, grown(12)),
            quotes: told(Count::Quotes, grown(4)),
            saves: told(Count::Saves, grown(8)),
            clicks: told(Count::Clicks, grown(30)),
            views: told(Count::Views, grown(900)),
            impressions: told(Count::Impressions, grown(1200)),
            reach: told(Count::Reach, grown(700)),
        }
    }

    /// Takes in what happened.
    pub(super) fn apply(&mut self, event: Event) {
        match event {
            Event::Joined { person, at } => self.join(person, at),
            Event::TokenMade { account, digest } => {
                self.tokens.insert(digest, account);
            }
            Event::TokensEnded { account } => self.tokens.retain(|_digest, of| *of != account),
            Event::Behaves { account, behaviour } => self.change(&account, |row| row.behaviour = *behaviour),
            Event::Faults { account, faults } => self.change(&account, |row| row.faults = faults),
            Event::Webhook { account, webhook } => self.change(&account, |row| row.webhook = webhook),
            Event::Uploaded { media } => {
                self.saw(&media.id);
                self.media.insert(media.id.clone(), media);
            }
            Event::Contained { id, account, draft } => {
                self.saw(&id);
                self.containers.insert(id, ContainerRow { account, draft, post: None });
            }
            Event::Posted { post } => self.add(*post),
            Event::Edited { post, draft, at } => self.change_post(&post, |row| {
                // Whom it answers was settled when it was made.
                row.draft = Draft { in_reply_to: row.draft.in_reply_to.take(), ..draft };
                row.edited_at = Some(at);
            }),
            Event::Deleted { post } => self.change_post(&post, |row| row.deleted = true),
            Event::Liked { post, account } => self.change_post(&post, |row| {
                row.likes.insert(account);
            }),
            Event::Counted { post, counts } => self.change_post(&post, |row| row.counts = Some(counts)),
            Event::Pictured { account, digest } => self.change(&account, |row| row.person.picture = Some(digest)),
            Event::Arrived { account, arrival } => self.change(&account, |row| row.arrivals.push(arrival)),
        }
    }

    /// Whom a new post reaches: the accounts that find it in their inbox, and why.
    pub(super) fn reached(&self, post: &PostRow) -> BTreeMap<String, MessageKind> {
        let mut reached = BTreeMap::new();
        for account in self.accounts.values() {
            if names(&post.draft.text, &account.person.handle) {
                let direct = post.draft.visibility == Visibility::Direct;
                let kind = if direct { MessageKind::Direct } else { MessageKind::Mention };
                reached.insert(account.person.id.clone(), kind);
            }
        }
        if post.draft.visibility != Visibility::Direct {
            let quoted = post.draft.quote_url.as_deref().and_then(|url| url.rsplit('/').next());
            if let Some(quoted) = quoted.and_then(|id| self.post(id)) {
                reached.insert(quoted.account.clone(), MessageKind::Quote);
            }
            if let Some(parent) = post.draft.in_reply_to.as_deref().and_then(|id| self.post_ever(id)) {
                reached.insert(self.root_of(post).account.clone(), MessageKind::Reply);
                reached.insert(parent.account.clone(), MessageKind::Reply);
            }
        }
        reached.remove(&post.account);
        reached
    }

    fn join(&mut self, person: Person, at: At) {
        self.saw(&person.id);
        let row = AccountRow {
            person,
            at,
            behaviour: Behaviour::default(),
            faults: Vec::new(),
            webhook: None,
            posts: Vec::new(),
            inbox: BTreeMap::new(),
            keys: BTreeMap::new(),
            arrivals: Vec::new(),
        };
        self.accounts.insert(row.person.id.clone(), row);
    }

    fn add(&mut self, post: PostRow) {
        self.last = self.last.max(post.number);
        for (account, kind) in self.reached(&post) {
            self.change(&account, |row| {
                row.inbox.insert(post.number, kind);
            });
        }
        self.change(&post.account, |row| {
            row.posts.push(post.number);
            if let Some(key) = &post.key {
                row.keys.entry(key.clone()).or_insert(post.number);
            }
        });
        if let Some(parent) = post.draft.in_reply_to.as_deref().and_then(number_of) {
            self.replies.entry(parent).or_default().push(post.number);
        }
        if let Some(container) = post.container.as_deref().and_then(|id| self.containers.get_mut(id)) {
            container.post = Some(post.number);
        }
        self.posts.insert(post.number, post);
    }

    fn saw(&mut self, id: &str) {
        self.last = self.last.max(number_of(id).unwrap_or(0));
    }

    fn change(&mut self, account: &str, change: impl FnOnce(&mut AccountRow)) {
        if let Some(row) = self.accounts.get_mut(account) {
            change(row);
        }
    }

    fn change_post(&mut self, id: &str, change: impl FnOnce(&mut PostRow)) {
        if let Some(row) = number_of(id).and_then(|number| self.posts.get_mut(&number)) {
            change(row);
        }
    }
}

/// The number in an id: a letter and digits.
fn number_of(id: &str) -> Option<u64> {
    id.get(1..)?.parse().ok()
}

/// Whether a text names `@ada`, and not only somebody whose name begins so.
fn names(text: &str, handle: &str) -> bool {
    let ends =
        |rest: &str| rest.chars().next().is_none_or(|sign| !sign.is_alphanumeric() && !matches!(sign, '-' | '@'));
    text.match_indices(handle).any(|(at, _handle)| text.get(at.saturating_add(handle.len())..).is_some_and(ends))
}

/// Rises from nothing to `most` and a little of the post's own, half of it in the first hour. The same post has the
/// same figures at the same age, whenever it is asked.
fn grown(row: &PostRow, most: u64, now: At) -> u64 {
    let minutes = now.since(row.at).as_secs() / 60;
    let own = row.number.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(most) >> 32;
    let most = most / 2 + own % most.max(1);
    most.saturating_mul(minutes) / minutes.saturating_add(60)
}
