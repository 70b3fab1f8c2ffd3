//! Publishing, against the practice network over real sockets: what arrives there is counted there.

use std::time::Duration;

use belfry::app::App;
use belfry::base::clock::At;
use belfry::base::zone;
use belfry::channels::{self, Channel, Connecting};
use belfry::networks::capabilities::Settles;
use belfry::people::{Actor, PersonId, Role, Via, Workspace};
use belfry::posts::{Content, Post, PublicationState, Stage, Variant, draft};
use belfry::publish::state::DispatchEvent;
use belfry::publish::{self, DispatchState, Publication, When, accept, decide, journal, save};
use belfry::schedule::calendar;
use belfry::store::{Change, Stored};
use belfry::work;
use serde_json::{Value, json};

use crate::app::TestApp;

/// Ada's workspace with one practice channel, and a way to tell the practice network how to behave.
struct Riverside {
    test: TestApp,
    actor: Actor,
    workspace: Workspace,
    channel: Stored<Channel>,
    service: Service,
}

struct Service {
    http: reqwest::Client,
    base: String,
    token: String,
}

impl Service {
    async fn ask(&self, method: reqwest::Method, path: &str, body: Value) -> Value {
        let request = self.http.request(method, format!("{}{path}", self.base)).bearer_auth(&self.token).json(&body);
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.json().await.unwrap_or(Value::Null)
    }

    async fn behave(&self, behaviour: Value) {
        self.ask(reqwest::Method::PUT, "/api/behaviour", behaviour).await;
    }

    async fn fail(&self, step: &str, kind: &str, count: u32) {
        self.ask(reqwest::Method::POST, "/api/faults", json!({ "step": step, "kind": kind, "count": count })).await;
    }

    /// The texts of everything that was really made there.
    async fn made(&self) -> Vec<String> {
        let arrivals = self.ask(reqwest::Method::GET, "/api/arrivals", Value::Null).await;
        let made = arrivals.as_array().unwrap().iter().filter(|arrival| {
            arrival["outcome"] == "done" && (arrival["step"] == "create" || arrival["step"] == "publish")
        });
        made.map(|arrival| arrival["text"].as_str().unwrap().to_owned()).collect()
    }
}

async fn stage() -> Riverside {
    let test = TestApp::start().await;
    let (ada, workspace) = test.with_owner().await;
    let actor = actor(ada, &workspace);
    let base = format!("{}/practice", test.origin);
    let input = [("name", "riverside"), ("server", base.as_str())];
    let input = input.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let connecting = channels::connect(&test.app, &actor, "practice", "name", &input, None).await.unwrap();
    let Connecting::Done(channel) = connecting else { panic!("practice needs no visit") };
    let service = service(&base).await;
    Riverside { test, actor, workspace, channel: *channel, service }
}

async fn service(base: &str) -> Service {
    let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().unwrap();
    let me: Value = http
        .post(format!("{base}/api/accounts"))
        .json(&json!({ "name": "riverside" }))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    Service { http, base: base.to_owned(), token: me["token"].as_str().unwrap().to_owned() }
}

/// Does all work that is due, in turn.
async fn until_idle(app: &App) -> anyhow::Result<()> {
    work::publish::run_until_idle(app).await?;
    work::inbox::round(app.clone()).await?;
    work::metrics::round(app.clone()).await?;
    work::outbox::round(app.clone()).await?;
    Ok(())
}

fn actor(person: PersonId, workspace: &Workspace) -> Actor {
    Actor { person, workspace: workspace.id, role: Role::Owner, via: Via::Console }
}

impl Riverside {
    fn app(&self) -> &App {
        &self.test.app
    }

    async fn write(&self, content: Content) -> Stored<Post> {
        draft::create(self.app(), &self.actor, content).await.unwrap()
    }

    async fn plan(&self, content: Content, minutes: u64) -> Stored<Post> {
        let post = self.write(content).await;
        let at = self.app().clock.now().plus(Duration::from_mins(minutes));
        let local = zone::local(at, &self.workspace.zone).datetime();
        publish::plan(self.app(), &self.actor, post.id, post.edition, When::At(local)).await.unwrap()
    }

    fn says(&self, text: &str) -> Content {
        Content { text: text.to_owned(), channels: vec![self.channel.id], ..Content::default() }
    }

    async fn pass(&self, minutes: u64) {
        self.test.pass(Duration::from_mins(minutes));
        until_idle(self.app()).await.unwrap();
    }

