//! The list of channels and the page of one.

use maud::{Markup, Render, html};

use crate::addresses;
use crate::base::clock::At;
use crate::channels::{Channel, ChannelState, Health};
use crate::http::Screen;
use crate::networks::Capabilities;
use crate::networks::capabilities::Count;
use crate::ui::{
    Avatar, Button, ButtonForm, Empty, Hue, Icon, Look, Note, Page, Place, Row, Section, Width, card, copy_button, dot,
    heading, live_part, relative_time,
};
use crate::words::Words;

/// What a row of the list shows.
pub(super) struct Listed {
    pub(super) channel: Channel,
    /// The name of its network.
    pub(super) network: String,
    /// Its picture, from our own copy.
    pub(super) face: Option<String>,
    pub(super) well_at: Option<At>,
    pub(super) ill_at: Option<At>,
}

/// The list, or what to do where there is nothing yet.
pub(super) fn list(screen: &Screen, slug: &str, rows: &[Listed], manages: bool) -> Markup {
    let words = screen.words();
    if rows.is_empty() {
        return html! { (empty(words, slug, manages)) };
    }
    let rows = rows.iter().map(|listed| {
        let channel = &listed.channel;
        Row::new(&channel.name)
            .href(addresses::channel(slug, channel.id))
            .lead(
                Avatar::new(&channel.name)
                    .picture(listed.face.clone())
                    .network(&channel.network, &listed.network)
                    .render(),
            )
            .under(html! {
                span.row__text { (listed.network) " · " (channel.handle) }
                (state_line(screen, &channel.state, listed.well_at, listed.ill_at))
            })
    });
    html! { ul.card role="list" { @for row in rows { li.card__item { (row) } } } }
}

fn empty(words: &Words, slug: &str, manages: bool) -> Empty {
    let empty = Empty::new(Icon::Channels, words.say("channels-none"), words.say("channels-none-text"));
    if !manages {
        return empty;
    }
    empty.action(html! {
        (Button::link(addresses::channel_new(slug, "practice"), words.say("channels-begin-practice")).icon(Icon::Play))
        (Button::link(addresses::workspace(slug, "channels/new"), words.say("channels-new")).look(Look::Quiet))
    })
}

/// The page around the list.
pub(super) fn list_page(mut page: Page<'_>, slug: &str, connects: bool, body: &Markup) -> Markup {
    page.width = Width::Reading;
    if connects {
        let new = page.words.say("channels-new-short");
        page.actions = html! {
            (Button::link(addresses::workspace(slug, "channels/new"), new).icon(Icon::Plus).look(Look::Quiet).small())
        };
    }
    page.render(&live_part(&addresses::workspace(slug, "channels"), &["channel", "avatar"], body))
}

/// Whether it works, in one line: an icon, a word and a colour.
fn state_line(screen: &Screen, state: &ChannelState, well_at: Option<At>, ill_at: Option<At>) -> Markup {
    let words = screen.words();
    let (hue, icon, text) = match state {
        ChannelState::Active if well_at < ill_at => (Hue::Amber, Icon::Warning, words.say("channels-state-trouble")),
        ChannelState::Active => (Hue::Plain, Icon::Check, words.say("channels-state-active")),
        ChannelState::Paused => (Hue::Amber, Icon::Pause, words.say("channels-state-paused")),
        ChannelState::Reconnect { .. } => (Hue::Rust, Icon::Alert, words.say("channels-state-reconnect")),
    };
    let contact = well_at.filter(|_at| *state == ChannelState::Active).map(|at| screen.local(at));
    html! {
        span.state data-hue=(hue.name()) {
            (icon.tiny())
            span {
                (text)
                @if let Some(at) = &contact {
                    " · " (words.say("channels-contact")) " " (relative_time(words, at, &screen.now()))
                }
            }
        }
    }
}

