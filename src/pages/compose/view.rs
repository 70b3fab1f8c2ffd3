//! Compose as HTML: one form that works whole without scripts. With them it is saved by itself, and the parts that follow
//! from what is typed are drawn anew while someone writes.

use maud::{Markup, Render, html};

use super::form::{POLL_OPTIONS, Press, Wish, Written, visibility_name};
use super::gather::Pressed;
use super::preview::{self, PreviewView};
use crate::addresses;
use crate::channels::ChannelId;
use crate::http::Screen;
use crate::http::screen::error_at;
use crate::networks::Visibility;
use crate::pages;
use crate::posts::PostId;
use crate::posts::changes::Changes;
use crate::posts::mend::Mend;
use crate::ui::{
    AutoSave, Button, ChannelChip, ChannelChips, Checkbox, Empty, ErrorSummary, Field, Frame, Hue, Icon, LivePart,
    Look, MediaPicker, NetworkMark, Note, Place, Segments, Select, TextArea, Width, card, channel_counter,
    chip_warning, csrf_input, field_id, heading, live_form, tag, toolbar,
};

/// What Compose shows.
#[derive(Debug)]
pub(super) struct ComposeView {
    /// What was written so far.
    pub written: Written,
    /// The channels it can go to.
    pub channels: Vec<ComposeChannel>,
    /// What stands in the way, or may surprise; the worst first.
    pub problems: Vec<ProblemView>,
    /// The tiles of its pictures.
    pub tiles: Vec<Markup>,
    /// Its pictures: id, address, description.
    pub pictures: Vec<(String, String, String)>,
    /// What was wrong when it was sent: field and sentence.
    pub errors: Vec<(String, String)>,
    /// What someone else saved meanwhile.
    pub conflict: Option<ConflictView>,
    /// It is planned already: saving changes what will go out.
    pub planned: Option<String>,
    /// The state of saving in words.
    pub saved: String,
    /// What the one button will do.
    pub deed: Deed,
    /// The problems in one sentence, to be read out.
    pub said: String,
    /// The channel whose last press can be taken back.
    pub undone: Option<String>,
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
    /// Its picture, from our own cache.
    pub picture: Option<String>,
    /// The post goes there.
    pub chosen: bool,
    /// It cannot take posts, or not this one, and why.
    pub warning: Option<String>,
    /// How long the text is there, and how long it may be.
    pub count: Option<(u32, u32)>,
    /// What differs here.
    pub variant: Option<String>,
    /// The pictures that are left out here.
    pub left_out: Vec<String>,
    /// The first comment is left out here.
    pub no_comment: bool,
    /// How it will look.
    pub preview: Option<PreviewView>,
}

/// Something that stands in the way, or may surprise.
#[derive(Debug)]
pub(super) struct ProblemView {
    /// On which channels: id and handle.
    pub channels: Vec<(ChannelId, String)>,
    /// What.
    pub text: String,
    /// The network would refuse it.
    pub stops: bool,
    /// The press that does something about it.
    pub mend: Option<Mend>,
    /// Where a person puts it right.
    pub lead: Option<Offer>,
}

/// Someone else's edition, beside one's own words.
#[derive(Debug)]
pub(super) struct ConflictView {
    /// Its edition.
    pub edition: u32,
    /// Who saved it.
    pub name: String,
    /// When.
    pub at: String,
    /// What is not the same there.
    pub changes: Changes,
    /// Its base text.
    pub text: String,
    /// The handles of the channels.
    pub handles: Vec<(ChannelId, String)>,
}

/// A field to go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Offer {
    /// Its id.
    pub id: String,
    /// The key of the words on the link.
    pub key: &'static str,
}

/// What the one button will do.
#[derive(Debug)]
pub(super) struct Deed {
    /// The time it schedules for, where one can be read.
    pub at: Option<String>,
    /// What must be known of that time.
    pub note: Option<String>,
}

/// The modules this screen uses.
const MODULES: [&str; 4] =
    ["elements/auto-save.js", "elements/char-counter.js", "elements/live-form.js", "elements/media-picker.js"];
/// The value of the button that ends the writing.
const FINAL: &str = "go";
/// The id of the sheet with the previews.
const PREVIEW: &str = "preview";

