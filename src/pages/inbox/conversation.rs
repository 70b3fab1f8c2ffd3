//! One conversation: the post it is about, what was said, and the place to answer.

use maud::{Markup, Render, html};

use super::list::{Shelf, address, answering, shown_name};
use crate::addresses;
use crate::base::clock::At;
use crate::http::Screen;
use crate::inbox::{Conversation, ConversationState, MessageId};
use crate::networks::RemotePerson;
use crate::people::PersonId;
use crate::posts::PublicationState;
use crate::publish::PublicationId;
use crate::ui::{
    Avatar, Button, ButtonForm, Form, Hue, Icon, Look, NetworkMark, Note, Select, StateKind, TextArea, char_counter,
    field_id, live_part, relative_time, reply_box, state_mark, tag,
};
use crate::words::Words;

/// What the page of a conversation shows.
pub(super) struct Shown {
    pub(super) slug: String,
    pub(super) shelf: Shelf,
    pub(super) conversation: Conversation,
    /// The key of its network, and its name.
    pub(super) network: (String, String),
    /// The handle of the channel it came on; nothing when that is gone.
    pub(super) channel: Option<String>,
    pub(super) messages: Vec<Said>,
    pub(super) reply: Reply,
    /// The names of who else is answering, and in how many seconds that is to be looked at again.
    pub(super) answering: (Vec<String>, u64),
    /// The members it can be given to: id and name.
    pub(super) members: Vec<(PersonId, String)>,
    pub(super) me: PersonId,
    /// The person may answer, assign, and put away.
    pub(super) may_answer: bool,
}

/// One message.
pub(super) struct Said {
    pub(super) id: MessageId,
    pub(super) at: At,
    pub(super) text: String,
    /// Who of them wrote it; none: it is ours.
    pub(super) author: Option<RemotePerson>,
    /// Their picture, from our own copy.
    pub(super) face: Option<String>,
    /// Who of us wrote it.
    pub(super) by: String,
    pub(super) pictures: usize,
    /// Its page at the network.
    pub(super) link: Option<String>,
    /// Our answer on its way.
    pub(super) answer: Option<AnswerState>,
}

/// What became of an answer of ours.
pub(super) struct AnswerState {
    pub(super) publication: PublicationId,
    pub(super) state: PublicationState,
    /// Why it is not out.
    pub(super) why: Option<String>,
    /// The person may decide about it.
    pub(super) may_decide: bool,
}

/// The place to answer.
pub(super) struct Reply {
    /// The network takes answers, and the channel is there.
    pub(super) possible: bool,
    /// The channel is paused or locked out: answers wait until it goes on.
    pub(super) waits: bool,
    /// How long it may be.
    pub(super) limit: Option<u32>,
    /// How long it is.
    pub(super) used: u32,
    /// Names this answer for good, so that a form sent twice is one answer.
    pub(super) token: String,
    /// The newest message the person saw: that is what is answered.
    pub(super) to: Option<MessageId>,
    pub(super) text: String,
    pub(super) problem: Option<String>,
}

/// The conversation beside the list, or alone on a phone.
pub(super) fn detail(screen: &Screen, shown: &Shown) -> Markup {
    let src = format!("{}?part=messages", addresses::conversation(&shown.slug, shown.conversation.id));
    html! {
        article.conversation aria-label=(name_of(shown)) {
            (live_part(&src, &["conversation", "publication", "avatar"], &messages(screen, shown)))
            @if shown.may_answer { (reply(screen, shown)) (tools(screen, shown)) }
        }
    }
}

fn name_of(shown: &Shown) -> &str {
    let person = &shown.conversation.person;
    shown_name(&person.name, &person.handle)
}

/// What it is about and what was said.
pub(super) fn messages(screen: &Screen, shown: &Shown) -> Markup {
    let words = screen.words();
    html! {
        div.conversation__head { (about(words, shown)) (origin(words, shown)) }
        ol.messages role="list" {
            @for said in &shown.messages { li.messages__one id={ "m" (said.id) } { (message(screen, shown, said)) } }
        }
        @if let Some(text) = answering(words, &shown.answering.0) {
            p.conversation__answering role="status" data-again-in=(shown.answering.1) { (tag(&text, Hue::Bronze)) }
        }
    }
}

fn about(words: &Words, shown: &Shown) -> Markup {
    let Some(about) = &shown.conversation.about else { return html! {} };
    let text = if about.excerpt.is_empty() { words.say("post-untitled") } else { about.excerpt.clone() };
    html! {
        @if let Some(post) = about.post {
            a.conversation__about href=(addresses::post(&shown.slug, post)) {
                (Icon::Posts.small())
                span.conversation__about-words {
                    span.soft.small { (words.say("inbox-answers")) }
                    span.clamp { (text) }
                }
                (Icon::ChevronRight.small())
            }
        }
    }
}