/// What the page of a channel shows.
pub(super) struct ChannelView {
    pub(super) channel: Channel,
    /// The name of its network.
    pub(super) network: String,
    /// Its picture, from our own copy.
    pub(super) face: Option<String>,
    pub(super) can: Capabilities,
    pub(super) health: Health,
    /// When its credentials end.
    pub(super) ends_at: Option<At>,
    pub(super) connected_by: String,
    /// Its page at the network.
    pub(super) link: Option<String>,
    /// Its earlier posts can be brought in.
    pub(super) imports: bool,
    pub(super) hook: Option<HookView>,
    pub(super) manages: bool,
    /// What just went wrong.
    pub(super) problem: Option<String>,
}

/// Where the network calls in.
pub(super) struct HookView {
    pub(super) address: String,
    /// It was asked to.
    pub(super) told: bool,
}

/// The page around a channel.
pub(super) fn channel_page(mut page: Page<'_>, slug: &str, view: &ChannelView, body: &Markup) -> Markup {
    page.width = Width::Reading;
    page.back = Some(addresses::workspace(slug, "channels"));
    if view.problem.is_some() {
        // What went wrong stays until the person goes on.
        return page.render(body);
    }
    page.render(&live_part(&addresses::channel(slug, view.channel.id), &["channel", "avatar"], body))
}

/// All about one channel.
pub(super) fn channel(screen: &Screen, slug: &str, view: &ChannelView) -> Markup {
    let words = screen.words();
    let channel = &view.channel;
    html! {
        div.stack {
            (head(words, view))
            @if let Some(problem) = &view.problem {
                div role="alert" { (Note::rust(problem).title(words.say("channels-test-ill"))) }
            }
            (what_to_do(screen, slug, view))
            @if view.manages { (deeds(screen, slug, channel)) }
        }
        (health(screen, view))
        @if let Some(hook) = &view.hook { (hook_part(screen, slug, channel, hook)) }
        (abilities(words, &view.can))
        @if view.manages {
            (heading(&words.say("channels-remove-title")))
            (card(html! {
                div.spread {
                    p.soft { (words.say("channels-remove-hint")) }
                    (Button::link(addresses::channel_deed(slug, channel.id, "remove"), words.say("channels-remove")).look(Look::Danger))
                }
            }))
        }
    }
}

fn head(words: &Words, view: &ChannelView) -> Markup {
    let channel = &view.channel;
    html! {
        div.channel-head {
            (Avatar::new(&channel.name).picture(view.face.clone()).network(&channel.network, &view.network))
            div.channel-head__words {
                p.channel-head__name { (channel.name) }
                p.soft.small { (view.network) " · " (channel.handle) }
            }
            @if let Some(link) = &view.link {
                a.button.button--outline href=(link) rel="noreferrer" data-small {
                    (Icon::External.small()) span.button__text { (words.say("channels-open")) }
                }
            }
        }
    }
}

/// What keeps the channel from working, and the way out as a button.
fn what_to_do(screen: &Screen, slug: &str, view: &ChannelView) -> Markup {
    let words = screen.words();
    let channel = &view.channel;
    match &channel.state {
        ChannelState::Active => html! {
            @if view.imports && view.health.imported_at.is_none() {
                (Note::info(words.say("channels-importing")).icon(Icon::Download))
            }
        },
        ChannelState::Paused => {
            let resume = Button::submit(words.say("channels-resume")).icon(Icon::Play).small();
            let note = Note::amber(words.say("channels-paused-text"))
                .title(words.say("channels-state-paused"))
                .icon(Icon::Pause);
            let action = addresses::channel_deed(slug, channel.id, "resume");
            if view.manages { note.action(ButtonForm::new(action, &screen.csrf, resume).render()) } else { note }
                .render()
        }
        ChannelState::Reconnect { reason, since_at } => {
            let since = words.ago(&screen.local(*since_at), &screen.now());
            let text = words.tell("channels-reconnect-text", &[("network", (&view.network).into())]);
            let source = words.tell("channels-reconnect-said", &[("reason", reason.into()), ("since", since.into())]);
            let note = Note::rust(text).title(words.say("channels-state-reconnect")).source(source);
            let link = Button::link(again(slug, channel), words.say("channels-reconnect")).icon(Icon::Key).small();
            if view.manages { note.action(link.render()) } else { note }.render()
        }
    }
}

