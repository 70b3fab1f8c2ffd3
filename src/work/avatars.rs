//! Fetches pictures of people elsewhere that pages would show.

use crate::app::App;
use crate::base::clock::At;
use crate::media::avatar;

/// Fetches what is wished for. The next wish wakes it.
pub async fn round(app: App) -> anyhow::Result<Option<At>> {
    avatar::fetch_wished(&app).await?;
    Ok(None)
}
