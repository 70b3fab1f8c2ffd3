//! Lost answers: what is found out, and what is not claimed.

use serde_json::json;

use super::server::{Server, html_of};
use super::*;
use crate::networks::fake::Reply;
use crate::networks::{Settled, Visibility, Window};

/// A server of this software at which the answer to a publish was lost; `arrived` tells whether the post is there.
async fn lost(software: &str, change: Change, arrived: bool) -> (Server, Run, Claim, Progress) {
    let server = Server::start(software).await;
    let mut run = Run::new(&server.account(), &server.client(), noon());
    let (claim, mut progress) = (claim(change, noon()), Progress::default());
    if arrived {
        server.state().lose_next = true;
    } else {
        server.instead("POST /api/v1/statuses", Reply::lost());
    }
    let error = run.go_on(&claim, &mut progress).await.unwrap_err();
    assert!(matches!(error, NetworkError::Unclear { .. }), "{error:?}");
    assert_eq!(server.state().statuses.len(), usize::from(arrived));
    (server, run, claim, progress)
}

/// Settles so long after the request, by both clocks.
async fn settle_after(server: &Server, run: &mut Run, claim: &Claim, progress: &Progress, span: Duration) -> Settled {
    run.now = noon().plus(span);
    server.state().now = run.now;
    let window = Window { from_at: noon(), to_at: noon().plus(seconds(30)) };
    Mastodon.settle(run.call(), &run.account, claim, progress, window).await.unwrap()
}

fn is_too_early(settled: &Settled) -> bool {
    matches!(settled, Settled::CannotTell { reason } if reason.starts_with("too early"))
}

#[tokio::test]
async fn a_post_that_arrived_is_found_whatever_the_server_made_of_its_words() {
    let texts = [
        "Hello",
        "Two\n\nparagraphs & a <tag>\nand a line",
        "Read https://example.org/a/rather/long/way/that/is/shortened?x=1&y=2 now",
        "Thanks @ben@example.org and @eve",
        "👩‍🚀 #Space :blobcat:  two  spaces ",
    ];
    for text in texts {
        let (server, mut run, claim, progress) = lost("mastodon", first(part(text)), true).await;
        let settled = settle_after(&server, &mut run, &claim, &progress, seconds(31)).await;
        let Settled::Done(post) = settled else { panic!("{text}: {settled:?}") };
        assert_eq!(post.id, server.state().statuses[0]["id"], "{text}");
    }
}

#[tokio::test]
async fn a_post_with_a_picture_is_found_with_what_is_known_of_the_picture() {
    let (_folder, media) = picture("Field");
    let change =
        first(Part { media: vec![media.clone()], content_warning: Some("Green".to_owned()), ..part("Spring") });
    let (server, mut run, claim, progress) = lost("mastodon", change, true).await;
    let settled = settle_after(&server, &mut run, &claim, &progress, minutes(90)).await;
    let Settled::Done(post) = settled else { panic!("{settled:?}") };
    run.steps.clear();
    run.make(Change::Edit { post, part: Part { media: vec![media], ..part("Summer") } }).await.unwrap();
    assert_eq!(run.steps, ["edit"]);
}

#[tokio::test]
async fn markdown_that_a_server_read_is_recognised_by_the_plain_source() {
    let (server, mut run, claim, progress) = lost("gotosocial", first(part("So **very** green_ish")), true).await;
    server.state().statuses[0]["content"] = json!("<p>So <strong>very</strong> green_ish</p>");
    let settled = settle_after(&server, &mut run, &claim, &progress, minutes(2)).await;
    assert!(matches!(settled, Settled::Done(_)), "{settled:?}");
    // The same letters in other signs are not ours, when the source says so.
    server.state().statuses[0]["text"] = json!("So very green-ish");
    server.state().statuses[0]["content"] = json!("<p>So very green-ish</p>");
    let settled = settle_after(&server, &mut run, &claim, &progress, minutes(2)).await;
    assert_eq!(settled, Settled::NotDone);
    // And without a source nobody can say.
    server.instead("GET /api/v1/statuses/", Reply::json(404, &json!({})));
    let settled = settle_after(&server, &mut run, &claim, &progress, minutes(2)).await;
    assert!(matches!(settled, Settled::CannotTell { .. }), "{settled:?}");
}

