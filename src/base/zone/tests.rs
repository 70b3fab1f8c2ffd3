use jiff::civil::date;
use proptest::prelude::*;

use super::*;

fn check(local_time: &str, zone_name: &str, expected: &str, shift: Option<Shift>) {
    let resolved = resolve(local_time.parse().unwrap(), zone_name).unwrap();
    assert_eq!((resolved.at, resolved.shift), (At::parse(expected).unwrap(), shift), "{local_time} {zone_name}");
}

#[test]
fn a_local_time_becomes_the_instant_at_which_the_wall_clock_shows_it() {
    check("2026-11-28T09:00", "Europe/Berlin", "2026-11-28T08:00:00Z", None);
    check("2026-07-01T09:00", "Europe/Berlin", "2026-07-01T07:00:00Z", None);
    check("2026-11-28T09:00", "Asia/Kathmandu", "2026-11-28T03:15:00Z", None);
    check("2028-02-29T23:59", "Pacific/Auckland", "2028-02-29T10:59:00Z", None);
}

#[test]
fn a_time_that_is_skipped_moves_forward_and_says_so() {
    check("2027-03-28T02:30", "Europe/Berlin", "2027-03-28T01:30:00Z", Some(Shift::Skipped));
}

#[test]
fn a_time_that_comes_twice_is_the_first_and_says_so() {
    check("2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30:00Z", Some(Shift::Twice));
}

#[test]
fn an_unknown_zone_is_refused() {
    assert_eq!(
        resolve("2026-01-01T00:00".parse().unwrap(), "Mars/Olympus"),
        Err(UnknownZone("Mars/Olympus".to_owned()))
    );
}

#[test]
fn a_day_with_a_change_is_shorter_or_longer() {
    let hours = |date| {
        let (from, to) = day(date, "Europe/Berlin");
        to.since(from).as_secs() / 3600
    };
    assert_eq!((hours(date(2027, 3, 28)), hours(date(2026, 10, 25)), hours(date(2026, 11, 22))), (23, 25, 24));
}

proptest! {
    #[test]
    fn every_plan_in_every_zone_comes_back_as_it_was_unless_the_clock_skipped_it(
        minutes in 0_i64..60 * 24 * 365 * 20,
        pick in any::<prop::sample::Index>(),
    ) {
        let zones: Vec<String> = jiff::tz::db().available().map(|name| name.as_str().to_owned()).collect();
        let name = pick.get(&zones);
        let plan = date(2026, 1, 1).at(0, 0, 0, 0).checked_add(jiff::Span::new().minutes(minutes)).unwrap();
        let resolved = resolve(plan, name).unwrap();
        let shown = local(resolved.at, name).datetime();
        if resolved.shift == Some(Shift::Skipped) {
            prop_assert!(plan < shown);
        } else {
            prop_assert_eq!(plan, shown);
        }
    }
}
