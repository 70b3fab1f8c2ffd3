//! The connector against a real personal data server, and against an app view where one runs beside it.
//!
//! `BELFRY_COUNTERPARTS` is what `tests/counterparts/up` printed, or the name of a file that holds it:
//! `{"bluesky":{"pds":…,"appview":…,"accounts":[{"handle","did","password"},…]}}`. Without it these tests say that
//! they were left out.

use std::io::{Read, Write};
use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::base::clock::Clock;
use crate::base::url_guard::Guard;
use crate::networks::fake::{Asked, Fake};
use crate::networks::{MessageKind, RemoteItem};

/// How long the app view may take to see what was written.
const INDEXED_WITHIN: Duration = Duration::from_mins(1);

/// A real server with two accounts, connected as a person would.
struct Real {
    client: Client,
    server: String,
    ada: Account,
    ben: Account,
    has_app_view: bool,
}

/// Said past the capture of the test runner, so that a run without the servers cannot be taken for one with them.
fn left_out(why: &str) {
    std::io::stderr().write_all(format!("SKIPPED: a test against a real Bluesky server: {why}\n").as_bytes()).unwrap();
}

fn counterparts() -> Option<Value> {
    let Ok(given) = std::env::var("BELFRY_COUNTERPARTS") else {
        left_out("BELFRY_COUNTERPARTS is not set");
        return None;
    };
    let text = if given.trim_start().starts_with('{') { given } else { std::fs::read_to_string(given).unwrap() };
    let all: Value = serde_json::from_str(&text).unwrap();
    all.get("bluesky").cloned()
}

fn now() -> At {
    Clock::default().now()
}

fn chance() -> u128 {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).unwrap();
    u128::from_be_bytes(bytes)
}

async fn real() -> Option<Real> {
    let given = counterparts()?;
    let server = given["pds"].as_str().unwrap().to_owned();
    let host = server.strip_prefix("http://").unwrap().to_owned();
    let client = Client::new(Guard::allowing([host.as_str(), "127.0.0.1"]), "Belfry tests").unwrap();
    let ada = signed_in(&client, &server, &given["accounts"][0]).await;
    let ben = signed_in(&client, &server, &given["accounts"][1]).await;
    Some(Real { client, server, ada, ben, has_app_view: given.get("appview").is_some() })
}

async fn signed_in(client: &Client, server: &str, account: &Value) -> Account {
    let field = |name: &str| account[name].as_str().unwrap().to_owned();
    let input = [("handle", field("handle")), ("password", field("password")), ("server", server.to_owned())];
    let input = input.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let call = Call { client, now: now() };
    let ConnectStep::Connected(connected) = Bluesky::default().connect(call, "password", &input, None).await.unwrap()
    else {
        panic!("there is nothing to visit")
    };
    assert_eq!((&connected.remote_id, &connected.handle), (&field("did"), &field("handle")));
    assert!(now() < connected.secret_ends_at.unwrap());
    Account {
        server: connected.server,
        remote_id: connected.remote_id,
        secret: connected.secret,
        settings: connected.settings,
    }
}

impl Real {
    fn call(&self) -> Call<'_> {
        Call { client: &self.client, now: now() }
    }

    async fn done(&self, account: &Account, change: Change) -> (Claim, RemotePost) {
        let claim = claimed(Job { id: "dispatch-1".to_owned(), change }, now(), chance());
        let progress = run(&self.client, account, &claim, Progress::default()).await.1.unwrap();
        (claim, progress.post.unwrap())
    }

    async fn posted(&self, account: &Account, part: Part) -> RemotePost {
        self.done(account, Change::Publish { part, root: None, parent: None }).await.1
    }

    async fn record(&self, post: &RemotePost) -> Option<Value> {
        self.record_in(post, names::POST).await
    }

    async fn record_in(&self, post: &RemotePost, collection: &str) -> Option<Value> {
        let name = names::RecordName::read(&post.id).unwrap();
        let address = format!("{}/xrpc/com.atproto.repo.getRecord", self.server);
        let query = [("repo", name.repo.as_str()), ("collection", collection), ("rkey", &name.rkey)];
        let answer = self.client.get(&address).query(query).send().await.unwrap();
        answer.is_success().then(|| answer.json::<Value>().unwrap()["value"].clone())
    }
}

