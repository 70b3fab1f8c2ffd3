//! Connecting, against the server of our own.

use serde_json::{Value, json};
use url::Url;

use super::super::connect::{Typed, home_of};
use super::server::{Server, TOKEN};
use super::*;
use crate::base::url_guard::Guard;
use crate::networks::fake::{Fake, Reply};
use crate::networks::{ConnectInput, ConnectStep};

fn input<const N: usize>(pairs: [(&str, &str); N]) -> ConnectInput {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn call(client: &Client) -> Call<'_> {
    Call { client, now: noon() }
}

#[test]
fn a_server_is_understood_however_people_write_it() {
    for (typed, origin, handle) in [
        ("example.social", "https://example.social", None),
        ("  Example.Social/ ", "https://example.social", None),
        ("https://example.social/@ada", "https://example.social", None),
        ("https://example.social/@ada@example.org", "https://example.social", None),
        ("http://nas.local:3000/", "http://nas.local:3000", None),
        ("@ada@example.social", "https://example.social", Some("ada@example.social")),
        ("ada@example.social", "https://example.social", Some("ada@example.social")),
        ("bücher.example", "https://xn--bcher-kva.example", None),
    ] {
        let read = Typed::read(typed).unwrap();
        assert_eq!(read.origin.origin().ascii_serialization(), origin, "{typed}");
        assert_eq!(read.handle.as_deref(), handle, "{typed}");
    }
    for typed in
        ["", "   ", "@", "@ada@", "ftp://example.social", "https://", "two words", "https://ada:pw@example.social"]
    {
        assert!(Typed::read(typed).is_err(), "{typed}");
    }
}

async fn visit(server: &Server, back_to: Option<&str>) -> (Url, Credentials, bool) {
    let typed = input([("server", server.fake.origin().as_str())]);
    let step = Mastodon.connect(call(&server.client()), "oauth", &typed, back_to).await.unwrap();
    let ConnectStep::Visit { url, kept, shows_code } = step else { panic!("{step:?}") };
    (Url::parse(&url).unwrap(), kept, shows_code)
}

fn param(url: &Url, name: &str) -> String {
    url.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned()
}

#[tokio::test]
async fn a_visit_goes_round_by_redirect() {
    let server = Server::start("mastodon").await;
    let back = "http://belfry.local:8420/channels/connected";
    let (url, kept, shows_code) = visit(&server, Some(back)).await;
    assert!(!shows_code && url.path() == "/oauth/authorize");
    assert_eq!(param(&url, "redirect_uri"), back);
    assert_eq!(param(&url, "code_challenge_method"), "S256");
    assert_eq!(Some(param(&url, "state").as_str()), kept.find("state"));
    assert!(param(&url, "scope").contains("write:statuses"));
    assert!(!format!("{kept:?}").contains("app-secret"));
    server.state().codes.insert("good-code".to_owned(), param(&url, "code_challenge"));

    let state = param(&url, "state");
    let said_yes = input([("code", "good-code"), ("state", state.as_str())]);
    let client = server.client();
    let connected = Mastodon.finish_connecting(call(&client), &kept, &said_yes).await.unwrap();
    assert_eq!((connected.server.as_str(), connected.remote_id.as_str()), (server.fake.origin().as_str(), "1"));
    assert_eq!((connected.handle.as_str(), connected.name.as_str()), ("@ada@example.social", "ADA"));
    assert_eq!(connected.url.as_deref(), Some("https://example.social/@ada"));
    assert_eq!(connected.avatar_url.as_deref(), Some("https://files.example.social/a.png"));
    assert_eq!((connected.secret.find("token"), connected.secret_ends_at), (Some(TOKEN), None));
    let settings = &connected.settings;
    assert_eq!((&settings["software"], &settings["version"]), (&json!("mastodon"), &json!("4.5.0")));
    assert_eq!(settings["default_privacy"], json!("unlisted"));
    assert!(Mastodon.capabilities(settings).quotes);
    let form = server.fake.asked_for("POST", "/oauth/token")[0].form();
    assert_eq!((form["redirect_uri"].as_str(), form["grant_type"].as_str()), (back, "authorization_code"));
    assert!(43 <= form["code_verifier"].len());
}

