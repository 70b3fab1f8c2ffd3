//! How long a text is to a network, and how a long one becomes a thread.
//!
//! One place counts for composer, checks, preview and connectors, so that a number on the screen is the number the
//! network will count. Links and mentions are found here too. A text is cut at the end of a paragraph, else of a
//! sentence, else of a word; never inside a link, a mention or what a person calls a character.
//! It does not shorten links and knows no network by name: the rules are [`TextRules`].

#[cfg(test)]
mod tests;

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::capabilities::{TextRules, Unit};

/// How long `text` is by these rules, with its warning where the network counts that too.
pub fn length(text: &str, rules: &TextRules, warning: Option<&str>) -> u32 {
    let counted = counted(text, rules);
    match warning.filter(|_warning| rules.warning_counts) {
        None => measure(&counted, rules.unit),
        Some(warning) => measure(&format!("{warning}{counted}"), rules.unit),
    }
}

/// How many bytes `text` has as UTF-8: for [`TextRules::limit_bytes`].
pub fn length_bytes(text: &str) -> u32 {
    measure(text, Unit::Bytes)
}

/// Whether `text` is within every limit of these rules.
pub fn fits(text: &str, rules: &TextRules, warning: Option<&str>) -> bool {
    rules.limit_bytes.is_none_or(|limit| length_bytes(text) <= limit)
        && rules.limit.is_none_or(|limit| length(text, rules, warning) <= limit)
}

/// How many units `text` has, as it stands.
pub fn measure(text: &str, unit: Unit) -> u32 {
    let units = match unit {
        Unit::Graphemes => text.graphemes(true).count(),
        Unit::CodePoints => text.chars().count(),
        Unit::Utf16 => text.encode_utf16().count(),
        Unit::Bytes => text.len(),
    };
    u32::try_from(units).unwrap_or(u32::MAX)
}

/// Where in `text` the links are: http and https addresses, without the punctuation that belongs to the sentence.
/// A closing bracket belongs to a link when its opening one does.
pub fn links(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = next_scheme(text, from) {
        let end = link_end(text, start);
        let scheme_end = start.saturating_add(scheme_length(text.get(start..).unwrap_or_default()));
        let host_begins = text.get(scheme_end..end).and_then(|rest| rest.chars().next());
        if host_begins.is_some_and(|sign| sign.is_alphanumeric() || sign == '[') {
            found.push(start..end);
            from = end;
        } else {
            from = scheme_end;
        }
    }
    found
}

/// A full mention: `@ben@example.social`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// All of it.
    pub range: Range<usize>,
    /// Its local part: `@ben`.
    pub local: Range<usize>,
}

/// Where in `text` people are mentioned with their server, links left aside.
pub fn mentions(text: &str) -> Vec<Mention> {
    let links = links(text);
    let in_a_link = |at: usize| links.iter().any(|link| link.contains(&at));
    let mut found: Vec<Mention> = Vec::new();
    for (start, _at_sign) in text.match_indices('@') {
        let taken = found.last().is_some_and(|mention| start < mention.range.end);
        let glued = text.get(..start).and_then(|before| before.chars().next_back()).is_some_and(is_name_sign);
        if !taken && !glued && !in_a_link(start) {
            found.extend(mention_at(text, start));
        }
    }
    found
}

/// Cuts a text into the parts of a thread, each within the limits, with ` 1/3` at each end where `numbering` says so.
/// A text that fits comes back as it is, and only a link, mention or character that is too long by itself makes a part
/// that is too long. Between two parts only white space goes.
pub fn split_into_parts(text: &str, rules: &TextRules, numbering: bool) -> Vec<String> {
    if fits(text, rules, None) {
        return vec![text.to_owned()];
    }
    if !numbering {
        return cut(text, rules, "");
    }
    // The numbers themselves take room, and how much depends on how many parts there are.
    let mut parts = Vec::new();
    for widest in [" 9/9", " 99/99", " 999/999", " 9999/9999"] {
        parts = cut(text, rules, widest);
        let digits = widest.len().saturating_sub(2) / 2;
        if parts.len().to_string().len() <= digits {
            break;
        }
    }
    let count = parts.len();
    parts.iter().zip(1_usize..).map(|(part, number)| format!("{part} {number}/{count}")).collect()
}

