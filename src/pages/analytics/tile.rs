//! A figure against the one before it, as a tile. What a network does not give is "not given", never zero.

use crate::metrics::Compared;
use crate::ui::{Stat, Trend};
use crate::words::Words;

/// The tile of a figure.
pub(in crate::pages) fn compared_tile(words: &Words, label: String, figure: Compared) -> Stat {
    let value = figure.now.map_or_else(|| words.say("analytics-not-given"), |now| number(words, now));
    let (trend, text) = trend(words, figure);
    Stat::new(label, value).trend(trend, text)
}

fn trend(words: &Words, figure: Compared) -> (Trend, String) {
    let percent = |percent: i64| [("percent", percent.abs().into())];
    match (figure.growth_percent(), figure.now, figure.before) {
        (Some(0), _, _) | (None, Some(0), Some(0)) => (Trend::Level, words.say("analytics-level")),
        (Some(grown), _, _) if 0 < grown => (Trend::Up, words.tell("analytics-more", &percent(grown))),
        (Some(grown), _, _) => (Trend::Down, words.tell("analytics-less", &percent(grown))),
        (None, Some(_), Some(_)) => (Trend::Up, words.say("analytics-from-nothing")),
        (None, Some(_), None) => (Trend::Level, words.say("analytics-nothing-before")),
        (None, None, _) => (Trend::Level, words.say("analytics-not-told")),
    }
}

/// A count with its thousands grouped.
pub(super) fn number(words: &Words, count: u64) -> String {
    words.number(i64::try_from(count).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use maud::Render;

    use super::*;

    #[test]
    fn a_figure_says_how_it_compares_and_what_is_not_given_is_no_zero() {
        let words = Words::english().unwrap();
        let check = |now, before, expected: &[&str]| {
            let html = compared_tile(&words, "Views".into(), Compared { now, before }).render().0;
            for part in expected {
                assert!(html.contains(part), "{now:?} {before:?}: {html}");
            }
            assert!(now == Some(0) || !html.contains(">0<"), "{html}");
        };
        check(Some(1120), Some(1000), &["1,120", "12 % more<", "data-trend=\"up\""]);
        check(Some(50), Some(100), &["50 % less<", "data-trend=\"down\""]);
        check(Some(100), Some(100), &["As before"]);
        check(Some(5), Some(0), &["None before", "data-trend=\"up\""]);
        check(Some(0), Some(0), &["As before"]);
        check(Some(5), None, &["Nothing to compare with"]);
        check(None, Some(3), &["Not given", "No network told it"]);
    }
}
