//! Notices on their way to a phone, received by a little server on this machine.

use std::time::Duration;

use belfry::base::clock::At;
use belfry::config::Config;
use belfry::notify::target::{Target, find};
use belfry::notify::{self, What, outbox};
use belfry::people::Workspace;
use belfry::store::Change;
use serde_json::Value;

use crate::app::{Browser, TestApp};
use crate::receiver::{Seen, receiver};

const OK: &str = "200 OK\r\ncontent-length: 15\r\nconnection: close\r\n\r\n{\"topic\": \"tp\"}";

struct Notices {
    test: TestApp,
    ada: Browser,
    workspace: Workspace,
    address: String,
    seen: Seen,
}

impl Notices {
    /// Ada's workspace, and a receiver that gives these answers.
    async fn start(answers: &[&str]) -> Self {
        let (address, seen) = receiver(answers).await;
        let config = Config { allow_hosts: vec![address.clone()], ..Config::default() };
        let test = TestApp::start_with(config).await;
        let (_ada, workspace) = test.with_owner().await;
        let mut ada = test.signed_in("ada").await;
        ada.get(&format!("/w/{}/settings/notices", workspace.slug)).await;
        Self { test, ada, workspace, address, seen }
    }

    fn page(&self, rest: &str) -> String {
        format!("/w/{}/settings/notices{rest}", self.workspace.slug)
    }

    async fn set_ntfy(&mut self) {
        let server = format!("http://{}", self.address);
        let fields = [("kind", "ntfy"), ("server", server.as_str()), ("topic", "belfry-tower"), ("token", "tk_abc")];
        let answer = self.ada.post(&self.page(""), &fields).await;
        assert_eq!(answer.status, 303, "{}", answer.words());
    }

    async fn tell(&self, what: What, about: u128) {
        let mut change = Change::default();
        notify::tell(&self.test.app, &mut change, self.workspace.id, what, about, "Saturday");
        self.test.app.store.commit(change).await.unwrap();
    }

    async fn deliver(&self) -> Option<At> {
        outbox::deliver(&self.test.app).await.unwrap()
    }

    fn received(&self) -> Vec<Value> {
        self.seen.lock().unwrap().iter().map(|(_, body)| serde_json::from_slice(body).unwrap()).collect()
    }
}

#[tokio::test]
async fn a_notice_reaches_the_topic_and_leads_to_what_it_is_about() {
    let mut stage = Notices::start(&[OK, OK, OK]).await;
    stage.set_ntfy().await;
    let about: u128 = stage.test.app.ids.next::<notify::AboutId>().into();
    for what in [What::ByHand, What::Reconnect, What::Held] {
        stage.tell(what, about).await;
    }
    assert_eq!(stage.deliver().await, None);
    let id = notify::AboutId::from_bits(about);
    let here = format!("{}/w/{}", stage.test.origin, stage.workspace.slug);
    let told: Vec<_> = stage.received();
    let text = |at: usize, name: &str| told[at][name].as_str().unwrap().to_owned();
    assert_eq!(text(0, "topic"), "belfry-tower");
    assert_eq!(text(0, "title"), "Riverside");
    assert!(text(0, "message").contains("Saturday"));
    let mut links: Vec<String> = (0..3).map(|at| text(at, "click")).collect();
    links.sort();
    assert_eq!(
        links,
        [
            format!("{here}/channels/{id}"),
            format!("{here}/publications/{id}"),
            format!("{here}/publications/{id}/by-hand"),
        ]
    );
    assert_eq!(stage.seen.lock().unwrap()[0].0["authorization"], "Bearer tk_abc");
}

#[tokio::test]
async fn a_notice_that_does_not_arrive_is_tried_again_in_time() {
    let mut stage = Notices::start(&["503 No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n", OK]).await;
    stage.set_ntfy().await;
    stage.tell(What::Held, 7).await;
    let again_at = stage.deliver().await.expect("the worker is told when to look again");
    assert_eq!(stage.received().len(), 1);
    assert!(stage.test.app.clock.now() < again_at);
    stage.test.app.clock.set(again_at);
    assert_eq!(stage.deliver().await, None);
    assert_eq!(stage.received().len(), 2);
}

