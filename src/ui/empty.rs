//! A place with nothing in it yet: says what will stand here and teaches the next step.

use maud::{Markup, Render, html};

use super::Icon;

/// An empty place.
#[derive(Clone, Debug)]
pub struct Empty {
    icon: Icon,
    title: String,
    text: String,
    action: Option<Markup>,
}

impl Empty {
    /// An empty place.
    pub fn new(icon: Icon, title: impl Into<String>, text: impl Into<String>) -> Self {
        Self { icon, title: title.into(), text: text.into(), action: None }
    }

    /// The next step, as a button.
    #[must_use]
    pub fn action(mut self, markup: Markup) -> Self {
        self.action = Some(markup);
        self
    }
}

impl Render for Empty {
    fn render(&self) -> Markup {
        html! {
            div.empty {
                span.empty__icon { (self.icon) }
                p.empty__title { (self.title) }
                p.empty__text { (self.text) }
                @if let Some(action) = &self.action { div.empty__action { (action) } }
            }
        }
    }
}
