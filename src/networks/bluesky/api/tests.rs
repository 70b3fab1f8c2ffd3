use serde_json::json;

use super::*;
use crate::networks::fake::{Fake, Reply};

/// What Belfry makes of this answer to a request of this kind.
async fn judged(reply: Reply, effect: Effect) -> NetworkError {
    let fake = Fake::start(move |_asked| reply.clone()).await;
    let client = fake.client();
    let call = Call { client: &client, now: At::parse("2026-11-22T09:00:00Z").unwrap() };
    let server = fake.origin();
    let api = Api::open(&call, &server);
    api.post("com.atproto.repo.putRecord", &json!({}), effect).await.unwrap_err().error
}

fn error(status: u16, name: &str) -> Reply {
    Reply::json(status, &json!({ "error": name, "message": "in its words" }))
}

#[tokio::test]
async fn each_answer_says_what_follows() {
    use Effect::{Repeatable, Visible};
    let reason = || "Bluesky says: in its words".to_owned();
    let check = async |status: u16, name: &str, effect: Effect, expected: NetworkError| {
        assert_eq!(judged(error(status, name), effect).await, expected, "{status} {name} {effect:?}");
    };
    check(400, "InvalidRequest", Visible, NetworkError::Refused { reason: reason() }).await;
    check(400, "ExpiredToken", Visible, NetworkError::Expired { reason: reason() }).await;
    check(401, "InvalidToken", Repeatable, NetworkError::Expired { reason: reason() }).await;
    check(401, "AuthenticationRequired", Visible, NetworkError::Reconnect { reason: reason() }).await;
    check(403, "Forbidden", Visible, NetworkError::Refused { reason: reason() }).await;
    check(404, "XRPCNotSupported", Visible, NetworkError::Refused { reason: reason() }).await;
    check(400, "InvalidSwap", Visible, NetworkError::Unclear { reason: reason() }).await;
    check(408, "", Visible, NetworkError::Unclear { reason: reason() }).await;
    check(500, "InternalServerError", Visible, NetworkError::Unclear { reason: reason() }).await;
    check(502, "UpstreamFailure", Visible, NetworkError::Unclear { reason: reason() }).await;
    check(502, "UpstreamFailure", Repeatable, NetworkError::NotSent { reason: reason() }).await;
    check(503, "", Repeatable, NetworkError::NotSent { reason: reason() }).await;
    let gone = judged(error(401, "AccountTakedown"), Visible).await;
    assert!(matches!(gone, NetworkError::Reconnect { .. }), "{gone:?}");
    let large = judged(error(413, "PayloadTooLarge"), Repeatable).await;
    assert_eq!(large.reason(), "the picture is larger than this Bluesky server takes");
}

#[tokio::test]
async fn a_page_of_a_proxy_in_front_of_the_server_is_no_json_and_leaves_the_outcome_unknown() {
    let page = Reply::of(502, "text/html", "<h1>Bad gateway</h1>");
    let expected = NetworkError::Unclear { reason: "Bluesky answered with status 502".to_owned() };
    assert_eq!(judged(page, Effect::Visible).await, expected);
}

#[tokio::test]
async fn a_lost_answer_is_unclear_only_where_a_repeat_would_be_seen() {
    assert!(matches!(judged(Reply::lost(), Effect::Visible).await, NetworkError::Unclear { .. }));
    assert!(matches!(judged(Reply::lost(), Effect::Repeatable).await, NetworkError::NotSent { .. }));
    let garbled = Reply::of(200, "application/json", "{\"uri\":");
    assert!(matches!(judged(garbled, Effect::Visible).await, NetworkError::Unclear { .. }));
}

#[tokio::test]
async fn a_limit_says_until_when_by_either_header() {
    let until = async |name: &str, value: &str, status: u16| match judged(
        error(status, "RateLimitExceeded").header(name, value),
        Effect::Visible,
    )
    .await
    {
        NetworkError::Wait { until_at, .. } => until_at.map(|at| at.to_string()),
        other => panic!("{other:?}"),
    };
    let at = |text: &str| Some(text.to_owned());
    assert_eq!(until("ratelimit-reset", "1795338300", 429).await, at("2026-11-22T09:05:00.000Z"));
    assert_eq!(until("ratelimit-reset", "1895338300", 429).await, at("2026-11-23T09:00:00.000Z"));
    assert_eq!(until("ratelimit-reset", "1795000000", 429).await, None);
    assert_eq!(until("retry-after", "30", 429).await, at("2026-11-22T09:00:30.000Z"));
    assert_eq!(until("retry-after", "60", 503).await, at("2026-11-22T09:01:00.000Z"));
}
