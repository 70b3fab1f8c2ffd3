//! By hand from end to end: due, first in Today, its page with everything to copy and save, done or skipped.

use std::time::Duration;

use belfry::app::Worker;
use belfry::base::zone;
use belfry::channels::{self, Channel, ChannelState, Connecting};
use belfry::media::asset;
use belfry::notify::{Notice, What};
use belfry::people::{Actor, Role, Via, Workspace, member};
use belfry::posts::{Content, MediaUse, Post, PublicationState, draft};
use belfry::publish::{self, Publication, When};
use belfry::store::{Change, Scan, Stored};
use belfry::work;
use futures_util::FutureExt;

use crate::app::{Browser, TestApp};

/// Ada's workspace with an account on an app that she posts with by hand.
struct ByHand {
    test: TestApp,
    ada: Browser,
    actor: Actor,
    workspace: Workspace,
    channel: Stored<Channel>,
}

impl ByHand {
    async fn start(app: &str) -> Self {
        let test = TestApp::start().await;
        let (person, workspace) = test.with_owner().await;
        let ada = test.signed_in("ada").await;
        let actor = Actor { person, workspace: workspace.id, role: Role::Owner, via: Via::Console };
        let channel = connect(&test, &actor, app).await;
        Self { test, ada, actor, workspace, channel }
    }

    fn page(&self, page: &str) -> String {
        format!("/w/{}/{page}", self.workspace.slug)
    }

    fn says(&self, text: &str) -> Content {
        Content { text: text.to_owned(), channels: vec![self.channel.id], ..Content::default() }
    }

    async fn picture(&self) -> MediaUse {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/media/progressive.jpg");
        let mut upload = asset::begin(&self.test.app, &self.actor).unwrap();
        upload.write(&std::fs::read(file).unwrap()).await.unwrap();
        let added = asset::add(&self.test.app, &self.actor, upload, "bread.jpg").await.unwrap();
        asset::set_alt(&self.test.app, &self.actor, added.asset.id, "Bread on a board").await.unwrap();
        MediaUse { asset: added.asset.id, alt: None }
    }

    /// Plans a post and lets its time come. Gives its publication.
    async fn due(&self, content: Content) -> (Stored<Post>, Stored<Publication>) {
        let app = &self.test.app;
        let post = draft::create(app, &self.actor, content).await.unwrap();
        let at = app.clock.now().plus(Duration::from_mins(5));
        let local = zone::local(at, &self.workspace.zone).datetime();
        let post = publish::plan(app, &self.actor, post.id, post.edition, When::At(local)).await.unwrap();
        self.test.pass(Duration::from_mins(5));
        work::publish::run_until_idle(app).await.unwrap();
        let publication = self.publication(&post).await;
        (post, publication)
    }

    async fn publication(&self, post: &Post) -> Stored<Publication> {
        publish::list_for_post(&self.test.app, self.workspace.id, post.id).await.unwrap().pop().unwrap()
    }

    async fn told(&self) -> Vec<What> {
        let notices = self.test.app.store.list::<Notice>(Scan::under((self.workspace.id,)).limit(50)).await.unwrap();
        notices.iter().map(|notice| notice.what).collect()
    }
}

async fn connect(test: &TestApp, actor: &Actor, app: &str) -> Stored<Channel> {
    let input = [("app", app), ("handle", "@ada.bakes")];
    let input = input.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let Connecting::Done(channel) =
        channels::connect(&test.app, actor, "by_hand", "choose", &input, None).await.unwrap()
    else {
        panic!("by hand needs no visit")
    };
    *channel
}

#[tokio::test]
async fn at_its_time_it_stands_first_in_today_and_its_page_has_everything_to_post_it() {
    let mut stage = ByHand::start("instagram").await;
    // Something else that is urgent: a channel that must be connected again.
    let other = connect(&stage.test, &stage.actor, "linkedin").await;
    let state = ChannelState::Reconnect { reason: "401".to_owned(), since_at: stage.test.app.clock.now() };
    let mut change = Change::default();
    change.update(&other, &Channel { state, ..other.row.clone() });
    stage.test.app.store.commit(change).await.unwrap();

    let comment = Some("Recipe in the link".to_owned());
    let media = vec![stage.picture().await];
    let text = "Saturday we open at nine\n\nBring a bag";
    let (_post, publication) = stage.due(Content { media, first_comment: comment, ..stage.says(text) }).await;
    assert_eq!(stage.told().await, [What::ByHand], "called once, for all of it");
    assert!(stage.test.app.kicks.kicked(Worker::Outbox).now_or_never().is_some(), "who delivers it was woken");

    let page = stage.page(&format!("publications/{}/by-hand", publication.id));
    let today = stage.page("today");
    let today = stage.ada.get(&today).await;
    let first = today.text.find(&page).expect("it stands in Today, and leads to its page");
    assert!(first < today.text.find("sign in again").unwrap(), "before everything else");

    let shown = stage.ada.get(&page).await;
    assert!(shown.text.contains("Saturday we open at nine\n\nBring a bag"), "the text with its lines: {}", shown.text);
    assert!(shown.text.contains("Recipe in the link"));
    assert!(shown.text.contains("href=\"https://www.instagram.com/\""));
    assert!(shown.text.contains("Bread on a board"));
    let picture = shown.text.split("download=\"picture-1.jpg\"").next().unwrap();
    let address = picture.rsplit("href=\"").next().unwrap().split('"').next().unwrap().replace("&amp;", "&");
    let saved = stage.ada.request(reqwest::Method::GET, &address).send().await.unwrap();
    assert_eq!(saved.headers()["content-type"], "image/jpeg", "of the kind the app takes");
}

