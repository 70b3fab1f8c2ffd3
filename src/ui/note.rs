//! Something to know where one stands, with the fix as a button.

use maud::{Markup, Render, html};

use super::{Hue, Icon};

/// A tinted panel with a sentence.
#[derive(Clone, Debug)]
pub struct Note {
    hue: Hue,
    icon: Icon,
    title: Option<String>,
    text: String,
    source: Option<String>,
    action: Option<Markup>,
}

impl Note {
    /// Good to know.
    pub fn info(text: impl Into<String>) -> Self {
        Self::new(Hue::Action, Icon::Info, text.into())
    }

    /// Look here before it goes on.
    pub fn amber(text: impl Into<String>) -> Self {
        Self::new(Hue::Amber, Icon::Warning, text.into())
    }

    /// It went wrong.
    pub fn rust(text: impl Into<String>) -> Self {
        Self::new(Hue::Rust, Icon::Alert, text.into())
    }

    /// An idea, with the figures that say so.
    pub fn idea(text: impl Into<String>) -> Self {
        Self::new(Hue::Bronze, Icon::Idea, text.into())
    }

    fn new(hue: Hue, icon: Icon, text: String) -> Self {
        Self { hue, icon, title: None, text, source: None, action: None }
    }

    /// Another icon.
    #[must_use]
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = icon;
        self
    }

    /// A few words in bold before the sentence.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// Small text below: where a figure comes from.
    #[must_use]
    pub fn source(mut self, text: impl Into<String>) -> Self {
        self.source = Some(text.into());
        self
    }

    /// The fix, as a button.
    #[must_use]
    pub fn action(mut self, markup: Markup) -> Self {
        self.action = Some(markup);
        self
    }
}

impl Render for Note {
    fn render(&self) -> Markup {
        html! {
            div.note data-hue=(self.hue.name()) {
                span.note__icon { (self.icon) }
                div.note__words {
                    @if let Some(title) = &self.title { p.note__title { (title) } }
                    p { (self.text) }
                    @if let Some(source) = &self.source { p.note__source { (source) } }
                }
                @if let Some(action) = &self.action { div.note__action { (action) } }
            }
        }
    }
}