#[tokio::test]
async fn a_post_reads_back_as_it_was_written_with_picture_words_and_facets() {
    let Some(real) = real().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let media = picture(&folder, "image-1.jpg", 0);
    let bytes = std::fs::read(&media.path).unwrap();
    let ben_handle = real.ben.settings["handle"].as_str().unwrap();
    let text = format!("Grüße 🔔 an @{ben_handle} und @nobody.test: https://example.org/glocke. #Glocke");
    let part =
        Part { media: vec![media], language: Some("de".to_owned()), replies: Replies::Followers, ..saying(&text) };
    let post = real.posted(&real.ada, part).await;
    let record = real.record(&post).await.unwrap();
    assert_eq!(record["text"], json!(text));
    assert_eq!(record["langs"], json!(["de"]));
    let covered: Vec<(&str, &Value)> = record["facets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|facet| {
            let border = |name: &str| usize::try_from(facet["index"][name].as_u64().unwrap()).unwrap();
            (text.get(border("byteStart")..border("byteEnd")).unwrap(), &facet["features"][0])
        })
        .collect();
    assert_eq!(covered.len(), 3, "{covered:?}");
    assert_eq!(covered[0].0, format!("@{ben_handle}"));
    assert_eq!(covered[0].1["did"], json!(real.ben.remote_id));
    assert_eq!(
        (covered[1].0, &covered[1].1["uri"]),
        ("https://example.org/glocke", &json!("https://example.org/glocke"))
    );
    assert_eq!((covered[2].0, &covered[2].1["tag"]), ("#Glocke", &json!("Glocke")));
    let image = &record["embed"]["images"][0];
    assert_eq!(image["alt"], "A small bell on a blue ground");
    assert_eq!(image["aspectRatio"], json!({ "width": 40, "height": 30 }));
    let cid = image["image"]["ref"]["$link"].as_str().unwrap();
    let address = view::blob_address(&real.server, &real.ada.remote_id, cid);
    assert_eq!(real.client.get(&address).send().await.unwrap().body().as_ref(), bytes);
    let gate = real.record_in(&post, names::THREADGATE).await.unwrap();
    assert_eq!(gate["allow"][0]["$type"], "app.bsky.feed.threadgate#followerRule");
}

#[tokio::test]
async fn a_thread_an_answer_and_a_quote_hang_where_they_should() {
    let Some(real) = real().await else { return };
    let first = real.posted(&real.ada, saying("One")).await;
    let below = |text: &str, parent: &RemotePost| Change::Publish {
        part: saying(text),
        root: Some(first.clone()),
        parent: Some(parent.clone()),
    };
    let (_, second) = real.done(&real.ada, below("Two", &first)).await;
    let (_, third) = real.done(&real.ada, below("Three", &second)).await;
    let answer = Change::Reply { part: saying("And four?"), root: None, parent: third.clone(), parent_handle: None };
    let (_, answer) = real.done(&real.ben, answer).await;
    let record = real.record(&answer).await.unwrap();
    assert_eq!(record["reply"]["root"], json!({ "uri": first.id, "cid": first.more["cid"] }));
    assert_eq!(record["reply"]["parent"], json!({ "uri": third.id, "cid": third.more["cid"] }));
    // Of the answer nothing is known but its name.
    let bare = RemotePost { id: answer.id.clone(), ..RemotePost::default() };
    let again = Change::Reply { part: saying("No"), root: None, parent: bare, parent_handle: None };
    let (_, again) = real.done(&real.ada, again).await;
    let record = real.record(&again).await.unwrap();
    assert_eq!(record["reply"]["root"]["uri"], json!(first.id));
    assert_eq!(record["reply"]["parent"], json!({ "uri": answer.id, "cid": answer.more["cid"] }));
    let quoting = Part { quote_url: first.url.clone(), ..saying("Look") };
    let quote = real.posted(&real.ben, quoting).await;
    let record = real.record(&quote).await.unwrap();
    assert_eq!(record["embed"]["record"], json!({ "uri": first.id, "cid": first.more["cid"] }));
}

#[tokio::test]
async fn the_same_post_put_again_makes_no_second_one() {
    let Some(real) = real().await else { return };
    let change = Change::Publish { part: saying("Once"), root: None, parent: None };
    let (claim, post) = real.done(&real.ada, change).await;
    let again = run(&real.client, &real.ada, &claim, Progress::default()).await.1.unwrap().post.unwrap();
    assert_eq!(again, post);
    let other = Claim { job: publishing(saying("Something else")), ..claim };
    let refused = run(&real.client, &real.ada, &other, Progress::default()).await.1.unwrap_err();
    assert!(matches!(refused, NetworkError::Unclear { .. }), "{refused:?}");
    assert_eq!(real.record(&post).await.unwrap()["text"], "Once");
}