pub(super) fn page(screen: &Screen, slug: &str, view: &ComposeView) -> Markup {
    let words = screen.words();
    let post = view.written.writing.post;
    let key = format!("post-{post}");
    let mut page = screen.page(words.say("place-compose"), Place::Compose);
    page.frame = Frame::Focus { close: addresses::home(slug), under: AutoSave::status(&key, &view.saved) };
    page.width = Width::Full;
    page.modules = &MODULES;
    if view.channels.is_empty() {
        return page.render(&no_channels(screen, slug));
    }
    page.actions = Button::plain(words.say("preview-show")).shows(PREVIEW).look(Look::Quiet).small().render();
    let live = live_form(&addresses::post_deed(slug, post, "checks"), FINAL, &form(screen, slug, view));
    let save = addresses::post_autosave(slug, post);
    let owner = screen.signed_in.as_ref().map(|signed_in| signed_in.person.id.to_string()).unwrap_or_default();
    let form = AutoSave::new(words, &key, save, live)
        .version(view.written.writing.edition.to_string(), view.saved.clone())
        .owner(owner);
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

/// The parts that are drawn anew while someone types, after a press with the fields it has changed.
pub(super) fn parts(screen: &Screen, view: &ComposeView, pressed: &Pressed) -> Markup {
    html! {
        @if let Some(field) = &pressed.focus { div data-focus=(field) {} }
        @for channel in &view.channels {
            (LivePart::Drawn.render(&format!("chip-warning-{}", channel.id), "", &chip_warning(channel.warning.as_deref())))
        }
        (live_parts(screen, view, pressed))
        (previews(screen, view))
        (deed(screen, view))
        (note(screen, view))
        (counts(screen, view))
    }
}

fn form(screen: &Screen, slug: &str, view: &ComposeView) -> Markup {
    let words = screen.words();
    let content = view.written.content();
    let text = TextArea::new("text", words.say("compose-text"))
        .label_hidden()
        .writing()
        .autofocus()
        .optional(String::new())
        .placeholder(words.say("compose-placeholder"))
        .value(&content.text)
        .error(error_at(&view.errors, "text"));
    let picker = MediaPicker::new(words, addresses::workspace(slug, "media"))
        .accept("image/jpeg,image/png,image/gif,image/webp")
        .tiles(view.tiles.clone());
    let chips = view.channels.iter().map(chip).collect();
    html! {
        form.compose id="compose" method="post" action=(addresses::post(slug, view.written.writing.post)) enctype="multipart/form-data" data-once {
            (csrf_input(&screen.csrf))
            input type="hidden" name="version" value=(view.written.writing.edition);
            // Enter in a field of one line presses the first button: that must not send anything.
            button.hidden type="submit" name="do" value="look" tabindex="-1" aria-hidden="true" {}
            div.compose__main {
                (ErrorSummary::new(words, &view.errors))
                (AutoSave::conflict(&format!("post-{}", view.written.writing.post), &html! {
                    @if let Some(found) = &view.conflict { (conflict(screen, slug, view.written.writing.post, found)) }
                }))
                @if let Some(planned) = &view.planned { (Note::info(planned)) }
                (ChannelChips { legend: words.say("compose-channels"), chips })
                (text)
                (picker)
                noscript { (Button::submit(words.say("compose-look")).value("do", "look").look(Look::Quiet).small()) }
                (live_parts(screen, view, &Pressed::default()))
                (more(screen, view))
                (when(screen, view))
                (toolbar(&tools(screen, view), &main_button(screen, view)))
            }
            div.compose__preview.sheet id=(PREVIEW) popover="manual" tabindex="0" {
                div.sheet__head {
                    h2 { (words.say("preview-title")) }
                    (Button::plain(words.say("frame-close")).icon_only(Icon::Close).shows(PREVIEW).look(Look::Plain))
                }
                noscript { (Button::submit(words.say("compose-look")).value("do", "look").look(Look::Quiet).small()) }
                (previews(screen, view))
            }
        }
    }
}

/// Both are kept: one's own in the fields, the other's here until one of them is chosen, and among the versions after.
pub(super) fn conflict(screen: &Screen, slug: &str, post: PostId, view: &ConflictView) -> Markup {
    let words = screen.words();
    let said = words.tell("compose-conflict", &[("name", (&view.name).into()), ("when", (&view.at).into())]);
    html! {
        div.conflict {
            (Note::amber(said))
            (pages::posts::changed(words, &view.changes, &view.handles))
            details.fold {
                summary.fold__title { (words.tell("compose-conflict-text", &[("name", (&view.name).into())])) }
                p.post__text dir="auto" { (view.text) }
            }
            div.line {
                button.button data-small type="submit" name="fix" value={ "over " (view.edition) } data-goes-over=(view.edition) {
                    span.button__text { (words.say("compose-conflict-mine")) }
                }
                a.button.button--quiet href=(addresses::post_edit(slug, post)) data-small data-takes-other {
                    span.button__text { (words.say("compose-conflict-theirs")) }
                }
            }
        }
    }
}

fn chip(channel: &ComposeChannel) -> ChannelChip {
    ChannelChip {
        value: channel.id.clone(),
        label: channel.handle.clone(),
        network: channel.network.clone(),
        picture: channel.picture.clone(),
        checked: channel.chosen,
        warning: channel.warning.clone(),
        disabled: false,
    }
}

/// What stands in the way, then what differs where.
fn live_parts(screen: &Screen, view: &ComposeView, pressed: &Pressed) -> Markup {
    let words = screen.words();
    let said = html! { (view.said) };
    let rows = html! {
        @for channel in view.channels.iter().filter(|channel| channel.chosen || channel.differs()) {
            (variant(screen, view, channel, pressed.fresh.iter().any(|id| id.to_string() == channel.id)))
        }
    };
    html! {
        (LivePart::Drawn.render("compose-problems", "stack", &problems(screen, view)))
        (LivePart::Said.render("compose-said", "hidden", &said))
        (heading(&words.say("compose-each")))
        (LivePart::Rows.render("compose-variants", "compose__variants", &rows))
    }
}

fn problems(screen: &Screen, view: &ComposeView) -> Markup {
    let words = screen.words();
    let chosen = view.channels.iter().filter(|channel| channel.chosen).count();
    html! {
        @if let (Some(handle), Some((channel, text))) = (&view.undone, &view.written.undo) {
            input type="hidden" name="undo-of" value=(channel);
            textarea.hidden name="undo-text" tabindex="-1" aria-hidden="true" { (text) }
            (Note::info(words.tell("compose-differs-now", &[("channel", handle.into())])).icon(Icon::Check)
                .action(Button::submit(words.say("compose-undo")).value("fix", "undo").look(Look::Quiet).small().render()))
        }
        @for problem in &view.problems { (problem_note(screen, problem, chosen)) }
    }
}

fn problem_note(screen: &Screen, problem: &ProblemView, chosen: usize) -> Markup {
    let words = screen.words();
    let handles: Vec<&str> = problem.channels.iter().map(|(_id, handle)| handle.as_str()).collect();
    let ids: Vec<ChannelId> = problem.channels.iter().map(|(id, _handle)| *id).collect();
    let note = if problem.stops { Note::rust(&problem.text) } else { Note::amber(&problem.text) };
    let everywhere = 1 < chosen && handles.len() == chosen;
    let note = note.title(if everywhere { words.say("compose-everywhere") } else { handles.join(", ") });
    let action = match (problem.mend, &problem.lead) {
        (Some(mend), _) => {
            let value = Press::mend_value(mend, &ids);
            Some(Button::submit(words.say(mend.key())).value("fix", value).small())
        }
        (None, Some(lead)) => {
            Some(Button::link(format!("#{}", lead.id), words.say(lead.key)).look(Look::Quiet).small())
        }
        (None, None) => None,
    };
    match action {
        Some(button) => note.action(button.render()).render(),
        None => note.render(),
    }
}

/// What differs on a channel: a closed part, open where something does.
fn variant(screen: &Screen, view: &ComposeView, channel: &ComposeChannel, fresh: bool) -> Markup {
    let words = screen.words();
    let name = format!("variant-{}", channel.id);
    let text = TextArea::new(&name, words.tell("compose-variant", &[("channel", (&channel.handle).into())]))
        .optional(String::new())
        .hint(words.say("compose-variant-hint"))
        .placeholder(words.say("compose-variant-same"))
        .value(channel.variant.clone().unwrap_or_default())
        .error(error_at(&view.errors, &name));
    let begin = Button::submit(words.say("compose-begin")).value("fix", format!("begin {}", channel.id));
    let (key, title) = &channel.network;
    let left_out = html! {
        @for (number, (id, _address, alt)) in (1_usize..).zip(&view.pictures) {
            @let label = words.tell("compose-left-out", &[("number", number.into()), ("alt", alt.into())]);
            (Checkbox::new(format!("left-{}", channel.id), label).value(id).checked(channel.left_out.contains(id)))
        }
        @if view.written.content().first_comment.is_some() || channel.no_comment {
            (Checkbox::new(format!("no-comment-{}", channel.id), words.say("compose-no-comment")).checked(channel.no_comment))
        }
    };
    html! {
        details.fold id={ "variant-of-" (channel.id) } data-fresh[fresh] open[channel.differs()] {
            summary.fold__title {
                (NetworkMark::new(key, title)) span.compose__channel { (channel.handle) }
                @if channel.differs() { (tag(&words.say("compose-differs"), Hue::Action)) }
                (Icon::ChevronDown.small())
            }
            div.stack {
                (text)
                (begin.look(Look::Quiet).small())
                (LivePart::Drawn.render(&format!("left-{}", channel.id), "", &left_out))
            }
        }
    }
}

impl ComposeChannel {
    fn differs(&self) -> bool {
        self.variant.is_some() || !self.left_out.is_empty() || self.no_comment
    }
}

fn more(screen: &Screen, view: &ComposeView) -> Markup {
    let words = screen.words();
    let content = view.written.content();
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
        details.fold id="compose-more" open[open] {
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
    let poll = view.written.content().poll.as_ref();
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
    let error = error_at(&view.errors, "time").or_else(|| error_at(&view.errors, "at"));
    let draft = if view.planned.is_some() { "compose-back-to-draft" } else { "compose-as-draft" };
    let wishes = [(Wish::At, "compose-at"), (Wish::Now, "compose-right-now"), (Wish::Draft, draft)];
    let wishes = wishes.into_iter().fold(Segments::new("when", words.say("compose-when")), |all, (wish, key)| {
        all.option(wish.name(), words.say(key))
    });
    html! {
        (heading(&words.say("compose-when")))
        (card(html! {
            div.stack {
                (wishes.chosen(view.written.wish.name()))
                div.compose__when {
                    (Field::date("date", words.say("compose-date")).value(&view.written.date).optional(String::new()).error(error_at(&view.errors, "date")))
                    (Field::time("time", words.say("compose-time")).value(&view.written.time).optional(String::new()).error(error))
                }
                (note(screen, view))
            }
        }))
    }
}

/// In whose time it is, and what must be known of it.
fn note(screen: &Screen, view: &ComposeView) -> Markup {
    let words = screen.words();
    let zone = screen.workspace.as_ref().map(|workspace| workspace.zone.clone()).unwrap_or_default();
    let body = html! {
        @if view.written.wish == Wish::At { p.small.soft { (words.tell("compose-zone", &[("zone", zone.into())])) } }
        @if let Some(note) = &view.deed.note { (Note::amber(note)) }
    };
    LivePart::Drawn.render("compose-note", "stack", &body)
}

/// Rings and the way to a picture, within reach of the thumb.
fn tools(screen: &Screen, view: &ComposeView) -> Markup {
    html! {
        (counts(screen, view))
        label.button.button--icon.button--plain for=(field_id("file")) {
            (Icon::Image) span.hidden { (screen.words().say("media-choose")) }
        }
    }
}

/// The rings, the fullest first.
fn counts(screen: &Screen, view: &ComposeView) -> Markup {
    let counted = view.channels.iter().filter(|channel| channel.chosen);
    let mut counted: Vec<_> = counted.filter_map(|channel| Some((channel, channel.count?))).collect();
    counted.sort_by_key(|(_channel, (used, limit))| {
        std::cmp::Reverse(u64::from(*used).saturating_mul(1_000) / u64::from(*limit).max(1))
    });
    let rings = html! {
        @for (channel, count) in counted {
            @let field = if channel.variant.is_some() { format!("variant-{}", channel.id) } else { "text".to_owned() };
            @let (key, title) = &channel.network;
            (channel_counter(screen.words(), &field_id(&field), count, &channel.handle, &NetworkMark::new(key, title)))
        }
    };
    LivePart::Drawn.render("compose-counts", "compose__counts", &rings)
}

/// The one button. It says what is chosen; which of its words are shown follows from the choice by style alone.
fn main_button(screen: &Screen, view: &ComposeView) -> Markup {
    html! {
        button.button type="submit" name="do" value=(FINAL) {
            span.deed.deed--at { (Icon::Clock.small()) }
            span.deed.deed--now { (Icon::Send.small()) (screen.words().say("compose-now")) }
            span.deed.deed--draft { (Icon::Check.small()) (screen.words().say("compose-save")) }
            (deed(screen, view))
        }
    }
}

fn deed(screen: &Screen, view: &ComposeView) -> Markup {
    let words = screen.words();
    let plain = words.say("compose-schedule");
    let body = html! {
        @match &view.deed.at {
            Some(at) => {
                // A phone has room for the time alone; the sentence is read out.
                span.deed__exact {
                    span.deed__short aria-hidden="true" { (at) }
                    span.deed__whole { (words.tell("compose-schedule-for", &[("when", at.into())])) }
                }
                // Without scripts the words would not follow the fields.
                span.deed__plain { (plain) }
            },
            None => (plain),
        }
    };
    LivePart::Drawn.render("compose-deed", "deed deed--at", &body)
}

fn previews(screen: &Screen, view: &ComposeView) -> Markup {
    let views: Vec<&PreviewView> = view.channels.iter().filter_map(|channel| channel.preview.as_ref()).collect();
    LivePart::Drawn.render("compose-preview", "stack", &preview::previews(screen, &views))
}
