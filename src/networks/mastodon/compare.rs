//! Recognising one's own words in what a server made of them.
//!
//! A server turns text into HTML: it shortens mentions to `@ben`, makes links, may read Markdown. Two texts are the
//! same when nothing but that differs.

use crate::base::id::digest;
use crate::networks::html::text_of;

/// A mention in a text: `@ben` or `@ben@example.social`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mention<'t> {
    pub(super) name: &'t str,
    pub(super) host: Option<&'t str>,
}

/// The warning and the words, as they are compared: one line, mentions without their host, nothing invisible.
pub(super) fn normal(warning: &str, text: &str) -> String {
    let mut plain = String::new();
    for part in [warning, " ", text] {
        pieces(part, |piece| match piece {
            Piece::Text(text) => plain.push_str(text),
            Piece::Mention(mention) => {
                plain.push('@');
                plain.push_str(mention.name);
            }
        });
    }
    plain.retain(|sign| !matches!(sign, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{fe0e}' | '\u{fe0f}' | '\u{feff}'));
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The same of a post's HTML.
pub(super) fn normal_of_html(warning: &str, html: &str, quotes: bool) -> String {
    let text = text_of(html);
    // A quote is shown to servers that know none as a first line `RE: <address>`.
    let words = match text.split_once('\n') {
        Some((first, rest)) if quotes && first.starts_with("RE: http") => rest,
        None if quotes && text.starts_with("RE: http") => "",
        _ => &text,
    };
    normal(warning, words)
}

/// What is left when a server may have read Markdown: letters and digits. For finding what to look at more closely.
pub(super) fn loose(normal: &str) -> String {
    normal.chars().filter(|sign| sign.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A short digest of normalised words, for the material of a claim.
pub(super) fn fingerprint(normal: &str) -> String {
    format!("{:032x}", digest::<u128>(&[normal.as_bytes()]))
}

/// Whether a text names this account: in full, or by its short name where that is enough.
pub(super) fn names(text: &str, name: &str, host: Option<&str>, is_local: bool) -> bool {
    let mut found = false;
    pieces(text, |piece| {
        let Piece::Mention(mention) = piece else { return };
        let same_name = mention.name.eq_ignore_ascii_case(name);
        found |= same_name
            && match (mention.host, host) {
                (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
                (None, _) => is_local,
                (Some(_), None) => false,
            };
    });
    found
}

enum Piece<'t> {
    Text(&'t str),
    Mention(Mention<'t>),
}

/// Cuts a text into mentions and what is between them.
fn pieces<'t>(text: &'t str, mut take: impl FnMut(Piece<'t>)) {
    let mut rest = text;
    let mut before: Option<char> = None;
    while let Some(at) = rest.find('@') {
        let (head, tail) = rest.split_at(at);
        take(Piece::Text(head));
        before = head.chars().next_back().or(before);
        let after_at = tail.strip_prefix('@').unwrap_or_default();
        let (name, after) = split_where(after_at, |sign| !is_name(sign));
        // A sign before it makes it part of a mail address or a link.
        if name.is_empty() || before.is_some_and(|sign| sign.is_alphanumeric() || sign == '/') {
            take(Piece::Text("@"));
            take(Piece::Text(name));
            before = name.chars().next_back().or(Some('@'));
            rest = after;
            continue;
        }
        let host_on = after.strip_prefix('@').unwrap_or_default();
        let (host, _) = split_where(host_on, |sign| !(sign.is_alphanumeric() || matches!(sign, '.' | '-' | ':')));
        let host = host.trim_end_matches(['.', '-', ':']);
        take(Piece::Mention(Mention { name, host: (!host.is_empty()).then_some(host) }));
        before = Some('x');
        rest = if host.is_empty() { after } else { host_on.split_at(host.len()).1 };
    }
    take(Piece::Text(rest));
}

fn is_name(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || matches!(sign, '_' | '.' | '-')
}

fn split_where(text: &str, ends: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(ends).unwrap_or(text.len()))
}
