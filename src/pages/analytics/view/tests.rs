use jiff::ToSpan;
use jiff::civil::date;
use maud::PreEscaped;

use super::*;
use crate::pages::drawn::{Drawn, TODAY, at, draw, marks, words};
use crate::ui::{Place, Width};

fn row(excerpt: &str, local: &str, engagement: Option<u64>, views: Option<u64>, networks: &[&str]) -> PostRow {
    PostRow {
        post: PostId::from_bits(7),
        excerpt: excerpt.into(),
        at: at(local),
        engagement,
        views,
        marks: marks(networks),
    }
}

fn rows() -> Vec<PostRow> {
    vec![
        row(
            "Winter appeal: what your five pounds buys",
            "2026-11-12T18:00",
            Some(742),
            Some(12_400),
            &["Mastodon", "Bluesky"],
        ),
        row("Thank you, volunteers", "2026-11-07T10:00", Some(511), None, &["Mastodon"]),
        row(
            "Öffentlichkeitsarbeitsgemeinschaftsvorsitz der Nachbarschaftshilfe lädt ein",
            "2026-11-02T09:00",
            Some(96),
            Some(880),
            &["By hand", "Practice"],
        ),
        row("", "2026-11-01T09:00", None, None, &["By hand"]),
    ]
}

fn view() -> AnalyticsView<'static> {
    let figure = |now, before| Compared { now, before };
    let days = date(2026, 10, 20).series(1.day()).take(30).zip(1_u64..);
    let weekday = |median: u64, posts| Weekday { median: (0 < posts).then_some(median), posts };
    AnalyticsView {
        slug: "riverside",
        period: Period::Days30,
        first: date(2026, 10, 20),
        today: TODAY,
        days: 30,
        posts: figure(Some(38), Some(34)),
        engagement: figure(Some(4210), Some(4500)),
        views: figure(None, None),
        followers: figure(Some(1204), Some(1204)),
        steps: days
            .map(|(from, at)| Step {
                from,
                now: (at % 5 != 0).then_some(90 + at * 37 % 110),
                before: Some(80 + at * 17 % 60),
            })
            .collect(),
        weekly: false,
        weekdays: [
            weekday(40, 5),
            weekday(30, 4),
            weekday(64, 3),
            weekday(120, 4),
            weekday(55, 2),
            weekday(98, 6),
            weekday(0, 0),
        ],
        weekdays_before: [weekday(30, 4); 7],
        best: rows(),
        untold: vec![
            Untold {
                network: "Mastodon".into(),
                missing: Some(vec!["analytics-count-saves", "analytics-count-clicks", "analytics-count-views"]),
            },
            Untold { network: "Bluesky".into(), missing: Some(vec!["analytics-count-views"]) },
            Untold { network: "By hand".into(), missing: None },
        ],
    }
}

fn drawn(name: &str, view: &AnalyticsView<'_>) -> String {
    let words = words();
    draw(&Drawn {
        name,
        title: words.say("analytics-title"),
        place: Place::Analytics,
        width: Width::Full,
        actions: periods(&words, "riverside", view.period),
        back: false,
        body: body(&words, view),
    })
}

#[test]
fn what_is_not_given_is_said_and_never_zero() {
    let html = drawn("analytics", &view());
    assert!(html.contains("Not given") && html.contains("No network told it"));
    assert!(html.contains("Mastodon does not tell saves, clicks or views."));
    assert!(html.contains("Bluesky does not tell views.") && html.contains("By hand tells no figures."));
    assert!(html.contains("20 Oct to 18 Nov, against the 30 days before."));
    assert!(html.contains("<td>–</td>"));
}

#[test]
fn a_time_without_posts_teaches_when_figures_come() {
    let none = Compared { now: Some(0), before: Some(0) };
    let empty = AnalyticsView { posts: none, engagement: Compared::default(), best: vec![], untold: vec![], ..view() };
    let html = drawn("analytics-empty", &empty);
    assert!(html.contains("No posts went out in this time") && !html.contains("chart__drawing"));
}

#[test]
fn the_table_is_put_in_order_by_its_heads() {
    let words = words();
    let list =
        PostsView { slug: "riverside", period: Period::Year, sort: Sort::Date, today: TODAY, rows: rows(), all: 260 };
    let html = draw(&Drawn {
        name: "analytics-posts",
        title: words.say("analytics-posts-title"),
        place: Place::Analytics,
        width: Width::Full,
        actions: PreEscaped(String::new()),
        back: true,
        body: posts(&words, &list),
    });
    assert_eq!(html.matches("aria-sort").count(), 1);
    assert!(html.contains("href=\"/w/riverside/analytics/posts?period=year&amp;sort=engagement\""));
    assert!(html.contains("The first 4 of 260 posts are shown"));
}
