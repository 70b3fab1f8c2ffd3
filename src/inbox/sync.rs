//! Bringing in what people wrote: polled pages and webhook deliveries take the same way.

use std::collections::HashMap;

use crate::app::App;
use crate::base::id;
use crate::base::text::excerpt;
use crate::channels::{self, Channel, credentials, health};
use crate::media::avatar;
use crate::networks::{Account, Call, Incoming, Network, NetworkError, RemotePost};
use crate::notify::{self, What};
use crate::people::Refusal;
use crate::publish::{self, Publication, Source};
use crate::store::{Change, StoreError, Stored};

use super::{About, Conversation, ConversationId, ConversationState, Known, Message, message_id};

/// How much of a message a line shows.
const EXCERPT_GRAPHEMES: usize = 120;
/// More than this of one message is not kept.
const TEXT_MAX_BYTES: usize = 40_000;
/// How many items go in one commit.
const BATCH: usize = 30;
/// How many pages are fetched in one go.
const PAGES_MAX: usize = 20;

/// Fetches what came on a channel since the last time. Gives how many messages were new. Where the network no longer
/// lets Belfry in, the channel is locked out.
pub async fn sync(app: &App, channel: &Stored<Channel>) -> Result<usize, Refusal> {
    let fetched = fetch(app, channel).await;
    heed(app, channel, &fetched).await?;
    fetched
}

/// Locks the channel out where this says that it must be connected again.
pub async fn heed<T>(app: &App, channel: &Channel, contact: &Result<T, Refusal>) -> Result<(), StoreError> {
    match contact {
        Err(Refusal::Network(NetworkError::Reconnect { reason })) => health::lock_out(app, channel, reason).await,
        Ok(_) | Err(_) => Ok(()),
    }
}

async fn fetch(app: &App, channel: &Stored<Channel>) -> Result<usize, Refusal> {
    let Some(network) = app.networks.find(&channel.network) else { return Ok(0) };
    let Some(inbox) = network.inbox() else { return Ok(0) };
    let account = channels::account(app, channel).await?;
    let mut new = 0_usize;
    for _ in 0..PAGES_MAX {
        let checkpoint = health::health(app, channel).await?.inbox_checkpoint;
        let call = Call { client: &app.client, now: app.clock.now() };
        let fetched = inbox.fetch(call, &account, checkpoint.as_deref()).await;
        if let Err(NetworkError::Expired { .. }) = &fetched {
            credentials::refresh(app, channel).await?;
        }
        health::note(app, channel, fetched.as_ref().map(|_page| ())).await?;
        let page = fetched?;
        new = new.saturating_add(take(app, channel, &account, page.items, page.checkpoint).await?);
        if !page.more {
            break;
        }
    }
    Ok(new)
}

/// Looks below one of our posts for answers that were not announced. Gives how many were new.
pub async fn sync_below(
    app: &App,
    channel: &Stored<Channel>,
    network: &dyn Network,
    account: &Account,
    post: &RemotePost,
) -> Result<usize, Refusal> {
    let Some(inbox) = network.inbox() else { return Ok(0) };
    let call = Call { client: &app.client, now: app.clock.now() };
    let items = inbox.fetch_below(call, account, post).await?;
    Ok(take(app, channel, account, items, None).await?)
}

/// Keeps what is new among these items, and how far was read, in order. Gives how many were new.
pub async fn take(
    app: &App,
    channel: &Stored<Channel>,
    account: &Account,
    mut items: Vec<Incoming>,
    checkpoint: Option<String>,
) -> Result<usize, StoreError> {
    // Older first, so that an answer finds the message it answers.
    items.sort_by_key(|incoming| incoming.item.created_at);
    items.retain(|incoming| incoming.item.author.id != account.remote_id);
    let mut new = 0_usize;
    for batch in items.chunks(BATCH) {
        new = new.saturating_add(take_batch(app, channel, batch).await?);
    }
    if let Some(checkpoint) = checkpoint {
        health::update(app, channel, |health| health.inbox_checkpoint = Some(checkpoint)).await?;
    }
    if 0 < new {
        notify::ring(app);
        app.live.tell(channel.workspace.bits(), "conversation", 0_u128);
    }
    Ok(new)
}

/// What a batch gathers before it is committed.
struct Gathered {
    conversations: HashMap<ConversationId, (Option<Stored<Conversation>>, Conversation)>,
    messages: Vec<Message>,
}

