//! Links, mentions and hashtags in a text, with where they are in UTF-8 bytes.
//!
//! Bluesky shows as a link only what a facet says is one, and its servers do not check that a facet lies within the
//! text, so it is kept here: facets are in order, never overlap, and begin and end where a person sees a character
//! begin and end. What counts as a link, a mention or a tag follows the official client closely enough that nobody is
//! surprised (bluesky-social/atproto packages/api/src/rich-text, read 2026-11), and errs on the side of plain text.

#[cfg(test)]
mod tests;

use std::ops::Range;

use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};
use url::Url;

use super::domains::is_top_level;

/// Something in a text that can be followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Span {
    /// Where, in bytes of UTF-8.
    pub(super) bytes: Range<usize>,
    /// What.
    pub(super) what: What,
}

/// What a span is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A link to this address.
    Link(String),
    /// A mention of this handle, in small letters, without the sign before it.
    Mention(String),
    /// A hashtag, without the sign before it.
    Tag(String),
}

/// A tag may have so many characters (app.bsky.richtext.facet#tag, read 2026-11).
const TAG_MAX_GRAPHEMES: usize = 64;
/// A tag may have so many bytes (the same).
const TAG_MAX_BYTES: usize = 640;
/// A host name may have so many characters (RFC 1035).
const HOST_MAX_BYTES: usize = 253;
/// Signs after which nothing begins: inside a word, an address, a path.
const INSIDE: &str = "_@#＃&/.-=%+~$\\\u{200d}";
/// Signs that no address goes on after.
const ENDS_LINK: &str = "<>\"`“”«»‹›「」『』【】（）《》〈〉。、，；！？：\u{200b}\u{feff}";
/// Signs that belong to the sentence and not to the link or tag before them.
const TRAILING: &str = ".,;:!?'…";
/// Signs that no tag goes on after.
const ENDS_TAG: &str = "#＃,;:!?()[]{}<>\"`“”«»‹›「」『』【】（）《》〈〉。、，；！？：…\u{ad}\u{200a}\u{200b}\u{2060}\u{20e2}\u{20e3}\u{feff}";

/// All there is in this text, in order.
pub(super) fn find(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut from = 0;
    let mut before = None;
    while let Some(rest) = text.get(from..).filter(|rest| !rest.is_empty()) {
        let found = span_at(rest, before).and_then(|(length, what)| {
            let bytes = from..from.saturating_add(length);
            let whole = is_character_border(text, bytes.start) && is_character_border(text, bytes.end);
            whole.then_some(Span { bytes, what })
        });
        let step = match &found {
            Some(span) => span.bytes.len(),
            None => rest.chars().next().map_or(1, char::len_utf8),
        };
        before = rest.get(..step).and_then(|passed| passed.chars().next_back());
        from = from.saturating_add(step);
        spans.extend(found);
    }
    spans
}

/// What begins right here, and how long it is.
fn span_at(rest: &str, before: Option<char>) -> Option<(usize, What)> {
    // An address with its scheme may follow a letter of a script that sets no spaces.
    if before.is_none_or(|sign| !sign.is_ascii_alphanumeric() && !INSIDE.contains(sign))
        && let Some(found) = link(rest)
    {
        return Some(found);
    }
    if before.is_some_and(|sign| sign.is_alphanumeric() || INSIDE.contains(sign)) {
        return None;
    }
    mention(rest).or_else(|| tag(rest)).or_else(|| bare_link(rest))
}

fn link(rest: &str) -> Option<(usize, What)> {
    let scheme = ["https://", "http://"]
        .into_iter()
        .find(|scheme| rest.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))?;
    let shown = trimmed(rest.get(..link_length(rest))?);
    let url = Url::parse(shown).ok().filter(|_url| scheme.len() < shown.len())?;
    let host = url.host_str()?;
    let leads_somewhere = host.contains('.') || host.starts_with('[');
    (leads_somewhere && url.username().is_empty() && url.password().is_none())
        .then(|| (shown.len(), What::Link(as_uri(shown, &url))))
}

