//! Reading: what came for the account, what is below a post, the account's earlier posts, and the figures.
//!
//! The inbox is polled forward with `min_id`, which gives every notification once and skips none.
//! (docs.joinmastodon.org/methods/notifications, /methods/statuses and /api/guidelines, read 2026-11.)

use serde_json::Value;

use super::ask;
use super::limits::Settings;
use super::publish;
use super::wire::{Context, Notification, Person, Status, visibility_of};
use crate::networks::client::Answer;
use crate::networks::html::text_of;
use crate::networks::{
    Account, AccountCounts, Call, Counts, Incoming, IncomingPage, MessageKind, NetworkError, RemoteItem, RemotePerson,
    RemotePost,
};

/// How many notifications or posts a page holds.
const PAGE: &str = "40";
/// How many posts one request for figures may name.
pub(super) const BATCH: usize = 20;
/// Threads below a post can be long.
const CONTEXT_MAX_BYTES: usize = 16 * 1024 * 1024;

/// What came since `checkpoint`, which is the id of the newest notification that was read.
pub(super) async fn fetch(
    call: &Call<'_>,
    account: &Account,
    checkpoint: Option<&str>,
) -> Result<IncomingPage, NetworkError> {
    let settings = Settings::read(&account.settings);
    let mut query = vec![("limit", PAGE), ("types[]", "mention")];
    if settings.knows_quotes() {
        query.push(("types[]", "quote"));
    }
    query.extend(checkpoint.map(|id| ("min_id", id)));
    let (page, answer): (Vec<Value>, _) = ask::read(call, account, &["api", "v1", "notifications"], &query).await?;
    // One odd notification must not stop the inbox, so each is read on its own.
    let page: Vec<Notification> = page.into_iter().filter_map(|one| serde_json::from_value(one).ok()).collect();
    let newest = newest_id(&page, &answer).or_else(|| checkpoint.map(str::to_owned));
    let more = checkpoint.is_some() && newest.as_deref() != checkpoint;
    let mut items: Vec<Incoming> = page.into_iter().filter_map(|one| incoming(account, &settings, one)).collect();
    items.sort_by_key(|incoming| incoming.item.created_at);
    Ok(IncomingPage { items, checkpoint: newest, more })
}

/// The answers below one of our posts.
pub(super) async fn fetch_below(
    call: &Call<'_>,
    account: &Account,
    post: &RemotePost,
) -> Result<Vec<Incoming>, NetworkError> {
    let segments = ["api", "v1", "statuses", ask::known_id(&post.id)?, "context"];
    let request = call.client.get(&ask::address(&account.server, &segments)).max_bytes(CONTEXT_MAX_BYTES);
    let request = request.bearer(account.secret.get("token")?);
    let answer = request.send().await.map_err(|error| ask::softened(error, ask::Effect::Unseen))?;
    if ask::is_gone(&answer) {
        return Ok(Vec::new());
    }
    if !answer.is_success() {
        return Err(ask::refusal(&answer, ask::Effect::Unseen, call.now));
    }
    let context: Context = ask::json(&answer, ask::Effect::Unseen)?;
    let settings = Settings::read(&account.settings);
    let root = context.ancestors.first().map_or(&post.id, |first| &first.id);
    let others = context.descendants.into_iter().filter(|status| status.author_id() != account.remote_id);
    let below = others.map(|status| {
        let direct = status.visibility.as_deref() == Some("direct");
        let kind = if direct { MessageKind::Direct } else { MessageKind::Reply };
        let item = RemoteItem { thread_root: Some(root.clone()), ..item(&settings, &status) };
        Incoming { item, kind }
    });
    Ok(below.collect())
}

/// A page of the account's own posts, newest first.
pub(super) async fn own_posts(
    call: &Call<'_>,
    account: &Account,
    after: Option<&str>,
) -> Result<(Vec<RemoteItem>, Option<String>), NetworkError> {
    let mut query = vec![("limit", PAGE), ("exclude_reblogs", "true")];
    query.extend(after.map(|id| ("max_id", id)));
    let segments = ["api", "v1", "accounts", ask::known_id(&account.remote_id)?, "statuses"];
    let (page, answer): (Vec<Value>, _) = ask::read(call, account, &segments, &query).await?;
    let page: Vec<Status> = page.into_iter().filter_map(|one| serde_json::from_value(one).ok()).collect();
    let next = linked(&answer, "next", "max_id").or_else(|| page.last().map(|status| status.id.clone()));
    let next = next.filter(|next| !page.is_empty() && Some(next.as_str()) != after);
    let settings = Settings::read(&account.settings);
    let own = page.iter().filter(|status| status.reblog.as_ref().is_none_or(Value::is_null));
    Ok((own.map(|status| item(&settings, status)).collect(), next))
}

