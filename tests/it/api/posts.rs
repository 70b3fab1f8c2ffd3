//! Posts and publications.

use std::time::Duration;

use belfry::http::request_key;
use serde_json::{Value, json};

use super::program::Place;

#[tokio::test]
async fn a_post_that_a_program_planned_goes_out_and_its_story_is_told() {
    let place = Place::new().await;
    let program = &place.program;
    let body = json!({ "content": place.says("Saturday we open at nine"), "at": "2026-11-21T09:00" });
    let post = program.post("/posts", &body).await;
    assert_eq!((post.status, &post.body["stage"]), (201, &json!("planned")), "{post:?}");
    assert_eq!(post.body["plan"]["due_at"], "2026-11-21T09:00:00.000Z", "nine in London");
    let at = post.headers["location"].to_str().unwrap().strip_prefix("/api/v1").unwrap().to_owned();
    assert_eq!(program.get(&at).await.body, post.body);

    let planned = program.get("/publications?state=planned").await;
    assert_eq!((planned.items().len(), &planned.items()[0]["post"]), (1, &post.body["id"]));
    assert_eq!(program.get("/publications?state=published").await.items().len(), 0);
    place.pass(Duration::from_hours(1)).await;
    let published = program.get(&format!("/publications?state=published&channel={}", place.channel)).await;
    let id = published.ids()[0].to_owned();
    let story = program.get(&format!("/publications/{id}")).await;
    let says = |line: &Value| line["says"].as_str().unwrap().to_owned();
    let told: Vec<_> = story.body["dispatches"][0]["journal"].as_array().unwrap().iter().map(says).collect();
    assert_eq!(told, ["started", "sent", "the network said yes"]);
    assert!(story.body["url"].as_str().unwrap().contains("/practice/posts/"));
    assert_eq!(program.get(&format!("{at}/publications")).await.ids(), [id]);
    assert_eq!(program.get("/posts?stage=out").await.ids(), [post.id()]);

    let late = program.put(&at, &json!({ "content": place.says("Sunday"), "edition": 1 })).await;
    assert_eq!(late.problem(), (409, "against-a-rule"), "what is out stays as it is: {late:?}");
    place.test.stop().await;
}

#[tokio::test]
async fn a_draft_is_changed_checked_planned_taken_back_and_deleted() {
    let place = Place::new().await;
    let program = &place.program;
    let draft = place.draft("Bread").await;
    let at = format!("/posts/{}", draft.id());
    let changed = program.put(&at, &json!({ "content": place.says("Bread at ten"), "edition": 1 })).await;
    assert_eq!((changed.status, &changed.body["edition"]), (200, &json!(2)));
    let stale = program.put(&at, &json!({ "content": place.says("Cake"), "edition": 1 })).await;
    assert_eq!(stale.problem(), (409, "changed-meanwhile"));
    assert_eq!(program.get(&at).await.body["content"]["text"], "Bread at ten", "nothing is overwritten");

    let checks = program.get(&format!("{at}/checks")).await;
    let on_practice = &checks.body["channels"][0];
    assert_eq!((&on_practice["channel"], &on_practice["valid"]), (&json!(place.channel), &json!(true)));

    let plan = format!("{at}/plan");
    let stale = program.put(&plan, &json!({ "at": "2026-11-22T09:00:00+01:00", "edition": 1 })).await;
    assert_eq!(stale.problem(), (409, "changed-meanwhile"), "another text than was meant does not go out");
    let planned = program.put(&plan, &json!({ "at": "2026-11-22T09:00:00+01:00", "edition": 2 })).await;
    assert_eq!(planned.body["plan"]["local"], "2026-11-22T08:00:00", "in the workspace's zone");
    let back = program.delete(&plan).await;
    assert_eq!((back.status, &back.body["stage"]), (200, &json!("draft")));
    assert_eq!(program.delete(&at).await.status, 204);
    assert_eq!(program.get(&at).await.body["stage"], "deleted");
    assert_eq!(program.get("/posts?stage=draft").await.items().len(), 0);
    assert_eq!(program.delete(&format!("{at}/trash")).await.body["stage"], "draft");
    place.pass(Duration::from_hours(48)).await;
    assert_eq!(program.get("/publications").await.items().len(), 0, "nothing of it went out");
    place.test.stop().await;
}

