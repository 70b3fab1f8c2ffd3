//! A small picture of an asset.

use maud::{Markup, Render, html};

use super::Icon;

/// A small picture.
#[derive(Clone, Debug)]
pub struct Thumb {
    src: Option<String>,
    alt: String,
    more: u32,
    video: bool,
    large: bool,
}

impl Thumb {
    /// A picture with its alt text; empty where the words beside it say the same.
    pub fn new(src: impl Into<String>, alt: impl Into<String>) -> Self {
        Self { src: Some(src.into()), alt: alt.into(), more: 0, video: false, large: false }
    }

    /// The place of a picture that is not ready yet.
    pub fn pending(alt: impl Into<String>) -> Self {
        Self { src: None, alt: alt.into(), more: 0, video: false, large: false }
    }

    /// How many more there are behind it.
    #[must_use]
    pub fn more(mut self, more: u32) -> Self {
        self.more = more;
        self
    }

    /// It is a video.
    #[must_use]
    pub fn video(mut self) -> Self {
        self.video = true;
        self
    }

    /// As wide as its place, square: for the library.
    #[must_use]
    pub fn large(mut self) -> Self {
        self.large = true;
        self
    }
}

impl Render for Thumb {
    fn render(&self) -> Markup {
        let px = if self.large { "320" } else { "44" };
        html! {
            span.thumb data-large[self.large] {
                @if let Some(src) = &self.src {
                    img.thumb__picture src=(src) alt=(self.alt) width=(px) height=(px) loading="lazy" decoding="async";
                } @else { span.thumb__pending role="img" aria-label=(self.alt) { (Icon::Image.small()) } }
                @if self.video { span.thumb__mark { (Icon::Play.tiny()) } }
                @else if 0 < self.more { span.thumb__mark { "+" (self.more) } }
            }
        }
    }
}
