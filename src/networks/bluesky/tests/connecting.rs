//! From what a person types to a session, and from a session to the next.

use serde_json::{Value, json};

use super::*;
use crate::networks::fake::{Asked, Fake};

/// {"exp":1795390731}
const TOKEN: &str = "eyJhIjoxfQ.eyJleHAiOjE3OTUzOTA3MzF9.c2ln";

fn session() -> Value {
    json!({ "accessJwt": TOKEN, "refreshJwt": "next", "did": "did:plc:ada", "handle": "ada.example", "active": true })
}

/// One server for everything: the directories and the account's own.
fn everything(asked: &Asked, origin: &str, claimed_handle: &str) -> Reply {
    match asked.path.as_str() {
        "/xrpc/com.atproto.identity.resolveHandle" => Reply::json(200, &json!({ "did": "did:plc:ada" })),
        "/did:plc:ada" => Reply::json(
            200,
            &json!({
                "id": "did:plc:ada",
                "alsoKnownAs": [format!("at://{claimed_handle}")],
                "service": [{ "id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": origin }],
            }),
        ),
        "/xrpc/com.atproto.server.createSession" => {
            let body = asked.json();
            assert_eq!(body["password"], "abcd-efgh-ijkl-mnop");
            Reply::json(200, &session())
        }
        "/xrpc/com.atproto.server.describeServer" => {
            Reply::json(200, &json!({ "did": "did:web:x", "blobUploadLimit": 800_000 }))
        }
        "/xrpc/app.bsky.actor.getProfile" => {
            assert_eq!(asked.header("authorization"), Some(format!("Bearer {TOKEN}").as_str()));
            fixture!("get-profile-found")
        }
        path => panic!("asked for {path}"),
    }
}

async fn fake_with_handle(claimed_handle: &'static str) -> Fake {
    // The server names itself in its documents, so its address must be known before it starts.
    let origin = std::sync::Arc::new(std::sync::Mutex::new(String::new()));
    let inner = std::sync::Arc::clone(&origin);
    let fake = Fake::start(move |asked| everything(asked, &inner.lock().unwrap(), claimed_handle)).await;
    *origin.lock().unwrap() = fake.origin();
    fake
}

fn network(fake: &Fake) -> Bluesky {
    Bluesky::with_directories(Directories { app_view: fake.origin(), plc: fake.origin(), entryway: fake.origin() })
}

