//! How Analytics looks. Plain values in, HTML out.

#[cfg(test)]
mod tests;

use jiff::Zoned;
use jiff::civil::Date;
use maud::{Markup, Render, html};

use super::asked::{Period, Sort};
use super::digest::{Step, Untold, Weekday};
use super::tile::{compared_tile, number};
use crate::addresses;
use crate::metrics::Compared;
use crate::posts::PostId;
use crate::ui::{
    Bar, Bars, Button, Empty, Icon, LineChart, Look, NetworkMark, Point, Tabs, card, network_marks, time_element,
};
use crate::words::Words;

/// Everything the first page shows.
#[derive(Clone, Debug)]
pub(super) struct AnalyticsView<'a> {
    pub slug: &'a str,
    pub period: Period,
    pub first: Date,
    pub today: Date,
    pub days: usize,
    pub posts: Compared,
    pub engagement: Compared,
    pub views: Compared,
    pub followers: Compared,
    pub steps: Vec<Step>,
    /// A step is a week.
    pub weekly: bool,
    pub weekdays: [Weekday; 7],
    pub weekdays_before: [Weekday; 7],
    pub best: Vec<PostRow>,
    pub untold: Vec<Untold>,
}

/// The posts of a period.
#[derive(Clone, Debug)]
pub(super) struct PostsView<'a> {
    pub slug: &'a str,
    pub period: Period,
    pub sort: Sort,
    pub today: Date,
    pub rows: Vec<PostRow>,
    /// How many there are; the rows may be fewer.
    pub all: usize,
}

/// A post and its figures.
#[derive(Clone, Debug)]
pub(super) struct PostRow {
    pub post: PostId,
    pub excerpt: String,
    pub at: Zoned,
    pub engagement: Option<u64>,
    pub views: Option<u64>,
    pub marks: Vec<NetworkMark>,
}

/// The periods, beside the title, and the way to paper.
pub(super) fn periods(words: &Words, slug: &str, current: Period) -> Markup {
    let tabs = Period::ALL.into_iter().fold(Tabs::new(words.say("analytics-periods")), |tabs, period| {
        tabs.tab(period.href(slug), words.say(period.key()), period == current)
    });
    html! {
        div.analytics-periods { (tabs) }
        span.needs-script.analytics-print data-print {
            (Button::plain(words.say("analytics-print")).look(Look::Outline).small())
        }
    }
}

/// The first page below its head.
pub(super) fn body(words: &Words, view: &AnalyticsView<'_>) -> Markup {
    let tile = |key: &str, figure| compared_tile(words, words.say(key), figure);
    let range = words.tell(
        "analytics-range",
        &[
            ("first", words.date_short(view.first, view.today).into()),
            ("last", words.date_short(view.today, view.today).into()),
            ("days", view.days.into()),
        ],
    );
    html! {
        div.stack {
            p.analytics__range { (range) }
            div.stats {
                (tile("analytics-posts-out", view.posts))
                (tile("analytics-engagement", view.engagement))
                (tile("analytics-views", view.views))
                (tile("analytics-followers", view.followers))
            }
            @if view.posts.now.unwrap_or(0) == 0 { (nothing(words, view)) }
            @else {
                div.columns { (chart(words, view).render(words)) (weekdays(words, view).render(words)) }
            }
            div.columns {
                @if !view.best.is_empty() { (best(words, view)) }
                @if !view.untold.is_empty() { (untold(words, &view.untold)) }
            }
        }
    }
}

fn nothing(words: &Words, view: &AnalyticsView<'_>) -> Markup {
    let empty = Empty::new(Icon::Analytics, words.say("analytics-nothing"), words.say("analytics-nothing-text"));
    let calendar = Button::link(addresses::workspace(view.slug, "calendar"), words.say("analytics-to-calendar"));
    card(empty.action(calendar.look(Look::Quiet).render()).render())
}

fn chart(words: &Words, view: &AnalyticsView<'_>) -> LineChart {
    let count = |count: Option<u64>| count.map(|count| i64::try_from(count).unwrap_or(i64::MAX));
    let points = view.steps.iter().map(|step| Point {
        label: words.date_short(step.from, view.today),
        value: count(step.now),
        before: count(step.before),
    });
    let (text, first) = if view.weekly {
        ("analytics-chart-weeks", "analytics-week-from")
    } else {
        ("analytics-chart-days", "analytics-day")
    };
    let days = [("days", view.days.into())];
    LineChart {
        title: words.say("analytics-chart"),
        text: words.tell(text, &days),
        columns: [words.say(first), words.say("analytics-engagement"), words.tell("analytics-days-before", &days)],
        points: points.collect(),
        peak: None,
    }
}