fn again(slug: &str, channel: &Channel) -> String {
    addresses::channel_deed(slug, channel.id, "reconnect")
}

fn deeds(screen: &Screen, slug: &str, channel: &Channel) -> Markup {
    let words = screen.words();
    let post = |deed: &str, button: Button| {
        ButtonForm::new(addresses::channel_deed(slug, channel.id, deed), &screen.csrf, button)
    };
    html! {
        div.line {
            (post("test", Button::submit(words.say("channels-test")).icon(Icon::Retry).look(Look::Quiet)))
            @if channel.state == ChannelState::Active {
                (post("pause", Button::submit(words.say("channels-pause")).icon(Icon::Pause).look(Look::Outline)))
            }
            @if !matches!(channel.state, ChannelState::Reconnect { .. }) {
                (Button::link(again(slug, channel), words.say("channels-reconnect")).icon(Icon::Key).look(Look::Outline))
            }
        }
    }
}

fn health(screen: &Screen, view: &ChannelView) -> Markup {
    let words = screen.words();
    let now = screen.now();
    let when = |at: At| relative_time(words, &screen.local(at), &now);
    let health = &view.health;
    let channel = &view.channel;
    let connected = words.tell("channels-connected-by", &[("name", (&view.connected_by).into())]);
    let row = |icon: Icon, hue: Hue, title: String| Row::new(title).lead(dot(icon, hue));
    let mut section = Section::new(words.say("channels-health"));
    section = match health.well_at {
        Some(at) => section.row(&row(Icon::Check, Hue::Action, words.say("channels-well")).end(when(at))),
        None => section.row(&row(Icon::Clock, Hue::Plain, words.say("channels-never-well"))),
    };
    if let Some(at) = health.ill_at {
        let because = health.ill_because.clone().unwrap_or_default();
        // A fault that is over is worth a line, but no alarm.
        let hue = if health.well_at < Some(at) { Hue::Rust } else { Hue::Plain };
        section =
            section.row(&row(Icon::Warning, hue, words.say("channels-ill")).under(html! { (because) }).end(when(at)));
    }
    if let Some(at) = view.ends_at {
        let at = screen.local(at);
        let over = at <= now;
        let key = if over { "channels-ended-at" } else { "channels-ends-at" };
        let text = words.tell(key, &[("when", words.day_and_time(&at, &now).into())]);
        let hue = if over { Hue::Rust } else { Hue::Plain };
        section = section.row(&row(Icon::Key, hue, words.say("channels-ends")).under(html! { (text) }));
    }
    section = section.row(&row(Icon::Link, Hue::Plain, connected).end(when(channel.connected_at)));
    section.render()
}

fn hook_part(screen: &Screen, slug: &str, channel: &Channel, hook: &HookView) -> Markup {
    let words = screen.words();
    let action = addresses::channel_deed(slug, channel.id, "webhook");
    let key = if hook.told { "channels-hook-again" } else { "channels-hook-register" };
    let button = Button::submit(words.say(key)).icon(Icon::Bell).look(Look::Quiet);
    html! {
        (heading(&words.say("channels-hook")))
        (card(html! {
            div.stack {
                p { (words.say(if hook.told { "channels-hook-told" } else { "channels-hook-text" })) }
                (ButtonForm::new(action, &screen.csrf, button))
                details.more {
                    summary.more__summary { (Icon::ChevronRight.small()) (words.say("channels-hook-address")) }
                    (copy_button(words, &words.say("channels-hook-address"), &hook.address))
                }
            }
        }))
    }
}

