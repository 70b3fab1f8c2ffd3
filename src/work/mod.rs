//! Workers: what happens by itself.
//!
//! A worker asks a capability what is due and when to look again, and waits for the earliest of that time, a kick, or
//! the stop. None keeps a truth of its own; what each does is in the store and can be taken up by the next start.

pub mod avatars;
pub mod inbox;
pub mod metrics;
pub mod outbox;
pub mod publish;
pub mod upkeep;

use std::future::Future;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::app::{App, Worker};
use crate::base::clock::At;

/// A worker that fails is left alone for so long before it tries again.
const AFTER_FAULT: Duration = Duration::from_secs(10);

/// The running workers.
#[derive(Debug)]
pub struct Runner {
    stop: CancellationToken,
    tasks: JoinSet<()>,
}

impl Runner {
    /// Starts all workers. They end when `stop` is cancelled, each after what it has in hand.
    pub fn start(app: &App, stop: CancellationToken) -> Self {
        let mut tasks = JoinSet::new();
        tasks.spawn(publish::run(app.clone(), stop.clone()));
        tasks.spawn(repeat(app.clone(), Worker::Inbox, stop.clone(), inbox::round));
        tasks.spawn(repeat(app.clone(), Worker::Metrics, stop.clone(), metrics::round));
        tasks.spawn(repeat(app.clone(), Worker::Avatars, stop.clone(), avatars::round));
        tasks.spawn(repeat(app.clone(), Worker::Outbox, stop.clone(), outbox::round));
        tasks.spawn(repeat(app.clone(), Worker::Upkeep, stop.clone(), upkeep::round));
        Self { stop, tasks }
    }

    /// Ends the workers and waits for what they have in hand.
    pub async fn stop(mut self) {
        self.stop.cancel();
        while let Some(ended) = self.tasks.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a worker ended in a fault");
            }
        }
    }
}

/// Goes round and round: each round does what is due and says when the next one is.
async fn repeat<F, R>(app: App, worker: Worker, stop: CancellationToken, round: F)
where
    F: Fn(App) -> R + Send,
    R: Future<Output = anyhow::Result<Option<At>>> + Send + 'static,
{
    while !stop.is_cancelled() {
        // A task of its own, so that a panic ends the round and not the worker.
        let next_at = match tokio::spawn(round(app.clone())).await {
            Ok(Ok(next_at)) => next_at,
            Ok(Err(error)) => {
                tracing::warn!(worker = worker.name(), error = format!("{error:#}"), "a round failed");
                Some(app.clock.now().plus(AFTER_FAULT))
            }
            Err(error) => {
                tracing::error!(worker = worker.name(), %error, "a round ended in a panic");
                Some(app.clock.now().plus(AFTER_FAULT))
            }
        };
        wait(&app, worker, &stop, next_at).await;
    }
}

/// Waits for the earliest of a time, a kick and the stop.
async fn wait(app: &App, worker: Worker, stop: &CancellationToken, next_at: Option<At>) {
    let due = async {
        match next_at {
            Some(at) => app.clock.until(at).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = due => {}
        () = app.kicks.kicked(worker) => {}
        () = stop.cancelled() => {}
    }
}
