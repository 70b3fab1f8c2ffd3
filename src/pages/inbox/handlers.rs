//! The inbox as people handle it: list, read, answer, put away, take.

use std::collections::BTreeMap;

use actix_web::web::{Path, Query};
use maud::html;
use serde::Deserialize;

use super::conversation::{self, AnswerState, Reply, Said, Shown};
use super::list::{self, ListView, Listed, Shelf, View, shown_name};
use crate::addresses;
use crate::app::App;
use crate::base::clock::At;
use crate::base::id::random_token;
use crate::channels::{self, Channel, ChannelId, ChannelState};
use crate::http::{Answer, Answered, AppRef, Failure, Form, Screen};
use crate::inbox::answer::Saying;
use crate::inbox::{self, Conversation, ConversationId, ConversationState, Message, MessageId};
use crate::media::avatar::{self, Faces};
use crate::networks::counting;
use crate::pages::{frame, outward};
use crate::people::{Action, Actor, Grant, PersonId, Refusal, member, permission, person};
use crate::publish::{Publication, decide, journal};
use crate::store::{Change, Stored};
use crate::ui::{Place, Undo, Width, split};
use crate::words;

/// How many conversations one part of the list has.
const PAGE: usize = 40;
/// How many open ones are counted; the number beside the tab ends there.
const COUNTED_MAX: usize = 200;

type ConversationPath = Path<(String, ConversationId)>;

/// What an address of the inbox may say.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    view: String,
    channel: String,
    before: String,
    current: String,
    part: String,
}

impl Asked {
    fn shelf(&self) -> Shelf {
        Shelf::named(&self.view, &self.channel)
    }
}

/// The shelf a form was on.
fn shelf_of(form: &Form) -> Shelf {
    Shelf::named(&form.text("view"), &form.text("channel"))
}

/// The list.
pub(super) async fn list(
    app: AppRef,
    actor: Actor,
    screen: Screen,
    path: Path<String>,
    asked: Query<Asked>,
) -> Answered {
    let current = asked.current.parse().ok();
    let view = list_view(&app, &actor, &path, asked.shelf(), current, read_before(&asked.before)).await?;
    if screen.fragment {
        return Ok(Answer::page(list::list(&screen, &view)));
    }
    let title = screen.words().say("place-inbox");
    let mut page = frame::page(&app, &actor, &screen, title, Place::Inbox).await?;
    page.width = Width::Full;
    page.actions = html! { (list::keys(screen.words())) @if view.connected { (list::filter(screen.words(), &view)) } };
    page.modules = &["elements/live-part.js", "elements/key-guide.js"];
    let list = list::live(&screen, &view);
    let aside = conversation::nothing_chosen(screen.words());
    Ok(Answer::page(page.render(&html! {
        div.split { div.split__list { (list) } div.split__detail { (aside) } }
    })))
}

/// One conversation; with it the list, where there is room for both.
pub(super) async fn show(
    app: AppRef,
    actor: Actor,
    screen: Screen,
    path: ConversationPath,
    asked: Query<Asked>,
) -> Answered {
    let conversation = inbox::conversation::get(&app, &actor, path.1).await?;
    inbox::conversation::mark_read(&app, &actor, &conversation).await?;
    let typed = Typed { shelf: asked.shelf(), ..Typed::default() };
    let shown = shown(&app, &actor, &screen, &path.0, conversation.row, typed).await?;
    if screen.fragment && asked.part == "messages" {
        return Ok(Answer::page(conversation::messages(&screen, &shown)));
    }
    page(&app, &actor, &screen, &shown).await
}

/// What was typed as an answer, and what is wrong with it.
#[derive(Debug, Default)]
struct Typed {
    shelf: Shelf,
    text: String,
    token: String,
    problem: Option<String>,
}

