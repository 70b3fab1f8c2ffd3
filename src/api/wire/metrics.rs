//! Figures. Null is “the network does not tell”, and never zero.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Id, Time};
use crate::base::clock::At;
use crate::channels::ChannelId;
use crate::metrics::{self, Compared, engagement};
use crate::networks::{AccountCounts, Counts};
use crate::posts::PostId;

/// How a period went, beside as many days before it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Overview {
    /// Posts that went out.
    posts: Compared,
    /// Reactions, comments, shares, quotes, saves and clicks of them.
    engagement: Compared,
    /// Views, as the networks say.
    views: Compared,
    /// Followers of all channels that tell, at the end of each period.
    followers: Compared,
    /// Each day of the period.
    days: Vec<Day>,
}

/// One day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Day {
    /// When it began.
    from: Time,
    /// Engagement of what went out on it.
    engagement: Option<u64>,
    /// The same for the day as long before.
    before: Option<u64>,
}

/// A post and its figures.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PostFigures {
    #[schema(value_type = Id)]
    post: PostId,
    /// How it begins.
    excerpt: String,
    /// When it went out.
    at: Time,
    #[schema(value_type = Vec<Id>)]
    channels: Vec<ChannelId>,
    /// All its channels together, as last counted.
    counts: Counts,
    engagement: Option<u64>,
}

/// The figures of a post on one channel over time.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Series {
    #[schema(value_type = Id)]
    channel: ChannelId,
    /// The oldest first.
    snapshots: Vec<Snapshot>,
}

/// What was counted at one moment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Snapshot {
    at: Time,
    counts: Counts,
}

/// What was counted of a channel on one day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChannelDay {
    /// Which day, in UTC: `2026-11-22`.
    #[schema(format = Date)]
    on: String,
    counts: AccountCounts,
}

impl From<metrics::Overview> for Overview {
    fn from(overview: metrics::Overview) -> Self {
        let days = overview.days.into_iter().zip(overview.days_before);
        let day = |((from, engagement), before): ((At, Option<u64>), Option<u64>)| Day {
            from: from.into(),
            engagement,
            before,
        };
        Self {
            posts: overview.posts,
            engagement: overview.engagement,
            views: overview.views,
            followers: overview.followers,
            days: days.map(day).collect(),
        }
    }
}

impl From<metrics::PostFigures> for PostFigures {
    fn from(figures: metrics::PostFigures) -> Self {
        Self {
            post: figures.post,
            excerpt: figures.excerpt,
            at: figures.at.into(),
            channels: figures.channels,
            counts: figures.counts,
            engagement: engagement(&figures.counts),
        }
    }
}

impl Series {
    /// As it is told.
    pub(crate) fn of(channel: ChannelId, snapshots: &[metrics::Snapshot]) -> Self {
        let snapshot = |snapshot: &metrics::Snapshot| Snapshot { at: snapshot.at.into(), counts: snapshot.counts };
        Self { channel, snapshots: snapshots.iter().map(snapshot).collect() }
    }
}

impl From<(jiff::civil::Date, AccountCounts)> for ChannelDay {
    fn from((date, counts): (jiff::civil::Date, AccountCounts)) -> Self {
        Self { on: date.to_string(), counts }
    }
}