#[tokio::test]
async fn done_checks_the_link_and_keeps_what_was_typed() {
    let mut stage = ByHand::start("instagram").await;
    let media = vec![stage.picture().await];
    let comment = Some("Recipe in the link".to_owned());
    let (post, publication) = stage.due(Content { media, first_comment: comment, ..stage.says("Bread") }).await;
    let page = stage.page(&format!("publications/{}/by-hand", publication.id));
    let done = stage.page(&format!("publications/{}/done", publication.id));
    stage.ada.get(&page).await;
    for wrong in ["posted it", "https://www.tiktok.com/@ada/photo/1"] {
        let answer = stage.ada.post(&done, &[("url", wrong)]).await;
        assert_eq!((answer.status, answer.value_of("url").as_deref()), (422, Some(wrong)), "{}", answer.words());
        assert!(answer.words().contains("One thing to put right"), "{}", answer.words());
        assert_eq!(stage.publication(&post).await.state(), PublicationState::Sending);
    }
    let answer = stage.ada.post(&done, &[("url", " https://www.instagram.com/p/abc/ ")]).await;
    assert_eq!(answer.status, 303, "{}", answer.words());
    let after = stage.publication(&post).await;
    assert_eq!((after.state(), after.url()), (PublicationState::Published, Some("https://www.instagram.com/p/abc/")));
    assert_eq!(after.next_at, None, "the comment was done with it");
    let back = stage.ada.get(&answer.location.unwrap()).await;
    assert!(back.text.contains("href=\"https://www.instagram.com/p/abc/\""));
    assert!(!back.words().contains("the network said yes"), "no network did: {}", back.words());
    let again = stage.ada.get(&page).await;
    assert_eq!(again.status, 303, "there is nothing more to do");
    let answer = stage.ada.post(&done, &[("url", "")]).await;
    assert_eq!(answer.status, 409, "{}", answer.words());
}

#[tokio::test]
async fn done_without_a_link_says_what_that_costs() {
    let mut stage = ByHand::start("other").await;
    let (post, publication) = stage.due(stage.says("We open at nine")).await;
    let done = stage.page(&format!("publications/{}/done", publication.id));
    let answer = stage.ada.post(&done, &[("url", "")]).await;
    let back = stage.ada.get(&answer.location.unwrap()).await;
    assert!(back.words().contains("figures cannot be linked"), "{}", back.words());
    let after = stage.publication(&post).await;
    assert_eq!((after.state(), after.url()), (PublicationState::Published, None));
}

#[tokio::test]
async fn a_skip_can_be_taken_back_and_calls_nobody_a_second_time() {
    let mut stage = ByHand::start("other").await;
    let (post, publication) = stage.due(stage.says("We open at nine")).await;
    let deed = |deed: &str| format!("publications/{}/{deed}", publication.id);
    let (skip, take_up) = (stage.page(&deed("skip")), stage.page(&deed("take-up")));
    let answer = stage.ada.post(&skip, &[]).await;
    assert_eq!(stage.publication(&post).await.state(), PublicationState::Withdrawn);
    let back = stage.ada.get(&answer.location.unwrap()).await;
    assert!(back.text.contains(&format!("action=\"{take_up}\"")), "a way back");
    assert_eq!(stage.ada.post(&take_up, &[]).await.status, 303);
    work::publish::run_until_idle(&stage.test.app).await.unwrap();
    assert_eq!(stage.publication(&post).await.state(), PublicationState::Sending);
    assert_eq!(stage.told().await, [What::ByHand]);
    assert_eq!(stage.ada.post(&take_up, &[]).await.status, 409, "it was not skipped");
}

#[tokio::test]
async fn a_restart_neither_loses_it_nor_calls_again() {
    let stage = ByHand::start("other").await;
    let (post, _publication) = stage.due(stage.says("We open at nine")).await;
    let ByHand { test, ada, actor, workspace, channel } = stage;
    let stage = ByHand { test: test.restart().await, ada, actor, workspace, channel };
    work::publish::run_until_idle(&stage.test.app).await.unwrap();
    assert_eq!(stage.publication(&post).await.state(), PublicationState::Sending);
    assert_eq!(stage.told().await, [What::ByHand]);
}

#[tokio::test]
async fn who_may_not_plan_sees_it_but_cannot_say_done() {
    let stage = ByHand::start("other").await;
    let (post, publication) = stage.due(stage.says("We open at nine")).await;
    let ben = stage.test.person("ben").await;
    member::add(&stage.test.app, stage.workspace.id, ben, Role::Viewer).await.unwrap();
    let mut ben = stage.test.signed_in("ben").await;
    let shown = ben.get(&stage.page(&format!("publications/{}/by-hand", publication.id))).await;
    assert!(shown.words().contains("can say that it is done"), "{}", shown.words());
    let done = ben.post(&stage.page(&format!("publications/{}/done", publication.id)), &[("url", "")]).await;
    assert_eq!(done.status, 403);
    assert_eq!(stage.publication(&post).await.state(), PublicationState::Sending);
}
