//! The list of conversations: who, when, what, and which post it answers.

use maud::{Markup, Render, html};

use crate::addresses;
use crate::base::clock::At;
use crate::http::Screen;
use crate::inbox::{Conversation, ConversationId, ConversationState};
use crate::networks::MessageKind;
use crate::people::PersonId;
use crate::ui::{Avatar, Button, Empty, Hue, Icon, Look, Pagination, Row, Tabs, live_part, relative_time, tag};
use crate::words::Words;

/// Which conversations are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum View {
    /// What still wants something.
    #[default]
    Open,
    /// Of these, what I take care of.
    Mine,
    /// What is done with.
    Done,
}

impl View {
    pub(super) fn named(name: &str) -> Self {
        match name {
            "mine" => Self::Mine,
            "done" => Self::Done,
            _ => Self::Open,
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Mine => "mine",
            Self::Done => "done",
        }
    }

    pub(super) const fn state(self) -> ConversationState {
        match self {
            Self::Open | Self::Mine => ConversationState::Open,
            Self::Done => ConversationState::Done,
        }
    }
}

/// One row.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    pub(super) conversation: Conversation,
    /// The key of its network, and its name.
    pub(super) network: (String, String),
    /// The picture of who wrote, from our own copy.
    pub(super) face: Option<String>,
    /// Who takes care of it, if someone does.
    pub(super) assigned: Option<(PersonId, String)>,
}

/// The list of a view.
#[derive(Clone, Debug)]
pub(super) struct ListView {
    pub(super) slug: String,
    pub(super) view: View,
    /// How many there are in Open and in Mine, up to the most that are counted.
    pub(super) counts: (u32, u32),
    pub(super) rows: Vec<Listed>,
    /// Where the list goes on.
    pub(super) before: Option<(At, ConversationId)>,
    /// The one that is shown beside it.
    pub(super) current: Option<ConversationId>,
    pub(super) me: PersonId,
    /// There is at least one channel.
    pub(super) connected: bool,
    /// This is not the first part of it.
    pub(super) later: bool,
}

/// The address of a view.
pub(super) fn address(slug: &str, view: View) -> String {
    let inbox = addresses::workspace(slug, "inbox");
    if view == View::Open { inbox } else { format!("{inbox}?view={}", view.name()) }
}

/// The address of a conversation, from a view.
pub(super) fn address_of(slug: &str, conversation: ConversationId, view: View) -> String {
    let address = addresses::conversation(slug, conversation);
    if view == View::Open { address } else { format!("{address}?view={}", view.name()) }
}

/// The list as a part that keeps itself fresh. A later part of a long list stays as it is.
pub(super) fn live(screen: &Screen, view: &ListView) -> Markup {
    let body = list(screen, view);
    if view.later {
        return body;
    }
    let mut src = format!("{}?view={}", addresses::workspace(&view.slug, "inbox"), view.view.name());
    if let Some(current) = view.current {
        src.push_str("&current=");
        src.push_str(&current.to_string());
    }
    live_part(&src, &["conversation", "avatar"], &body)
}

/// The views, the rows, and the way on.
pub(super) fn list(screen: &Screen, view: &ListView) -> Markup {
    let words = screen.words();
    html! {
        (tabs(words, view))
        @if view.rows.is_empty() { (empty(words, view)) } @else {
            ul.card.inbox-list role="list" {
                @for listed in &view.rows { li.card__item { (row(screen, view, listed)) } }
            }
        }
        (Pagination::new(words, view.before.map(|before| earlier(view, before)), None))
    }
}

fn earlier(view: &ListView, (at, id): (At, ConversationId)) -> String {
    let inbox = addresses::workspace(&view.slug, "inbox");
    format!("{inbox}?view={}&before={}.{id}", view.view.name(), at.as_millis())
}

fn tabs(words: &Words, view: &ListView) -> Tabs {
    let (open, mine) = view.counts;
    let tab = |tabs: Tabs, one: View, word: &str, count: u32| {
        let (href, text, current) = (address(&view.slug, one), words.say(word), view.view == one);
        if count == 0 { tabs.tab(href, text, current) } else { tabs.tab_counted(href, text, count, current) }
    };
    let tabs = Tabs::new(words.say("inbox-views"));
    let tabs = tab(tabs, View::Open, "inbox-open", open);
    let tabs = tab(tabs, View::Mine, "inbox-mine", mine);
    tab(tabs, View::Done, "inbox-done", 0)
}

fn empty(words: &Words, view: &ListView) -> Empty {
    match view.view {
        _ if !view.connected => {
            Empty::new(Icon::Inbox, words.say("inbox-no-channel"), words.say("inbox-no-channel-text")).action(
                Button::link(addresses::workspace(&view.slug, "channels/new"), words.say("channels-new")).render(),
            )
        }
        View::Open => Empty::new(Icon::CheckCircle, words.say("inbox-none"), words.say("inbox-none-text")),
        View::Mine => Empty::new(Icon::User, words.say("inbox-none-mine"), words.say("inbox-none-mine-text")).action(
            Button::link(address(&view.slug, View::Open), words.say("inbox-see-open")).look(Look::Quiet).render(),
        ),
        View::Done => Empty::new(Icon::CheckCircle, words.say("inbox-none-done"), words.say("inbox-none-done-text")),
    }
}

fn row(screen: &Screen, view: &ListView, listed: &Listed) -> Markup {
    let words = screen.words();
    let conversation = &listed.conversation;
    let at = screen.local(conversation.last_at);
    let name = shown_name(&conversation.person.name, &conversation.person.handle);
    let (key, network) = &listed.network;
    let unread = conversation.state == ConversationState::Open && 0 < conversation.unread;
    let context = context(words, conversation);
    Row::new(name)
        .href(address_of(&view.slug, conversation.id, view.view))
        .lead(Avatar::new(name).picture(listed.face.clone()).network(key, network).render())
        .under(html! {
            span.inbox-list__text { (conversation.excerpt) }
            @if let Some(context) = &context { span.row__context { (context) } }
            @if let Some((person, name)) = &listed.assigned { (taken_by(words, view.me, *person, name)) }
        })
        .end(html! {
            @if unread { span.hidden { (words.say("frame-unread-word")) " " } }
            (relative_time(words, &at, &screen.now()))
        })
        .new_mark(unread)
        .message()
        .current(view.current == Some(conversation.id))
        .render()
}

/// Who takes care of it: "Ben is answering".
fn taken_by(words: &Words, me: PersonId, person: PersonId, name: &str) -> Markup {
    let text =
        if person == me { words.say("inbox-yours") } else { words.tell("inbox-taken", &[("name", name.into())]) };
    html! { span.inbox-list__tag { (tag(&text, Hue::Bronze)) } }
}

/// What it belongs to: the post it answers, or why it came.
pub(super) fn context(words: &Words, conversation: &Conversation) -> Option<String> {
    let about = conversation.about.as_ref().map(|about| about.excerpt.as_str()).filter(|excerpt| !excerpt.is_empty());
    match (conversation.kind, about) {
        (MessageKind::Direct, _) => Some(words.say("inbox-direct")),
        (_, Some(excerpt)) => Some(words.tell("inbox-about", &[("post", excerpt.into())])),
        (MessageKind::Mention, None) => Some(words.say("inbox-mention")),
        (MessageKind::Quote, None) => Some(words.say("inbox-quote")),
        (MessageKind::Reply, None) => None,
    }
}

/// The name a person shows; where they show none, the one they are known by.
pub(super) fn shown_name<'a>(name: &'a str, handle: &'a str) -> &'a str {
    if name.trim().is_empty() { handle } else { name }
}