#[tokio::test]
async fn mastodon_is_sent_the_same_again_only_within_the_hour_of_its_key_and_not_at_once() {
    let (server, mut run, claim, mut progress) = lost("mastodon", first(part("Hello")), false).await;
    for too_early in [seconds(0), seconds(31), seconds(89)] {
        let settled = settle_after(&server, &mut run, &claim, &progress, too_early).await;
        assert!(is_too_early(&settled), "{too_early:?}: {settled:?}");
    }
    for safe in [seconds(90), minutes(55)] {
        assert_eq!(settle_after(&server, &mut run, &claim, &progress, safe).await, Settled::SafeToRepeat, "{safe:?}");
    }
    let later = settle_after(&server, &mut run, &claim, &progress, minutes(56)).await;
    assert_eq!(later, Settled::NotDone);
    run.go_on(&claim, &mut progress).await.unwrap();
    assert_eq!(server.state().statuses.len(), 1);
}

#[tokio::test]
async fn a_repeat_with_the_same_key_makes_no_second_post() {
    let (server, mut run, claim, mut progress) = lost("mastodon", first(part("Hello")), true).await;
    let post = run.go_on(&claim, &mut progress).await.unwrap();
    assert_eq!(server.state().statuses.len(), 1);
    assert_eq!(post.id, server.state().statuses[0]["id"]);
}

#[tokio::test]
async fn servers_that_do_not_honour_the_key_are_never_said_to_be_safe() {
    for software in ["gotosocial", "pleroma", "akkoma", "pixelfed", "friendica", "sharkey", ""] {
        let (server, mut run, claim, progress) = lost(software, first(part("Hello")), false).await;
        let early = settle_after(&server, &mut run, &claim, &progress, seconds(40)).await;
        assert!(is_too_early(&early), "{software}: {early:?}");
        for span in [seconds(90), minutes(30), minutes(120)] {
            let settled = settle_after(&server, &mut run, &claim, &progress, span).await;
            assert_eq!(settled, Settled::NotDone, "{software} after {span:?}");
        }
    }
}

#[tokio::test]
async fn both_clocks_must_agree_that_it_is_not_too_early() {
    let (server, run, claim, progress) = lost("mastodon", first(part("Hello")), false).await;
    let window = Window { from_at: noon(), to_at: noon().plus(seconds(30)) };
    server.state().now = noon().plus(seconds(45));
    let call = Call { client: &run.client, now: noon().plus(minutes(10)) };
    let settled = Mastodon.settle(call, &run.account, &claim, &progress, window).await.unwrap();
    assert!(is_too_early(&settled), "{settled:?}");
    // And either of them ends the hour.
    server.state().now = noon().plus(minutes(58));
    let call = Call { client: &run.client, now: noon().plus(minutes(10)) };
    let settled = Mastodon.settle(call, &run.account, &claim, &progress, window).await.unwrap();
    assert_eq!(settled, Settled::NotDone);
}

#[tokio::test]
async fn a_post_with_our_words_at_another_time_is_left_to_a_person() {
    let (server, mut run, claim, progress) = lost("mastodon", first(part("Hello")), true).await;
    for made_at in ["2026-11-22T11:50:00Z", "2026-11-22T12:30:00Z"] {
        server.state().statuses[0]["created_at"] = json!(made_at);
        let settled = settle_after(&server, &mut run, &claim, &progress, minutes(40)).await;
        assert!(matches!(settled, Settled::CannotTell { .. }), "{made_at}: {settled:?}");
    }
    // Long before is another post.
    server.state().statuses[0]["created_at"] = json!("2026-11-22T09:00:00Z");
    let settled = settle_after(&server, &mut run, &claim, &progress, minutes(90)).await;
    assert_eq!(settled, Settled::NotDone);
}

#[tokio::test]
async fn a_post_that_differs_in_more_than_its_looks_is_not_ours() {
    let differences = [
        ("media_attachments", json!([{ "id": "1" }])),
        ("in_reply_to_id", json!("500")),
        ("poll", json!({ "id": "1" })),
        ("spoiler_text", json!("Careful")),
        ("reblog", json!({ "id": "1" })),
        ("content", json!("<p>Hello!!! there</p>")),
    ];
    for (field, value) in differences {
        let (server, mut run, claim, progress) = lost("gotosocial", first(part("Hello")), true).await;
        server.state().statuses[0][field] = value;
        let settled = settle_after(&server, &mut run, &claim, &progress, minutes(2)).await;
        assert_eq!(settled, Settled::NotDone, "{field}");
    }
}

