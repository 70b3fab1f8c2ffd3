//! What a network is asked to do, in plain values: a [`Job`] is one intended change, [`Progress`] what is known of it so far.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::NetworkError;
use crate::base::clock::At;

/// Who can see a post.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Everyone.
    #[default]
    Public,
    /// Everyone, but in no public list.
    Unlisted,
    /// Followers.
    Followers,
    /// Only those who are named.
    Direct,
}

/// A poll.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Poll {
    /// The answers to choose from.
    pub options: Vec<String>,
    /// How long it is open, in seconds.
    pub open_for_s: u64,
    /// More than one answer may be chosen.
    pub multiple: bool,
}

/// A picture or film as it goes out: the rendition made for this network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MediaFile {
    /// Where its bytes are.
    pub path: PathBuf,
    /// `image/jpeg`.
    pub mime: String,
    /// A name for the upload, without a person's own words: `image-1.jpg`.
    pub file_name: String,
    /// Its size.
    pub size_bytes: u64,
    /// Its width.
    pub width_px: u32,
    /// Its height.
    pub height_px: u32,
    /// Its description.
    pub alt: String,
    /// What matters in it: -1.0 to 1.0 to the right and up.
    pub focus: Option<(f32, f32)>,
}

impl MediaFile {
    /// The whole file in memory. Renditions are small (a few MB at most).
    pub async fn read(&self) -> Result<Vec<u8>, NetworkError> {
        tokio::fs::read(&self.path).await.map_err(|error| NetworkError::Refused {
            reason: format!("the picture is not readable on this server ({})", error.kind()),
        })
    }
}

/// One part of what goes out: a post, one post of a thread, a comment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// Its words.
    pub text: String,
    /// Its pictures or film, in order.
    pub media: Vec<MediaFile>,
    /// Its poll.
    pub poll: Option<Poll>,
    /// Shown before the rest is.
    pub content_warning: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// Who can see it; the network's nearest narrower one where it has not this one.
    pub visibility: Visibility,
    /// A post of someone that it quotes, as an address.
    pub quote_url: Option<String>,
    /// Who may answer, where the network can say so.
    pub replies: Replies,
}

/// Who may answer a post.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Replies {
    /// Anyone.
    #[default]
    Everyone,
    /// People who follow.
    Followers,
    /// People who are named.
    Mentioned,
    /// No one.
    Nobody,
}

/// A post at a network: its id, its page, and whatever else an answer to it needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RemotePost {
    /// The network's id: opaque.
    pub id: String,
    /// Its page for people.
    pub url: Option<String>,
    /// What else is needed to answer, edit or delete it (`cid`, `visibility`, `acct`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub more: BTreeMap<String, String>,
}

/// One intended change at a network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// Publish a post, or a part of a thread below `parent`.
    Publish {
        /// What.
        part: Part,
        /// The first post of its thread; none for the first itself.
        root: Option<RemotePost>,
        /// The post it comes right after.
        parent: Option<RemotePost>,
    },
    /// Answer a post: a first comment, or an answer from the inbox.
    Reply {
        /// What.
        part: Part,
        /// The first post of the conversation, where known.
        root: Option<RemotePost>,
        /// The post it answers.
        parent: RemotePost,
        /// The handle of who wrote that, for networks where an answer names them.
        parent_handle: Option<String>,
    },
    /// Change what is out.
    Edit {
        /// Which.
        post: RemotePost,
        /// What it shall be, whole.
        part: Part,
    },
    /// Take down what is out.
    Delete {
        /// Which.
        post: RemotePost,
    },
}

impl Change {
    /// What is to be said, where something is.
    pub fn part(&self) -> Option<&Part> {
        match self {
            Self::Publish { part, .. } | Self::Reply { part, .. } | Self::Edit { part, .. } => Some(part),
            Self::Delete { .. } => None,
        }
    }
}

/// One intended change, with a name that stays the same however often it is tried.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// The dispatch's id as text: unique, stable.
    pub id: String,
    /// What.
    #[serde(flatten)]
    pub change: Change,
}

/// What [`super::Network::material`] may draw on.
#[derive(Clone, Copy, Debug)]
pub struct Seed {
    /// The instant of the claim.
    pub now: At,
    /// 128 random bits.
    pub random: u128,
}

/// What makes a repeat recognisable: an idempotency key, an rkey, a transaction id, the exact `createdAt`.
/// Durable with the claim, never changed after.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Material(pub BTreeMap<String, String>);

impl Material {
    /// These named values.
    pub fn new<const N: usize>(pairs: [(&str, String); N]) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// The value of this name; an empty text where there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

/// A job that was claimed: what is to be done, and what makes a repeat of it recognisable.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// What.
    pub job: Job,
    /// As [`super::Network::material`] chose it at the first claim.
    pub material: Material,
}

/// What is known of a job so far: ids of uploaded pictures, the post itself. Small values only.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// By name, as the connector likes (`media.0`).
    #[serde(default)]
    pub known: BTreeMap<String, serde_json::Value>,
    /// The post, once it is there.
    #[serde(default)]
    pub post: Option<RemotePost>,
}

impl Progress {
    /// A text that is known.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.known.get(name).and_then(serde_json::Value::as_str)
    }
}

/// A step: what the next request is for. Its words go to the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// `upload 0`, `publish`, `look at upload 0`: names the step for the connector and the journal.
    pub name: String,
    /// The request changes something that people could see twice. An upload that nobody sees until it is
    /// published does not count: it may be repeated.
    pub visible: bool,
}

impl Step {
    /// A step that people could see twice.
    pub fn visible(name: impl Into<String>) -> Self {
        Self { name: name.into(), visible: true }
    }

    /// A step that may be repeated without anyone noticing.
    pub fn repeatable(name: impl Into<String>) -> Self {
        Self { name: name.into(), visible: false }
    }
}

/// What came of a step that went well.
#[derive(Clone, Debug, PartialEq)]
pub enum Turn {
    /// This is known now, instead of what was; ask for the next step.
    Forward(Progress),
    /// The network is still busy: this is known now; look again at `until_at`.
    Wait {
        /// What is known now.
        progress: Progress,
        /// When to look again.
        until_at: At,
    },
}
