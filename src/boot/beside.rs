//! Tasks beside the server, such as the socket for orders. Each ends by itself when the app stops.

use std::future::Future;

use tokio_util::task::TaskTracker;

/// Running tasks.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    tasks: TaskTracker,
}

impl Beside {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Starts one more. It must end by itself when the app stops.
    pub fn start(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(task);
    }

    /// Waits until all have ended.
    pub async fn finish(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }
}
