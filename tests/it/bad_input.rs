//! Bad input, one kind a test: a person is told in clear words what happened and what to do, and loses nothing that was
//! typed. Requests of other sites and a body that cannot be read are in `web`, people's own forms in `people`.

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use belfry::config::Config;
use belfry::people::Workspace;
use reqwest::Method;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::app::{Browser, Page, TestApp};
use crate::practising::{Practising, has};

/// A photo as a phone takes it.
pub(crate) const PHOTO: &[u8] = include_bytes!("../fixtures/media/lying-with-place.jpg");

/// What stands in the form besides the text, as a browser without scripts sends it.
pub(crate) fn written<'a>(text: &'a str, wish: &'a str, channel: &'a str) -> Vec<(&'static str, &'a str)> {
    vec![
        ("version", "0"),
        ("channels", channel),
        ("text", text),
        ("warning", "Contains apples"),
        ("date", "2026-11-28"),
        ("time", "09:00"),
        ("when", wish),
        ("do", "go"),
    ]
}

/// A page of Compose, and where its form is sent.
pub(crate) async fn compose(browser: &mut Browser, workspace: &Workspace) -> String {
    let page = browser.get(&format!("/w/{}/compose", workspace.slug)).await;
    let start = format!(" action=\"/w/{}/posts/", workspace.slug);
    let rest = page.text.split_once(&start).unwrap_or_else(|| panic!("no form: {}", page.words())).1;
    format!("/w/{}/posts/{}", workspace.slug, rest.split('"').next().unwrap())
}

/// The form came back, and with it everything typed.
fn came_back(page: &Page, text: &str) {
    assert_eq!(page.status, 422, "{}", page.words());
    assert!(page.text.contains(&format!(">{text}</textarea>")), "the text is gone: {}", page.words());
    assert_eq!(page.value_of("warning").as_deref(), Some("Contains apples"));
    assert_eq!(
        (page.value_of("date").as_deref(), page.value_of("time").as_deref()),
        (Some("2026-11-28"), Some("09:00"))
    );
}

#[test]
fn a_wrong_configuration_ends_the_start_with_the_line_and_the_nearest_key() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    std::fs::write(&file, "# Belfry at home\nlogformat = \"json\"\n").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_belfry"));
    command.args(["serve", "--config"]).arg(&file).arg("--data").arg(folder.path().join("data"));
    let ended = command.env_remove("BELFRY_DATA").stdin(Stdio::null()).output().unwrap();
    assert_eq!(ended.status.code(), Some(1));
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(said.contains("line 2: there is no key “logformat”; did you mean “log_format”?"), "{said}");
    assert!(!folder.path().join("data").exists(), "nothing was made");
}

#[tokio::test]
async fn a_file_of_the_wrong_kind_is_named_and_the_post_comes_back() {
    let mut desk = Practising::start().await;
    let form = compose(&mut desk.ada, &desk.workspace).await;
    let channel = desk.channel.id.to_string();
    for (name, bytes, said) in [
        (
            "drawing.jpg",
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec(),
            "This is an SVG drawing",
        ),
        ("clip.png", [b"\0\0\0\x18ftypmp42".as_slice(), &[0; 64]].concat(), "This is a video"),
        ("notes.jpg", b"just words".to_vec(), "does not know what this file is"),
        ("empty.jpg", Vec::new(), "This file is empty"),
    ] {
        let page = desk.ada.post_files(&form, &written("Fresh apples today", "at", &channel), &[(name, bytes)]).await;
        came_back(&page, "Fresh apples today");
        has(&page, said);
    }
    desk.test.stop().await;
}

#[tokio::test]
async fn twenty_thousand_characters_come_back_whole_with_how_many_are_too_many() {
    let mut desk = Practising::start().await;
    let channel = desk.channel.id.to_string();
    // The warning counts too.
    for sign in ["a", "🍎"] {
        let form = compose(&mut desk.ada, &desk.workspace).await;
        let text = sign.repeat(20_000);
        let page = desk.ada.post_files(&form, &written(&text, "at", &channel), &[]).await;
        came_back(&page, &text);
        has(&page, "@riverside: 19,515 characters too many. There is room for 500.");
        let kept = desk.ada.get(&format!("{form}/edit")).await;
        assert!(kept.text.contains(&text), "it is kept as a draft as well");
    }
    desk.test.stop().await;
}

#[tokio::test]
async fn an_instance_that_does_not_answer_is_told_and_its_name_kept() {
    let unused = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = format!("http://{}", unused.local_addr().unwrap());
    drop(unused);
    let allow_hosts = vec![server.trim_start_matches("http://").to_owned()];
    let test = TestApp::start_with(Config { allow_hosts, ..Config::default() }).await;
    test.with_owner().await;
    let mut ada = test.signed_in("ada").await;
    for (network, fields) in asking(&server) {
        let page = ada.post(&format!("/w/riverside/channels/new/{network}"), &fields).await;
        assert_eq!(page.status, 422, "{network}: {}", page.words());
        let told = ["The network could not be reached, and nothing was sent", "no server answers at"];
        assert!(told.iter().any(|told| page.words().contains(told)), "{network}: {}", page.words());
        assert!(page.text.contains(&format!("value=\"{server}\"")), "{network}: {}", page.text);
    }
    test.stop().await;
}

