//! Posts: what a person writes, and how it differs per channel.
//!
//! A post is a draft until it is planned, planned until the first claim, and out after it. While it is a draft or
//! planned its content may change; each save names the edition it was made from, so that two people never overwrite
//! each other silently. Planning and publishing are the business of `publish`.

pub mod changes;
pub mod checks;
pub mod draft;
pub mod history;
pub mod mend;
pub mod render;
pub mod state;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use state::PublicationState;

use crate::base::clock::At;
use crate::channels::ChannelId;
use crate::media::AssetId;
use crate::networks::job::Replies;
use crate::networks::{Poll, Visibility};
use crate::people::{PersonId, WorkspaceId};
use crate::store::{
    Entries, Record,
    schema::{self, CollectionId},
};

crate::ids! {
    /// A post.
    PostId,
}

/// A post.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Post {
    /// Whose.
    pub workspace: WorkspaceId,
    /// Its id.
    pub id: PostId,
    /// Who wrote it.
    pub author: PersonId,
    /// When it was begun.
    pub created_at: At,
    /// When it was last saved.
    pub saved_at: At,
    /// Who saved it last.
    pub saved_by: PersonId,
    /// Counts the saves; a save names the edition it started from.
    pub edition: u32,
    /// Where it stands.
    pub stage: Stage,
    /// What it says.
    pub content: Content,
    /// When it shall go out.
    pub plan: Option<Plan>,
}

/// Where a post stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Being written.
    Draft,
    /// Waits for its time; may still be changed.
    Planned,
    /// A claim was made: its content is fixed.
    Out,
    /// Deleted here; kept for undo and for its figures.
    Deleted,
}

/// When a post shall go out: the truth is the local time and its zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// What the clock on the wall shows.
    pub local: jiff::civil::DateTime,
    /// Where the wall is.
    pub zone: String,
    /// The instant that follows.
    pub due_at: At,
}

/// What a post says.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Content {
    /// The base text.
    pub text: String,
    /// Pictures, in order.
    #[serde(default)]
    pub media: Vec<MediaUse>,
    /// Where it goes.
    #[serde(default)]
    pub channels: Vec<ChannelId>,
    /// Where it differs.
    #[serde(default)]
    pub variants: BTreeMap<ChannelId, Variant>,
    /// Shown before the rest.
    #[serde(default)]
    pub content_warning: Option<String>,
    /// BCP 47.
    #[serde(default)]
    pub language: Option<String>,
    /// Who can see it.
    #[serde(default)]
    pub visibility: Visibility,
    /// A poll.
    #[serde(default)]
    pub poll: Option<Poll>,
    /// Who may answer.
    #[serde(default)]
    pub replies: Replies,
    /// A comment of our own below it, where the network has that.
    #[serde(default)]
    pub first_comment: Option<String>,
}

/// A picture in a post.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MediaUse {
    /// Which.
    pub asset: AssetId,
    /// Its description in this post; none: the asset's own.
    #[serde(default)]
    pub alt: Option<String>,
}

/// What a post says on one channel where that differs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Variant {
    /// Instead of the base text: one text, or the parts of a thread.
    #[serde(default)]
    pub parts: Option<Vec<String>>,
    /// Instead of the base media.
    #[serde(default)]
    pub media: Option<Vec<MediaUse>>,
    /// Instead of the first comment; an empty text: none here.
    #[serde(default)]
    pub first_comment: Option<String>,
    /// Instead of the visibility.
    #[serde(default)]
    pub visibility: Option<Visibility>,
}

impl Content {
    /// The texts that go out on a channel: one, or the parts of a thread. A line of three dashes begins the next part.
    pub fn parts_for(&self, channel: ChannelId) -> Vec<&str> {
        match self.variants.get(&channel).and_then(|variant| variant.parts.as_ref()) {
            Some(parts) if !parts.is_empty() => parts.iter().flat_map(|part| split(part)).collect(),
            _ => split(&self.text),
        }
    }

    /// The pictures that go out on a channel.
    pub fn media_for(&self, channel: ChannelId) -> &[MediaUse] {
        self.variants.get(&channel).and_then(|variant| variant.media.as_deref()).unwrap_or(&self.media)
    }

    /// The first comment on a channel.
    pub fn first_comment_for(&self, channel: ChannelId) -> Option<&str> {
        let own = self.variants.get(&channel).and_then(|variant| variant.first_comment.as_deref());
        own.or(self.first_comment.as_deref()).filter(|comment| !comment.trim().is_empty())
    }

    /// Who can see it on a channel.
    pub fn visibility_for(&self, channel: ChannelId) -> Visibility {
        self.variants.get(&channel).and_then(|variant| variant.visibility).unwrap_or(self.visibility)
    }
}

crate::index! {
    /// The drafts of a workspace, by when they were last saved.
    pub DraftsBySaved in schema::DRAFTS_BY_SAVED: (WorkspaceId, At, PostId) => ();
}

/// The parts of a text: a line of nothing but three or more dashes lies between two. Empty parts are left out, but for
/// the one there always is.
fn split(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        let end = at + line.len();
        let dashes = line.trim();
        if 3 <= dashes.len() && dashes.bytes().all(|byte| byte == b'-') {
            parts.extend(text.get(start..at));
            start = end;
        }
        at = end;
    }
    parts.extend(text.get(start..));
    parts.retain(|part| !part.trim().is_empty());
    if parts.is_empty() {
        vec![text]
    } else if parts.len() == 1 && start == 0 {
        parts
    } else {
        parts.iter().map(|part| part.trim()).collect()
    }
}

impl Record for Post {
    const COLLECTION: CollectionId = schema::POSTS;
    type Key = (WorkspaceId, PostId);

    fn key(&self) -> Self::Key {
        (self.workspace, self.id)
    }

    fn entries(&self, out: &mut Entries) {
        if self.stage == Stage::Draft {
            out.add(DraftsBySaved, (self.workspace, self.saved_at, self.id), &());
        }
    }
}
