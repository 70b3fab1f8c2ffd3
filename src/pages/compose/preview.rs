//! A post as it will look on one network: the same parts that are sent, drawn in that network's manner. Nothing is asked
//! of the network: the card of a link is announced, not filled.

use std::ops::Range;

use maud::{Markup, html};
use unicode_segmentation::UnicodeSegmentation;

use crate::http::Screen;
use crate::networks::shown::Mark;
use crate::ui::{Avatar, Icon, NetworkMark};
use crate::words::Words;

/// One channel's preview.
#[derive(Debug)]
pub(super) struct PreviewView {
    /// The network's key and title.
    pub network: (String, String),
    /// The name the account shows.
    pub name: String,
    /// Its handle.
    pub handle: String,
    /// Its picture, from our own cache.
    pub picture: Option<String>,
    /// The post, or the parts of a thread in order.
    pub parts: Vec<PreviewPart>,
    /// The first comment.
    pub comment: Option<String>,
    /// Who sees it, where that is not everyone.
    pub visibility: Option<String>,
    /// A person publishes it with their own hands.
    pub by_hand: bool,
}

/// One part of it.
#[derive(Debug)]
pub(super) struct PreviewPart {
    /// Its words.
    pub text: Vec<Piece>,
    /// Shown before the rest is.
    pub warning: Option<String>,
    /// Address and description.
    pub pictures: Vec<(String, String)>,
    /// The answers, and how long it is open.
    pub poll: Option<(Vec<String>, String)>,
    /// The link whose card stands below.
    pub card: Option<String>,
    /// What a program receives.
    pub data: Option<String>,
    /// Length and limit.
    pub count: Option<(u32, u32)>,
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// As it is.
    Plain(String),
    /// Can be followed there.
    Marked(String),
    /// So much more is not shown here.
    More(usize),
}

/// A text in pieces, cut after so many graphemes.
pub(super) fn pieces(text: &str, marks: &[Mark], most: usize) -> Vec<Piece> {
    let end = text.grapheme_indices(true).nth(most).map_or(text.len(), |(end, _)| end);
    let (mut found, mut from) = (Vec::new(), 0);
    let plain =
        |range: Range<usize>| text.get(range).filter(|text| !text.is_empty()).map(|text| Piece::Plain(text.to_owned()));
    for mark in marks.iter().filter(|mark| mark.range.end <= end) {
        found.extend(plain(from..mark.range.start));
        let typed = text.get(mark.range.clone()).unwrap_or_default();
        found.push(Piece::Marked(mark.text.clone().unwrap_or_else(|| typed.to_owned())));
        from = mark.range.end;
    }
    found.extend(plain(from..end));
    let more = text.get(end..).unwrap_or_default().graphemes(true).count();
    if 0 < more {
        found.push(Piece::More(more));
    }
    found
}

/// All previews.
pub(super) fn previews(screen: &Screen, views: &[&PreviewView]) -> Markup {
    let words = screen.words();
    html! {
        @if views.is_empty() { p.soft { (words.say("preview-none")) } }
        @for (index, view) in views.iter().enumerate() { (one(words, view, index)) }
    }
}

fn one(words: &Words, view: &PreviewView, index: usize) -> Markup {
    let (key, title) = &view.network;
    let count = view.parts.len();
    html! {
        section.preview data-network=(key) aria-label=(words.tell("preview-at", &[("network", title.into()), ("channel", (&view.handle).into())])) {
            div.preview__network {
                (NetworkMark::new(key, title)) strong { (title) }
                @if let Some(visibility) = &view.visibility { span.preview__seen { (Icon::Lock.tiny()) (visibility) } }
            }
            @if view.by_hand { p.small.soft { (words.say("preview-by-hand")) } }
            ol.preview__thread role="list" data-thread[1 < count] {
                @for (number, part) in (1_usize..).zip(&view.parts) {
                    li.preview__post { (post(words, view, part, (number, count), index)) }
                }
                @if let Some(comment) = &view.comment {
                    li.preview__post.preview__post--comment { (who(view)) p.preview__note { (words.say("preview-comment")) } p.preview__text dir="auto" { (comment) } }
                }
            }
        }
    }
}

