//! How a period went, compared with the one before it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::base::clock::At;
use crate::base::zone;
use crate::channels::{self, ChannelId};
use crate::networks::{AccountCounts, Counts};
use crate::people::{Action, Actor, Refusal, WorkspaceId};
use crate::posts::{PostId, PublicationState};
use crate::publish::{self, Publication};
use crate::schedule::calendar;
use crate::store::StoreError;

use super::engagement;
use super::series::{ChannelMonth, Series, Snapshot, month_and_day};

/// How many posts of one period are looked at.
const POSTS_MAX: usize = 2_000;

/// A figure of a period and of the one before it. `None`: not given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Compared {
    /// In the period.
    pub now: Option<u64>,
    /// In the one before.
    pub before: Option<u64>,
}

impl Compared {
    /// By how many per cent it grew; `None` where one of the two is not given or the earlier is zero.
    pub fn growth_percent(&self) -> Option<i64> {
        let (now, before) = (i64::try_from(self.now?).ok()?, i64::try_from(self.before?).ok()?);
        now.checked_sub(before)?.checked_mul(100)?.checked_div(before)
    }
}

/// How a period went.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overview {
    /// Posts that went out.
    pub posts: Compared,
    /// Reactions, comments, shares, saves and clicks of them.
    pub engagement: Compared,
    /// Views as the networks say.
    pub views: Compared,
    /// Followers of all channels that tell, at the end of each period.
    pub followers: Compared,
    /// Engagement of what went out on each day of the period, by day from its first.
    pub days: Vec<(At, Option<u64>)>,
    /// The same for the days as long before, one for each of [`Overview::days`].
    pub days_before: Vec<Option<u64>>,
    /// The posts of the period with their newest figures, in order of time.
    pub list: Vec<PostFigures>,
    /// The same of the one before.
    pub list_before: Vec<PostFigures>,
}

/// A post and its figures.
#[derive(Clone, Debug, PartialEq)]
pub struct PostFigures {
    /// Which.
    pub post: PostId,
    /// How it begins.
    pub excerpt: String,
    /// When it went out.
    pub at: At,
    /// Where.
    pub channels: Vec<ChannelId>,
    /// All its publications together.
    pub counts: Counts,
}

/// How the days (`starts` of each, and the end of the last) went, compared with as long a time before.
pub async fn overview(app: &App, actor: &Actor, days: &[(At, At)]) -> Result<Overview, Refusal> {
    actor.may(Action::SeeFigures)?;
    let (Some((from, _)), Some((_, to))) = (days.first().copied(), days.last().copied()) else {
        return Ok(Overview::default());
    };
    let whole = to.since(from);
    let before_from = from.minus(whole);
    let now = list(app, actor.workspace, from, to).await?;
    let before = list(app, actor.workspace, before_from, from).await?;
    let total = |posts: &[PostFigures], pick: &dyn Fn(&Counts) -> Option<u64>| {
        posts.iter().filter_map(|post| pick(&post.counts)).reduce(u64::saturating_add)
    };
    let count = |posts: &[PostFigures]| u64::try_from(posts.len()).ok();
    let of_day = |posts: &[PostFigures], start: At, end: At| {
        let on_day = posts.iter().filter(|post| start <= post.at && post.at < end);
        on_day.filter_map(|post| engagement(&post.counts)).reduce(u64::saturating_add)
    };
    Ok(Overview {
        posts: Compared { now: count(&now), before: count(&before) },
        engagement: Compared { now: total(&now, &engagement), before: total(&before, &engagement) },
        views: Compared { now: total(&now, &|counts| counts.views), before: total(&before, &|counts| counts.views) },
        followers: Compared {
            now: followers(app, actor.workspace, to).await?,
            before: followers(app, actor.workspace, from).await?,
        },
        days: days.iter().map(|(start, end)| (*start, of_day(&now, *start, *end))).collect(),
        days_before: days.iter().map(|(start, end)| of_day(&before, start.minus(whole), end.minus(whole))).collect(),
        list: now,
        list_before: before,
    })
}

/// The posts that went out in a period with their newest figures, in order of time.
pub async fn posts(app: &App, actor: &Actor, from: At, to: At) -> Result<Vec<PostFigures>, Refusal> {
    actor.may(Action::SeeFigures)?;
    Ok(list(app, actor.workspace, from, to).await?)
}

/// The snapshots of each publication of a post, by channel.
pub async fn of_post(app: &App, actor: &Actor, post: PostId) -> Result<BTreeMap<ChannelId, Vec<Snapshot>>, Refusal> {
    actor.may(Action::SeeFigures)?;
    let mut found = BTreeMap::new();
    for publication in publish::list_for_post(app, actor.workspace, post).await? {
        if let Some(series) = app.store.find::<Series>(&(actor.workspace, publication.id)).await? {
            found.insert(publication.channel, series.row.snapshots);
        }
    }
    Ok(found)
}

