//! Posts: what they say, when they go out, what stands in their way.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Id, Time};
use crate::channels::ChannelId;
use crate::media::AssetId;
use crate::networks::job::Replies;
use crate::networks::{Poll, Visibility};
use crate::people::PersonId;
use crate::posts::checks::{Checked, Fix, Kind, Measured, Note, Severity};
use crate::posts::{self, PostId, Stage};
use crate::words::Words;

/// A post.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Post {
    #[schema(value_type = Id)]
    id: PostId,
    stage: Stage,
    /// Counts the changes. A change names the edition it was made from.
    #[schema(value_type = u64)]
    edition: u32,
    #[schema(value_type = Id)]
    author: PersonId,
    created_at: Time,
    saved_at: Time,
    #[schema(value_type = Id)]
    saved_by: PersonId,
    content: Content,
    /// When it goes out, or went.
    plan: Option<Plan>,
}

/// When a post goes out: the truth is the local time and its zone.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Plan {
    /// What the clock on the wall shows: `2026-12-01T09:00:00`.
    local: String,
    /// Where the wall is: `Europe/London`.
    zone: String,
    /// The instant that follows.
    due_at: Time,
}

/// What a post says.
#[expect(clippy::struct_field_names, reason = "a content warning is called so")]
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Content {
    /// The base text. A line of three dashes begins the next part of a thread.
    text: String,
    /// Pictures, in order.
    media: Vec<MediaUse>,
    /// Where it goes.
    #[schema(value_type = Vec<Id>)]
    channels: Vec<ChannelId>,
    /// Where it differs, by the channel's id.
    #[schema(value_type = BTreeMap<String, Variant>)]
    variants: BTreeMap<ChannelId, Variant>,
    /// Shown before the rest.
    content_warning: Option<String>,
    /// BCP 47.
    language: Option<String>,
    /// Who can see it.
    visibility: Visibility,
    /// A poll.
    poll: Option<Poll>,
    /// Who may answer.
    replies: Replies,
    /// A comment of our own below it, where the network has that.
    first_comment: Option<String>,
}

/// A picture in a post.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MediaUse {
    #[schema(value_type = Id)]
    asset: AssetId,
    /// Its description in this post; null: the picture's own.
    #[serde(default)]
    alt: Option<String>,
}

/// What a post says on one channel where that differs; null is the same as on the others.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Variant {
    /// One text, or the parts of a thread.
    parts: Option<Vec<String>>,
    /// Pictures.
    media: Option<Vec<MediaUse>>,
    /// The first comment; an empty text is none here.
    first_comment: Option<String>,
    /// Who can see it.
    visibility: Option<Visibility>,
}

/// A new post.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPost {
    pub(crate) content: Content,
    /// When it shall go out: `now`, a local time in the workspace's zone (`2026-12-01T09:00`), or an instant
    /// (`2026-12-01T09:00:00Z`). Null: it is kept as a draft.
    #[serde(default)]
    pub(crate) at: Option<String>,
}

/// What a post shall say instead.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PostChange {
    /// All of it.
    pub(crate) content: Content,
    /// The edition it was made from.
    #[schema(value_type = u64)]
    pub(crate) edition: u32,
}

/// When a post shall go out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Planning {
    /// `now`, a local time in the workspace's zone (`2026-12-01T09:00`), or an instant (`2026-12-01T09:00:00Z`).
    pub(crate) at: String,
    /// The edition that shall go out.
    #[schema(value_type = u64)]
    pub(crate) edition: u32,
}

impl From<posts::Post> for Post {
    fn from(post: posts::Post) -> Self {
        let plan =
            post.plan.map(|plan| Plan { local: plan.local.to_string(), zone: plan.zone, due_at: plan.due_at.into() });
        Self {
            id: post.id,
            stage: post.stage,
            edition: post.edition,
            author: post.author,
            created_at: post.created_at.into(),
            saved_at: post.saved_at.into(),
            saved_by: post.saved_by,
            content: post.content.into(),
            plan,
        }
    }
}

