//! Publishing, changing and taking down, against the server of our own.

use serde_json::{Value, json};

use super::server::{Server, from_ben};
use super::*;
use crate::networks::fake::Reply;
use crate::networks::{Poll, Visibility};

async fn start() -> (Server, Run) {
    let server = Server::start("mastodon").await;
    let run = Run::new(&server.account(), &server.client(), noon());
    (server, run)
}

/// What was sent to publish, newest last.
fn sent(server: &Server) -> Vec<Value> {
    server.fake.asked_for("POST", "/api/v1/statuses").iter().map(crate::networks::fake::Asked::json).collect()
}

#[tokio::test]
async fn a_post_with_a_picture_goes_out_with_its_description_and_what_matters_in_it() {
    let (server, mut run) = start().await;
    let (_folder, media) = picture("A green field");
    let size = usize::try_from(media.size_bytes).unwrap();
    let post = run.make(first(Part { media: vec![media], ..part("Spring") })).await.unwrap();
    assert_eq!(run.steps, ["upload 0", "publish"]);
    let state = server.state();
    let (id, upload) = state.media.first_key_value().unwrap();
    assert_eq!(upload.description.as_deref(), Some("A green field"));
    assert_eq!(upload.focus.as_deref(), Some("0.250,-0.500"));
    assert_eq!((upload.mime.as_str(), upload.size), ("image/png", size));
    assert_eq!(state.statuses[0]["media_attachments"][0]["id"], json!(id));
    assert_eq!(post.url.as_deref(), Some("https://example.social/@ada/1002"));
    assert_eq!(post.more["visibility"], "public");
}

#[tokio::test]
async fn a_picture_that_the_server_still_prepares_is_looked_at_until_it_is_ready() {
    let (server, mut run) = start().await;
    server.state().looks_until_ready = 3;
    let (_folder, media) = picture("Field");
    run.make(first(Part { media: vec![media], ..part("Spring") })).await.unwrap();
    assert_eq!(run.steps, ["upload 0", "look at upload 0", "look at upload 0", "look at upload 0", "publish"]);
    // 1 s after the upload, then 2 s and 4 s after each look.
    assert_eq!(run.now, noon().plus(seconds(7)));
}

#[tokio::test]
async fn a_picture_that_the_server_cannot_read_ends_the_job_with_its_words() {
    let (server, mut run) = start().await;
    server.state().looks_until_ready = 1;
    let broken = Reply::json(422, &json!({ "error": "Error processing thumbnail for uploaded media" }));
    server.instead("GET /api/v1/media/", broken);
    let (_folder, media) = picture("Field");
    let error = run.make(first(Part { media: vec![media], ..part("Spring") })).await.unwrap_err();
    let expected = "Error processing thumbnail for uploaded media (422)".to_owned();
    assert_eq!(error, NetworkError::Refused { reason: expected });
}

#[tokio::test]
async fn a_picture_that_the_server_lost_is_uploaded_once_more_and_not_for_ever() {
    let (server, mut run) = start().await;
    server.state().looks_until_ready = 1;
    let gone = || Reply::json(404, &json!({ "error": "Record not found" }));
    server.instead("GET /api/v1/media/", gone());
    let (_folder, media) = picture("Field");
    run.make(first(Part { media: vec![media.clone()], ..part("Spring") })).await.unwrap();
    assert_eq!(run.steps, ["upload 0", "look at upload 0", "upload 0", "look at upload 0", "publish"]);
    server.instead("GET /api/v1/media/", gone());
    server.instead("GET /api/v1/media/", gone());
    let error = run.make(first(Part { media: vec![media], ..part("Summer") })).await.unwrap_err();
    assert!(matches!(error, NetworkError::Refused { .. }), "{error:?}");
}

#[tokio::test]
async fn an_upload_that_has_waited_for_most_of_a_day_is_made_anew() {
    let (server, mut run) = start().await;
    let (_folder, media) = picture("Field");
    let claim = claim(first(Part { media: vec![media], ..part("Spring") }), noon());
    let mut progress = Progress::default();
    let step = Mastodon.next_step(&run.account, &claim.job, &progress).unwrap();
    let turn = Mastodon.take_step(run.call(), &run.account, &claim, &progress, &step).await.unwrap();
    let Turn::Forward(known) = turn else { panic!("{turn:?}") };
    progress = known;
    run.now = noon().plus(minutes(21 * 60));
    run.go_on(&claim, &mut progress).await.unwrap();
    assert_eq!(run.steps, ["publish", "upload 0", "publish"]);
    assert_eq!(server.state().statuses.len(), 1);
}

#[tokio::test]
async fn a_server_that_knows_only_the_older_address_for_uploads_is_asked_there() {
    let (server, mut run) = start().await;
    server.instead("POST /api/v2/media", Reply::of(404, "text/html", "<h1>Not found</h1>"));
    server.state().media.insert("77".to_owned(), super::server::Upload::default());
    let uploaded = Reply::json(200, &json!({ "id": "77", "type": "image", "url": "https://files.example.social/77" }));
    server.instead("POST /api/v1/media", uploaded);
    let (_folder, media) = picture("Field");
    let error = run.make(first(Part { media: vec![media], ..part("Spring") })).await.unwrap_err();
    // The server of our own has it as not ready, which is another story; what matters is that its id was sent.
    assert_eq!(sent(&server)[0]["media_ids"], json!(["77"]));
    assert!(matches!(error, NetworkError::Wait { .. }), "{error:?}");
}

