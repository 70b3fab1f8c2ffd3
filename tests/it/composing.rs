//! Compose over its pages: what follows from what is typed, the presses that mend, and all of it without scripts.

use std::time::Duration;

use belfry::channels::{self, Channel};
use belfry::people::{Role, Workspace};
use belfry::posts::{Post, PostId, Stage};
use belfry::store::Stored;
use belfry::work;

use crate::app::{Browser, Page, TestApp};

/// Ada's browser, her workspace with two practice channels, and a post that is not saved yet.
struct Composing {
    test: TestApp,
    ada: Browser,
    workspace: Workspace,
    one: Stored<Channel>,
    two: Stored<Channel>,
    post: PostId,
}

impl Composing {
    async fn start() -> Self {
        let test = TestApp::start().await;
        let (_ada, workspace) = test.with_owner().await;
        let mut ada = test.signed_in("ada").await;
        let new = format!("/w/{}/channels/new/practice", workspace.slug);
        for name in ["Riverside", "Brookside"] {
            ada.get(&new).await;
            let done = ada.post(&new, &[("way", "name"), ("name", name), ("server", "")]).await;
            assert_eq!(done.status, 303, "{}", done.words());
        }
        let mut channels = channels::list(&test.app, workspace.id).await.unwrap();
        channels.sort_by(|left, right| right.handle.cmp(&left.handle));
        let [one, two] = channels.try_into().unwrap();
        ada.get(&format!("/w/{}/compose", workspace.slug)).await;
        Self { test, ada, workspace, one, two, post: PostId::from_bits(77) }
    }

    fn path(&self, end: &str) -> String {
        format!("/w/{}/posts/{}{end}", self.workspace.slug, self.post)
    }

    /// What the page asks for while someone types.
    async fn checks(&mut self, fields: &[(&str, &str)]) -> Page {
        let page = self.ada.post(&self.path("/checks"), fields).await;
        assert_eq!(page.status, 200, "{}", page.words());
        page
    }

    /// The form as it is sent without scripts.
    async fn send(&mut self, fields: &[(&str, &str)]) -> Page {
        let path = self.path("");
        self.ada.post_files(&path, fields, &[]).await
    }

    async fn saved(&self) -> Option<Stored<Post>> {
        self.test.app.store.find::<Post>(&(self.workspace.id, self.post)).await.unwrap()
    }
}

fn has(page: &Page, words: &str) {
    assert!(page.words().contains(words), "«{words}» is missing in:\n{}", page.words());
}

fn has_not(page: &Page, words: &str) {
    assert!(!page.words().contains(words), "«{words}» stands in:\n{}", page.words());
}

/// Longer than Practice takes, in whole sentences.
fn long() -> String {
    "Bring a bag and a friend to the open door. ".repeat(15).trim().to_owned()
}

#[tokio::test]
async fn what_is_typed_is_checked_and_one_press_makes_a_thread_on_that_channel_alone() {
    let mut it = Composing::start().await;
    let (one, two) = (it.one.id.to_string(), it.two.id.to_string());
    let text = long();
    let typed = [("text", text.as_str()), ("channels", &one), ("variant-x", ""), ("when", "at")];
    let page = it.checks(&typed).await;
    has(&page, "characters too many");
    has(&page, "Split into a thread");
    has(&page, "One thing has to be put right first.");
    has_not(&page, &it.two.handle.clone());
    assert!(it.saved().await.is_none(), "checking saves nothing");

    let fix = format!("split {one}");
    let variant = format!("variant-{two}");
    let both =
        [("text", text.as_str()), ("channels", &one), ("channels", &two), (variant.as_str(), "Hello"), ("fix", &fix)];
    let page = it.checks(&both).await;
    has_not(&page, "characters too many");
    has(&page, "Nothing stands in the way.");
    has(&page, "1 of 2");
    has(&page, "now says something of its own");
    assert!(page.text.contains(&format!("data-focus=\"field-variant-{one}\"")));
    assert_eq!(page.text.matches("data-fresh").count(), 1, "only what was pressed is drawn anew");

    let undo = [("text", text.as_str()), ("channels", &one), ("undo-of", &one), ("undo-text", ""), ("fix", "undo")];
    has(&it.checks(&undo).await, "characters too many");
}

