//! Practising from end to end: connect, write there, comment as a visitor, find it in the inbox, answer; and webhooks.

use std::sync::Arc;
use std::time::Duration;

use belfry::base::id;
use belfry::channels::{self, Channel, ChannelState, VisitId, credentials};
use belfry::config::Config;
use belfry::inbox::{ConversationId, delivery};
use belfry::networks::{Account, signed_webhook};
use belfry::notify::{Notice, What};
use belfry::people::Workspace;
use belfry::store::{Scan, Stored};
use belfry::work;
use serde_json::{Value, json};

use crate::app::{Browser, Page, TestApp};

/// Ada's browser, her workspace, and a practice channel that she connected over the pages.
pub(crate) struct Practising {
    pub(crate) test: TestApp,
    pub(crate) ada: Browser,
    pub(crate) workspace: Workspace,
    pub(crate) channel: Stored<Channel>,
}

impl Practising {
    pub(crate) async fn start() -> Self {
        Self::start_with(Config::default()).await
    }

    pub(crate) async fn start_with(config: Config) -> Self {
        let test = TestApp::start_with(config).await;
        let (_ada, workspace) = test.with_owner().await;
        let mut ada = test.signed_in("ada").await;
        let new = format!("/w/{}/channels/new/practice", workspace.slug);
        ada.get(&new).await;
        let done = ada.post(&new, &[("way", "name"), ("name", "Riverside"), ("server", "")]).await;
        assert_eq!(done.status, 303, "{}", done.words());
        let page = done.location.unwrap();
        let id = page.strip_prefix(&format!("/w/{}/channels/", workspace.slug)).unwrap().parse().unwrap();
        let channel = channels::get(&test.app, workspace.id, id).await.unwrap();
        Self { test, ada, workspace, channel }
    }

    pub(crate) fn page(&self, page: &str) -> String {
        format!("/w/{}/{page}", self.workspace.slug)
    }

    fn channel_page(&self) -> String {
        self.page(&format!("channels/{}", self.channel.id))
    }

    pub(crate) async fn get(&mut self, path: &str) -> Page {
        self.ada.get(path).await
    }

    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.ada.post(path, fields).await
    }

    /// Takes every step of work that is due.
    pub(crate) async fn work(&self) {
        let app = &self.test.app;
        work::publish::run_until_idle(app).await.unwrap();
        work::inbox::round((**app).clone()).await.unwrap();
        work::metrics::round((**app).clone()).await.unwrap();
    }

    pub(crate) async fn account(&self) -> Account {
        credentials::account(&self.test.app, &self.channel).await.unwrap()
    }

    /// Asks the practice service as the account of the channel.
    pub(crate) async fn ask(&self, method: &str, path: &str, body: Value) -> Value {
        let account = self.account().await;
        let (client, url) = (&self.test.app.client, format!("{}{path}", account.server));
        let request = match method {
            "GET" => client.get(&url),
            "DELETE" => client.delete(&url),
            _ => client.post(&url).json(&body),
        };
        let answer = request.bearer(account.secret.get("token").unwrap()).send().await.unwrap();
        assert!(answer.is_success(), "{method} {path}: {}", answer.status());
        answer.json().unwrap_or(Value::Null)
    }

    /// A post there, as if it had been written before the channel was connected.
    pub(crate) async fn write_there(&self, text: &str) -> String {
        let clock = &self.test.app.clock;
        let now = clock.now();
        clock.set(now.minus(Duration::from_hours(1)));
        let post = self.ask("POST", "/api/posts", json!({ "text": text })).await;
        clock.set(now);
        self.work().await;
        post["id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn comment(&self, post: &str, from: &str, text: &str) {
        self.ask("POST", &format!("/api/posts/{post}/comments"), json!({ "from": from, "text": text })).await;
        self.work().await;
    }

    /// The address of the conversation that stands first in the inbox.
    pub(crate) async fn first_conversation(&mut self) -> String {
        let inbox = self.get(&self.page("inbox")).await;
        let start = format!("href=\"{}", self.page("inbox/"));
        let rest = inbox.text.split_once(&start).unwrap_or_else(|| panic!("nobody wrote: {}", inbox.words())).1;
        format!("{}{}", self.page("inbox/"), rest.split_at(26).0)
    }

    /// Sends bytes from outside, as a network does: no session, no origin.
    async fn call_in(&self, path: &str, headers: &[(&'static str, String)], body: Vec<u8>) -> Page {
        let mut nobody = self.test.browser();
        let request = nobody.request(reqwest::Method::POST, path).body(body);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, value));
        let response = request.send().await.unwrap();
        nobody.take(response).await
    }
}