#[tokio::test]
async fn where_nothing_can_come_back_the_code_is_shown_and_pasted() {
    let server = Server::start("mastodon").await;
    let (url, kept, shows_code) = visit(&server, None).await;
    assert!(shows_code && param(&url, "redirect_uri") == "urn:ietf:wg:oauth:2.0:oob");
    server.state().codes.insert("good-code".to_owned(), param(&url, "code_challenge"));
    let client = server.client();
    // The code alone, or the whole address of a page that could not be reached.
    let whole = format!("http://127.0.0.1:1/back?code=good-code&state={}", param(&url, "state"));
    for pasted in [" good-code\n", whole.as_str()] {
        let connected = Mastodon.finish_connecting(call(&client), &kept, &input([("code", pasted)])).await.unwrap();
        assert_eq!(connected.secret.find("token"), Some(TOKEN));
    }
    let foreign = "http://127.0.0.1:1/back?code=good-code&state=someone-elses";
    for wrong in ["", "another-code", foreign, "http://127.0.0.1:1/back?error=access_denied"] {
        let error = Mastodon.finish_connecting(call(&client), &kept, &input([("code", wrong)])).await.unwrap_err();
        assert!(matches!(error, NetworkError::Refused { .. }), "{wrong}: {error:?}");
    }
}

#[tokio::test]
async fn only_the_scopes_a_server_knows_are_asked_for() {
    for (software, scope) in [("gotosocial", "read:accounts"), ("pixelfed", "read write"), ("friendica", "read write")]
    {
        let server = Server::start(software).await;
        let (url, ..) = visit(&server, None).await;
        assert!(param(&url, "scope").starts_with(scope), "{software}");
        assert_eq!(param(&url, "scope"), server.fake.asked_for("POST", "/api/v1/apps")[0].form()["scopes"]);
    }
}

#[tokio::test]
async fn a_token_made_by_hand_connects_and_can_be_tested_again() {
    let server = Server::start("gotosocial").await;
    let (client, origin) = (server.client(), server.fake.origin());
    let typed = input([("server", origin.as_str()), ("token", " Bearer invented-token-of-ada ")]);
    let step = Mastodon.connect(call(&client), "token", &typed, None).await.unwrap();
    let ConnectStep::Connected(connected) = step else { panic!("{step:?}") };
    assert_eq!(connected.settings["software"], json!("gotosocial"));
    let account = Account {
        server: connected.server,
        remote_id: connected.remote_id,
        secret: connected.secret,
        settings: connected.settings,
    };
    // The limits are read afresh, and a silence about the software does not forget it.
    server.state().instance["configuration"]["statuses"]["max_characters"] = json!(7000);
    server.state().software.clear();
    let again = Mastodon.test(call(&client), &account).await.unwrap();
    assert_eq!(Mastodon.capabilities(&again.settings).text.limit, Some(7000));
    assert_eq!(again.settings["software"], json!("gotosocial"));
    let closed = Account { secret: Credentials::new([("token", "revoked")]), ..account };
    let error = Mastodon.test(call(&client), &closed).await.unwrap_err();
    assert!(matches!(error, NetworkError::Reconnect { .. }), "{error:?}");
}

#[tokio::test]
async fn the_scopes_that_a_token_lacks_are_named_and_trying_them_changes_nothing() {
    let server = Server::start("mastodon").await;
    let (client, account) = (server.client(), server.account());
    assert_eq!(Mastodon.missing(call(&client), &account).await.unwrap(), Vec::<String>::new());
    let outside = || Reply::json(403, &json!({ "error": "This action is outside the authorized scopes" }));
    for request in ["GET /api/v1/notifications", "PUT /api/v1/media/0"] {
        server.instead(request, outside());
    }
    assert_eq!(Mastodon.missing(call(&client), &account).await.unwrap(), ["read:notifications", "write:media"]);
    assert!(server.state().statuses.is_empty() && server.state().media.is_empty());
}

#[tokio::test]
async fn a_server_without_the_newer_description_and_one_closed_to_strangers_are_found_too() {
    let server = Server::start("mastodon").await;
    for (reply, times) in [(Reply::of(404, "text/html", ""), 2), (Reply::json(401, &json!({ "error": "closed" })), 2)] {
        for _ in 0..times {
            server.instead("GET /api/v2/instance", reply.clone());
        }
        let old = json!({ "uri": "old.example", "version": "3.3.0", "max_toot_chars": 640 });
        server.instead("GET /api/v1/instance", if reply_is_401(&reply) { reply } else { Reply::json(200, &old) });
        visit(&server, None).await;
    }
}

