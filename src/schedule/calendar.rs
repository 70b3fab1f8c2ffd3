//! One small row per post on the calendar: what a cell or a line shows, keyed by when.
//!
//! A month is one scan over these rows; posts are not read for it. The row changes in the same commit as what it shows.

use std::time::Duration;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::base::clock::At;
use crate::base::text::excerpt;
use crate::base::zone;
use crate::channels::ChannelId;
use crate::media::AssetId;
use crate::people::{PersonId, WorkspaceId};
use crate::posts::PublicationState;
use crate::posts::{Post, PostId};
use crate::store::{
    Change, Record, Scan, StoreError, Stored,
    schema::{self, CollectionId},
};

/// How much of a post's text a line shows.
const EXCERPT_GRAPHEMES: usize = 80;
/// How many posts one day may show before the rest is only counted.
pub const DAY_MAX: usize = 200;
/// Where counting the posts of a day ends.
pub const COUNT_MAX: usize = 100;
/// How far [`next_out`] and [`is_used`] look for what they want.
const LOOK_MAX: usize = 60;
/// What is due is on its way within this.
const UNDER_WAY: Duration = Duration::from_mins(15);

/// A post on the calendar.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CalendarEntry {
    /// Whose.
    pub workspace: WorkspaceId,
    /// When it is due, or was.
    pub due_at: At,
    /// Which post.
    pub post: PostId,
    /// How its text begins.
    pub excerpt: String,
    /// The sum of its publications.
    pub state: PublicationState,
    /// Where it goes.
    pub channels: Vec<ChannelId>,
    /// Its first picture.
    pub thumb: Option<AssetId>,
    /// Who wrote it.
    pub author: PersonId,
    /// It was out before its channel was connected here.
    #[serde(default)]
    pub imported: bool,
}

/// One day as a cell of a month shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Which day.
    pub date: Date,
    /// Its first posts.
    pub first: Vec<CalendarEntry>,
    /// How many it has in all; counted up to [`COUNT_MAX`].
    pub count: usize,
}

impl Record for CalendarEntry {
    const COLLECTION: CollectionId = schema::CALENDAR;
    type Key = (WorkspaceId, At, PostId);

    fn key(&self) -> Self::Key {
        (self.workspace, self.due_at, self.post)
    }
}

impl CalendarEntry {
    /// What the calendar shows of a planned post.
    pub fn of(post: &Post, due_at: At, state: PublicationState) -> Self {
        Self {
            workspace: post.workspace,
            due_at,
            post: post.id,
            excerpt: excerpt(&post.content.text, EXCERPT_GRAPHEMES),
            state,
            channels: post.content.channels.clone(),
            thumb: post.content.media.first().map(|media| media.asset),
            author: post.author,
            imported: false,
        }
    }
}

/// The entry of a post that is on the calendar.
pub async fn find(app: &App, post: &Post) -> Result<Option<Stored<CalendarEntry>>, StoreError> {
    let Some(plan) = &post.plan else { return Ok(None) };
    app.store.find::<CalendarEntry>(&(post.workspace, plan.due_at, post.id)).await
}

/// Shows a new state of a post, in the commit that changes it.
pub async fn set_state(app: &App, change: &mut Change, post: &Post, state: PublicationState) -> Result<(), StoreError> {
    if let Some(entry) = find(app, post).await?
        && entry.state != state
    {
        change.update(&entry, &CalendarEntry { state, ..entry.row.clone() });
    }
    Ok(())
}

/// Makes the calendar show `after` where it showed `before`, in the commit that changes the post.
pub async fn set_post(
    app: &App,
    change: &mut Change,
    before: &Post,
    after: &Post,
    state: PublicationState,
) -> Result<(), StoreError> {
    let old = find(app, before).await?;
    let new = after.plan.as_ref().map(|plan| CalendarEntry::of(after, plan.due_at, state));
    match (old, new) {
        (Some(old), Some(new)) if old.due_at == new.due_at => {
            change.update(&old, &new);
        }
        (old, new) => {
            if let Some(old) = old {
                change.remove(&old);
            }
            if let Some(new) = new {
                change.insert(&new);
            }
        }
    }
    Ok(())
}

