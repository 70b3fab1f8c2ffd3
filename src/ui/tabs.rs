//! Views of one thing side by side: "Open 7 · Mine 2 · Later". They are links; the address says which is shown.

use maud::{Markup, Render, html};

/// A row of views.
#[derive(Clone, Debug)]
pub struct Tabs {
    label: String,
    tabs: Vec<Tab>,
}

#[derive(Clone, Debug)]
struct Tab {
    href: String,
    text: String,
    count: Option<u32>,
    current: bool,
}

impl Tabs {
    /// A row with a label that is only read out.
    pub fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), tabs: Vec::new() }
    }

    /// One more view.
    #[must_use]
    pub fn tab(self, href: impl Into<String>, text: impl Into<String>, current: bool) -> Self {
        self.push(href.into(), text.into(), None, current)
    }

    /// One more view with how many there are.
    #[must_use]
    pub fn tab_counted(self, href: impl Into<String>, text: impl Into<String>, count: u32, current: bool) -> Self {
        self.push(href.into(), text.into(), Some(count), current)
    }

    fn push(mut self, href: String, text: String, count: Option<u32>, current: bool) -> Self {
        self.tabs.push(Tab { href, text, count, current });
        self
    }
}

impl Render for Tabs {
    fn render(&self) -> Markup {
        html! {
            nav.tabs aria-label=(self.label) {
                @for tab in &self.tabs {
                    a.tabs__tab href=(tab.href) aria-current=[tab.current.then_some("page")] {
                        (tab.text) @if let Some(count) = tab.count { " " span.tabs__count { (count) } }
                    }
                }
            }
        }
    }
}
