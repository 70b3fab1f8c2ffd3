//! Wake-up calls for workers. A kick is only a hint that there may be work: what there is to do is read from the store,
//! so a kick that is lost, doubled or early does no harm.

use std::sync::Arc;

use tokio::sync::Notify;

/// A worker that can be woken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Worker {
    /// Sends what is due.
    Publish,
    /// Renews credentials and looks after channels.
    Refresh,
    /// Fetches replies and mentions.
    Inbox,
    /// Fetches figures.
    Metrics,
    /// Fetches others' pictures.
    Avatars,
    /// Delivers notices.
    Outbox,
    /// Tidies up, makes checkpoints.
    Upkeep,
}

impl Worker {
    /// All workers.
    pub const ALL: [Self; 7] =
        [Self::Publish, Self::Refresh, Self::Inbox, Self::Metrics, Self::Avatars, Self::Outbox, Self::Upkeep];

    /// Its name in logs and figures.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Publish => "publish",
            Self::Refresh => "refresh",
            Self::Inbox => "inbox",
            Self::Metrics => "metrics",
            Self::Avatars => "avatars",
            Self::Outbox => "outbox",
            Self::Upkeep => "upkeep",
        }
    }
}

/// One bell per worker. Clones share the bells.
#[derive(Clone, Debug, Default)]
pub struct Kicks(Arc<Bells>);

#[derive(Debug, Default)]
struct Bells {
    publish: Notify,
    refresh: Notify,
    inbox: Notify,
    metrics: Notify,
    avatars: Notify,
    outbox: Notify,
    upkeep: Notify,
}

impl Kicks {
    /// Wakes the worker; one that is busy looks again when it is done.
    pub fn kick(&self, worker: Worker) {
        self.bell(worker).notify_one();
    }

    /// Resolves at the next kick, or at once if one came since the last wait.
    pub async fn kicked(&self, worker: Worker) {
        self.bell(worker).notified().await;
    }

    /// Wakes all workers.
    pub fn kick_all(&self) {
        for worker in Worker::ALL {
            self.kick(worker);
        }
    }

    fn bell(&self, worker: Worker) -> &Notify {
        match worker {
            Worker::Publish => &self.0.publish,
            Worker::Refresh => &self.0.refresh,
            Worker::Inbox => &self.0.inbox,
            Worker::Metrics => &self.0.metrics,
            Worker::Avatars => &self.0.avatars,
            Worker::Outbox => &self.0.outbox,
            Worker::Upkeep => &self.0.upkeep,
        }
    }
}
