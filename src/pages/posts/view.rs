//! Posts as HTML.

use std::time::Duration;

use jiff::Zoned;
use maud::{Markup, Render, html};

use crate::addresses;
use crate::http::Screen;
use crate::networks::Counts;
use crate::posts::PublicationState;
use crate::ui::{
    Button, ButtonForm, Empty, ErrorSummary, Field, Form, Icon, LineChart, Look, NetworkMark, Note, Place, Point, Row,
    Section, StateKind, TextArea, Width, card, count_down, heading, live_part, state_mark, time_element,
};
use crate::words::Words;

/// A line of the list.
#[derive(Debug)]
pub(super) struct Listed {
    pub href: String,
    pub title: String,
    pub when: String,
    pub state: StateKind,
}

/// The page of one post.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each says whether one button is shown")]
pub(super) struct PostView {
    pub id: String,
    pub slug: String,
    pub title: String,
    pub text: String,
    pub warning: Option<String>,
    /// Address and alt text.
    pub thumbs: Vec<(String, String)>,
    pub author: String,
    pub when: Option<String>,
    /// Date and time of the plan, for the form that moves it.
    pub plan: Option<(String, String)>,
    pub shift: Option<String>,
    /// It goes out so soon that the seconds are shown.
    pub leaves_in: Option<Duration>,
    pub state: StateKind,
    pub deleted: bool,
    pub may_edit: bool,
    pub may_unplan: bool,
    pub may_trash: bool,
    pub series: Vec<(String, Option<i64>)>,
    /// The fields that are to be put right.
    pub errors: Vec<(String, String)>,
    pub publications: Vec<PublicationView>,
}

/// A publication on the page.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each says whether one button is shown")]
pub(super) struct PublicationView {
    pub id: String,
    pub channel: String,
    pub network: (String, String),
    pub sum: PublicationState,
    pub state: StateKind,
    pub taken_down: bool,
    pub url: Option<String>,
    /// What the network counts, in words.
    pub counts: String,
    pub why: Option<String>,
    pub parts: Vec<PartView>,
    /// Waits for a person's hands now.
    pub by_hand: bool,
    /// A person skipped it, and may take that back.
    pub may_take_up: bool,
    pub may_release: bool,
    pub may_hold: bool,
    pub may_leave: bool,
    pub may_decide: bool,
    pub may_take_down: bool,
    pub may_edit: bool,
    pub text: String,
    /// The link as it was typed, and what is wrong with it.
    pub typed: Option<(String, String)>,
}

/// A dispatch: its name and its journal.
#[derive(Debug)]
pub(super) struct PartView {
    pub name: String,
    pub lines: Vec<(Zoned, String)>,
}

impl PostView {
    /// Shows a link of a publication as it was typed, and what is wrong with it.
    pub(super) fn put_right(&mut self, publication: &str, link: String, errors: &[(String, String)]) {
        let error = errors.first().map(|(_field, text)| text.clone()).unwrap_or_default();
        if let Some(known) = self.publications.iter_mut().find(|known| known.id == publication) {
            self.errors = vec![(format!("url-{publication}"), error.clone())];
            known.typed = Some((link, error));
        }
    }
}

pub(super) fn list(screen: &Screen, slug: &str, drafts: Vec<Listed>, planned: Vec<Listed>, out: Vec<Listed>) -> Markup {
    let words = screen.words();
    let mut page = screen.page(words.say("place-posts"), Place::Posts);
    page.actions = Button::link(addresses::workspace(slug, "compose"), words.say("place-compose"))
        .icon(Icon::Plus)
        .small()
        .render();
    let nothing = drafts.is_empty() && planned.is_empty() && out.is_empty();
    let compose = Button::link(addresses::workspace(slug, "compose"), words.say("posts-begin")).icon(Icon::Plus);
    page.render(&html! {
        @if nothing {
            (Empty::new(Icon::Posts, words.say("posts-none"), words.say("posts-none-text")).action(compose.render()))
        }
        @for (key, listed) in [("posts-drafts", drafts), ("posts-planned", planned), ("posts-out", out)] {
            @if !listed.is_empty() {
                (Section::new(words.say(key)).rows(listed.iter().map(|post| {
                    Row::new(&post.title).href(&post.href).under(html! { (state_mark(words, post.state)) " " span.soft { (post.when) } })
                })))
            }
        }
    })
}

