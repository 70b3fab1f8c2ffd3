//! Compose as HTML: one form that works whole without scripts; scripts save it by itself and count along.

use maud::{Markup, Render, html};

use super::form::{POLL_OPTIONS, Written, visibility_name};
use crate::addresses;
use crate::http::Screen;
use crate::http::screen::error_at;
use crate::networks::Visibility;
use crate::ui::{
    AutoSave, Button, ChannelChip, ChannelChips, Checkbox, Empty, ErrorSummary, Field, Frame, Icon, Look, MediaPicker,
    Note, Place, Select, TextArea, Width, card, char_counter_named, csrf_input, heading, toolbar,
};

/// What Compose shows.
#[derive(Debug)]
pub(super) struct ComposeView {
    /// What was written so far.
    pub written: Written,
    /// The channels it can go to.
    pub channels: Vec<ComposeChannel>,
    /// The tiles of its pictures.
    pub tiles: Vec<Markup>,
    /// What is wrong with it: field and sentence.
    pub errors: Vec<(String, String)>,
    /// It is planned already: saving changes what will go out.
    pub planned: Option<String>,
    /// The state of saving in words.
    pub saved: String,
}

/// A channel in Compose.
#[derive(Debug)]
pub(super) struct ComposeChannel {
    /// Its id.
    pub id: String,
    /// Its handle.
    pub handle: String,
    /// The network's key and title.
    pub network: (String, String),
    /// The channel's picture from our own cache.
    pub picture: Option<String>,
    /// It cannot take posts, and why.
    pub unusable: Option<String>,
    /// The longest text it takes, and how long the text is there.
    pub count: Option<(u32, u32)>,
    /// What differs here.
    pub variant: Option<String>,
}

/// The modules this screen uses.
const MODULES: [&str; 3] = ["elements/auto-save.js", "elements/char-counter.js", "elements/media-picker.js"];

pub(super) fn page(screen: &Screen, slug: &str, view: &ComposeView) -> Markup {
    let words = screen.words();
    let key = format!("post-{}", view.written.post);
    let mut page = screen.page(words.say("place-compose"), Place::Compose);
    page.frame = Frame::Focus { close: addresses::home(slug), under: AutoSave::status(&key, &view.saved) };
    page.width = Width::Reading;
    page.modules = &MODULES;
    if view.channels.is_empty() {
        return page.render(&no_channels(screen, slug));
    }
    let save = addresses::post_autosave(slug, view.written.post);
    let form = AutoSave::new(words, &key, save, form(screen, slug, view))
        .version(view.written.edition.to_string(), view.saved.clone());
    page.render(&form.render())
}

fn no_channels(screen: &Screen, slug: &str) -> Markup {
    let words = screen.words();
    let connect =
        Button::link(addresses::workspace(slug, "channels"), words.say("compose-connect")).icon(Icon::Channels);
    Empty::new(Icon::Channels, words.say("compose-no-channels"), words.say("compose-no-channels-text"))
        .action(connect.render())
        .render()
}

fn form(screen: &Screen, slug: &str, view: &ComposeView) -> Markup {
    let words = screen.words();
    let written = &view.written;
    let content = &written.content;
    let text = TextArea::new("text", words.say("compose-text"))
        .label_hidden()
        .writing()
        .autofocus()
        .optional(String::new())
        .placeholder(words.say("compose-placeholder"))
        .value(&content.text)
        .error(error_at(&view.errors, "text"));
    html! {
        form.compose method="post" action=(addresses::post(slug, written.post)) enctype="multipart/form-data" data-once {
            (csrf_input(&screen.csrf))
            input type="hidden" name="version" value=(written.edition);
            (ErrorSummary::new(words, &view.errors))
            @if let Some(planned) = &view.planned { (Note::info(planned)) }
            (ChannelChips { legend: words.say("compose-channels"), chips: view.channels.iter().map(|channel| chip(channel, view)).collect() })
            (text)
            (MediaPicker::new(words, addresses::workspace(slug, "media")).accept("image/jpeg,image/png,image/gif,image/webp").tiles(view.tiles.clone()))
            noscript { (Button::submit(words.say("compose-add-picture")).value("do", "picture").look(Look::Quiet).small()) }
            div id="checks" {}
            (variants(screen, view))
            (more(screen, view))
            (when(screen, view))
            (toolbar(&html! {
                @for channel in view.channels.iter().filter(|channel| chosen(view, channel)) {
                    @if let Some((used, limit)) = channel.count {
                        (char_counter_named(words, "field-text", used, limit, Some(&channel.handle)))
                    }
                }
            }, &Button::submit(words.say("compose-schedule")).icon(Icon::Clock).value("do", "schedule").render()))
        }
    }
}

fn chosen(view: &ComposeView, channel: &ComposeChannel) -> bool {
    view.written.content.channels.iter().any(|id| id.to_string() == channel.id)
}

fn chip(channel: &ComposeChannel, view: &ComposeView) -> ChannelChip {
    ChannelChip {
        value: channel.id.clone(),
        label: channel.handle.clone(),
        network: channel.network.clone(),
        picture: channel.picture.clone(),
        checked: chosen(view, channel),
        warning: channel.unusable.clone(),
        disabled: false,
    }
}

