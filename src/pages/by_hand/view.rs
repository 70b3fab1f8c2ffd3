//! The page of what is to be done by hand: steps in the order in which a thumb takes them.
//!
//! Pictures come before the text, because the clipboard holds one thing and the text is wanted last.

use maud::{Markup, Render, html};

use crate::addresses;
use crate::http::Screen;
use crate::http::screen::error_at;
use crate::networks::by_hand::App;
use crate::publish::by_hand::What;
use crate::ui::{
    Button, ButtonForm, ErrorSummary, Field, Form, Icon, Look, NetworkMark, Note, Place, Width, copy_text, text_to_copy,
};
use crate::words::Words;

/// What the page shows.
pub(super) struct TaskView {
    pub(super) slug: String,
    /// The publication.
    pub(super) id: String,
    /// The page of the post.
    pub(super) back: String,
    /// When it was due, in words.
    pub(super) due: String,
    /// Where it is out already, for what is changed or taken down.
    pub(super) out_at: Option<String>,
    /// The account; none: it is no longer connected.
    pub(super) handle: Option<String>,
    pub(super) app: &'static App,
    pub(super) what: What,
    pub(super) parts: Vec<String>,
    pub(super) first_comment: Option<String>,
    pub(super) pictures: Vec<Picture>,
    pub(super) may_finish: bool,
    /// The link as it was typed, and what is wrong with it.
    pub(super) link: String,
    pub(super) errors: Vec<(String, String)>,
}

/// A picture to save.
pub(super) struct Picture {
    /// Signed.
    pub(super) address: String,
    pub(super) file_name: String,
    pub(super) width_px: u32,
    pub(super) height_px: u32,
    pub(super) kib: u64,
    pub(super) alt: String,
}

pub(super) fn page(screen: &Screen, view: &TaskView) -> Markup {
    let words = screen.words();
    let app = |key: &str| words.tell(key, &[("app", view.app.title.into())]);
    let title = match view.what {
        What::Publish => app("by-hand-title"),
        What::Change => app("by-hand-title-change"),
        What::TakeDown => app("by-hand-title-take-down"),
    };
    let main = html! {
        (ErrorSummary::new(words, &view.errors))
        p.by-hand__where {
            (NetworkMark::new("by_hand", view.app.title))
            span { @if let Some(handle) = &view.handle { (handle) " · " } (view.due) }
        }
        ol.by-hand {
            @if !view.pictures.is_empty() { (pictures(words, view)) }
            @if !view.parts.is_empty() { (text(words, view)) }
            (open(words, view))
            @if let Some(comment) = &view.first_comment { (first_comment(words, comment)) }
            (finish(screen, view))
        }
        @if view.may_finish { (skip(screen, view)) }
    };
    let mut page = screen.page(title, Place::Posts);
    page.back = Some(view.back.clone());
    page.width = Width::Reading;
    page.modules = &["elements/copy-button.js"];
    page.render(&main)
}

fn step(title: &str, body: &Markup) -> Markup {
    html! {
        li.by-hand__step {
            h2.by-hand__title { (title) }
            (body)
        }
    }
}

fn pictures(words: &Words, view: &TaskView) -> Markup {
    let count = view.pictures.len();
    let body = html! {
        p.soft.small { (words.tell("by-hand-pictures-text", &[("count", count.into())])) }
        ol.by-hand__pictures role="list" {
            @for (number, picture) in (1_usize..).zip(&view.pictures) { (self::picture(words, view, number, picture)) }
        }
    };
    step(&words.tell("by-hand-pictures", &[("count", count.into())]), &body)
}

