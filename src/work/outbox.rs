//! Delivers notices to phones.

use crate::app::App;
use crate::base::clock::At;
use crate::notify::outbox;

/// Delivers what is due.
pub async fn round(app: App) -> anyhow::Result<Option<At>> {
    Ok(outbox::deliver(&app).await?)
}
