//! Conversations as people handle them: list, read, done with, assigned.

use crate::app::App;
use crate::base::clock::At;
use crate::channels::ChannelId;
use crate::people::{Action, Actor, PersonId, Refusal, WorkspaceId, member};
use crate::store::{Change, Scan, StoreError, Stored};
use crate::words;

use super::{
    Conversation, ConversationId, ConversationState, ConversationsByLast, ConversationsByPost, ConversationsUnread,
    Message, MessageId,
};

/// How many messages of one conversation are shown.
const MESSAGES_MAX: usize = 500;
/// How many conversations are read at a time while those of one channel are looked for.
const BATCH: usize = 100;
/// After so many batches the search ends.
const BATCHES_MAX: usize = 20;
/// The number on the tab stops here.
const UNREAD_MAX: usize = 100;

/// The conversations in a state, the one with the newest message first; `before` pages on.
pub async fn list(
    app: &App,
    actor: &Actor,
    state: ConversationState,
    before: Option<(At, ConversationId)>,
    most: usize,
) -> Result<Vec<Stored<Conversation>>, Refusal> {
    actor.may(Action::ReadInbox)?;
    let under = (actor.workspace, state.number());
    let entries = match before {
        None => app.store.list_index::<ConversationsByLast>(Scan::under(under).backward().limit(most)).await?,
        Some((at, id)) => {
            let before = (actor.workspace, state.number(), at, id);
            app.store
                .list_index::<ConversationsByLast>(Scan::under(under).after(&before).backward().limit(most))
                .await?
        }
    };
    let ids = entries.into_iter().map(|entry| entry.key.3);
    read_all(app, actor.workspace, ids).await
}

/// The same of one channel. Where it has few among many, those beyond the newest two thousand of all are not found.
pub async fn list_of_channel(
    app: &App,
    actor: &Actor,
    state: ConversationState,
    channel: ChannelId,
    before: Option<(At, ConversationId)>,
    most: usize,
) -> Result<Vec<Stored<Conversation>>, Refusal> {
    let mut found = Vec::new();
    let mut before = before;
    for _ in 0..BATCHES_MAX {
        let batch = list(app, actor, state, before, BATCH).await?;
        let ended = batch.len() < BATCH;
        before = batch.last().map(|last| (last.last_at, last.id));
        found.extend(batch.into_iter().filter(|conversation| conversation.channel == channel));
        if ended || most <= found.len() {
            break;
        }
    }
    found.truncate(most);
    Ok(found)
}

/// The conversations about a post.
pub async fn list_for_post(
    app: &App,
    actor: &Actor,
    post: crate::posts::PostId,
) -> Result<Vec<Stored<Conversation>>, Refusal> {
    actor.may(Action::ReadInbox)?;
    let entries = app.store.list_index::<ConversationsByPost>(Scan::under((actor.workspace, post)).limit(100)).await?;
    read_all(app, actor.workspace, entries.into_iter().map(|entry| entry.key.2)).await
}

async fn read_all(
    app: &App,
    workspace: WorkspaceId,
    ids: impl Iterator<Item = ConversationId>,
) -> Result<Vec<Stored<Conversation>>, Refusal> {
    let mut conversations = Vec::new();
    for id in ids {
        conversations.extend(app.store.find::<Conversation>(&(workspace, id)).await?);
    }
    Ok(conversations)
}

/// How many conversations have something that nobody has looked at; stops at 100.
pub async fn unread(app: &App, workspace: WorkspaceId) -> Result<usize, StoreError> {
    Ok(app.store.list_index::<ConversationsUnread>(Scan::under((workspace,)).limit(UNREAD_MAX)).await?.len())
}

/// What nobody has looked at yet: how many conversations, up to 100, and since when the oldest waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// How many.
    pub count: usize,
    /// When the oldest of them last said something.
    pub oldest_at: At,
}

/// What nobody has looked at yet; nothing when there is none.
pub async fn waiting(app: &App, actor: &Actor) -> Result<Option<Waiting>, Refusal> {
    actor.may(Action::ReadInbox)?;
    let entries =
        app.store.list_index::<ConversationsUnread>(Scan::under((actor.workspace,)).limit(UNREAD_MAX)).await?;
    let conversations = read_all(app, actor.workspace, entries.into_iter().map(|entry| entry.key.1)).await?;
    let oldest = conversations.iter().map(|conversation| conversation.last_at).min();
    Ok(oldest.map(|oldest_at| Waiting { count: conversations.len(), oldest_at }))
}

/// A conversation of this workspace.
pub async fn get(app: &App, actor: &Actor, id: ConversationId) -> Result<Stored<Conversation>, Refusal> {
    actor.may(Action::ReadInbox)?;
    app.store.find::<Conversation>(&(actor.workspace, id)).await?.ok_or(Refusal::NotThere)
}

/// Its messages, the oldest first.
pub async fn messages(app: &App, actor: &Actor, id: ConversationId) -> Result<Vec<Message>, Refusal> {
    actor.may(Action::ReadInbox)?;
    let rows = app.store.list::<Message>(Scan::under((actor.workspace, id)).limit(MESSAGES_MAX)).await?;
    let mut messages: Vec<Message> = rows.into_iter().map(|stored| stored.row).collect();
    messages.sort_by_key(|message| (message.at, message.id));
    Ok(messages)
}

/// One of its messages.
pub async fn message(
    app: &App,
    actor: &Actor,
    id: ConversationId,
    message: MessageId,
) -> Result<Stored<Message>, Refusal> {
    actor.may(Action::ReadInbox)?;
    app.store.find::<Message>(&(actor.workspace, id, message)).await?.ok_or(Refusal::NotThere)
}

/// Someone looked at it.
pub async fn mark_read(app: &App, actor: &Actor, conversation: &Stored<Conversation>) -> Result<(), Refusal> {
    if conversation.unread == 0 || actor.may(Action::Answer).is_err() {
        return Ok(());
    }
    let next = Conversation { unread: 0, ..conversation.row.clone() };
    match save(app, conversation, next).await {
        // Something new came at this moment; it stays unread.
        Ok(()) | Err(Refusal::ChangedMeanwhile) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Done with, or open again.
pub async fn set_state(app: &App, actor: &Actor, id: ConversationId, state: ConversationState) -> Result<(), Refusal> {
    let conversation = get(app, actor, id).await?;
    actor.may(Action::Answer)?;
    let next = Conversation { state, unread: 0, ..conversation.row.clone() };
    save(app, &conversation, next).await
}

/// Who takes care of it; none: nobody in particular.
pub async fn assign(app: &App, actor: &Actor, id: ConversationId, to: Option<PersonId>) -> Result<(), Refusal> {
    let conversation = get(app, actor, id).await?;
    actor.may(Action::Answer)?;
    if let Some(person) = to
        && member::find(app, actor.workspace, person).await?.is_none()
    {
        return Err(Refusal::field("person", words::Message::new("inbox-not-a-member")));
    }
    let next = Conversation { assigned: to, ..conversation.row.clone() };
    save(app, &conversation, next).await
}

async fn save(app: &App, before: &Stored<Conversation>, next: Conversation) -> Result<(), Refusal> {
    let mut change = Change::default();
    change.update(before, &next);
    app.store.commit(change).await?;
    app.live.tell(next.workspace.bits(), "conversation", next.id.bits());
    Ok(())
}
