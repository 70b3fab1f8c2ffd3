//! Pictures of people elsewhere: fetched once by the worker, served from here, and never more than that.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use belfry::app::Worker;
use belfry::config::Config;
use belfry::media::avatar::{self, Kept};
use belfry::media::sweep;
use belfry::people::Workspace;
use belfry::work;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::app::TestApp;

/// Another server, that gives one answer for each path and counts how often it was asked.
struct Elsewhere {
    address: String,
    asked: Arc<Mutex<BTreeMap<String, usize>>>,
}

impl Elsewhere {
    async fn start(answers: impl IntoIterator<Item = (&'static str, Vec<u8>)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let asked: Arc<Mutex<BTreeMap<String, usize>>> = Arc::default();
        let answers: BTreeMap<_, _> = answers.into_iter().collect();
        let counted = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((mut connection, _from)) = listener.accept().await {
                let mut request = vec![0; 8192];
                let length = connection.read(&mut request).await.unwrap_or(0);
                let head = String::from_utf8_lossy(&request[..length]).into_owned();
                let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
                let nothing = answer("404 Not Found", "text/plain", b"");
                let answer = answers.get(path.as_str()).unwrap_or(&nothing);
                *counted.lock().unwrap().entry(path).or_default() += 1;
                // It may have heard enough and gone.
                drop(connection.write_all(answer).await);
            }
        });
        Self { address, asked }
    }

    fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn asked(&self, path: &str) -> usize {
        self.asked.lock().unwrap().get(path).copied().unwrap_or(0)
    }
}

fn answer(status: &str, kind: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn moved_to(address: &str) -> Vec<u8> {
    format!("HTTP/1.1 302 Found\r\nlocation: {address}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").into_bytes()
}

/// A picture of one colour.
fn picture(width: u32, height: u32, red: u8) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let pixels = image::RgbImage::from_pixel(width, height, image::Rgb([red, 40, 40]));
    pixels.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// Few bytes that would be 400 million pixels.
fn bomb() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 20_000, 20_000);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    encoder.write_header().unwrap().write_image_data(&vec![0; 20_000 / 8 * 20_000]).unwrap();
    bytes
}

/// A server that may ask these others, and Ada's workspace.
async fn beside(others: &[&Elsewhere]) -> (TestApp, Workspace) {
    let allow_hosts = others.iter().map(|other| other.address.clone()).collect();
    let test = TestApp::start_with(Config { allow_hosts, ..Config::default() }).await;
    let (_ada, workspace) = test.with_owner().await;
    (test, workspace)
}

/// Where a page shows this picture.
async fn face(test: &TestApp, workspace: &Workspace, address: &str) -> Option<String> {
    avatar::faces(&test.app, workspace.id, [Some(address)]).await.unwrap().of(Some(address))
}

async fn fetch(test: &TestApp) {
    work::avatars::round((*test.app).clone()).await.unwrap();
}

#[tokio::test]
async fn a_face_is_fetched_once_by_the_worker_and_served_from_here() {
    let other = Elsewhere::start([("/ana.png", answer("200 OK", "text/plain", &picture(300, 200, 200)))]).await;
    let (test, workspace) = beside(&[&other]).await;
    let ana = other.at("/ana.png");
    assert_eq!(face(&test, &workspace, &ana).await, None, "a page does not wait for it");
    tokio::time::timeout(Duration::from_secs(1), test.app.kicks.kicked(Worker::Avatars)).await.unwrap();
    let mut live = test.app.live.listen(workspace.id, None);
    fetch(&test).await;
    assert_eq!(live.next().await.unwrap().unwrap().what, "avatar");

    let path = face(&test, &workspace, &ana).await.unwrap();
    let mut nobody = test.browser();
    let response = nobody.request(reqwest::Method::GET, &path).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "image/jpeg", "what it is was found by decoding");
    let cache = response.headers()["cache-control"].to_str().unwrap().to_owned();
    assert!(cache.starts_with("private, max-age=") && cache.ends_with("immutable"), "{cache}");
    let kept = image::load_from_memory(&response.bytes().await.unwrap()).unwrap();
    assert_eq!((kept.width(), kept.height()), (104, 104));

    fetch(&test).await;
    assert_eq!(other.asked("/ana.png"), 1);
    let (before, _signature) = path.split_once("s=").unwrap();
    for forged in [format!("{before}s=AAAAAAAAAAAAAAAAAAAAAA"), path.replace(".jpg", ".png"), before.to_owned()] {
        assert_eq!(nobody.get(&forged).await.status, 404, "{forged}");
    }
    test.stop().await;
}