#[tokio::test]
async fn without_scripts_another_channel_is_there_after_one_press_and_everything_typed_is_kept() {
    let mut it = Composing::start().await;
    let (one, two) = (it.one.id.to_string(), it.two.id.to_string());
    let path = it.path("");
    let page = it
        .send(&[("text", "At nine"), ("channels", &two), ("date", "2026-12-01"), ("when", "now"), ("do", "look")])
        .await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains(&format!("name=\"variant-{two}\"")) && page.text.contains(">At nine</textarea>"));
    assert!(!page.text.contains(&format!("name=\"variant-{one}\"")));
    assert!(page.text.contains("value=\"2026-12-01\""), "the date typed is kept");
    has(&page, "Publish now");
    assert!(it.saved().await.is_none(), "looking saves nothing");

    let text = long();
    let fix = format!("trim {two}");
    let page = it.send(&[("text", &text), ("channels", &two), ("fix", &fix)]).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains(&format!(">{text}</textarea>")), "the base stays as it was written");

    let variant = format!("variant-{two}");
    let fields =
        [("text", "At nine"), ("channels", two.as_str()), (&variant, "At ten"), ("when", "draft"), ("do", "go")];
    let done = it.send(&fields).await;
    assert_eq!((done.status, done.location), (303, Some(path)));
    let post = it.saved().await.unwrap();
    assert_eq!(post.stage, Stage::Draft);
    assert_eq!(post.content.parts_for(it.two.id), ["At ten"]);
}

#[tokio::test]
async fn the_one_button_says_the_time_and_what_the_clocks_do_to_it() {
    let mut it = Composing::start().await;
    let one = it.one.id.to_string();
    for (date, time, button, note) in [
        ("2026-11-22", "09:00", "Schedule for Sun 09:00", None),
        ("2027-03-28", "01:30", "Schedule for Sun 28 Mar 2027 02:30", Some("this time does not exist")),
        ("2027-10-31", "01:30", "Schedule for Sun 31 Oct 2027 01:30", Some("this time comes twice")),
        ("2026-11-20", "09:00", "Schedule", Some("This time has passed.")),
        ("", "09:00", "Schedule", Some("This date cannot be read.")),
    ] {
        let fields = [("text", "Hello"), ("channels", one.as_str()), ("when", "at"), ("date", date), ("time", time)];
        let page = it.checks(&fields).await;
        has(&page, button);
        if let Some(note) = note {
            has(&page, note);
        }
    }
}

#[tokio::test]
async fn a_planned_post_is_taken_back_with_the_same_button_and_need_not_be_fit_to_go_out() {
    let mut it = Composing::start().await;
    let one = it.one.id.to_string();
    let fields = [("text", "At nine"), ("channels", one.as_str()), ("when", "at"), ("do", "go")];
    let planned = [&fields[..], &[("date", "2026-11-22"), ("time", "09:00")]].concat();
    assert_eq!(it.send(&planned).await.status, 303);
    let post = it.saved().await.unwrap();
    assert_eq!(post.stage, Stage::Planned);

    let (text, edition) = (long(), post.edition.to_string());
    let back = [("version", edition.as_str()), ("text", &text), ("channels", &one), ("when", "draft"), ("do", "go")];
    assert_eq!(it.send(&back).await.status, 303);
    let post = it.saved().await.unwrap();
    assert_eq!((post.stage, post.content.text.as_str()), (Stage::Draft, text.as_str()));
}

#[tokio::test]
async fn publish_now_shows_the_seconds_and_the_way_back_and_then_that_it_has_gone() {
    let mut it = Composing::start().await;
    let one = it.one.id.to_string();
    let fields = [("text", "The door is open"), ("channels", one.as_str()), ("when", "now"), ("do", "go")];
    assert_eq!(it.send(&fields).await.status, 303);
    it.test.pass(Duration::from_secs(3));
    let path = it.path("");
    let page = it.ada.get(&path).await;
    // The clock of tests goes on by itself.
    let left = page.words().split("Goes out in ").nth(1).and_then(|rest| rest.split(' ').next()?.parse::<u32>().ok());
    assert!(left.is_some_and(|left| (6..=12).contains(&left)), "{left:?}");
    assert!(page.text.contains("/unplan\""));

    it.test.pass(Duration::from_secs(13));
    work::publish::run_until_idle(&it.test.app).await.unwrap();
    let page = it.ada.get(&format!("{path}/publications")).await;
    has_not(&page, "Goes out in");
    assert!(page.text.contains("data-said=\"It is out.\""), "{}", page.text);
    let late = it.ada.post(&format!("{path}/unplan"), &[]).await;
    has(&late, "This post has gone out, or is on its way");
}