/// The days from `first` to before `end` in a zone, each with its posts in order of time; at most [`DAY_MAX`] a day.
pub async fn days(
    app: &App,
    workspace: WorkspaceId,
    first: Date,
    end: Date,
    zone_name: &str,
) -> Result<Vec<(Date, Vec<CalendarEntry>)>, StoreError> {
    let mut days = Vec::new();
    let mut date = first;
    while date < end && days.len() < 400 {
        let (from, to) = zone::day(date, zone_name);
        days.push((date, between(app, workspace, from, to, DAY_MAX).await?));
        let Ok(tomorrow) = date.tomorrow() else { break };
        date = tomorrow;
    }
    Ok(days)
}

/// The posts from `from` to before `to`, in order of time.
pub async fn between(
    app: &App,
    workspace: WorkspaceId,
    from: At,
    to: At,
    most: usize,
) -> Result<Vec<CalendarEntry>, StoreError> {
    let rows = app.store.list::<CalendarEntry>(Scan::between((workspace, from), (workspace, to)).limit(most)).await?;
    Ok(rows.into_iter().map(|stored| stored.row).collect())
}

/// Where a list of the calendar goes on: when the last entry was due, and its post.
pub type After = (At, PostId);

/// A part of what is on the calendar from `from` to before `to`, the newest or the oldest first, going on after an entry.
pub async fn page(
    app: &App,
    workspace: WorkspaceId,
    (from, to): (At, At),
    newest_first: bool,
    after: Option<After>,
    most: usize,
) -> Result<Vec<CalendarEntry>, StoreError> {
    let after = after.map(|(at, post)| (workspace, at, post));
    let scan = Scan::between((workspace, from), (workspace, to)).after_if(after.as_ref()).limit(most);
    let scan = if newest_first { scan.backward() } else { scan };
    let rows = app.store.list::<CalendarEntry>(scan).await?;
    Ok(rows.into_iter().map(|stored| stored.row).collect())
}

/// The days from `first` to before `end` as cells of a month: of each at most `each` posts are read, the rest is counted
/// by key. With `only`, the posts of one channel; then every post of the days is read.
pub async fn cells(
    app: &App,
    workspace: WorkspaceId,
    (first, end): (Date, Date),
    zone_name: &str,
    each: usize,
    only: Option<ChannelId>,
) -> Result<Vec<Cell>, StoreError> {
    let mut cells = Vec::with_capacity(42);
    let mut date = first;
    while date < end && cells.len() < 42 {
        let (from, to) = zone::day(date, zone_name);
        cells.push(match only {
            None => cell(app, workspace, (from, to), date, each).await?,
            Some(channel) => {
                let mut first = between(app, workspace, from, to, DAY_MAX).await?;
                first.retain(|entry| entry.channels.contains(&channel));
                let count = first.len().min(COUNT_MAX);
                first.truncate(each);
                Cell { date, first, count }
            }
        });
        let Ok(tomorrow) = date.tomorrow() else { break };
        date = tomorrow;
    }
    Ok(cells)
}

async fn cell(
    app: &App,
    workspace: WorkspaceId,
    (from, to): (At, At),
    date: Date,
    each: usize,
) -> Result<Cell, StoreError> {
    let mut first = between(app, workspace, from, to, each.saturating_add(1)).await?;
    let count = if each < first.len() {
        let scan = Scan::between((workspace, from), (workspace, to)).limit(COUNT_MAX);
        app.store.count::<CalendarEntry>(scan).await?
    } else {
        first.len()
    };
    first.truncate(each);
    Ok(Cell { date, first, count })
}

/// What goes out next, the first in front: planned, or on its way since a moment.
pub async fn next_out(
    app: &App,
    workspace: WorkspaceId,
    now: At,
    most: usize,
) -> Result<Vec<CalendarEntry>, StoreError> {
    let end = At::from_millis(i64::MAX);
    let mut entries = between(app, workspace, now.minus(UNDER_WAY), end, LOOK_MAX).await?;
    entries.retain(|entry| matches!(entry.state, PublicationState::Planned | PublicationState::Sending));
    entries.truncate(most);
    Ok(entries)
}

/// Whether anything was ever planned here, among the newest on the calendar; what was brought in does not count.
pub async fn is_used(app: &App, workspace: WorkspaceId) -> Result<bool, StoreError> {
    let rows = app.store.list::<CalendarEntry>(Scan::under((workspace,)).backward().limit(LOOK_MAX)).await?;
    Ok(rows.iter().any(|entry| !entry.imported))
}