fn post(
    words: &Words,
    view: &PreviewView,
    part: &PreviewPart,
    (number, count): (usize, usize),
    index: usize,
) -> Markup {
    let body = html! {
        @if let Some(data) = &part.data { pre.preview__data tabindex="0" { (data) } }
        @else { (text(words, &part.text)) }
        (pictures(words, part, view.by_hand))
        @if let Some((answers, open_for)) = &part.poll {
            ul.preview__poll { @for answer in answers { li dir="auto" { (answer) } } }
            p.preview__note { (words.tell("preview-poll-open", &[("span", open_for.into())])) }
        }
        @if let Some(card) = &part.card { (link_card(words, card)) }
    };
    html! {
        (who(view))
        @match &part.warning {
            // A program gets the warning among the data.
            Some(warning) if part.data.is_none() => details.preview__fold id={ "preview-" (index) "-" (number) } {
                summary { span dir="auto" { (warning) } span.preview__unfold { (words.say("preview-unfold")) } }
                (body)
            },
            _ => (body),
        }
        div.preview__foot {
            @if 1 < count { span { (words.tell("preview-part", &[("number", number.into()), ("count", count.into())])) } }
            @if let Some((used, limit)) = part.count {
                span.preview__count data-over[limit < used] { (words.tell("counter-of", &[("used", used.into()), ("limit", limit.into())])) }
            }
        }
    }
}

fn who(view: &PreviewView) -> Markup {
    html! {
        div.preview__who {
            (Avatar::new(&view.name).picture(view.picture.clone()).small())
            span.preview__names { strong { (view.name) } span.soft { (view.handle) } }
        }
    }
}

fn text(words: &Words, pieces: &[Piece]) -> Markup {
    html! {
        @if !pieces.is_empty() {
            p.preview__text dir="auto" {
                @for piece in pieces {
                    @match piece {
                        Piece::Plain(text) => (text),
                        Piece::Marked(text) => span.preview__mark { (text) },
                        Piece::More(count) => span.soft { " " (words.tell("preview-more", &[("count", (*count).into())])) },
                    }
                }
            }
        }
    }
}

/// Pictures side by side, each with its mark where it is described. By hand they are numbered: the order to add them in.
fn pictures(words: &Words, part: &PreviewPart, numbered: bool) -> Markup {
    html! {
        @if !part.pictures.is_empty() {
            ul.preview__pictures role="list" data-count=(part.pictures.len().min(4)) {
                @for (number, (address, alt)) in (1_usize..).zip(&part.pictures) {
                    li {
                        img src=(address) alt=(if alt.is_empty() { words.say("preview-undescribed") } else { alt.clone() }) width="240" height="160" loading="lazy";
                        @if numbered { span.preview__number { (number) } }
                        @if alt.is_empty() { span.preview__alt data-missing { (Icon::Warning.tiny()) (words.say("preview-no-alt")) } }
                        @else { span.preview__alt { (words.say("media-alt-mark")) (Icon::Check.tiny()) } }
                    }
                }
            }
        }
    }
}

fn link_card(words: &Words, link: &str) -> Markup {
    let host = url::Url::parse(link).ok().and_then(|url| url.host_str().map(str::to_owned));
    html! {
        div.preview__card {
            span.preview__thumb { (Icon::Link) }
            span { strong { (host.unwrap_or_else(|| link.to_owned())) } span.small.soft { (words.say("preview-card")) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_falls_into_what_is_plain_and_what_can_be_followed() {
        let text = "See https://a.example now";
        let marks = [Mark { range: 4..21, text: Some("a.example".to_owned()) }];
        let plain = |text: &str| Piece::Plain(text.to_owned());
        assert_eq!(pieces(text, &marks, 100), [plain("See "), Piece::Marked("a.example".to_owned()), plain(" now")]);
        assert_eq!(pieces(text, &marks, 6), [plain("See ht"), Piece::More(19)]);
        assert_eq!(pieces("", &[], 6), []);
    }
}