#[tokio::test]
async fn what_someone_else_goes_over_is_a_version_and_comes_back_with_a_way_back() {
    let mut it = Composing::start().await;
    it.test.member(&it.workspace.clone(), "ben", Role::Editor).await;
    let mut ben = it.test.signed_in("ben").await;
    let (autosave, versions) = (it.path("/autosave"), it.path("/versions"));
    for (version, text) in [("0", "Sat"), ("1", "Saturday we open at nine.")] {
        let saved = it.ada.post(&autosave, &[("version", version), ("text", text)]).await;
        assert_eq!(saved.status, 200, "{}", saved.words());
        it.test.pass(Duration::from_secs(20));
    }
    let saved = ben.post(&autosave, &[("version", "2"), ("text", "Saturday we open at ten.")]).await;
    assert_eq!(saved.status, 200, "{}", saved.words());

    let page = it.ada.get(&versions).await;
    for told in ["Ben", "Ada", "(removed: nine. )", "(added: ten. )", "Bring this one back"] {
        has(&page, told);
    }
    assert_eq!(page.text.matches("Bring this one back").count(), 1, "one sitting is one version");

    let back = it.ada.post(&versions, &[("edition", "3"), ("version", "2")]).await;
    assert_eq!((back.status, back.location.as_deref()), (303, Some(versions.as_str())));
    assert_eq!(it.saved().await.unwrap().content.text, "Saturday we open at nine.");
    let page = it.ada.get(&versions).await;
    has(&page, "Brought back.");
    let undone = it.ada.post(&versions, &[("edition", "4"), ("version", "3")]).await;
    assert_eq!(undone.status, 303);
    assert_eq!(it.saved().await.unwrap().content.text, "Saturday we open at ten.");
    let missing = it.ada.post(&versions, &[("edition", "5"), ("version", "99")]).await;
    assert_eq!(missing.status, 404);
}

#[tokio::test]
async fn a_save_from_an_older_edition_shows_both_texts_and_overwrites_neither() {
    let mut it = Composing::start().await;
    it.test.member(&it.workspace.clone(), "ben", Role::Editor).await;
    let mut ben = it.test.signed_in("ben").await;
    let autosave = it.path("/autosave");
    let saved = it.ada.post(&autosave, &[("version", "0"), ("text", "At nine")]).await;
    assert_eq!(saved.status, 200, "{}", saved.words());
    assert_eq!(ben.post(&autosave, &[("version", "1"), ("text", "At ten")]).await.status, 200);

    let late = it.ada.post(&autosave, &[("version", "1"), ("text", "At eleven")]).await;
    assert_eq!(late.status, 409);
    for told in ["Ben saved this post", "At", "(added: ten )", "(removed: eleven )", "Go on with mine"] {
        has(&late, told);
    }
    assert!(late.text.contains("data-goes-over=\"2\""));
    assert_eq!(it.saved().await.unwrap().content.text, "At ten");

    let one = it.one.id.to_string();
    let stale = [("version", "1"), ("text", "At eleven"), ("channels", &one), ("when", "draft"), ("do", "go")];
    let page = it.send(&stale).await;
    assert_eq!(page.status, 422);
    has(&page, "Ben saved this post");
    assert!(page.text.contains(">At eleven</textarea>"));
    let over = it.send(&[("version", "1"), ("text", "At eleven"), ("fix", "over 2")]).await;
    assert_eq!((over.status, over.value_of("version").as_deref()), (200, Some("2")));
    assert_eq!(it.ada.post(&autosave, &[("version", "2"), ("text", "At eleven")]).await.status, 200);
    let versions = it.path("/versions");
    has(&it.ada.get(&versions).await, "(removed: ten )");
}
