//! How long it is until something happens by itself: "Goes out in 12 s". The server says how long; the browser counts.

use std::time::Duration;

use maud::{Markup, html};

use crate::words::Words;

/// The seconds that are left, in the sentence of this key (with `$count`); `gone` is said when none is.
pub fn count_down(words: &Words, left: Duration, key: &str, gone: &str) -> Markup {
    let whole = |count: &str| words.tell(key, &[("count", count.into())]);
    // As the browser counts: the second that has begun is still shown.
    let seconds = left.as_millis().div_ceil(1000).to_string();
    html! {
        count-down.count-down data-left-ms=(left.as_millis()) data-words=(whole("#")) data-gone=(words.say(gone)) {
            // Read out once; the seconds that run are for the eye.
            span.hidden { (whole(&seconds)) }
            span aria-hidden="true" { (whole(&seconds)) }
        }
    }
}