pub(crate) fn has(page: &Page, words: &str) {
    assert!(page.words().contains(words), "no “{words}” in {}: {}", page.status, page.words());
}

#[tokio::test]
async fn a_comment_on_practice_reaches_the_inbox_and_the_answer_reaches_practice() {
    let mut practising = Practising::start().await;
    let post = practising.write_there("Saturday we open at nine").await;
    has(&practising.get(&practising.page("channels")).await, "Practice · @riverside");

    let there = format!("/practice/posts/{post}");
    has(&practising.get(&there).await, "Saturday we open at nine");
    let comment = [("from", "Ana Marsh"), ("text", "May I bring <b>boxes</b>?")];
    let commented = practising.post(&format!("{there}/comments"), &comment).await;
    assert_eq!((commented.status, commented.location.as_deref()), (303, Some(there.as_str())));
    practising.work().await;

    let inbox = practising.get(&practising.page("inbox")).await;
    has(&inbox, "Ana Marsh May I bring &lt;b&gt;boxes&lt;/b&gt;? ↳ Saturday we open at nine");
    assert!(inbox.text.contains("data-new"));
    let conversation = practising.first_conversation().await;
    let page = practising.get(&conversation).await;
    has(&page, "Answers your post");
    let (token, to) = (page.value_of("token").unwrap(), page.value_of("to").unwrap());
    let inbox = practising.get(&practising.page("inbox")).await;
    assert!(!inbox.text.contains("data-new"), "what was looked at is no longer new");

    let answer = [("token", token.as_str()), ("to", &to), ("text", "Yes, please. We open at nine.")];
    for _the_same_form_twice in 0..2 {
        let answered = practising.post(&format!("{conversation}/answer"), &answer).await;
        assert_eq!(answered.status, 303, "{}", answered.words());
    }
    has(&practising.get(&conversation).await, "Sending");
    practising.work().await;
    has(&practising.get(&conversation).await, "Answered");
    let below = practising.ask("GET", &format!("/api/posts/{post}/replies"), Value::Null).await;
    let ours: Vec<_> = below["posts"].as_array().unwrap().iter().filter(|p| p["text"] == answer[2].1).collect();
    assert_eq!(ours.len(), 1, "{below}");
    assert_eq!(ours[0]["author"]["handle"], "@riverside");
    practising.test.stop().await;
}

#[tokio::test]
async fn an_answer_that_is_too_long_comes_back_whole() {
    let mut practising = Practising::start().await;
    let post = practising.write_there("Bread at ten").await;
    practising.comment(&post, "J. Okafor", "Rye too?").await;
    let conversation = practising.first_conversation().await;
    let token = practising.get(&conversation).await.value_of("token").unwrap();
    let long = "long ".repeat(120);
    let refused = practising.post(&format!("{conversation}/answer"), &[("token", &token), ("text", &long)]).await;
    assert_eq!(refused.status, 422);
    has(&refused, "too many for this network");
    has(&refused, long.trim_end());
    assert_eq!(refused.value_of("token"), Some(token), "the same answer keeps its name");
    practising.test.stop().await;
}

#[tokio::test]
async fn conversations_are_put_away_opened_again_and_taken() {
    let mut practising = Practising::start().await;
    let post = practising.write_there("Bread at ten").await;
    practising.comment(&post, "J. Okafor", "Rye too?").await;
    let conversation = practising.first_conversation().await;
    let inbox = practising.page("inbox");
    let done = practising.post(&format!("{conversation}/done"), &[]).await;
    assert_eq!(done.location.as_deref(), Some(inbox.as_str()));
    has(&practising.get(&inbox).await, "All answered");
    has(&practising.get(&format!("{inbox}?view=done")).await, "J. Okafor");
    practising.post(&format!("{conversation}/open"), &[]).await;
    let me = practising.get(&conversation).await.value_of("person").unwrap();
    practising.post(&format!("{conversation}/assign"), &[("person", &me)]).await;
    has(&practising.get(&format!("{inbox}?view=mine")).await, "Yours");
    let nobody = practising.page(&format!("inbox/{}", ConversationId::from_bits(7)));
    assert_eq!(practising.get(&nobody).await.status, 404);
    practising.test.stop().await;
}

