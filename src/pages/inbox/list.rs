//! The list of conversations: who, when, what, and which post it answers.

use maud::{Markup, Render, html};

use crate::addresses;
use crate::base::clock::At;
use crate::channels::ChannelId;
use crate::http::Screen;
use crate::inbox::{Conversation, ConversationId, ConversationState};
use crate::networks::MessageKind;
use crate::people::PersonId;
use crate::ui::{
    Avatar, Button, Empty, Hue, Icon, Look, Menu, NetworkMark, Pagination, Row, Tabs, csrf_input, key_guide, live_part,
    relative_time, tag,
};
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

/// Which part of the inbox is shown: a view, perhaps of one channel only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Shelf {
    pub(super) view: View,
    pub(super) channel: Option<ChannelId>,
}

impl Shelf {
    /// As an address or a form names it.
    pub(super) fn named(view: &str, channel: &str) -> Self {
        Self { view: View::named(view), channel: channel.parse().ok() }
    }

    /// The same channel in another view.
    const fn view(self, view: View) -> Self {
        Self { view, ..self }
    }

    /// How an address or a form names it; nothing for what one comes to.
    pub(super) fn fields(self) -> Vec<(&'static str, String)> {
        let view = Some(self.view).filter(|view| *view != View::Open).map(|view| ("view", view.name().to_owned()));
        view.into_iter().chain(self.channel.map(|channel| ("channel", channel.to_string()))).collect()
    }

    /// An address with this and more behind its `?`.
    fn behind(self, address: &str, more: &[(&str, &str)]) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.fields());
        query.extend_pairs(more);
        let query = query.finish();
        if query.is_empty() { address.to_owned() } else { format!("{address}?{query}") }
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
    /// The names of who is answering at this moment.
    pub(super) answering: Vec<String>,
    /// Who takes care of it, if someone does.
    pub(super) assigned: Option<(PersonId, String)>,
}

/// The list of a view.
#[derive(Clone, Debug)]
pub(super) struct ListView {
    pub(super) slug: String,
    pub(super) shelf: Shelf,
    /// The channels that it can be narrowed to: id, handle, and the key and name of the network.
    pub(super) channels: Vec<(ChannelId, String, (String, String))>,
    /// How many there are in Open and in Mine, up to the most that are counted.
    pub(super) counts: (u32, u32),
    pub(super) rows: Vec<Listed>,
    /// Where the list goes on.
    pub(super) before: Option<(At, ConversationId)>,
    /// The one that is shown beside it.
    pub(super) current: Option<ConversationId>,
    pub(super) me: PersonId,
    /// The person may put away.
    pub(super) may_answer: bool,
    /// There is at least one channel.
    pub(super) connected: bool,
    /// This is not the first part of it.
    pub(super) later: bool,
}

/// The address of a shelf.
pub(super) fn address(slug: &str, shelf: Shelf) -> String {
    shelf.behind(&addresses::workspace(slug, "inbox"), &[])
}

/// The address of a conversation, from a shelf.
pub(super) fn address_of(slug: &str, conversation: ConversationId, shelf: Shelf) -> String {
    shelf.behind(&addresses::conversation(slug, conversation), &[])
}

/// The list as a part that keeps itself fresh. A later part of a long list stays as it is.
pub(super) fn live(screen: &Screen, view: &ListView) -> Markup {
    let body = list(screen, view);
    if view.later {
        return body;
    }
    let current = view.current.map(|current| current.to_string());
    let current: Vec<(&str, &str)> = current.iter().map(|current| ("current", current.as_str())).collect();
    let src = view.shelf.behind(&addresses::workspace(&view.slug, "inbox"), &current);
    live_part(&src, &["conversation", "avatar"], &body)
}

/// Narrows the list to one channel.
pub(super) fn filter(words: &Words, view: &ListView) -> Markup {
    let chosen = view.channels.iter().find(|(id, ..)| Some(*id) == view.shelf.channel);
    let all = words.say("inbox-all-channels");
    let label = chosen.map_or_else(|| all.clone(), |(_, handle, _)| handle.clone());
    let menu = Menu::new(label, Icon::Filter).chosen(view.shelf.channel.is_some());
    let of = |channel| address(&view.slug, Shelf { channel, ..view.shelf });
    let menu = menu.item(of(None), all, None, view.shelf.channel.is_none());
    let item = |menu: Menu, (id, handle, (key, network)): &(ChannelId, String, (String, String))| {
        let mark = NetworkMark::new(key, network).render();
        menu.item(of(Some(*id)), handle, Some(mark), view.shelf.channel == Some(*id))
    };
    view.channels.iter().fold(menu, item).render()
}