/// The text as it is counted: links at their counted length, mentions by their local part.
fn counted(text: &str, rules: &TextRules) -> String {
    let mut instead: Vec<(Range<usize>, String)> = Vec::new();
    if let Some(length) = rules.link_length {
        let length = usize::try_from(length).unwrap_or(0);
        instead.extend(links(text).into_iter().map(|link| (link, "x".repeat(length))));
    }
    if rules.mention_counts_local_part {
        let local = |mention: &Mention| text.get(mention.local.clone()).unwrap_or_default().to_owned();
        instead.extend(mentions(text).iter().map(|mention| (mention.range.clone(), local(mention))));
    }
    instead.sort_by_key(|(range, _replacement)| range.start);
    let mut counted = String::with_capacity(text.len());
    let mut from = 0;
    for (range, replacement) in instead {
        counted.push_str(text.get(from..range.start).unwrap_or_default());
        counted.push_str(&replacement);
        from = range.end;
    }
    counted.push_str(text.get(from..).unwrap_or_default());
    counted
}

fn next_scheme(text: &str, from: usize) -> Option<usize> {
    let mut from = from;
    loop {
        let found = from.checked_add(text.get(from..)?.find("://")?)?;
        from = found.checked_add(3)?;
        let before = text.get(..found)?;
        let start = before.rfind(|sign: char| !sign.is_ascii_alphanumeric()).map_or(0, |at| {
            before.get(at..).and_then(|rest| rest.chars().next()).map_or(at, |sign| at.saturating_add(sign.len_utf8()))
        });
        let scheme = before.get(start..)?;
        let glued = before.get(..start)?.chars().next_back().is_some_and(|sign| sign.is_alphanumeric() || sign == '@');
        if !glued && (scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")) {
            return Some(start);
        }
    }
}

fn scheme_length(link: &str) -> usize {
    link.find("://").map_or(0, |at| at.saturating_add(3))
}

fn link_end(text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let mut link = rest.get(..rest.find(ends_a_link).unwrap_or(rest.len())).unwrap_or_default();
    while let Some(last) = link.chars().next_back() {
        let of_the_sentence = match last {
            ')' => unbalanced(link, '(', ')'),
            ']' => unbalanced(link, '[', ']'),
            '}' => unbalanced(link, '{', '}'),
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~' | '…' | '’' | '”' | '»' | '“' | '‘' => {
                true
            }
            _ => false,
        };
        if !of_the_sentence {
            break;
        }
        link = link.strip_suffix(last).unwrap_or_default();
    }
    start.saturating_add(link.len())
}

/// Signs that no link contains unencoded: white space, quotes, angle brackets, and the punctuation of scripts that
/// write without spaces.
fn ends_a_link(sign: char) -> bool {
    sign.is_whitespace()
        || sign.is_control()
        || matches!(sign, '<' | '>' | '"' | '`' | '|' | '\\' | '^')
        || matches!(sign, '\u{3001}' | '\u{3002}' | '\u{3008}'..='\u{3011}' | '\u{ff01}' | '\u{ff08}' | '\u{ff09}')
        || matches!(sign, '\u{ff0c}' | '\u{ff0e}' | '\u{ff1a}' | '\u{ff1b}' | '\u{ff1f}' | '\u{200b}' | '\u{feff}')
}

fn unbalanced(link: &str, opening: char, closing: char) -> bool {
    let count = |sign: char| link.chars().filter(|&other| other == sign).count();
    count(opening) < count(closing)
}

fn is_name_sign(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || sign == '_'
}

/// `@ben@example.social` at `start`: a name of letters, digits, `_`, and dots or hyphens within; a host with a dot in it.
fn mention_at(text: &str, start: usize) -> Option<Mention> {
    let name_start = start.checked_add(1)?;
    let name = leading(text.get(name_start..)?, |sign| is_name_sign(sign) || matches!(sign, '.' | '-'));
    let name_end = name_start.checked_add(name.len())?;
    let whole_name = name.starts_with(is_name_sign) && name.ends_with(is_name_sign);
    let host = text.get(name_end..)?.strip_prefix('@').filter(|_host| whole_name)?;
    let host = leading(host, |sign| sign.is_alphanumeric() || matches!(sign, '.' | '-')).trim_end_matches(['.', '-']);
    let port = text.get(name_end.checked_add(1)?.checked_add(host.len())?..)?;
    let port = port.strip_prefix(':').map_or("", |port| leading(port, |sign| sign.is_ascii_digit()));
    let end = name_end.checked_add(1)?.checked_add(host.len())?;
    let end = if port.is_empty() { end } else { end.checked_add(1)?.checked_add(port.len())? };
    let has_a_domain = host.starts_with(char::is_alphanumeric) && (host.contains('.') || !port.is_empty());
    has_a_domain.then_some(Mention { range: start..end, local: start..name_end })
}

