//! What the Practice service and its connector say to each other, as JSON.

use serde::{Deserialize, Serialize};

use crate::base::clock::At;
use crate::networks::capabilities::{Capabilities, Count, ImageRules, PollRules, Settles, TextRules, Unit};
use crate::networks::job::{Poll, Replies, Visibility};
use crate::networks::{Counts, MessageKind};

/// The picture types the service takes.
pub const PICTURE_TYPES: [&str; 4] = ["image/jpeg", "image/png", "image/gif", "image/webp"];

/// How an account behaves: what it can, within which limits, and how a lost answer is settled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "a statement of abilities is a list of yes and no")]
pub struct Behaviour {
    /// How a lost answer is settled: `native_key` (the key of a create is honoured), `known_id` (a container is made,
    /// then published, and can be looked at), `look_up` (own posts are listed), `ask_person` (none of these).
    pub settles: Settles,
    /// At most so many units; null: no limit.
    pub text_limit: Option<u32>,
    /// What they are.
    pub unit: Unit,
    /// A second limit, in bytes.
    pub text_limit_bytes: Option<u32>,
    /// A link counts as so many.
    pub link_length: Option<u32>,
    /// At most so many pictures; 0: none.
    pub images: u32,
    /// At most so large.
    pub image_bytes: u64,
    /// At most so many characters of description; null: it takes none.
    pub alt_limit: Option<u32>,
    /// A post without a picture is refused.
    pub media_required: bool,
    /// Pictures are busy for so long after they were uploaded.
    pub slow_media_ms: u64,
    /// Polls.
    pub polls: bool,
    /// Posts in a chain.
    pub threads: bool,
    /// A comment of one's own below a post.
    pub first_comment: bool,
    /// Warnings before a post.
    pub content_warning: bool,
    /// Quotes.
    pub quotes: bool,
    /// Posts can be changed.
    pub edit: bool,
    /// Posts can be taken down.
    pub delete: bool,
    /// Others can be answered.
    pub reply: bool,
    /// Answers and mentions can be read.
    pub inbox: bool,
    /// What is counted for a post.
    pub counts: Vec<Count>,
    /// Counts grow by themselves with the age of a post, the same way each time.
    pub counts_grow: bool,
    /// The number of followers is told.
    pub followers: bool,
    /// The number of followers; null: it grows by itself.
    pub follower_count: Option<u64>,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            settles: Settles::NativeKey,
            text_limit: Some(500),
            unit: Unit::Graphemes,
            text_limit_bytes: None,
            link_length: None,
            images: 4,
            image_bytes: 8_000_000,
            alt_limit: Some(1500),
            media_required: false,
            slow_media_ms: 0,
            polls: true,
            threads: true,
            first_comment: true,
            content_warning: true,
            quotes: true,
            edit: true,
            delete: true,
            reply: true,
            inbox: true,
            counts: vec![Count::Reactions, Count::Comments, Count::Shares, Count::Views],
            counts_grow: true,
            followers: true,
            follower_count: None,
        }
    }
}

impl Behaviour {
    /// The rules of words.
    pub fn text_rules(&self) -> TextRules {
        TextRules {
            limit: self.text_limit,
            unit: self.unit,
            limit_bytes: self.text_limit_bytes,
            link_length: self.link_length,
            mention_counts_local_part: false,
            warning_counts: self.content_warning,
        }
    }

    /// The rules of polls.
    pub fn poll_rules(&self) -> Option<PollRules> {
        self.polls.then_some(PollRules {
            min_options: 2,
            max_options: 4,
            option_limit: 50,
            min_open_s: 300,
            max_open_s: 30 * 86_400,
            multiple: true,
            excludes_media: true,
        })
    }

    /// All of it as the statement that composer, checks and inbox read.
    pub fn capabilities(&self) -> Capabilities {
        Capabilities {
            text: self.text_rules(),
            images: ImageRules {
                max: self.images,
                types: PICTURE_TYPES.map(ToOwned::to_owned).to_vec(),
                max_bytes: self.image_bytes,
                max_pixels: None,
                max_side_px: Some(4096),
                alt_limit: self.alt_limit,
                focus: true,
            },
            poll: self.poll_rules(),
            media_required: self.media_required,
            threads: self.threads,
            first_comment: self.first_comment,
            content_warning: self.content_warning,
            languages: 1,
            visibilities: vec![Visibility::Public, Visibility::Unlisted, Visibility::Followers, Visibility::Direct],
            replies: vec![Replies::Everyone],
            link_card: false,
            quotes: self.quotes,
            edit: self.edit,
            delete: self.delete,
            reply: self.reply,
            inbox: self.inbox,
            counts: self.counts.clone(),
            followers: self.followers,
            by_hand: false,
            settles: vec![self.settles],
        }
    }
}

