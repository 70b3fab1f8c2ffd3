//! What the address of Analytics asks for: which period, in which order.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde::Deserialize;

use crate::addresses;

/// The parameters, as they came.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Query {
    #[serde(default)]
    period: String,
    #[serde(default)]
    sort: String,
}

/// A period that ends today.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Period {
    /// Thirty days.
    #[default]
    Days30,
    /// This month.
    Month,
    /// This quarter of the year.
    Quarter,
    /// This year.
    Year,
}

/// In which order posts stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Sort {
    /// What did best first.
    #[default]
    Engagement,
    /// What was seen most first.
    Views,
    /// The newest first.
    Date,
}

impl Query {
    /// The period asked for; thirty days when none is.
    pub(super) fn period(&self) -> Period {
        Period::ALL.into_iter().find(|period| period.name() == self.period).unwrap_or_default()
    }

    /// The order asked for.
    pub(super) fn sort(&self) -> Sort {
        Sort::ALL.into_iter().find(|sort| sort.name() == self.sort).unwrap_or_default()
    }
}

impl Period {
    /// All of them, the shortest first.
    pub(super) const ALL: [Self; 4] = [Self::Days30, Self::Month, Self::Quarter, Self::Year];

    /// Its name in addresses.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Days30 => "30d",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// The key of its word.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Days30 => "analytics-30d",
            Self::Month => "analytics-month",
            Self::Quarter => "analytics-quarter",
            Self::Year => "analytics-year",
        }
    }

    /// Its days up to today.
    pub(super) fn days(self, today: Date) -> Vec<Date> {
        let first = match self {
            Self::Days30 => today.saturating_sub(29.days()),
            Self::Month => today.first_of_month(),
            Self::Quarter => date(today.year(), (today.month() - 1) / 3 * 3 + 1, 1),
            Self::Year => today.first_of_year(),
        };
        first.series(1.day()).take_while(|date| *date <= today).collect()
    }

    /// The page of this period.
    pub(super) fn href(self, slug: &str) -> String {
        addresses::workspace(slug, &format!("analytics?period={}", self.name()))
    }
}

impl Sort {
    /// All of them.
    pub(super) const ALL: [Self; 3] = [Self::Engagement, Self::Views, Self::Date];

    /// Its name in addresses.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Engagement => "engagement",
            Self::Views => "views",
            Self::Date => "date",
        }
    }

    /// The posts of a period in this order.
    pub(super) fn href(self, slug: &str, period: Period) -> String {
        addresses::workspace(slug, &format!("analytics/posts?period={}&sort={}", period.name(), self.name()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_end_today() {
        let today = date(2026, 11, 18);
        for (period, first, count) in [
            (Period::Days30, date(2026, 10, 20), 30),
            (Period::Month, date(2026, 11, 1), 18),
            (Period::Quarter, date(2026, 10, 1), 49),
            (Period::Year, date(2026, 1, 1), 322),
        ] {
            let days = period.days(today);
            assert_eq!((days.first(), days.last(), days.len()), (Some(&first), Some(&today), count), "{period:?}");
        }
    }

    #[test]
    fn what_is_not_known_is_thirty_days_by_engagement() {
        let query = Query { period: "decade".into(), sort: "<x>".into() };
        assert_eq!((query.period(), query.sort()), (Period::Days30, Sort::Engagement));
        let query = Query { period: "year".into(), sort: "date".into() };
        assert_eq!((query.period(), query.sort()), (Period::Year, Sort::Date));
    }
}