    /// Lets time go by in steps, as looks and tries need it.
    async fn pass_in_steps(&self, seconds: u64, steps: u32) {
        for _ in 0..steps {
            self.test.pass(Duration::from_secs(seconds));
            until_idle(self.app()).await.unwrap();
        }
    }

    async fn publication(&self, post: &Post) -> Stored<Publication> {
        publish::list_for_post(self.app(), self.workspace.id, post.id).await.unwrap().pop().unwrap()
    }

    async fn state(&self, post: &Post) -> PublicationState {
        self.publication(post).await.state()
    }

    async fn on_calendar(&self) -> Vec<(String, PublicationState)> {
        let (from, to) = (At::from_millis(0), At::from_millis(i64::MAX));
        let entries = calendar::between(self.app(), self.workspace.id, from, to, 100).await.unwrap();
        entries.into_iter().map(|entry| (entry.excerpt, entry.state)).collect()
    }
}

#[tokio::test]
async fn two_channels_that_finish_at_the_same_moment_leave_the_calendar_right() {
    let stage = stage().await;
    let (app, base) = (stage.app(), format!("{}/practice", stage.test.origin));
    let input = [("name", "hillside"), ("server", base.as_str())];
    let input = input.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let connecting = channels::connect(app, &stage.actor, "practice", "name", &input, None).await.unwrap();
    let Connecting::Done(second) = connecting else { panic!("practice needs no visit") };
    let content = Content { channels: vec![stage.channel.id, second.id], ..stage.says("Bread at ten") };
    let post = stage.plan(content, 60).await;
    let now = app.clock.now();
    for publication in publish::list_for_post(app, stage.workspace.id, post.id).await.unwrap() {
        let mut next = publication.row.clone();
        next.dispatches[0].apply(now, DispatchEvent::Claimed, journal::Event::Claimed { attempt: 1 }).unwrap();
        save::save(app, &publication, next, Change::default()).await.unwrap();
    }
    let sending = publish::list_for_post(app, stage.workspace.id, post.id).await.unwrap();
    let finish = async |publication: &Stored<Publication>| {
        let mut next = publication.row.clone();
        let told = journal::Event::Confirmed { url: None };
        next.dispatches[0].apply(now, DispatchEvent::Confirmed, told).unwrap();
        save::save(app, publication, next, Change::default()).await.unwrap();
    };
    // Each sees the other under way when it reads how the whole post stands.
    tokio::join!(finish(&sending[0]), finish(&sending[1]));
    assert_eq!(stage.on_calendar().await, [("Bread at ten".to_owned(), PublicationState::Published)]);
    stage.test.stop().await;
}

#[tokio::test]
async fn a_planned_post_goes_out_once_at_its_time_and_not_before() {
    let stage = stage().await;
    let post = stage.plan(stage.says("Saturday we open at nine"), 60).await;
    stage.pass(59).await;
    assert_eq!(stage.service.made().await, Vec::<String>::new());
    assert_eq!(stage.on_calendar().await, [("Saturday we open at nine".to_owned(), PublicationState::Planned)]);
    stage.pass(1).await;
    assert_eq!(stage.service.made().await, ["Saturday we open at nine"]);
    stage.pass(600).await;
    assert_eq!(stage.service.made().await.len(), 1);
    assert_eq!(stage.on_calendar().await, [("Saturday we open at nine".to_owned(), PublicationState::Published)]);
    let publication = stage.publication(&post).await;
    assert!(publication.url().is_some());
    let told: Vec<String> = publication.dispatches[0]
        .journal
        .entries()
        .iter()
        .map(|entry| stage.app().words.render(&entry.event.message(&|_at| "then".to_owned())))
        .collect();
    assert_eq!(told, ["started", "sent", "the network said yes"]);
    let page = format!("/w/{}/posts/{}", stage.workspace.slug, post.id);
    let page = stage.test.signed_in("ada").await.get(&page).await;
    assert!(page.text.contains("href=\"/practice/posts/"), "a phone does not know the server by its own address");
}