/// What is sent to make or change a post.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// Its words.
    pub text: String,
    /// Its pictures, uploaded before.
    pub media: Vec<DraftMedia>,
    /// Its poll.
    pub poll: Option<Poll>,
    /// Shown before the rest is.
    pub content_warning: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// Who can see it.
    pub visibility: Visibility,
    /// The id of the post it answers.
    pub in_reply_to: Option<String>,
    /// The address of a post it quotes.
    pub quote_url: Option<String>,
}

/// A picture of a draft.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DraftMedia {
    /// The id its upload was given.
    pub id: String,
    /// Its description.
    pub alt: String,
    /// What matters in it.
    pub focus: Option<(f32, f32)>,
}

/// An account as everyone sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Its id.
    pub id: String,
    /// As it was typed.
    pub name: String,
    /// `@ada`.
    pub handle: String,
    /// The digest of its picture, at `/media/{digest}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
}

/// The account itself, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Me {
    /// Who.
    #[serde(flatten)]
    pub person: Person,
    /// How it behaves.
    pub behaviour: Behaviour,
    /// How many follow it, where it tells.
    pub followers: Option<u64>,
    /// How many posts it has made.
    pub posts: u64,
    /// A new token; only where one was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

/// An uploaded picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    /// Its id.
    pub id: String,
    /// Until when it cannot be used yet; null: it can be used.
    pub busy_until: Option<At>,
}

/// A container: a post that is ready and not yet out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Container {
    /// Its id.
    pub id: String,
    /// The post it became.
    pub post: Option<Post>,
}

/// A post as everyone sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Post {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub author: Person,
    /// Its words.
    pub text: String,
    /// Its pictures.
    pub media: Vec<PostMedia>,
    /// Its poll.
    pub poll: Option<Poll>,
    /// Shown before the rest is.
    pub content_warning: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// Who can see it.
    pub visibility: Visibility,
    /// The id of the post it answers.
    pub in_reply_to: Option<String>,
    /// The id of the first post of its thread, where it answers one.
    pub thread_root: Option<String>,
    /// The address of a post it quotes.
    pub quote_url: Option<String>,
    /// When it was made.
    pub created_at: At,
    /// When it was last changed.
    pub edited_at: Option<At>,
    /// What it was counted.
    pub counts: Counts,
}

/// A picture of a post. Its bytes are at `/media/{digest}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PostMedia {
    /// SHA-256 of its bytes, in hex.
    pub digest: String,
    /// `image/jpeg`.
    pub mime: String,
    /// Its size.
    pub size_bytes: u64,
    /// Its description.
    pub alt: String,
    /// What matters in it.
    pub focus: Option<(f32, f32)>,
}

/// A page of posts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Posts {
    /// Newest first.
    pub posts: Vec<Post>,
    /// Where to go on, where there are more.
    pub before: Option<String>,
}

/// Something for the inbox.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Why it came.
    pub kind: MessageKind,
    /// The post.
    pub post: Post,
}

/// A page of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Messages {
    /// Oldest first.
    pub messages: Vec<Message>,
    /// Where to go on.
    pub after: Option<String>,
    /// There is more at once.
    pub more: bool,
}

/// What is sent to a webhook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// `comment.created`.
    #[serde(rename = "type")]
    pub kind: String,
    /// When it happened, RFC 3339.
    pub timestamp: String,
    /// What.
    pub data: Message,
}

/// Something that arrived to make, change or take down a post, whatever became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Arrival {
    /// When.
    pub at: At,
    /// `create`, `container`, `publish`, `edit`, `delete`.
    pub step: String,
    /// Its Idempotency-Key.
    pub key: Option<String>,
    /// Its words.
    pub text: String,
    /// The digests of its pictures.
    pub media: Vec<String>,
    /// The id of the post it answers.
    pub in_reply_to: Option<String>,
    /// What the service did: `done`, `repeated` (and made nothing), or `refused`.
    pub outcome: Outcome,
    /// The post it made, changed or took down.
    pub post: Option<String>,
}

/// What the service did with an arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It did it.
    Done,
    /// It had done it before, and made nothing.
    Repeated,
    /// It did nothing.
    Refused,
}

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// In words.
    pub error: String,
}