/// A delivery as the practice network makes it.
fn delivery_of(test: &TestApp, id: &str, below: &str, text: &str) -> Vec<u8> {
    let author = json!({ "id": "a901", "name": "Lena Rowe", "handle": "@lena-rowe" });
    let post = json!({ "id": id, "author": author, "text": text, "media": [], "poll": null, "content_warning": null,
        "language": null, "visibility": "public", "in_reply_to": below, "thread_root": below, "quote_url": null,
        "created_at": test.app.clock.now(), "edited_at": null, "counts": {} });
    let data = json!({ "kind": "reply", "post": post });
    json!({ "type": "comment.created", "timestamp": "2026-11-21T08:00:00Z", "data": data }).to_string().into_bytes()
}

#[tokio::test]
async fn a_webhook_is_taken_once_when_it_is_signed_and_refused_when_it_is_forged() {
    let mut practising = Practising::start().await;
    let post = practising.write_there("Bread at ten").await;
    let page = practising.channel_page();
    let registered = practising.post(&format!("{page}/webhook"), &[]).await;
    assert_eq!(registered.status, 303, "{}", registered.words());
    has(&practising.get(&page).await, "tells Belfry at once. What gets lost");

    let test = &practising.test;
    let secret = practising.account().await.secret.get("webhook_secret").unwrap().to_owned();
    let (workspace, channel) = (practising.workspace.id, practising.channel.id);
    let hook = format!("/hooks/practice/{workspace}/{channel}");
    let body = delivery_of(test, "p901", &post, "My class would love to help");
    let signed = signed_webhook::sign(&secret, "one", test.app.clock.now(), &body).unwrap();
    for _sent_again in 0..2 {
        let taken = practising.call_in(&hook, &signed, body.clone()).await;
        assert_eq!((taken.status, taken.text.as_str()), (200, ""));
    }
    let forged = delivery_of(test, "p902", &post, "Forged");
    let refused = practising.call_in(&hook, &signed, forged).await;
    assert_eq!(refused.status, 401);
    has(&refused, "This delivery is not believed");
    assert_eq!(practising.call_in(&hook, &[], body.clone()).await.status, 401);
    for unknown in [
        format!("/hooks/mastodon/{workspace}/{channel}"),
        format!("/hooks/practice/{channel}/{channel}"),
        "/hooks/practice/x/y".to_owned(),
    ] {
        assert_eq!(practising.call_in(&unknown, &signed, body.clone()).await.status, 404, "{unknown}");
    }
    assert_eq!(practising.call_in(&hook, &signed, vec![b' '; 1024 * 1024 + 1]).await.status, 413);
    assert_eq!(delivery::work_off(&test.app).await.unwrap(), 1);
    let inbox = practising.get(&practising.page("inbox")).await;
    assert_eq!(inbox.words().matches("My class would love to help").count(), 1);
    assert!(!inbox.words().contains("Forged"));
    practising.test.stop().await;
}

#[tokio::test]
async fn practice_tells_a_comment_to_the_address_it_was_given() {
    let mut practising = Practising::start().await;
    let post = practising.write_there("Bread at ten").await;
    let page = practising.channel_page();
    practising.post(&format!("{page}/webhook"), &[]).await;
    let mut commits = practising.test.app.store.subscribe();
    commits.mark_unchanged();
    let there = format!("/practice/posts/{post}");
    practising.post(&format!("{there}/comments"), &[("from", "Ana"), ("text", "Rye too?")]).await;
    // The delivery is a commit, and nothing else commits meanwhile.
    let told = tokio::time::timeout(Duration::from_secs(20), commits.changed()).await;
    told.expect("nothing was told").unwrap();
    assert_eq!(delivery::work_off(&practising.test.app).await.unwrap(), 1);
    has(&practising.get(&practising.page("inbox")).await, "Rye too?");
    practising.test.stop().await;
}

