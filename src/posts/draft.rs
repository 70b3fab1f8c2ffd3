//! Drafts: beginning one, and saving over one without overwriting anybody silently.

use crate::app::App;
use crate::base::clock::At;
use crate::channels::{Channel, ChannelId};
use crate::media::{self, AssetId};
use crate::people::{Action, Actor, FieldProblem, Refusal};
use crate::store::{Change, Scan, StoreError, Stored};
use crate::words::Message;

use super::{Content, DraftsBySaved, MediaUse, Post, PostId, Stage, history};

/// Longer than any network takes; a text of this size is kept, and checks say what is too long.
const TEXT_MAX_BYTES: usize = 200_000;
/// More than any network takes.
const MEDIA_MAX: usize = 40;
const CHANNELS_MAX: usize = 200;
const PARTS_MAX: usize = 100;

/// Begins a draft.
pub async fn create(app: &App, actor: &Actor, content: Content) -> Result<Stored<Post>, Refusal> {
    create_as(app, actor, app.ids.next(), content).await
}

/// Begins a draft with an id the caller chose, so that the same request made twice is one draft.
pub async fn create_as(app: &App, actor: &Actor, id: PostId, content: Content) -> Result<Stored<Post>, Refusal> {
    let post = begin(app, actor, id, content)?;
    let mut change = Change::default();
    change.insert(&post);
    match app.store.commit(change).await {
        Ok(version) => {
            app.live.tell(post.workspace.bits(), "post", post.id.bits());
            Ok(Stored { row: post, version })
        }
        Err(StoreError::Conflict) => get(app, actor, id).await,
        Err(error) => Err(error.into()),
    }
}

/// The row of a new draft. The caller commits it.
pub fn begin(app: &App, actor: &Actor, id: PostId, content: Content) -> Result<Post, Refusal> {
    actor.may(Action::Write)?;
    check_size(&content)?;
    let now = app.clock.now();
    Ok(Post {
        workspace: actor.workspace,
        id,
        author: actor.person,
        created_at: now,
        saved_at: now,
        saved_by: actor.person,
        edition: 1,
        stage: Stage::Draft,
        content,
        plan: None,
    })
}

/// Every channel and picture that the content names is in this workspace. A form takes what was removed meanwhile and
/// says so when it is planned; a program that names one wrongly is told at once.
pub async fn check_named(app: &App, actor: &Actor, content: &Content) -> Result<(), Refusal> {
    let mut problems = Vec::new();
    let places = content.channels.iter().enumerate().map(|(index, id)| (format!("channels.{index}"), *id));
    let variants = content.variants.keys().map(|id| (format!("variants.{id}"), *id));
    let named: Vec<(String, ChannelId)> = places.chain(variants).collect();
    for (path, id) in named {
        if app.store.find::<Channel>(&(actor.workspace, id)).await?.is_none() {
            problems.push(FieldProblem::new(path, Message::new("post-no-such-channel")));
        }
    }
    let mut pictures: Vec<(String, AssetId)> = Vec::new();
    let mut name = |below: &str, media: &[MediaUse]| {
        pictures.extend((0_usize..).zip(media).map(|(index, used)| (format!("{below}.{index}.asset"), used.asset)));
    };
    name("media", &content.media);
    for (channel, variant) in &content.variants {
        name(&format!("variants.{channel}.media"), variant.media.as_deref().unwrap_or_default());
    }
    for (path, id) in pictures {
        if media::asset::find(app, actor.workspace, id).await?.is_none() {
            problems.push(FieldProblem::new(path, Message::new("post-no-such-picture")));
        }
    }
    Refusal::unless_empty(problems)
}

/// A post of this workspace.
pub async fn get(app: &App, actor: &Actor, id: PostId) -> Result<Stored<Post>, Refusal> {
    actor.may(Action::SeePosts)?;
    app.store.find::<Post>(&(actor.workspace, id)).await?.ok_or(Refusal::NotThere)
}