#[tokio::test]
async fn a_lost_answer_is_settled_in_each_of_the_ways_and_never_sent_twice() {
    for (settles, kind) in [
        (Settles::NativeKey, "lose_answer"),
        (Settles::NativeKey, "fail_after"),
        (Settles::LookUp, "lose_answer"),
        (Settles::LookUp, "half_answer"),
        (Settles::KnownId, "lose_answer"),
    ] {
        let stage = stage().await;
        stage.service.behave(json!({ "settles": settles })).await;
        channels::test(stage.app(), &stage.actor, stage.channel.id).await.unwrap();
        let post = stage.plan(stage.says("Only once"), 5).await;
        let step = if settles == Settles::KnownId { "publish" } else { "create" };
        stage.service.fail(step, kind, 1).await;
        stage.pass(5).await;
        stage.pass_in_steps(60, 30).await;
        assert_eq!(stage.service.made().await, ["Only once"], "{settles:?} {kind}");
        assert_eq!(stage.state(&post).await, PublicationState::Published, "{settles:?} {kind}");
        stage.test.stop().await;
    }
}

#[tokio::test]
async fn where_nobody_can_know_a_person_is_asked_and_nothing_is_sent_meanwhile() {
    let stage = stage().await;
    stage.service.behave(json!({ "settles": Settles::AskPerson })).await;
    channels::test(stage.app(), &stage.actor, stage.channel.id).await.unwrap();
    let post = stage.plan(stage.says("Perhaps"), 5).await;
    stage.service.fail("create", "lose_answer", 1).await;
    stage.pass(5).await;
    stage.pass_in_steps(600, 12).await;
    assert_eq!(stage.service.made().await, ["Perhaps"]);
    let publication = stage.publication(&post).await;
    assert_eq!(publication.state(), PublicationState::Unsure);
    assert_eq!(publication.next_at, None, "it waits for a person");
    decide::decide(stage.app(), &stage.actor, publication.id, true, Some("https://example.org/1".to_owned()))
        .await
        .unwrap();
    stage.pass(60).await;
    assert_eq!(stage.state(&post).await, PublicationState::Published);
    assert_eq!(stage.service.made().await.len(), 1);
}

#[tokio::test]
async fn a_process_that_ends_between_request_and_outcome_settles_after_the_restart() {
    for settles in [Settles::NativeKey, Settles::LookUp, Settles::KnownId] {
        let stage = stage().await;
        stage.service.behave(json!({ "settles": settles })).await;
        channels::test(stage.app(), &stage.actor, stage.channel.id).await.unwrap();
        let post = stage.plan(stage.says("Across the end"), 5).await;
        let step = if settles == Settles::KnownId { "publish" } else { "create" };
        stage.service.ask(reqwest::Method::POST, "/api/faults", json!({ "step": step, "kind": "stall" })).await;
        stage.test.pass(Duration::from_mins(5));
        let app = belfry::app::App::clone(stage.app());
        let lane = tokio::spawn(async move { until_idle(&app).await });
        // The request has arrived and is done there; its answer will never be written down here.
        let arrived = async {
            while stage.service.made().await.is_empty() {
                assert!(!lane.is_finished(), "the lane ended before its request arrived");
            }
        };
        tokio::time::timeout(Duration::from_secs(30), arrived).await.unwrap();
        lane.abort();
        drop(lane.await);
        assert_eq!(stage.publication(&post).await.dispatches[0].state, DispatchState::Sending);
        stage.service.ask(reqwest::Method::POST, "/api/release", Value::Null).await;

        let Riverside { test, actor, workspace, channel, service } = stage;
        let stage = Riverside { test: test.restart().await, actor, workspace, channel, service };
        until_idle(stage.app()).await.unwrap();
        stage.pass_in_steps(60, 30).await;
        assert_eq!(stage.service.made().await, ["Across the end"], "{settles:?}");
        assert_eq!(stage.state(&post).await, PublicationState::Published, "{settles:?}");
        stage.test.stop().await;
    }
}

#[tokio::test]
async fn what_the_network_refuses_is_kept_and_told() {
    let stage = stage().await;
    let post = stage.plan(stage.says("No thanks"), 5).await;
    stage.service.fail("create", "refuse", 1).await;
    stage.pass(5).await;
    assert_eq!(stage.state(&post).await, PublicationState::Failed);
    assert_eq!(stage.service.made().await, Vec::<String>::new());
    let publication = stage.publication(&post).await;
    decide::release(stage.app(), &stage.actor, publication.id).await.unwrap();
    until_idle(stage.app()).await.unwrap();
    assert_eq!(stage.service.made().await, ["No thanks"]);
}

