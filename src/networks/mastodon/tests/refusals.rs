//! What each kind of no means, for a request that people could see twice and for one that only reads.

use serde_json::json;

use super::server::Server;
use super::*;
use crate::networks::Inbox;
use crate::networks::fake::Reply;

/// What becomes of a publish, and of a poll of the inbox, when the server answers so.
async fn both(reply: Reply) -> (NetworkError, NetworkError) {
    let server = Server::start("mastodon").await;
    let mut run = Run::new(&server.account(), &server.client(), noon());
    server.instead("POST /api/v1/statuses", reply.clone());
    let published = run.make(first(part("Hello"))).await.unwrap_err();
    server.instead("GET /api/v1/notifications", reply);
    let polled = Mastodon.fetch(run.call(), &run.account, None).await.unwrap_err();
    assert!(server.state().statuses.is_empty());
    (published, polled)
}

fn no(status: u16, error: &str) -> Reply {
    Reply::json(status, &json!({ "error": error }))
}

#[tokio::test]
async fn a_token_that_does_not_open_asks_for_a_new_connection() {
    for reply in [
        no(401, "The access token is invalid"),
        Reply::of(401, "text/html", "<h1>401</h1>"),
        no(403, "This action is outside the authorized scopes"),
        no(403, "Your login is currently disabled"),
    ] {
        let (published, polled) = both(reply).await;
        assert!(matches!(published, NetworkError::Reconnect { .. }), "{published:?}");
        assert!(matches!(polled, NetworkError::Reconnect { .. }), "{polled:?}");
    }
}

#[tokio::test]
async fn a_plain_no_is_final_and_told_in_the_words_of_the_server() {
    for (status, said) in [
        (400, "Bad request"),
        (403, "This action is not allowed"),
        (403, "Comments are disabled for this post"),
        (404, "Record not found"),
        (410, "Gone"),
        (413, "Too large"),
        (422, "Validation failed: Text can't be blank"),
    ] {
        let (published, polled) = both(no(status, said)).await;
        let expected = NetworkError::Refused { reason: format!("{said} ({status})") };
        assert_eq!((&published, &polled), (&expected, &expected));
    }
    let (published, _) = both(Reply::of(404, "text/html", "<h1>nginx</h1>")).await;
    assert_eq!(published, NetworkError::Refused { reason: "not there, or not any more (404)".to_owned() });
}

#[tokio::test]
async fn a_server_that_moved_is_not_followed_by_what_changes_something() {
    let (published, _) = both(Reply::of(308, "text/plain", "").header("location", "https://elsewhere.example/")).await;
    assert!(matches!(published, NetworkError::Refused { .. }), "{published:?}");
}

#[tokio::test]
async fn what_may_have_been_done_is_unclear_when_it_is_visible_and_a_mere_failure_when_it_reads() {
    for reply in [
        no(500, "Something went wrong on our end"),
        Reply::of(502, "text/html", "<h1>Bad gateway</h1>"),
        Reply::of(503, "text/html", "<h1>Unavailable</h1>"),
        Reply::of(504, "text/html", ""),
        no(408, "Timeout"),
        no(409, "Conflict"),
        Reply::of(200, "text/html", "<h1>Please sign in to this network</h1>"),
        Reply::json(200, &json!({ "id": null })),
        Reply::lost(),
    ] {
        let (published, polled) = both(reply).await;
        assert!(matches!(published, NetworkError::Unclear { .. }), "{published:?}");
        assert!(matches!(polled, NetworkError::NotSent { .. }), "{polled:?}");
    }
}

#[tokio::test]
async fn a_limit_is_waited_for_however_it_is_written() {
    let limited = || no(429, "Too many requests");
    let cases = [
        (limited().header("x-ratelimit-reset", "2026-11-22T12:04:00.123456Z"), Some("2026-11-22T12:04:00.123Z")),
        (limited().header("x-ratelimit-reset", "1795349100"), Some("2026-11-22T12:05:00Z")),
        (limited().header("x-ratelimit-reset", "1795349100.5"), Some("2026-11-22T12:05:00Z")),
        (limited().header("x-ratelimit-reset", "60"), Some("2026-11-22T12:01:00Z")),
        (limited().header("retry-after", "30"), Some("2026-11-22T12:00:30Z")),
        // A reset that is past already is still a moment away, and no server is waited for longer than a day.
        (limited().header("x-ratelimit-reset", "2026-11-22T11:00:00Z"), Some("2026-11-22T12:00:01Z")),
        (limited().header("x-ratelimit-reset", "2027-11-22T11:00:00Z"), Some("2026-11-23T12:00:00Z")),
        (limited().header("x-ratelimit-reset", "soon"), None),
        (limited(), None),
        (no(503, "Overloaded").header("retry-after", "30"), Some("2026-11-22T12:00:30Z")),
    ];
    for (reply, expected) in cases {
        let told = format!("{reply:?}");
        let (published, polled) = both(reply).await;
        for error in [published, polled] {
            let NetworkError::Wait { until_at, .. } = error else { panic!("{told}: {error:?}") };
            assert_eq!(until_at, expected.map(instant), "{told}");
        }
    }
}

#[tokio::test]
async fn the_wait_is_as_long_by_our_clock_as_by_the_servers() {
    let server = Server::start("mastodon").await;
    server.state().now = instant("2026-11-22T12:10:00Z");
    let run = Run::new(&server.account(), &server.client(), noon());
    server.instead("GET", no(429, "Slow").header("x-ratelimit-reset", "2026-11-22T12:12:00Z"));
    let error = Mastodon.fetch(run.call(), &run.account, None).await.unwrap_err();
    let expected = NetworkError::Wait { until_at: Some(noon().plus(minutes(2))), reason: "Slow (429)".to_owned() };
    assert_eq!(error, expected);
}

#[tokio::test]
async fn long_and_secret_things_stay_out_of_the_reason() {
    let said = format!("token Zx81-invented_secret_0123456789 is\n wrong {}", "word ".repeat(100));
    let (error, _) = both(no(422, &said)).await;
    let reason = error.reason();
    assert!(reason.starts_with("token … is wrong word") && reason.ends_with("… (422)"), "{reason}");
    assert!(reason.chars().count() < 220, "{reason}");
}

#[tokio::test]
async fn a_picture_that_is_not_ready_after_all_is_waited_for_and_a_used_key_is_looked_into() {
    let (_folder, media) = picture("Field");
    let server = Server::start("mastodon").await;
    let mut run = Run::new(&server.account(), &server.client(), noon());
    server.instead("POST /api/v1/statuses", no(422, "Cannot attach files that have not finished processing."));
    let error = run.make(first(Part { media: vec![media], ..part("Spring") })).await.unwrap_err();
    assert!(
        matches!(error, NetworkError::Wait { until_at: Some(at), .. } if at == noon().plus(seconds(10))),
        "{error:?}"
    );
    server.instead("POST /api/v1/statuses", no(400, "Duplicate idempotency key."));
    let error = run.make(first(part("Hello"))).await.unwrap_err();
    assert!(matches!(error, NetworkError::Unclear { .. }), "{error:?}");
}

#[tokio::test]
async fn an_upload_without_an_answer_may_be_repeated() {
    let (_folder, media) = picture("Field");
    let server = Server::start("mastodon").await;
    let mut run = Run::new(&server.account(), &server.client(), noon());
    server.instead("POST /api/v2/media", Reply::lost());
    let error = run.make(first(Part { media: vec![media], ..part("Spring") })).await.unwrap_err();
    assert!(matches!(error, NetworkError::NotSent { .. }), "{error:?}");
}