/// The networks whose server a person names, and the form that names this one.
fn asking(server: &str) -> Vec<(&'static str, Vec<(&'static str, &str)>)> {
    vec![
        ("mastodon", vec![("way", "oauth"), ("server", server)]),
        ("mastodon", vec![("way", "token"), ("server", server), ("token", "hush")]),
        ("bluesky", vec![("way", "password"), ("handle", "ada.test"), ("password", "hush"), ("server", server)]),
        ("webhook", vec![("way", "address"), ("url", server)]),
        ("practice", vec![("way", "name"), ("name", "riverside"), ("server", server)]),
    ]
}

/// A server inside the house: it counts who comes, and answers `answer` to everyone.
async fn inside(answer: String) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::Relaxed);
            let mut request = vec![0; 4096];
            drop(socket.read(&mut request).await);
            drop(socket.write_all(answer.as_bytes()).await);
        }
    });
    (address, asked)
}

#[tokio::test]
async fn a_private_address_as_instance_is_refused_however_it_is_written() {
    let test = TestApp::start().await;
    test.with_owner().await;
    let mut ada = test.signed_in("ada").await;
    let (inside, asked) = inside(String::new()).await;
    let port = inside.rsplit(':').next().unwrap();
    for host in ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "0.0.0.0"] {
        let server = format!("http://{host}:{port}");
        for (network, fields) in asking(&server) {
            let page = ada.post(&format!("/w/riverside/channels/new/{network}"), &fields).await;
            assert_eq!(page.status, 422, "{network} at {server}: {}", page.words());
            has(&page, "Belfry may not, or cannot, ask this address. Please check it.");
            assert!(page.text.contains(&format!("value=\"{server}\"")), "{network}: {}", page.text);
        }
    }
    assert_eq!(asked.load(Ordering::Relaxed), 0, "nobody was asked");
    test.stop().await;
}

#[tokio::test]
async fn an_instance_that_sends_belfry_into_the_house_is_not_followed() {
    let (inside, asked) = inside(String::new()).await;
    let moved =
        format!("HTTP/1.1 302 Found\r\nlocation: http://{inside}/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    let (outside, _) = self::inside(moved).await;
    let allow_hosts = vec![outside.clone()];
    let test = TestApp::start_with(Config { allow_hosts, ..Config::default() }).await;
    test.with_owner().await;
    let mut ada = test.signed_in("ada").await;
    let server = format!("http://{outside}");
    for (network, fields) in asking(&server) {
        let page = ada.post(&format!("/w/riverside/channels/new/{network}"), &fields).await;
        assert_eq!(page.status, 422, "{network}: {}", page.words());
        has(&page, "That did not work");
        assert!(page.text.contains(&format!("value=\"{server}\"")), "{network}: {}", page.text);
    }
    assert_eq!(asked.load(Ordering::Relaxed), 0, "nobody inside was asked");
    test.stop().await;
}

#[tokio::test]
async fn an_upload_beyond_the_limit_is_told_and_the_post_comes_back() {
    let mut desk = Practising::start_with(Config { upload_max_mib: 1, ..Config::default() }).await;
    let form = compose(&mut desk.ada, &desk.workspace).await;
    let channel = desk.channel.id.to_string();
    let large = [PHOTO, &vec![0; 3 << 20]].concat();
    let page = desk
        .ada
        .post_files(&form, &written("A very fine photo", "draft", &channel), &[("large.jpg", large.clone())])
        .await;
    came_back(&page, "A very fine photo");
    has(&page, "This file is larger than 1 MB and was not kept.");
    let library = desk.page("media");
    let page = desk.ada.post_files(&library, &[], &[("large.jpg", large)]).await;
    assert_eq!(page.status, 422);
    has(&page, "This file is larger than 1 MB and was not kept.");
    desk.test.stop().await;
}

/// A PNG of a few bytes that would unpack to as many pixels as it says.
fn bomb(width: u32, height: u32) -> Vec<u8> {
    let chunk = |kind: &[u8; 4], data: &[u8]| {
        let named = [kind.as_slice(), data].concat();
        let length = u32::try_from(data.len()).unwrap().to_be_bytes();
        [length.as_slice(), &named, &crc32fast::hash(&named).to_be_bytes()].concat()
    };
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
    [b"\x89PNG\r\n\x1a\n".as_slice(), &chunk(b"IHDR", &head), &chunk(b"IDAT", &[]), &chunk(b"IEND", &[])].concat()
}

#[tokio::test]
async fn a_picture_that_would_unpack_without_end_is_refused_and_the_post_comes_back() {
    let mut desk = Practising::start().await;
    let form = compose(&mut desk.ada, &desk.workspace).await;
    let channel = desk.channel.id.to_string();
    let files = [("small.png", bomb(50_000, 50_000))];
    let page = desk.ada.post_files(&form, &written("Look at this", "at", &channel), &files).await;
    came_back(&page, "Look at this");
    has(&page, "This picture has 50,000 × 50,000 pixels; 50 megapixels are the most that Belfry takes.");
    desk.test.stop().await;
}

#[tokio::test]
async fn broken_utf_8_in_a_form_with_files_changes_nothing_and_says_so() {
    let mut desk = Practising::start().await;
    let form = compose(&mut desk.ada, &desk.workspace).await;
    let part = reqwest::multipart::Part::bytes(b"caf\xe9".to_vec());
    let body = reqwest::multipart::Form::new().text("csrf", desk.ada.csrf.clone()).part("text", part);
    let request = desk.ada.request(Method::POST, &form).header("origin", desk.ada.origin()).multipart(body);
    let response = request.send().await.unwrap();
    let page = desk.ada.take(response).await;
    assert_eq!(page.status, 400);
    has(
        &page,
        "Belfry could not read what was sent, so nothing was changed. Press Back: what you typed is still there.",
    );
    assert_eq!(desk.ada.get(&format!("{form}/edit")).await.status, 404, "no post was begun");
    desk.test.stop().await;
}

#[tokio::test]
async fn a_forged_form_with_files_saves_nothing() {
    let mut desk = Practising::start().await;
    let form = compose(&mut desk.ada, &desk.workspace).await;
    let (own, good) = (desk.ada.origin(), desk.ada.csrf.clone());
    let mut stranger = desk.test.browser();
    stranger.get("/sign-in").await;
    for (what, headers, token) in [
        ("no token", vec![("origin", own.as_str())], None),
        ("a stranger's token", vec![("origin", &own)], Some(stranger.csrf.as_str())),
        ("cross-site", vec![("origin", &own), ("sec-fetch-site", "cross-site")], Some(&good)),
        ("another Origin", vec![("origin", "https://evil.example")], Some(&good)),
        ("no Origin", vec![], Some(&good)),
    ] {
        let mut body = reqwest::multipart::Form::new();
        if let Some(token) = token {
            body = body.text("csrf", token.to_owned());
        }
        let body = body.text("text", "Forged").text("when", "now").text("do", "go");
        let request = desk.ada.request(Method::POST, &form).multipart(body);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 403, "{what}");
        let text = response.text().await.unwrap();
        assert!(text.contains("did not seem to come from a page of your Belfry"), "{what}: {text}");
    }
    assert_eq!(desk.ada.get(&format!("{form}/edit")).await.status, 404, "no post was begun");
    desk.test.stop().await;
}