/// Answers. What was typed comes back with what is wrong; the same form sent twice is one answer.
pub(super) async fn answer(app: AppRef, actor: Actor, screen: Screen, path: ConversationPath, form: Form) -> Answered {
    let (text, token) = (form.text("text"), form.text("token"));
    if token.is_empty() {
        return Err(Failure::Unreadable("an answer without its token"));
    }
    let shelf = shelf_of(&form);
    let saying = Saying { to: form.read("to"), token: &token, text: &text, change: Change::new() };
    match inbox::answer::answer(&app, &actor, path.1, saying).await {
        Ok(_answer) => {
            let to = list::address_of(&path.0, path.1, shelf);
            Ok(Answer::go_to(to).saying(words::Message::new("inbox-answered")))
        }
        Err(refusal @ (Refusal::MayNot { .. } | Refusal::NotThere | Refusal::Store(_))) => Err(refusal.into()),
        Err(refusal) => {
            let message =
                refusal.problems().first().map_or_else(|| refusal.advice(), |problem| problem.message.clone());
            let problem = Some(screen.words().render(&message));
            let conversation = inbox::conversation::get(&app, &actor, path.1).await?;
            let typed = Typed { shelf, text, token, problem };
            let shown = shown(&app, &actor, &screen, &path.0, conversation.row, typed).await?;
            Ok(page(&app, &actor, &screen, &shown).await?.status(422))
        }
    }
}

/// Someone types an answer: the others are told.
pub(super) async fn answering(app: AppRef, actor: Actor, path: ConversationPath) -> Answered {
    inbox::answering::begin(&app, &actor, path.1).await?;
    Ok(Answer::nothing())
}

/// Done with, until something new comes.
pub(super) async fn done(app: AppRef, actor: Actor, screen: Screen, path: ConversationPath, form: Form) -> Answered {
    inbox::conversation::set_state(&app, &actor, path.1, ConversationState::Done).await?;
    let undo = Undo {
        action: addresses::conversation_deed(&path.0, path.1, "open"),
        label: screen.words().say("frame-undo"),
        fields: Vec::new(),
    };
    let to = list::address(&path.0, shelf_of(&form));
    Ok(Answer::go_to(to).saying(words::Message::new("inbox-is-done")).with_undo(undo))
}

/// Open again.
pub(super) async fn open(app: AppRef, actor: Actor, path: ConversationPath) -> Answered {
    inbox::conversation::set_state(&app, &actor, path.1, ConversationState::Open).await?;
    Ok(Answer::go_to(addresses::conversation(&path.0, path.1)).saying(words::Message::new("inbox-is-open")))
}

/// Who takes care of it; nobody named is nobody in particular.
pub(super) async fn assign(app: AppRef, actor: Actor, path: ConversationPath, form: Form) -> Answered {
    let to: Option<PersonId> = form.read("person");
    inbox::conversation::assign(&app, &actor, path.1, to).await?;
    let said = match to {
        Some(person) if person == actor.person => words::Message::new("inbox-is-yours"),
        Some(person) => words::Message::new("inbox-is-given").with("name", name_of(&app, person).await?),
        None => words::Message::new("inbox-is-free"),
    };
    let to = list::address_of(&path.0, path.1, shelf_of(&form));
    Ok(Answer::go_to(to).saying(said))
}

async fn page(app: &AppRef, actor: &Actor, screen: &Screen, shown: &Shown) -> Answered {
    let current = Some(shown.conversation.id);
    let list = list_view(app, actor, &shown.slug, shown.shelf, current, None).await?;
    let person = &shown.conversation.person;
    let title = shown_name(&person.name, &person.handle);
    let mut page = frame::page(app, actor, screen, title, Place::Inbox).await?;
    page.width = Width::Full;
    page.back = Some(conversation::back(shown));
    page.modules =
        &["elements/live-part.js", "elements/char-counter.js", "elements/key-guide.js", "elements/reply-box.js"];
    page.actions = list::keys(screen.words());
    let detail = conversation::detail(screen, shown);
    Ok(Answer::page(page.render(&split(&list::live(screen, &list), Some(&detail)))))
}

