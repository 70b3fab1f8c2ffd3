use super::*;
use crate::pages::calendar::asked::weeks_of_month;
use crate::pages::drawn::{Drawn, TODAY, draw, marks, picture, words};
use crate::ui::{Place, Width};
use jiff::ToSpan;
use jiff::civil::date;

fn post(hour: i8, minute: i8, excerpt: &str, tone: u8, state: StateKind) -> Post {
    Post {
        id: PostId::from_bits(u128::from(tone)),
        hour,
        minute,
        excerpt: excerpt.into(),
        tone,
        channel: (tone == 2).then(|| "Bluesky".to_owned()),
        channels: if tone == 2 { 1 } else { 3 },
        state,
        thumb: (hour == 9).then(picture),
    }
}

fn posts(date: Date) -> Vec<Post> {
    let past = if date < TODAY { StateKind::Published } else { StateKind::Planned };
    match (date.month(), date.day()) {
        (11, 2 | 9 | 16 | 23) => vec![post(9, 0, "Opening hours this week", 1, past)],
        (11, 4) => vec![post(12, 0, "Meet Chidi, who drives the van", 2, past), post(18, 0, "Soup recipe", 1, past)],
        (11, 6) => vec![post(17, 30, "Donors’ wall", 3, StateKind::Failed)],
        (11, 7) => (10..14).map(|hour| post(hour, 0, "Thank you, all of you", 1, past)).collect(),
        (11, 13) => vec![post(9, 0, "Tins near their date", 1, past), post(17, 30, "Story of a box", 3, past)],
        (11, 18) => vec![post(12, 0, "Meet Lena", 2, StateKind::Sending), post(18, 0, "Recipe: lentils", 1, past)],
        (11, 21) => vec![
            post(9, 0, "Saturday we open at nine. Bring a bag, bring a friend", 1, past),
            post(12, 30, "Thank you, volunteers", 3, StateKind::Held),
            post(18, 0, "What a winter parcel holds", 2, past),
        ],
        (11, 24) => vec![post(18, 0, "", 3, past)],
        _ => Vec::new(),
    }
}

fn day(date: Date) -> DayView {
    let posts = posts(date);
    DayView { date, count: if posts.len() == 4 { 6 } else { posts.len() }, posts }
}

fn month(on: Option<Date>) -> CalendarView<'static> {
    let open = on.unwrap_or(TODAY);
    let (first, end) = weeks_of_month(open, 1);
    CalendarView {
        slug: "riverside",
        asked: Asked { on, ..Asked::default() },
        today: TODAY,
        day: open,
        may_write: true,
        may_move: true,
        csrf: "token",
        filters: [("@river@mastodon.example", "Mastodon"), ("river.example", "Bluesky")]
            .iter()
            .zip(1_u128..)
            .map(|((label, network), id)| Filter {
                channel: ChannelId::from_bits(id),
                label: (*label).into(),
                mark: marks(&[network]).remove(0),
                chosen: false,
            })
            .collect(),
        shown: Shown::Month(MonthView {
            days: first.series(1.day()).take_while(|date| *date < end).map(day).collect(),
            open: day(open),
            earlier: date(2026, 10, 1),
            later: date(2026, 12, 1),
        }),
    }
}

fn agenda() -> CalendarView<'static> {
    let days = date(2026, 11, 17)
        .series(1.day())
        .take(9)
        .map(day)
        .filter(|day| !day.posts.is_empty() || day.date == TODAY || day.date == date(2026, 11, 17));
    CalendarView {
        asked: Asked { shows: Shows::Agenda, on: Some(date(2026, 11, 17)), channel: None },
        shown: Shown::Agenda(AgendaView {
            days: days.collect(),
            earlier: date(2026, 10, 20),
            later: date(2026, 12, 15),
        }),
        ..month(None)
    }
}

fn drawn(name: &str, view: &CalendarView<'_>) -> String {
    let words = words();
    draw(&Drawn {
        name,
        title: words.month_and_year(view.day),
        place: Place::Calendar,
        width: Width::Full,
        actions: actions(&words, view),
        back: false,
        body: body(&words, view),
    })
}

#[test]
fn a_month_has_its_days_its_posts_and_one_day_open_below() {
    let html = drawn("calendar", &month(Some(date(2026, 11, 21))));
    assert_eq!(html.matches("<td class=\"month__day\"").count(), 42);
    assert!(html.contains("Saturday 21 November, 3 posts"));
    assert!(html.contains("href=\"/w/riverside/calendar?on=2026-11-21\""));
    assert!(html.contains("Add to Saturday") && html.contains("href=\"/w/riverside/compose?on=2026-11-21\""));
    assert!(html.contains("+2 more") && html.contains("href=\"/w/riverside/calendar?view=agenda&amp;on=2026-11-07\""));
    assert_eq!(html.matches("data-today").count(), 1);
    drawn("calendar-today", &month(None));
}

#[test]
fn a_state_is_an_icon_and_a_word_beside_its_colour() {
    let html = drawn("calendar-state", &month(Some(date(2026, 11, 6))));
    assert!(html.contains("data-trouble=\"rust\"") && html.contains("<span class=\"hidden\">Did not go out</span>"));
    assert!(html.contains("#alert"));
}

#[test]
fn a_day_that_is_over_takes_no_more_posts() {
    let html = body(&words(), &month(Some(date(2026, 11, 17)))).0;
    assert!(!html.contains("Add to") && html.contains("Nothing went out on this day"));
    let viewer = CalendarView { may_write: false, ..month(Some(date(2026, 11, 21))) };
    assert!(!body(&words(), &viewer).0.contains("Add to"));
}

#[test]
fn an_agenda_names_the_days_near_today() {
    let html = drawn("calendar-agenda", &agenda());
    for part in
        ["Yesterday", "Today", "Saturday 21 November", "Planned · 3 channels", "On hold · 3 channels", "Later days"]
    {
        assert!(html.contains(part), "{part}");
    }
}

#[test]
fn an_agenda_of_nothing_teaches_the_next_step() {
    let empty =
        CalendarView { shown: Shown::Agenda(AgendaView { days: vec![], earlier: TODAY, later: TODAY }), ..agenda() };
    assert!(drawn("calendar-empty", &empty).contains("Nothing is planned here"));
}

#[test]
fn a_crowded_day_says_that_there_are_more_than_it_counted() {
    let words = words();
    let view = month(None);
    let crowded = DayView { date: TODAY, posts: posts(date(2026, 11, 7)), count: COUNT_MAX };
    let day = month_day(&words, &view, &crowded, &mut Clocks::new(&words));
    assert_eq!(day.more.unwrap().1, "Over 96 more");
}

#[test]
fn a_month_of_168_posts_stays_light() {
    let mut view = month(None);
    if let Shown::Month(month) = &mut view.shown {
        for day in &mut month.days {
            day.posts = (10..14)
                .map(|hour| post(hour, 30, "Thank you, all of you, for everything", 1, StateKind::Held))
                .collect();
            day.count = 48;
        }
    }
    let html = drawn("calendar-crowded", &view);
    assert!(html.len() < 160_000, "{}", html.len());
}