#[tokio::test]
async fn what_is_held_is_released_and_what_is_out_is_taken_down() {
    let place = Place::new().await;
    let program = &place.program;
    let body = json!({ "content": place.says("Later"), "at": "2026-11-21T09:00" });
    let post = program.post("/posts", &body).await;
    let id = program.get(&format!("/posts/{}/publications", post.id())).await.ids()[0].to_owned();
    let at = format!("/publications/{id}");
    let held = program.post(&format!("{at}/hold"), &json!({})).await;
    assert_eq!((&held.body["state"], &held.body["dispatches"][0]["held"]), (&json!("held"), &json!("person")));
    place.pass(Duration::from_hours(1)).await;
    assert_eq!(program.get(&at).await.body["state"], "held");
    assert_eq!(program.post(&format!("{at}/hold"), &json!({})).await.problem(), (409, "against-a-rule"));
    program.post(&format!("{at}/release"), &json!({})).await;
    place.pass(Duration::from_mins(1)).await;
    assert_eq!(program.get(&at).await.body["state"], "published");
    program.post(&format!("{at}/edit"), &json!({ "text": "Later still" })).await;
    place.pass(Duration::from_mins(1)).await;
    program.post(&format!("{at}/removal"), &json!({})).await;
    place.pass(Duration::from_mins(1)).await;
    assert_eq!(program.get(&at).await.body["taken_down"], true);
    for deed in ["leave", "release"] {
        let late = program.post(&format!("{at}/{deed}"), &json!({})).await;
        assert_eq!(late.problem(), (409, "against-a-rule"), "{deed}");
    }
    let outcome = program.post(&format!("{at}/outcome"), &json!({ "is_there": true })).await;
    assert_eq!(outcome.problem(), (409, "against-a-rule"));
    assert_eq!(program.post(&format!("{at}/done"), &json!({})).await.problem(), (409, "against-a-rule"));
    place.test.stop().await;
}

#[tokio::test]
async fn the_same_key_makes_one_post_also_at_the_same_moment() {
    let place = Place::new().await;
    let program = &place.program;
    let body = json!({ "content": place.says("Only once"), "at": "2026-11-21T09:00" });
    let asked = (0..12).map(|_| {
        let (program, body) = (program.clone(), body.clone());
        tokio::spawn(async move { program.post_once("/posts", "one", &body).await })
    });
    let mut ids = Vec::new();
    for asked in asked.collect::<Vec<_>>() {
        let told = asked.await.unwrap();
        assert_eq!(told.status, 201, "{told:?}");
        ids.push(told.id());
    }
    ids.dedup();
    assert_eq!(ids.len(), 1, "every request is told of the same post");
    let again = program.post_once("/posts", "one", &body).await;
    assert_eq!((again.id(), again.headers["idempotency-replayed"].to_str().unwrap()), (ids[0].clone(), "true"));
    assert_eq!(program.get("/posts").await.ids(), [ids[0].as_str()]);

    let other = json!({ "content": place.says("Something else") });
    assert_eq!(program.post_once("/posts", "one", &other).await.problem(), (422, "key-reused"));
    let second = place.with(&["posts:write"]).await;
    assert_eq!(second.post_once("/posts", "one", &other).await.status, 201, "another token has keys of its own");
    let unfit = program.post_once("/posts", &"k".repeat(256), &other).await;
    assert_eq!((unfit.status, unfit.paths()), (422, vec!["Idempotency-Key"]));

    let test = place.test.restart().await;
    let program = super::program::Program::new(&test, &program.token);
    assert_eq!(program.post_once("/posts", "one", &body).await.id(), ids[0], "a restart forgets no key");
    assert_eq!(request_key::sweep(&test.app).await.unwrap(), 0);
    test.pass(request_key::KNOWN_FOR);
    let body = json!({ "content": body["content"] });
    assert_ne!(program.post_once("/posts", "one", &body).await.id(), ids[0], "after a day a key is free again");
    assert_eq!(request_key::sweep(&test.app).await.unwrap(), 1, "the other token's");
    test.stop().await;
}

