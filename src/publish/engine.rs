//! The engine: takes what is due, one lane per channel, one after the other within a lane, many lanes at once.
//!
//! A publication in hand keeps its place in the list of what is due. If this process dies, the next one finds it there;
//! as long as it lives, the lanes in hand are known here and left alone. That memory is a hint only: what was claimed,
//! and by which boot, is in the row.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::app::App;
use crate::base::clock::At;
use crate::channels::ChannelId;
use crate::people::WorkspaceId;
use crate::store::{Change, Scan, StoreError, Stored};

use super::claim::{Claimed, claim};
use super::publication::{BootId, Publication, PublicationId, PublicationsByNext};
use super::state::DispatchState;
use super::steps::Run;
use super::{PublishError, save, settle};

/// How many due publications are looked at in one round.
const SCAN_MAX: usize = 4_000;
/// How many publications one lane takes before it lets the engine look again.
const LANE_MAX: usize = 100;
/// How many times in a row one publication is taken further (a thread has many parts).
const TURNS_MAX: usize = 64;

/// What is due on one channel.
#[derive(Clone, Debug)]
pub struct LaneWork {
    /// Whose.
    pub workspace: WorkspaceId,
    /// Which channel.
    pub channel: ChannelId,
    /// In the order in which they are due.
    pub publications: Vec<PublicationId>,
}

/// What is due, and when to look again.
#[derive(Clone, Debug, Default)]
pub struct Due {
    /// Lanes with work, those due first in front.
    pub lanes: Vec<LaneWork>,
    /// When the next publication that is not yet due will be.
    pub next_at: Option<At>,
}

/// What the running process knows of its lanes.
#[derive(Debug, Default)]
pub struct Lanes {
    /// In hand.
    pub busy: HashSet<ChannelId>,
    /// To be left alone until then.
    pub waiting: HashMap<ChannelId, At>,
}

/// What is due now on lanes that are free.
pub async fn due(app: &App, lanes: &Lanes) -> Result<Due, StoreError> {
    let now = app.clock.now();
    let mut found: BTreeMap<ChannelId, LaneWork> = BTreeMap::new();
    let mut order = Vec::new();
    let mut next_at: Option<At> = None;
    let mut soonest = |at: At| next_at = Some(next_at.map_or(at, |known| known.min(at)));
    for entry in app.store.list_index::<PublicationsByNext>(Scan::all().limit(SCAN_MAX)).await? {
        let ((at, workspace, id), channel) = (entry.key, entry.value);
        if now < at {
            soonest(at);
            break;
        }
        if lanes.busy.contains(&channel) {
            continue;
        }
        if let Some(until) = lanes.waiting.get(&channel).filter(|until| now < **until) {
            soonest(*until);
            continue;
        }
        let lane = found.entry(channel).or_insert_with(|| {
            order.push(channel);
            LaneWork { workspace, channel, publications: Vec::new() }
        });
        if lane.publications.len() < LANE_MAX {
            lane.publications.push(id);
        }
    }
    let lanes = order.into_iter().filter_map(|channel| found.remove(&channel)).collect();
    Ok(Due { lanes, next_at })
}

/// Works off a lane. Gives when it may go on, where it must wait.
pub async fn run_lane(app: &App, work: &LaneWork) -> Result<Option<At>, PublishError> {
    for id in &work.publications {
        if let Some(until) = advance(app, work.workspace, *id).await? {
            return Ok(Some(until));
        }
    }
    Ok(None)
}

/// Takes one publication as far as it goes now. Gives when its lane may go on, where it must wait.
pub async fn advance(app: &App, workspace: WorkspaceId, id: PublicationId) -> Result<Option<At>, PublishError> {
    for _ in 0..TURNS_MAX {
        let Some(publication) = app.store.find::<Publication>(&(workspace, id)).await? else { return Ok(None) };
        let now = app.clock.now();
        if publication.next_at.is_none_or(|next_at| now < next_at) {
            return Ok(None);
        }
        let Some(index) = publication.current() else {
            rest(app, &publication).await?;
            return Ok(None);
        };
        let Some(dispatch) = publication.dispatches.get(index) else { return Ok(None) };
        match dispatch.state {
            DispatchState::Planned => match claim(app, publication, index).await? {
                Claimed::Yes(publication) => Run::new(app, *publication, index).await?.go().await?,
                Claimed::No => {}
                Claimed::LaneWaits(until) => return Ok(Some(until)),
            },
            DispatchState::Sending if dispatch.boot == Some(BootId::from(app.boot)) => {
                Run::new(app, publication, index).await?.go().await?;
            }
            DispatchState::Sending => settle::recover(app, publication, index).await?,
            DispatchState::Unsure => settle::look(app, publication, index).await?,
            DispatchState::Failed | DispatchState::Held | DispatchState::Done | DispatchState::Withdrawn => {
                rest(app, &publication).await?;
            }
        }
    }
    Ok(None)
}

/// Takes a publication off the list of what is due.
async fn rest(app: &App, publication: &Stored<Publication>) -> Result<(), PublishError> {
    let mut next = publication.row.clone();
    next.next_at = None;
    save::save(app, publication, next, Change::default()).await?;
    Ok(())
}

/// What a lane that ended in a panic leaves behind is taken up as if another boot had claimed it.
pub async fn after_panic(app: &App, work: &LaneWork) -> Result<(), PublishError> {
    for id in &work.publications {
        let Some(publication) = app.store.find::<Publication>(&(work.workspace, *id)).await? else { continue };
        let Some(index) = publication.current() else { continue };
        let claimed =
            publication.dispatches.get(index).is_some_and(|dispatch| dispatch.state == DispatchState::Sending);
        if claimed {
            settle::hold_after_fault(app, publication, index).await?;
        }
    }
    Ok(())
}
