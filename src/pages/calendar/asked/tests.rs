use jiff::civil::date;

use super::*;

fn asked(view: &str, on: &str, channel: &str) -> Asked {
    Query { view: view.into(), on: on.into(), channel: channel.into() }.read()
}

#[test]
fn what_cannot_be_read_is_taken_as_not_said() {
    let month = Asked { shows: Shows::Month, on: None, channel: None };
    for (view, on, channel) in
        [("", "", ""), ("week", "tomorrow", "x"), ("month", "2026-13-01", "<b>"), ("", "9999-01-01", "")]
    {
        assert_eq!(asked(view, on, channel), month, "{view} {on} {channel}");
    }
}

#[test]
fn an_address_asks_for_what_it_was_made_of() {
    let channel = ChannelId::from_bits(7);
    let all = Asked { shows: Shows::Agenda, on: Some(date(2026, 11, 21)), channel: Some(channel) };
    assert_eq!(all.href("river"), format!("/w/river/calendar?view=agenda&on=2026-11-21&channel={channel}"));
    assert_eq!(asked("agenda", "2026-11-21", &channel.to_string()), all);
    assert_eq!(all.showing(Shows::Month).on(None).only(None).href("river"), "/w/river/calendar");
}

#[test]
fn a_month_is_shown_in_whole_weeks_from_the_workspaces_first_day() {
    let check =
        |day, starts_on, first, end| assert_eq!(weeks_of_month(day, starts_on), (first, end), "{day} {starts_on}");
    check(date(2026, 11, 18), 1, date(2026, 10, 26), date(2026, 12, 7));
    check(date(2026, 11, 18), 7, date(2026, 11, 1), date(2026, 12, 6));
    // February of 2027 begins on a Monday and is four weeks long.
    check(date(2027, 2, 1), 1, date(2027, 2, 1), date(2027, 3, 1));
    check(date(2026, 8, 31), 1, date(2026, 7, 27), date(2026, 9, 7));
    check(date(2026, 8, 31), 0, date(2026, 7, 27), date(2026, 9, 7));
}

#[test]
fn months_follow_each_other_over_the_year() {
    assert_eq!(month_beside(date(2026, 12, 31), 1), date(2027, 1, 1));
    assert_eq!(month_beside(date(2026, 3, 31), -1), date(2026, 2, 1));
}
