//! What programs send that cannot be used: each gets a clear problem, and nothing is changed.

use std::time::Duration;

use belfry::http::route::FORM_BYTES;
use belfry::people::person;
use belfry::people::workspace::{self, Settings};
use belfry::people::{Area, Scope};
use reqwest::Method;
use serde_json::json;

use super::program::{Place, Program};

#[tokio::test]
async fn a_token_opens_what_its_scopes_name_and_nothing_when_it_has_ended() {
    let place = Place::new().await;
    let reader = place.with(&["posts:read", "media:read"]).await;
    assert_eq!(reader.get("/posts").await.status, 200);
    let refused = reader.post("/posts", &json!({ "content": place.says("No") })).await;
    assert_eq!(refused.problem(), (403, "may-not"));
    assert!(refused.body["detail"].as_str().unwrap().contains("posts:write"), "{refused:?}");
    assert_eq!(reader.get("/conversations").await.problem(), (403, "may-not"));
    assert_eq!(place.with(&["posts:write"]).await.get("/posts").await.status, 200, "writing includes reading");

    let ending = place.ending(7).await;
    assert_eq!(ending.get("/posts").await.status, 200);
    place.test.pass(Duration::from_hours(7 * 24));
    let over = ending.get("/posts").await;
    assert_eq!(over.problem(), (401, "token-expired"));
    assert!(over.body["detail"].as_str().unwrap().contains("2026-11-28T08:00:0"), "{over:?}");
    assert!(over.headers["www-authenticate"].to_str().unwrap().contains("invalid_token"));
    for token in ["", "belfry_made-up"] {
        let unknown = Program::new(&place.test, token).get("/posts").await;
        assert_eq!(unknown.problem(), (401, "not-signed-in"));
        assert!(unknown.headers["www-authenticate"].to_str().unwrap().starts_with("Bearer"));
    }
    place.test.stop().await;
}

