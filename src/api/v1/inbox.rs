//! The inbox: conversations, their messages, and answers.

use actix_web::http::Method;
use actix_web::web::Path;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::cursor::{List, Page, Place};
use crate::api::json::Json;
use crate::api::operation::Operation;
use crate::api::query::Query;
use crate::api::wire;
use crate::app::App;
use crate::http::request_key::{Made, RequestKey};
use crate::http::{Answer, Answered, AppRef};
use crate::inbox::answer::{self, Saying};
use crate::inbox::{Conversation, ConversationId, ConversationState, Message, MessageId, conversation};
use crate::people::{Action, Actor};
use crate::store::Stored;

pub(super) fn operations() -> Vec<Operation> {
    const READ: Action = Action::ReadInbox;
    const ANSWER: Action = Action::Answer;
    vec![
        Operation::new(Method::GET, "/api/v1/conversations", READ, ("listConversations", "List conversations"), list)
            .asks::<Asked>()
            .asks::<Page>()
            .lists::<wire::Conversation>("Conversations, the one with the newest message first."),
        Operation::new(
            Method::GET,
            "/api/v1/conversations/{conversation}",
            READ,
            ("getConversation", "Get a conversation"),
            show,
        )
        .gives::<wire::Conversation>("200", "The conversation."),
        Operation::new(
            Method::GET,
            "/api/v1/conversations/{conversation}/messages",
            READ,
            ("listMessages", "List the messages of a conversation"),
            messages,
        )
        .asks::<Page>()
        .lists::<wire::Message>("Messages, the oldest first."),
        Operation::new(
            Method::POST,
            "/api/v1/conversations/{conversation}/answers",
            ANSWER,
            ("answerConversation", "Answer a message"),
            create,
        )
        .once()
        .takes::<wire::NewAnswer>()
        .gives::<wire::Message>("201", "The answer, on its way: its publication says how it stands."),
        Operation::new(
            Method::PUT,
            "/api/v1/conversations/{conversation}/state",
            ANSWER,
            ("setConversationState", "Put a conversation away, or open it again"),
            set_state,
        )
        .takes::<wire::State>()
        .gives::<wire::Conversation>("200", "The conversation."),
        Operation::new(
            Method::PUT,
            "/api/v1/conversations/{conversation}/assignee",
            ANSWER,
            ("assignConversation", "Say who takes care of a conversation"),
            assign,
        )
        .takes::<wire::Assignee>()
        .gives::<wire::Conversation>("200", "The conversation."),
    ]
}

/// Which conversations.
#[derive(Debug, Deserialize, IntoParams)]
struct Asked {
    /// `open` when nothing is said.
    state: Option<ConversationState>,
}

async fn list(app: AppRef, actor: Actor, asked: Query<Asked>, page: Query<Page>) -> Answered {
    let state = asked.0.state.unwrap_or(ConversationState::Open);
    let list = List::new(&app, &actor, &page.0, "conversations", &format!("{state:?}"));
    let before = list.after()?.map(|place| (place.at, ConversationId::from_bits(place.id)));
    let found = conversation::list(&app, &actor, state, before, list.limit()?.saturating_add(1)).await?;
    let place = |one: &Stored<Conversation>| Place { at: one.last_at, id: one.id.bits(), more: 0 };
    Answer::json(&list.cut(found, place, |one| wire::Conversation::from(one.row))?)
}

async fn show(app: AppRef, actor: Actor, path: Path<ConversationId>) -> Answered {
    answer(&app, &actor, *path).await
}

async fn messages(app: AppRef, actor: Actor, path: Path<ConversationId>, page: Query<Page>) -> Answered {
    let known = conversation::get(&app, &actor, *path).await?;
    let list = List::new(&app, &actor, &page.0, "messages", &known.id.to_string());
    let (limit, after) = (list.limit()?, list.after()?);
    let found = conversation::messages(&app, &actor, known.id).await?.into_iter();
    let rest = found.filter(|one| after.is_none_or(|after| (after.at, after.id) < (one.at, one.id.bits())));
    let place = |one: &Message| Place { at: one.at, id: one.id.bits(), more: 0 };
    Answer::json(&list.cut(rest.take(limit.saturating_add(1)).collect(), place, wire::Message::from)?)
}

async fn create(
    app: AppRef,
    actor: Actor,
    path: Path<ConversationId>,
    key: RequestKey,
    body: Json<wire::NewAnswer>,
) -> Answered {
    let wire::NewAnswer { text, to } = body.value;
    let text = text.replace("\r\n", "\n");
    // The answer is named by the id that the key stands for.
    let named = |id: u128| MessageId::from_bits(id).to_string();
    let made = key.once(
        &app,
        body.sent,
        async |id, change| {
            let saying = Saying { to, token: &named(id), text: &text, change };
            let message = answer::answer(&app, &actor, *path, saying).await?;
            conversation::message(&app, &actor, *path, message).await
        },
        async |id| conversation::message(&app, &actor, *path, answer::id_of(*path, &named(id))).await,
    );
    let Made { thing: message, before } = made.await?;
    let answer = Answer::json(&wire::Message::from(message.row))?.status(201);
    Ok(if before { answer.repeated() } else { answer })
}

async fn set_state(app: AppRef, actor: Actor, path: Path<ConversationId>, body: Json<wire::State>) -> Answered {
    conversation::set_state(&app, &actor, *path, body.value.state).await?;
    answer(&app, &actor, *path).await
}

async fn assign(app: AppRef, actor: Actor, path: Path<ConversationId>, body: Json<wire::Assignee>) -> Answered {
    conversation::assign(&app, &actor, *path, body.value.person).await?;
    answer(&app, &actor, *path).await
}

async fn answer(app: &App, actor: &Actor, id: ConversationId) -> Answered {
    Answer::json(&wire::Conversation::from(conversation::get(app, actor, id).await?.row))
}