pub(super) fn page(screen: &Screen, slug: &str, view: &PostView) -> Markup {
    let words = screen.words();
    let mut page = screen.page(&view.title, Place::Posts);
    page.back = Some(addresses::workspace(slug, "calendar"));
    page.width = Width::Reading;
    let watched: &[&str] = &["elements/live-part.js", "elements/count-down.js"];
    page.modules = if view.leaves_in.is_some() { watched } else { &["elements/live-part.js"] };
    let part = addresses::post_deed(slug, &view.id, "publications");
    page.render(&html! {
        div.stack {
            @if view.deleted {
                (Note::amber(words.say("post-is-deleted")).action(deed(screen, view, "restore", Button::submit(words.say("post-restore")).small())))
            }
            (ErrorSummary::new(words, &view.errors))
            (live_part(&part, &["publication", "post", "figures"], &standing(screen, slug, view)))
            @if 1 < view.series.len() { (chart(words, view)) }
            @if let (true, Some(plan)) = (view.may_unplan && view.state == StateKind::Planned, &view.plan) { (move_form(screen, view, plan)) }
            @if view.may_trash { (deed(screen, view, "trash", Button::submit(words.say("post-trash")).icon(Icon::Trash).look(Look::Plain))) }
        }
    })
}

/// How it stands: what it says, when it goes out, and what became of it on each channel.
pub(super) fn standing(screen: &Screen, slug: &str, view: &PostView) -> Markup {
    html! {
        div.stack data-said=[news(view).map(|key| screen.words().say(key))] {
            @if let Some(left) = view.leaves_in { (leaving(screen, view, left)) }
            (summary(screen, view))
            (publications(screen, slug, view))
        }
    }
}

/// What is told to who watches the page when it comes to be so.
fn news(view: &PostView) -> Option<&'static str> {
    match view.state {
        StateKind::Sending => Some("post-is-leaving"),
        StateKind::Published => Some("post-has-gone-out"),
        StateKind::Failed | StateKind::PartlyOut | StateKind::Unsure => Some("post-needs-someone"),
        _ => None,
    }
}

/// The seconds until it goes out, and the way back.
fn leaving(screen: &Screen, view: &PostView, left: Duration) -> Markup {
    let words = screen.words();
    html! {
        div.leaving {
            (Icon::Clock.small())
            (count_down(words, left, "post-goes-out-in", "post-is-leaving"))
            @if view.may_unplan { (deed(screen, view, "unplan", Button::submit(words.say("compose-undo")).icon(Icon::Undo))) }
        }
    }
}

fn summary(screen: &Screen, view: &PostView) -> Markup {
    let words = screen.words();
    card(html! {
        div.stack {
            div.spread {
                (state_mark(words, view.state))
                @if let Some(when) = &view.when { span.soft { (when) } }
            }
            @if let Some(shift) = &view.shift { (Note::amber(shift)) }
            @if let Some(warning) = &view.warning { p.soft { (words.tell("post-warning", &[("warning", warning.into())])) } }
            p.post__text dir="auto" { (view.text) }
            @if !view.thumbs.is_empty() {
                div.post__pictures { @for (address, alt) in &view.thumbs { img src=(address) alt=(alt) width="480" height="320" loading="lazy"; } }
            }
            p.small.soft { (words.tell("post-by", &[("name", (&view.author).into())])) }
            div.line {
                @if view.may_unplan && view.leaves_in.is_none() {
                    (deed(screen, view, "unplan", Button::submit(words.say("post-undo")).icon(Icon::Undo).look(Look::Quiet)))
                }
                @if view.may_edit {
                    (Button::link(addresses::post_edit(&view.slug, &view.id), words.say("post-edit")).icon(Icon::Edit).look(Look::Quiet))
                }
                (Button::link(addresses::post_deed(&view.slug, &view.id, "versions"), words.say("post-versions")).look(Look::Plain))
            }
        }
    })
}

fn deed(screen: &Screen, view: &PostView, name: &str, button: Button) -> Markup {
    ButtonForm::new(addresses::post_deed(&view.slug, &view.id, name), &screen.csrf, button).render()
}

fn move_form(screen: &Screen, view: &PostView, plan: &(String, String)) -> Markup {
    let words = screen.words();
    let fields = html! {
        div.compose__when {
            (Field::date("date", words.say("compose-date")).value(&plan.0))
            (Field::time("time", words.say("compose-time")).value(&plan.1))
        }
        (Button::submit(words.say("post-move")).icon(Icon::Clock).look(Look::Quiet))
    };
    html! {
        (heading(&words.say("post-move-title")))
        (card(Form::post(addresses::post_deed(&view.slug, &view.id, "move"), &screen.csrf, fields).render()))
    }
}

fn chart(words: &Words, view: &PostView) -> Markup {
    LineChart {
        title: words.say("post-chart"),
        text: words.say("post-chart-text"),
        columns: [words.say("post-chart-when"), words.say("post-chart-count"), String::new()],
        points: view
            .series
            .iter()
            .map(|(label, value)| Point { label: label.clone(), value: *value, before: None })
            .collect(),
        peak: None,
    }
    .render(words)
}

