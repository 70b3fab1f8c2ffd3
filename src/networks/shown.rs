//! How the words of a post look at a network: what can be followed in them, and which link gets a card below.
//!
//! Previews draw this. It is told by each connector ([`super::Network::shown`]), from the same functions that make what
//! is sent; it asks nobody, so the card is only announced, not filled.

use std::ops::Range;

use super::counting;

/// The words as they look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// What can be followed in the text, in order, never overlapping.
    pub marks: Vec<Mark>,
    /// The link whose card stands below the words.
    pub card: Option<String>,
    /// What arrives, where it is a program that reads it.
    pub data: Option<String>,
}

/// A link, a mention or a hashtag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Where it is in the text, in bytes.
    pub range: Range<usize>,
    /// What is shown in its place, where that is not what was typed.
    pub text: Option<String>,
}

impl Shown {
    /// Links, mentions and hashtags, each as it was typed.
    pub fn as_typed(text: &str) -> Self {
        let mut ranges = counting::links(text);
        ranges.extend(counting::mentions(text).into_iter().map(|mention| mention.range));
        let taken = ranges.clone();
        let free = |tag: &Range<usize>| taken.iter().all(|range| tag.end <= range.start || range.end <= tag.start);
        ranges.extend(hashtags(text).into_iter().filter(free));
        ranges.sort_by_key(|range| range.start);
        Self { marks: ranges.into_iter().map(|range| Mark { range, text: None }).collect(), ..Self::default() }
    }
}

/// Where the hashtags are: a sign that follows no letter, then letters, digits and `_`, not digits alone.
fn hashtags(text: &str) -> Vec<Range<usize>> {
    let in_a_tag = |sign: char| sign.is_alphanumeric() || sign == '_';
    let tags = text.match_indices('#').filter_map(|(start, _sign)| {
        let glued = text.get(..start)?.chars().next_back().is_some_and(|before| in_a_tag(before) || before == '/');
        let word_start = start.checked_add(1)?;
        let rest = text.get(word_start..)?;
        let word = rest.get(..rest.find(|sign| !in_a_tag(sign)).unwrap_or(rest.len()))?;
        let worded = word.chars().any(|sign| !sign.is_ascii_digit());
        (!glued && worded).then(|| start..word_start.saturating_add(word.len()))
    });
    tags.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str) -> Vec<&str> {
        Shown::as_typed(text).marks.into_iter().map(|mark| text.get(mark.range).unwrap()).collect()
    }

    #[test]
    fn what_can_be_followed_is_found_once_and_in_order() {
        let text = "#Open with @ben@example.social: https://riverside.example/#top, not #1 nor a#b. #größer";
        assert_eq!(marked(text), ["#Open", "@ben@example.social", "https://riverside.example/#top", "#größer"]);
        assert!(marked("nothing here").is_empty());
    }
}
