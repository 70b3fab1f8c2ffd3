//! The pages that lead through connecting a channel.
//!
//! Their words follow from the names of network, way and field: `connect-{network}` says what the network is good for,
//! `connect-{network}-{way}` names a way, `…-step-1` and on are its steps, `connect-{network}-{way}-{field}` is a label
//! and `…-{field}-hint` what stands below it.

use maud::{Markup, Render, html};

use super::form::Typed;
use crate::addresses;
use crate::channels::{Channel, ChannelId, VisitId};
use crate::http::Screen;
use crate::http::screen::error_at;
use crate::networks::by_hand::APPS;
use crate::networks::{ConnectField, ConnectForm, Network};
use crate::people::FieldProblem;
use crate::ui::{
    Button, ErrorSummary, Field, Form, Icon, Look, NetworkMark, Note, Page, Place, Row, Section, Select, Width,
    copy_button, field_id,
};
use crate::words::Words;

/// The networks, with what each is good for.
pub(super) fn choose(screen: &Screen, slug: &str, networks: &[(&str, &str)]) -> Markup {
    let words = screen.words();
    let row = |(name, title): &(&str, &str)| {
        let about = words.say(&format!("connect-{name}"));
        Row::new(*title)
            .href(addresses::channel_new(slug, name))
            .lead(html! { span.large-mark { (NetworkMark::new(*name, *title)) } })
            .under(html! { (about) })
    };
    // The one that needs no account anywhere comes first: it is where one learns.
    let (easy, others): (Vec<_>, Vec<_>) = networks.iter().partition(|(name, _title)| *name == "practice");
    let body = html! {
        (Section::new(words.say("channels-new-try")).rows(easy.into_iter().map(row)))
        (Section::new(words.say("channels-new-real")).rows(others.into_iter().map(row)))
    };
    let mut page = screen.page(words.say("channels-new"), Place::Channels);
    page.width = Width::Reading;
    page.back = Some(addresses::workspace(slug, "channels"));
    page.render(&body)
}

/// What the page of one network shows.
pub(super) struct NewView<'a> {
    pub(super) slug: &'a str,
    pub(super) network: &'a dyn Network,
    /// The channel that is connected again.
    pub(super) again: Option<&'a Channel>,
    pub(super) typed: &'a Typed,
    pub(super) problems: &'a [FieldProblem],
    /// Why it did not work, in words.
    pub(super) trouble: Option<String>,
}

/// The ways to connect one network, the simplest first.
pub(super) fn new(screen: &Screen, view: &NewView<'_>) -> Markup {
    let words = screen.words();
    let (name, title) = (view.network.name(), view.network.title());
    let ways = view.network.connect_forms();
    let body = html! {
        div.stack {
            @if let Some(again) = view.again {
                (Note::info(words.tell("channels-again-text", &[("name", (&again.handle).into())])).icon(Icon::Key))
            } @else { p.soft { (words.say(&format!("connect-{name}"))) } }
            @if let Some(trouble) = &view.trouble {
                div role="alert" { (Note::rust(trouble).title(words.say("connect-did-not-work"))) }
            }
            @for (number, way) in ways.iter().enumerate() {
                @if number == 0 || view.typed.way == way.way {
                    section.stack { (way_title(words, name, way, ways.len())) (way_body(screen, view, way)) }
                } @else {
                    details.more {
                        summary.more__summary { (Icon::ChevronRight.small()) (words.say(&format!("connect-{name}-{}", way.way))) }
                        (way_body(screen, view, way))
                    }
                }
            }
        }
    };
    let key = if view.again.is_some() { "channels-again-title" } else { "channels-connect-title" };
    let mut page = screen.page(words.tell(key, &[("network", title.into())]), Place::Channels);
    page.width = Width::Reading;
    page.back = Some(back_of(view));
    page.render(&body)
}

fn back_of(view: &NewView<'_>) -> String {
    let list = || addresses::workspace(view.slug, "channels/new");
    view.again.map_or_else(list, |channel| addresses::channel(view.slug, channel.id))
}

fn way_title(words: &Words, network: &str, way: &ConnectForm, ways: usize) -> Markup {
    html! { @if 1 < ways { h2 { (words.say(&format!("connect-{network}-{}", way.way))) } } }
}

fn way_body(screen: &Screen, view: &NewView<'_>, way: &ConnectForm) -> Markup {
    let words = screen.words();
    let name = view.network.name();
    let errors: Vec<(String, String)> =
        if view.typed.way == way.way { screen.errors(view.problems) } else { Vec::new() };
    // Two ways may ask for the same thing on one page, so the way is part of the id.
    let at_fields: Vec<_> = errors.iter().map(|(field, text)| (format!("{}-{field}", way.way), text.clone())).collect();
    let (rare, usual): (Vec<_>, Vec<_>) = way.fields.iter().partition(|field| field.optional && field.address);
    let field = |field: &ConnectField| connect_field(screen, view, way, field, error_at(&errors, field.name));
    let button = if way.visits { "channels-visit-button" } else { "channels-connect-button" };
    let new = || addresses::channel_new(view.slug, name);
    let action = view.again.map_or_else(new, |channel| addresses::channel_deed(view.slug, channel.id, "reconnect"));
    html! {
        (steps(words, &format!("connect-{name}-{}", way.way)))
        (Form::post(action, &screen.csrf, html! {
            (ErrorSummary::new(words, &at_fields))
            input type="hidden" name="way" value=(way.way);
            @for known in usual { (field(known)) }
            @if !rare.is_empty() {
                details.more open[rare.iter().any(|known| !view.typed.value(way.way, known.name).is_empty())] {
                    summary.more__summary { (Icon::ChevronRight.small()) (words.say("connect-more")) }
                    @for known in rare { (field(known)) }
                }
            }
            div.line { (Button::submit(words.say(button)).icon(if way.visits { Icon::External } else { Icon::Check })) }
        }))
    }
}

