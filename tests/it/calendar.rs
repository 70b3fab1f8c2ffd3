//! The calendar as a person uses it: a post is moved there by a form, and moved back.

use std::time::Duration;

use belfry::people::{Actor, Role, Via};
use belfry::posts::{Content, PostId, PublicationState, draft};
use belfry::publish::{self, When};
use belfry::schedule::calendar::CalendarEntry;
use belfry::store::Change;

use crate::practising::{Practising, has};

#[tokio::test]
async fn a_planned_post_is_moved_from_the_calendar_and_moved_back() {
    let mut practising = Practising::start().await;
    let (app, workspace) = (&practising.test.app, practising.workspace.id);
    let channels = vec![practising.channel.id];
    let ada = Actor { person: practising.channel.connected_by, workspace, role: Role::Owner, via: Via::Console };
    let content = Content { text: "Bread at ten".to_owned(), channels, ..Content::default() };
    let post = draft::create(app, &ada, content).await.unwrap();
    let at = When::At("2026-11-23T09:00".parse().unwrap());
    publish::plan(app, &ada, post.id, post.edition, at).await.unwrap();

    let (monday, tuesday) = (practising.page("calendar?on=2026-11-23"), practising.page("calendar?on=2026-11-24"));
    let day = practising.get(&monday).await;
    has(&day, "Move “Bread at ten” to…");
    let moves = practising.page(&format!("posts/{}/move", post.id));
    assert!(day.text.contains(&format!("action=\"{moves}\"")), "a form that needs no script");
    let moved = practising.post(&moves, &[("date", "2026-11-24"), ("time", "17:30"), ("from", "calendar")]).await;
    assert_eq!(moved.location.as_deref(), Some(tuesday.as_str()), "{}", moved.words());
    let day = practising.get(&tuesday).await;
    has(&day, "Moved to");
    has(&day, "17:30");
    has(&day, "Undo");
    assert!(!practising.get(&monday).await.words().contains("Move “Bread at ten”"));

    let undone = practising.post(&moves, &[("date", "2026-11-23"), ("time", "09:00"), ("from", "calendar")]).await;
    assert_eq!(undone.location.as_deref(), Some(monday.as_str()));
    has(&practising.get(&monday).await, "Move “Bread at ten” to…");

    let past = practising.post(&moves, &[("date", "2026-11-01"), ("time", "09:00"), ("from", "calendar")]).await;
    assert_eq!(past.status, 422);
    has(&practising.get(&monday).await, "Move “Bread at ten” to…");
    practising.test.member(&practising.workspace, "cleo", Role::Viewer).await;
    let mut cleo = practising.test.signed_in("cleo").await;
    assert!(!cleo.get(&monday).await.words().contains("to…"), "who may not plan is offered nothing");
    practising.test.stop().await;
}

#[tokio::test]
async fn the_list_of_posts_shows_the_newest_of_very_many() {
    let mut practising = Practising::start().await;
    let app = &practising.test.app;
    let entry = |number: u32| CalendarEntry {
        workspace: practising.workspace.id,
        due_at: app.clock.now().minus(Duration::from_mins(30) * (2_100 - number)),
        post: PostId::from_bits(u128::from(number)),
        excerpt: format!("Bread, day {number}."),
        state: PublicationState::Published,
        channels: vec![practising.channel.id],
        thumb: None,
        author: practising.channel.connected_by,
        imported: false,
    };
    for first in (0..2_100).step_by(300) {
        let mut change = Change::new();
        for number in first..first + 300 {
            change.insert(&entry(number));
        }
        app.store.commit(change).await.unwrap();
    }
    let page = practising.get(&practising.page("posts")).await;
    has(&page, "Bread, day 2099.");
    has(&page, "Bread, day 2040.");
    assert!(!page.words().contains("Bread, day 2039."), "no more than the list has room for");
    practising.test.stop().await;
}
