//! Charts as SVG: attributes and classes only, so the strict policy of the page holds.
//!
//! Each answers the question in its title and has its numbers in a table one tap away. A value of `None` is a gap, not
//! a zero. Axes begin at zero.

use maud::{Markup, Render, html};

use super::append;
use crate::words::Words;

const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 220.0;
const LEFT: f64 = 44.0;
const TOP: f64 = 20.0;
const BOTTOM: f64 = 196.0;

/// One point of a line.
#[derive(Clone, Debug)]
pub struct Point {
    /// What stands below it, and in the table: "1", "Sat 7 Nov".
    pub label: String,
    /// How much; `None` when nobody knows.
    pub value: Option<i64>,
    /// How much in the period before.
    pub before: Option<i64>,
}

/// How something went over time, with the period before as a pale line.
#[derive(Clone, Debug)]
pub struct LineChart {
    /// The question it answers.
    pub title: String,
    /// What is counted, and what the pale line is.
    pub text: String,
    /// The heads of the table: when, now, before.
    pub columns: [String; 3],
    /// The points, in order.
    pub points: Vec<Point>,
    /// What to call the highest point: "Winter appeal".
    pub peak: Option<String>,
}

impl LineChart {
    /// As a card.
    pub fn render(&self, words: &Words) -> Markup {
        let most = self.points.iter().flat_map(|point| [point.value, point.before]).flatten().max().unwrap_or(0);
        let scale = Scale::new(most, self.points.len());
        let now: Vec<_> = self.points.iter().map(|point| point.value).collect();
        let before: Vec<_> = self.points.iter().map(|point| point.before).collect();
        let rows = self
            .points
            .iter()
            .map(|point| [Some(point.label.clone()), said(words, point.value), said(words, point.before)]);
        html! {
            figure.chart {
                figcaption.chart__head { strong.chart__title { (self.title) } span.chart__text { (self.text) } }
                svg.chart__drawing viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } width=(WIDTH) height=(HEIGHT) role="img"
                    aria-label={ (self.title) " " (self.text) } {
                    @for step in 0..=3 { (scale.grid_line(words, step)) }
                    @for (number, at) in scale.ticks().enumerate() {
                        @if let Some(point) = self.points.get(at) {
                            text.chart__label data-between[number % 2 == 1] x=(round(scale.x(at))) y="214" text-anchor=(scale.anchor(at)) {
                                (point.label)
                            }
                        }
                    }
                    path.chart__before d=(scale.path(&before)) {}
                    path.chart__area d=(scale.area(&now)) {}
                    path.chart__line d=(scale.path(&now)) {}
                    @for (at, value) in alone(&before) {
                        circle.chart__dot-before cx=(round(scale.x(at))) cy=(round(scale.y(value))) r="2.5" {}
                    }
                    @for (at, value) in alone(&now) {
                        circle.chart__dot cx=(round(scale.x(at))) cy=(round(scale.y(value))) r="3.5" {}
                    }
                    (self.peak_mark(words, &scale))
                }
                (numbers(words, &self.columns, rows))
            }
        }
    }

    fn peak_mark(&self, words: &Words, scale: &Scale) -> Markup {
        let points = self.points.iter().enumerate();
        let highest = points.filter_map(|(at, point)| Some((point.value?, at))).max_by_key(|(value, _)| *value);
        let Some((value, at)) = highest else { return html! {} };
        let (x, y) = (scale.x(at), scale.y(value));
        let said =
            self.peak.as_ref().map_or_else(|| words.number(value), |name| format!("{name} · {}", words.number(value)));
        let anchor = if x < WIDTH / 3.0 { "start" } else { "end" };
        html! {
            circle.chart__peak cx=(round(x)) cy=(round(y)) r="5" {}
            text.chart__peak-label x=(round(x)) y=(round((y - 12.0).max(12.0))) text-anchor=(anchor) { (said) }
        }
    }
}

/// One bar.
#[derive(Clone, Debug)]
pub struct Bar {
    /// What it stands for.
    pub label: String,
    /// How much; `None` when nobody knows.
    pub value: Option<i64>,
    /// How much in the period before, and that in words.
    pub before: Option<(i64, String)>,
    /// Too little data to lean on: drawn pale, and the text says so.
    pub pale: bool,
}