/// Passes a request on to the real server, word for word, and gives its whole answer.
fn pass_on(asked: &Asked, host: &str) -> Vec<u8> {
    let mut socket = std::net::TcpStream::connect(host).unwrap();
    let mut head = format!("{} {} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n", asked.method, asked.path);
    for name in ["authorization", "content-type", "content-length"] {
        if let Some(value) = asked.header(name) {
            head = format!("{head}{name}: {value}\r\n");
        }
    }
    socket.write_all(format!("{head}\r\n").as_bytes()).unwrap();
    socket.write_all(&asked.body).unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).unwrap();
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_whose_answer_was_lost_is_found_again() {
    let Some(real) = real().await else { return };
    let host = real.server.strip_prefix("http://").unwrap().to_owned();
    let losing = Fake::start(move |asked| {
        let answer = pass_on(asked, &host);
        assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
        Reply::lost()
    })
    .await;
    let behind = Account { server: losing.origin(), ..real.ada.clone() };
    let claim = claimed(publishing(saying("Lost and found")), now(), chance());
    let lost = run(&losing.client(), &behind, &claim, Progress::default()).await.1.unwrap_err();
    assert!(matches!(lost, NetworkError::Unclear { .. }), "{lost:?}");
    let window = Window { from_at: now(), to_at: now() };
    let network = Bluesky::default();
    let settled = network.settle(real.call(), &real.ada, &claim, &Progress::default(), window).await.unwrap();
    let Settled::Done(post) = settled else { panic!("{settled:?}") };
    assert_eq!(real.record(&post).await.unwrap()["text"], "Lost and found");
    let again = run(&real.client, &real.ada, &claim, Progress::default()).await.1.unwrap().post.unwrap();
    assert_eq!(again, post);
    let never = claimed(publishing(saying("Never sent")), now(), chance());
    let settled = network.settle(real.call(), &real.ada, &never, &Progress::default(), window).await.unwrap();
    assert_eq!(settled, Settled::SafeToRepeat);
}

#[tokio::test]
async fn a_picture_that_the_server_no_longer_has_is_uploaded_again() {
    let Some(real) = real().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let part = Part { media: vec![picture(&folder, "image-1.jpg", 0)], ..saying("Bell") };
    let claim = claimed(publishing(part), now(), chance());
    let dropped = json!({
        "$type": "blob",
        "ref": { "$link": "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku" },
        "mimeType": "image/jpeg",
        "size": 11,
    });
    let progress = Progress { known: [("media.0".to_owned(), dropped)].into(), post: None };
    let (names, progress) = run(&real.client, &real.ada, &claim, progress).await;
    assert_eq!(names, ["publish", "upload 0", "publish"]);
    assert!(real.record(&progress.unwrap().post.unwrap()).await.is_some());
}

#[tokio::test]
async fn what_is_taken_down_is_gone_and_taking_it_down_again_does_no_harm() {
    let Some(real) = real().await else { return };
    let part = Part { replies: Replies::Nobody, ..saying("Soon gone") };
    let post = real.posted(&real.ada, part).await;
    assert_eq!(real.record_in(&post, names::THREADGATE).await.unwrap()["allow"], json!([]));
    for _ in 0..2 {
        let (claim, _) = real.done(&real.ada, Change::Delete { post: post.clone() }).await;
        assert_eq!(real.record(&post).await, None);
        assert_eq!(real.record_in(&post, names::THREADGATE).await, None);
        let window = Window { from_at: now(), to_at: now() };
        let network = Bluesky::default();
        let settled = network.settle(real.call(), &real.ada, &claim, &Progress::default(), window).await.unwrap();
        assert_eq!(settled, Settled::Done(post.clone()));
    }
}

#[tokio::test]
async fn a_refresh_gives_a_session_that_opens_and_an_invalid_one_is_told_apart() {
    let Some(mut real) = real().await else { return };
    let network = Bluesky::default();
    let before = real.ada.secret.clone();
    let fresh = network.refresh(real.call(), &real.ada).await.unwrap().unwrap();
    assert_ne!(fresh.secret.get("refreshJwt").unwrap(), before.get("refreshJwt").unwrap());
    real.ada.secret = fresh.secret;
    assert_eq!(network.test(real.call(), &real.ada).await.unwrap().remote_id, real.ada.remote_id);
    real.posted(&real.ada, saying("After a refresh")).await;
    network.refresh(real.call(), &real.ada).await.unwrap().unwrap();

    real.ada.secret = Credentials::new([("accessJwt", "not.a.token"), ("refreshJwt", "not.a.token")]);
    let ended = network.test(real.call(), &real.ada).await.unwrap_err();
    assert!(matches!(ended, NetworkError::Expired { .. }), "{ended:?}");
    let refused = network.refresh(real.call(), &real.ada).await.unwrap_err();
    assert!(matches!(refused, NetworkError::Reconnect { .. }), "{refused:?}");
}

