//! Posts, threads, answers and taking down, against a server that keeps the rules of the reference server: an identical
//! record is put again without effect, a different one is refused, blobs must have been uploaded.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::*;
use crate::networks::fake::{Asked, Fake};
use crate::networks::job::Poll;

/// What the server holds, and what it shall do wrong.
#[derive(Default)]
struct Server {
    records: BTreeMap<String, Value>,
    commits: usize,
    blobs: usize,
    /// Answers instead of its own, for the next requests of this method; the request has no effect.
    instead: Vec<(&'static str, Reply)>,
    /// Loses so many answers of this method; the request has its effect.
    loses: Vec<&'static str>,
}

type Shared = Arc<Mutex<Server>>;

async fn server() -> (Fake, Shared) {
    let shared = Shared::default();
    let inner = Arc::clone(&shared);
    let fake = Fake::start(move |asked| inner.lock().unwrap().answer(asked)).await;
    (fake, shared)
}

fn error(status: u16, name: &str) -> Reply {
    Reply::json(status, &json!({ "error": name, "message": name }))
}

impl Server {
    fn answer(&mut self, asked: &Asked) -> Reply {
        let Some(method) = asked.path.strip_prefix("/xrpc/") else { return Self::page(asked) };
        if let Some(place) = self.instead.iter().position(|(name, _)| *name == method) {
            return self.instead.remove(place).1;
        }
        let reading = matches!(method, "com.atproto.repo.getRecord" | "com.atproto.identity.resolveHandle");
        if !reading && asked.header("authorization") != Some("Bearer access") {
            return error(401, "AuthMissing");
        }
        let reply = self.done(method, asked);
        match self.loses.iter().position(|name| *name == method) {
            Some(place) => {
                self.loses.remove(place);
                Reply::lost()
            }
            None => reply,
        }
    }

    fn done(&mut self, method: &str, asked: &Asked) -> Reply {
        let body = asked.json();
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        let name = |repo: &str, collection: &str, rkey: &str| format!("at://{repo}/{collection}/{rkey}");
        match method {
            "com.atproto.repo.putRecord" => {
                assert_eq!(body["swapRecord"], Value::Null);
                assert!(body.as_object().unwrap().contains_key("swapRecord"));
                self.put(name(&text("repo"), &text("collection"), &text("rkey")), &body["record"])
            }
            "com.atproto.repo.deleteRecord" => {
                self.records.remove(&name(&text("repo"), &text("collection"), &text("rkey")));
                Reply::json(200, &json!({}))
            }
            "com.atproto.repo.getRecord" => {
                let of = |key: &str| asked.param(key).unwrap().replace("ben.example", "did:plc:ben");
                let uri = name(&of("repo"), &of("collection"), &of("rkey"));
                match self.records.get(&uri) {
                    Some(record) => Reply::json(200, &json!({ "uri": uri, "cid": cid(record), "value": record })),
                    None => error(400, "RecordNotFound"),
                }
            }
            "com.atproto.repo.uploadBlob" => {
                self.blobs += 1;
                let link = format!("bafkrei{}", self.blobs);
                let mime = asked.header("content-type").unwrap();
                Reply::json(
                    200,
                    &json!({ "blob": {
                    "$type": "blob", "ref": { "$link": link }, "mimeType": mime, "size": asked.body.len(),
                } }),
                )
            }
            "com.atproto.identity.resolveHandle" => match asked.param("handle") {
                Some("ben.example") => Reply::json(200, &json!({ "did": "did:plc:ben" })),
                _ => error(400, "InvalidRequest"),
            },
            _ => error(501, "MethodNotImplemented"),
        }
    }

    fn put(&mut self, uri: String, record: &Value) -> Reply {
        let answer = json!({ "uri": uri, "cid": cid(record), "validationStatus": "valid" });
        match self.records.get(&uri) {
            Some(there) if there == record => {}
            Some(_other) => return error(400, "InvalidSwap"),
            None => {
                self.commits += 1;
                self.records.insert(uri, record.clone());
            }
        }
        Reply::json(200, &answer)
    }