async fn take_batch(app: &App, channel: &Stored<Channel>, batch: &[Incoming]) -> Result<usize, StoreError> {
    let mut gathered = Gathered { conversations: HashMap::new(), messages: Vec::new() };
    for incoming in batch {
        gather(app, channel, incoming, &mut gathered).await?;
    }
    let new = gathered.messages.len();
    if new == 0 {
        return Ok(0);
    }
    let mut change = Change::default();
    for message in &gathered.messages {
        change.insert(message);
        let known = Known { workspace: message.workspace, message: message.id, conversation: message.conversation };
        change.insert(&known);
    }
    for (before, after) in gathered.conversations.values() {
        if before.as_ref().is_none_or(|before| before.unread == 0) {
            notify::tell(app, &mut change, after.workspace, What::Message, after.id.bits(), &after.person.name);
        }
        match before {
            Some(before) => change.update(before, after),
            None => change.insert(after),
        };
    }
    app.store.commit(change).await?;
    let authors = gathered.messages.iter().filter_map(|message| message.author.as_ref());
    avatar::wish(app, channel.workspace, authors.map(|author| author.avatar_url.as_deref()));
    Ok(new)
}

async fn gather(
    app: &App,
    channel: &Stored<Channel>,
    incoming: &Incoming,
    gathered: &mut Gathered,
) -> Result<(), StoreError> {
    let item = &incoming.item;
    let workspace = channel.workspace;
    let id = message_id(channel.id, &item.post.id);
    let here = gathered.messages.iter().any(|message| message.id == id);
    if here || app.store.find::<Known>(&(workspace, id)).await?.is_some() {
        return Ok(());
    }
    let (conversation, about) = place(app, channel, incoming, gathered).await?;
    let known = if let Some(known) = gathered.conversations.remove(&conversation) {
        known
    } else {
        let stored = app.store.find::<Conversation>(&(workspace, conversation)).await?;
        let row =
            stored.as_ref().map_or_else(|| fresh(channel, conversation, incoming, about), |stored| stored.row.clone());
        (stored, row)
    };
    let (stored, mut row) = known;
    if row.last_at <= item.created_at {
        row.last_at = item.created_at;
        row.excerpt = excerpt(&item.text, EXCERPT_GRAPHEMES);
        if row.person.id == item.author.id {
            // Names and pictures change.
            row.person = item.author.clone();
        }
    }
    row.unread = row.unread.saturating_add(1);
    row.messages = row.messages.saturating_add(1);
    row.state = ConversationState::Open;
    gathered.conversations.insert(conversation, (stored, row));
    let mut text = item.text.clone();
    while TEXT_MAX_BYTES < text.len() {
        text.truncate(text.char_indices().map(|(at, _)| at).take_while(|at| *at <= TEXT_MAX_BYTES).last().unwrap_or(0));
    }
    let root = item.post.more.get("root_uri").map(|uri| RemotePost { id: uri.clone(), ..RemotePost::default() });
    gathered.messages.push(Message {
        workspace,
        conversation,
        id,
        at: item.created_at,
        author: Some(item.author.clone()),
        text,
        remote: Some(item.post.clone()),
        root,
        media_urls: item.media_urls.clone(),
        publication: None,
        answered_by: None,
    });
    Ok(())
}

/// The conversation a message belongs to: that of the message it answers, or of the answer of ours it answers; else one
/// of its own, below the post of ours it is about.
async fn place(
    app: &App,
    channel: &Stored<Channel>,
    incoming: &Incoming,
    gathered: &Gathered,
) -> Result<(ConversationId, Option<About>), StoreError> {
    let item = &incoming.item;
    let own: ConversationId = id::digest(&[b"conversation", &channel.id.bits().to_be_bytes(), item.post.id.as_bytes()]);
    for parent in [item.in_reply_to.as_deref(), item.thread_root.as_deref()].into_iter().flatten() {
        let parent_id = message_id(channel.id, parent);
        if let Some(known) = gathered.messages.iter().find(|message| message.id == parent_id) {
            return Ok((known.conversation, None));
        }
        if let Some(known) = app.store.find::<Known>(&(channel.workspace, parent_id)).await? {
            return Ok((known.conversation, None));
        }
        let Some(publication) = publish::find_by_remote(app, channel.workspace, channel.id, parent).await? else {
            continue;
        };
        match publication.source {
            Source::Answer { message } => {
                if let Some(known) = app.store.find::<Known>(&(channel.workspace, message.bits().into())).await? {
                    return Ok((known.conversation, None));
                }
            }
            Source::Post { .. } => return Ok((own, Some(about(&publication)))),
        }
    }
    Ok((own, None))
}

fn about(publication: &Publication) -> About {
    let post = match publication.source {
        Source::Post { post } => Some(post),
        Source::Answer { .. } => None,
    };
    About { publication: publication.id, post, excerpt: publication.subject.clone() }
}

fn fresh(channel: &Channel, id: ConversationId, incoming: &Incoming, about: Option<About>) -> Conversation {
    Conversation {
        workspace: channel.workspace,
        id,
        channel: channel.id,
        about,
        person: incoming.item.author.clone(),
        last_at: incoming.item.created_at,
        excerpt: String::new(),
        kind: incoming.kind,
        unread: 0,
        messages: 0,
        state: ConversationState::Open,
        assigned: None,
    }
}