async fn list_view(
    app: &App,
    actor: &Actor,
    slug: &str,
    shelf: Shelf,
    current: Option<ConversationId>,
    before: Option<(At, ConversationId)>,
) -> Result<ListView, Failure> {
    let list = async |state, before, most| match shelf.channel {
        None => inbox::conversation::list(app, actor, state, before, most).await,
        Some(channel) => inbox::conversation::list_of_channel(app, actor, state, channel, before, most).await,
    };
    let open = list(ConversationState::Open, None, COUNTED_MAX).await?;
    let is_mine = |conversation: &Stored<Conversation>| conversation.assigned == Some(actor.person);
    let mine: Vec<_> = open.iter().filter(|one| is_mine(one)).cloned().collect();
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let counts = (count(open.len()), count(mine.len()));
    let found = match shelf.view {
        View::Mine => mine,
        View::Open | View::Done => list(shelf.view.state(), before, PAGE).await?,
    };
    let goes_on = shelf.view != View::Mine && PAGE <= found.len();
    let next = found.last().filter(|_last| goes_on).map(|last| (last.last_at, last.id));
    let channels: BTreeMap<ChannelId, Stored<Channel>> =
        channels::list(app, actor.workspace).await?.into_iter().map(|channel| (channel.id, channel)).collect();
    let people = found.iter().map(|conversation| conversation.person.avatar_url.as_deref());
    let faces = avatar::faces(app, actor.workspace, people).await?;
    let mut rows = Vec::with_capacity(found.len());
    for conversation in found {
        let network = network_of(app, channels.get(&conversation.channel).map(|channel| channel.network.as_str()));
        let assigned = match conversation.assigned {
            Some(person) => Some((person, name_of(app, person).await?)),
            None => None,
        };
        let face = faces.of(conversation.person.avatar_url.as_deref());
        let (answering, _again_in) = answering_in(app, actor, conversation.id).await?;
        rows.push(Listed { conversation: conversation.row, network, face, answering, assigned });
    }
    Ok(ListView {
        slug: slug.to_owned(),
        shelf,
        counts,
        rows,
        before: next,
        current,
        me: actor.person,
        may_answer: actor.may(Action::Answer).is_ok(),
        connected: !channels.is_empty(),
        channels: channels
            .into_values()
            .map(|channel| (channel.id, channel.handle.clone(), network_of(app, Some(&channel.network))))
            .collect(),
        later: before.is_some(),
    })
}

async fn shown(
    app: &App,
    actor: &Actor,
    screen: &Screen,
    slug: &str,
    conversation: Conversation,
    typed: Typed,
) -> Result<Shown, Failure> {
    let channel = channels::get(app, actor.workspace, conversation.channel).await.ok();
    let messages = inbox::conversation::messages(app, actor, conversation.id).await?;
    let may_answer = actor.may(Action::Answer).is_ok();
    let members = if may_answer { member::list(app, actor).await? } else { Vec::new() };
    let to = messages.iter().rev().find(|message| message.author.is_some()).map(|message| message.id);
    let shelf = typed.shelf;
    let reply = reply(app, channel.as_ref(), to, typed);
    let people =
        messages.iter().filter_map(|message| message.author.as_ref()).map(|author| author.avatar_url.as_deref());
    let faces = avatar::faces(app, actor.workspace, people).await?;
    let mut said = Vec::with_capacity(messages.len());
    for message in messages {
        said.push(said_of(app, actor, screen, message, &faces).await?);
    }
    Ok(Shown {
        slug: slug.to_owned(),
        shelf,
        answering: answering_in(app, actor, conversation.id).await?,
        network: network_of(app, channel.as_ref().map(|channel| channel.network.as_str())),
        channel: channel.map(|channel| channel.row.handle),
        messages: said,
        reply,
        members: members
            .into_iter()
            .filter(|(member, _person)| permission::allows(member.role, Action::Answer) == Grant::Yes)
            .map(|(member, person)| (member.person, person.name))
            .collect(),
        me: actor.person,
        may_answer,
        conversation,
    })
}

