//! Practising from end to end: connect, publish there, comment as a visitor, find it in the inbox, answer.

use belfry::base::id;
use belfry::channels::{self, Channel, ChannelState, credentials};
use belfry::inbox::ConversationId;
use belfry::networks::Account;
use belfry::networks::signed_webhook;
use belfry::notify::{Notice, What};
use belfry::store::{Scan, Stored};
use serde_json::{Value, json};

use cratebelfry::{Got, TestApp};

/// Connects a practice account over the pages.
async fn connect(app: &TestApp, name: &str) -> Stored<Channel> {
    let new = app.page("channels/new/practice");
    let done = app.post(&new, &new, &[("way", "name"), ("name", name), ("server", "")]).await;
    assert_eq!(done.status, 303, "{}", done.body);
    assert!(done.to.starts_with(&app.page("channels/")), "{}", done.to);
    let id = done.to.rsplit('/').next().unwrap().parse().unwrap();
    channels::get(&app.app, app.workspace, id).await.unwrap()
}

async fn account(app: &TestApp, channel: &Channel) -> Account {
    credentials::account(&app.app, channel).await.unwrap()
}

/// Asks the practice service as the account of a channel.
async fn ask(app: &TestApp, channel: &Channel, method: &str, path: &str, body: Value) -> Value {
    let account = account(app, channel).await;
    let url = format!("{}{path}", account.server);
    let client = &app.app.client;
    let request = match method {
        "GET" => client.get(&url),
        "PUT" => client.put(&url).json(&body),
        "DELETE" => client.delete(&url),
        _ => client.post(&url).json(&body),
    };
    let answer = request.bearer(account.secret.get("token").unwrap()).send().await.unwrap();
    assert!(answer.is_success(), "{method} {path}: {}", answer.status());
    answer.json().unwrap_or(Value::Null)
}

/// A post there, as if it had been written before.
async fn write_there(app: &TestApp, channel: &Channel, text: &str) -> String {
    let post = ask(app, channel, "POST", "/api/posts", json!({ "text": text })).await;
    post["id"].as_str().unwrap().to_owned()
}