#[tokio::test]
async fn another_workspace_is_not_there() {
    let place = Place::new().await;
    let post = place.draft("Ours").await;
    let ada = person::get(&place.test.app, place.ada).await.unwrap();
    let elsewhere = workspace::create(&place.test.app, &ada.row, &Settings::usual("Elsewhere", "UTC")).await.unwrap();
    let there = Place { workspace: elsewhere, ..place };
    let all: Vec<String> = Area::ALL.into_iter().map(|area| Scope::write(area).to_string()).collect();
    let stranger = there.with(&all.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let at = format!("/posts/{}", post.id());
    assert_eq!(stranger.get(&at).await.problem(), (404, "not-there"));
    let change = json!({ "content": { "text": "Theirs" }, "edition": 1 });
    assert_eq!(stranger.put(&at, &change).await.problem(), (404, "not-there"));
    assert_eq!(stranger.delete(&at).await.problem(), (404, "not-there"));
    assert_eq!(stranger.put(&format!("{at}/plan"), &json!({ "at": "now", "edition": 1 })).await.status, 404);
    for path in ["checks", "publications"] {
        assert_eq!(stranger.get(&format!("{at}/{path}")).await.status, 404, "{path}");
    }
    for path in [
        format!("/channels/{}", there.channel),
        format!("/metrics/posts/{}", post.id()),
        format!("/metrics/channels/{}", there.channel),
        format!("/publications/{}", post.id()),
        format!("/conversations/{}", post.id()),
        format!("/media/{}", post.id()),
        "/posts/not-an-id".to_owned(),
    ] {
        assert_eq!(stranger.get(&path).await.status, 404, "{path}");
    }
    let theirs =
        json!({ "content": { "text": "Hello", "channels": [there.channel], "media": [{ "asset": post.id() }] } });
    let named = stranger.post("/posts", &theirs).await;
    assert_eq!((named.status, named.paths()), (422, vec!["content.channels.0", "content.media.0.asset"]));
    assert_eq!(stranger.get("/posts?stage=draft").await.items().len(), 0);
    assert_eq!(there.program.get(&at).await.body, post.body, "untouched");
    there.test.stop().await;
}

#[tokio::test]
async fn bodies_that_cannot_be_read_are_told_apart() {
    let place = Place::new().await;
    let raw = async |kind: &str, body: Vec<u8>| {
        let request = place.program.request(Method::POST, "/posts").header("content-type", kind).body(body);
        place.program.send(request).await
    };
    let json = "application/json";
    let broken = raw(json, b"{\"content\": {\"text\": \"Hello\"".to_vec()).await;
    assert_eq!(broken.problem(), (400, "unreadable"));
    assert!(broken.body["detail"].as_str().unwrap().contains("line 1"), "{broken:?}");
    assert_eq!(raw(json, b"{\"content\": {\"text\": \"\xff\xfe\"}}".to_vec()).await.problem(), (400, "unreadable"));
    assert_eq!(raw(json, Vec::new()).await.problem(), (400, "unreadable"));
    assert_eq!(raw(json, b"[]".to_vec()).await.problem(), (422, "invalid"));
    let typo = raw(json, br#"{"content": {"txt": "Hello"}}"#.to_vec()).await;
    assert_eq!((typo.status, typo.paths()), (422, vec!["content.txt"]));
    let number = raw("Application/JSON; charset=utf-8", br#"{"content": {"text": 7}}"#.to_vec()).await;
    assert_eq!((number.status, number.paths()), (422, vec!["content.text"]));
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"] {
        let wrong = raw(kind, b"{}".to_vec()).await;
        assert_eq!(wrong.problem(), (415, "wrong-type"), "{kind}");
        assert!(wrong.body["detail"].as_str().unwrap().contains("application/json"));
    }
    let large = format!("{{\"content\": {{\"text\": \"{}\"}}}}", "x".repeat(FORM_BYTES));
    assert_eq!(raw(json, large.into_bytes()).await.problem(), (413, "too-large"));

    let method = place.program.request(Method::PATCH, "/posts");
    let method = place.program.send(method).await;
    assert_eq!(
        (method.problem(), &method.headers["allow"]),
        ((405, "no-such-method"), &"GET, HEAD, POST".parse().unwrap())
    );
    assert_eq!(place.program.get("/nowhere").await.problem(), (404, "no-such-page"));
    assert_eq!(place.program.get("/posts?stage=lost").await.paths(), ["stage"]);
    assert_eq!(place.program.get("/publications?from=yesterday").await.paths(), ["from"]);
    assert_eq!(place.program.get("/metrics/overview?from=2026-11-21&to=2026-11-01").await.paths(), ["from"]);
    assert_eq!(place.program.get("/posts?stage=draft").await.items().len(), 0, "nothing was made");
    place.test.stop().await;
}

#[tokio::test]
async fn a_post_of_twenty_thousand_characters_is_kept_and_does_not_go_out() {
    let place = Place::new().await;
    let long = "wörd ".repeat(4_000);
    let draft = place.draft(&long).await;
    let at = format!("/posts/{}", draft.id());
    let refused = place.program.put(&format!("{at}/plan"), &json!({ "at": "now", "edition": 1 })).await;
    assert_eq!((refused.status, refused.paths()), (422, vec![format!("{}.parts.0.text", place.channel).as_str()]));
    assert!(refused.body["errors"][0]["detail"].as_str().unwrap().contains("too many"), "{refused:?}");
    assert_eq!(place.program.get(&at).await.body["content"]["text"], long, "nothing of it is lost");
    let checks = place.program.get(&format!("{at}/checks")).await;
    assert_eq!(checks.body["channels"][0]["problems"][0]["kind"], "text_too_long");
    let at_once = place.program.post("/posts", &json!({ "content": place.says(&long), "at": "now" })).await;
    assert_eq!(at_once.problem(), (422, "invalid"));
    assert_eq!(place.program.get("/posts?stage=draft").await.items().len(), 1);
    let nowhere = place.program.post("/posts", &json!({ "content": { "text": "Hello" }, "at": "now" })).await;
    assert_eq!((nowhere.status, nowhere.paths()), (422, vec!["content.channels"]));
    let never = place.program.post("/posts", &json!({ "content": place.says("Hello"), "at": "soon" })).await;
    assert_eq!((never.status, never.paths()), (422, vec!["at"]));
    place.test.stop().await;
}