fn reply_is_401(reply: &Reply) -> bool {
    format!("{reply:?}").contains("status: 401")
}

#[tokio::test]
async fn a_name_that_only_leads_to_the_server_is_followed_once_and_the_server_remembered() {
    let server = Server::start("mastodon").await;
    let target = server.fake.origin();
    let sign = Fake::start(move |asked| {
        Reply::of(301, "text/plain", "").header("location", &format!("{target}{}", asked.path))
    })
    .await;
    let hosts = [sign.origin(), server.fake.origin()].map(|origin| origin.trim_start_matches("http://").to_owned());
    let client = Client::new(Guard::allowing(hosts.iter().map(String::as_str)), "Belfry tests").unwrap();
    let typed = input([("server", sign.origin().as_str()), ("token", TOKEN)]);
    let step = Mastodon.connect(call(&client), "token", &typed, None).await.unwrap();
    let ConnectStep::Connected(connected) = step else { panic!("{step:?}") };
    assert_eq!(connected.server, server.fake.origin());
    // The token went to the server alone.
    assert!(sign.asked().iter().all(|asked| asked.header("authorization").is_none()));
}

#[tokio::test]
async fn a_handle_leads_to_the_server_that_its_own_record_names() {
    let record = |href: &str| {
        json!({ "links": [
            { "rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": "http://pages.example/" },
            { "rel": "self", "type": "application/activity+json", "href": href },
        ] })
    };
    let fake = Fake::start(move |asked| match asked.param("resource") {
        Some("acct:ada@example.org") => Reply::json(200, &record("http://social.example.org/users/ada")),
        Some("acct:eve@example.org") => Reply::json(200, &record("ftp://social.example.org/")),
        _ => Reply::json(404, &Value::Null),
    })
    .await;
    let client = fake.client();
    let home = async |handle: &str| home_of(&call(&client), &fake.origin(), handle).await;
    assert_eq!(home("ada@example.org").await.as_deref(), Some("http://social.example.org"));
    assert_eq!(home("eve@example.org").await, None);
    assert_eq!(home("ben@example.org").await, None);
}

#[tokio::test]
async fn what_is_no_such_server_is_told_apart_from_what_may_not_be_asked() {
    let shop = Fake::start(|_asked| Reply::of(200, "text/html", "<h1>A shop</h1>")).await;
    let typed = input([("server", shop.origin().as_str())]);
    let error = Mastodon.connect(call(&shop.client()), "oauth", &typed, None).await.unwrap_err();
    assert!(matches!(error, NetworkError::Refused { .. }), "{error:?}");
    let outside = Client::new(Guard::default(), "Belfry tests").unwrap();
    let error = Mastodon.connect(call(&outside), "oauth", &typed, None).await.unwrap_err();
    assert!(matches!(error, NetworkError::Address { .. }), "{error:?}");
    // Nobody listens there any more.
    let client = shop.client();
    drop(shop);
    let error = Mastodon.connect(call(&client), "oauth", &typed, None).await.unwrap_err();
    assert!(matches!(&error, NetworkError::Address { reason } if reason.contains("no server answers")), "{error:?}");
    let error = Mastodon.connect(call(&client), "password", &typed, None).await.unwrap_err();
    assert!(matches!(error, NetworkError::Refused { .. }), "{error:?}");
}

#[tokio::test]
async fn tokens_that_end_are_replaced_and_those_that_do_not_stay() {
    let server = Server::start("akkoma").await;
    let client = server.client();
    let mut account = server.account();
    assert!(Mastodon.refresh(call(&client), &account).await.unwrap().is_none());
    account.secret = Credentials::new([
        ("token", "old"),
        ("refresh_token", "first"),
        ("client_id", "app-id"),
        ("client_secret", "app-secret"),
    ]);
    let fresh = Mastodon.refresh(call(&client), &account).await.unwrap().unwrap();
    assert_eq!((fresh.secret.find("token"), fresh.secret.find("refresh_token")), (Some(TOKEN), Some("second")));
    assert_eq!(fresh.secret_ends_at, Some(noon().plus(minutes(10))));
    server.instead("POST /oauth/token", Reply::json(400, &json!({ "error": "invalid_grant" })));
    let error = Mastodon.refresh(call(&client), &account).await.unwrap_err();
    assert!(matches!(error, NetworkError::Reconnect { .. }), "{error:?}");
}
