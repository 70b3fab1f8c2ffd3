//! The inbox, what is below a post, earlier posts, and figures.

use serde_json::{Value, json};

use super::server::{Server, from_ben, person};
use super::*;
use crate::networks::fake::Reply;
use crate::networks::{AccountCounts, Figures, History, Inbox, MessageKind, Visibility};

async fn start() -> (Server, Run) {
    let server = Server::start("mastodon").await;
    let run = Run::new(&server.account(), &server.client(), noon());
    (server, run)
}

fn notification(id: u64, kind: &str, status: &Value) -> Value {
    let created_at = noon().plus(seconds(id)).to_string();
    json!({ "id": id.to_string(), "type": kind, "created_at": created_at, "status": status, "account": person("9", "ben@example.org") })
}

#[tokio::test]
async fn every_message_comes_once_and_none_is_skipped() {
    let (server, run) = start().await;
    let mention = |id: u64| notification(id, "mention", &from_ben(&id.to_string(), "<p>Hi @ada</p>", &json!({})));
    server.state().notifications.extend((1..=3).map(mention));
    let first = Mastodon.fetch(run.call(), &run.account, None).await.unwrap();
    assert_eq!((first.items.len(), first.checkpoint.as_deref(), first.more), (3, Some("3"), false));
    // More than two pages arrive before the next look.
    server.state().notifications.extend((4..=100).map(mention));
    let (mut checkpoint, mut seen, mut calls) = (first.checkpoint, Vec::new(), 0);
    loop {
        let page = Mastodon.fetch(run.call(), &run.account, checkpoint.as_deref()).await.unwrap();
        seen.extend(page.items.into_iter().map(|incoming| incoming.item.post.id));
        checkpoint = page.checkpoint;
        calls += 1;
        if !page.more {
            break;
        }
    }
    let mut expected: Vec<String> = (4..=100).map(|id: u64| id.to_string()).collect();
    seen.sort();
    expected.sort();
    assert_eq!(seen, expected);
    assert_eq!((checkpoint.as_deref(), calls), (Some("100"), 4));
    let asked = server.fake.asked_for("GET", "/api/v1/notifications").pop().unwrap();
    assert_eq!((asked.param("min_id"), asked.param("limit")), (Some("100"), Some("40")));
    assert_eq!(asked.params("types[]"), ["mention", "quote"]);
}

#[tokio::test]
async fn an_inbox_without_anything_stays_at_its_beginning() {
    let (_server, run) = start().await;
    let page = Mastodon.fetch(run.call(), &run.account, None).await.unwrap();
    assert_eq!((page.items.len(), page.checkpoint, page.more), (0, None, false));
    let page = Mastodon.fetch(run.call(), &run.account, Some("7")).await.unwrap();
    assert_eq!((page.items.len(), page.checkpoint.as_deref(), page.more), (0, Some("7"), false));
}

#[tokio::test]
async fn without_links_the_newest_notification_is_the_checkpoint_by_its_time() {
    let (server, run) = start().await;
    let status = from_ben("500", "<p>Hi</p>", &json!({}));
    let page = json!([
        notification(2, "mention", &status),
        notification(9, "mention", &status),
        notification(1, "mention", &status)
    ]);
    server.instead("GET /api/v1/notifications", Reply::json(200, &page));
    let fetched = Mastodon.fetch(run.call(), &run.account, Some("0")).await.unwrap();
    assert_eq!((fetched.checkpoint.as_deref(), fetched.more), (Some("9"), true));
}

#[tokio::test]
async fn messages_are_told_apart_and_what_is_none_stays_out() {
    let (server, run) = start().await;
    let kinds = [
        ("mention", json!({ "in_reply_to_account_id": "1", "in_reply_to_id": "77" }), Some(MessageKind::Reply)),
        ("mention", json!({ "in_reply_to_account_id": "5" }), Some(MessageKind::Mention)),
        ("mention", json!({}), Some(MessageKind::Mention)),
        ("mention", json!({ "visibility": "direct", "in_reply_to_account_id": "1" }), Some(MessageKind::Direct)),
        ("quote", json!({}), Some(MessageKind::Quote)),
        ("favourite", json!({}), None),
        ("pleroma:emoji_reaction", json!({}), None),
        ("mention", json!({ "account": person("1", "ada") }), None),
        ("mention", json!({ "id": null }), None),
    ];
    for (kind, extra, expected) in kinds {
        let page = json!([notification(5, kind, &from_ben("500", "<p>Hi</p>", &extra))]);
        server.instead("GET /api/v1/notifications", Reply::json(200, &page));
        let page = Mastodon.fetch(run.call(), &run.account, None).await.unwrap();
        let found = page.items.first().map(|incoming| incoming.kind);
        assert_eq!((found, page.checkpoint.as_deref()), (expected, Some("5")), "{kind} {extra}");
    }
    // A notification that cannot be read at all hides none of the others.
    let page = json!([{ "id": null }, "what", notification(5, "mention", &from_ben("500", "", &json!({})))]);
    server.instead("GET /api/v1/notifications", Reply::json(200, &page));
    let page = Mastodon.fetch(run.call(), &run.account, None).await.unwrap();
    assert_eq!(page.items.len(), 1);
}