fn origin(words: &Words, shown: &Shown) -> Markup {
    let (key, network) = &shown.network;
    html! {
        p.conversation__origin {
            (NetworkMark::new(key, network))
            span {
                @match &shown.channel {
                    Some(handle) => (words.tell("inbox-on", &[("channel", handle.into()), ("network", network.into())])),
                    None => (words.say("inbox-channel-gone")),
                }
            }
        }
    }
}

fn message(screen: &Screen, shown: &Shown, said: &Said) -> Markup {
    let words = screen.words();
    let at = screen.local(said.at);
    let when = relative_time(words, &at, &screen.now());
    let body = html! {
        p.bubble__text { (said.text) }
        @if 0 < said.pictures {
            p.bubble__more { (Icon::Image.tiny()) (words.tell("inbox-pictures", &[("count", said.pictures.into())])) }
        }
    };
    if let Some(author) = &said.author {
        theirs(words, shown, said, author, &[body, when])
    } else {
        ours(screen, shown, said, &[body, when])
    }
}

fn theirs(words: &Words, shown: &Shown, said: &Said, author: &RemotePerson, [body, when]: &[Markup; 2]) -> Markup {
    let name = shown_name(&author.name, &author.handle);
    html! {
        div.bubble {
            (Avatar::new(name).picture(said.face.clone()).small())
            div.bubble__words {
                p.bubble__who {
                    b { (name) } " "
                    @if name != author.handle { span.soft { (author.handle) } }
                }
                div.bubble__box { (body) }
                p.bubble__foot {
                    (when)
                    @if let Some(link) = &said.link {
                        a.bubble__link href=(link) rel="noreferrer" {
                            (words.tell("publication-open", &[("network", (&shown.network.1).into())]))
                        }
                    }
                }
            }
        }
    }
}

fn ours(screen: &Screen, shown: &Shown, said: &Said, [body, when]: &[Markup; 2]) -> Markup {
    let words = screen.words();
    html! {
        div.bubble data-ours {
            div.bubble__words {
                p.bubble__who { b { (if said.by.is_empty() { words.say("inbox-us") } else { said.by.clone() }) } }
                div.bubble__box { (body) }
                p.bubble__foot {
                    @if let Some(answer) = &said.answer { (answer_mark(words, answer)) }
                    (when)
                }
                @if let Some(answer) = &said.answer { (answer_trouble(screen, shown, answer)) }
            }
        }
    }
}

fn answer_mark(words: &Words, answer: &AnswerState) -> Markup {
    match answer.state {
        PublicationState::Published => html! {
            span.state data-state="published" data-hue="plain" { (Icon::Check.tiny()) span { (words.say("inbox-out")) } }
        },
        PublicationState::Withdrawn => html! {
            span.state data-hue="plain" { (Icon::Undo.tiny()) span { (words.say("inbox-withdrawn")) } }
        },
        // An answer goes out at once; a plan is only what it is called inside.
        PublicationState::Planned | PublicationState::Sending => state_mark(words, StateKind::Sending),
        PublicationState::PartlyOut | PublicationState::Failed => state_mark(words, StateKind::Failed),
        PublicationState::Held => state_mark(words, StateKind::Held),
        PublicationState::Unsure => state_mark(words, StateKind::Unsure),
    }
}

/// Why it is not out, and what can be done.
fn answer_trouble(screen: &Screen, shown: &Shown, answer: &AnswerState) -> Markup {
    let words = screen.words();
    let deed = |deed: &str| addresses::publication_deed(&shown.slug, answer.publication, deed);
    let button = |key: &str, look| Button::submit(words.say(key)).look(look).small();
    let why = answer.why.clone().unwrap_or_default();
    match answer.state {
        PublicationState::Failed | PublicationState::Held | PublicationState::PartlyOut => {
            let again =
                ButtonForm::new(deed("release"), &screen.csrf, button("inbox-again", Look::Quiet).icon(Icon::Retry));
            let leave = ButtonForm::new(deed("leave"), &screen.csrf, button("inbox-leave", Look::Plain));
            let note = if answer.state == PublicationState::Held { Note::amber(why) } else { Note::rust(why) };
            let note = if answer.may_decide { note.action(html! { div.line { (again) (leave) } }) } else { note };
            html! { (note) }
        }
        PublicationState::Unsure => {
            let said = |yes: &str, key: &str, look| {
                ButtonForm::new(deed("outcome"), &screen.csrf, button(key, look)).field("is_there", yes)
            };
            let note = Note::amber(words.say("inbox-unsure")).source(why).icon(Icon::Question);
            let note = if answer.may_decide {
                note.action(html! { div.line {
                    (said("yes", "publication-is-there", Look::Quiet))
                    (said("no", "publication-is-not-there", Look::Plain))
                } })
            } else {
                note
            };
            html! { (note) }
        }
        PublicationState::Planned
        | PublicationState::Sending
        | PublicationState::Published
        | PublicationState::Withdrawn => html! {},
    }
}

