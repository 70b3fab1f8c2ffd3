//! Pages without places: set-up, sign-in, an invitation, no connection. One card in the middle, the brand above it.

use maud::{Markup, PreEscaped, html};

use super::page::{Document, brand, document, skip_link};
use super::{Button, Icon, Notice, Theme};
use crate::words::Words;

/// One page without places.
#[derive(Clone, Debug)]
pub struct BarePage<'a> {
    /// The catalogue.
    pub words: &'a Words,
    /// The one `h1`.
    pub title: String,
    /// A sentence below it.
    pub lede: Option<String>,
    /// The colours.
    pub theme: Theme,
    /// The token for forms; pages before sign-in have one of their own.
    pub csrf: Option<&'a str>,
    /// Modules to fetch ahead, by path below `js/`.
    pub modules: &'a [&'a str],
    /// The answer to what was just done.
    pub notice: Option<Notice>,
    /// Small text below the card.
    pub foot: Markup,
}

impl<'a> BarePage<'a> {
    /// A page with nothing but its title.
    pub fn new(words: &'a Words, title: impl Into<String>) -> Self {
        Self {
            words,
            title: title.into(),
            lede: None,
            theme: Theme::Auto,
            csrf: None,
            modules: &[],
            notice: None,
            foot: PreEscaped(String::new()),
        }
    }

    /// The whole document around this content.
    pub fn render(&self, main: &Markup) -> Markup {
        let words = self.words;
        let body = html! {
            (skip_link(self.words))
            div.bare {
                header.bare__head { (brand(words, None)) }
                div.page__notices id="notices" role="status" aria-live="polite" {
                    @if let Some(notice) = &self.notice {
                        (notice.render(self.csrf.unwrap_or_default(), &self.words.say("frame-dismiss")))
                    }
                }
                main.bare__main id="main" tabindex="-1" {
                    h1.bare__title { (self.title) }
                    @if let Some(lede) = &self.lede { p.bare__lede { (lede) } }
                    (main)
                }
                @if !self.foot.0.is_empty() { footer.bare__foot { (self.foot) } }
            }
        };
        document(&Document {
            words: self.words,
            title: &self.words.tell("page-title-alone", &[("page", (&self.title).into())]),
            theme: self.theme,
            csrf: self.csrf,
            // Sign-in is opened on slow lines too: nothing is fetched that nothing here uses.
            core: &["lib/dom.js"],
            modules: self.modules,
            events: None,
            body: &body,
        })
    }
}

/// What the service worker shows when Belfry cannot be reached.
pub fn offline_page(words: &Words) -> Markup {
    let mut page = BarePage::new(words, words.say("offline-title"));
    page.lede = Some(words.say("offline-text"));
    page.render(&html! { (Button::link("", words.say("offline-again")).icon(Icon::Retry).wide()) })
}