fn weekdays(words: &Words, view: &AnalyticsView<'_>) -> Bars {
    // Any Monday: only the names are wanted.
    let monday = jiff::civil::date(2024, 1, 1);
    let names = monday.series(jiff::Span::new().days(1));
    let middle = |weekday: &Weekday| weekday.median.map(|median| i64::try_from(median).unwrap_or(i64::MAX));
    let bars = view.weekdays.iter().zip(&view.weekdays_before).zip(names).map(|((now, before), date)| Bar {
        label: words.weekday(date),
        value: middle(now),
        before: middle(before)
            .map(|count| (count, words.tell("chart-before", &[("count", words.number(count).into())]))),
        pale: now.is_thin(),
    });
    Bars {
        title: words.say("analytics-weekdays"),
        text: words.tell("analytics-weekdays-text", &[("days", view.days.into())]),
        bars: bars.collect(),
        unknown: words.say("analytics-no-figures"),
    }
}

fn best(words: &Words, view: &AnalyticsView<'_>) -> Markup {
    let all = Sort::Engagement.href(view.slug, view.period);
    html! {
        section.chart {
            div.chart__head { h2.chart__title { (words.say("analytics-best")) } }
            (table(words, view.slug, view.today, &view.best, None))
            a.analytics__all href=(all) { (words.say("analytics-all-posts")) (Icon::ChevronRight.tiny()) }
        }
    }
}

fn untold(words: &Words, untold: &[Untold]) -> Markup {
    html! {
        section.chart {
            div.chart__head {
                h2.chart__title { (words.say("analytics-untold")) }
                p.chart__text { (words.say("analytics-untold-text")) }
            }
            ul.analytics__untold role="list" { @for network in untold { li { (untold_line(words, network)) } } }
        }
    }
}

fn untold_line(words: &Words, untold: &Untold) -> String {
    let network = ("network", untold.network.as_str().into());
    let Some(missing) = &untold.missing else { return words.tell("analytics-untold-all", &[network]) };
    let mut names: Vec<String> = missing.iter().map(|key| words.say(key)).collect();
    let last = names.pop().unwrap_or_default();
    let all = match names.as_slice() {
        [] => last,
        several => words.tell("list-or", &[("list", several.join(", ").into()), ("last", last.into())]),
    };
    words.tell("analytics-untold-some", &[network, ("list", all.into())])
}

/// The page of all posts below its head.
pub(super) fn posts(words: &Words, view: &PostsView<'_>) -> Markup {
    let tabs = Period::ALL.into_iter().fold(Tabs::new(words.say("analytics-periods")), |tabs, period| {
        tabs.tab(view.sort.href(view.slug, period), words.say(period.key()), period == view.period)
    });
    html! {
        div.analytics-periods { (tabs) }
        @if view.rows.is_empty() {
            (card(Empty::new(Icon::Analytics, words.say("analytics-nothing"), words.say("analytics-nothing-text")).render()))
        } @else {
            div.chart { (table(words, view.slug, view.today, &view.rows, Some((view.period, view.sort)))) }
            @if view.rows.len() < view.all {
                p.analytics__rest { (words.tell("analytics-rest", &[("shown", view.rows.len().into()), ("all", view.all.into())])) }
            }
        }
    }
}

/// The table of posts; with `sorting` its heads are links that put it in order.
fn table(words: &Words, slug: &str, today: Date, rows: &[PostRow], sorting: Option<(Period, Sort)>) -> Markup {
    let head = |key: &str, by: Sort| {
        html! {
            @match sorting {
                None => th scope="col" { (words.say(key)) },
                Some((period, sort)) => th scope="col" aria-sort=[(sort == by).then_some("descending")] {
                    a.posts-table__sort href=(by.href(slug, period)) {
                        (words.say(key)) @if sort == by { (Icon::ChevronDown.tiny()) }
                    }
                },
            }
        }
    };
    html! {
        table.posts-table {
            thead {
                tr {
                    th scope="col" { (words.say("analytics-post")) }
                    (head("analytics-out", Sort::Date))
                    (head("analytics-engagement", Sort::Engagement))
                    (head("analytics-views", Sort::Views))
                }
            }
            tbody {
                @for row in rows {
                    tr {
                        th.posts-table__post scope="row" {
                            a href=(addresses::post(slug, row.post)) { (said(words, &row.excerpt)) }
                            (network_marks(&row.marks))
                        }
                        td.posts-table__date {
                            (time_element(words, &row.at, &words.date_short(row.at.date(), today)))
                        }
                        (figure(words, "analytics-engagement", row.engagement))
                        (figure(words, "analytics-views", row.views))
                    }
                }
            }
        }
    }
}

fn figure(words: &Words, label: &str, count: Option<u64>) -> Markup {
    html! {
        td.posts-table__figure data-label=(words.say(label)) {
            @match count {
                Some(count) => (number(words, count)),
                None => span.posts-table__none { (words.say("analytics-not-given-short")) },
            }
        }
    }
}

fn said(words: &Words, excerpt: &str) -> String {
    if excerpt.is_empty() { words.say("post-untitled") } else { excerpt.to_owned() }
}