/// What was counted of a channel on each day from the first to the last, where anything was. Days are those of UTC.
pub async fn of_channel(
    app: &App,
    actor: &Actor,
    channel: ChannelId,
    (first, last): (Date, Date),
) -> Result<Vec<(Date, AccountCounts)>, Refusal> {
    actor.may(Action::SeeFigures)?;
    let mut found = Vec::new();
    let mut month = first.first_of_month();
    while month <= last {
        let number = month_and_day(midnight(month)).0;
        let known = app.store.find::<ChannelMonth>(&(actor.workspace, channel, number)).await?;
        let days = known.as_ref().map(|known| known.days.iter()).into_iter().flatten();
        let dated = days.filter_map(|(day, counts)| {
            let date = Date::new(month.year(), month.month(), i8::try_from(*day).ok()?).ok()?;
            Some((date, *counts))
        });
        found.extend(dated.filter(|(date, _counts)| first <= *date && *date <= last));
        let Ok(next) = month.last_of_month().tomorrow() else { break };
        month = next;
    }
    Ok(found)
}

fn midnight(date: Date) -> At {
    zone::day(date, "UTC").0
}

async fn list(app: &App, workspace: WorkspaceId, from: At, to: At) -> Result<Vec<PostFigures>, StoreError> {
    let mut figures = Vec::new();
    for entry in calendar::between(app, workspace, from, to, POSTS_MAX).await? {
        if !matches!(entry.state, PublicationState::Published | PublicationState::PartlyOut) {
            continue;
        }
        let mut counts = Counts::default();
        for channel in &entry.channels {
            let publication = Publication::id_for(entry.post, *channel);
            let series = app.store.find::<Series>(&(workspace, publication)).await?;
            if let Some(newest) = series.as_ref().and_then(|series| series.newest()) {
                add(&mut counts, newest);
            }
        }
        figures.push(PostFigures {
            post: entry.post,
            excerpt: entry.excerpt,
            at: entry.due_at,
            channels: entry.channels,
            counts,
        });
    }
    Ok(figures)
}

/// Adds what is given; what neither gives stays not given.
fn add(sum: &mut Counts, more: &Counts) {
    let both = |left: &mut Option<u64>, right: Option<u64>| {
        *left = match (*left, right) {
            (Some(left), Some(right)) => Some(left.saturating_add(right)),
            (left, right) => left.or(right),
        };
    };
    both(&mut sum.reactions, more.reactions);
    both(&mut sum.comments, more.comments);
    both(&mut sum.shares, more.shares);
    both(&mut sum.quotes, more.quotes);
    both(&mut sum.saves, more.saves);
    both(&mut sum.clicks, more.clicks);
    both(&mut sum.views, more.views);
    both(&mut sum.impressions, more.impressions);
    both(&mut sum.reach, more.reach);
}

/// The followers of all channels that tell, as last counted up to an instant (of its month or the one before).
async fn followers(app: &App, workspace: WorkspaceId, at: At) -> Result<Option<u64>, StoreError> {
    let (month, day) = month_and_day(at);
    let mut sum: Option<u64> = None;
    for channel in channels::list(app, workspace).await? {
        let mut last = None;
        for (month, until) in [(month.saturating_sub(1), 31), (month, day)] {
            if let Some(known) = app.store.find::<ChannelMonth>(&(workspace, channel.id, month)).await? {
                last = known.days.range(..=until).rev().find_map(|(_, counts)| counts.followers).or(last);
            }
        }
        sum = match (sum, last) {
            (Some(sum), Some(last)) => Some(sum.saturating_add(last)),
            (sum, last) => sum.or(last),
        };
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_needs_two_figures_and_something_to_grow_from() {
        let growth = |now, before| Compared { now, before }.growth_percent();
        assert_eq!(growth(Some(112), Some(100)), Some(12));
        assert_eq!(growth(Some(50), Some(100)), Some(-50));
        assert_eq!(growth(Some(5), Some(0)), None);
        assert_eq!(growth(None, Some(4)), None);
    }

    #[test]
    fn what_is_not_given_does_not_become_zero() {
        let mut sum = Counts::default();
        add(&mut sum, &Counts { reactions: Some(2), ..Counts::default() });
        add(&mut sum, &Counts { reactions: Some(3), comments: Some(0), ..Counts::default() });
        assert_eq!((sum.reactions, sum.comments, sum.views), (Some(5), Some(0), None));
    }
}