/// `example.com/page`, without a scheme: only where the name ends in a top-level domain that exists.
fn bare_link(rest: &str) -> Option<(usize, What)> {
    let host = host_at(rest)?;
    let (_, top) = host.rsplit_once('.')?;
    let one_case =
        top.chars().all(|sign| sign.is_ascii_lowercase()) || !host.chars().any(|sign| sign.is_ascii_lowercase());
    if !one_case || !is_top_level(&top.to_ascii_lowercase()) {
        return None;
    }
    let after = rest.get(host.len()..)?;
    let mut next = after.chars();
    let shown = match next.next() {
        Some('/' | '?' | '#') => trimmed(rest.get(..link_length(rest))?),
        Some(':') if next.next().is_some_and(|sign| sign.is_ascii_digit()) => trimmed(rest.get(..link_length(rest))?),
        Some(sign) if sign.is_alphanumeric() || INSIDE.replace('.', "").contains(sign) => return None,
        _ => host,
    };
    let with_scheme = format!("https://{shown}");
    let url = Url::parse(&with_scheme).ok()?;
    Some((shown.len(), What::Link(as_uri(&with_scheme, &url))))
}

/// How far an address goes before it is trimmed.
fn link_length(rest: &str) -> usize {
    let ends = |sign: char| sign.is_whitespace() || sign.is_control() || ENDS_LINK.contains(sign);
    rest.find(ends).unwrap_or(rest.len())
}

/// Without the punctuation of the sentence around it, and without a closing bracket that was opened before it.
fn trimmed(mut shown: &str) -> &str {
    loop {
        let Some(last) = shown.chars().next_back() else { return shown };
        let opened_by = match last {
            ')' => Some('('),
            ']' => Some('['),
            '}' => Some('{'),
            _ => None,
        };
        let count = |sign: char| shown.chars().filter(|other| *other == sign).count();
        let unbalanced = opened_by.is_some_and(|opening| count(opening) < count(last));
        if !unbalanced && !TRAILING.contains(last) {
            return shown;
        }
        shown = shown.get(..shown.len().saturating_sub(last.len_utf8())).unwrap_or_default();
    }
}

/// As it was typed where that is an address already; else as the standard writes it, in ASCII.
fn as_uri(typed: &str, url: &Url) -> String {
    if typed.is_ascii() { typed.to_owned() } else { url.as_str().to_owned() }
}

fn mention(rest: &str) -> Option<(usize, What)> {
    let after = rest.strip_prefix('@')?;
    let handle = host_at(after)?;
    let (_, top) = handle.rsplit_once('.')?;
    let goes_on = after
        .get(handle.len()..)?
        .chars()
        .next()
        .is_some_and(|sign| sign.is_alphanumeric() || matches!(sign, '@' | '_' | '-' | '/'));
    (!goes_on && top.starts_with(|sign: char| sign.is_ascii_alphabetic()))
        .then(|| (handle.len().saturating_add(1), What::Mention(handle.to_ascii_lowercase())))
}

/// A host name of two parts or more at the beginning of this, without the dot that ends a sentence.
fn host_at(rest: &str) -> Option<&str> {
    let end =
        rest.find(|sign: char| !(sign.is_ascii_alphanumeric() || matches!(sign, '.' | '-'))).unwrap_or(rest.len());
    let host = rest.get(..end)?.trim_end_matches(['.', '-']);
    let labels_fit = host
        .split('.')
        .all(|label| (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-'));
    (host.contains('.') && labels_fit && host.len() <= HOST_MAX_BYTES).then_some(host)
}

fn tag(rest: &str) -> Option<(usize, What)> {
    let sign = rest.chars().next().filter(|sign| matches!(sign, '#' | '＃'))?;
    let after = rest.get(sign.len_utf8()..)?;
    // The sign itself as a picture: `#` and a variation selector.
    if after.starts_with('\u{fe0f}') {
        return None;
    }
    let ends = |sign: char| sign.is_whitespace() || sign.is_control() || ENDS_TAG.contains(sign);
    let name = after.get(..after.find(ends).unwrap_or(after.len()))?;
    let name = name.trim_end_matches(|sign: char| is_punctuation(sign) || matches!(sign, '\u{200c}' | '\u{200d}'));
    let says_something = name.chars().any(|sign| !sign.is_numeric() && !is_punctuation(sign));
    let fits = name.len() <= TAG_MAX_BYTES && name.graphemes(true).count() <= TAG_MAX_GRAPHEMES;
    (says_something && fits).then(|| (sign.len_utf8().saturating_add(name.len()), What::Tag(name.to_owned())))
}

fn is_punctuation(sign: char) -> bool {
    sign.is_ascii_punctuation()
        || matches!(sign, '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{3001}'..='\u{3003}' | '・' | '·')
}

fn is_character_border(text: &str, at: usize) -> bool {
    GraphemeCursor::new(at, text.len(), true).is_boundary(text, 0).unwrap_or(false)
}