#[tokio::test]
async fn every_post_names_its_visibility_its_language_and_its_warning() {
    let (server, mut run) = start().await;
    let words = Part {
        content_warning: Some("Food".to_owned()),
        language: Some("de-AT".to_owned()),
        visibility: Visibility::Followers,
        ..part("Knödel")
    };
    run.make(first(words)).await.unwrap();
    run.make(first(part("Plain"))).await.unwrap();
    let sent = sent(&server);
    let expected = json!({
        "status": "Knödel", "visibility": "private", "spoiler_text": "Food", "sensitive": true, "language": "de",
    });
    assert_eq!(sent[0], expected);
    assert_eq!(sent[1], json!({ "status": "Plain", "visibility": "public" }));
}

#[tokio::test]
async fn a_poll_goes_out_with_its_answers() {
    let (server, mut run) = start().await;
    let poll = Poll { options: vec!["Tea".to_owned(), "Coffee".to_owned()], open_for_s: 3600, multiple: true };
    run.make(first(Part { poll: Some(poll), ..part("Well?") })).await.unwrap();
    let expected = json!({ "options": ["Tea", "Coffee"], "expires_in": 3600, "multiple": true });
    assert_eq!(sent(&server)[0]["poll"], expected);
}

#[tokio::test]
async fn a_thread_hangs_together_and_each_part_has_a_key_of_its_own() {
    let (server, mut run) = start().await;
    let root = run.make(first(part("One"))).await.unwrap();
    let below = Change::Publish { part: part("Two"), root: Some(root.clone()), parent: Some(root.clone()) };
    run.make(below).await.unwrap();
    assert_eq!(sent(&server)[1]["in_reply_to_id"], json!(root.id));
    let asked = server.fake.asked_for("POST", "/api/v1/statuses");
    let keys: Vec<&str> = asked.iter().map(|asked| asked.header("idempotency-key").unwrap()).collect();
    assert_ne!(keys[0], keys[1]);
    assert!(keys[0].starts_with("01JDF0000000000000000000AA-"), "{}", keys[0]);
}

fn reply(text: &str, visibility: Visibility, to: &Value, handle: Option<&str>) -> Change {
    let status = serde_json::from_value(to.clone()).unwrap();
    let parent = super::super::publish::remote(&status);
    let part = Part { visibility, ..part(text) };
    Change::Reply { part, root: None, parent, parent_handle: handle.map(str::to_owned) }
}

#[tokio::test]
async fn an_answer_names_who_it_answers_once_and_is_seen_by_no_more_people_than_the_question() {
    let (server, mut run) = start().await;
    let ben = |visibility: &str| from_ben("500", "<p>How?</p>", &json!({ "visibility": visibility }));
    server.state().statuses.push(ben("public"));
    let handle = Some("@ben@example.org");
    let cases = [
        (reply("So.", Visibility::Public, &ben("public"), handle), "@ben@example.org So.", "public"),
        (reply("So.", Visibility::Public, &ben("public"), None), "@ben@example.org So.", "public"),
        (
            reply("Thanks @Ben@Example.org!", Visibility::Unlisted, &ben("public"), handle),
            "Thanks @Ben@Example.org!",
            "unlisted",
        ),
        (
            reply("ben@example.org", Visibility::Public, &ben("unlisted"), handle),
            "@ben@example.org ben@example.org",
            "unlisted",
        ),
        (reply("So.", Visibility::Public, &ben("private"), handle), "@ben@example.org So.", "private"),
        (reply("So.", Visibility::Public, &ben("direct"), handle), "@ben@example.org So.", "direct"),
        (reply("So.", Visibility::Direct, &ben("public"), handle), "@ben@example.org So.", "direct"),
        (reply("So.", Visibility::Public, &ben("mutuals_only"), handle), "@ben@example.org So.", "direct"),
    ];
    for (change, text, visibility) in cases {
        run.make(change).await.unwrap();
        let sent = sent(&server).pop().unwrap();
        assert_eq!((sent["status"].as_str(), sent["visibility"].as_str()), (Some(text), Some(visibility)));
        assert_eq!(sent["in_reply_to_id"], json!("500"));
    }
}

#[tokio::test]
async fn a_comment_of_our_own_names_nobody() {
    let (server, mut run) = start().await;
    let post = run.make(first(part("One"))).await.unwrap();
    let comment = Change::Reply {
        part: part("More at https://example.org"),
        root: Some(post.clone()),
        parent: post,
        parent_handle: Some("@ada@example.social".to_owned()),
    };
    run.make(comment).await.unwrap();
    assert_eq!(sent(&server)[1]["status"], json!("More at https://example.org"));
}