/// The address of the first conversation in the inbox.
fn first_conversation(app: &TestApp, inbox: &Got) -> String {
    let start = format!("href=\"{}", app.page("inbox/"));
    format!("{}{}", app.page("inbox/"), inbox.after(&start).split('?').next().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_comment_on_practice_reaches_the_inbox_and_the_answer_reaches_practice() {
    let app = TestApp::start().await;
    app.get(&app.page("channels")).await.has("No channel yet");
    let channel = connect(&app, "Riverside Food Bank").await;
    let post = write_there(&app, &channel, "Saturday we open at nine").await;
    app.work().await;
    app.get(&app.page("channels")).await.has("@riverside-food-bank");

    let there = format!("/practice/posts/{post}");
    app.get(&there).await.has("Saturday we open at nine");
    let comment = [("from", "Ana Marsh"), ("text", "May I bring <b>boxes</b>?")];
    let commented = app.post(&there, &format!("{there}/comments"), &comment).await;
    assert_eq!((commented.status, commented.to.as_str()), (303, there.as_str()), "{}", commented.body);
    app.work().await;

    let inbox = app.get(&app.page("inbox")).await;
    inbox.has("Ana Marsh");
    inbox.has("May I bring &lt;b&gt;boxes&lt;/b&gt;?");
    inbox.has("↳ Saturday we open at nine");
    inbox.has("data-new");
    let conversation = first_conversation(&app, &inbox);
    let page = app.get(&conversation).await;
    page.has("Answers your post");
    let (token, to) = (page.value("token"), page.value("to"));
    assert!(!app.get(&app.page("inbox")).await.body.contains("data-new"), "what was looked at is no longer new");

    let answer = [("token", token.as_str()), ("to", &to), ("text", "Yes, please. We open at nine.")];
    let answer_to = format!("{conversation}/answer");
    for _the_same_form_twice in 0..2 {
        let answered = app.post(&conversation, &answer_to, &answer).await;
        assert_eq!(answered.status, 303, "{}", answered.body);
    }
    app.get(&conversation).await.has("Sending");
    app.work().await;
    app.get(&conversation).await.has("Answered");
    let below = ask(&app, &channel, "GET", &format!("/api/posts/{post}/replies"), Value::Null).await;
    let ours: Vec<_> = below["posts"].as_array().unwrap().iter().filter(|p| p["text"] == answer[2].1).collect();
    assert_eq!(ours.len(), 1, "{below}");
    assert_eq!(ours[0]["author"]["handle"], "@riverside-food-bank");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_is_too_long_comes_back_whole_and_conversations_are_put_away_and_taken() {
    let app = TestApp::start().await;
    let channel = connect(&app, "Ada").await;
    let post = write_there(&app, &channel, "Bread at ten").await;
    app.work().await;
    let comment = json!({ "from": "J. Okafor", "text": "Rye too?" });
    ask(&app, &channel, "POST", &format!("/api/posts/{post}/comments"), comment).await;
    app.work().await;
    let conversation = first_conversation(&app, &app.get(&app.page("inbox")).await);

    let long = "long ".repeat(120);
    let token = app.get(&conversation).await.value("token");
    let refused =
        app.post(&conversation, &format!("{conversation}/answer"), &[("token", &token), ("text", &long)]).await;
    assert_eq!(refused.status, 422);
    refused.has("too many for this network");
    refused.has(long.trim_end());
    assert_eq!(refused.value("token"), token, "the same answer keeps its name");

    let done = app.post(&conversation, &format!("{conversation}/done"), &[]).await;
    assert_eq!(done.to, app.page("inbox"));
    app.get(&app.page("inbox")).await.has("All answered");
    app.get(&app.page("inbox?view=done")).await.has("J. Okafor");
    app.post(&conversation, &format!("{conversation}/open"), &[]).await;
    let me = app.get(&conversation).await.value("person");
    app.post(&conversation, &format!("{conversation}/assign"), &[("person", &me)]).await;
    app.get(&app.page("inbox?view=mine")).await.has("Yours");

    let nobody = format!("{}{}", app.page("inbox/"), ConversationId::from_bits(7));
    assert_eq!(app.get(&nobody).await.status, 404);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_webhook_is_taken_once_when_it_is_signed_and_refused_when_it_is_forged() {
    let app = TestApp::start().await;
    let channel = connect(&app, "Ada").await;
    let post = write_there(&app, &channel, "Bread at ten").await;
    app.work().await;
    let page = app.page(&format!("channels/{}", channel.id));
    let registered = app.post(&page, &format!("{page}/webhook"), &[]).await;
    assert_eq!(registered.status, 303, "{}", registered.body);
    app.get(&page).await.has("tells Belfry at once. What gets lost");

    let secret = account(&app, &channel).await.secret.get("webhook_secret").unwrap().to_owned();
    let hook = format!("/hooks/practice/{}/{}", app.workspace, channel.id);
    let message = |id: &str, text: &str| {
        let author = json!({ "id": "a9", "name": "Lena Rowe", "handle": "@lena-rowe" });
        let post = json!({ "id": id, "author": author, "text": text, "media": [], "poll": null, "content_warning": null,
            "language": null, "visibility": "public", "in_reply_to": post, "thread_root": post, "quote_url": null,
            "created_at": app.app.clock.now(), "edited_at": null, "counts": {} });
        let data = json!({ "kind": "reply", "post": post });
        json!({ "type": "comment.created", "timestamp": "2026-11-22T09:00:00Z", "data": data }).to_string()
    };
    let body = message("p901", "My class would love to help");
    let signed = signed_webhook::sign(&secret, "one", app.app.clock.now(), body.as_bytes()).unwrap();
    for _sent_again in 0..2 {
        let taken = app.call_in(&hook, &signed, body.as_bytes()).await;
        assert_eq!((taken.status, taken.body.as_str()), (200, ""));
    }
    let forged = message("p902", "Forged");
    let refused = app.call_in(&hook, &signed, forged.as_bytes()).await;
    assert_eq!(refused.status, 401);
    refused.has("This delivery is not believed");
    assert_eq!(app.call_in(&hook, &[], body.as_bytes()).await.status, 401);
    for unknown in [
        format!("/hooks/mastodon/{}/{}", app.workspace, channel.id),
        format!("/hooks/practice/{}/{}", channel.id, channel.id),
        "/hooks/practice/x/y".to_owned(),
    ] {
        assert_eq!(app.call_in(&unknown, &signed, body.as_bytes()).await.status, 404, "{unknown}");
    }
    app.work().await;
    let inbox = app.get(&app.page("inbox")).await;
    assert_eq!(inbox.body.matches("My class would love to help").count(), 1);
    assert!(!inbox.body.contains("Forged"));
    let large = vec![b' '; 1024 * 1024 + 1];
    assert_eq!(app.call_in(&hook, &signed, &large).await.status, 413);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn practice_tells_a_comment_to_the_address_it_was_given() {
    let app = TestApp::start().await;
    let channel = connect(&app, "Ada").await;
    let post = write_there(&app, &channel, "Bread at ten").await;
    app.work().await;
    let page = app.page(&format!("channels/{}", channel.id));
    app.post(&page, &format!("{page}/webhook"), &[]).await;
    let mut commits = app.app.store.subscribe();
    commits.mark_unchanged();
    let there = format!("/practice/posts/{post}");
    app.post(&there, &format!("{there}/comments"), &[("from", "Ana"), ("text", "Rye too?")]).await;
    // The delivery is a commit, and nothing else commits meanwhile.
    let told = tokio::time::timeout(std::time::Duration::from_secs(20), commits.changed()).await;
    told.expect("nothing was told").unwrap();
    belfry::inbox::delivery::work_off(&app.app).await.unwrap();
    app.get(&app.page("inbox")).await.has("Rye too?");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_poll_that_is_locked_out_locks_the_channel_out_and_connecting_again_ends_on_the_same() {
    let app = TestApp::start().await;
    let channel = connect(&app, "Ada").await;
    app.work().await;
    ask(&app, &channel, "DELETE", "/api/tokens", Value::Null).await;
    // The inbox is asked first and again for figures; one of them is the first to notice.
    app.work().await;
    let locked = channels::get(&app.app, app.workspace, channel.id).await.unwrap();
    assert!(matches!(locked.state, ChannelState::Reconnect { .. }), "{:?}", locked.state);
    let notices = app.app.store.list::<Notice>(Scan::under((app.workspace,)).limit(50)).await.unwrap();
    let told = notices.iter().filter(|notice| notice.what == What::Reconnect).count();
    assert_eq!(told, 1, "people are told once");
    let page = app.page(&format!("channels/{}", channel.id));
    app.get(&page).await.has("Must be connected again");
    let tested = app.post(&page, &format!("{page}/test"), &[]).await;
    assert_eq!(tested.status, 502);
    tested.has("no longer lets Belfry in");

    let new = app.page(&format!("channels/new/practice?channel={}", channel.id));
    let to = app.page("channels/new/practice");
    let id = channel.id.to_string();
    let done = app.post(&new, &to, &[("way", "name"), ("name", "Ada"), ("channel", &id)]).await;
    assert_eq!(done.to, page);
    let again = channels::get(&app.app, app.workspace, channel.id).await.unwrap();
    assert_eq!(again.state, ChannelState::Active);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_connected_says_why_and_keeps_what_was_typed() {
    let app = TestApp::start().await;
    let new = app.page("channels/new/mastodon");
    let fields = [("way", "token"), ("server", "http://127.0.0.1:9"), ("token", "hush-hush")];
    let refused = app.post(&new, &new, &fields).await;
    assert_eq!(refused.status, 422);
    refused.has("That did not work");
    refused.has("value=\"http://127.0.0.1:9\"");
    assert!(!refused.body.contains("hush-hush"));
    let missing = app.post(&new, &new, &[("way", "token"), ("server", "")]).await;
    assert_eq!(missing.status, 422);
    missing.has("href=\"#field-token-server\"");
    missing.has("id=\"field-token-server\"");
    assert_eq!(app.get(&app.page("channels/new/nowhere")).await.status, 404);
    let visit =
        app.page(&format!("channels/visits/{}", belfry::channels::VisitId::from_bits(id::digest::<u128>(&[b"none"]))));
    app.get(&format!("{visit}?code=1&state=2")).await.has("This attempt to connect is over");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_channel_is_paused_resumed_and_removed() {
    let app = TestApp::start().await;
    let channel = connect(&app, "Ada").await;
    let page = app.page(&format!("channels/{}", channel.id));
    app.post(&page, &format!("{page}/pause"), &[]).await;
    app.get(&page).await.has("Paused");
    let comment = app.get(&page).await;
    comment.has("Let it go on");
    app.post(&page, &format!("{page}/resume"), &[]).await;
    app.get(&page).await.has("Test it now");
    let tested = app.post(&page, &format!("{page}/test"), &[]).await;
    assert_eq!(tested.status, 303);
    app.get(&format!("{page}/remove")).await.has("This cannot be undone");
    let removed = app.post(&format!("{page}/remove"), &format!("{page}/remove"), &[]).await;
    assert_eq!(removed.to, app.page("channels"));
    assert_eq!(app.get(&page).await.status, 404);
    app.stop().await;
}
