//! One picture is decoded at a time, over the whole process.
//!
//! A decoded picture is by far the largest thing Belfry holds; two at once would not fit a small board. The gate is a
//! process-wide value because memory is.

use tokio::sync::Semaphore;

use super::MediaError;
use super::files::blocking;

static GATE: Semaphore = Semaphore::const_new(1);

/// Waits for its turn, then runs `work` where it may block. A panic inside becomes an error.
pub async fn alone<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, MediaError> + Send + 'static,
) -> Result<T, MediaError> {
    let turn = GATE.acquire().await.map_err(|_closed| MediaError::Broken { part: "gate" })?;
    // The turn goes along: when the caller stops waiting, the work goes on and still holds it.
    blocking(move || {
        let _turn = turn;
        work()
    })
    .await?
}
