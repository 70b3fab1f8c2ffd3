//! The mark of a network: a plain letter or sign on a disc, not a trademark.

use maud::{Markup, Render, html};
use unicode_segmentation::UnicodeSegmentation;

use super::Icon;

/// The mark of one network.
#[derive(Clone, Debug)]
pub struct NetworkMark {
    key: String,
    name: String,
}

impl NetworkMark {
    /// By the key the network is known under (`mastodon`) and its name as people read it.
    pub fn new(key: impl Into<String>, name: impl Into<String>) -> Self {
        Self { key: key.into(), name: name.into() }
    }

    fn icon(&self) -> Option<Icon> {
        match self.key.as_str() {
            "mastodon" => Some(Icon::NetworkMastodon),
            "bluesky" => Some(Icon::NetworkBluesky),
            "practice" => Some(Icon::NetworkPractice),
            "by-hand" | "by_hand" => Some(Icon::NetworkByHand),
            "webhook" => Some(Icon::NetworkWebhook),
            _ => None,
        }
    }
}

impl Render for NetworkMark {
    fn render(&self) -> Markup {
        html! {
            span.network data-network=(self.key) role="img" aria-label=(self.name) title=(self.name) {
                @match self.icon() {
                    Some(icon) => (icon.small()),
                    None => span.network__letter aria-hidden="true" {
                        (self.name.graphemes(true).next().unwrap_or("?").to_uppercase())
                    },
                }
            }
        }
    }
}

/// Several marks, overlapping, with how many more there are beyond the first five.
pub fn network_marks(marks: &[NetworkMark]) -> Markup {
    html! {
        span.networks {
            @for mark in marks.iter().take(5) { (mark) }
            @if 5 < marks.len() { span.networks__more { "+" (marks.len().saturating_sub(5)) } }
        }
    }
}
