//! Times, with everything about them in their title.

use jiff::Zoned;
use maud::{Markup, html};

use crate::words::Words;

/// A time written as `text`; the title has day, year, time and zone.
pub fn time_element(words: &Words, at: &Zoned, text: &str) -> Markup {
    html! { time datetime=(at.timestamp()) title=(words.absolute(at)) { (text) } }
}

/// How long ago; the browser keeps it fresh for a day.
pub fn relative_time(words: &Words, at: &Zoned, now: &Zoned) -> Markup {
    let pattern = |key: &str| words.tell(key, &[("count", "#".into())]);
    html! {
        relative-time data-now=(words.say("date-just-now")) data-minutes=(pattern("date-minutes"))
            data-hours=(pattern("date-hours")) { (time_element(words, at, &words.ago(at, now))) }
    }
}
