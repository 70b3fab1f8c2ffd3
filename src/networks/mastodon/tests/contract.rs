//! The same story against the server of our own and against a foreign one that speaks Mastodon's language.
//!
//! The foreign one is named by a JSON file in the environment variable `BELFRY_COUNTERPARTS`:
//! `{"mastodon": {"url": "http://127.0.0.1:3400", "token": "…"}}`. Without it that half says loudly that it was left out.

use std::io::Write;

use serde_json::{Value, json};

use super::server::{Server, TOKEN};
use super::*;
use crate::base::clock::Clock;
use crate::base::url_guard::Guard;
use crate::networks::{ConnectStep, Figures, History, Inbox, MessageKind, Poll, Settled, Visibility, Window};

/// A server, and an account there.
struct Place {
    client: Client,
    url: String,
    token: String,
    now: At,
}

#[tokio::test]
async fn the_story_holds_at_the_server_of_our_own() {
    let server = Server::start("mastodon").await;
    let place = Place { client: server.client(), url: server.fake.origin(), token: TOKEN.to_owned(), now: noon() };
    story(&place).await;
}

#[tokio::test]
async fn the_story_holds_at_a_foreign_server() {
    let Some(place) = counterpart() else { return };
    story(&place).await;
    faults(&place).await;
}

fn counterpart() -> Option<Place> {
    let skipped = |why: &str| {
        // Past the capture of the test harness, so that it is seen in every run.
        let line = format!("SKIPPED: the story against a foreign Mastodon server: {why}\n");
        std::io::stderr().write_all(line.as_bytes()).unwrap();
    };
    let Ok(file) = std::env::var("BELFRY_COUNTERPARTS") else {
        skipped("BELFRY_COUNTERPARTS names no file");
        return None;
    };
    let counterparts: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let Some(mastodon) = counterparts.get("mastodon") else {
        skipped("the file names none");
        return None;
    };
    let (url, token) = (mastodon["url"].as_str().unwrap().to_owned(), mastodon["token"].as_str().unwrap().to_owned());
    let host = url.trim_start_matches("http://").trim_end_matches('/').to_owned();
    let client = Client::new(Guard::allowing([host.as_str()]), "Belfry tests").unwrap();
    Some(Place { client, url, token, now: Clock::default().now() })
}

async fn connect(place: &Place) -> Account {
    let typed = [("server", &place.url), ("token", &place.token)];
    let typed = typed.into_iter().map(|(name, value)| (name.to_owned(), value.clone())).collect();
    let call = Call { client: &place.client, now: place.now };
    let step = Mastodon.connect(call, "token", &typed, None).await.unwrap();
    let ConnectStep::Connected(connected) = step else { panic!("{step:?}") };
    let connected = *connected;
    Account {
        server: connected.server,
        remote_id: connected.remote_id,
        secret: connected.secret,
        settings: connected.settings,
    }
}

async fn story(place: &Place) {
    let account = connect(place).await;
    assert_eq!(Mastodon.capabilities(&account.settings).text.limit, Some(500));
    let mut run = Run::new(&account, &place.client, place.now);

    let tag = crate::base::id::random_token();

    // A picture with its description, a thread below it, a warning, a poll.
    let (_folder, media) = picture("A green field");
    let words = format!("Spring & **all** {tag}\n\nhttps://example.org/a/long/way/to/go/and/then/some");
    let root = first(Part { media: vec![media.clone()], language: Some("en".to_owned()), ..part(&words) });
    let root_claim = claim(root, run.now);
    let mut progress = Progress::default();
    let root = run.go_on(&root_claim, &mut progress).await.unwrap();
    let second = Part { content_warning: Some("Food".to_owned()), visibility: Visibility::Unlisted, ..part("Soup") };
    let below = Change::Publish { part: second, root: Some(root.clone()), parent: Some(root.clone()) };
    let below_claim = claim(below, run.now);
    let below = run.go_on(&below_claim, &mut Progress::default()).await.unwrap();
    let poll = Poll { options: vec!["Tea".to_owned(), "Coffee".to_owned()], open_for_s: 3600, multiple: false };
    run.make(first(Part { poll: Some(poll), ..part("Well?") })).await.unwrap();

    // The same request with the same key is the same post; another job with the same words is another.
    let uploads = Progress { post: None, ..progress.clone() };
    let again = run.go_on(&root_claim, &mut uploads.clone()).await.unwrap();
    assert_eq!(again.id, root.id);

    // Lost answers are found; what was never sent is not.
    let window = Window { from_at: run.now.minus(seconds(5)), to_at: run.now.plus(seconds(5)) };
    for (claim, progress, post) in [(&root_claim, &uploads, &root), (&below_claim, &Progress::default(), &below)] {
        let settled = Mastodon.settle(run.call(), &account, claim, progress, window).await.unwrap();
        assert!(matches!(&settled, Settled::Done(found) if found.id == post.id), "{settled:?}");
    }
    let never = claim(first(part(&format!("Never sent {tag}"))), run.now);
    let settled = Mastodon.settle(run.call(), &account, &never, &Progress::default(), window).await.unwrap();
    assert!(matches!(settled, Settled::CannotTell { .. }), "{settled:?}");

    // They are in the account's own list, and counted.
    let (own, _) = Mastodon.own_posts(run.call(), &account, None).await.unwrap();
    let shown = own.iter().find(|item| item.post.id == root.id).unwrap();
    assert_eq!((shown.media_count, shown.visibility), (1, Some(Visibility::Public)));
    assert!(shown.text.contains("https://example.org/a/long/way/to/go/and/then/some"), "{}", shown.text);
    let shown = own.iter().find(|item| item.post.id == below.id).unwrap();
    assert_eq!((shown.in_reply_to.as_deref(), shown.visibility), (Some(root.id.as_str()), Some(Visibility::Unlisted)));
    assert_eq!(shown.text, "Food\n\nSoup");
    let counted = Mastodon.of_posts(run.call(), &account, &[root.clone(), below.clone()]).await.unwrap();
    assert!(
        counted.len() == 2 && counted.iter().all(|(_, counts)| counts.reactions.is_some() && counts.views.is_none())
    );
    assert!(Mastodon.of_account(run.call(), &account).await.unwrap().followers.is_some());

    // Change and take down, twice.
    let changed = Change::Edit { post: root.clone(), part: Part { media: vec![media], ..part("Summer") } };
    assert_eq!(run.make(changed).await.unwrap().id, root.id);
    for _twice in 0..2 {
        run.make(Change::Delete { post: below.clone() }).await.unwrap();
    }
    let delete = claim(Change::Delete { post: below.clone() }, run.now);
    let settled = Mastodon.settle(run.call(), &account, &delete, &Progress::default(), window).await.unwrap();
    assert!(matches!(settled, Settled::Done(_)), "{settled:?}");
}