/// The keys for moving in the list and for what stands beside it.
pub(super) fn keys(words: &Words) -> Markup {
    let keys = ["j", "k", "Enter", "r", "Ctrl Enter", "Esc", "e", "?"];
    let does =
        ["keys-next", "keys-previous", "keys-open", "keys-reply", "keys-send", "keys-leave", "keys-done", "keys-help"];
    let told: Vec<(&str, String)> = keys.into_iter().zip(does.map(|key| words.say(key))).collect();
    key_guide(words, &told)
}

/// What the key for "done" sends for the row that has the focus; scripts give it its address.
fn done_with_row(screen: &Screen, view: &ListView) -> Markup {
    html! {
        @if view.may_answer && view.shelf.view.state() == ConversationState::Open {
            form hidden method="post" data-keys="done-row" {
                (csrf_input(&screen.csrf))
                @for (name, value) in view.shelf.fields() { input type="hidden" name=(name) value=(value); }
            }
        }
    }
}

/// The views, the rows, and the way on.
pub(super) fn list(screen: &Screen, view: &ListView) -> Markup {
    let words = screen.words();
    html! {
        (tabs(words, view))
        @if view.rows.is_empty() { (empty(words, view)) } @else {
            ul.card.inbox-list role="list" data-keys="rows" {
                @for listed in &view.rows { li.card__item { (row(screen, view, listed)) } }
            }
        }
        (Pagination::new(words, view.before.map(|before| earlier(view, before)), None))
        (done_with_row(screen, view))
    }
}

fn earlier(view: &ListView, (at, id): (At, ConversationId)) -> String {
    let before = format!("{}.{id}", at.as_millis());
    view.shelf.behind(&addresses::workspace(&view.slug, "inbox"), &[("before", &before)])
}

fn tabs(words: &Words, view: &ListView) -> Tabs {
    let (open, mine) = view.counts;
    let tab = |tabs: Tabs, one: View, word: &str, count: u32| {
        let (href, text) = (address(&view.slug, view.shelf.view(one)), words.say(word));
        let current = view.shelf.view == one;
        if count == 0 { tabs.tab(href, text, current) } else { tabs.tab_counted(href, text, count, current) }
    };
    let tabs = Tabs::new(words.say("inbox-views"));
    let tabs = tab(tabs, View::Open, "inbox-open", open);
    let tabs = tab(tabs, View::Mine, "inbox-mine", mine);
    tab(tabs, View::Done, "inbox-done", 0)
}

fn empty(words: &Words, view: &ListView) -> Empty {
    match view.shelf.view {
        _ if !view.connected => {
            Empty::new(Icon::Inbox, words.say("inbox-no-channel"), words.say("inbox-no-channel-text")).action(
                Button::link(addresses::workspace(&view.slug, "channels/new"), words.say("channels-new")).render(),
            )
        }
        View::Open => Empty::new(Icon::CheckCircle, words.say("inbox-none"), words.say("inbox-none-text")),
        View::Mine => Empty::new(Icon::User, words.say("inbox-none-mine"), words.say("inbox-none-mine-text")).action(
            Button::link(address(&view.slug, view.shelf.view(View::Open)), words.say("inbox-see-open"))
                .look(Look::Quiet)
                .render(),
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
        .href(address_of(&view.slug, conversation.id, view.shelf))
        .lead(Avatar::new(name).picture(listed.face.clone()).network(key, network).render())
        .under(html! {
            span.inbox-list__text dir="auto" { (conversation.excerpt) }
            @if let Some(context) = &context { span.row__context { (context) } }
            @if let Some(text) = answering(words, &listed.answering) {
                span.inbox-list__tag { (tag(&text, Hue::Bronze)) }
            } @else if let Some((person, name)) = &listed.assigned {
                (taken_by(words, view.me, *person, name))
            }
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

/// Who is answering at this moment: "Ben is answering…".
pub(super) fn answering(words: &Words, names: &[String]) -> Option<String> {
    let (first, others) = names.split_first()?;
    let more = u32::try_from(others.len()).unwrap_or(u32::MAX);
    Some(words.tell("inbox-answering", &[("name", first.into()), ("more", more.into())]))
}

/// Who takes care of it: "Ben has this".
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
