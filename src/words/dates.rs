//! Dates and times as people say them: "Sat 09:00", "Saturday 21 November", "2 min", "Yesterday".
//!
//! Takes instants that already stand in the zone they are to be read in (the workspace's), and the present instant
//! where the words depend on it. The order of parts and every name come from the catalogue; the clock has 24 hours.

use std::time::Duration;

use jiff::Zoned;
use jiff::civil::Date;

use super::{Arg, Words};

impl Words {
    /// The time of day: `09:00`.
    pub fn clock(&self, at: &Zoned) -> String {
        self.clock_at(at.hour(), at.minute())
    }

    /// The same from hour and minute.
    pub fn clock_at(&self, hour: i8, minute: i8) -> String {
        let time = |value: i8| Arg::Text(format!("{value:02}"));
        self.tell("date-clock", &[("hour", time(hour)), ("minute", time(minute))])
    }

    /// Day and time, as short as it stays clear: `Sat 09:00` within six days, else `Sat 28 Nov 09:00`, with the year
    /// when it is another one.
    pub fn day_and_time(&self, at: &Zoned, now: &Zoned) -> String {
        let days = days_between(now.date(), at.date());
        let day = if days.abs() < 7 { self.weekday_short(at.date()) } else { self.day_short(at.date(), now.date()) };
        self.tell("date-day-and-time", &[("day", day.into()), ("time", self.clock(at).into())])
    }

    /// A day in full: `Saturday 21 November`.
    pub fn day(&self, date: Date) -> String {
        let (weekday, month) = (self.weekday(date), self.month(date));
        self.tell("date-day", &[("weekday", weekday.into()), ("day", text(date.day())), ("month", month.into())])
    }

    /// A day in short: `Sat 21 Nov`, with the year when it is not the present one.
    pub fn day_short(&self, date: Date, today: Date) -> String {
        let mut args = vec![
            ("weekday", Arg::Text(self.weekday_short(date))),
            ("day", text(date.day())),
            ("month", Arg::Text(self.month_short(date))),
        ];
        if date.year() == today.year() {
            return self.tell("date-day-short", &args);
        }
        args.push(("year", text(date.year())));
        self.tell("date-day-short-year", &args)
    }

    /// A day as a heading of an agenda: `Today`, `Tomorrow`, `Yesterday`, else in full.
    pub fn day_near(&self, date: Date, today: Date) -> String {
        match days_between(today, date) {
            0 => self.say("date-today"),
            1 => self.say("date-tomorrow"),
            -1 => self.say("date-yesterday"),
            _ => self.day(date),
        }
    }

    /// A month: `November 2026`.
    pub fn month_and_year(&self, date: Date) -> String {
        self.tell("date-month-and-year", &[("month", self.month(date).into()), ("year", text(date.year()))])
    }

    /// Everything, for titles: `Saturday 21 November 2026, 09:00 (Europe/London)`.
    pub fn absolute(&self, at: &Zoned) -> String {
        let zone = at.time_zone().iana_name().map_or_else(|| at.offset().to_string(), ToOwned::to_owned);
        self.tell(
            "date-absolute",
            &[
                ("day", self.day(at.date()).into()),
                ("year", text(at.year())),
                ("time", self.clock(at).into()),
                ("zone", zone.into()),
            ],
        )
    }

    /// How long ago, in the width of a list row: `Just now`, `2 min`, `1 h`, `Yesterday`, `Mon`, `3 Nov`.
    pub fn ago(&self, at: &Zoned, now: &Zoned) -> String {
        let seconds = now.timestamp().as_second().saturating_sub(at.timestamp().as_second());
        let days = days_between(at.date(), now.date());
        match (days, seconds) {
            (_, ..60) => self.say("date-just-now"),
            (_, 60..3600) => self.tell("date-minutes", &[("count", (seconds / 60).into())]),
            (0, _) => self.tell("date-hours", &[("count", (seconds / 3600).into())]),
            (1, _) => self.say("date-yesterday"),
            (2..7, _) => self.weekday_short(at.date()),
            _ => self.date_short(at.date(), now.date()),
        }
    }

    /// A span, by its two largest parts: `3 h 10 min`, `2 days 4 h`, `45 s`.
    pub fn span(&self, span: Duration) -> String {
        let seconds = i64::try_from(span.as_secs()).unwrap_or(i64::MAX);
        let parts = match seconds {
            ..60 => [("date-seconds", seconds), ("", 0)],
            60..3600 => [("date-minutes", seconds / 60), ("", 0)],
            3600..86_400 => [("date-hours", seconds / 3600), ("date-minutes", seconds % 3600 / 60)],
            _ => [("date-days", seconds / 86_400), ("date-hours", seconds % 86_400 / 3600)],
        };
        let said = parts.iter().enumerate().filter(|(at, (key, count))| !key.is_empty() && (*at == 0 || 0 < *count));
        said.map(|(_, (key, count))| self.tell(key, &[("count", (*count).into())])).collect::<Vec<_>>().join(" ")
    }

    /// The name of a weekday: `Saturday`.
    pub fn weekday(&self, date: Date) -> String {
        self.tell("date-weekday", &[("number", number(date.weekday().to_monday_one_offset()))])
    }

    /// The short name of a weekday: `Sat`.
    pub fn weekday_short(&self, date: Date) -> String {
        self.tell("date-weekday-short", &[("number", number(date.weekday().to_monday_one_offset()))])
    }

    /// The name of a month: `November`.
    pub fn month(&self, date: Date) -> String {
        self.tell("date-month", &[("number", number(date.month()))])
    }

    /// The short name of a month: `Nov`.
    pub fn month_short(&self, date: Date) -> String {
        self.tell("date-month-short", &[("number", number(date.month()))])
    }

    /// A day without its weekday: `3 Nov`, with the year when it is not the present one.
    pub fn date_short(&self, date: Date, today: Date) -> String {
        let mut args = vec![("day", text(date.day())), ("month", Arg::Text(self.month_short(date)))];
        if date.year() == today.year() {
            return self.tell("date-short", &args);
        }
        args.push(("year", text(date.year())));
        self.tell("date-short-year", &args)
    }
}

fn days_between(from: Date, to: Date) -> i32 {
    (to - from).get_days()
}

fn number(value: i8) -> Arg {
    Arg::Number(i64::from(value))
}

fn text(value: impl Into<i16>) -> Arg {
    Arg::Text(value.into().to_string())
}
