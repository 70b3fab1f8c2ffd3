//! The server itself: forged requests, broken ones, headers, base path, events, stopping; and every route × every role ×
//! another workspace.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use belfry::boot;
use belfry::config::Config;
use belfry::http::{Asks, Route};
use belfry::people::permission::allows;
use belfry::people::token::{self, NewToken};
use belfry::people::{Action, Actor, Area, Grant, Role, Scope, Via, member, session};
use belfry::posts::PostId;
use reqwest::Method;

use crate::app::{Browser, TestApp};

/// What is tried, with which headers and which token.
type Attempt<'a> = (&'a str, Vec<(&'a str, &'a str)>, &'a str);

/// The path with something in place of its parameters, new each time: what one walker made is not met by the next.
fn filled(path: &str, slug: &str) -> String {
    static MADE: AtomicU64 = AtomicU64::new(1);
    let parts = path.split('/').map(|part| match part {
        "{slug}" => slug.to_owned(),
        part if part.starts_with('{') => {
            PostId::from_bits(u128::from(MADE.fetch_add(1, Ordering::Relaxed))).to_string()
        }
        part => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("/")
}

/// The framework's and the client's methods are of different versions of one crate.
fn method_of(route: &Route) -> Method {
    route.method.as_str().parse().unwrap()
}

/// Asks without reading the body: event streams have no end.
async fn status_of(browser: &Browser, method: &Method, path: &str) -> u16 {
    let mut request = browser.request(method.clone(), path);
    if *method != Method::GET {
        request = request
            .header("origin", browser.origin())
            .header("x-csrf-token", browser.csrf.clone())
            .header("content-type", "application/x-www-form-urlencoded");
    }
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn every_route_asks_every_role_and_another_workspace_is_not_there() {
    let test = TestApp::start().await;
    let (_ada, workspace) = test.with_owner().await;
    let ada = belfry::people::person::find_by_sign_in(&test.app, "ada").await.unwrap().unwrap();
    let settings = belfry::people::workspace::Settings::usual("Elsewhere", "UTC");
    let other = belfry::people::workspace::create(&test.app, &ada.row, &settings).await.unwrap();
    let mut walkers = Vec::new();
    for role in Role::ALL {
        let person = test.member(&workspace, role.name(), role).await;
        walkers.push((role, person, test.signed_in(role.name()).await));
    }
    let mut stranger = test.browser();
    stranger.get("/sign-in").await;
    let mut walked = 0;
    for route in boot::routes() {
        let (own, method) = (|| filled(route.path, &workspace.slug), method_of(&route));
        match route.asks {
            Asks::Member(action) => {
                let away = status_of(&stranger, &method, &own()).await;
                let expected = if method == Method::GET { 303 } else { 401 };
                assert_eq!(away, expected, "{route:?} for who is not signed in");
                for (role, person, browser) in &walkers {
                    // A route may have made someone leave.
                    if member::find(&test.app, workspace.id, *person).await.unwrap().is_none() {
                        member::add(&test.app, workspace.id, *person, *role).await.unwrap();
                    }
                    let status = status_of(browser, &method, &own()).await;
                    check(&route, *role, action, status);
                    let elsewhere = status_of(browser, &method, &filled(route.path, &other.slug)).await;
                    assert_eq!(elsewhere, 404, "{route:?} of another workspace as {role}");
                }
            }
            Asks::Program(action) => walk_with_tokens(&test, &route, action, &workspace, &walkers).await,
            Asks::Person | Asks::ServerAdmin => {
                let away = status_of(&stranger, &method, &own()).await;
                assert!(matches!(away, 303 | 401), "{route:?} for who is not signed in: {away}");
                for (role, _, browser) in &walkers {
                    let status = status_of(browser, &method, &own()).await;
                    assert_eq!(status == 403, route.asks == Asks::ServerAdmin, "{route:?} as {role}: {status}");
                }
            }
            Asks::Anyone | Asks::Hook => {}
        }
        walked += 1;
    }
    assert!(10 < walked);
    test.stop().await;
}

/// Where the table says yes the door is open, where it says no it is shut; where it names a condition, what lies behind
/// the made-up id decides.
fn check(route: &Route, role: Role, action: Action, status: u16) {
    assert!(!matches!(status, 401 | 405 | 500..), "{route:?} as {role}: {status}");
    match allows(role, action) {
        Grant::No => assert_eq!(status, 403, "{route:?} as {role}"),
        Grant::Yes => assert_ne!(status, 403, "{route:?} as {role}"),
        Grant::Own | Grant::WhereAllowed | Grant::Drafts | Grant::NotOwners => {}
    }
}

async fn walk_with_tokens(
    test: &TestApp,
    route: &Route,
    action: Action,
    workspace: &belfry::people::Workspace,
    walkers: &[(Role, belfry::people::PersonId, Browser)],
) {
    let browser = test.browser();
    let path = filled(route.path, &workspace.slug);
    let ask = async |token: &str| {
        let request = browser.request(method_of(route), &path).bearer_auth(token).body("{}");
        request.header("content-type", "application/json").send().await.unwrap().status().as_u16()
    };
    assert_eq!(ask("belfry_unknown").await, 401, "{route:?} with no known token");
    let scope = action.scope().unwrap();
    let walk = |scopes| NewToken { name: "walk".to_owned(), scopes, expires_in_days: None };
    for (role, person, _) in walkers {
        // Made as an owner, used as what the person is.
        let maker = Actor { person: *person, workspace: workspace.id, role: Role::Owner, via: Via::Console };
        let all = Area::ALL.into_iter().map(Scope::write).collect();
        let (good, good_row) = token::create(&test.app, &maker, walk(all)).await.unwrap();
        let without = Area::ALL.into_iter().filter(|area| *area != scope.area).map(Scope::write).collect();
        let (narrow, narrow_row) = token::create(&test.app, &maker, walk(without)).await.unwrap();
        assert_eq!(ask(narrow.reveal()).await, 403, "{route:?} as {role} without {scope}");
        let status = ask(good.reveal()).await;
        check(route, *role, action, status);
        for row in [good_row, narrow_row] {
            token::revoke(&test.app, &maker, row.id).await.unwrap();
        }
    }
}

#[tokio::test]
async fn forged_requests_change_nothing() {
    let test = TestApp::start().await;
    let (ada, _) = test.with_owner().await;
    let browser = test.signed_in("ada").await;
    let stranger_token = {
        let mut stranger = test.browser();
        stranger.get("/sign-in").await;
        stranger.csrf
    };
    let own = test.origin.clone();
    let good = browser.csrf.clone();
    let attempts: Vec<Attempt<'_>> = vec![
        ("no Origin", vec![], &good),
        ("another Origin", vec![("origin", "https://evil.example")], &good),
        ("Origin null", vec![("origin", "null")], &good),
        ("a Referer from elsewhere", vec![("referer", "https://evil.example/")], &good),
        ("cross-site", vec![("origin", &own), ("sec-fetch-site", "cross-site")], &good),
        ("no token", vec![("origin", &own)], ""),
        ("a stranger's token", vec![("origin", &own)], &stranger_token),
        ("a made-up token", vec![("origin", &own)], "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
    ];
    for (what, headers, token) in attempts {
        let mut request = browser.request(Method::POST, "/sign-out").form(&[("csrf", token)]);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 403, "{what}");
        let text = response.text().await.unwrap();
        assert!(text.contains("did not seem to come from a page of your Belfry"), "{what}: {text}");
        assert_eq!(test.sessions_of(ada).await, 1, "{what}");
    }
    let mut browser = browser;
    assert_eq!(browser.post("/sign-out", &[]).await.status, 303, "the page itself may");
    assert_eq!(test.sessions_of(ada).await, 0);
    test.stop().await;
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_with_words() {
    let test = TestApp::start().await;
    test.with_owner().await;
    let mut browser = test.signed_in("ada").await;
    let form = |body: Vec<u8>| {
        browser
            .request(Method::POST, "/w/riverside/settings")
            .header("origin", test.origin.clone())
            .header("x-csrf-token", browser.csrf.clone())
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body)
    };
    for (body, status, words) in [
        (b"workspace=%FF%FE".to_vec(), 400, "could not read what was sent"),
        (b"workspace=\xC3\x28".to_vec(), 400, "what you typed is still there"),
        ([b"workspace=".to_vec(), vec![b'x'; 1024 * 1024]].concat(), 413, "more than Belfry takes at once (1 MiB)"),
    ] {
        let response = form(body).send().await.unwrap();
        assert_eq!(response.status().as_u16(), status);
        let text = response.text().await.unwrap();
        assert!(text.contains(words), "{text}");
    }
    assert_eq!(browser.get("/w/riverside/nowhere").await.status, 404);
    assert_eq!(browser.get("/nowhere").await.status, 404);
    let method = browser.request(Method::DELETE, "/w/riverside/people").send().await.unwrap();
    assert_eq!(method.status(), 405);
    assert_eq!(method.headers()["allow"], "GET, HEAD");
    let problem = browser.request(Method::GET, "/api/nowhere").send().await.unwrap();
    assert_eq!(problem.headers()["content-type"], "application/problem+json");
    let problem: serde_json::Value = serde_json::from_str(&problem.text().await.unwrap()).unwrap();
    assert_eq!((&problem["type"], &problem["status"]), (&"urn:belfry:no-such-page".into(), &404.into()));
    assert_eq!(problem["title"], "No such address");
    assert!(problem["detail"].as_str().unwrap().contains("openapi.json"), "{problem}");
    test.stop().await;
}

#[tokio::test]
async fn every_answer_has_the_headers_and_no_page_loads_from_elsewhere() {
    let test = TestApp::start().await;
    test.with_owner().await;
    let mut browser = test.signed_in("ada").await;
    for path in [
        "/sign-in",
        "/workspaces",
        "/w/riverside/people",
        "/w/riverside/settings",
        "/w/riverside/activity",
        "/nowhere",
        "/healthz",
    ] {
        let page = browser.get(path).await;
        let header =
            |name: &str| page.headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
        assert!(header("content-security-policy").contains("default-src 'self'"), "{path}");
        assert!(header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin", "{path}");
        for foreign in [" style=\"", " onclick=", "src=\"http", "href=\"http"] {
            assert!(!page.text.contains(foreign), "{path} has {foreign}");
        }
    }
    let cookie = test.browser().get("/sign-in").await.headers["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && !cookie.contains("Secure"), "{cookie}");
    test.stop().await;
}

#[tokio::test]
async fn behind_a_trusted_proxy_cookies_are_bound_to_the_host() {
    let proxies = ["127.0.0.1".parse::<belfry::config::proxies::Network>().unwrap()].into_iter().collect();
    let test = TestApp::start_with(Config { trusted_proxies: proxies, ..Config::default() }).await;
    test.with_owner().await;
    let browser = test.browser();
    let request = browser.request(Method::GET, "/sign-in").header("x-forwarded-proto", "https");
    let response = request.send().await.unwrap();
    let cookie = response.headers()["set-cookie"].to_str().unwrap();
    assert!(
        cookie.starts_with("__Host-belfry-visit=") && cookie.contains("Secure") && cookie.contains("Path=/"),
        "{cookie}"
    );
    test.stop().await;
}

#[tokio::test]
async fn below_a_base_path_every_address_begins_with_it() {
    let test = TestApp::start_with(Config { base_path: "/belfry".to_owned(), ..Config::default() }).await;
    test.with_owner().await;
    let mut browser = test.browser();
    assert_eq!(browser.get("/sign-in").await.status, 404);
    assert_eq!(browser.get("/belfry/").await.location.as_deref(), Some("/belfry/sign-in"));
    let away = browser.get("/belfry/w/riverside/people").await;
    assert_eq!(away.location.as_deref(), Some("/belfry/sign-in?next=%2Fw%2Friverside%2Fpeople"));
    let page = browser.get("/belfry/sign-in").await;
    for part in page.text.split("=\"/").skip(1) {
        assert!(
            part.starts_with("belfry/"),
            "an address without the base path: /{}",
            part.chars().take(40).collect::<String>()
        );
    }
    let css = page.text.split("rel=\"stylesheet\" href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(browser.get(&css).await.status, 200);
    test.stop().await;
}

#[tokio::test]
async fn the_event_stream_tells_what_changed_and_ends_with_the_session() {
    let test = TestApp::start().await;
    let (ada, workspace) = test.with_owner().await;
    let browser = test.signed_in("ada").await;
    let mut stream = browser.request(Method::GET, "/w/riverside/events").send().await.unwrap();
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    assert!(String::from_utf8_lossy(&stream.chunk().await.unwrap().unwrap()).starts_with("retry: "));
    test.app.live.tell(workspace.id, "post", belfry::people::ActivityId::from_bits(7));
    let event = String::from_utf8_lossy(&stream.chunk().await.unwrap().unwrap()).into_owned();
    assert!(event.contains(r#""what":"post""#) && event.contains(r#""id":"00000000000000000000000007""#), "{event}");

    let number: u64 = event.split("id: ").nth(1).unwrap().split('\n').next().unwrap().parse().unwrap();
    test.app.live.tell(workspace.id, "post", belfry::people::ActivityId::from_bits(8));
    let again = browser.request(Method::GET, "/w/riverside/events").header("last-event-id", number.to_string());
    let mut again = again.send().await.unwrap();
    again.chunk().await.unwrap();
    let missed = String::from_utf8_lossy(&again.chunk().await.unwrap().unwrap()).into_owned();
    assert!(missed.contains("00000000000000000000000008"), "{missed}");

    let path = format!("/w/riverside/events?after={number}");
    let mut opened_anew = browser.request(Method::GET, &path).send().await.unwrap();
    opened_anew.chunk().await.unwrap();
    let missed = String::from_utf8_lossy(&opened_anew.chunk().await.unwrap().unwrap()).into_owned();
    assert!(missed.contains("00000000000000000000000008"), "{missed}");

    session::revoke_all(&test.app, ada, None).await.unwrap();
    let rest = rest_of(stream).await;
    assert!(!rest.contains("session"), "it ends with its session, and says nothing of it: {rest}");
    test.stop().await;
}

/// What still comes on a stream until it ends, well before the next heartbeat.
async fn rest_of(mut stream: reqwest::Response) -> String {
    let rest = async {
        let mut text = String::new();
        while let Some(chunk) = stream.chunk().await.unwrap() {
            text.push_str(&String::from_utf8_lossy(&chunk));
        }
        text
    };
    tokio::time::timeout(Duration::from_secs(10), rest).await.expect("the stream goes on")
}

#[tokio::test]
async fn a_stream_ends_at_once_when_its_session_is_revoked_elsewhere_and_goes_on_for_others() {
    let test = TestApp::start().await;
    let (_ada, workspace) = test.with_owner().await;
    let ben = test.member(&workspace, "ben", belfry::people::Role::Editor).await;
    let (ada, other, lost) = (test.signed_in("ada").await, test.signed_in("ben").await, test.signed_in("ben").await);
    let mut streams = Vec::new();
    for browser in [&ada, &other, &lost] {
        let mut stream = browser.request(Method::GET, "/w/riverside/events").send().await.unwrap();
        stream.chunk().await.unwrap();
        streams.push(stream);
    }
    let (of_lost, of_other, mut of_ada) = (streams.pop().unwrap(), streams.pop().unwrap(), streams.pop().unwrap());
    let token = lost.cookies.get("belfry-session").unwrap();
    let gone = session::find(&test.app, token).await.unwrap().unwrap().session.id;

    session::revoke(&test.app, ben, gone).await.unwrap();
    assert_eq!(rest_of(of_lost).await, "");
    belfry::people::sign_in::reset_password(&test.app, "ben", "another horse battery").await.unwrap();
    assert_eq!(rest_of(of_other).await, "", "a new password ends them too");
    test.app.live.tell(workspace.id, "post", belfry::people::ActivityId::from_bits(7));
    let event = String::from_utf8_lossy(&of_ada.chunk().await.unwrap().unwrap()).into_owned();
    assert!(event.contains("post"), "Ada is told nothing of Ben's sessions, and what comes next: {event}");
    test.stop().await;
}

#[tokio::test]
async fn a_stop_ends_open_streams_and_leaves_a_store_that_opens() {
    let test = TestApp::start().await;
    test.with_owner().await;
    let browser = test.signed_in("ada").await;
    let mut stream = browser.request(Method::GET, "/w/riverside/events").send().await.unwrap();
    stream.chunk().await.unwrap();
    let test = tokio::time::timeout(Duration::from_secs(20), test.restart()).await.unwrap();
    let mut browser = test.browser();
    assert_eq!(browser.get("/").await.location.as_deref(), Some("/sign-in"), "what was there is there");
    test.stop().await;
}

#[tokio::test]
async fn figures_are_for_this_machine_or_with_the_token() {
    let metrics_token = Some(belfry::base::seal::Secret::new("a long token of machines"));
    let test = TestApp::start_with(Config { metrics_token, ..Config::default() }).await;
    let mut browser = test.browser();
    assert_eq!(browser.get("/metrics").await.status, 404);
    let given = browser.request(Method::GET, "/metrics").bearer_auth("a long token of machines").send().await.unwrap();
    assert!(given.text().await.unwrap().contains("belfry_store_rows"));
    assert_eq!(browser.get("/healthz").await.text, "ok\n");
    test.stop().await;
}
