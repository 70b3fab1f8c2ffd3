//! Figures and earlier posts. Bluesky counts likes, reposts, replies, quotes and bookmarks; it tells nothing of how
//! often a post was seen. Counting is the app view's work: a server without one gives posts, and no figures.

use serde_json::Value;

use super::api::Api;
use super::names::{POST, profile_page};
use super::view::{PostView, Written};
use crate::networks::{Account, AccountCounts, Call, Counts, NetworkError, RemoteItem, RemotePerson, RemotePost};

/// How many posts one page of history gives (app.bsky.feed.getAuthorFeed, read 2026-11).
const PAGE: &str = "100";
/// Where a page of the app view's feed goes on.
const FEED: &str = "feed:";
/// Where a page of the repository itself goes on.
const RECORDS: &str = "records:";

/// The counts of these posts; those that are gone are left out, as the app view does.
pub(super) async fn of_posts(
    call: &Call<'_>,
    account: &Account,
    posts: &[RemotePost],
) -> Result<Vec<(String, Counts)>, NetworkError> {
    if posts.is_empty() {
        return Ok(Vec::new());
    }
    let query: Vec<(&str, &str)> = posts.iter().map(|post| ("uris", post.id.as_str())).collect();
    let answer = Api::of(call, account)?.get("app.bsky.feed.getPosts", &query).await?;
    let views = answer.get("posts").and_then(Value::as_array).into_iter().flatten();
    Ok(views.filter_map(PostView::read).map(|view| (view.uri.clone(), view.counts())).collect())
}

/// The counts of the account.
pub(super) async fn of_account(call: &Call<'_>, account: &Account) -> Result<AccountCounts, NetworkError> {
    let api = Api::of(call, account)?;
    let profile = api.get("app.bsky.actor.getProfile", &[("actor", account.remote_id.as_str())]).await?;
    let count = |name: &str| profile.get(name).and_then(Value::as_u64);
    Ok(AccountCounts {
        followers: count("followersCount"),
        following: count("followsCount"),
        posts: count("postsCount"),
    })
}

/// A page of the account's own posts, newest first: from the app view with their figures, or, where there is none or it
/// does not know the account, from the repository without.
pub(super) async fn own_posts(
    call: &Call<'_>,
    account: &Account,
    after: Option<&str>,
) -> Result<(Vec<RemoteItem>, Option<String>), NetworkError> {
    let api = Api::of(call, account)?;
    if let Some(cursor) = after.and_then(|after| after.strip_prefix(RECORDS)) {
        return from_repository(&api, account, Some(cursor)).await;
    }
    let cursor = after.and_then(|after| after.strip_prefix(FEED));
    let mut query = vec![("actor", account.remote_id.as_str()), ("filter", "posts_with_replies"), ("limit", PAGE)];
    query.extend(cursor.map(|cursor| ("cursor", cursor)));
    let answer = match api.get("app.bsky.feed.getAuthorFeed", &query).await {
        Ok(answer) => answer,
        Err(failure) if cursor.is_none() && (failure.is_refusal() || failure.status == Some(502)) => {
            return from_repository(&api, account, None).await;
        }
        Err(failure) => return Err(failure.error),
    };
    let feed = answer.get("feed").and_then(Value::as_array).into_iter().flatten();
    // What has a reason is there because it was reposted or pinned; a pinned post comes in its place too.
    let posts =
        feed.filter(|entry| entry.get("reason").is_none()).filter_map(|entry| PostView::read(entry.get("post")?));
    let items = posts.filter(|view| view.author.did == account.remote_id).map(|view| view.item()).collect();
    Ok((items, goes_on(&answer, FEED)))
}

async fn from_repository(
    api: &Api<'_>,
    account: &Account,
    cursor: Option<&str>,
) -> Result<(Vec<RemoteItem>, Option<String>), NetworkError> {
    let did = account.remote_id.as_str();
    let mut query = vec![("repo", did), ("collection", POST), ("limit", PAGE)];
    query.extend(cursor.map(|cursor| ("cursor", cursor)));
    let answer = api.get("com.atproto.repo.listRecords", &query).await?;
    let handle = account.settings.get("handle").and_then(Value::as_str).unwrap_or(did);
    let author = RemotePerson {
        id: did.to_owned(),
        handle: handle.to_owned(),
        name: handle.to_owned(),
        avatar_url: None,
        url: Some(profile_page(handle)),
    };
    let records = answer.get("records").and_then(Value::as_array).into_iter().flatten();
    let items = records.filter_map(|entry| {
        let text = |name: &str| entry.get(name).and_then(Value::as_str);
        let written = Written { uri: text("uri")?, cid: text("cid")?, record: entry.get("value")?, indexed_at: None };
        let media_urls = written.blobs_at(&account.server, did);
        Some(RemoteItem { media_urls, ..written.item(author.clone()) })
    });
    Ok((items.collect(), goes_on(&answer, RECORDS)))
}

fn goes_on(answer: &Value, where_from: &str) -> Option<String> {
    let cursor = answer.get("cursor").and_then(Value::as_str)?;
    Some(format!("{where_from}{cursor}"))
}