/// What differs on a channel: one closed part each, open where something does.
fn variants(screen: &Screen, view: &ComposeView) -> Markup {
    let words = screen.words();
    html! {
        @for channel in view.channels.iter().filter(|channel| chosen(view, channel) || channel.variant.is_some()) {
            @let name = format!("variant-{}", channel.id);
            details.fold open[channel.variant.is_some()] {
                summary.fold__title { (words.tell("compose-differs", &[("channel", (&channel.handle).into())])) }
                div.stack {
                    (Checkbox::new(format!("differ-{}", channel.id), words.say("compose-differ")).checked(channel.variant.is_some()))
                    (TextArea::new(&name, words.tell("compose-variant", &[("channel", (&channel.handle).into())])).optional(String::new())
                        .hint(words.say("compose-variant-hint")).value(channel.variant.clone().unwrap_or_default())
                        .error(error_at(&view.errors, &name)))
                }
            }
        }
    }
}

fn more(screen: &Screen, view: &ComposeView) -> Markup {
    let words = screen.words();
    let content = &view.written.content;
    let optional = words.say("field-optional");
    let see = [Visibility::Public, Visibility::Unlisted, Visibility::Followers, Visibility::Direct];
    let visibility =
        see.into_iter().fold(Select::new("visibility", words.say("compose-visibility")), |select, visibility| {
            let (name, key) = visibility_name(visibility);
            select.option(name, words.say(key))
        });
    let used = content.content_warning.is_some() || content.first_comment.is_some() || content.poll.is_some();
    let open = used || content.visibility != Visibility::Public || content.language.is_some();
    html! {
        details.fold open[open] {
            summary.fold__title { (words.say("compose-more")) }
            div.stack {
                (Field::text("warning", words.say("compose-warning")).optional(&optional).hint(words.say("compose-warning-hint"))
                    .value(content.content_warning.clone().unwrap_or_default()).error(error_at(&view.errors, "warning")))
                (visibility.chosen(visibility_name(content.visibility).0))
                (Field::text("language", words.say("compose-language")).optional(&optional).hint(words.say("compose-language-hint"))
                    .value(content.language.clone().unwrap_or_default()).error(error_at(&view.errors, "language")))
                (TextArea::new("first_comment", words.say("compose-first-comment")).rows(2).optional(&optional)
                    .hint(words.say("compose-first-comment-hint")).value(content.first_comment.clone().unwrap_or_default())
                    .error(error_at(&view.errors, "first_comment")))
                (poll(screen, view))
            }
        }
    }
}

fn poll(screen: &Screen, view: &ComposeView) -> Markup {
    let words = screen.words();
    let poll = view.written.content.poll.as_ref();
    let option = |number: usize| poll.and_then(|poll| poll.options.get(number)).cloned().unwrap_or_default();
    let open_for = poll.map_or(86_400, |poll| poll.open_for_s).to_string();
    let spans = [
        (3_600, "poll-hour"),
        (21_600, "poll-six-hours"),
        (86_400, "poll-day"),
        (259_200, "poll-three-days"),
        (604_800, "poll-week"),
    ];
    let span =
        spans.into_iter().fold(Select::new("poll-for", words.say("compose-poll-for")), |select, (seconds, key)| {
            select.option(seconds.to_string(), words.say(key))
        });
    html! {
        fieldset.stack {
            legend { (words.say("compose-poll")) }
            @if let Some(error) = error_at(&view.errors, "poll-option") { (Note::rust(error)) }
            @for number in 0..POLL_OPTIONS {
                (Field::text("poll-option", words.tell("compose-poll-option", &[("number", number.saturating_add(1).into())]))
                    .id(format!("field-poll-option-{number}")).optional(words.say("field-optional")).value(option(number)))
            }
            (span.chosen(open_for))
            (Checkbox::new("poll-multiple", words.say("compose-poll-multiple")).checked(poll.is_some_and(|poll| poll.multiple)))
        }
    }
}

fn when(screen: &Screen, view: &ComposeView) -> Markup {
    let words = screen.words();
    let zone = screen.workspace.as_ref().map(|workspace| workspace.zone.clone()).unwrap_or_default();
    html! {
        (heading(&words.say("compose-when")))
        (card(html! {
            div.stack {
                div.compose__when {
                    (Field::date("date", words.say("compose-date")).value(&view.written.date).error(error_at(&view.errors, "date")))
                    (Field::time("time", words.say("compose-time")).value(&view.written.time).error(error_at(&view.errors, "time").or_else(|| error_at(&view.errors, "at"))))
                }
                p.small.soft { (words.tell("compose-zone", &[("zone", zone.into())])) }
                div.line {
                    @if view.planned.is_none() {
                        (Button::submit(words.say("compose-now")).value("do", "now").icon(Icon::Send).look(Look::Quiet))
                    }
                    (Button::submit(words.say("compose-save")).value("do", "draft").look(Look::Plain))
                }
            }
        }))
    }
}

/// What stands in the way, or may surprise, for each channel.
#[derive(Debug)]
pub(super) struct ChecksView {
    /// Sentence and whether it stops the post.
    pub problems: Vec<(String, bool)>,
}

/// The problems as a part of the page.
pub(super) fn checks(view: &ChecksView) -> Markup {
    html! {
        @for (problem, stops) in &view.problems {
            @if *stops { (Note::rust(problem)) } @else { (Note::amber(problem)) }
        }
    }
}
