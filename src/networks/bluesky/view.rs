//! Posts and people as servers show them, turned into Belfry's plain values.
//!
//! A post comes as its record (what its author wrote) or as a view (the record with author, pictures and counts).
//! What cannot be read is left out rather than failing the page it came on.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::names::{page_of, profile_page};
use crate::base::clock::At;
use crate::networks::{Counts, RemoteItem, RemotePerson, RemotePost, Visibility};

/// A person in a view.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Author {
    pub(super) did: String,
    handle: String,
    display_name: Option<String>,
    avatar: Option<String>,
}

/// A post in a view (app.bsky.feed.defs#postView, read 2026-11).
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PostView {
    pub(super) uri: String,
    cid: String,
    pub(super) author: Author,
    record: Value,
    embed: Option<Value>,
    indexed_at: String,
    like_count: Option<u64>,
    repost_count: Option<u64>,
    reply_count: Option<u64>,
    quote_count: Option<u64>,
    bookmark_count: Option<u64>,
}

impl PostView {
    /// Reads one; `None` when it is not whole.
    pub(super) fn read(view: &Value) -> Option<Self> {
        Self::deserialize(view).ok()
    }

    pub(super) fn counts(&self) -> Counts {
        Counts {
            reactions: self.like_count,
            comments: self.reply_count,
            shares: self.repost_count,
            quotes: self.quote_count,
            saves: self.bookmark_count,
            ..Counts::default()
        }
    }

    pub(super) fn media_urls(&self) -> Vec<String> {
        self.embed.as_ref().map(addresses_in).unwrap_or_default()
    }

    pub(super) fn item(&self) -> RemoteItem {
        let indexed_at = At::parse(&self.indexed_at);
        let written = Written { uri: &self.uri, cid: &self.cid, record: &self.record, indexed_at };
        RemoteItem { media_urls: self.media_urls(), counts: self.counts(), ..written.item(self.author.person()) }
    }
}

impl Author {
    pub(super) fn person(&self) -> RemotePerson {
        let known = self.handle != "handle.invalid";
        let handle = if known { &self.handle } else { &self.did };
        let name = self.display_name.as_deref().map(str::trim).filter(|name| !name.is_empty());
        RemotePerson {
            id: self.did.clone(),
            handle: handle.clone(),
            name: name.unwrap_or(handle).to_owned(),
            avatar_url: self.avatar.clone(),
            url: Some(profile_page(handle)),
        }
    }
}

/// A post as its author wrote it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written<'a> {
    pub(super) uri: &'a str,
    pub(super) cid: &'a str,
    pub(super) record: &'a Value,
    /// When the app view first saw it, where one did.
    pub(super) indexed_at: Option<At>,
}

impl Written<'_> {
    /// As Belfry knows posts. What the author claims of the time counts unless it lies ahead of when it was seen.
    pub(super) fn item(&self, author: RemotePerson) -> RemoteItem {
        let claimed_at = self.record.get("createdAt").and_then(Value::as_str).and_then(At::parse);
        let created_at = match (claimed_at, self.indexed_at) {
            (Some(claimed), Some(indexed)) => claimed.min(indexed),
            (one, other) => one.or(other).unwrap_or_default(),
        };
        let text = |path: &str| self.record.pointer(path).and_then(Value::as_str).map(str::to_owned);
        RemoteItem {
            post: self.post(),
            text: text("/text").unwrap_or_default(),
            created_at,
            author,
            in_reply_to: text("/reply/parent/uri"),
            thread_root: text("/reply/root/uri"),
            media_count: self.record.get("embed").map(count_in).unwrap_or_default(),
            media_urls: Vec::new(),
            visibility: Some(Visibility::Public),
            counts: Counts::default(),
        }
    }

    /// Its name, and what an answer to it needs.
    pub(super) fn post(&self) -> RemotePost {
        let text = |path: &str| self.record.pointer(path).and_then(Value::as_str).map(str::to_owned);
        let more = [
            ("cid", Some(self.cid.to_owned())),
            ("root_uri", text("/reply/root/uri")),
            ("root_cid", text("/reply/root/cid")),
            ("created_at", text("/createdAt")),
        ];
        let more: BTreeMap<String, String> =
            more.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
        RemotePost { id: self.uri.to_owned(), url: page_of(self.uri), more }
    }

    /// Where its pictures lie at its author's server, for when there is no app view to name better addresses.
    pub(super) fn blobs_at(&self, server: &str, did: &str) -> Vec<String> {
        let images = self.record.pointer("/embed/images").or_else(|| self.record.pointer("/embed/media/images"));
        let images = images.and_then(Value::as_array).into_iter().flatten();
        let cids = images.filter_map(|image| image.pointer("/image/ref/$link").and_then(Value::as_str));
        cids.map(|cid| blob_address(server, did, cid)).collect()
    }
}

/// Where a server gives a blob to everyone.
pub(super) fn blob_address(server: &str, did: &str, cid: &str) -> String {
    format!("{server}/xrpc/com.atproto.sync.getBlob?did={did}&cid={cid}")
}

/// How many pictures or films an embed holds.
fn count_in(embed: &Value) -> u32 {
    let embed = embed.get("media").unwrap_or(embed);
    let many = |name: &str| embed.get(name).and_then(Value::as_array).map_or(0, Vec::len);
    let film = usize::from(embed.get("video").is_some());
    u32::try_from(many("images").saturating_add(many("items")).saturating_add(film)).unwrap_or(u32::MAX)
}

/// The addresses of the pictures in a view's embed; of a film, its still.
fn addresses_in(embed: &Value) -> Vec<String> {
    let embed = embed.get("media").unwrap_or(embed);
    let lists = ["images", "items"].into_iter().filter_map(|name| embed.get(name)?.as_array());
    let images = lists.flatten().filter_map(|image| image.get("fullsize"));
    images.chain(embed.get("thumbnail")).filter_map(Value::as_str).map(str::to_owned).collect()
}