/// The counts of these posts. Those that are gone are left out.
pub(super) async fn of_posts(
    call: &Call<'_>,
    account: &Account,
    posts: &[RemotePost],
) -> Result<Vec<(String, Counts)>, NetworkError> {
    let posts: Vec<&RemotePost> = posts.iter().filter(|post| !post.id.is_empty()).take(BATCH).collect();
    if posts.is_empty() {
        return Ok(Vec::new());
    }
    if let Some(name) = Settings::read(&account.settings).batch_name() {
        let query: Vec<(&str, &str)> = posts.iter().map(|post| (name, post.id.as_str())).collect();
        let found = ask::read::<Vec<Status>>(call, account, &["api", "v1", "statuses"], &query).await;
        match found {
            Ok((found, _)) => {
                return Ok(found.into_iter().map(|status| (status.id.clone(), status.counts())).collect());
            }
            // It does not know the request after all: one by one.
            Err(NetworkError::Refused { .. }) => {}
            Err(other) => return Err(other),
        }
    }
    let mut counts = Vec::new();
    for post in posts {
        match ask::read::<Status>(call, account, &["api", "v1", "statuses", &post.id], &[]).await {
            Ok((status, _)) => counts.push((status.id.clone(), status.counts())),
            Err(NetworkError::Refused { .. }) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(counts)
}

/// The counts of the account.
pub(super) async fn of_account(call: &Call<'_>, account: &Account) -> Result<AccountCounts, NetworkError> {
    let segments = ["api", "v1", "accounts", "verify_credentials"];
    let (person, _): (Person, _) = ask::read(call, account, &segments, &[]).await?;
    Ok(AccountCounts {
        followers: person.followers_count,
        following: person.following_count,
        posts: person.statuses_count,
    })
}

/// Makes a message of a notification; `None` for the kinds that are none.
fn incoming(account: &Account, settings: &Settings, notification: Notification) -> Option<Incoming> {
    let Notification { kind, status, created_at, .. } = notification;
    let status = status.filter(|status| status.author_id() != account.remote_id)?;
    let kind = match (kind.as_str(), status.visibility.as_deref()) {
        ("mention" | "quote", Some("direct")) => MessageKind::Direct,
        ("quote", _) => MessageKind::Quote,
        ("mention", _) if status.in_reply_to_account_id.as_deref() == Some(account.remote_id.as_str()) => {
            MessageKind::Reply
        }
        ("mention", _) => MessageKind::Mention,
        _ => return None,
    };
    let mut item = item(settings, &status);
    if status.created_at.is_none() {
        item.created_at = created_at.unwrap_or_default();
    }
    Some(Incoming { item, kind })
}

/// A post as the inbox and the import see it.
fn item(settings: &Settings, status: &Status) -> RemoteItem {
    let words = text_of(&status.content);
    let warning = status.spoiler_text.trim();
    let text = if warning.is_empty() { words } else { format!("{warning}\n\n{words}") };
    let author = status.account.as_ref().map(|person| RemotePerson {
        id: person.id.clone(),
        handle: person.handle(&settings.domain),
        name: person.name().to_owned(),
        avatar_url: person.picture(),
        url: person.url.clone(),
    });
    let pictures =
        status.media_attachments.iter().filter(|attached| attached.kind == "image" || attached.kind == "gifv");
    let mut post = publish::remote(status);
    if let Some(author) = &author {
        // Whole, so that an answer names them wherever it is read.
        post.more.insert("acct".to_owned(), author.handle.trim_start_matches('@').to_owned());
    }
    RemoteItem {
        post,
        text: text.trim().to_owned(),
        created_at: status.created_at.unwrap_or_default(),
        author: author.unwrap_or_default(),
        in_reply_to: status.in_reply_to_id.clone(),
        thread_root: None,
        media_count: u32::try_from(status.media_attachments.len()).unwrap_or(u32::MAX),
        media_urls: pictures.filter_map(|attached| attached.preview_url.clone().or(attached.url.clone())).collect(),
        // A word of the server's own says that not everyone sees it.
        visibility: status.visibility.as_deref().and_then(visibility_of),
        counts: status.counts(),
    }
}

/// The id to go on from: what the server links to, or the newest by time. Ids are opaque and never compared.
fn newest_id(page: &[Notification], answer: &Answer) -> Option<String> {
    let linked = linked(answer, "prev", "min_id").or_else(|| linked(answer, "prev", "since_id"));
    if let Some(id) = linked.filter(|id| page.iter().any(|notification| notification.id == *id)) {
        return Some(id);
    }
    // Pages come newest first, so among equals the first one is the newest.
    let newest = page.iter().rev().max_by_key(|notification| notification.created_at);
    newest.map(|notification| notification.id.clone())
}

/// A value out of the address that a `Link` header gives for going on.
fn linked(answer: &Answer, rel: &str, name: &str) -> Option<String> {
    let header = answer.header("link")?;
    let wanted = format!("rel=\"{rel}\"");
    let link = header.split(',').find(|link| link.contains(&wanted))?;
    let address = link.split_once('<')?.1.split_once('>')?.0;
    let address = answer.address().join(address).ok()?;
    let found = address.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    found.filter(|value| !value.is_empty())
}
