//! A button that opens a short list of links: filters and other views. It is a disclosure of the browser's own, so it
//! works without scripts.

use maud::{Markup, Render, html};

use super::Icon;

/// A list of links behind a button.
#[derive(Clone, Debug)]
pub struct Menu {
    label: String,
    icon: Icon,
    chosen: bool,
    items: Vec<Item>,
}

#[derive(Clone, Debug)]
struct Item {
    href: String,
    text: String,
    mark: Option<Markup>,
    current: bool,
}

impl Menu {
    /// A button that says what is shown; on a phone only its icon is painted.
    pub fn new(label: impl Into<String>, icon: Icon) -> Self {
        Self { label: label.into(), icon, chosen: false, items: Vec::new() }
    }

    /// Something else than everything is shown: the button says so by its colour.
    #[must_use]
    pub fn chosen(mut self, chosen: bool) -> Self {
        self.chosen = chosen;
        self
    }

    /// One more link, perhaps with a mark before it.
    #[must_use]
    pub fn item(
        mut self,
        href: impl Into<String>,
        text: impl Into<String>,
        mark: Option<Markup>,
        current: bool,
    ) -> Self {
        self.items.push(Item { href: href.into(), text: text.into(), mark, current });
        self
    }
}

impl Render for Menu {
    fn render(&self) -> Markup {
        html! {
            details.menu {
                summary.menu__button data-chosen[self.chosen] title=(self.label) {
                    (self.icon.small()) span.menu__label { (self.label) }
                }
                ul.menu__list role="list" {
                    @for item in &self.items {
                        li {
                            a.menu__item href=(item.href) aria-current=[item.current.then_some("true")] {
                                @if let Some(mark) = &item.mark { (mark) }
                                span.menu__text { (item.text) }
                                @if item.current { (Icon::Check.small()) }
                            }
                        }
                    }
                }
            }
        }
    }
}
