//! Replies, mentions and quotes, from the account's notifications: newest first, page by page, until what is known.
//!
//! The checkpoint is the instant up to which everything was read, and while a walk back is under way also where it
//! stands. What the app view indexed late lies a little before the newest, so the last two minutes are read again; the
//! inbox recognises what it has by its id.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::api::Api;
use super::names::belongs_to;
use super::view::{Author, PostView, Written};
use crate::base::clock::At;
use crate::networks::{Account, Call, Incoming, IncomingPage, MessageKind, NetworkError, RemotePost};

/// How many notifications one call gives (app.bsky.notification.listNotifications, read 2026-11).
const PAGE: &str = "100";
/// How far before the checkpoint is read again.
const OVERLAP: Duration = Duration::from_mins(2);
/// How many pages a walk back takes at most; what lies further back is left there.
const PAGES_MAX: u32 = 50;
/// How many posts one look-up takes (app.bsky.feed.getPosts, read 2026-11).
pub(super) const POSTS_MAX: usize = 25;
/// How many levels below a post are read.
const DEPTH: &str = "10";
/// The same, as the bound of the walk through them.
const BELOW_MAX: usize = 1000;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Checkpoint {
    /// Everything up to here was read.
    read_to_at: At,
    /// A walk back that has not come there yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    walk: Option<Walk>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Walk {
    cursor: String,
    newest_at: At,
    pages: u32,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Notification {
    uri: String,
    cid: String,
    author: Author,
    reason: String,
    record: Value,
    indexed_at: String,
}

/// One page of what came since the checkpoint; with none, the newest page.
pub(super) async fn fetch(
    call: &Call<'_>,
    account: &Account,
    checkpoint: Option<&str>,
) -> Result<IncomingPage, NetworkError> {
    let api = Api::of(call, account)?;
    let before: Option<Checkpoint> = checkpoint.and_then(|text| serde_json::from_str(text).ok());
    let walk = before.as_ref().and_then(|before| before.walk.as_ref());
    let mut query = vec![("limit", PAGE), ("reasons", "reply"), ("reasons", "mention"), ("reasons", "quote")];
    query.extend(walk.map(|walk| ("cursor", walk.cursor.as_str())));
    let answer = api.get("app.bsky.notification.listNotifications", &query).await?;

    let listed = answer.get("notifications").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let listed: Vec<(At, Notification)> = listed.iter().filter_map(read).collect();
    let from_at = before.as_ref().map(|before| before.read_to_at.minus(OVERLAP));
    let known_reached = from_at.is_none_or(|from_at| listed.iter().any(|(at, _)| *at < from_at));
    let newest_at = listed.iter().map(|(at, _)| *at).chain(walk.map(|walk| walk.newest_at)).max();
    let newest_at = newest_at.max(before.as_ref().map(|before| before.read_to_at)).unwrap_or_default();
    let pages = walk.map_or(0, |walk| walk.pages).saturating_add(1);
    let cursor = answer.get("cursor").and_then(Value::as_str);
    let cursor = cursor.filter(|_cursor| !known_reached && !listed.is_empty() && pages < PAGES_MAX);

    let fresh = listed.into_iter().filter(|(at, _)| from_at.is_none_or(|from_at| from_at <= *at));
    let mut items: Vec<Incoming> = fresh.filter_map(|(at, notification)| incoming(account, at, notification)).collect();
    items.reverse();
    add_pictures(&api, &mut items).await;
    let after = match cursor {
        Some(cursor) => Checkpoint {
            read_to_at: before.map(|before| before.read_to_at).unwrap_or_default(),
            walk: Some(Walk { cursor: cursor.to_owned(), newest_at, pages }),
        },
        None => Checkpoint { read_to_at: newest_at, walk: None },
    };
    let more = after.walk.is_some();
    Ok(IncomingPage { items, checkpoint: serde_json::to_string(&after).ok(), more })
}

/// The answers below one of our posts, at all levels, without our own.
pub(super) async fn fetch_below(
    call: &Call<'_>,
    account: &Account,
    post: &RemotePost,
) -> Result<Vec<Incoming>, NetworkError> {
    let query = [("uri", post.id.as_str()), ("depth", DEPTH), ("parentHeight", "0")];
    let answer = match Api::of(call, account)?.get("app.bsky.feed.getPostThread", &query).await {
        Ok(answer) => answer,
        // Taken down, or not indexed yet.
        Err(failure) if failure.is("NotFound") => return Ok(Vec::new()),
        Err(failure) => return Err(failure.error),
    };
    let mut items = Vec::new();
    let mut waiting: Vec<&Value> = answer.get("thread").map(replies_of).unwrap_or_default();
    while let Some(node) = waiting.pop().filter(|_node| items.len() < BELOW_MAX) {
        waiting.extend(replies_of(node));
        let view = node.get("post").and_then(PostView::read);
        if let Some(view) = view.filter(|view| view.author.did != account.remote_id) {
            items.push(Incoming { item: view.item(), kind: MessageKind::Reply });
        }
    }
    items.sort_by_key(|incoming| incoming.item.created_at);
    Ok(items)
}

fn replies_of(node: &Value) -> Vec<&Value> {
    node.get("replies").and_then(Value::as_array).into_iter().flatten().collect()
}

fn read(listed: &Value) -> Option<(At, Notification)> {
    let notification = Notification::deserialize(listed).ok()?;
    Some((At::parse(&notification.indexed_at)?, notification))
}

fn incoming(account: &Account, at: At, notification: Notification) -> Option<Incoming> {
    let Notification { uri, cid, author, reason, record, .. } = notification;
    if author.did == account.remote_id {
        return None;
    }
    let parent = record.pointer("/reply/parent/uri").and_then(Value::as_str);
    let answers_us = parent.is_some_and(|parent| belongs_to(parent, &account.remote_id));
    // A reply that also names us is announced once, as a mention.
    let kind = match reason.as_str() {
        _ if answers_us => MessageKind::Reply,
        "reply" => MessageKind::Reply,
        "mention" => MessageKind::Mention,
        "quote" => MessageKind::Quote,
        _ => return None,
    };
    let written = Written { uri: &uri, cid: &cid, record: &record, indexed_at: Some(at) };
    Some(Incoming { item: written.item(author.person()), kind })
}

/// Notifications carry the record alone; where it has pictures, the app view is asked for their addresses. Without
/// them the message is whole all the same.
async fn add_pictures(api: &Api<'_>, items: &mut [Incoming]) {
    let mut with_media: Vec<&mut Incoming> =
        items.iter_mut().filter(|incoming| 0 < incoming.item.media_count).collect();
    for batch in with_media.chunks_mut(POSTS_MAX) {
        let query: Vec<(&str, &str)> = batch.iter().map(|incoming| ("uris", incoming.item.post.id.as_str())).collect();
        let Ok(answer) = api.get("app.bsky.feed.getPosts", &query).await else { return };
        let posts = answer.get("posts").and_then(Value::as_array).into_iter().flatten();
        let views: BTreeMap<String, PostView> =
            posts.filter_map(PostView::read).map(|view| (view.uri.clone(), view)).collect();
        for incoming in batch {
            if let Some(view) = views.get(&incoming.item.post.id) {
                incoming.item.media_urls = view.media_urls();
            }
        }
    }
}
