//! What the address of the calendar asks for: which view, which day, which channel. And the addresses that ask for it.
//!
//! What cannot be read is taken as not said; a day far from ours is too.

#[cfg(test)]
mod tests;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde::Deserialize;

use crate::addresses;
use crate::channels::ChannelId;

/// The parameters, as they came.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Query {
    #[serde(default)]
    view: String,
    #[serde(default)]
    on: String,
    #[serde(default)]
    channel: String,
}

/// Which view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shows {
    /// A month of days.
    Month,
    /// Day by day.
    Agenda,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// Which view.
    pub shows: Shows,
    /// The day that is open, or the first of the agenda; none: today.
    pub on: Option<Date>,
    /// Only the posts of this channel.
    pub channel: Option<ChannelId>,
}

/// This month.
impl Default for Asked {
    fn default() -> Self {
        Self { shows: Shows::Month, on: None, channel: None }
    }
}

impl Query {
    /// What they ask for.
    pub(super) fn read(&self) -> Asked {
        let on = self.on.parse::<Date>().ok().filter(|date| (1970..2200).contains(&date.year()));
        Asked {
            shows: if self.view == "agenda" { Shows::Agenda } else { Shows::Month },
            on,
            channel: self.channel.parse().ok(),
        }
    }
}

impl Asked {
    /// The address that asks for this.
    pub(super) fn href(&self, slug: &str) -> String {
        let mut href = addresses::workspace(slug, "calendar");
        let mut mark = '?';
        let mut put = |name: &str, value: String| {
            href.push(mark);
            href.push_str(name);
            href.push('=');
            href.push_str(&value);
            mark = '&';
        };
        if self.shows == Shows::Agenda {
            put("view", "agenda".to_owned());
        }
        if let Some(on) = self.on {
            put("on", on.to_string());
        }
        if let Some(channel) = self.channel {
            put("channel", channel.to_string());
        }
        href
    }

    /// The same on another day; none: today.
    pub(super) fn on(self, on: Option<Date>) -> Self {
        Self { on, ..self }
    }

    /// The same in the other view.
    pub(super) fn showing(self, shows: Shows) -> Self {
        Self { shows, ..self }
    }

    /// The same for another channel; none: all.
    pub(super) fn only(self, channel: Option<ChannelId>) -> Self {
        Self { channel, ..self }
    }
}

/// The first day shown of the month `day` lies in, and the day after the last: whole weeks. `week_starts_on`: 1 is Monday.
pub(super) fn weeks_of_month(day: Date, week_starts_on: u8) -> (Date, Date) {
    let starts_on = i8::try_from(week_starts_on)
        .ok()
        .and_then(|number| Weekday::from_monday_one_offset(number).ok())
        .unwrap_or(Weekday::Monday);
    let (first, last) = (day.first_of_month(), day.last_of_month());
    let before = first.weekday().since(starts_on);
    let after = 7_i8.saturating_sub(last.weekday().since(starts_on));
    (first.saturating_sub(before.days()), last.saturating_add(after.days()))
}

/// The first day of the month before (-1) or after (1) that of `day`.
pub(super) fn month_beside(day: Date, months: i32) -> Date {
    day.first_of_month().saturating_add(months.months())
}
