//! What changed, for the live pages. A hint that is kept in memory only: the truth is in the store, and a page that may
//! have missed something is told to look again ([`Behind`]).
//!
//! Each change has a number. The last few hundred are kept, so that a browser that was away for a moment gets what it
//! missed and nothing twice. Numbers begin at the time of the start, so that those of an earlier start are recognised.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::broadcast;

use crate::base::clock::At;

/// The workspace of changes that all listeners hear.
const EVERYWHERE: u128 = 0;
/// How many changes are kept for browsers that come back.
const KEPT: usize = 512;

/// Something changed in a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its number; later ones are larger.
    pub number: u64,
    /// The workspace's id, as bits (the id's type lives above).
    pub workspace: u128,
    /// What kind of thing: `publication`, `conversation`, `post`, `channel`, `avatar`, `session`.
    pub what: &'static str,
    /// Which one, as bits; 0 when it is about all of them.
    pub id: u128,
}

/// Some changes are no longer known: look at everything afresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Behind;

/// Changes for the live pages. Clones share them.
#[derive(Clone, Debug)]
pub struct Live(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    sender: broadcast::Sender<Change>,
    kept: Mutex<Kept>,
}

#[derive(Debug)]
struct Kept {
    first: u64,
    last: u64,
    changes: VecDeque<Change>,
}

/// A place in the stream of changes.
#[derive(Debug)]
pub struct Seen {
    missed: VecDeque<Change>,
    behind: bool,
    receiver: broadcast::Receiver<Change>,
    workspace: u128,
}

impl Live {
    /// No changes yet.
    pub fn new(started_at: At) -> Self {
        let first = u64::try_from(started_at.as_millis()).unwrap_or(0);
        let kept = Kept { first, last: first, changes: VecDeque::new() };
        Self(Arc::new(Inner { sender: broadcast::Sender::new(KEPT), kept: Mutex::new(kept) }))
    }

    /// Tells that something changed, after it was committed.
    pub fn tell(&self, workspace: impl Into<u128>, what: &'static str, id: impl Into<u128>) {
        let mut kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.last = kept.last.saturating_add(1);
        let change = Change { number: kept.last, workspace: workspace.into(), what, id: id.into() };
        if KEPT <= kept.changes.len() {
            kept.changes.pop_front();
        }
        kept.changes.push_back(change.clone());
        // Nobody listening is no fault. Sent under the lock, so that numbers arrive in order.
        drop(self.0.sender.send(change));
    }

    /// Tells the listeners of every workspace.
    pub fn tell_everywhere(&self, what: &'static str, id: impl Into<u128>) {
        self.tell(EVERYWHERE, what, id);
    }

    /// Listens to one workspace: from `after` on, where that is still known, else from here.
    pub fn listen(&self, workspace: impl Into<u128>, after: Option<u64>) -> Seen {
        let workspace = workspace.into();
        let kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let receiver = self.0.sender.subscribe();
        let Some(after) = after else {
            return Seen { missed: VecDeque::new(), behind: false, receiver, workspace };
        };
        let oldest = kept.changes.front().map_or(kept.last, |change| change.number.saturating_sub(1));
        let behind = after < oldest || after < kept.first || kept.last < after;
        let missed = kept.changes.iter().filter(|change| !behind && after < change.number);
        Seen { missed: missed.cloned().collect(), behind, receiver, workspace }
    }

    /// The number of the newest change.
    pub fn newest(&self) -> u64 {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner).last
    }
}

impl Seen {
    /// The next change in this workspace; `None` when the program ends.
    pub async fn next(&mut self) -> Option<Result<Change, Behind>> {
        if std::mem::take(&mut self.behind) {
            return Some(Err(Behind));
        }
        loop {
            let change = match self.missed.pop_front() {
                Some(change) => change,
                None => match self.receiver.recv().await {
                    Ok(change) => change,
                    Err(broadcast::error::RecvError::Lagged(_)) => return Some(Err(Behind)),
                    Err(broadcast::error::RecvError::Closed) => return None,
                },
            };
            if change.workspace == self.workspace || change.workspace == EVERYWHERE {
                return Some(Ok(change));
            }
        }
    }
}