#[tokio::test]
async fn what_did_not_leave_is_tried_again_and_a_rate_limit_is_obeyed() {
    let stage = stage().await;
    let post = stage.plan(stage.says("Patience"), 5).await;
    stage.service.fail("create", "rate_limit", 1).await;
    stage.pass(5).await;
    assert_eq!(stage.state(&post).await, PublicationState::Planned);
    stage.pass_in_steps(60, 10).await;
    assert_eq!(stage.service.made().await, ["Patience"]);
    assert_eq!(stage.publication(&post).await.dispatches[0].attempts, 2);
}

#[tokio::test]
async fn a_thread_goes_on_where_it_stopped_and_never_from_the_start() {
    let stage = stage().await;
    let mut content = stage.says("unused");
    let parts = Some(vec!["First".to_owned(), "Second".to_owned(), "Third".to_owned()]);
    content.variants.insert(stage.channel.id, Variant { parts, ..Variant::default() });
    content.first_comment = Some("And a comment".to_owned());
    let post = stage.plan(content, 5).await;
    stage.test.pass(Duration::from_mins(5));
    stage.service.fail("create", "refuse", 1).await;
    // The first fault meets the first part; let it pass, and meet the second.
    until_idle(stage.app()).await.unwrap();
    let publication = stage.publication(&post).await;
    assert_eq!(publication.state(), PublicationState::Failed);
    decide::release(stage.app(), &stage.actor, publication.id).await.unwrap();
    until_idle(stage.app()).await.unwrap();
    assert_eq!(stage.service.made().await, ["First", "Second", "Third", "And a comment"]);
    assert_eq!(stage.state(&post).await, PublicationState::Published);
}

#[tokio::test]
async fn a_pause_that_came_first_wins_and_the_release_sends_it_once() {
    let stage = stage().await;
    let post = stage.plan(stage.says("Later"), 5).await;
    channels::pause(stage.app(), &stage.actor, stage.channel.id).await.unwrap();
    stage.pass(10).await;
    assert_eq!(stage.state(&post).await, PublicationState::Held);
    assert_eq!(stage.service.made().await, Vec::<String>::new());
    channels::resume(stage.app(), &stage.actor, stage.channel.id).await.unwrap();
    decide::release_channel(stage.app(), stage.workspace.id, stage.channel.id).await.unwrap();
    stage.pass(10).await;
    assert_eq!(stage.service.made().await, ["Later"]);
}

#[tokio::test]
async fn undo_deletion_and_a_move_win_before_the_claim_and_are_told_after_it() {
    let stage = stage().await;
    let undone = stage.plan(stage.says("Undone"), 5).await;
    let deleted = stage.plan(stage.says("Deleted"), 5).await;
    let moved = stage.plan(stage.says("Moved"), 5).await;
    let gone = stage.plan(stage.says("Gone"), 5).await;
    accept::unplan(stage.app(), &stage.actor, undone.id).await.unwrap();
    accept::delete_post(stage.app(), &stage.actor, deleted.id).await.unwrap();
    let local = zone::local(stage.app().clock.now().plus(Duration::from_hours(3)), "Europe/London").datetime();
    publish::plan(stage.app(), &stage.actor, moved.id, moved.edition, When::At(local)).await.unwrap();
    stage.pass(10).await;
    assert_eq!(stage.service.made().await, ["Gone"]);
    assert!(accept::unplan(stage.app(), &stage.actor, gone.id).await.is_err());
    assert!(accept::delete_post(stage.app(), &stage.actor, gone.id).await.is_err());
    stage.pass(180).await;
    assert_eq!(stage.service.made().await, ["Gone", "Moved"]);
    let undone = draft::get(stage.app(), &stage.actor, undone.id).await.unwrap();
    assert_eq!(undone.stage, Stage::Draft);
}

#[tokio::test]
async fn after_an_outage_late_posts_are_spaced_and_very_late_ones_held() {
    let stage = stage().await;
    let very_late = stage.plan(stage.says("Very late"), 1).await;
    for number in 0..3 {
        stage.plan(stage.says(&format!("Late {number}")), 400).await;
    }
    stage.test.pass(Duration::from_mins(410));
    until_idle(stage.app()).await.unwrap();
    assert_eq!(stage.state(&very_late).await, PublicationState::Held);
    assert_eq!(stage.service.made().await.len(), 1);
    stage.pass(5).await;
    assert_eq!(stage.service.made().await.len(), 2);
    stage.pass(5).await;
    assert_eq!(stage.service.made().await.len(), 3);
}

