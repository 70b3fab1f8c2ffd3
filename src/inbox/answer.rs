//! Answering: an answer is a dispatch like any other, so it is never sent twice either.

use crate::app::App;
use crate::base::id;
use crate::base::text::excerpt;
use crate::channels::{self, Channel};
use crate::networks::{Part, Visibility, counting};
use crate::people::{Action, Actor, Refusal};
use crate::publish::{self, accept};
use crate::store::{Change, StoreError};
use crate::words;

use super::{Conversation, ConversationId, ConversationState, Message, MessageId, conversation};

/// How much of an answer a line shows.
const EXCERPT_GRAPHEMES: usize = 120;

/// An answer as it is asked for.
#[derive(Debug)]
pub struct Saying<'a> {
    /// The message it answers; none: the newest that is not ours.
    pub to: Option<MessageId>,
    /// Names this answer for good: the same form sent twice is one answer.
    pub token: &'a str,
    /// What it says.
    pub text: &'a str,
    /// What else belongs in its commit.
    pub change: Change,
}

/// The id of the answer of this name.
pub fn id_of(conversation: ConversationId, token: &str) -> MessageId {
    id::digest(&[b"own answer", &conversation.bits().to_be_bytes(), token.as_bytes()])
}

/// Answers a message of a conversation.
pub async fn answer(app: &App, actor: &Actor, id: ConversationId, saying: Saying<'_>) -> Result<MessageId, Refusal> {
    actor.may(Action::Answer)?;
    let Saying { to, token, text, mut change } = saying;
    let known = conversation::get(app, actor, id).await?;
    let text = text.trim();
    if text.is_empty() {
        return Err(Refusal::field("text", words::Message::new("answer-empty")));
    }
    let channel = channels::get(app, actor.workspace, known.channel).await?;
    check(app, &channel, text)?;
    let messages = conversation::messages(app, actor, id).await?;
    let target = messages.iter().rev().find(|message| match to {
        Some(to) => message.id == to,
        None => message.author.is_some(),
    });
    let target = target.ok_or(Refusal::NotThere)?;
    let parent = target.remote.clone().ok_or(Refusal::NotThere)?;
    let ours = id_of(id, token);
    let say = accept::Answer {
        part: Part { text: text.to_owned(), visibility: Visibility::Public, ..Part::default() },
        parent,
        root: target.root.clone(),
        parent_handle: target.author.as_ref().map(|author| author.handle.clone()),
    };
    let now = app.clock.now();
    let publication = accept::plan_answer(
        app,
        actor,
        channel.id,
        accept::AnswerTo { message: target.id.bits(), answer: ours.bits() },
        say,
        &mut change,
    )?;
    change.insert(&Message {
        workspace: actor.workspace,
        conversation: id,
        id: ours,
        at: now,
        author: None,
        text: text.to_owned(),
        remote: None,
        root: None,
        media_urls: Vec::new(),
        publication: Some(publication),
        answered_by: Some(actor.person),
    });
    let next = Conversation {
        last_at: now.max(known.last_at),
        excerpt: excerpt(text, EXCERPT_GRAPHEMES),
        unread: 0,
        messages: known.messages.saturating_add(1),
        state: ConversationState::Open,
        ..known.row.clone()
    };
    change.update(&known, &next);
    match app.store.commit(change).await {
        Ok(_) => {}
        // The same answer again, or something came in at this moment: the first is fine, the second is said.
        Err(StoreError::Conflict) if publish::exists(app, actor.workspace, publication).await? => {}
        Err(error) => return Err(error.into()),
    }
    app.answering.end(id, actor.person);
    app.live.tell(actor.workspace.bits(), "conversation", id.bits());
    app.kicks.kick(crate::app::Worker::Publish);
    Ok(ours)
}

/// The network takes answers, and this one is not too long for it.
fn check(app: &App, channel: &Channel, text: &str) -> Result<(), Refusal> {
    let network = app.networks.find(&channel.network).ok_or(Refusal::NotThere)?;
    let can = network.capabilities(&channel.settings);
    if !can.reply {
        return Err(Refusal::Rule(words::Message::new("answer-not-here")));
    }
    let length = counting::length(text, &can.text, None);
    if let Some(limit) = can.text.limit.filter(|limit| *limit < length) {
        let over = words::Message::new("answer-too-long").with("over", length.saturating_sub(limit));
        return Err(Refusal::field("text", over));
    }
    Ok(())
}
