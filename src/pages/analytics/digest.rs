//! Figures made ready to be shown: days put together to weeks, posts in order, weekdays compared, and what networks do
//! not tell. Pure.

#[cfg(test)]
mod tests;

use jiff::civil::Date;

use super::asked::Sort;
use crate::metrics::{PostFigures, engagement};
use crate::networks::Capabilities;
use crate::networks::capabilities::Count;

/// A period of more days than this is shown by weeks.
const DAYS_MAX: usize = 45;
/// Fewer posts than this say little.
const FEW: usize = 3;

/// One point of the chart: its first day, how much, how much before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub from: Date,
    pub now: Option<u64>,
    pub before: Option<u64>,
}

/// The steps of a period, and whether each is a week.
pub(super) fn steps(days: &[Date], now: &[Option<u64>], before: &[Option<u64>]) -> (Vec<Step>, bool) {
    let weeks = DAYS_MAX < days.len();
    let length = if weeks { 7 } else { 1 };
    let sum = |part: &[Option<u64>]| part.iter().flatten().copied().reduce(u64::saturating_add);
    let parts = days.chunks(length).zip(now.chunks(length)).zip(before.chunks(length));
    let steps = parts
        .filter_map(|((days, now), before)| Some(Step { from: *days.first()?, now: sum(now), before: sum(before) }));
    (steps.collect(), weeks)
}

/// Posts in this order. What is not given comes last.
pub(super) fn sorted(mut posts: Vec<PostFigures>, sort: Sort) -> Vec<PostFigures> {
    posts.sort_by_key(|post| std::cmp::Reverse(post.at));
    match sort {
        Sort::Engagement => posts.sort_by_key(|post| std::cmp::Reverse(engagement(&post.counts))),
        Sort::Views => posts.sort_by_key(|post| std::cmp::Reverse(post.counts.views)),
        Sort::Date => {}
    }
    posts
}

/// How the posts of one weekday did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Weekday {
    /// The middle of their engagement; none: no post of this weekday has figures.
    pub median: Option<u64>,
    /// How many posts that is from.
    pub posts: usize,
}

impl Weekday {
    /// Too few posts to lean on.
    pub(super) fn is_thin(&self) -> bool {
        self.posts < FEW
    }
}

/// How the weekdays did, Monday first. `on`: the weekday of a post, Monday is 0.
pub(super) fn weekdays(posts: &[PostFigures], on: impl Fn(&PostFigures) -> usize) -> [Weekday; 7] {
    let mut counts: [Vec<u64>; 7] = Default::default();
    for post in posts {
        if let (Some(count), Some(day)) = (engagement(&post.counts), counts.get_mut(on(post))) {
            day.push(count);
        }
    }
    counts.map(|mut counts| {
        counts.sort_unstable();
        Weekday { median: counts.get(counts.len() / 2).copied(), posts: counts.len() }
    })
}

/// What is missing of a network's figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Untold {
    /// The network.
    pub network: String,
    /// The keys of what it does not give; none: it gives nothing at all.
    pub missing: Option<Vec<&'static str>>,
}

/// What people may look for, with the key of its word.
const WANTED: [(Count, &str); 6] = [
    (Count::Reactions, "analytics-count-reactions"),
    (Count::Comments, "analytics-count-comments"),
    (Count::Shares, "analytics-count-shares"),
    (Count::Saves, "analytics-count-saves"),
    (Count::Clicks, "analytics-count-clicks"),
    (Count::Views, "analytics-count-views"),
];

/// What a network does not tell; nothing when it tells all.
pub(super) fn untold(network: &str, can: &Capabilities) -> Option<Untold> {
    let mut missing: Vec<&'static str> =
        WANTED.iter().filter(|(count, _)| !can.counts.contains(count)).map(|(_, key)| *key).collect();
    if !can.followers {
        missing.push("analytics-count-followers");
    }
    let nothing = WANTED.len() < missing.len();
    let missing = (!nothing).then_some(missing);
    if missing.as_ref().is_some_and(Vec::is_empty) {
        return None;
    }
    Some(Untold { network: network.to_owned(), missing })
}