#[tokio::test]
async fn what_was_refused_leaves_its_key_free() {
    let place = Place::new().await;
    let program = &place.program;
    let unfit = json!({ "content": place.says("Yesterday"), "at": "2026-11-20T09:00" });
    let refused = program.post_once("/posts", "one", &unfit).await;
    assert_eq!((refused.status, refused.paths()), (422, vec!["at"]));
    assert_eq!(program.get("/posts?stage=draft").await.items().len(), 0, "nothing is kept of it");
    let fit = json!({ "content": place.says("Tomorrow"), "at": "2026-11-22T09:00" });
    assert_eq!(program.post_once("/posts", "one", &fit).await.status, 201);
    place.test.stop().await;
}

#[tokio::test]
async fn a_list_goes_on_where_it_stopped_while_posts_are_added() {
    let place = Place::new().await;
    let program = &place.program;
    let mut all = Vec::new();
    for number in 0..5 {
        all.insert(0, place.draft(&format!("Draft {number}")).await.id());
        place.test.pass(Duration::from_secs(1));
    }
    let first = program.get("/posts?stage=draft&limit=2").await;
    place.draft("A later one").await;
    let mut seen: Vec<String> = first.ids().into_iter().map(str::to_owned).collect();
    let mut next = first.body["next"].as_str().map(str::to_owned);
    while let Some(cursor) = next {
        let page = program.get(&format!("/posts?stage=draft&limit=2&cursor={cursor}")).await;
        seen.extend(page.ids().into_iter().map(str::to_owned));
        next = page.body["next"].as_str().map(str::to_owned);
    }
    assert_eq!(seen, all, "none twice, none left out");

    for (hour, text) in ["First", "Second", "Third"].into_iter().enumerate() {
        let body = json!({ "content": place.says(text), "at": format!("2026-11-21T1{hour}:00") });
        program.post("/posts", &body).await;
    }
    let subjects = async |query: &str| {
        let (mut subjects, mut next) = (Vec::new(), Some(String::new()));
        while let Some(cursor) = next {
            let page = program.get(&format!("/publications?limit=1{query}{cursor}")).await;
            subjects.extend(page.items().iter().map(|one| one["subject"].as_str().unwrap().to_owned()));
            next = page.body["next"].as_str().map(|next| format!("&cursor={next}"));
        }
        subjects
    };
    assert_eq!(subjects("").await, ["Third", "Second", "First"]);
    assert_eq!(subjects("&order=oldest").await, ["First", "Second", "Third"]);
    assert_eq!(subjects("&order=oldest&from=2026-11-21T11:00:00Z&to=2026-11-21T12:00:00Z").await, ["Second"]);

    let cursor = first.body["next"].as_str().unwrap();
    let swapped: String = cursor.chars().rev().collect();
    for query in [
        format!("/posts?stage=draft&cursor={swapped}"),
        format!("/posts?stage=out&cursor={cursor}"),
        format!("/publications?cursor={cursor}"),
        "/posts?cursor=made-up".to_owned(),
    ] {
        let refused = program.get(&query).await;
        assert_eq!((refused.status, refused.paths()), (422, vec!["cursor"]), "{query}");
    }
    for query in ["/posts?limit=0", "/posts?limit=201", "/posts?limit=many"] {
        assert_eq!(program.get(query).await.paths(), ["limit"], "{query}");
    }
    place.test.stop().await;
}