#[tokio::test]
async fn a_poll_that_is_turned_away_locks_the_channel_out_until_it_is_connected_again() {
    let mut practising = Practising::start().await;
    practising.work().await;
    practising.ask("DELETE", "/api/tokens", Value::Null).await;
    practising.work().await;
    practising.work().await;
    let (app, workspace, id) = (Arc::clone(&practising.test.app), practising.workspace.id, practising.channel.id);
    let locked = channels::get(&app, workspace, id).await.unwrap();
    assert!(matches!(locked.state, ChannelState::Reconnect { .. }), "{:?}", locked.state);
    let notices = app.store.list::<Notice>(Scan::under((workspace,)).limit(50)).await.unwrap();
    let told = notices.iter().filter(|notice| notice.what == What::Reconnect).count();
    assert_eq!(told, 1, "people are told once");
    let page = practising.channel_page();
    has(&practising.get(&page).await, "Must be connected again");
    let tested = practising.post(&format!("{page}/test"), &[]).await;
    assert_eq!(tested.status, 502);
    has(&tested, "no longer lets Belfry in");

    let again = format!("{page}/reconnect");
    let known = practising.get(&again).await;
    assert_eq!(known.value_of("name").as_deref(), Some("Riverside"));
    has(&known, "The channel stays what it is");
    let secret = credentials::account(&app, &locked).await.unwrap().secret;
    let another = practising.post(&again, &[("way", "name"), ("name", "Hillside")]).await;
    assert_eq!(another.status, 422);
    has(&another, "That is another account: @hillside");
    assert_eq!(channels::list(&app, workspace).await.unwrap().len(), 1, "no second channel came of it");
    assert_eq!(channels::get(&app, workspace, id).await.unwrap().row, locked.row, "nothing was changed");
    assert_eq!(credentials::account(&app, &locked).await.unwrap().secret, secret);

    let done = practising.post(&again, &[("way", "name"), ("name", "Riverside")]).await;
    assert_eq!(done.location, Some(page.clone()));
    has(&practising.get(&page).await, "is connected again. Nothing was waiting");
    let now = channels::get(&app, workspace, id).await.unwrap();
    assert_eq!((&now.state, now.connected_at), (&ChannelState::Active, locked.connected_at));
    practising.test.stop().await;
}

#[tokio::test]
async fn what_cannot_be_connected_says_why_and_keeps_what_was_typed() {
    let mut practising = Practising::start().await;
    let new = practising.page("channels/new/mastodon");
    let fields = [("way", "token"), ("server", "http://127.0.0.1:9"), ("token", "hush-hush")];
    let refused = practising.post(&new, &fields).await;
    assert_eq!(refused.status, 422);
    has(&refused, "That did not work");
    assert!(refused.text.contains("value=\"http://127.0.0.1:9\""));
    assert!(!refused.text.contains("hush-hush"));
    let missing = practising.post(&new, &[("way", "token"), ("server", "")]).await;
    assert_eq!(missing.status, 422);
    assert!(
        missing.text.contains("href=\"#field-token-server\"") && missing.text.contains("id=\"field-token-server\"")
    );
    assert_eq!(practising.get(&practising.page("channels/new/nowhere")).await.status, 404);
    let none: VisitId = id::digest(&[b"none"]);
    let visit = practising.page(&format!("channels/visits/{none}?code=1&state=2"));
    has(&practising.get(&visit).await, "This attempt to connect is over");
    practising.test.stop().await;
}

#[tokio::test]
async fn a_channel_is_paused_resumed_and_removed() {
    let mut practising = Practising::start().await;
    let page = practising.channel_page();
    practising.post(&format!("{page}/pause"), &[]).await;
    let paused = practising.get(&page).await;
    has(&paused, "Let it go on");
    has(&paused, "Undo");
    practising.post(&format!("{page}/resume"), &[]).await;
    has(&practising.get(&page).await, "Undo");
    assert_eq!(practising.post(&format!("{page}/test"), &[]).await.status, 303);
    has(&practising.get(&page).await, "Last contact that went well");
    let asked = practising.get(&format!("{page}/remove")).await;
    has(&asked, "This cannot be undone");
    has(&asked, "Nothing is planned here");
    let removed = practising.post(&format!("{page}/remove"), &[]).await;
    assert_eq!(removed.location, Some(practising.page("channels")));
    assert_eq!(practising.get(&page).await.status, 404);
    practising.test.stop().await;
}
