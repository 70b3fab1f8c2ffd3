use maud::PreEscaped;

use super::*;
use crate::pages::drawn::{Drawn, at, draw, marks, picture, words};
use crate::ui::Width;

const LONG: &str = "Öffentlichkeitsarbeitsgemeinschaftsvorsitz der Nachbarschaftshilfe Unterniederobersdorf lädt ein";

fn view() -> TodayView {
    TodayView {
        slug: "riverside".into(),
        csrf: "token".into(),
        now: at("2026-11-18T12:00"),
        clock: None,
        needs: Vec::new(),
        replies: None,
        next: Vec::new(),
        month: None,
        drafts: Vec::new(),
        steps: None,
        may_write: true,
    }
}

fn row(title: &str, text: &str, icon: Icon, hue: Hue) -> NeedRow {
    NeedRow { href: "#".into(), icon, hue, title: title.into(), text: text.into() }
}

fn next_out(local: &str, excerpt: &str, networks: &[&str], thumb: bool) -> NextOut {
    NextOut {
        post: PostId::from_bits(7),
        at: at(local),
        excerpt: excerpt.into(),
        thumb: thumb.then(picture),
        marks: marks(networks),
        state: StateKind::Planned,
    }
}

fn full() -> TodayView {
    let figure = |now, before| Compared { now: Some(now), before: Some(before) };
    TodayView {
        needs: vec![
            row("Mastodon wants you to sign in again", "3 posts are kept until then", Icon::Warning, Hue::Rust),
            row(
                "What a winter parcel holds",
                "It is time: publish it by hand. Text and pictures are ready.",
                Icon::Phone,
                Hue::Action,
            ),
            row(
                "Thank you, volunteers",
                "Is it out on Bluesky? Belfry cannot tell. Look there and decide.",
                Icon::Question,
                Hue::Amber,
            ),
        ],
        replies: Some((3, at("2026-11-18T08:00"))),
        next: vec![
            next_out("2026-11-18T18:00", "Recipe: lentil soup for forty", &["Mastodon"], false),
            next_out(
                "2026-11-21T09:00",
                "Saturday we open at nine. Bring a bag, bring a friend",
                &["Mastodon", "Bluesky", "By hand"],
                true,
            ),
            next_out("2026-11-28T12:30", "Thank you, volunteers", &["Practice"], false),
        ],
        month: Some(MonthSoFar { days: 18, posts: figure(24, 20), engagement: figure(4210, 4500) }),
        drafts: vec![
            Draft {
                post: PostId::from_bits(8),
                excerpt: "Winter appeal: half way there".into(),
                saved_at: at("2026-11-18T10:00"),
            },
            Draft { post: PostId::from_bits(9), excerpt: String::new(), saved_at: at("2026-11-12T10:00") },
        ],
        ..view()
    }
}

fn drawn(name: &str, view: &TodayView) -> String {
    let words = words();
    draw(&Drawn {
        name,
        title: words.say("place-today"),
        place: Place::Today,
        width: Width::Normal,
        actions: PreEscaped(String::new()),
        back: false,
        body: body(&words, view),
    })
}

#[test]
fn a_full_day_shows_what_needs_me_then_what_goes_out_next() {
    let html = drawn("today", &full());
    let needs = html.find("Mastodon wants you to sign in again").unwrap();
    assert!(needs < html.find("Saturday we open at nine").unwrap());
    assert!(html.contains("3 new conversations") && html.contains("November so far"));
    assert!(html.contains("20 % more") && html.contains("Without words"));
    assert!(html.contains("href=\"/w/riverside/posts/") && !html.contains("Your first post"));
}

#[test]
fn a_fresh_workspace_is_led_to_its_first_post() {
    let steps = Steps { channel: false, written: None, may_connect: true };
    let html = drawn("today-fresh", &TodayView { steps: Some(steps.clone()), ..view() });
    assert!(html.contains("Your first post") && html.contains("/w/riverside/channels/new/practice"));
    assert!(!html.contains("Nothing waits for you") && !html.contains("Nothing is planned"));
    let steps = Steps { channel: true, written: Some(PostId::from_bits(1)), ..steps };
    let html = drawn("today-second", &TodayView { steps: Some(steps), ..view() });
    assert_eq!(html.matches("data-done").count(), 2);
    assert!(html.contains("Choose a time") && !html.contains("/channels/new"));
}

#[test]
fn an_author_is_told_to_ask_for_a_channel() {
    let steps = Steps { channel: false, written: None, may_connect: false };
    let html = body(&words(), &TodayView { steps: Some(steps), ..view() }).0;
    assert!(html.contains("Ask an owner or admin") && !html.contains("/channels/new"));
}

#[test]
fn a_quiet_day_says_so_and_offers_the_next_step_to_those_who_may() {
    let html = drawn("today-quiet", &view());
    assert!(html.contains("Nothing waits for you") && html.contains("href=\"/w/riverside/compose\""));
    let html = body(&words(), &TodayView { may_write: false, ..view() }).0;
    assert!(html.contains("Nothing is planned") && !html.contains("Write a post"));
}

#[test]
fn the_sixth_need_is_behind_one_press_and_replies_stay_in_sight() {
    let need = |number: usize| row(&format!("Need {number}"), LONG, Icon::Alert, Hue::Rust);
    let needs: Vec<NeedRow> = (1..=8).map(need).chain([row(LONG, LONG, Icon::Pause, Hue::Amber)]).collect();
    let clock = ClockNote { behind: true, seen_at: at("2026-11-20T09:00"), may_confirm: true };
    let html = drawn(
        "today-long",
        &TodayView {
            needs,
            clock: Some(clock),
            next: vec![next_out(
                "2027-01-02T09:00",
                LONG,
                &["Mastodon", "Bluesky", "By hand", "Practice", "Webhook", "X", "Y"],
                true,
            )],
            ..full()
        },
    );
    assert!(html.contains("Show 5 more"));
    assert!(html.find("3 new conversations").unwrap() < html.find("<details class=\"today__more\"").unwrap());
    assert!(html.contains("action=\"/w/riverside/today/clock\"") && html.contains("The clock is right"));
}

#[test]
fn who_may_not_set_the_clock_is_told_who_may() {
    let clock = ClockNote { behind: false, seen_at: at("2026-10-20T09:00"), may_confirm: false };
    let html = body(&words(), &TodayView { clock: Some(clock), ..view() }).0;
    assert!(html.contains("An owner or admin can say") && !html.contains("<form"));
}
