//! Bringing in what an account posted before it was connected, so that the first day is not empty.
//!
//! Each earlier post becomes a post that is out, with one publication that is done: calendar, figures and inbox treat
//! it like any other. Its id follows from the channel and the network's id, so bringing it in twice is once.

use crate::app::App;
use crate::base::id;
use crate::base::zone;
use crate::channels::{self, Channel, health};
use crate::networks::{Call, Progress, RemoteItem};
use crate::people::{Refusal, workspace};
use crate::posts::{Content, Plan, Post, PostId, PublicationState, Stage};
use crate::schedule::calendar::CalendarEntry;
use crate::store::{Change, StoreError, Stored};

use super::journal::Event;
use super::publication::{Dispatch, DispatchRole, Publication, Source, WentOut};
use super::state::DispatchState;

/// How many earlier posts are brought in.
const POSTS_MAX: usize = 200;
const PAGES_MAX: usize = 20;

/// Brings in the earlier posts of a channel, where its network lets them be read. Gives how many were new.
pub async fn import(app: &App, channel: &Stored<Channel>) -> Result<usize, Refusal> {
    let Some(network) = app.networks.find(&channel.network) else { return Ok(0) };
    let (mut seen, mut new, mut after) = (0_usize, 0_usize, None);
    if let Some(history) = network.history() {
        let account = channels::account(app, channel).await?;
        for _ in 0..PAGES_MAX {
            let call = Call { client: &app.client, now: app.clock.now() };
            let (items, next) = history.own_posts(call, &account, after.as_deref()).await?;
            // What came after the connection is Belfry's own, perhaps with an outcome that is not written down yet.
            let items = items.into_iter().filter(|item| item.created_at < channel.connected_at);
            for item in items.filter(|item| item.in_reply_to.is_none()).take(POSTS_MAX.saturating_sub(seen)) {
                seen = seen.saturating_add(1);
                new = new.saturating_add(usize::from(take(app, channel, item).await?));
            }
            after = next;
            if after.is_none() || POSTS_MAX <= seen {
                break;
            }
        }
    }
    let now = app.clock.now();
    health::update(app, channel, |health| health.imported_at = Some(now)).await?;
    Ok(new)
}

async fn take(app: &App, channel: &Stored<Channel>, item: RemoteItem) -> Result<bool, Refusal> {
    // What Belfry itself published is here already, under its own id.
    if super::find_by_remote(app, channel.workspace, channel.id, &item.post.id).await?.is_some() {
        return Ok(false);
    }
    let settings = workspace::get(app, channel.workspace).await?;
    let post = post_of(channel, &item, &settings.zone);
    let publication = publication_of(channel, &post, &item);
    let mut change = Change::default();
    change.insert(&post);
    change.insert(&publication);
    let entry = CalendarEntry::of(&post, item.created_at, PublicationState::Published);
    change.insert(&CalendarEntry { imported: true, ..entry });
    change.put(&WentOut { workspace: channel.workspace, publication: publication.id });
    match app.store.commit(change).await {
        Ok(_) => Ok(true),
        Err(StoreError::Conflict) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn post_of(channel: &Channel, item: &RemoteItem, zone_name: &str) -> Post {
    let id: PostId = id::digest(&[b"imported", &channel.id.bits().to_be_bytes(), item.post.id.as_bytes()]);
    let at = item.created_at;
    Post {
        workspace: channel.workspace,
        id,
        author: channel.connected_by,
        created_at: at,
        saved_at: at,
        saved_by: channel.connected_by,
        edition: 1,
        stage: Stage::Out,
        content: Content {
            text: item.text.clone(),
            channels: vec![channel.id],
            visibility: item.visibility.unwrap_or_default(),
            ..Content::default()
        },
        plan: Some(Plan { local: zone::local(at, zone_name).datetime(), zone: zone_name.to_owned(), due_at: at }),
    }
}

fn publication_of(channel: &Channel, post: &Post, item: &RemoteItem) -> Publication {
    let at = item.created_at;
    let mut dispatch = Dispatch::planned(DispatchRole::Part { index: 0 });
    dispatch.state = DispatchState::Done;
    dispatch.progress = Progress { post: Some(item.post.clone()), ..Progress::default() };
    dispatch.journal.note(at, Event::Imported);
    Publication {
        workspace: channel.workspace,
        id: Publication::id_for(post.id, channel.id),
        channel: channel.id,
        source: Source::Post { post: post.id },
        subject: crate::base::text::excerpt(&item.text, 60),
        due_at: at,
        next_at: None,
        by_hand: false,
        dispatches: vec![dispatch],
        published_at: Some(at),
        planned_by: channel.connected_by,
    }
}
