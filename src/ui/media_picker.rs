//! Pictures and videos for a post: a plain file field that scripts turn into uploads with progress and preview.

use maud::{Markup, Render, html};

use super::Icon;
use crate::words::Words;

/// The picker. Each file is posted alone to `action` (field `file`); the answer is the fragment of its tile, with a
/// hidden field inside that carries the asset's id.
#[derive(Clone, Debug)]
pub struct MediaPicker {
    action: String,
    label: String,
    uploading: String,
    failed: String,
    accept: String,
    most: u32,
    tiles: Vec<Markup>,
}

impl MediaPicker {
    /// A picker for pictures.
    pub fn new(words: &Words, action: impl Into<String>) -> Self {
        let named = |key: &str| words.tell(key, &[("name", "#".into())]);
        Self {
            action: action.into(),
            label: words.say("media-choose"),
            uploading: named("media-uploading"),
            failed: named("media-failed"),
            accept: "image/*,video/mp4".into(),
            most: 4,
            tiles: Vec::new(),
        }
    }

    /// The most files it takes.
    #[must_use]
    pub fn most(mut self, most: u32) -> Self {
        self.most = most;
        self
    }

    /// What the file dialog offers.
    #[must_use]
    pub fn accept(mut self, types: impl Into<String>) -> Self {
        self.accept = types.into();
        self
    }

    /// The tiles of what is there already.
    #[must_use]
    pub fn tiles(mut self, tiles: Vec<Markup>) -> Self {
        self.tiles = tiles;
        self
    }
}

impl Render for MediaPicker {
    fn render(&self) -> Markup {
        html! {
            media-picker.media-picker data-action=(self.action) data-most=(self.most) data-uploading=(self.uploading)
                data-failed=(self.failed) {
                div.media-picker__tiles { @for tile in &self.tiles { (tile) } }
                label.media-picker__choose {
                    (Icon::Image)
                    span { (self.label) }
                    input.media-picker__input type="file" name="file" id=(super::field_id("file")) accept=(self.accept) multiple[1 < self.most];
                }
                output.media-picker__said aria-live="polite" {}
            }
        }
    }
}