/// There is such a post in this workspace. For who may see figures and not posts.
pub async fn exists(app: &App, actor: &Actor, id: PostId) -> Result<(), Refusal> {
    app.store.find::<Post>(&(actor.workspace, id)).await?.map(drop).ok_or(Refusal::NotThere)
}

/// The drafts of a workspace, the one saved last in front.
pub async fn list(app: &App, actor: &Actor, most: usize) -> Result<Vec<Stored<Post>>, Refusal> {
    page(app, actor, None, most).await
}

/// A part of that list, going on after the draft that was saved then.
pub async fn page(
    app: &App,
    actor: &Actor,
    after: Option<(At, PostId)>,
    most: usize,
) -> Result<Vec<Stored<Post>>, Refusal> {
    actor.may(Action::SeePosts)?;
    let after = after.map(|(at, id)| (actor.workspace, at, id));
    let scan = Scan::under((actor.workspace,)).after_if(after.as_ref()).backward().limit(most);
    let entries = app.store.list_index::<DraftsBySaved>(scan).await?;
    let mut drafts = Vec::with_capacity(entries.len());
    for entry in entries {
        let (_, _, id) = entry.key;
        let post = app.store.find::<Post>(&(actor.workspace, id)).await?;
        drafts.extend(post.filter(|post| post.stage == Stage::Draft));
    }
    Ok(drafts)
}

/// The save was made from this edition, or someone saved in between.
pub fn same_edition(post: &Post, edition: u32) -> Result<(), Refusal> {
    if post.edition == edition { Ok(()) } else { Err(Refusal::ChangedMeanwhile) }
}

/// What is saved over a post.
#[derive(Clone, Debug, PartialEq)]
pub struct Saving {
    /// The edition it was begun from.
    pub edition: u32,
    /// What the post says from here on.
    pub content: Content,
    /// It is an earlier version: what it goes over is kept, so that there is a way back.
    pub earlier: bool,
}

/// What the post is after a save. The caller commits it, together with what
/// `change` gathers: a version in the history, where one is due.
pub async fn revise(
    app: &App,
    actor: &Actor,
    post: &Stored<Post>,
    saving: Saving,
    change: &mut Change,
) -> Result<Post, Refusal> {
    let Saving { edition, content, earlier } = saving;
    actor.may_edit_of(post.author)?;
    check_size(&content)?;
    match post.stage {
        Stage::Draft | Stage::Planned => {}
        Stage::Out | Stage::Deleted => return Err(Refusal::Rule(Message::new("post-is-out"))),
    }
    // One's own save that arrives a second time changes nothing and overwrites nothing.
    if post.content != content {
        same_edition(post, edition)?;
        if earlier {
            history::keep(app, post, change).await?;
        } else {
            history::note(app, post, actor.person, change).await?;
        }
    }
    let after = Post { content, saved_at: app.clock.now(), saved_by: actor.person, ..post.row.clone() };
    Ok(after)
}

fn check_size(content: &Content) -> Result<(), Refusal> {
    let too_long = |text: &str| TEXT_MAX_BYTES < text.len();
    let field = |name: &str, key: &'static str| Err(Refusal::field(name, Message::new(key)));
    if too_long(&content.text) {
        return field("text", "post-text-too-large");
    }
    for (channel, variant) in &content.variants {
        let parts = variant.parts.as_deref().unwrap_or_default();
        if PARTS_MAX < parts.len() || parts.iter().any(|part| too_long(part)) {
            return field(&format!("variants.{channel}.text"), "post-text-too-large");
        }
    }
    if content.first_comment.as_deref().is_some_and(too_long)
        || content.content_warning.as_deref().is_some_and(too_long)
    {
        return field("first_comment", "post-text-too-large");
    }
    if MEDIA_MAX < content.media.len() {
        return field("media", "post-too-many-pictures");
    }
    if CHANNELS_MAX < content.channels.len() || CHANNELS_MAX < content.variants.len() {
        return field("channels", "post-too-many-channels");
    }
    Ok(())
}