/// The numbered steps of a way, as many as the catalogue has.
pub(super) fn steps(words: &Words, way: &str) -> Markup {
    let keys = (1..10).map(|number| format!("{way}-step-{number}"));
    let steps: Vec<String> = keys.take_while(|key| words.knows(key)).map(|key| words.say(&key)).collect();
    html! { @if !steps.is_empty() { ol.guide { @for step in &steps { li.guide__step { (step) } } } } }
}

fn connect_field(
    screen: &Screen,
    view: &NewView<'_>,
    way: &ConnectForm,
    field: &ConnectField,
    error: Option<String>,
) -> Markup {
    let words = screen.words();
    let key = format!("connect-{}-{}-{}", view.network.name(), way.way, field.name);
    let (label, hint) = (words.say(&key), format!("{key}-hint"));
    let hint = words.knows(&hint).then(|| words.say(&hint));
    let id = field_id(&format!("{}-{}", way.way, field.name));
    let value = view.typed.value(way.way, field.name);
    if view.network.name() == "by_hand" && field.name == "app" {
        let select = Select::new(field.name, label).id(id).error(error).chosen(value);
        let select = if let Some(hint) = hint { select.hint(hint) } else { select };
        return APPS.iter().fold(select, |select, app| select.option(app.name, app.title)).render();
    }
    let mut input = if field.secret {
        Field::password(field.name, label).autocomplete("off")
    } else {
        Field::text(field.name, label).autocomplete("off").value(value)
    };
    input = input.id(id).error(error).max_length(2000);
    if !field.example.is_empty() {
        input = input.placeholder(field.example);
    }
    if let Some(hint) = hint {
        input = input.hint(hint);
    }
    if field.optional {
        input = input.optional(words.say("field-optional"));
    }
    input.render()
}

/// What the page of a visit shows.
pub(super) struct VisitView<'a> {
    pub(super) slug: &'a str,
    pub(super) visit: VisitId,
    /// The channel that is connected again.
    pub(super) again: Option<ChannelId>,
    /// The network's page; none when one has been there.
    pub(super) url: Option<&'a str>,
    pub(super) shows_code: bool,
    pub(super) trouble: Option<String>,
}

/// On to the network's own page, and the place for its code.
pub(super) fn visit(screen: &Screen, view: &VisitView<'_>) -> Markup {
    let words = screen.words();
    let host = view.url.and_then(|url| url::Url::parse(url).ok()?.host_str().map(str::to_owned)).unwrap_or_default();
    let steps = if view.shows_code { "connect-visit-code" } else { "connect-visit-back" };
    let new = || addresses::workspace(view.slug, "channels/new");
    let begin = view.again.map_or_else(new, |channel| addresses::channel_deed(view.slug, channel, "reconnect"));
    let action = addresses::workspace(view.slug, &format!("channels/visits/{}", view.visit));
    let paste = Form::post(
        action,
        &screen.csrf,
        html! {
            (Field::text("code", words.say("connect-visit-field")).hint(words.say("connect-visit-hint"))
                .autocomplete("off").max_length(4000))
            div.line { (Button::submit(words.say("channels-connect-button")).icon(Icon::Check)) }
        },
    );
    let body = html! {
        div.stack {
            @if let Some(trouble) = &view.trouble {
                div role="alert" {
                    (Note::rust(trouble).title(words.say("connect-did-not-work")).action(
                        Button::link(&begin, words.say("connect-begin-again"))
                            .look(Look::Quiet).small().render()))
                }
            }
            @if let Some(url) = view.url {
                (self::steps(words, steps))
                div.line {
                    a.button href=(url) rel="noreferrer" target=[view.shows_code.then_some("_blank")] {
                        (Icon::External.small())
                        span.button__text { (words.tell("connect-visit-open", &[("host", host.into())])) }
                    }
                }
            }
            @if view.shows_code { (paste) } @else {
                details.more {
                    summary.more__summary { (Icon::ChevronRight.small()) (words.say("connect-visit-lost")) }
                    (paste)
                }
            }
        }
    };
    let mut page: Page<'_> = screen.page(words.say("connect-visit-title"), Place::Channels);
    page.width = Width::Reading;
    page.back = Some(begin);
    page.render(&body)
}

/// A secret that was made for the person, shown once.
pub(super) fn secret(screen: &Screen, slug: &str, channel: &Channel, secret: &str) -> Markup {
    let words = screen.words();
    let body = html! {
        div.stack {
            p { (words.say("connect-secret-text")) }
            (copy_button(words, &words.say("connect-secret-label"), secret))
            div.line { (Button::link(addresses::channel(slug, channel.id), words.say("connect-secret-done"))) }
        }
    };
    let title = words.tell("connect-secret-title", &[("name", channel.handle.as_str().into())]);
    let mut page = screen.page(title, Place::Channels);
    page.width = Width::Reading;
    page.render(&body)
}