/// What the network can do for this account, and what it cannot, from the statement that everything reads.
fn abilities(words: &Words, can: &Capabilities) -> Markup {
    let (yes, no) = told(words, can);
    html! {
        (heading(&words.say("channels-can")))
        (card(html! {
            ul.abilities role="list" {
                @for ability in &yes { li.abilities__one { (Icon::Check.tiny()) span { (ability) } } }
            }
            @if !no.is_empty() {
                p.abilities__not { (words.tell("channels-cannot", &[("list", no.join(" · ").into())])) }
            }
        }))
    }
}

/// The abilities in words: those it has, and the names of those it lacks.
pub(super) fn told(words: &Words, can: &Capabilities) -> (Vec<String>, Vec<String>) {
    let mut yes = vec![match can.text.limit {
        Some(limit) => words.tell("can-text", &[("limit", limit.into())]),
        None => words.say("can-text-free"),
    }];
    let mut no = Vec::new();
    if 0 < can.images.max {
        let key = if can.images.alt_limit.is_some() { "can-images-described" } else { "can-images" };
        yes.push(words.tell(key, &[("max", can.images.max.into())]));
    } else {
        no.push(words.say("cannot-images"));
    }
    if can.media_required {
        yes.push(words.say("can-images-only"));
    }
    for (has, name) in [
        (can.threads, "threads"),
        (can.poll.is_some(), "polls"),
        (can.first_comment, "first-comment"),
        (can.content_warning, "warnings"),
        (can.quotes, "quotes"),
        (can.edit && !can.by_hand, "edit"),
        (can.delete && !can.by_hand, "delete"),
        (can.inbox, "inbox"),
        (can.reply, "reply"),
        (can.followers, "followers"),
    ] {
        if has { yes.push(words.say(&format!("can-{name}"))) } else { no.push(words.say(&format!("cannot-{name}"))) }
    }
    if can.counts.is_empty() {
        no.push(words.say("cannot-counts"));
    } else {
        let list = can.counts.iter().map(|count| words.say(count_key(*count))).collect::<Vec<_>>().join(", ");
        yes.push(words.tell("can-counts", &[("list", list.into())]));
    }
    (yes, no)
}

fn count_key(count: Count) -> &'static str {
    match count {
        Count::Reactions => "counted-reactions",
        Count::Comments => "counted-comments",
        Count::Shares => "counted-shares",
        Count::Quotes => "counted-quotes",
        Count::Saves => "counted-saves",
        Count::Clicks => "counted-clicks",
        Count::Views => "counted-views",
        Count::Impressions => "counted-impressions",
        Count::Reach => "counted-reach",
    }
}

/// The question before a channel is removed.
pub(super) fn confirm(screen: &Screen, slug: &str, channel: &Channel, network: &str, planned: usize) -> Markup {
    let words = screen.words();
    let remove = Button::submit(words.tell("channels-remove-now", &[("name", (&channel.handle).into())]))
        .icon(Icon::Trash)
        .look(Look::Danger);
    let page_of = addresses::channel(slug, channel.id);
    let planned_text = words.tell("channels-remove-planned", &[("count", planned.into())]);
    let kept = if planned == 0 { Note::info(planned_text) } else { Note::amber(planned_text) };
    let body = html! {
        div.stack {
            (kept.icon(Icon::Clock))
            p { (words.tell("channels-remove-text", &[("name", (&channel.handle).into()), ("network", network.into())])) }
            div.line {
                (ButtonForm::new(addresses::channel_deed(slug, channel.id, "remove"), &screen.csrf, remove))
                (Button::link(&page_of, words.say("channels-keep")).look(Look::Quiet))
            }
        }
    };
    let title = words.tell("channels-remove-question", &[("name", (&channel.handle).into())]);
    let mut page = screen.page(title, Place::Channels);
    page.width = Width::Reading;
    page.back = Some(page_of);
    page.render(&body)
}
