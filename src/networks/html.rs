//! Others' HTML, read as plain text and as the few tags a link card needs.
//!
//! It is tokenised, never built into a tree: work and memory grow with the input alone, whose size is capped, and so is
//! the output. Nothing here gives HTML; what comes out is text, to be escaped by whoever shows it.

#[cfg(test)]
mod tests;

use std::cell::RefCell;

use html5ever::TokenizerResult;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use url::Url;

/// How much HTML is read; what comes after it is left out.
const INPUT_MAX_BYTES: usize = 1024 * 1024;
/// How long a text may become.
const TEXT_MAX_BYTES: usize = 128 * 1024;
/// How long a preview's title may become.
const TITLE_MAX_CHARS: usize = 300;
/// How long a preview's description may become.
const DESCRIPTION_MAX_CHARS: usize = 1000;
/// How long the address of a preview's picture may be.
const IMAGE_URL_MAX_BYTES: usize = 4096;

/// What a page says about itself for those who link to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// Its title, on one line.
    pub title: Option<String>,
    /// A sentence or two about it, on one line.
    pub description: Option<String>,
    /// The address of a picture: http or https. It came from outside: the guard decides whether it is asked.
    pub image_url: Option<String>,
}

/// The plain text of a piece of HTML. Paragraphs are parted by an empty line, `br` is a line break, entities are
/// decoded. Spans that a page would hide are kept, so that links which are shown shortened come out whole.
pub fn text_of(html: &str) -> String {
    let text = tokenize(html, TextSink::default()).into_inner();
    text.out.trim().to_owned()
}

/// What the page at `base_url` says about itself: Open Graph first, then Twitter's tags, then `title` and `description`.
pub fn preview_of(html: &str, base_url: &Url) -> Preview {
    let found = tokenize(html, PreviewSink::default()).into_inner();
    let first = |names: &[&str]| names.iter().find_map(|name| found.get(name));
    let title = first(&["og:title", "twitter:title"]).or(found.title.as_deref());
    let description = first(&["og:description", "twitter:description", "description"]);
    let image = first(&["og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src"]);
    let image_url = image
        .filter(|address| address.len() <= IMAGE_URL_MAX_BYTES)
        .and_then(|address| base_url.join(address.trim()).ok())
        .filter(|address| matches!(address.scheme(), "http" | "https"));
    Preview {
        title: title.and_then(|title| one_line(title, TITLE_MAX_CHARS)),
        description: description.and_then(|description| one_line(description, DESCRIPTION_MAX_CHARS)),
        image_url: image_url.map(String::from),
    }
}

fn one_line(text: &str, max_chars: usize) -> Option<String> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line: String = line.chars().filter(|sign| !sign.is_control()).take(max_chars).collect();
    (!line.is_empty()).then_some(line)
}

fn tokenize<S: TokenSink<Handle = ()>>(html: &str, sink: S) -> S {
    let end = html.floor_char_boundary(INPUT_MAX_BYTES);
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html.get(..end).unwrap_or_default()));
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    // No sink here asks to run a script, so one call reads everything; the loop only makes that plain.
    while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    tokenizer.end();
    tokenizer.sink
}

/// Elements whose content is not text for people.
fn raw_kind(tag: &Tag) -> Option<RawKind> {
    match tag.name.as_ref() {
        "script" => Some(RawKind::ScriptData),
        "style" | "iframe" | "noembed" | "noframes" | "xmp" => Some(RawKind::Rawtext),
        "title" | "textarea" => Some(RawKind::Rcdata),
        _ => None,
    }
}

/// Tells the tokenizer to read what follows as that element's content, up to its end tag.
fn after(tag: &Tag) -> TokenSinkResult<()> {
    match raw_kind(tag) {
        Some(kind) if tag.kind == TagKind::StartTag => TokenSinkResult::RawData(kind),
        _ => TokenSinkResult::Continue,
    }
}

#[derive(Default)]
struct TextSink(RefCell<Text>);

#[derive(Default)]
struct Text {
    out: String,
    /// Inside an element whose content is not shown.
    hidden: bool,
}

impl TextSink {
    fn into_inner(self) -> Text {
        self.0.into_inner()
    }
}

impl TokenSink for TextSink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut text = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(signs) if !text.hidden => text.push(&signs),
            Token::TagToken(tag) => {
                text.tag(&tag);
                return after(&tag);
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Text {
    fn tag(&mut self, tag: &Tag) {
        let starts = tag.kind == TagKind::StartTag;
        match tag.name.as_ref() {
            "br" => self.push("\n"),
            "p" | "blockquote" | "pre" | "ul" | "ol" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.part(2),
            "li" if starts => {
                self.part(1);
                self.push("- ");
            }
            "div" | "li" | "tr" | "dt" | "dd" | "section" | "article" => self.part(1),
            "script" | "style" | "title" | "textarea" | "iframe" | "noembed" | "noframes" | "xmp" => {
                self.hidden = starts;
            }
            _ => {}
        }
    }

    /// Ends the line, and leaves an empty one when `breaks` is 2; does nothing at the start.
    fn part(&mut self, breaks: usize) {
        if self.out.is_empty() {
            return;
        }
        let there = self.out.chars().rev().take_while(|sign| *sign == '\n').take(breaks).count();
        for _ in there..breaks {
            self.push("\n");
        }
    }

    fn push(&mut self, signs: &str) {
        let room = TEXT_MAX_BYTES.saturating_sub(self.out.len());
        self.out.push_str(signs.get(..signs.floor_char_boundary(room)).unwrap_or_default());
    }
}

#[derive(Default)]
struct PreviewSink(RefCell<Found>);

#[derive(Default)]
struct Found {
    /// Name and content of the first `meta` of each name that matters.
    metas: Vec<(String, String)>,
    title: Option<String>,
    in_title: bool,
}

impl Found {
    fn get(&self, name: &str) -> Option<&str> {
        self.metas.iter().find(|(known, _)| known == name).map(|(_, content)| content.as_str())
    }
}

impl PreviewSink {
    fn into_inner(self) -> Found {
        self.0.into_inner()
    }
}

impl TokenSink for PreviewSink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut found = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(signs) if found.in_title => {
                let title = found.title.get_or_insert_default();
                let room = TEXT_MAX_BYTES.saturating_sub(title.len());
                title.push_str(signs.get(..signs.floor_char_boundary(room)).unwrap_or_default());
            }
            Token::TagToken(tag) => {
                let starts = tag.kind == TagKind::StartTag;
                match tag.name.as_ref() {
                    // The first one counts: drawings inside a page have titles of their own.
                    "title" => found.in_title = starts && found.title.is_none(),
                    "meta" if starts => found.meta(&tag),
                    _ => {}
                }
                return after(&tag);
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Found {
    fn meta(&mut self, tag: &Tag) {
        let value = |name: &str| {
            let found = tag.attrs.iter().find(|attribute| &*attribute.name.local == name);
            found.map(|attribute| attribute.value.as_ref())
        };
        let Some(name) = value("property").or_else(|| value("name")) else { return };
        let name = name.trim().to_ascii_lowercase();
        let Some(content) = value("content").map(str::trim).filter(|content| !content.is_empty()) else { return };
        let matters = name == "description" || name.starts_with("og:") || name.starts_with("twitter:");
        if matters && self.get(&name).is_none() && self.metas.len() < 64 {
            self.metas.push((name, content.to_owned()));
        }
    }
}