/// A few things compared. Bars carry their numbers, so they are their own table.
#[derive(Clone, Debug)]
pub struct Bars {
    /// The question it answers.
    pub title: String,
    /// What is counted.
    pub text: String,
    /// The bars, in order.
    pub bars: Vec<Bar>,
    /// What stands where nobody knows: "not told".
    pub unknown: String,
}

impl Bars {
    /// As a card.
    pub fn render(&self, words: &Words) -> Markup {
        let before = |bar: &Bar| bar.before.as_ref().map(|(count, _)| *count);
        let most = self.bars.iter().flat_map(|bar| [bar.value, before(bar)]).flatten().max().unwrap_or(0).max(1);
        let share = |count: i64| format!("{}%", count.max(0).saturating_mul(100) / most);
        html! {
            figure.chart {
                figcaption.chart__head { strong.chart__title { (self.title) } span.chart__text { (self.text) } }
                table.bars {
                    tbody {
                        @for bar in &self.bars {
                            tr data-pale[bar.pale] {
                                th.bars__label scope="row" { (bar.label) }
                                td.bars__cell {
                                    svg.bars__bar width="100" height="12" aria-hidden="true" {
                                        rect.bars__now width=(share(bar.value.unwrap_or(0))) height="8" rx="4" {}
                                        @if let Some(count) = before(bar) {
                                            rect.bars__before width=(share(count)) y="9" height="3" rx="1.5" {}
                                        }
                                    }
                                }
                                td.bars__value {
                                    (said(words, bar.value).unwrap_or_else(|| self.unknown.clone()))
                                    @if let Some((_, text)) = &bar.before { span.bars__then { (text) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// How strong something is by row and column, in eleven steps; the table says the same in numbers.
#[derive(Clone, Debug)]
pub struct Heat {
    /// The question it answers.
    pub title: String,
    /// What is counted, and what pale means.
    pub text: String,
    /// The heads of the columns; an empty one leaves its place free.
    pub columns: Vec<String>,
    /// The rows: label, and for each column its step from 0 to 10 and what it says when asked.
    pub rows: Vec<(String, Vec<(u8, String)>)>,
    /// The answer, below.
    pub answer: Markup,
}

impl Render for Heat {
    fn render(&self) -> Markup {
        html! {
            figure.chart {
                figcaption.chart__head { strong.chart__title { (self.title) } span.chart__text { (self.text) } }
                table.heat {
                    tbody {
                        @for (label, cells) in &self.rows {
                            tr {
                                th.heat__label scope="row" { (label) }
                                @for (step, said) in cells {
                                    td.heat__cell data-step=((*step).min(10)) title=(said) { span.hidden { (said) } }
                                }
                            }
                        }
                    }
                    tfoot { tr { td {} @for column in &self.columns { td.heat__column { (column) } } } }
                }
                div.chart__answer { (self.answer) }
            }
        }
    }
}

/// Where a value stands on the drawing.
struct Scale {
    top: i64,
    count: usize,
}

impl Scale {
    fn new(most: i64, count: usize) -> Self {
        Self { top: round_up(most.max(3)), count }
    }

    fn x(&self, at: usize) -> f64 {
        let steps = real(self.count.saturating_sub(1).max(1));
        LEFT + (WIDTH - LEFT - 12.0) * real(at) / steps
    }

    fn y(&self, value: i64) -> f64 {
        BOTTOM - (BOTTOM - TOP) * real(value) / real(self.top)
    }

    fn grid_line(&self, words: &Words, step: i64) -> Markup {
        let value = self.top * step / 3;
        let y = round(self.y(value));
        html! {
            path.chart__grid d={ "M" (LEFT) " " (y) "H" (WIDTH) } {}
            text.chart__label x=(LEFT - 8.0) y=(y) dy="4" text-anchor="end" { (words.number(value)) }
        }
    }

    /// Where the label below a point is held, so that none reaches out of the drawing.
    fn anchor(&self, at: usize) -> &'static str {
        match at {
            0 => "start",
            last if last.saturating_add(1) == self.count => "end",
            _ => "middle",
        }
    }

    /// Which points have their label below: at most six. Where there is little room every other one is left out.
    fn ticks(&self) -> impl Iterator<Item = usize> {
        (0..self.count).step_by(self.count.div_ceil(6).max(1))
    }

    /// Lines between neighbours; a gap where a value is not known.
    fn path(&self, values: &[Option<i64>]) -> String {
        let mut path = String::new();
        let mut drawing = false;
        for (at, value) in values.iter().enumerate() {
            if let Some(value) = value {
                let letter = if drawing { 'L' } else { 'M' };
                append(&mut path, format_args!("{letter}{} {}", round(self.x(at)), round(self.y(*value))));
            }
            drawing = value.is_some();
        }
        path
    }

    fn area(&self, values: &[Option<i64>]) -> String {
        let mut path = String::new();
        for run in values.iter().enumerate().collect::<Vec<_>>().split(|(_, value)| value.is_none()) {
            let (Some((first, _)), Some((last, _))) = (run.first(), run.last()) else { continue };
            append(&mut path, format_args!("M{} {BOTTOM}", round(self.x(*first))));
            for (at, value) in run {
                append(&mut path, format_args!("L{} {}", round(self.x(*at)), round(self.y(value.unwrap_or(0)))));
            }
            append(&mut path, format_args!("L{} {BOTTOM}z", round(self.x(*last))));
        }
        path
    }
}

/// Points without a neighbour on either side: a line needs two, so they are drawn as dots.
fn alone(values: &[Option<i64>]) -> Vec<(usize, i64)> {
    let known = |at: Option<usize>| at.and_then(|at| values.get(at)).is_some_and(Option::is_some);
    let each = values.iter().enumerate().filter_map(|(at, value)| Some((at, (*value)?)));
    each.filter(|(at, _)| !known(at.checked_sub(1)) && !known(at.checked_add(1))).collect()
}

fn numbers(words: &Words, columns: &[String; 3], rows: impl Iterator<Item = [Option<String>; 3]>) -> Markup {
    html! {
        details.chart__numbers {
            summary { (words.say("chart-numbers")) }
            table.table {
                // A column without a head has nothing to say: there is no period before.
                thead { tr { @for column in columns.iter().filter(|column| !column.is_empty()) { th scope="col" { (column) } } } }
                tbody {
                    @for row in rows {
                        tr {
                            @for (cell, _) in row.into_iter().zip(columns).filter(|(_, column)| !column.is_empty()) {
                                td { (cell.unwrap_or_else(|| "–".to_owned())) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn said(words: &Words, value: Option<i64>) -> Option<String> {
    value.map(|value| words.number(value))
}

/// The next 3, 6 or 15 times a power of ten: three grid lines with round numbers.
fn round_up(most: i64) -> i64 {
    let mut unit = 1_i64;
    loop {
        for factor in [3, 6, 15] {
            let top = unit.saturating_mul(factor);
            if most <= top {
                return top;
            }
        }
        unit = unit.saturating_mul(10);
        if unit == i64::MAX {
            return i64::MAX;
        }
    }
}

fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// Whole numbers as reals; beyond 2^31 the drawing does not need the last digits.
fn real(value: impl TryInto<i64>) -> f64 {
    let value = value.try_into().unwrap_or(i64::MAX);
    i32::try_from(value)
        .map_or_else(|_| f64::from(i32::try_from(value >> 31).unwrap_or(i32::MAX)) * 2_147_483_648.0, f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_between_two_gaps_is_a_dot() {
        assert_eq!(alone(&[Some(1), None, Some(2), Some(3), None, Some(4)]), [(0, 1), (5, 4)]);
        assert!(alone(&[None, None]).is_empty());
    }

    #[test]
    fn bars_stand_against_those_before_and_say_both() {
        let words = Words::english().unwrap();
        let bar = |value, before: Option<i64>| Bar {
            label: "Monday".into(),
            value,
            before: before.map(|count| (count, format!("{count} before"))),
            pale: false,
        };
        let bars = vec![bar(Some(10), Some(20)), bar(None, None)];
        let html = Bars { title: "Which days?".into(), text: String::new(), bars, unknown: "no figures".into() };
        let html = html.render(&words).0;
        for part in ["width=\"50%\" height=\"8\"", "width=\"100%\" y=\"9\"", "20 before", "no figures"] {
            assert!(html.contains(part), "{part}: {html}");
        }
    }
}
