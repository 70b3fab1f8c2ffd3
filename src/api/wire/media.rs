//! Pictures.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Id, Time};
use crate::app::App;
use crate::media::signed::Signer;
use crate::media::{self, AssetId};
use crate::people::PersonId;
use crate::store::Stored;

/// A picture in the library.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Asset {
    #[schema(value_type = Id)]
    id: AssetId,
    /// The name it was uploaded under.
    name: String,
    /// `image/jpeg`.
    mime: String,
    size_bytes: u64,
    /// Upright.
    width_px: u32,
    /// Upright.
    height_px: u32,
    /// It moves.
    animated: bool,
    /// Its description, for those who do not see it.
    alt: String,
    /// What matters in it: -1.0 to 1.0 to the right and up; null is the middle.
    #[schema(min_items = 2, max_items = 2)]
    focus: Option<Vec<f32>>,
    created_at: Time,
    #[schema(value_type = Id)]
    created_by: PersonId,
    /// Changes with each change. A change names the edition it was made from.
    edition: u64,
    /// Where its bytes are, from this server's root. Holds for a week at least.
    url: String,
}

/// What a picture's description shall be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Description {
    /// Its description; an empty text is none.
    pub(crate) alt: String,
    /// What matters in it: -1.0 to 1.0 to the right and up; null is the middle.
    #[serde(default)]
    #[schema(value_type = Option<Vec<f32>>, min_items = 2, max_items = 2)]
    pub(crate) focus: Option<(f32, f32)>,
    /// The edition it was made from.
    pub(crate) edition: u64,
}

/// A form with a picture.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "stands in the document; the form is read as it streams in")]
pub(crate) struct Upload {
    /// Its description. Comes before the file.
    alt: Option<String>,
    /// JPEG, PNG, GIF or WebP, at most 50 megapixels and as large as the settings of the server say.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

impl Asset {
    /// As it is told.
    pub(crate) fn of(app: &App, stored: Stored<media::Asset>) -> Self {
        let (edition, asset) = (stored.version.number(), stored.row);
        let path = Signer::new(&app.sealer).path(asset.workspace, asset.id, "original", app.clock.now());
        Self {
            id: asset.id,
            name: asset.original_name,
            mime: asset.mime,
            size_bytes: asset.size_bytes,
            width_px: asset.width_px,
            height_px: asset.height_px,
            animated: asset.animated,
            alt: asset.alt,
            focus: asset.focus.map(|(right, up)| vec![right, up]),
            created_at: asset.created_at.into(),
            created_by: asset.created_by,
            edition,
            url: format!("{}{path}", app.config.base_path),
        }
    }
}
