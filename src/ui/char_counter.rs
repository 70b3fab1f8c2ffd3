//! How much of a limit is used: a ring, and the number when it gets near.
//!
//! The server's count is the truth; while someone types, the browser moves on from it by counting graphemes.

use maud::{Markup, html};

use super::NetworkMark;
use crate::words::Words;

/// The ring for a field.
pub fn char_counter(words: &Words, field_id: &str, used: u32, limit: u32) -> Markup {
    ring(field_id, (used, limit), &told(words, used, limit), None)
}

/// The ring for a field on a channel, around the mark of its network.
pub fn channel_counter(words: &Words, field_id: &str, count: (u32, u32), channel: &str, mark: &NetworkMark) -> Markup {
    let told = told(words, count.0, count.1);
    let named = words.tell("counter-at-channel", &[("channel", channel.into()), ("count", told.into())]);
    ring(field_id, count, &named, Some((channel, mark)))
}

fn told(words: &Words, used: u32, limit: u32) -> String {
    let key = if limit < used { "counter-over" } else { "counter-left" };
    words.tell(key, &[("count", limit.abs_diff(used).into())])
}

fn ring(field_id: &str, (used, limit): (u32, u32), told: &str, of: Option<(&str, &NetworkMark)>) -> Markup {
    let left = i64::from(limit) - i64::from(used);
    let part = u64::from(used) * 100 / u64::from(limit.max(1));
    let near = limit.saturating_sub(used) <= (limit / 10).max(20);
    html! {
        char-counter.char-counter data-for=(field_id) data-limit=(limit) data-used=(used) data-over=(limit < used)
            data-near[near] title=[of.map(|(name, _mark)| name)] {
            span.char-counter__around aria-hidden="true" {
                svg.char-counter__ring viewBox="0 0 28 28" width="28" height="28" {
                    circle.char-counter__track cx="14" cy="14" r="12" {}
                    circle.char-counter__used cx="14" cy="14" r="12" pathLength="100"
                        stroke-dasharray={ (part.min(100)) " 100" } transform="rotate(-90 14 14)" {}
                }
                @if let Some((_name, mark)) = of { (mark) }
            }
            span.char-counter__left aria-hidden="true" { (left) }
            span.hidden { (told) }
        }
    }
}