fn leading(text: &str, belongs: impl Fn(char) -> bool) -> &str {
    text.get(..text.find(|sign| !belongs(sign)).unwrap_or(text.len())).unwrap_or_default()
}

/// Where a text may be cut, the best kind last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Cut {
    Character,
    Word,
    Sentence,
    Paragraph,
}

fn cut(text: &str, rules: &TextRules, suffix: &str) -> Vec<String> {
    let places = places(text);
    let mut parts = Vec::new();
    let mut from = text.len().saturating_sub(text.trim_start().len());
    while from < text.len() {
        let to = next_cut(text, &places, from, rules, suffix);
        let part = text.get(from..to).unwrap_or_default().trim();
        if !part.is_empty() {
            parts.push(part.to_owned());
        }
        from = to;
    }
    parts
}

/// The end of the part that begins at `from`.
fn next_cut(text: &str, places: &[(usize, Cut)], from: usize, rules: &TextRules, suffix: &str) -> usize {
    let within = |to: usize| {
        let part = text.get(from..to).unwrap_or_default().trim();
        if suffix.is_empty() { fits(part, rules, None) } else { fits(&format!("{part}{suffix}"), rules, None) }
    };
    let ahead = places.get(places.partition_point(|(at, _cut)| *at <= from)..).unwrap_or_default();
    if within(text.len()) {
        return text.len();
    }
    // A longer part is hardly ever counted shorter; where it is, the step back keeps the promise.
    let mut many = ahead.partition_point(|(at, _cut)| within(*at));
    while let Some((at, _cut)) = many.checked_sub(1).and_then(|last| ahead.get(last)) {
        if within(*at) {
            break;
        }
        many = many.saturating_sub(1);
    }
    let fitting = ahead.get(..many).unwrap_or_default();
    let Some((farthest, _cut)) = fitting.last() else {
        return ahead.first().map_or(text.len(), |(at, _cut)| *at);
    };
    // A paragraph or sentence that would leave most of the part empty is passed over for the next best place.
    let enough = from.saturating_add(farthest.saturating_sub(from) / 4);
    let best = |wanted: Cut, enough: usize| {
        fitting.iter().rev().take_while(|(at, _cut)| enough <= *at).find(|(_at, cut)| wanted <= *cut)
    };
    best(Cut::Paragraph, enough)
        .or_else(|| best(Cut::Sentence, enough))
        .or_else(|| best(Cut::Word, from))
        .map_or(*farthest, |(at, _cut)| *at)
}

/// Every place where the text may be cut, in order.
fn places(text: &str) -> Vec<(usize, Cut)> {
    let mut whole: Vec<Range<usize>> = links(text);
    whole.extend(mentions(text).into_iter().map(|mention| mention.range));
    whole.sort_by_key(|range| range.start);
    let sentences: Vec<usize> = text.split_sentence_bound_indices().map(|(at, _sentence)| at).collect();
    let mut places = Vec::new();
    let mut unbreakable = whole.iter().peekable();
    for (at, grapheme) in text.grapheme_indices(true) {
        while unbreakable.next_if(|range| range.end <= at).is_some() {}
        let inside = unbreakable.peek().is_some_and(|range| range.start < at);
        let blank = grapheme.chars().all(char::is_whitespace);
        if at == 0 || inside || blank {
            continue;
        }
        let before = text.get(..at).unwrap_or_default();
        let words = before.trim_end();
        let gap = before.get(words.len()..).unwrap_or_default();
        let cut = match () {
            () if 1 < gap.matches('\n').count() => Cut::Paragraph,
            () if sentences.binary_search(&at).is_ok() || gap.contains('\n') => Cut::Sentence,
            () if !gap.is_empty() => Cut::Word,
            () => Cut::Character,
        };
        places.push((at, cut));
    }
    places
}
