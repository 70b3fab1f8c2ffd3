//! The inbox, figures and earlier posts, out of answers as the app view gives them.

use super::*;
use crate::networks::MessageKind;
use crate::networks::fake::{Asked, Fake};

/// A server that answers by method, and the account there.
async fn server(mut answer: impl FnMut(&str, &Asked) -> Reply + Send + 'static) -> (Fake, Account) {
    let fake = Fake::start(move |asked| {
        assert_eq!(asked.header("authorization"), Some("Bearer access"));
        answer(asked.path.strip_prefix("/xrpc/").unwrap(), asked)
    })
    .await;
    let account = ada_at(&fake.origin());
    (fake, account)
}

fn notifications(method: &str, _asked: &Asked) -> Reply {
    match method {
        "app.bsky.notification.listNotifications" => fixture!("list-notifications-page"),
        "app.bsky.feed.getPosts" => fixture!("get-posts-pictures"),
        method => panic!("asked for {method}"),
    }
}

async fn fetched(fake: &Fake, account: &Account, checkpoint: Option<&str>) -> IncomingPage {
    let client = fake.client();
    let call = Call { client: &client, now: at(NOW) };
    Bluesky::default().fetch(call, account, checkpoint).await.unwrap()
}

#[tokio::test]
async fn notifications_become_messages_oldest_first() {
    let (fake, account) = server(notifications).await;
    let page = fetched(&fake, &account, None).await;
    let kinds: Vec<(&str, MessageKind)> =
        page.items.iter().map(|incoming| (incoming.item.text.as_str(), incoming.kind)).collect();
    assert_eq!(
        kinds,
        [
            ("Here it is", MessageKind::Reply),
            ("I asked @ada.example", MessageKind::Mention),
            // Announced as a mention, and an answer to ours all the same.
            ("@ada.example where is the bell?", MessageKind::Reply),
            ("Look at this", MessageKind::Quote),
        ]
    );
    let reply = &page.items[0].item;
    assert_eq!(reply.in_reply_to.as_deref(), Some("at://did:plc:ada/app.bsky.feed.post/3kfirst"));
    assert_eq!(reply.thread_root, reply.in_reply_to);
    assert_eq!(reply.post.more["root_cid"], "bafyfirst");
    assert_eq!(reply.author.handle, "ben.example");
    assert_eq!((reply.media_count, reply.media_urls.clone()), (1, vec!["https://cdn.example/bell.jpg".to_owned()]));
    let quote = &page.items[3].item;
    assert_eq!(quote.created_at, at("2026-11-22T09:04:00Z"), "a time ahead of when it was seen does not count");
    assert_eq!(quote.author.name, "did:plc:cleo");
    assert!(!page.more, "without a checkpoint only the newest page is read");
    let asked = &fake.asked_for("GET", "/xrpc/app.bsky.notification.listNotifications")[0];
    assert_eq!(asked.params("reasons"), ["reply", "mention", "quote"]);
}

#[tokio::test]
async fn the_walk_back_ends_at_the_checkpoint_with_two_minutes_read_again() {
    let (fake, account) = server(notifications).await;
    let first = fetched(&fake, &account, None).await.checkpoint.unwrap();
    // Everything up to 09:04:00 is known: what lies between 09:02:00 and then is read again.
    let again = fetched(&fake, &account, Some(&first)).await;
    assert_eq!(again.items.len(), 3);
    assert!(!again.more);
    assert_eq!(again.checkpoint.as_deref(), Some(first.as_str()));
}

#[tokio::test]
async fn a_long_walk_back_goes_on_page_by_page_and_keeps_the_newest_instant() {
    let (fake, account) = server(|method, asked| match asked.param("cursor") {
        Some(_second) => Reply::json(200, &json!({ "notifications": [] })),
        None => notifications(method, asked),
    })
    .await;
    let known = fetched(&fake, &account, None).await.checkpoint.unwrap();
    let long_ago = known.replace(&at("2026-11-22T09:04:00Z").as_millis().to_string(), "1000");
    let first = fetched(&fake, &account, Some(&long_ago)).await;
    assert_eq!((first.items.len(), first.more), (4, true));
    let second = fetched(&fake, &account, first.checkpoint.as_deref()).await;
    assert_eq!((second.items.len(), second.more), (0, false));
    assert_eq!(second.checkpoint, Some(known));
    let asked = fake.asked_for("GET", "/xrpc/app.bsky.notification.listNotifications");
    assert_eq!(asked[2].param("cursor"), Some("2026-11-22T09:01:00.500Z"));
}

#[tokio::test]
async fn an_empty_inbox_misses_nothing_that_comes_after_it() {
    let (fake, account) = server(|_method, _asked| Reply::json(200, &json!({ "notifications": [] }))).await;
    let checkpoint = fetched(&fake, &account, None).await.checkpoint.unwrap();
    let (fake, account) = server(notifications).await;
    assert_eq!(fetched(&fake, &account, Some(&checkpoint)).await.items.len(), 4);
}