#[tokio::test]
async fn what_the_server_refuses_is_refused_for_good_and_leaves_nothing() {
    let Some(mut real) = real().await else { return };
    let folder = tempfile::tempdir().unwrap();
    real.ada.settings["image_max_bytes"] = json!(4_000_000);
    let large = Part { media: vec![picture(&folder, "large.jpg", 2_500_000)], ..saying("Large") };
    let claim = claimed(publishing(large), now(), chance());
    let refused = run(&real.client, &real.ada, &claim, Progress::default()).await.1.unwrap_err();
    assert_eq!(refused, NetworkError::unsupported("the picture is larger than this Bluesky server takes"));
    let claim = claimed(publishing(saying(&"long ".repeat(61))), now(), chance());
    let refused = run(&real.client, &real.ada, &claim, Progress::default()).await.1.unwrap_err();
    assert!(matches!(refused, NetworkError::Refused { .. }), "{refused:?}");
}

#[tokio::test]
async fn earlier_posts_are_read_with_or_without_an_app_view() {
    let Some(real) = real().await else { return };
    let post = real.posted(&real.ada, saying("For the history")).await;
    let found = eventually(async || {
        let (items, _) = Bluesky::default().own_posts(real.call(), &real.ada, None).await.unwrap();
        items.into_iter().find(|item| item.post.id == post.id)
    })
    .await;
    assert_eq!((found.text.as_str(), found.post), ("For the history", post));
}

/// Asks until there is something; the app view takes a moment to see what was written.
async fn eventually<T>(mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let asking = async {
        loop {
            if let Some(found) = ask().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    };
    tokio::time::timeout(INDEXED_WITHIN, asking).await.expect("the app view did not see it in time")
}

#[tokio::test]
async fn an_answer_that_names_us_comes_once_and_is_counted() {
    let Some(real) = real().await else { return };
    if !real.has_app_view {
        left_out("there is no app view beside it");
        return;
    }
    let network = Bluesky::default();
    let post = real.posted(&real.ada, saying("Who rings the bell?")).await;
    let before = network.fetch(real.call(), &real.ada, None).await.unwrap().checkpoint;
    let folder = tempfile::tempdir().unwrap();
    let handle = real.ada.settings["handle"].as_str().unwrap();
    let part =
        Part { media: vec![picture(&folder, "image-1.jpg", 0)], ..saying(&format!("@{handle} I do, {}", post.id)) };
    let answer = Change::Reply { part, root: None, parent: post.clone(), parent_handle: None };
    let (_, answer) = real.done(&real.ben, answer).await;

    let incoming = eventually(async || {
        let page = network.fetch(real.call(), &real.ada, before.as_deref()).await.unwrap();
        let ours: Vec<_> = page.items.into_iter().filter(|incoming| incoming.item.post.id == answer.id).collect();
        assert!(ours.len() < 2, "{ours:?}");
        ours.into_iter().find(|incoming| !incoming.item.media_urls.is_empty())
    })
    .await;
    assert_eq!(incoming.kind, MessageKind::Reply);
    let RemoteItem { post: found, in_reply_to, media_count, author, .. } = incoming.item;
    assert_eq!((found, in_reply_to.as_deref(), media_count), (answer.clone(), Some(post.id.as_str()), 1));
    assert_eq!(author.id, real.ben.remote_id);

    let below = eventually(async || {
        let below = network.fetch_below(real.call(), &real.ada, &post).await.unwrap();
        (!below.is_empty()).then_some(below)
    })
    .await;
    assert_eq!(below[0].item.post, answer);
    let counts = eventually(async || {
        let counted = network.of_posts(real.call(), &real.ada, std::slice::from_ref(&post)).await.unwrap();
        counted.into_iter().find(|(_, counts)| counts.comments == Some(1))
    })
    .await;
    assert_eq!((counts.0, counts.1.reactions, counts.1.views), (post.id.clone(), Some(0), None));
    let account = network.of_account(real.call(), &real.ada).await.unwrap();
    assert!(account.posts.is_some_and(|posts| 0 < posts), "{account:?}");
    assert_eq!(account.followers, Some(0));
}
