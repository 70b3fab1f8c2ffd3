//! How much of a limit is used: a ring, and the number when it gets near.
//!
//! The server's count is the truth; while someone types, the browser shows a first guess by counting graphemes.

use maud::{Markup, html};

use crate::words::Words;

/// The ring for a field.
pub fn char_counter(words: &Words, field_id: &str, used: u32, limit: u32) -> Markup {
    char_counter_named(words, field_id, used, limit, None)
}

/// The ring for a field, with the name of whose limit it is.
pub fn char_counter_named(words: &Words, field_id: &str, used: u32, limit: u32, name: Option<&str>) -> Markup {
    let over = limit < used;
    let key = if over { "counter-over" } else { "counter-left" };
    let said = words.tell(key, &[("count", limit.abs_diff(used).into())]);
    let left = i64::from(limit) - i64::from(used);
    let part = u64::from(used) * 100 / u64::from(limit.max(1));
    let near = limit.saturating_sub(used) <= (limit / 10).max(20);
    html! {
        char-counter.char-counter data-for=(field_id) data-limit=(limit) data-over=(over) data-near[near]
            title=[name] {
            svg.char-counter__ring viewBox="0 0 28 28" width="28" height="28" aria-hidden="true" {
                circle.char-counter__track cx="14" cy="14" r="11" {}
                circle.char-counter__used cx="14" cy="14" r="11" pathLength="100"
                    stroke-dasharray={ (part.min(100)) " 100" } transform="rotate(-90 14 14)" {}
            }
            span.char-counter__left aria-hidden="true" { (left) }
            @if let Some(name) = name { span.char-counter__name { (name) } }
            output.hidden aria-live="polite" { (said) }
        }
    }
}