#[tokio::test]
async fn a_message_has_what_an_answer_needs() {
    let (server, run) = start().await;
    let extra = json!({
        "visibility": "unlisted", "spoiler_text": "Food", "in_reply_to_id": "77", "in_reply_to_account_id": "1",
        "favourites_count": 2, "quotes_count": -1, "account": person("9", "ben"),
        "media_attachments": [
            { "id": "1", "type": "image", "preview_url": "https://files.example.social/1s.png" },
            { "id": "2", "type": "video", "url": "https://files.example.social/2.mp4" },
        ],
    });
    let status = from_ben("500", "<p>Look &amp; <a href=\"#\">see</a></p><p>it</p>", &extra);
    server.state().notifications.push(notification(5, "mention", &status));
    let page = Mastodon.fetch(run.call(), &run.account, None).await.unwrap();
    let item = &page.items[0].item;
    assert_eq!(item.text, "Food\n\nLook & see\n\nit");
    assert_eq!((item.author.handle.as_str(), item.author.name.as_str()), ("@ben@example.social", "BEN"));
    assert_eq!((item.in_reply_to.as_deref(), item.visibility), (Some("77"), Some(Visibility::Unlisted)));
    assert_eq!(
        (item.media_count, item.media_urls.as_slice()),
        (2, ["https://files.example.social/1s.png".to_owned()].as_slice())
    );
    assert_eq!((item.counts.reactions, item.counts.comments, item.counts.quotes), (Some(2), None, None));
    let more: Vec<(&str, &str)> = item.post.more.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(more, [("acct", "ben@example.social"), ("author", "9"), ("visibility", "unlisted")]);
    assert_eq!(item.created_at, instant("2026-11-22T11:00:20Z"));
}

#[tokio::test]
async fn answers_that_did_not_notify_are_found_below_the_post() {
    let (server, mut run) = start().await;
    let post = run.make(first(part("One"))).await.unwrap();
    let below = |id: &str, extra: Value| {
        let mut status = from_ben(id, "<p>Two</p>", &extra);
        status["in_reply_to_id"] = json!(post.id);
        status
    };
    server.state().statuses.extend([
        below("500", json!({})),
        below("501", json!({ "visibility": "direct" })),
        below("502", json!({ "account": person("1", "ada") })),
    ]);
    let found = Mastodon.fetch_below(run.call(), &run.account, &post).await.unwrap();
    let kinds: Vec<_> = found.iter().map(|incoming| (incoming.item.post.id.as_str(), incoming.kind)).collect();
    assert_eq!(kinds, [("500", MessageKind::Reply), ("501", MessageKind::Direct)]);
    assert!(found.iter().all(|incoming| incoming.item.thread_root.as_ref() == Some(&post.id)));
    server.state().statuses.clear();
    assert!(Mastodon.fetch_below(run.call(), &run.account, &post).await.unwrap().is_empty());
}

#[tokio::test]
async fn earlier_posts_are_read_page_by_page_to_the_end() {
    let (server, run) = start().await;
    for id in 1..=95_u64 {
        let mut status = from_ben(&id.to_string(), "<p>Old</p>", &json!({ "account": person("1", "ada") }));
        if id == 50 {
            status["reblog"] = json!({ "id": "1" });
        }
        server.state().statuses.push(status);
    }
    let (mut after, mut ids) = (None, Vec::new());
    loop {
        let (items, next) = Mastodon.own_posts(run.call(), &run.account, after.as_deref()).await.unwrap();
        ids.extend(items.into_iter().map(|item| item.post.id.parse::<u64>().unwrap()));
        after = next;
        if after.is_none() {
            break;
        }
    }
    let expected: Vec<u64> = (1..=95).rev().filter(|id| *id != 50).collect();
    assert_eq!(ids, expected);
}

#[tokio::test]
async fn figures_come_in_one_request_where_the_server_can_and_one_by_one_where_not() {
    let (server, mut run) = start().await;
    let one = run.make(first(part("One"))).await.unwrap();
    let two = run.make(first(part("Two"))).await.unwrap();
    server.state().statuses[1]["quotes_count"] = json!(4);
    let gone = RemotePost { id: "1".to_owned(), ..RemotePost::default() };
    let asked = [one.clone(), gone, two.clone()];
    let batched = Mastodon.of_posts(run.call(), &run.account, &asked).await.unwrap();
    assert_eq!(server.fake.asked_for("GET", "/api/v1/statuses").len(), 1);
    let ids: Vec<&str> = batched.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(ids, [&one.id, &two.id]);
    let counts = batched[0].1;
    assert_eq!((counts.reactions, counts.comments, counts.shares), (Some(3), Some(1), Some(0)));
    assert_eq!((counts.quotes, counts.views, batched[1].1.quotes), (None, None, Some(4)));
    // A server that says it can and cannot after all.
    server.instead("GET /api/v1/statuses", Reply::json(404, &json!({ "error": "Not found" })));
    assert_eq!(Mastodon.of_posts(run.call(), &run.account, &asked).await.unwrap(), batched);
    // A server that cannot.
    run.account.settings = json!({ "software": "gotosocial" });
    assert_eq!(Mastodon.of_posts(run.call(), &run.account, &asked).await.unwrap(), batched);
    assert_eq!(server.fake.asked_for("GET", "/api/v1/statuses").len(), 2);
}

#[tokio::test]
async fn the_account_is_counted() {
    let (_server, run) = start().await;
    let counts = Mastodon.of_account(run.call(), &run.account).await.unwrap();
    assert_eq!(counts, AccountCounts { followers: Some(42), following: Some(7), posts: Some(3) });
}
