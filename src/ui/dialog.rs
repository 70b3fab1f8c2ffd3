//! A sheet that slides from below on a phone and stands in the middle on a desktop.
//!
//! [`super::Button::opens`] opens it; without scripts its address (`#id`) shows it in the page.

use maud::{Markup, Render, html};

use super::{Button, Icon, Look};
use crate::words::Words;

/// A sheet.
#[derive(Clone, Debug)]
pub struct Dialog {
    id: String,
    title: String,
    close: String,
    body: Markup,
    foot: Option<Markup>,
    open: bool,
}

impl Dialog {
    /// A sheet with a title and something in it.
    pub fn new(words: &Words, id: impl Into<String>, title: impl Into<String>, body: Markup) -> Self {
        let close = words.say("frame-close");
        Self { id: id.into(), title: title.into(), close, body, foot: None, open: false }
    }

    /// Buttons that stay in sight below.
    #[must_use]
    pub fn foot(mut self, markup: Markup) -> Self {
        self.foot = Some(markup);
        self
    }

    /// Open from the start, as when a form inside it came back with errors.
    #[must_use]
    pub fn open(mut self, open: bool) -> Self {
        self.open = open;
        self
    }
}

impl Render for Dialog {
    fn render(&self) -> Markup {
        html! {
            dialog.dialog id=(self.id) aria-labelledby={ (self.id) "-title" } data-open[self.open] {
                div.dialog__head {
                    h2.dialog__title id={ (self.id) "-title" } { (self.title) }
                    form method="dialog" { (Button::submit(&self.close).icon_only(Icon::Close).look(Look::Plain)) }
                }
                div.dialog__body { (self.body) }
                @if let Some(foot) = &self.foot { div.dialog__foot { (foot) } }
            }
        }
    }
}