/// The names of who else is answering, and in how many seconds the first of them may have stopped.
async fn answering_in(app: &App, actor: &Actor, id: ConversationId) -> Result<(Vec<String>, u64), Failure> {
    let others = inbox::answering::others(app, actor, id);
    let now = app.clock.now();
    let again_in = others.iter().map(|(_, until_at)| until_at.since(now).as_secs()).min().unwrap_or(0);
    let mut names = Vec::with_capacity(others.len());
    for (person, _until_at) in others {
        names.push(name_of(app, person).await?);
    }
    Ok((names, again_in.saturating_add(1)))
}

/// The place to answer, by the network's own rules.
fn reply(app: &App, channel: Option<&Stored<Channel>>, to: Option<MessageId>, typed: Typed) -> Reply {
    let network = channel.and_then(|channel| app.networks.find(&channel.network));
    let can = network.zip(channel).map(|(network, channel)| network.capabilities(&channel.settings));
    let used = can.as_ref().map_or(0, |can| counting::length(typed.text.trim(), &can.text, None));
    Reply {
        possible: can.as_ref().is_some_and(|can| can.reply) && to.is_some(),
        waits: channel.is_some_and(|channel| channel.state != ChannelState::Active),
        limit: can.and_then(|can| can.text.limit),
        used,
        token: if typed.token.is_empty() { random_token() } else { typed.token },
        to,
        text: typed.text,
        problem: typed.problem,
    }
}

async fn said_of(app: &App, actor: &Actor, screen: &Screen, message: Message, faces: &Faces) -> Result<Said, Failure> {
    let publication = match message.publication {
        Some(id) => decide::get(app, actor, id).await.ok(),
        None => None,
    };
    let answer = publication.as_ref().map(|publication| AnswerState {
        publication: publication.id,
        state: publication.state(),
        why: why(screen, publication),
        may_decide: actor.may_for(Action::Schedule, publication.planned_by).is_ok(),
    });
    let remote = message.remote.as_ref().or_else(|| publication.as_ref()?.remote());
    let by = match message.answered_by {
        Some(person) => name_of(app, person).await?,
        None => String::new(),
    };
    Ok(Said {
        id: message.id,
        at: message.at,
        link: remote.and_then(|post| post.url.as_deref()).and_then(|url| outward::link(app, url)),
        text: message.text,
        face: faces.of(message.author.as_ref().and_then(|author| author.avatar_url.as_deref())),
        author: message.author,
        by,
        pictures: message.media_urls.len(),
        answer,
    })
}

/// Why an answer is not out: the last thing that its journal says against it.
fn why(screen: &Screen, publication: &Publication) -> Option<String> {
    let dispatch = publication.current().and_then(|index| publication.dispatches.get(index))?;
    let show = |at| screen.words().clock(&screen.local(at));
    let told = dispatch.journal.entries().iter().rev().find(|entry| {
        matches!(
            entry.event,
            journal::Event::Refused { .. }
                | journal::Event::Held { .. }
                | journal::Event::Unclear { .. }
                | journal::Event::Looked { .. }
        )
    });
    told.map(|entry| screen.words().render(&entry.event.message(&show)))
}

fn network_of(app: &App, name: Option<&str>) -> (String, String) {
    let known = name.and_then(|name| app.networks.find(name));
    known.map_or_else(
        || (String::new(), app.words.say("publication-channel-gone")),
        |network| (network.name().to_owned(), network.title().to_owned()),
    )
}

async fn name_of(app: &App, id: PersonId) -> Result<String, Refusal> {
    person::name_of(app, id).await
}

/// `1764000000000.01ARZ…`: when, and which.
fn read_before(text: &str) -> Option<(At, ConversationId)> {
    let (at, id) = text.split_once('.')?;
    Some((At::from_millis(at.parse().ok()?), id.parse().ok()?))
}