#[tokio::test]
async fn a_server_without_an_app_view_is_asked_again_later() {
    let (fake, account) = server(|_method, _asked| fixture!("upstream-missing")).await;
    let client = fake.client();
    let call = || Call { client: &client, now: at(NOW) };
    let network = Bluesky::default();
    let inbox = network.fetch(call(), &account, None).await.unwrap_err();
    assert!(matches!(inbox, NetworkError::NotSent { .. }), "{inbox:?}");
    let counts = network.of_account(call(), &account).await.unwrap_err();
    assert!(matches!(counts, NetworkError::NotSent { .. }), "{counts:?}");
}

#[tokio::test]
async fn answers_below_a_post_are_found_at_every_level_without_our_own() {
    let (fake, account) = server(|_method, _asked| fixture!("get-post-thread-found")).await;
    let client = fake.client();
    let call = Call { client: &client, now: at(NOW) };
    let post = RemotePost { id: "at://did:plc:ada/app.bsky.feed.post/3kfirst".to_owned(), ..RemotePost::default() };
    let found = Bluesky::default().fetch_below(call, &account, &post).await.unwrap();
    let texts: Vec<&str> = found.iter().map(|incoming| incoming.item.text.as_str()).collect();
    assert_eq!(texts, ["Here it is", "Me too"]);
}

#[tokio::test]
async fn what_is_not_told_is_not_zero() {
    let (fake, account) = server(|method, asked| match method {
        "app.bsky.feed.getPosts" => {
            assert_eq!(asked.params("uris").len(), 2);
            fixture!("get-posts-counted")
        }
        _ => fixture!("get-profile-found"),
    })
    .await;
    let client = fake.client();
    let call = || Call { client: &client, now: at(NOW) };
    let network = Bluesky::default();
    let posts = ["3kfirst", "3kgone"]
        .map(|rkey| RemotePost { id: format!("at://did:plc:ada/app.bsky.feed.post/{rkey}"), ..RemotePost::default() });
    let counted = network.of_posts(call(), &account, &posts).await.unwrap();
    assert_eq!(counted[0].0, posts[0].id);
    assert_eq!((counted[0].1.reactions, counted[0].1.comments, counted[0].1.saves), (Some(12), Some(4), Some(2)));
    assert_eq!((counted[1].1.reactions, counted[1].1.saves, counted[1].1.views), (Some(0), None, None));
    let account_counts = network.of_account(call(), &account).await.unwrap();
    let expected = AccountCounts { followers: Some(120), following: Some(80), posts: Some(345) };
    assert_eq!(account_counts, expected);
}

#[tokio::test]
async fn earlier_posts_are_our_own_and_each_comes_once() {
    let (fake, account) = server(|_method, asked| {
        assert_eq!((asked.param("actor"), asked.param("limit")), (Some("did:plc:ada"), Some("100")));
        fixture!("get-author-feed-page")
    })
    .await;
    let client = fake.client();
    let call = Call { client: &client, now: at(NOW) };
    let (items, after) = Bluesky::default().own_posts(call, &account, None).await.unwrap();
    let texts: Vec<&str> = items.iter().map(|item| item.text.as_str()).collect();
    assert_eq!(texts, ["The bell rings", "Thank you", "Before"]);
    assert_eq!(items[0].counts.reactions, Some(12));
    assert_eq!(after.as_deref(), Some("feed:2026-11-20T09:00:00.000Z"));
}

#[tokio::test]
async fn without_an_app_view_earlier_posts_come_from_the_repository_without_figures() {
    let (fake, account) = server(|method, asked| match (method, asked.param("cursor")) {
        ("app.bsky.feed.getAuthorFeed", _) => fixture!("upstream-missing"),
        (_, None) => fixture!("list-records-page"),
        (_, Some(cursor)) => {
            assert_eq!(cursor, "3kpicture");
            Reply::json(200, &json!({ "records": [] }))
        }
    })
    .await;
    let client = fake.client();
    let call = || Call { client: &client, now: at(NOW) };
    let network = Bluesky::default();
    let (items, after) = network.own_posts(call(), &account, None).await.unwrap();
    assert_eq!((items[0].text.as_str(), items[0].counts), ("With a bell", Counts::default()));
    let picture = format!("{}/xrpc/com.atproto.sync.getBlob?did=did:plc:ada&cid=bafkbell", account.server);
    assert_eq!(items[0].media_urls, [picture]);
    let (items, after) = network.own_posts(call(), &account, after.as_deref()).await.unwrap();
    assert_eq!((items.len(), after), (0, None));
}