/// The place to answer; what was typed is still there when it did not go.
fn reply(screen: &Screen, shown: &Shown) -> Markup {
    let words = screen.words();
    let reply = &shown.reply;
    if !reply.possible {
        return Note::info(words.say("answer-not-here")).render();
    }
    let id = field_id("text");
    let label = words.tell("inbox-reply-to", &[("name", name_of(shown).into())]);
    let area = TextArea::new("text", &label)
        .label_hidden()
        .rows(1)
        .placeholder(label)
        .value(&reply.text)
        .error(reply.problem.clone());
    let action = addresses::conversation_deed(&shown.slug, shown.conversation.id, "answer");
    let form = Form::post(
        action,
        &screen.csrf,
        html! {
            input type="hidden" name="token" value=(reply.token);
            @for (name, value) in shown.shelf.fields() { input type="hidden" name=(name) value=(value); }
            @if let Some(to) = reply.to { input type="hidden" name="to" value=(to); }
            (area)
            div.reply-box__line {
                @if let Some(limit) = reply.limit { (char_counter(words, &id, reply.used, limit)) }
                (Button::submit(words.say("inbox-reply")).icon(Icon::Send))
            }
        },
    );
    let told = addresses::conversation_deed(&shown.slug, shown.conversation.id, "answering");
    reply_box(
        &told,
        &html! {
            @if reply.waits { (Note::amber(words.say("inbox-waits"))) }
            (form)
        },
    )
}

/// Done with, and who takes care of it.
fn tools(screen: &Screen, shown: &Shown) -> Markup {
    let words = screen.words();
    let conversation = &shown.conversation;
    let deed = |deed: &str| addresses::conversation_deed(&shown.slug, conversation.id, deed);
    let post = |name: &str, button: Button| {
        let form = ButtonForm::new(deed(name), &screen.csrf, button);
        shown.shelf.fields().into_iter().fold(form, |form, (name, value)| form.field(name, value))
    };
    let mine = conversation.assigned == Some(shown.me);
    html! {
        div.conversation__tools {
            div.line {
                @if conversation.state == ConversationState::Open {
                    (post("done", Button::submit(words.say("inbox-put-away")).icon(Icon::Check).look(Look::Quiet))
                        .key("done"))
                } @else {
                    (post("open", Button::submit(words.say("inbox-open-again")).icon(Icon::Undo).look(Look::Quiet)))
                }
                @if !mine {
                    (post("assign", Button::submit(words.say("inbox-take")).icon(Icon::User).look(Look::Outline))
                        .field("person", shown.me.to_string()))
                }
            }
            @if 1 < shown.members.len() || mine { (assign(screen, shown)) }
        }
    }
}

fn assign(screen: &Screen, shown: &Shown) -> Markup {
    let words = screen.words();
    let conversation = &shown.conversation;
    let chosen = conversation.assigned.map(|person| person.to_string()).unwrap_or_default();
    let select = Select::new("person", words.say("inbox-who"))
        .optional(words.say("field-optional"))
        .label_hidden()
        .option("", words.say("inbox-nobody"))
        .chosen(chosen);
    let select = shown.members.iter().fold(select, |select, (id, name)| select.option(id.to_string(), name));
    let action = addresses::conversation_deed(&shown.slug, conversation.id, "assign");
    Form::post(
        action,
        &screen.csrf,
        html! {
            @for (name, value) in shown.shelf.fields() { input type="hidden" name=(name) value=(value); }
            div.assign {
                (select)
                (Button::submit(words.say("inbox-give")).look(Look::Outline))
            }
        },
    )
    .render()
}

/// Where "back" leads.
pub(super) fn back(shown: &Shown) -> String {
    address(&shown.slug, shown.shelf)
}

/// Nothing is chosen yet: what a desktop shows beside the list.
pub(super) fn nothing_chosen(words: &Words) -> Markup {
    html! { div.conversation-none { (Icon::Inbox) p { (words.say("inbox-choose")) } } }
}