fn typed(handle: &str, server: &str) -> ConnectInput {
    let pairs = [("handle", handle), ("password", " abcd-efgh-ijkl-mnop "), ("server", server)];
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

async fn connecting(fake: &Fake, input: &ConnectInput) -> Result<Connected, NetworkError> {
    let client = fake.client();
    let call = Call { client: &client, now: at(NOW) };
    match network(fake).connect(call, "password", input, None).await? {
        ConnectStep::Connected(connected) => Ok(*connected),
        ConnectStep::Visit { .. } => panic!("there is nothing to visit"),
    }
}

#[tokio::test]
async fn a_handle_leads_to_its_account_and_the_password_is_not_kept() {
    let fake = fake_with_handle("ada.example").await;
    let connected = connecting(&fake, &typed("@Ada.Example", "")).await.unwrap();
    assert_eq!(connected.server, fake.origin());
    assert_eq!(connected.remote_id, "did:plc:ada");
    assert_eq!((connected.handle.as_str(), connected.name.as_str()), ("ada.example", "Ada"));
    assert_eq!(connected.avatar_url.as_deref(), Some("https://cdn.example/ada.jpg"));
    assert_eq!(connected.url.as_deref(), Some("https://bsky.app/profile/ada.example"));
    assert_eq!(connected.secret, Credentials::new([("accessJwt", TOKEN), ("refreshJwt", "next")]));
    assert_eq!(connected.secret_ends_at, Some(At::from_millis(1_795_390_731_000)));
    let limits = Bluesky::default().capabilities(&connected.settings);
    assert_eq!(limits.images.max_bytes, 800_000);
    let asked: Vec<String> = fake.asked().into_iter().map(|asked| asked.path).collect();
    assert_eq!(
        asked[..3],
        ["/xrpc/com.atproto.identity.resolveHandle", "/did:plc:ada", "/xrpc/com.atproto.server.createSession"]
    );
}

#[tokio::test]
async fn a_did_an_email_and_a_typed_server_each_find_their_way() {
    let fake = fake_with_handle("ada.example").await;
    let before_session = async |handle: &str, server: &str| {
        let from = fake.asked().len();
        connecting(&fake, &typed(handle, server)).await.unwrap();
        let asked = fake.asked().split_off(from);
        asked.iter().position(|asked| asked.path.ends_with("createSession")).unwrap()
    };
    assert_eq!(before_session("did:plc:ada", "").await, 1);
    assert_eq!(before_session("ada@example.org", "").await, 0);
    assert_eq!(before_session("ada.test", &format!("{}/", fake.origin())).await, 0);
}

#[tokio::test]
async fn a_handle_whose_account_names_another_one_gets_no_password() {
    let fake = fake_with_handle("other.example").await;
    let refused = connecting(&fake, &typed("ada.example", "")).await.unwrap_err();
    assert!(matches!(refused, NetworkError::Refused { .. }), "{refused:?}");
    assert!(fake.asked_for("POST", "/xrpc/com.atproto.server.createSession").is_empty());
}

#[tokio::test]
async fn what_was_typed_wrong_is_said_in_words_and_never_as_a_lost_channel() {
    for (reply, word) in [
        (fixture!("sign-in-wrong-password"), "does not take"),
        (fixture!("sign-in-asks-for-code"), "app password"),
        (fixture!("sign-in-suspended"), "suspended"),
    ] {
        let fake = Fake::start(move |_asked| reply.clone()).await;
        let refused = connecting(&fake, &typed("ada.example", &fake.origin())).await.unwrap_err();
        assert!(matches!(&refused, NetworkError::Refused { reason } if reason.contains(word)), "{refused:?}");
    }
    let fake = fake_with_handle("ada.example").await;
    for (handle, server) in [("", ""), ("ada", ""), ("ada.example/path?x", ""), ("ada.example:8080", "")] {
        let refused = connecting(&fake, &typed(handle, server)).await.unwrap_err();
        assert!(matches!(refused, NetworkError::Refused { .. }), "{refused:?}");
    }
    for server in ["http://192.168.1.20", "https://localhost:3", "ftp://example.org", "http://example.org"] {
        let refused = connecting(&fake, &typed("ada.example", server)).await.unwrap_err();
        assert!(matches!(refused, NetworkError::Address { .. }), "{server}: {refused:?}");
    }
    assert!(fake.asked().is_empty());
}

#[tokio::test]
async fn a_refresh_gives_a_new_pair_and_a_refused_one_asks_to_connect_again() {
    let refreshed = async |reply: Reply| {
        let fake = Fake::start(move |_asked| reply.clone()).await;
        let client = fake.client();
        let call = Call { client: &client, now: at(NOW) };
        let result = Bluesky::default().refresh(call, &ada_at(&fake.origin())).await;
        let asked = fake.asked();
        assert_eq!(asked.len(), 1);
        assert_eq!(asked[0].path, "/xrpc/com.atproto.server.refreshSession");
        assert_eq!(asked[0].header("authorization"), Some("Bearer refresh"));
        assert!(asked[0].body.is_empty());
        result
    };
    let fresh = refreshed(Reply::json(200, &session())).await.unwrap().unwrap();
    assert_eq!(fresh.secret.get("refreshJwt").unwrap(), "next");
    assert_eq!(fresh.secret_ends_at, Some(At::from_millis(1_795_390_731_000)));
    let refused = refreshed(fixture!("access-expired")).await.unwrap_err();
    assert!(matches!(refused, NetworkError::Reconnect { .. }), "{refused:?}");
    let later = refreshed(Reply::of(404, "text/html", "nothing here")).await.unwrap_err();
    assert!(matches!(later, NetworkError::NotSent { .. }), "{later:?}");
    let lost = refreshed(Reply::lost()).await.unwrap_err();
    assert!(matches!(lost, NetworkError::NotSent { .. }), "{lost:?}");
    let mut other = session();
    other["did"] = json!("did:plc:ben");
    let other = refreshed(Reply::json(200, &other)).await.unwrap_err();
    assert!(matches!(other, NetworkError::Reconnect { .. }), "{other:?}");
}