#[tokio::test]
async fn the_list_is_read_page_by_page_back_to_before_the_request() {
    let (server, mut run, claim, progress) = lost("gotosocial", first(part("Hello")), true).await;
    let ours = server.state().statuses[0].clone();
    for n in 0..130_u64 {
        let mut later = ours.clone();
        later["id"] = json!((2000 + n).to_string());
        later["content"] = json!(html_of(&format!("Later {n}")));
        later["created_at"] = json!(noon().plus(seconds(40 + n)).to_string());
        server.state().statuses.push(later);
    }
    let settled = settle_after(&server, &mut run, &claim, &progress, minutes(5)).await;
    let Settled::Done(post) = settled else { panic!("{settled:?}") };
    assert_eq!(post.id, ours["id"]);
    // Without it, and with more than is ever read, it is not said to be missing.
    server.state().statuses.remove(0);
    let fill: Vec<_> = (0..400_u64)
        .map(|n| {
            let mut later = ours.clone();
            later["id"] = json!((3000 + n).to_string());
            later["content"] = json!(html_of(&format!("Still later {n}")));
            later["created_at"] = json!(noon().plus(seconds(200 + n)).to_string());
            later
        })
        .collect();
    server.state().statuses.extend(fill);
    let settled = settle_after(&server, &mut run, &claim, &progress, minutes(15)).await;
    assert!(matches!(settled, Settled::CannotTell { .. }), "{settled:?}");
}

#[tokio::test]
async fn an_answer_is_found_below_the_post_it_answers() {
    let server = Server::start("gotosocial").await;
    server.state().statuses.push(super::server::from_ben("500", "<p>How?</p>", &json!({})));
    let parent = RemotePost { id: "500".to_owned(), ..RemotePost::default() };
    let change =
        Change::Reply { part: part("So."), root: None, parent, parent_handle: Some("@ben@example.org".to_owned()) };
    let mut run = Run::new(&server.account(), &server.client(), noon());
    let (claim, mut progress) = (claim(change, noon()), Progress::default());
    server.state().lose_next = true;
    run.go_on(&claim, &mut progress).await.unwrap_err();
    let settled = settle_after(&server, &mut run, &claim, &progress, minutes(2)).await;
    assert!(matches!(settled, Settled::Done(_)), "{settled:?}");
}

#[tokio::test]
async fn a_post_for_named_people_is_said_to_be_missing_only_where_the_list_would_show_it() {
    let direct = || first(Part { visibility: Visibility::Direct, ..part("@ben@example.org psst") });
    let (server, mut run, claim, progress) = lost("gotosocial", direct(), false).await;
    let settled = settle_after(&server, &mut run, &claim, &progress, minutes(90)).await;
    assert!(matches!(settled, Settled::CannotTell { .. }), "{settled:?}");
    let (server, mut run, claim, progress) = lost("mastodon", direct(), false).await;
    assert_eq!(settle_after(&server, &mut run, &claim, &progress, minutes(90)).await, Settled::NotDone);
}

#[tokio::test]
async fn a_server_that_is_down_while_it_is_asked_is_asked_again_later() {
    let (server, run, claim, progress) = lost("mastodon", first(part("Hello")), true).await;
    server.instead("GET /api/v1/accounts/1/statuses", Reply::of(502, "text/html", "<h1>Bad gateway</h1>"));
    let window = Window { from_at: noon(), to_at: noon() };
    let error = Mastodon.settle(run.call(), &run.account, &claim, &progress, window).await.unwrap_err();
    assert!(matches!(error, NetworkError::NotSent { .. }), "{error:?}");
}

#[tokio::test]
async fn a_lost_change_and_a_lost_removal_are_settled_by_looking_at_the_post() {
    let server = Server::start("mastodon").await;
    let mut run = Run::new(&server.account(), &server.client(), noon());
    let post = run.make(first(part("Spirng"))).await.unwrap();
    let none = Progress::default();
    let edit = claim(Change::Edit { post: post.clone(), part: part("Spring") }, noon());
    assert_eq!(settle_after(&server, &mut run, &edit, &none, seconds(5)).await, Settled::SafeToRepeat);
    server.state().statuses[0]["text"] = json!("Spring");
    let settled = settle_after(&server, &mut run, &edit, &none, seconds(5)).await;
    assert!(matches!(&settled, Settled::Done(found) if found.id == post.id), "{settled:?}");
    let delete = claim(Change::Delete { post: post.clone() }, noon());
    assert_eq!(settle_after(&server, &mut run, &delete, &none, seconds(5)).await, Settled::SafeToRepeat);
    server.state().statuses.clear();
    assert_eq!(settle_after(&server, &mut run, &delete, &none, seconds(5)).await, Settled::Done(post));
}