#[tokio::test]
async fn the_spacing_of_late_posts_keeps_neither_a_thread_apart_nor_a_post_that_is_on_time() {
    let stage = stage().await;
    let thread = stage.says("Late, one\n---\nLate, two");
    stage.plan(thread, 1).await;
    stage.plan(stage.says("Late too"), 1).await;
    stage.test.pass(Duration::from_mins(10));
    let on_time = stage.plan(stage.says("On time"), 1).await;
    until_idle(stage.app()).await.unwrap();
    assert_eq!(stage.service.made().await, ["Late, one", "Late, two"]);
    stage.pass(1).await;
    assert_eq!(stage.service.made().await, ["Late, one", "Late, two", "On time"]);
    assert_eq!(stage.state(&on_time).await, PublicationState::Published);
    stage.pass(4).await;
    assert_eq!(stage.service.made().await.last().unwrap(), "Late too");
}

#[tokio::test]
async fn what_is_out_can_be_taken_down_and_changed() {
    let stage = stage().await;
    let post = stage.plan(stage.says("A tpyo"), 5).await;
    stage.pass(5).await;
    let id = stage.publication(&post).await.id;
    decide::change_out(stage.app(), &stage.actor, id, 0, "A typo".to_owned()).await.unwrap();
    until_idle(stage.app()).await.unwrap();
    let timeline = stage.service.ask(reqwest::Method::GET, "/api/timeline", Value::Null).await;
    assert_eq!(timeline["posts"][0]["text"], "A typo");
    decide::take_down(stage.app(), &stage.actor, id).await.unwrap();
    until_idle(stage.app()).await.unwrap();
    let timeline = stage.service.ask(reqwest::Method::GET, "/api/timeline", Value::Null).await;
    assert_eq!(timeline["posts"].as_array().unwrap().len(), 0);
    assert!(stage.publication(&post).await.is_taken_down());
    assert!(decide::take_down(stage.app(), &stage.actor, id).await.is_err());
}

#[tokio::test]
async fn a_reply_comes_into_the_inbox_and_the_answer_goes_out_once() {
    use belfry::inbox::answer::{self, Saying};
    use belfry::inbox::{ConversationState, conversation};
    use belfry::store::Change;
    let stage = stage().await;
    let post = stage.plan(stage.says("Questions?"), 5).await;
    stage.pass(5).await;
    let remote = stage.publication(&post).await.remote().unwrap().id.clone();
    let comment = json!({ "from": "ben", "text": "What time on Saturday?" });
    stage.service.ask(reqwest::Method::POST, &format!("/api/posts/{remote}/comments"), comment).await;
    stage.pass(1).await;
    stage.pass(1).await;
    let open = conversation::list(stage.app(), &stage.actor, ConversationState::Open, None, 10).await.unwrap();
    assert_eq!(open.len(), 1);
    let asked = &open[0];
    assert_eq!((asked.unread, asked.about.as_ref().unwrap().post), (1, Some(post.id)));
    for _ in 0..2 {
        let saying = Saying { to: None, token: "one-form", text: "At nine.", change: Change::new() };
        answer::answer(stage.app(), &stage.actor, asked.id, saying).await.unwrap();
    }
    until_idle(stage.app()).await.unwrap();
    assert_eq!(stage.service.made().await, ["Questions?", "At nine."]);
    let messages = conversation::messages(stage.app(), &stage.actor, asked.id).await.unwrap();
    assert_eq!(
        messages.iter().map(|message| message.text.as_str()).collect::<Vec<_>>(),
        ["What time on Saturday?", "At nine."]
    );
}

#[tokio::test]
async fn figures_come_in_and_not_given_is_not_zero() {
    use belfry::metrics::overview;
    let stage = stage().await;
    let post = stage.plan(stage.says("Count me"), 5).await;
    stage.pass(5).await;
    stage.pass_in_steps(600, 4).await;
    let figures = overview::of_post(stage.app(), &stage.actor, post.id).await.unwrap();
    let snapshots = &figures[&stage.channel.id];
    assert!(!snapshots.is_empty());
    let newest = snapshots.last().unwrap();
    assert!(newest.counts.reactions.is_some());
    assert_eq!(newest.counts.clicks, None);
}