/// What became of a post on each channel.
fn publications(screen: &Screen, slug: &str, view: &PostView) -> Markup {
    let words = screen.words();
    html! {
        @if !view.publications.is_empty() { (heading(&words.say("post-publications"))) }
        div.stack {
            @for publication in &view.publications { (one(screen, slug, publication)) }
        }
    }
}

fn one(screen: &Screen, slug: &str, publication: &PublicationView) -> Markup {
    let words = screen.words();
    let (key, name) = &publication.network;
    card(html! {
        div.stack id={ "publication-" (publication.id) } {
            div.spread {
                span.line { (NetworkMark::new(key, name)) strong { (publication.channel) } }
                @if publication.taken_down { span.soft { (words.say("publication-is-down")) } } @else { (state_mark(words, publication.state)) }
            }
            @if let Some(why) = &publication.why { (Note::amber(why)) }
            @if !publication.counts.is_empty() { p { (publication.counts) } }
            @if let Some(url) = &publication.url {
                a href=(url) rel="noopener noreferrer nofollow" { (words.tell("publication-open", &[("network", name.into())])) }
            }
            @if publication.by_hand { (by_hand(words, slug, publication)) }
            @if publication.may_decide { (decide(screen, slug, publication)) }
            (buttons(screen, slug, publication))
            details.fold {
                summary.fold__title { (words.say("publication-story")) }
                @for part in &publication.parts {
                    @if 1 < publication.parts.len() { h3.small { (part.name) } }
                    ol.journal { @for (at, line) in &part.lines { li { (time_element(words, at, &at.strftime("%H:%M:%S").to_string())) " " (line) } } }
                }
            }
        }
    })
}

fn buttons(screen: &Screen, slug: &str, publication: &PublicationView) -> Markup {
    let words = screen.words();
    let deed = |name: &str, button: Button| {
        ButtonForm::new(addresses::publication_deed(slug, &publication.id, name), &screen.csrf, button.small())
    };
    html! {
        div.line {
            @if publication.may_take_up { (deed("take-up", Button::submit(words.say("by-hand-take-up")).icon(Icon::Undo).look(Look::Quiet))) }
            @if publication.may_release { (deed("release", Button::submit(words.say("publication-release")).icon(Icon::Play))) }
            @if publication.may_hold { (deed("hold", Button::submit(words.say("publication-hold")).icon(Icon::Pause).look(Look::Plain))) }
            @if publication.may_leave { (deed("leave", Button::submit(words.say("publication-leave")).look(Look::Plain))) }
            @if publication.may_take_down { (deed("removal", Button::submit(words.say("publication-take-down")).icon(Icon::Trash).look(Look::Plain))) }
        }
        @if publication.may_edit {
            details.fold {
                summary.fold__title { (words.say("publication-change")) }
                (Form::post(addresses::publication_deed(slug, &publication.id, "edit"), &screen.csrf, html! {
                    (TextArea::new("text", words.say("publication-new-text")).id(format!("field-text-{}", publication.id)).value(&publication.text))
                    (Button::submit(words.say("publication-change-now")).look(Look::Quiet))
                }))
            }
        }
    }
}

/// Both sides, and what a person says.
fn decide(screen: &Screen, slug: &str, publication: &PublicationView) -> Markup {
    let words = screen.words();
    let to = addresses::publication_deed(slug, &publication.id, "outcome");
    let (typed, error) = publication.typed.clone().map_or((String::new(), None), |(typed, error)| (typed, Some(error)));
    html! {
        (Note::amber(words.say("publication-unsure-text")))
        (Form::post(&to, &screen.csrf, html! {
            (Field::url("url", words.say("publication-link")).id(format!("field-url-{}", publication.id)).optional(words.say("field-optional"))
                .value(typed).error(error))
            div.line {
                (Button::submit(words.say("publication-is-there")).value("is_there", "yes").look(Look::Quiet))
                (Button::submit(words.say("publication-is-not-there")).value("is_there", "no").look(Look::Plain))
            }
        }))
    }
}

fn by_hand(words: &Words, slug: &str, publication: &PublicationView) -> Note {
    let go = Button::link(addresses::by_hand(slug, &publication.id), words.say("by-hand-go")).icon(Icon::Phone).small();
    Note::info(words.say("by-hand-now")).icon(Icon::Phone).action(go.render())
}

/// What a network counts, in words; what it does not tell is left out.
pub(super) fn told(words: &Words, counts: &Counts) -> String {
    let pairs = [
        ("count-reactions", counts.reactions),
        ("count-comments", counts.comments),
        ("count-shares", counts.shares),
        ("count-quotes", counts.quotes),
        ("count-saves", counts.saves),
        ("count-clicks", counts.clicks),
        ("count-views", counts.views),
    ];
    let told = pairs.into_iter().filter_map(|(key, count)| Some(words.tell(key, &[("count", count?.into())])));
    told.collect::<Vec<_>>().join(" · ")
}