    /// What is not XRPC: a page with a card, and its picture.
    fn page(asked: &Asked) -> Reply {
        match asked.path.as_str() {
            "/story" => Reply::of(
                200,
                "text/html; charset=utf-8",
                concat!(
                    "<title>no</title><meta property=og:title content='The bell of Ödheim'>",
                    "<meta name=description content='How it was cast'><meta property=og:image content=/bell.jpg>",
                ),
            ),
            "/bell.jpg" => {
                Reply::of(200, "application/octet-stream", [0xff, 0xd8, 0xff, 0xe0, 0, 0x10, b'J', b'F', b'I', b'F'])
            }
            "/huge" => {
                Reply::of(200, "text/html", format!("<meta property=og:title content=Huge>{}", " ".repeat(700_000)))
            }
            "/plain" => Reply::of(200, "text/plain", "no card"),
            _ => Reply::of(404, "text/html", "<title>Not found</title>"),
        }
    }
}

fn cid(record: &Value) -> String {
    format!("bafy{:x}", record.to_string().len())
}

fn posts(shared: &Shared) -> Vec<Value> {
    let server = shared.lock().unwrap();
    server
        .records
        .iter()
        .filter(|(uri, _)| uri.contains("/app.bsky.feed.post/"))
        .map(|(_, record)| record.clone())
        .collect()
}

#[tokio::test]
async fn a_post_goes_out_with_its_pictures_and_facets_in_the_steps_that_the_journal_names() {
    let (fake, shared) = server().await;
    let (client, account) = (fake.client(), ada_at(&fake.origin()));
    let folder = tempfile::tempdir().unwrap();
    let part = Part {
        media: vec![picture(&folder, "image-1.jpg", 0), picture(&folder, "image-2.jpg", 0)],
        language: Some("de".to_owned()),
        replies: Replies::Mentioned,
        ..saying("Grüße an @ben.example und @nobody.example #Glocke")
    };
    let claim = claimed(publishing(part), at(NOW), 7);
    let (names, progress) = run(&client, &account, &claim, Progress::default()).await;
    assert_eq!(names, ["resolve mentions", "upload 0", "upload 1", "publish", "gate"]);
    let post = progress.unwrap().post.unwrap();
    let rkey = claim.material.get("rkey");
    assert_eq!(post.id, format!("at://did:plc:ada/app.bsky.feed.post/{rkey}"));
    assert_eq!(post.url, Some(format!("https://bsky.app/profile/did:plc:ada/post/{rkey}")));
    let record = &posts(&shared)[0];
    assert_eq!(post.more["cid"], cid(record));
    assert_eq!(record["createdAt"], "2026-11-22T09:00:00.000Z");
    assert_eq!(record["langs"], json!(["de"]));
    assert_eq!(record["facets"].as_array().unwrap().len(), 2);
    assert_eq!(record["facets"][0]["features"][0]["did"], "did:plc:ben");
    assert_eq!(record["embed"]["images"][1]["image"]["ref"]["$link"], "bafkrei2");
    assert_eq!(record["embed"]["images"][0]["aspectRatio"], json!({ "width": 40, "height": 30 }));
    let gate = &shared.lock().unwrap().records[&format!("at://did:plc:ada/app.bsky.feed.threadgate/{rkey}")];
    assert_eq!(gate["post"], json!(post.id));
    assert_eq!(gate["allow"], json!([{ "$type": "app.bsky.feed.threadgate#mentionRule" }]));
    let upload = &fake.asked_for("POST", "/xrpc/com.atproto.repo.uploadBlob")[0];
    assert_eq!(upload.header("content-type"), Some("image/jpeg"));
}

#[tokio::test]
async fn a_lost_answer_is_settled_by_one_look_and_nothing_goes_out_twice() {
    let (fake, shared) = server().await;
    let (client, account) = (fake.client(), ada_at(&fake.origin()));
    let claim = claimed(publishing(saying("Once")), at(NOW), 7);
    let window = Window { from_at: at(NOW), to_at: at(NOW) };
    let settle = async || {
        let call = Call { client: &client, now: at(NOW) };
        Bluesky::default().settle(call, &account, &claim, &Progress::default(), window).await.unwrap()
    };
    assert_eq!(settle().await, Settled::SafeToRepeat);

    shared.lock().unwrap().loses.push("com.atproto.repo.putRecord");
    let (_, lost) = run(&client, &account, &claim, Progress::default()).await;
    assert!(matches!(lost, Err(NetworkError::Unclear { .. })), "{lost:?}");
    let Settled::Done(settled) = settle().await else { panic!("not found") };

    let (_, repeated) = run(&client, &account, &claim, Progress::default()).await;
    assert_eq!(repeated.unwrap().post.unwrap(), settled);
    assert_eq!(shared.lock().unwrap().commits, 1);
}

#[tokio::test]
async fn a_different_record_under_our_own_key_means_that_an_earlier_attempt_is_out() {
    let (fake, _shared) = server().await;
    let (client, account) = (fake.client(), ada_at(&fake.origin()));
    let claim = claimed(publishing(saying("One")), at(NOW), 7);
    run(&client, &account, &claim, Progress::default()).await.1.unwrap();
    let other = Claim { job: publishing(saying("Other")), ..claim };
    let (_, refused) = run(&client, &account, &other, Progress::default()).await;
    assert!(matches!(refused, Err(NetworkError::Unclear { .. })), "{refused:?}");
}

#[tokio::test]
async fn the_parts_of_a_thread_hang_together_and_their_times_only_grow() {
    let (fake, shared) = server().await;
    let (client, account) = (fake.client(), ada_at(&fake.origin()));
    let first = claimed(publishing(saying("1")), at(NOW), 7);
    let root = run(&client, &account, &first, Progress::default()).await.1.unwrap().post.unwrap();
    let below = |parent: &RemotePost, text: &str| Job {
        id: text.to_owned(),
        change: Change::Publish { part: saying(text), root: Some(root.clone()), parent: Some(parent.clone()) },
    };
    // The clock was set back in between.
    let second = claimed(below(&root, "2"), at("2026-11-22T08:00:00Z"), 7);
    let second = run(&client, &account, &second, Progress::default()).await.1.unwrap().post.unwrap();
    let third = claimed(below(&second, "3"), at("2026-11-22T08:00:00Z"), 7);
    run(&client, &account, &third, Progress::default()).await.1.unwrap();
    // In the order of their keys.
    let records = posts(&shared);
    let texts: Vec<&str> = records.iter().map(|record| record["text"].as_str().unwrap()).collect();
    assert_eq!(texts, ["1", "2", "3"]);
    assert_eq!(records[1]["createdAt"], "2026-11-22T09:00:00.001Z");
    assert_eq!(records[2]["createdAt"], "2026-11-22T09:00:00.002Z");
    assert_eq!(records[2]["reply"]["root"]["uri"], json!(root.id));
    assert_eq!(records[2]["reply"]["parent"]["uri"], json!(second.id));
}

#[tokio::test]
async fn an_answer_to_a_post_of_which_little_is_known_looks_it_up_first() {
    let (fake, shared) = server().await;
    let (client, account) = (fake.client(), ada_at(&fake.origin()));
    let root = json!({ "uri": "at://did:plc:cleo/app.bsky.feed.post/3kroot", "cid": "bafyroot" });
    let uri = "at://did:plc:ben/app.bsky.feed.post/3kparent";
    let parent = json!({ "text": "?", "reply": { "root": root, "parent": root } });
    shared.lock().unwrap().records.insert(uri.to_owned(), parent.clone());
    let change = Change::Reply {
        part: saying("Yes"),
        root: None,
        parent: RemotePost { id: uri.to_owned(), ..RemotePost::default() },
        parent_handle: Some("ben.example".to_owned()),
    };
    let claim = claimed(Job { id: "1".to_owned(), change }, at(NOW), 7);
    let (names, progress) = run(&client, &account, &claim, Progress::default()).await;
    assert_eq!(names, ["look up parent", "publish"]);
    let post = progress.unwrap().post.unwrap();
    assert_eq!(post.more["root_uri"], "at://did:plc:cleo/app.bsky.feed.post/3kroot");
    let record = &shared.lock().unwrap().records[&post.id];
    assert_eq!(record["reply"], json!({ "root": root, "parent": { "uri": uri, "cid": cid(&parent) } }));
}

#[tokio::test]
async fn a_quote_is_found_by_the_address_of_its_page() {
    let (fake, shared) = server().await;
    let (client, account) = (fake.client(), ada_at(&fake.origin()));
    let quoted = json!({ "text": "Quote me" });
    shared.lock().unwrap().records.insert("at://did:plc:ben/app.bsky.feed.post/3kq".to_owned(), quoted.clone());
    let quoting = |url: &str| {
        let part = Part { quote_url: Some(url.to_owned()), ..saying("Look: https://example.org/") };
        claimed(publishing(part), at(NOW), 7)
    };
    let claim = quoting("https://bsky.app/profile/ben.example/post/3kq");
    let (names, progress) = run(&client, &account, &claim, Progress::default()).await;
    assert_eq!(names, ["quote", "publish"]);
    let post = progress.unwrap().post.unwrap();
    let embed = shared.lock().unwrap().records[&post.id]["embed"].clone();
    assert_eq!(embed["record"], json!({ "uri": "at://did:plc:ben/app.bsky.feed.post/3kq", "cid": cid(&quoted) }));

    for (url, reason) in [
        ("https://bsky.app/profile/ben.example/post/3kgone", "the quoted post is no longer there"),
        ("https://mastodon.example/@ben/1", "what this quotes is not a post on Bluesky"),
    ] {
        let (_, refused) = run(&client, &account, &quoting(url), Progress::default()).await;
        assert_eq!(refused.unwrap_err(), NetworkError::unsupported(reason));
    }
}

#[tokio::test]
async fn a_link_gets_a_card_and_no_trouble_with_it_keeps_the_post_back() {
    let (fake, shared) = server().await;
    let (client, account) = (fake.client(), ada_at(&fake.origin()));
    let embed_for = async |path: &str| {
        let text = format!("Read {}{path}", fake.origin());
        let claim = claimed(publishing(saying(&text)), at(NOW), u128::try_from(path.len()).unwrap());
        let (names, progress) = run(&client, &account, &claim, Progress::default()).await;
        assert_eq!(names, ["card", "publish"], "{path}");
        let post = progress.unwrap().post.unwrap();
        let record = shared.lock().unwrap().records[&post.id].clone();
        assert_eq!(record["facets"].as_array().unwrap().len(), 1);
        record["embed"]["external"].clone()
    };
    let story = embed_for("/story").await;
    assert_eq!(story["title"], "The bell of Ödheim");
    assert_eq!(story["description"], "How it was cast");
    assert_eq!(story["uri"], json!(format!("{}/story", fake.origin())));
    assert_eq!(story["thumb"]["mimeType"], "image/jpeg");
    assert_eq!(embed_for("/huge").await["title"], "Huge");
    assert_eq!(embed_for("/plain--").await, Value::Null);
    assert_eq!(embed_for("/not-there").await, Value::Null);
    shared.lock().unwrap().instead.push(("com.atproto.repo.uploadBlob", error(500, "InternalServerError")));
    let without_picture = embed_for("/story?again").await;
    assert_eq!((&without_picture["title"], &without_picture["thumb"]), (&json!("The bell of Ödheim"), &Value::Null));
}

#[tokio::test]
async fn an_access_token_that_has_ended_asks_for_a_refresh_and_the_step_is_taken_again() {
    let (fake, shared) = server().await;
    let (client, account) = (fake.client(), ada_at(&fake.origin()));
    for method in ["com.atproto.repo.putRecord", "com.atproto.repo.uploadBlob"] {
        shared.lock().unwrap().instead.push((method, fixture!("access-expired")));
        let text = format!("Read {}/story", fake.origin());
        let claim = claimed(publishing(saying(&text)), at(NOW), u128::try_from(method.len()).unwrap());
        let (_, ended) = run(&client, &account, &claim, Progress::default()).await;
        assert!(matches!(ended, Err(NetworkError::Expired { .. })), "{ended:?}");
        run(&client, &account, &claim, Progress::default()).await.1.unwrap();
    }
}

#[tokio::test]
async fn a_limit_and_a_refused_picture_are_said_as_what_follows() {
    let (fake, shared) = server().await;
    let (client, account) = (fake.client(), ada_at(&fake.origin()));
    let answered = async |reply: Reply| {
        shared.lock().unwrap().instead.push(("com.atproto.repo.putRecord", reply));
        let claim = claimed(publishing(saying("Hello")), at(NOW), 7);
        run(&client, &account, &claim, Progress::default()).await.1.unwrap_err()
    };
    let limited = answered(fixture!("publish-rate-limited")).await;
    let NetworkError::Wait { until_at, .. } = limited else { panic!("{limited:?}") };
    assert_eq!(until_at, Some(at("2026-11-22T10:00:00Z")));
    let large = answered(fixture!("publish-blob-too-large")).await;
    assert_eq!(large, NetworkError::unsupported("the picture is larger than this Bluesky server takes"));
    assert_eq!(shared.lock().unwrap().commits, 0);
}

#[tokio::test]
async fn a_picture_that_the_server_dropped_is_uploaded_again_a_few_times() {
    let (fake, shared) = server().await;
    let (client, account) = (fake.client(), ada_at(&fake.origin()));
    let folder = tempfile::tempdir().unwrap();
    let part = Part { media: vec![picture(&folder, "image-1.jpg", 0)], ..saying("Bell") };
    let drops = |times: usize| {
        for _ in 0..times {
            shared.lock().unwrap().instead.push(("com.atproto.repo.putRecord", fixture!("publish-blob-gone")));
        }
    };
    drops(1);
    let claim = claimed(publishing(part.clone()), at(NOW), 7);
    let (names, progress) = run(&client, &account, &claim, Progress::default()).await;
    assert_eq!(names, ["upload 0", "publish", "upload 0", "publish"]);
    let post = progress.unwrap().post.unwrap();
    assert_eq!(shared.lock().unwrap().records[&post.id]["embed"]["images"][0]["image"]["ref"]["$link"], "bafkrei2");
    drops(9);
    let claim = claimed(publishing(part), at(NOW), 8);
    let (_, given_up) = run(&client, &account, &claim, Progress::default()).await;
    assert!(matches!(given_up, Err(NetworkError::Refused { .. })), "{given_up:?}");
}

#[tokio::test]
async fn handles_that_cannot_be_looked_up_just_now_are_asked_for_again_and_then_stay_text() {
    let (fake, shared) = server().await;
    let (client, account) = (fake.client(), ada_at(&fake.origin()));
    for _ in 0..3 {
        shared.lock().unwrap().instead.push(("com.atproto.identity.resolveHandle", error(500, "InternalServerError")));
    }
    let claim = claimed(publishing(saying("Hi @ben.example")), at(NOW), 7);
    let call = Call { client: &client, now: at(NOW) };
    let step = Step::repeatable("resolve mentions");
    let turn = Bluesky::default().take_step(call, &account, &claim, &Progress::default(), &step).await.unwrap();
    let Turn::Wait { progress, until_at } = turn else { panic!("{turn:?}") };
    assert_eq!(until_at, at("2026-11-22T09:00:20Z"));
    let (names, progress) = run(&client, &account, &claim, progress).await;
    assert_eq!(names, ["resolve mentions", "resolve mentions", "publish"]);
    let post = progress.unwrap().post.unwrap();
    assert_eq!(shared.lock().unwrap().records[&post.id]["facets"], Value::Null);
}

#[tokio::test]
async fn what_bluesky_cannot_be_told_is_refused_before_anything_leaves() {
    let (fake, _shared) = server().await;
    let (client, account) = (fake.client(), ada_at(&fake.origin()));
    let folder = tempfile::tempdir().unwrap();
    let large = picture(&folder, "large.jpg", 1_000_001);
    let film = MediaFile { mime: "video/mp4".to_owned(), ..picture(&folder, "film.mp4", 0) };
    let poll = Poll { options: vec!["a".to_owned(), "b".to_owned()], open_for_s: 300, multiple: false };
    let five = vec![picture(&folder, "image-1.jpg", 0); 5];
    for part in [
        Part { media: vec![large], ..saying("Large") },
        Part { media: vec![film], ..saying("Film") },
        Part { media: five, ..saying("Five") },
        Part { poll: Some(poll), ..saying("Poll") },
        Part { visibility: Visibility::Followers, ..saying("Followers") },
        Part { visibility: Visibility::Direct, ..saying("Direct") },
    ] {
        let text = part.text.clone();
        let claim = claimed(publishing(part), at(NOW), 7);
        let (_, refused) = run(&client, &account, &claim, Progress::default()).await;
        assert!(matches!(refused, Err(NetworkError::Refused { .. })), "{text}: {refused:?}");
    }
    let change = Change::Edit { post: RemotePost::default(), part: saying("Changed") };
    let claim = claimed(Job { id: "1".to_owned(), change }, at(NOW), 7);
    let (_, refused) = run(&client, &account, &claim, Progress::default()).await;
    assert!(matches!(refused, Err(NetworkError::Refused { .. })), "{refused:?}");
    assert_eq!(fake.asked().len(), 0);
}

#[tokio::test]
async fn taking_down_removes_the_post_and_its_gates_and_may_be_repeated() {
    let (fake, shared) = server().await;
    let (client, account) = (fake.client(), ada_at(&fake.origin()));
    let part = Part { replies: Replies::Nobody, ..saying("Soon gone") };
    let claim = claimed(publishing(part), at(NOW), 7);
    let post = run(&client, &account, &claim, Progress::default()).await.1.unwrap().post.unwrap();
    assert_eq!(shared.lock().unwrap().records.len(), 2);
    let change = Change::Delete { post: post.clone() };
    let claim = claimed(Job { id: "2".to_owned(), change }, at(NOW), 8);
    let window = Window { from_at: at(NOW), to_at: at(NOW) };
    let settle = async || {
        let call = Call { client: &client, now: at(NOW) };
        Bluesky::default().settle(call, &account, &claim, &Progress::default(), window).await.unwrap()
    };
    assert_eq!(settle().await, Settled::SafeToRepeat);
    for _ in 0..2 {
        let (names, progress) = run(&client, &account, &claim, Progress::default()).await;
        assert_eq!(names, ["delete", "delete threadgate", "delete postgate"]);
        assert_eq!(progress.unwrap().post.as_ref(), Some(&post));
        assert!(shared.lock().unwrap().records.is_empty());
    }
    assert_eq!(settle().await, Settled::Done(post));

    let other = RemotePost { id: "at://did:plc:ben/app.bsky.feed.post/3k".to_owned(), ..RemotePost::default() };
    let claim = claimed(Job { id: "3".to_owned(), change: Change::Delete { post: other } }, at(NOW), 9);
    let (_, refused) = run(&client, &account, &claim, Progress::default()).await;
    assert!(matches!(refused, Err(NetworkError::Refused { .. })), "{refused:?}");
}
