//! Publishes what is due: one task per lane, many lanes at once.

use std::time::Duration;

use tokio::task::{Id, JoinSet};
use tokio_util::sync::CancellationToken;

use std::collections::HashMap;

use crate::app::{App, Worker};
use crate::base::clock::At;
use crate::publish::PublishError;
use crate::publish::clock_guard::{self, Clockwise};
use crate::publish::engine::{self, LaneWork, Lanes};

/// How many lanes are at work at once: each holds a connection and a few kilobytes.
const LANES_MAX: usize = 64;
/// A lane whose store or account failed is left alone for so long.
const AFTER_FAULT: Duration = Duration::from_secs(15);
/// The clock is looked at again this often while it is not believed.
const CLOCK_AGAIN: Duration = Duration::from_secs(30);

type LaneEnd = (LaneWork, Result<Option<At>, PublishError>);

/// The lanes in hand.
#[derive(Default)]
struct Hand {
    lanes: Lanes,
    tasks: JoinSet<LaneEnd>,
    works: HashMap<Id, LaneWork>,
}

/// Runs until `stop`, and then until the lanes in hand are done.
pub async fn run(app: App, stop: CancellationToken) {
    let mut hand = Hand::default();
    let mut looked_at: Option<At> = None;
    while !stop.is_cancelled() {
        let next_at = match round(&app, &mut hand, &mut looked_at).await {
            Ok(next_at) => next_at,
            Err(error) => {
                tracing::error!(%error, "cannot see what is due");
                Some(app.clock.now().plus(AFTER_FAULT))
            }
        };
        tokio::select! {
            ended = hand.tasks.join_next_with_id(), if !hand.tasks.is_empty() => {
                if let Some(ended) = ended {
                    settle_lane(&app, &mut hand, ended).await;
                }
            }
            () = super::wait(&app, Worker::Publish, &stop, next_at) => {}
        }
    }
    while let Some(ended) = hand.tasks.join_next_with_id().await {
        settle_lane(&app, &mut hand, ended).await;
    }
}

/// Takes in hand what is due; says when to look again.
async fn round(app: &App, hand: &mut Hand, looked_at: &mut Option<At>) -> Result<Option<At>, PublishError> {
    let now = app.clock.now();
    hand.lanes.waiting.retain(|_, until| now < *until);
    // Looking means a read, and a small write every ten minutes; a jump between two looks is a jump all the same.
    let look = looked_at.is_none_or(|at| now < at || clock_guard::MARK_EVERY <= now.since(at));
    if look {
        match clock_guard::look(app).await? {
            Clockwise::Plausible => *looked_at = Some(now),
            wrong => {
                tracing::warn!(?wrong, "the clock is not believed; nothing is published");
                return Ok(Some(now.plus(CLOCK_AGAIN)));
            }
        }
    }
    let due = engine::due(app, &hand.lanes).await?;
    let room = LANES_MAX.saturating_sub(hand.tasks.len());
    for work in due.lanes.into_iter().take(room) {
        hand.lanes.busy.insert(work.channel);
        let (task_app, task_work) = (app.clone(), work.clone());
        let task = hand.tasks.spawn(async move {
            let ended = engine::run_lane(&task_app, &task_work).await;
            (task_work, ended)
        });
        hand.works.insert(task.id(), work);
    }
    let mark_at = looked_at.map(|at| at.plus(clock_guard::MARK_EVERY));
    Ok([due.next_at, mark_at].into_iter().flatten().min())
}

async fn settle_lane(app: &App, hand: &mut Hand, ended: Result<(Id, LaneEnd), tokio::task::JoinError>) {
    let now = app.clock.now();
    match ended {
        Ok((id, (work, ended))) => {
            hand.works.remove(&id);
            hand.lanes.busy.remove(&work.channel);
            match ended {
                Ok(Some(until)) => drop(hand.lanes.waiting.insert(work.channel, until)),
                Ok(None) => {}
                Err(error) => {
                    tracing::error!(channel.id = %work.channel, %error, "a lane stopped");
                    hand.lanes.waiting.insert(work.channel, now.plus(AFTER_FAULT));
                }
            }
        }
        Err(panicked) => {
            let Some(work) = hand.works.remove(&panicked.id()) else { return };
            tracing::error!(channel.id = %work.channel, "a lane ended in a panic; what it had in hand is held");
            if let Err(error) = engine::after_panic(app, &work).await {
                tracing::error!(%error, "what the lane had in hand could not be held");
            }
            hand.lanes.busy.remove(&work.channel);
            hand.lanes.waiting.insert(work.channel, now.plus(AFTER_FAULT));
        }
    }
}

/// Does all that is due, and all that becomes due by it, on the calling task. For tests that step the clock.
pub async fn run_until_idle(app: &App) -> Result<(), PublishError> {
    loop {
        let due = engine::due(app, &Lanes::default()).await?;
        let before = sequence(app);
        for work in &due.lanes {
            engine::run_lane(app, work).await?;
        }
        if before == sequence(app) {
            return Ok(());
        }
    }
}

fn sequence(app: &App) -> u64 {
    *app.store.subscribe().borrow()
}