/// A second person at the foreign server, connected by a visit.
async fn person_beside(place: &Place) -> Account {
    let name = crate::base::id::random_token().replace(['-', '_'], "").to_lowercase();
    let address = |path: &str| format!("{}{path}", place.url.trim_end_matches('/'));
    let wish =
        [("username", name.as_str()), ("email", "b@example.org"), ("password", "long-enough"), ("agreement", "true")];
    let made = place.client.post(&address("/api/v1/accounts")).bearer(&place.token).form(wish).send().await.unwrap();
    assert!(made.is_success(), "{}", String::from_utf8_lossy(made.body()));

    let call = || Call { client: &place.client, now: place.now };
    let typed = [("server".to_owned(), place.url.clone())].into();
    let step = Mastodon.connect(call(), "oauth", &typed, None).await.unwrap();
    let ConnectStep::Visit { url, kept, shows_code: true } = step else { panic!("{step:?}") };
    let page = place.client.get(&url).send().await.unwrap();
    assert!(page.is_success() && page.body().windows(name.len()).any(|part| part == name.as_bytes()));
    let yes = [("username", name.as_str()), ("client_id", kept.find("client_id").unwrap())];
    let page = place.client.post(&address("/oauth/authorize")).form(yes).send().await.unwrap();
    let shown = String::from_utf8_lossy(page.body()).into_owned();
    let code = shown.split_once("code: ").unwrap().1.split('<').next().unwrap();
    let code = [("code".to_owned(), code.to_owned())].into();
    let connected = Mastodon.finish_connecting(call(), &kept, &code).await.unwrap();
    Account {
        server: connected.server,
        remote_id: connected.remote_id,
        secret: connected.secret,
        settings: connected.settings,
    }
}

/// What only the foreign server can play: a second person, and trouble on demand.
async fn faults(place: &Place) {
    let account = connect(place).await;
    let mut run = Run::new(&account, &place.client, place.now);
    let post = run.make(first(part("Ask me anything"))).await.unwrap();
    let none_yet = Mastodon.fetch(run.call(), &account, None).await.unwrap();

    // Someone else answers.
    let ben = person_beside(place).await;
    let mut bens = Run::new(&ben, &place.client, place.now);
    let handle = Some(format!("@{}", post.more["acct"]));
    let reply = Change::Reply { part: part("How?"), root: None, parent: post.clone(), parent_handle: handle };
    let answer = bens.make(reply).await.unwrap();
    let page = Mastodon.fetch(run.call(), &account, none_yet.checkpoint.as_deref()).await.unwrap();
    let found: Vec<_> = page.items.iter().map(|incoming| (incoming.item.post.id.as_str(), incoming.kind)).collect();
    assert_eq!(found, [(answer.id.as_str(), MessageKind::Reply)]);
    assert!(page.items[0].item.text.ends_with("How?"), "{}", page.items[0].item.text);
    let below = Mastodon.fetch_below(run.call(), &account, &post).await.unwrap();
    assert_eq!(below.iter().map(|incoming| &incoming.item.post.id).collect::<Vec<_>>(), [&answer.id]);
    let empty = Mastodon.fetch(run.call(), &account, page.checkpoint.as_deref()).await.unwrap();
    assert_eq!((empty.items.len(), empty.checkpoint, empty.more), (0, page.checkpoint, false));

    for (fault, expected) in [
        (json!({ "type": "ratelimit" }), "asked to wait"),
        (json!({ "type": "status", "status": 500 }), "outcome unknown"),
        (json!({ "type": "malformed" }), "outcome unknown"),
    ] {
        let address = format!("{}/api/v1/_mock/faults", place.url.trim_end_matches('/'));
        let wish = json!({ "match": { "methods": ["POST"], "path": "/api/v1/statuses" }, "effect": fault, "count": 1 });
        let set = place.client.post(&address).bearer(&place.token).json(&wish).send().await.unwrap();
        assert!(set.is_success(), "{}", String::from_utf8_lossy(set.body()));
        let error = run.make(first(part("Trouble"))).await.unwrap_err();
        assert!(error.to_string().starts_with(expected), "{fault}: {error}");
        place.client.delete(&address).bearer(&place.token).send().await.unwrap();
    }
    let revoked = Account { secret: Credentials::new([("token", "no-such-token")]), ..account };
    let error = Run::new(&revoked, &place.client, place.now).make(first(part("Hello"))).await.unwrap_err();
    assert!(matches!(error, NetworkError::Reconnect { .. }), "{error:?}");
}