#[tokio::test]
async fn a_test_says_in_words_what_came_back() {
    let answer = |status: &str, body: &str| {
        format!("{status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
    };
    let table = [
        (OK.to_owned(), 303, "took it"),
        (answer("200 OK", "<html>Hello</html>"), 502, "not as an ntfy server does"),
        (answer("403 No", ""), 502, "without a token"),
        (answer("404 No", ""), 502, "nothing takes notices"),
        (answer("429 No", ""), 502, "asks to wait"),
        (answer("500 Oh", "out of order"), 502, "answered with 500: out of order"),
    ];
    let answers: Vec<&str> = table.iter().map(|(answer, _, _)| answer.as_str()).collect();
    let mut stage = Notices::start(&answers).await;
    stage.set_ntfy().await;
    for (_, status, said) in &table {
        let answer = stage.ada.post(&stage.page("/test"), &[]).await;
        assert_eq!(answer.status, *status, "{said}: {}", answer.words());
        let page = if answer.status == 303 { stage.ada.get(&answer.location.unwrap()).await } else { answer };
        assert!(page.words().contains(said), "{said}: {}", page.words());
    }
}

#[tokio::test]
async fn a_server_that_is_gone_is_told_apart_from_one_that_says_no() {
    let mut stage = Notices::start(&[OK]).await;
    stage.set_ntfy().await;
    assert_eq!(stage.ada.post(&stage.page("/test"), &[]).await.status, 303);
    let answer = stage.ada.post(&stage.page("/test"), &[]).await;
    assert_eq!(answer.status, 502);
    assert!(answer.words().contains("could not be reached"), "{}", answer.words());
}

#[tokio::test]
async fn the_address_is_sealed_checked_and_can_be_taken_back() {
    let mut stage = Notices::start(&[]).await;
    let private = [("kind", "webhook"), ("url", "http://192.168.1.20/notify?key=abc")];
    let answer = stage.ada.post(&stage.page(""), &private).await;
    assert_eq!((answer.status, answer.value_of("url").as_deref()), (422, Some(private[1].1)), "{}", answer.words());
    assert!(answer.words().contains("allow_hosts"), "{}", answer.words());
    let wrong = [("kind", "ntfy"), ("server", ""), ("topic", "with spaces")];
    let answer = stage.ada.post(&stage.page(""), &wrong).await;
    assert_eq!((answer.status, answer.value_of("topic").as_deref()), (422, Some("with spaces")));
    assert_eq!(find(&stage.test.app, stage.workspace.id).await.unwrap(), None);

    stage.set_ntfy().await;
    let row: Target = find(&stage.test.app, stage.workspace.id).await.unwrap().unwrap().row;
    let kept = rmp_serde::to_vec_named(&row).unwrap();
    for secret in ["belfry-tower", "tk_abc", stage.address.as_str()] {
        assert!(!kept.windows(secret.len()).any(|part| part == secret.as_bytes()), "{secret} lies open");
    }
    let shown = stage.ada.get(&stage.page("")).await;
    assert!(!shown.text.contains("belfry-tower") && !shown.text.contains("tk_abc"), "it is not shown again");

    let answer = stage.ada.post(&stage.page("/removal"), &[]).await;
    assert_eq!(answer.status, 303);
    assert_eq!(find(&stage.test.app, stage.workspace.id).await.unwrap(), None);
    let shown = stage.ada.get(&answer.location.unwrap()).await;
    let sealed = shown.value_of("sealed").expect("a way back");
    let ada = belfry::people::person::find_by_sign_in(&stage.test.app, "ada").await.unwrap().unwrap();
    let settings = belfry::people::workspace::Settings::usual("Elsewhere", "UTC");
    let elsewhere = belfry::people::workspace::create(&stage.test.app, &ada.row, &settings).await.unwrap();
    let foreign = format!("/w/{}/settings/notices/return", elsewhere.slug);
    let stolen = stage.ada.post(&foreign, &[("sealed", &sealed)]).await;
    assert_eq!(stolen.status, 404, "it opens for its own workspace only");
    assert_eq!(stage.ada.post(&stage.page("/return"), &[("sealed", &sealed)]).await.status, 303);
    let back = find(&stage.test.app, stage.workspace.id).await.unwrap().unwrap().row;
    assert_eq!(back.sealed, row.sealed);
}

#[tokio::test]
async fn more_notices_than_fit_in_a_round_go_on_without_another_bell() {
    let stage = Notices::start(&[]).await;
    for number in 0..130 {
        stage.tell(What::Held, number).await;
    }
    assert!(stage.deliver().await.is_some_and(|at| at <= stage.test.app.clock.now()), "it goes on at once");
    assert_eq!(stage.deliver().await, None);
    stage.test.pass(Duration::from_mins(1));
    assert_eq!(stage.deliver().await, None, "where nothing is set there is nothing to try again");
}
