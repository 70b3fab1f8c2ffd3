//! On to the next part of a long list.

use maud::{Markup, Render, html};

use super::{Button, Look};
use crate::words::Words;

/// Links to what came before and what comes after.
#[derive(Clone, Debug)]
pub struct Pagination {
    label: String,
    earlier: Option<Button>,
    later: Option<Button>,
}

impl Pagination {
    /// With the addresses there are.
    pub fn new(words: &Words, earlier: Option<String>, later: Option<String>) -> Self {
        let link = |href, key| Button::link(href, words.say(key)).look(Look::Quiet);
        Self {
            label: words.say("page-parts"),
            earlier: earlier.map(|href| link(href, "page-earlier")),
            later: later.map(|href| link(href, "page-later")),
        }
    }
}

impl Render for Pagination {
    fn render(&self) -> Markup {
        if self.earlier.is_none() && self.later.is_none() {
            return html! {};
        }
        html! {
            nav.pagination aria-label=(self.label) {
                @if let Some(later) = &self.later { (later) }
                @if let Some(earlier) = &self.earlier { (earlier) }
            }
        }
    }
}
