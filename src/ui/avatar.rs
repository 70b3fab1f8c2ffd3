//! A face, or the initials that stand for it, with the mark of its network.
//!
//! Pictures are ours or from our own cache, never from elsewhere. Beside the name it belongs to, it is not read out.

use maud::{Markup, Render, html};
use unicode_segmentation::UnicodeSegmentation;

use super::{NetworkMark, tone};

/// A face.
#[derive(Clone, Debug)]
pub struct Avatar {
    name: String,
    picture: Option<String>,
    tone: Option<u8>,
    network: Option<(String, String)>,
    small: bool,
    square: bool,
}

impl Avatar {
    /// The initials of this name, in a tone that stays the same for it.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), picture: None, tone: None, network: None, small: false, square: false }
    }

    /// A picture, when there is one.
    #[must_use]
    pub fn picture(mut self, url: Option<String>) -> Self {
        self.picture = url;
        self
    }

    /// A tone of its own, 1 to 12.
    #[must_use]
    pub fn tone(mut self, number: u8) -> Self {
        self.tone = Some(tone(number));
        self
    }

    /// With the mark of a network: its key and its name.
    #[must_use]
    pub fn network(mut self, key: impl Into<String>, name: impl Into<String>) -> Self {
        self.network = Some((key.into(), name.into()));
        self
    }

    /// 28 px instead of 42.
    #[must_use]
    pub fn small(mut self) -> Self {
        self.small = true;
        self
    }

    /// With corners: for workspaces, pillars and campaigns rather than people.
    #[must_use]
    pub fn square(mut self) -> Self {
        self.square = true;
        self
    }

    fn initials(&self) -> String {
        let firsts: Vec<String> =
            self.name.unicode_words().filter_map(|word| word.graphemes(true).next()).map(str::to_uppercase).collect();
        match (firsts.as_slice(), self.small || self.square) {
            ([], _) => self.name.graphemes(true).next().unwrap_or("?").to_owned(),
            ([only], _) | ([only, ..], true) => only.clone(),
            ([first, .., last], false) => format!("{first}{last}"),
        }
    }

    fn own_tone(&self) -> u8 {
        let sum = self.name.bytes().fold(0_u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte));
        self.tone.unwrap_or(sum % 12 + 1)
    }
}

impl Render for Avatar {
    fn render(&self) -> Markup {
        let px = if self.small { "28" } else { "42" };
        html! {
            span.avatar data-tone=(self.own_tone()) data-small[self.small] data-square[self.square] {
                @if let Some(url) = &self.picture {
                    img.avatar__picture src=(url) alt="" width=(px) height=(px) loading="lazy";
                } @else { span.avatar__initials aria-hidden="true" { (self.initials()) } }
                @if let Some((key, name)) = &self.network { (NetworkMark::new(key, name)) }
            }
        }
    }
}
