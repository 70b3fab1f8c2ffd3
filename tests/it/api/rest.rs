//! Channels, inbox and figures.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use super::program::Place;

#[tokio::test]
async fn a_channel_is_listed_tested_paused_resumed_and_removed() {
    let place = Place::new().await;
    let program = &place.program;
    let at = format!("/channels/{}", place.channel);
    assert_eq!(program.get("/channels").await.ids(), [place.channel.as_str()]);
    let limit = &program.get(&at).await.body["capabilities"]["text"]["limit"];
    assert!(limit.is_u64(), "what it takes is told: {limit}");
    let post = json!({ "content": place.says("Held"), "at": "2026-11-21T09:00" });
    let post = program.post("/posts", &post).await;
    let pause = format!("{at}/pause");
    assert_eq!(program.send(program.request(Method::PUT, &pause)).await.body["state"], "paused");
    place.pass(Duration::from_hours(1)).await;
    let of_post = format!("/posts/{}/publications", post.id());
    assert_eq!(program.get(&of_post).await.items()[0]["state"], "held");
    assert_eq!(program.delete(&pause).await.body["state"], "active");
    place.pass(Duration::from_mins(1)).await;
    assert_eq!(program.get(&of_post).await.items()[0]["state"], "published", "what was held goes on");
    assert_eq!(program.post(&format!("{at}/test"), &json!({})).await.status, 200);

    let unknown = json!({ "network": "friendster", "way": "name" });
    assert_eq!(program.post("/channels", &unknown).await.problem(), (404, "not-there"));
    let missing = json!({ "network": "mastodon", "way": "token", "fields": {} });
    assert_eq!(program.post("/channels", &missing).await.paths(), ["server", "token"]);
    let inside =
        json!({ "network": "mastodon", "way": "token", "fields": { "server": "http://127.0.0.1:9", "token": "t" } });
    assert_eq!(program.post("/channels", &inside).await.problem(), (502, "network"), "a private address");
    assert_eq!(program.delete(&at).await.status, 204);
    assert_eq!(program.get(&at).await.problem(), (404, "not-there"));
    place.test.stop().await;
}

#[tokio::test]
async fn a_comment_is_answered_once_and_the_conversation_put_away() {
    let place = Place::new().await;
    let program = &place.program;
    program.post("/posts", &json!({ "content": place.says("Bread at ten"), "at": "2026-11-21T09:00" })).await;
    place.pass(Duration::from_hours(1)).await;
    let url = program.get("/publications").await.items()[0]["url"].as_str().unwrap().to_owned();
    let there = url.rsplit('/').next().unwrap();
    let comment = json!({ "from": "J. Okafor", "text": "Rye too?" });
    place.practice(Method::POST, &format!("/api/posts/{there}/comments"), &comment).await;
    place.pass(Duration::from_mins(1)).await;

    let open = program.get("/conversations").await;
    assert_eq!((open.items()[0]["excerpt"].as_str(), open.items()[0]["unread"].as_u64()), (Some("Rye too?"), Some(1)));
    let at = format!("/conversations/{}", open.ids()[0]);
    let answers = format!("{at}/answers");
    let say = json!({ "text": "From eleven." });
    let asked: Vec<_> = (0..6)
        .map(|_| {
            let (program, answers, say) = (program.clone(), answers.clone(), say.clone());
            tokio::spawn(async move { program.post_once(&answers, "one", &say).await })
        })
        .collect();
    for asked in asked {
        let told = asked.await.unwrap();
        assert_eq!(told.status, 201, "{told:?}");
    }
    assert_eq!(program.post_once(&answers, "one", &json!({ "text": "No." })).await.problem(), (422, "key-reused"));
    assert_eq!(program.post(&answers, &json!({ "text": " " })).await.paths(), ["text"]);
    place.pass(Duration::from_mins(1)).await;
    let below = place.practice(Method::GET, &format!("/api/posts/{there}/replies"), &json!(null)).await;
    let ours = below["posts"].as_array().unwrap().iter().filter(|post| post["text"] == "From eleven.").count();
    assert_eq!(ours, 1, "{below}");

    let first = program.get(&format!("{at}/messages?limit=1")).await;
    assert_eq!(first.items()[0]["text"], "Rye too?");
    let cursor = first.body["next"].as_str().unwrap();
    let rest = program.get(&format!("{at}/messages?cursor={cursor}")).await;
    assert_eq!((rest.items().len(), &rest.items()[0]["text"]), (1, &json!("From eleven.")));
    let publication = rest.items()[0]["publication"].as_str().unwrap();
    assert_eq!(program.get(&format!("/publications/{publication}")).await.body["state"], "published");

    let mine = program.put(&format!("{at}/assignee"), &json!({ "person": place.ada.to_string() })).await;
    assert_eq!(mine.body["assigned"], place.ada.to_string());
    let nobody = program.put(&format!("{at}/assignee"), &json!({ "person": publication })).await;
    assert_eq!((nobody.status, nobody.paths()), (422, vec!["person"]));
    assert_eq!(program.put(&format!("{at}/state"), &json!({ "state": "done" })).await.body["state"], "done");
    assert_eq!(program.get("/conversations").await.items().len(), 0);
    assert_eq!(program.get("/conversations?state=done").await.ids().len(), 1);
    place.test.stop().await;
}

#[tokio::test]
async fn figures_are_told_and_what_is_not_given_is_null() {
    let place = Place::new().await;
    let program = &place.program;
    let post = json!({ "content": place.says("Bread at ten"), "at": "2026-11-21T09:00" });
    let post = program.post("/posts", &post).await;
    place.pass(Duration::from_hours(1)).await;
    place.pass(Duration::from_mins(10)).await;
    let overview = program.get("/metrics/overview").await;
    assert_eq!((&overview.body["posts"]["now"], &overview.body["posts"]["before"]), (&json!(1), &json!(0)));
    assert_eq!(overview.body["days"].as_array().unwrap().len(), 30);
    let posts = program.get("/metrics/posts?from=2026-11-21&to=2026-11-21").await;
    assert_eq!(posts.items()[0]["post"], post.body["id"]);
    assert_eq!(program.get("/metrics/posts?from=2026-11-01&to=2026-11-02").await.items().len(), 0);
    let series = program.get(&format!("/metrics/posts/{}", post.id())).await;
    let counts = &series.items()[0]["snapshots"][0]["counts"];
    assert!(counts["reactions"].is_u64() && counts["reach"].is_null(), "{series:?}");
    let days = program.get(&format!("/metrics/channels/{}", place.channel)).await;
    assert_eq!(days.items()[0]["on"], "2026-11-21", "{days:?}");
    place.test.stop().await;
}