#[tokio::test]
async fn a_quoted_post_is_first_found_by_its_address() {
    let (server, mut run) = start().await;
    server.state().statuses.push(from_ben("500", "<p>Wise</p>", &json!({})));
    let quote_url = Some("https://example.org/@ben/500".to_owned());
    run.make(first(Part { quote_url, ..part("This") })).await.unwrap();
    assert_eq!(run.steps, ["find the quoted post", "publish"]);
    assert_eq!(sent(&server)[0]["quoted_status_id"], json!("500"));
    let search = server.fake.asked_for("GET", "/api/v2/search").pop().unwrap();
    assert_eq!(search.param("resolve"), Some("true"));
}

#[tokio::test]
async fn a_change_sends_the_whole_wanted_state_and_keeps_the_pictures_that_stay() {
    let (server, mut run) = start().await;
    let (_folder, media) = picture("Feild");
    let words = Part { content_warning: Some("Green".to_owned()), media: vec![media.clone()], ..part("Spirng") };
    let post = run.make(first(words)).await.unwrap();
    run.steps.clear();
    let better = MediaFile { alt: "Field".to_owned(), ..media };
    let changed = Change::Edit { post: post.clone(), part: Part { media: vec![better], ..part("Spring") } };
    let after = run.make(changed).await.unwrap();
    assert_eq!(run.steps, ["edit"]);
    assert_eq!((&after.id, &after.more), (&post.id, &post.more));
    let put = server.fake.asked_for("PUT", &format!("/api/v1/statuses/{}", post.id)).pop().unwrap().json();
    let expected = json!({
        "status": "Spring", "spoiler_text": "", "media_ids": ["1001"],
        "media_attributes": [{ "id": "1001", "description": "Field", "focus": "0.250,-0.500" }],
    });
    assert_eq!(put, expected);
    assert_eq!(server.state().media["1001"].description.as_deref(), Some("Field"));
    // And without it, it is taken away.
    run.make(Change::Edit { post: after, part: part("Spring") }).await.unwrap();
    assert_eq!(server.state().statuses[0]["media_attachments"], json!([]));
}

#[tokio::test]
async fn a_change_of_a_post_that_belfry_did_not_make_keeps_its_pictures() {
    let (server, mut run) = start().await;
    let (_folder, media) = picture("Field");
    let mut post = run.make(first(Part { media: vec![media], ..part("Spirng") })).await.unwrap();
    post.more.clear();
    run.steps.clear();
    run.make(Change::Edit { post, part: part("Spring") }).await.unwrap();
    assert_eq!(run.steps, ["look at the post", "edit"]);
    let state = server.state();
    assert_eq!(state.statuses[0]["text"], json!("Spring"));
    assert_eq!(state.statuses[0]["media_attachments"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_gone_already_counts_as_taken_down() {
    let (server, mut run) = start().await;
    let post = run.make(first(part("Oops"))).await.unwrap();
    for _twice in 0..2 {
        assert_eq!(run.make(Change::Delete { post: post.clone() }).await.unwrap(), post);
        assert!(server.state().statuses.is_empty());
    }
}

#[tokio::test]
async fn an_id_from_outside_cannot_lead_to_another_address() {
    let (server, mut run) = start().await;
    let post = RemotePost { id: "../accounts/1?x=".to_owned(), ..RemotePost::default() };
    run.make(Change::Delete { post }).await.unwrap();
    assert_eq!(server.fake.asked().pop().unwrap().path, "/api/v1/statuses/..%2Faccounts%2F1%3Fx=");
    let nothing = run.make(Change::Delete { post: RemotePost::default() }).await.unwrap_err();
    assert!(matches!(nothing, NetworkError::Refused { .. }), "{nothing:?}");
}

#[tokio::test]
async fn pixelfed_gets_no_key_and_no_post_for_named_people() {
    let server = Server::start("pixelfed").await;
    let mut run = Run::new(&server.account(), &server.client(), noon());
    run.make(first(part("One"))).await.unwrap();
    assert_eq!(server.fake.asked_for("POST", "/api/v1/statuses")[0].header("idempotency-key"), None);
    let direct = run.make(first(Part { visibility: Visibility::Direct, ..part("Two") })).await.unwrap_err();
    assert!(matches!(direct, NetworkError::Refused { .. }), "{direct:?}");
    assert_eq!(server.state().statuses.len(), 1);
}

#[tokio::test]
async fn what_the_server_refuses_is_told_in_its_words() {
    let (server, mut run) = start().await;
    let error = run.make(first(part(&"x".repeat(501)))).await.unwrap_err();
    let expected = "Validation failed: Text character limit of 500 exceeded (422)".to_owned();
    assert_eq!(error, NetworkError::Refused { reason: expected });
    let parent = RemotePost { id: "1".to_owned(), ..RemotePost::default() };
    let orphan = Change::Publish { part: part("Two"), root: None, parent: Some(parent) };
    assert!(matches!(run.make(orphan).await.unwrap_err(), NetworkError::Refused { .. }));
    assert!(server.state().statuses.is_empty());
}
