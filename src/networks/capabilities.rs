//! The capability statement: what a network can do and within which limits, as data.
//!
//! Composer, checks, inbox, analytics and the manual read this one statement; nothing else knows a network's limits.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::job::{Replies, Visibility};

/// What a network can do, for one account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "a statement of what a network can do is a list of yes and no")]
pub struct Capabilities {
    /// Words.
    pub text: TextRules,
    /// Pictures.
    pub images: ImageRules,
    /// Polls, where it has them.
    pub poll: Option<PollRules>,
    /// Something must be said or shown: text alone is refused (false: text alone is fine).
    pub media_required: bool,
    /// Several posts in a chain.
    pub threads: bool,
    /// A comment of one's own below the post.
    pub first_comment: bool,
    /// A warning shown before the rest.
    pub content_warning: bool,
    /// How many languages one post may name; 0: none.
    pub languages: u32,
    /// The visibilities it knows, widest first.
    pub visibilities: Vec<Visibility>,
    /// Who may answer, as far as it can be said.
    pub replies: Vec<Replies>,
    /// A link gets a card that the connector makes itself.
    pub link_card: bool,
    /// Posts of others can be quoted.
    pub quotes: bool,
    /// What is out can be changed.
    pub edit: bool,
    /// What is out can be taken down.
    pub delete: bool,
    /// Messages can be answered.
    pub reply: bool,
    /// Replies and mentions can be read.
    pub inbox: bool,
    /// The counts it gives for a post.
    pub counts: Vec<Count>,
    /// It gives the number of followers.
    pub followers: bool,
    /// A person publishes it with their own hands.
    pub by_hand: bool,
    /// How a lost answer is settled, strongest first.
    pub settles: Vec<Settles>,
}

/// What a length is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// What a person calls a character.
    Graphemes,
    /// Unicode code points.
    CodePoints,
    /// UTF-16 code units.
    Utf16,
    /// UTF-8 bytes.
    Bytes,
}

impl Unit {
    /// The key of its words, with a `count`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Graphemes => "unit-graphemes",
            Self::CodePoints => "unit-code-points",
            Self::Utf16 => "unit-utf16",
            Self::Bytes => "unit-bytes",
        }
    }
}

/// The limits of words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TextRules {
    /// At most so many units; `None`: no limit is known.
    pub limit: Option<u32>,
    /// What they are.
    pub unit: Unit,
    /// A second limit, in UTF-8 bytes.
    pub limit_bytes: Option<u32>,
    /// A link counts as so many, whatever its length.
    pub link_length: Option<u32>,
    /// Of `@ben@example.social` only `@ben` counts.
    pub mention_counts_local_part: bool,
    /// The content warning counts too.
    pub warning_counts: bool,
}

/// The limits of pictures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ImageRules {
    /// At most so many; 0: none.
    pub max: u32,
    /// The types it takes.
    pub types: Vec<String>,
    /// At most so large.
    pub max_bytes: u64,
    /// At most so many pixels, width × height.
    pub max_pixels: Option<u64>,
    /// The longer side, at most.
    pub max_side_px: Option<u32>,
    /// At most so many characters of description; `None`: none can be given.
    pub alt_limit: Option<u32>,
    /// It can be told what matters in a picture.
    pub focus: bool,
}

/// The limits of polls.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PollRules {
    /// At least so many answers.
    pub min_options: u32,
    /// At most so many.
    pub max_options: u32,
    /// Each at most so long.
    pub option_limit: u32,
    /// Open at least so long.
    pub min_open_s: u64,
    /// Open at most so long.
    pub max_open_s: u64,
    /// More than one answer may be allowed.
    pub multiple: bool,
    /// A poll and pictures exclude each other.
    pub excludes_media: bool,
}

/// Something that is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Count {
    /// Likes and the like.
    Reactions,
    /// Replies.
    Comments,
    /// Boosts and the like.
    Shares,
    /// Quotes.
    Quotes,
    /// Bookmarks.
    Saves,
    /// Clicks.
    Clicks,
    /// As the network says.
    Views,
    /// Displays.
    Impressions,
    /// People.
    Reach,
}

/// A way in which a lost answer is settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Settles {
    /// The network makes the same request once only.
    NativeKey,
    /// A known id of an earlier step says what became of it.
    KnownId,
    /// The account's newest posts are looked through.
    LookUp,
    /// It gives no way; a person is asked.
    AskPerson,
}