fn picture(words: &Words, view: &TaskView, number: usize, picture: &Picture) -> Markup {
    let numbered = |key: &str| words.tell(key, &[("number", number.into())]);
    let alt = if picture.alt.is_empty() { numbered("by-hand-picture") } else { picture.alt.clone() };
    let facts = [
        ("width", picture.width_px.to_string().into()),
        ("height", picture.height_px.to_string().into()),
        ("kib", picture.kib.into()),
    ];
    html! {
        li.by-hand__picture {
            // The very file to save, so that a long press on it saves the right one.
            img.by-hand__image src=(picture.address) alt=(alt) width=(picture.width_px) height=(picture.height_px)
                loading="lazy";
            div.by-hand__about {
                p { strong { (numbered("by-hand-picture")) } " " span.soft.small { (words.tell("by-hand-facts", &facts)) } }
                a.button.button--quiet href=(picture.address) download=(picture.file_name) {
                    (Icon::Download.small()) span.button__text { (numbered("by-hand-save")) }
                }
                @if view.app.takes_alt() && !picture.alt.is_empty() {
                    (copy_text(words, &numbered("by-hand-alt"), &words.say("by-hand-copy-alt"), &picture.alt))
                }
            }
        }
    }
}

fn text(words: &Words, view: &TaskView) -> Markup {
    let several = 1 < view.parts.len();
    let title = if several { "by-hand-parts" } else { "by-hand-text" };
    let body = html! {
        @if several { p.soft.small { (words.say("by-hand-parts-text")) } }
        @for (number, part) in (1_usize..).zip(&view.parts) {
            @if several {
                (text_to_copy(words, &words.tell("publication-part", &[("number", number.into())]),
                    &words.tell("by-hand-copy-part", &[("number", number.into())]), part))
            } @else {
                (text_to_copy(words, &words.say("by-hand-text-label"), &words.say("publication-copy"), part))
            }
        }
    };
    step(&words.say(title), &body)
}

fn open(words: &Words, view: &TaskView) -> Markup {
    let app = |key: &str| words.tell(key, &[("app", view.app.title.into())]);
    let to = view.out_at.as_deref().or(view.app.opens);
    let how = match view.what {
        What::Publish => "by-hand-open-text",
        What::Change => "by-hand-open-change",
        What::TakeDown => "by-hand-open-take-down",
    };
    let body = html! {
        @if let Some(to) = to {
            div.line {
                a.button href=(to) target="_blank" rel="noopener noreferrer" {
                    (Icon::External.small()) span.button__text { (app("by-hand-open")) }
                }
            }
        }
        p.soft.small { (words.say(how)) }
    };
    let title = if to.is_some() { app("by-hand-open-title") } else { words.say("by-hand-open-other") };
    step(&title, &body)
}

fn first_comment(words: &Words, comment: &str) -> Markup {
    let body = html! {
        p.soft.small { (words.say("by-hand-comment-text")) }
        (text_to_copy(words, &words.say("publication-first-comment"), &words.say("by-hand-copy-comment"), comment))
    };
    step(&words.say("publication-first-comment"), &body)
}

fn finish(screen: &Screen, view: &TaskView) -> Markup {
    let words = screen.words();
    let wants_link = view.what == What::Publish;
    let body = html! {
        @if view.may_finish {
            (Form::post(addresses::publication_deed(&view.slug, &view.id, "done"), &screen.csrf, html! {
                @if wants_link {
                    (Field::url("url", words.say("publication-link")).optional(words.say("field-optional"))
                        .hint(words.say("by-hand-link-hint")).value(&view.link).max_length(2000)
                        .error(error_at(&view.errors, "url")))
                }
                div.line { (Button::submit(words.say("publication-done")).icon(Icon::Check)) }
            }))
        } @else { (Note::info(words.say("by-hand-ask"))) }
    };
    step(&words.say(if wants_link { "by-hand-finish" } else { "by-hand-finish-plain" }), &body)
}

fn skip(screen: &Screen, view: &TaskView) -> Markup {
    let words = screen.words();
    let key = if view.what == What::Publish { "by-hand-skip" } else { "by-hand-skip-plain" };
    let button = Button::submit(words.say(key)).icon(Icon::Close).look(Look::Plain);
    ButtonForm::new(addresses::publication_deed(&view.slug, &view.id, "skip"), &screen.csrf, button).render()
}
