//! Ended at each named point, each time the program comes there.

use std::collections::BTreeSet;

use belfry::base::fault::Point;
use belfry::networks::capabilities::Settles;
use belfry::posts::{Content, PublicationState};
use futures_util::{StreamExt, stream};

use crate::processes::Practising;
use crate::tower::{Outcome, Tower};

/// More often no point is reached by one post.
const TIMES_MAX: u32 = 40;
/// So many servers run at once.
const AT_ONCE: usize = 2;

const WAYS: [Settles; 4] = [Settles::NativeKey, Settles::KnownId, Settles::LookUp, Settles::AskPerson];

/// The points of publishing. A fresh secret is none of them: this network has none.
const POINTS: [Point; 6] =
    [Point::BeforeClaim, Point::AfterClaim, Point::BeforeStep, Point::AfterStep, Point::AfterOutcome, Point::AfterLook];

fn says(text: &str) -> Content {
    Content { text: text.to_owned(), ..Content::default() }
}

fn name(settles: Settles) -> &'static str {
    match settles {
        Settles::NativeKey => "native",
        Settles::KnownId => "known",
        Settles::LookUp => "look",
        Settles::AskPerson => "ask",
    }
}

/// The step that makes the post visible.
fn visible_step(settles: Settles) -> &'static str {
    if settles == Settles::KnownId { "publish" } else { "create" }
}

/// Ends the server at this point the first time, the second time and so on, a fresh post for each, until it is not
/// reached any more. Gives how often it was, and checks each outcome.
async fn at_each_time(
    practising: &Practising,
    settles: Settles,
    point: Point,
    content: Content,
    expected: &[&str],
) -> u32 {
    for times in 1..=TIMES_MAX {
        let account = format!("{}-{}-{times}-{}", name(settles), point.name(), expected.len());
        let tower = Tower::with_planned(practising, &account, settles, content.clone()).await;
        if point == Point::AfterLook {
            tower.lose_the_answer_of(visible_step(settles)).await;
        }
        if !tower.ends_at(&format!("{}:{times}", point.name())).await {
            return times - 1;
        }
        let outcome = tower.run_to_the_end().await;
        check(&outcome, settles, expected, &account);
    }
    panic!("{} is reached without end", point.name());
}

fn check(outcome: &Outcome, settles: Settles, expected: &[&str], case: &str) {
    let Outcome { arrived, publication } = outcome;
    let distinct: BTreeSet<_> = arrived.iter().collect();
    assert_eq!(distinct.len(), arrived.len(), "{case}: twice: {arrived:?}");
    match publication.state() {
        PublicationState::Published => assert_eq!(arrived, expected, "{case}: published"),
        // What is known to be out is out, in order; the part in doubt may be; nothing after it has left.
        PublicationState::Unsure if settles == Settles::AskPerson => {
            assert!(
                expected.starts_with(&arrived.iter().map(String::as_str).collect::<Vec<_>>()),
                "{case}: {arrived:?}"
            );
            assert_eq!(publication.next_at, None, "{case}: it waits for a person");
        }
        other => panic!("{case}: {other:?} with {arrived:?} at the network: {publication:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_post_arrives_once_wherever_the_program_is_ended() {
    let folder = tempfile::tempdir().unwrap();
    let practising = &Practising::start(&folder.path().join("practice"));
    let cases = WAYS.into_iter().flat_map(|settles| POINTS.map(|point| (settles, point)));
    let runs = stream::iter(cases).map(|(settles, point)| async move {
        let reached = at_each_time(practising, settles, point, says("Only once"), &["Only once"]).await;
        assert!(0 < reached, "{} was never reached where the network settles by {settles:?}", point.name());
    });
    runs.buffer_unordered(AT_ONCE).collect::<Vec<()>>().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thread_and_its_first_comment_go_on_where_the_program_was_ended() {
    let folder = tempfile::tempdir().unwrap();
    let practising = &Practising::start(&folder.path().join("practice"));
    let content = Content { first_comment: Some("And a comment".to_owned()), ..says("First\n---\nSecond") };
    let runs = stream::iter(POINTS).map(|point| {
        let content = content.clone();
        async move {
            let expected = ["First", "Second", "And a comment"];
            let reached = at_each_time(practising, Settles::LookUp, point, content, &expected).await;
            assert!(0 < reached, "{} was never reached", point.name());
        }
    });
    runs.buffer_unordered(AT_ONCE).collect::<Vec<()>>().await;
}
