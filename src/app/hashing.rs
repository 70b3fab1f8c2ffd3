//! Turns at work that takes much memory and processor time for a moment, such as hashing a password: one at a time, so
//! that a crowd at the door neither fills the memory of a small board nor slows the pages of those inside.

use std::sync::Arc;

use tokio::sync::{Semaphore, SemaphorePermit};

/// How many may wait for their turn; more are asked to come back in a moment.
const WAITING_MAX: usize = 16;

/// The turns. Clones share them.
#[derive(Clone, Debug)]
pub struct Hashing {
    waiting: Arc<Semaphore>,
    running: Arc<Semaphore>,
}

impl Default for Hashing {
    fn default() -> Self {
        Self { waiting: Arc::new(Semaphore::new(WAITING_MAX)), running: Arc::new(Semaphore::new(1)) }
    }
}

impl Hashing {
    /// Waits for a turn; `None` when too many wait already. The turn is over when it is dropped.
    pub async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        let _place = self.waiting.try_acquire().ok()?;
        self.running.acquire().await.ok()
    }
}
