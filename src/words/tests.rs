use std::path::Path;
use std::time::Duration;

use jiff::Zoned;
use jiff::civil::date;

use super::{Message, Words, grouped};

fn words() -> Words {
    Words::english().unwrap()
}

fn at(text: &str) -> Zoned {
    text.parse().unwrap()
}

#[test]
fn numbers_choose_the_plural_form_and_are_grouped() {
    let words = words();
    assert_eq!(words.tell("date-days", &[("count", 1.into())]), "1 day");
    assert_eq!(words.tell("date-days", &[("count", 4210.into())]), "4,210 days");
    assert_eq!(words.number(1_234_567), "1,234,567");
    for (plain, marked) in [("0", "0"), ("999", "999"), ("-1000", "-1,000"), ("12345.678", "12,345.678")] {
        assert_eq!(grouped(plain, ','), marked);
    }
}

#[test]
fn a_message_renders_the_message_inside_it() {
    let inner = Message::new("date-hours").with("count", 2);
    let outer = Message::new("counter-of").with("used", inner).with("limit", 500_u32);
    assert_eq!(words().render(&outer), "2 h of 500");
}

#[test]
#[should_panic(expected = "the catalogue lacks `no-such-key`")]
fn a_missing_key_ends_a_test() {
    words().say("no-such-key");
}

#[test]
#[should_panic(expected = "the catalogue lacks `date-days`")]
fn a_missing_argument_ends_a_test() {
    words().say("date-days");
}

#[test]
fn day_and_time_is_as_short_as_it_stays_clear() {
    let now = at("2026-11-18T12:00[Europe/London]");
    for (when, said) in [
        ("2026-11-21T09:00[Europe/London]", "Sat 09:00"),
        ("2026-11-28T09:05[Europe/London]", "Sat 28 Nov 09:05"),
        ("2027-01-02T18:00[Europe/London]", "Sat 2 Jan 2027 18:00"),
    ] {
        assert_eq!(words().day_and_time(&at(when), &now), said);
    }
}

#[test]
fn days_are_named() {
    let words = words();
    assert_eq!(words.day(date(2026, 11, 21)), "Saturday 21 November");
    assert_eq!(words.day_near(date(2026, 11, 19), date(2026, 11, 18)), "Tomorrow");
    assert_eq!(words.day_near(date(2026, 11, 30), date(2026, 11, 18)), "Monday 30 November");
    assert_eq!(words.month_and_year(date(2026, 2, 1)), "February 2026");
    let absolute = words.absolute(&at("2026-11-21T09:00[Europe/London]"));
    assert_eq!(absolute, "Saturday 21 November 2026, 09:00 (Europe/London)");
}

#[test]
fn ago_fits_a_list_row() {
    let now = at("2026-11-18T12:00[Europe/London]");
    for (when, said) in [
        ("2026-11-18T11:59:30[Europe/London]", "Just now"),
        ("2026-11-18T11:58[Europe/London]", "2 min"),
        ("2026-11-18T08:00[Europe/London]", "4 h"),
        ("2026-11-17T08:00[Europe/London]", "Yesterday"),
        ("2026-11-16T08:00[Europe/London]", "Mon"),
        ("2026-11-03T08:00[Europe/London]", "3 Nov"),
        ("2025-11-03T08:00[Europe/London]", "3 Nov 2025"),
    ] {
        assert_eq!(words().ago(&at(when), &now), said, "{when}");
    }
}

#[test]
fn ten_minutes_before_midnight_is_still_minutes_ago() {
    let (when, now) = (at("2026-11-17T23:55[Europe/London]"), at("2026-11-18T00:05[Europe/London]"));
    assert_eq!(words().ago(&when, &now), "10 min");
}

#[test]
fn spans_are_told_by_their_two_largest_parts() {
    for (seconds, said) in [(0, "0 s"), (45, "45 s"), (600, "10 min"), (11_400, "3 h 10 min"), (187_200, "2 days 4 h")]
    {
        assert_eq!(words().span(Duration::from_secs(seconds)), said);
    }
}

/// Reads the sources for keys given as literals, so that a key misspelt in a branch no test walks is found too.
#[test]
fn every_key_written_in_the_sources_is_in_the_catalogue() {
    let words = words();
    let mut missing = Vec::new();
    each_source(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut |path, text| {
        for opening in [".say(\"", ".tell(\"", "Message::new(\"", "Message { key: \""] {
            for rest in text.split(opening).skip(1) {
                let key = rest.split('"').next().unwrap_or_default();
                if !words.knows(key) {
                    missing.push(format!("{}: {key}", path.display()));
                }
            }
        }
    });
    assert!(missing.is_empty(), "keys that are not in en.ftl: {missing:#?}");
}

fn each_source(folder: &Path, read: &mut impl FnMut(&Path, &str)) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            each_source(&path, read);
        } else if path.extension().is_some_and(|end| end == "rs")
            && path.file_name().is_some_and(|name| name != "tests.rs")
        {
            read(&path, &std::fs::read_to_string(&path).unwrap());
        }
    }
}