#[tokio::test]
async fn a_form_sent_after_the_session_ended_gives_back_what_was_typed() {
    let mut desk = Practising::start().await;
    let form = compose(&mut desk.ada, &desk.workspace).await;
    let channel = desk.channel.id.to_string();
    let fields = written("Written for a <long> time", "now", &channel);
    desk.test.pass(Duration::from_hours(31 * 24));
    let late = desk.ada.post_files(&form, &fields, &[("apples.jpg", PHOTO.to_vec())]).await;
    assert_eq!(late.status, 401);
    has(&late, "You are not signed in any more. Press Back to keep what you typed");
    for typed in [">Written for a &lt;long&gt; time</textarea>", ">Contains apples</textarea>"] {
        assert!(late.text.contains(typed), "{}", late.text);
    }
    let settings = [("workspace", "Riverside and friends"), ("new_password", "correct horse battery")];
    let late = desk.ada.post(&desk.page("settings"), &settings).await;
    assert!(late.text.contains(">Riverside and friends</textarea>"), "{}", late.text);
    assert!(!late.text.contains("correct horse"), "no password goes into a page");

    // Signed in anew, the form is one of the session before.
    let (old, mut again) = (desk.ada.csrf.clone(), desk.test.signed_in("ada").await);
    again.csrf = old;
    let late = again.post_files(&form, &fields, &[]).await;
    assert_eq!(late.status, 403);
    has(&late, "what you typed is still there");
    assert!(late.text.contains(">Written for a &lt;long&gt; time</textarea>"), "{}", late.text);
    assert_eq!(again.get(&format!("{form}/edit")).await.status, 404, "no post was begun");
    desk.test.stop().await;
}

#[tokio::test]
async fn what_another_site_sends_is_not_shown_in_a_page_of_ours() {
    let mut desk = Practising::start().await;
    let form = compose(&mut desk.ada, &desk.workspace).await;
    let body = reqwest::multipart::Form::new().text("text", "Call this number");
    let request = desk.ada.request(Method::POST, &form).header("origin", "https://evil.example").multipart(body);
    let refused = request.send().await.unwrap();
    assert_eq!(refused.status(), 403);
    assert!(!refused.text().await.unwrap().contains("Call this number"));
    desk.test.stop().await;
}
