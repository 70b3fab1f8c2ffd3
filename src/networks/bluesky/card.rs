//! Link cards: on Bluesky whoever posts makes them. The page is fetched, asked what it says of itself, and its picture
//! is uploaded beside the post. A card is an ornament: whatever goes wrong with it, the post goes out without.

use std::time::Duration;

use serde_json::{Value, json};
use url::Url;

use super::api::Api;
use crate::networks::client::Answer;
use crate::networks::{NetworkError, html};

/// How much of a page is read: what it says of itself stands at its beginning.
const PAGE_MAX_BYTES: usize = 512 * 1024;
/// How long a page or a picture may take.
const DEADLINE: Duration = Duration::from_secs(5);
/// How large the picture may be (app.bsky.embed.external, read 2026-11).
const PICTURE_MAX_BYTES: usize = 1_000_000;

/// The card of this link as an embed holds it, or `null` where the page has nothing to show.
///
/// Fails only when the session has ended: then nothing else would go out either.
pub(super) async fn make(api: &Api<'_>, link: &str) -> Result<Value, NetworkError> {
    let Some((title, description, image_url)) = look_at(api, link).await else { return Ok(Value::Null) };
    let mut card = json!({ "uri": link, "title": title, "description": description });
    let thumb = match image_url {
        Some(image_url) => picture(api, &image_url).await?,
        None => None,
    };
    if let (Some(card), Some(thumb)) = (card.as_object_mut(), thumb) {
        card.insert("thumb".to_owned(), thumb);
    }
    Ok(card)
}

async fn look_at(api: &Api<'_>, link: &str) -> Option<(String, String, Option<String>)> {
    let page = api.client.get(link).header("accept", "text/html,application/xhtml+xml");
    let page = page.deadline(DEADLINE).first_bytes(PAGE_MAX_BYTES).send().await.ok()?;
    let kind = page.header("content-type").unwrap_or("text/html").to_ascii_lowercase();
    if !page.is_success() || !kind.contains("html") {
        return None;
    }
    let preview = html::preview_of(&text_of(&page), page.address());
    if preview == html::Preview::default() {
        return None;
    }
    let title = preview.title.or_else(|| Url::parse(link).ok()?.host_str().map(str::to_owned))?;
    Some((title, preview.description.unwrap_or_default(), preview.image_url))
}

/// Pages are UTF-8 today; one that is not is read as the Latin alphabet of old. A sign cut in two at the end is left out.
fn text_of(page: &Answer) -> String {
    let bytes = page.body();
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(error) if error.error_len().is_none() => {
            String::from_utf8_lossy(bytes.get(..error.valid_up_to()).unwrap_or_default()).into_owned()
        }
        Err(_other_alphabet) => bytes.iter().copied().map(char::from).collect(),
    }
}

/// The page's picture, uploaded; `None` where there is none that Bluesky takes.
async fn picture(api: &Api<'_>, image_url: &str) -> Result<Option<Value>, NetworkError> {
    let fetched = api.client.get(image_url).deadline(DEADLINE).max_bytes(PICTURE_MAX_BYTES).send().await;
    let Some(fetched) = fetched.ok().filter(Answer::is_success) else { return Ok(None) };
    // What it is, its bytes say; what a server calls it is often wrong.
    let mime = infer::get(fetched.body()).map(|kind| kind.mime_type());
    let Some(mime) = mime.filter(|mime| matches!(*mime, "image/jpeg" | "image/png" | "image/webp")) else {
        return Ok(None);
    };
    match api.upload(mime, fetched.body().to_vec()).await.map_err(NetworkError::from) {
        Ok(blob) => Ok(Some(blob)),
        Err(error @ (NetworkError::Expired { .. } | NetworkError::Reconnect { .. })) => Err(error),
        Err(_without) => Ok(None),
    }
}