#[tokio::test]
async fn what_cannot_be_shown_is_remembered_and_not_asked_for_again_before_its_time() {
    let ok = |kind: &str, body: &[u8]| answer("200 OK", kind, body);
    let half = picture(64, 64, 9);
    let svg = br#"<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>"#;
    let other = Elsewhere::start([
        ("/page", ok("image/png", b"<!doctype html><p>Sign in")),
        ("/drawing", ok("image/svg+xml", svg)),
        ("/bomb", ok("image/png", &bomb())),
        ("/half", ok("image/png", &half[..half.len() / 2])),
        ("/empty", ok("image/png", b"")),
        ("/large", ok("image/png", &vec![7; 4 << 20])),
        ("/round", moved_to("/round")),
    ])
    .await;
    let (test, workspace) = beside(&[&other]).await;
    let all = ["/page", "/drawing", "/bomb", "/half", "/empty", "/round", "/gone", "/large"];
    for round in 1..=2 {
        for path in all {
            assert_eq!(face(&test, &workspace, &other.at(path)).await, None, "{path}");
        }
        fetch(&test).await;
        let first_asked = all.map(|path| other.asked(path));
        assert!(first_asked.iter().all(|asked| round <= *asked), "{first_asked:?}");
        for path in all {
            assert_eq!(face(&test, &workspace, &other.at(path)).await, None, "{path}");
        }
        fetch(&test).await;
        assert_eq!(all.map(|path| other.asked(path)), first_asked, "too early");
        test.pass(Duration::from_hours(1));
    }
    assert_eq!(other.asked("/page"), 2);
    test.stop().await;
}

#[tokio::test]
async fn a_private_address_is_never_asked_neither_directly_nor_by_a_redirect() {
    let home = Elsewhere::start([("/ana.png", answer("200 OK", "image/png", &picture(64, 64, 1)))]).await;
    let other = Elsewhere::start([("/there", moved_to(&home.at("/ana.png")))]).await;
    let (test, workspace) = beside(&[&other]).await;
    let port = home.address.rsplit(':').next().unwrap();
    let asked = [
        home.at("/ana.png"),
        format!("http://localhost:{port}/ana.png"),
        format!("http://[::ffff:127.0.0.1]:{port}/ana.png"),
        format!("http://ada:secret@{}/there", other.address),
        "file:///etc/hostname".to_owned(),
        other.at("/there"),
    ];
    for address in &asked {
        assert_eq!(face(&test, &workspace, address).await, None);
    }
    fetch(&test).await;
    for address in &asked {
        assert_eq!(face(&test, &workspace, address).await, None, "{address}");
    }
    assert_eq!((home.asked("/ana.png"), other.asked("/there")), (0, 1));
    test.stop().await;
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_tried_once_in_a_round() {
    let there = || answer("200 OK", "image/png", &picture(64, 64, 1));
    let silent = Elsewhere::start([("/1", Vec::new()), ("/2", there())]).await;
    let other = Elsewhere::start([("/1", there())]).await;
    let (test, workspace) = beside(&[&silent, &other]).await;
    for address in [silent.at("/1"), silent.at("/2"), other.at("/1")] {
        assert_eq!(face(&test, &workspace, &address).await, None);
    }
    fetch(&test).await;
    assert_eq!((silent.asked("/1"), silent.asked("/2")), (1, 0));
    assert!(face(&test, &workspace, &other.at("/1")).await.is_some(), "the silence of one is not held against another");
    test.stop().await;
}

#[tokio::test]
async fn what_has_not_been_wanted_for_longest_goes_first() {
    let answers = [("/1", 1), ("/2", 90), ("/3", 180)]
        .map(|(path, red)| (path, answer("200 OK", "image/png", &picture(64, 64, red))));
    let other = Elsewhere::start(answers).await;
    let (test, workspace) = beside(&[&other]).await;
    let day = Duration::from_hours(24);
    for path in ["/1", "/2", "/3"] {
        assert_eq!(face(&test, &workspace, &other.at(path)).await, None);
        fetch(&test).await;
        test.pass(day);
    }
    test.pass(7 * day);
    // A page still shows the first.
    let first = face(&test, &workspace, &other.at("/1")).await.unwrap();
    fetch(&test).await;
    assert_eq!(other.asked("/1"), 1, "to note that it is wanted asks nobody");

    assert_eq!(avatar::evict(&test.app, Kept { count: 2, bytes: 1 << 20 }).await.unwrap(), 1);
    assert_eq!(face(&test, &workspace, &other.at("/2")).await, None);
    let third = face(&test, &workspace, &other.at("/3")).await.unwrap();
    for folder in 0..=u8::MAX {
        sweep::sweep(&test.app, folder).await.unwrap();
    }
    let nobody = test.browser();
    for kept in [first, third] {
        assert_eq!(nobody.request(reqwest::Method::GET, &kept).send().await.unwrap().status(), 200);
    }
    assert_eq!(avatar::evict(&test.app, Kept { count: 2, bytes: 0 }).await.unwrap(), 2);
    test.stop().await;
}