impl From<posts::Content> for Content {
    fn from(content: posts::Content) -> Self {
        Self {
            text: content.text,
            media: content.media.into_iter().map(MediaUse::from).collect(),
            channels: content.channels,
            variants: content.variants.into_iter().map(|(channel, variant)| (channel, variant.into())).collect(),
            content_warning: content.content_warning,
            language: content.language,
            visibility: content.visibility,
            poll: content.poll,
            replies: content.replies,
            first_comment: content.first_comment,
        }
    }
}

impl Content {
    /// This text on these channels.
    pub(crate) fn of(text: String, channels: Vec<ChannelId>, media: Vec<AssetId>) -> Self {
        let media = media.into_iter().map(|asset| MediaUse { asset, alt: None }).collect();
        Self { text, media, channels, ..Self::default() }
    }

    /// As posts keep it: lines end as in forms, an empty text is none, a channel is named once.
    pub(crate) fn into_content(self) -> posts::Content {
        let some = |text: Option<String>| text.map(|text| plain(&text)).filter(|text| !text.trim().is_empty());
        let mut seen = BTreeSet::new();
        posts::Content {
            text: plain(&self.text),
            media: self.media.into_iter().map(MediaUse::into_use).collect(),
            channels: self.channels.into_iter().filter(|channel| seen.insert(*channel)).collect(),
            variants: self.variants.into_iter().map(|(channel, variant)| (channel, variant.into_variant())).collect(),
            content_warning: some(self.content_warning),
            language: some(self.language),
            visibility: self.visibility,
            poll: self.poll,
            replies: self.replies,
            first_comment: some(self.first_comment),
        }
    }
}

impl From<posts::MediaUse> for MediaUse {
    fn from(used: posts::MediaUse) -> Self {
        Self { asset: used.asset, alt: used.alt }
    }
}

impl MediaUse {
    fn into_use(self) -> posts::MediaUse {
        posts::MediaUse { asset: self.asset, alt: self.alt.map(|alt| plain(&alt)) }
    }
}

impl From<posts::Variant> for Variant {
    fn from(variant: posts::Variant) -> Self {
        Self {
            parts: variant.parts,
            media: variant.media.map(|media| media.into_iter().map(MediaUse::from).collect()),
            first_comment: variant.first_comment,
            visibility: variant.visibility,
        }
    }
}

impl Variant {
    fn into_variant(self) -> posts::Variant {
        posts::Variant {
            parts: self.parts.map(|parts| parts.iter().map(|part| plain(part)).collect()),
            media: self.media.map(|media| media.into_iter().map(MediaUse::into_use).collect()),
            first_comment: self.first_comment.map(|comment| plain(&comment)),
            visibility: self.visibility,
        }
    }
}

fn plain(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// What stands in the way of a post, channel by channel.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Checks {
    /// Each channel it goes to and that is still connected.
    pub(crate) channels: Vec<ChannelChecks>,
}

/// What stands in the way of a post on one channel.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChannelChecks {
    #[schema(value_type = Id)]
    channel: ChannelId,
    /// Nothing stands in the way.
    valid: bool,
    /// How long each part is to the network.
    parts: Vec<Measured>,
    /// What stands in the way, and what may surprise.
    problems: Vec<CheckProblem>,
    /// What Belfry changes by itself before sending.
    notes: Vec<Note>,
}

/// Something that stands in the way, or may surprise.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CheckProblem {
    kind: Kind,
    severity: Severity,
    /// Where: `parts.0.text`, `parts.0.media.2.alt`, `first_comment`.
    field: String,
    /// What would help.
    fix: Option<Fix>,
    /// In words.
    says: String,
}

impl ChannelChecks {
    /// As they are told.
    pub(crate) fn of(words: &Words, channel: ChannelId, checked: Checked) -> Self {
        let valid = checked.is_valid();
        let problem = |problem: &posts::checks::Problem| CheckProblem {
            kind: problem.kind,
            severity: problem.severity,
            field: problem.field.clone(),
            fix: problem.fix,
            says: words.render(&problem.message()),
        };
        let problems = checked.problems.iter().map(problem).collect();
        Self { channel, valid, parts: checked.parts, problems, notes: checked.notes }
    }
}
