//! The calendar as a person uses it: a post is moved there by a form, and moved back.

use belfry::people::{Actor, Role, Via};
use belfry::posts::{Content, draft};
use belfry::publish::{self, When};

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
