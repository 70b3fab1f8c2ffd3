//! By hand: a network whose posts a person publishes with their own hands. At its time the phone gets the text to copy
//! and the pictures to save; the person opens the app, posts, and says "Done", with the link where there is one.
//!
//! There is one step, `wait for a person`, and it asks nothing of anyone: it comes back as a wait until far ahead, and
//! the publication stands first in Today meanwhile. "Done" is told to the publishing engine, which puts the post into
//! [`Progress::post`]; then there is no next step and the dispatch is done. "Skip" is told to the engine too.
//! Nothing ever leaves, so nothing can be repeated: after a crash the step is simply taken again.
//! The limits are those of the app the person will open, so that checks know them before.

#[cfg(test)]
mod tests;

use std::time::Duration;

use async_trait::async_trait;
use serde_json::json;

use super::capabilities::{ImageRules, Settles, TextRules, Unit};
use super::job::{Progress, RemotePost, Replies, Seed, Visibility};
use super::{
    Account, Call, Capabilities, Claim, ConnectField, ConnectForm, ConnectInput, ConnectStep, Connected, Credentials,
    Job, Material, Network, NetworkError, NetworkName, Settled, Step, Turn, Window,
};

/// How far ahead a wait for a person is looked at again: it ends with "Done", not by itself.
const WAIT: Duration = Duration::from_hours(24 * 365);
/// The step.
const STEP: &str = "wait for a person";

/// By hand, as a network.
#[derive(Clone, Copy, Debug, Default)]
pub struct ByHand;

/// An app that a person posts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct App {
    /// Its name in [`ConnectInput`] and in settings.
    pub name: &'static str,
    /// As people write it.
    pub title: &'static str,
    /// Where it opens; on a phone the app takes over. None where it has no address.
    pub opens: Option<&'static str>,
    text_limit: Option<u32>,
    images: u32,
    types: &'static [&'static str],
    image_bytes: u64,
    max_side_px: Option<u32>,
    alt_limit: Option<u32>,
    media_required: bool,
    first_comment: bool,
}

const ALL_TYPES: &[&str] = &["image/jpeg", "image/png", "image/gif", "image/webp"];

/// The apps that are known, with their limits as documented by the networks or, where they document none, as the
/// apps enforce them (read 2026-11). Lengths whose unit is not documented are counted in UTF-16, which never counts
/// too little.
pub const APPS: [App; 5] = [
    // Captions 2,200 characters, carousels of 10, JPEG of 8 MB, 1,440 px wide.
    App {
        name: "instagram",
        title: "Instagram",
        opens: Some("https://www.instagram.com/"),
        text_limit: Some(2200),
        images: 10,
        types: &["image/jpeg"],
        image_bytes: 8_000_000,
        max_side_px: Some(1800),
        alt_limit: Some(1000),
        media_required: true,
        first_comment: true,
    },
    // Photo posts: descriptions of 4,000, 35 pictures of 20 MB, JPEG or WebP.
    App {
        name: "tiktok",
        title: "TikTok",
        opens: Some("https://www.tiktok.com/upload"),
        text_limit: Some(4000),
        images: 35,
        types: &["image/jpeg", "image/webp"],
        image_bytes: 20_000_000,
        max_side_px: Some(1920),
        alt_limit: None,
        media_required: true,
        first_comment: false,
    },
    // Posts of 3,000 characters, 20 pictures of 5 MB, descriptions of 4,086.
    App {
        name: "linkedin",
        title: "LinkedIn",
        opens: Some("https://www.linkedin.com/feed/"),
        text_limit: Some(3000),
        images: 20,
        types: &["image/jpeg", "image/png", "image/gif"],
        image_bytes: 5_000_000,
        max_side_px: Some(6000),
        alt_limit: Some(4086),
        media_required: false,
        first_comment: true,
    },
    App {
        name: "whatsapp",
        title: "WhatsApp",
        opens: Some("https://web.whatsapp.com/"),
        text_limit: None,
        images: 30,
        types: &["image/jpeg", "image/png"],
        image_bytes: 16_000_000,
        max_side_px: None,
        alt_limit: None,
        media_required: false,
        first_comment: false,
    },
    App {
        name: "other",
        title: "Another app",
        opens: None,
        text_limit: None,
        images: 20,
        types: ALL_TYPES,
        image_bytes: 20_000_000,
        max_side_px: None,
        alt_limit: Some(4000),
        media_required: false,
        first_comment: true,
    },
];

impl App {
    /// The app of this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        APPS.iter().find(|app| app.name == name)
    }

    /// The app of a channel with these settings; where they name none, the one without limits.
    pub fn of(settings: &serde_json::Value) -> &'static Self {
        let [.., other] = &APPS;
        settings.get("app").and_then(serde_json::Value::as_str).and_then(Self::find).unwrap_or(other)
    }
}

#[async_trait]
impl Network for ByHand {
    fn name(&self) -> NetworkName {
        "by_hand"
    }

    fn title(&self) -> &'static str {
        "By hand"
    }

    fn capabilities(&self, settings: &serde_json::Value) -> Capabilities {
        let app = App::of(settings);
        Capabilities {
            text: TextRules {
                limit: app.text_limit,
                unit: Unit::Utf16,
                limit_bytes: None,
                link_length: None,
                mention_counts_local_part: false,
                warning_counts: false,
            },
            images: ImageRules {
                max: app.images,
                types: app.types.iter().map(|mime| (*mime).to_owned()).collect(),
                max_bytes: app.image_bytes,
                max_pixels: None,
                max_side_px: app.max_side_px,
                alt_limit: app.alt_limit,
                focus: false,
            },
            poll: None,
            media_required: app.media_required,
            threads: false,
            first_comment: app.first_comment,
            content_warning: false,
            languages: 0,
            visibilities: vec![Visibility::Public],
            replies: vec![Replies::Everyone],
            link_card: false,
            quotes: false,
            edit: true,
            delete: true,
            reply: false,
            inbox: false,
            counts: Vec::new(),
            followers: false,
            by_hand: true,
            settles: vec![Settles::AskPerson],
        }
    }

    fn connect_forms(&self) -> &'static [ConnectForm] {
        const fn field(name: &'static str, optional: bool, example: &'static str) -> ConnectField {
            ConnectField { name, secret: false, address: false, optional, example }
        }
        const FIELDS: &[ConnectField] = &[field("app", false, "instagram"), field("handle", true, "@ada.bakes")];
        &[ConnectForm { way: "choose", fields: FIELDS, visits: false }]
    }

    async fn connect(
        &self,
        _call: Call<'_>,
        _way: &str,
        input: &ConnectInput,
        _back_to: Option<&str>,
    ) -> Result<ConnectStep, NetworkError> {
        let typed = |name: &str| input.get(name).map_or("", |typed| typed.trim());
        let app = App::find(typed("app")).ok_or_else(|| {
            let names = APPS.map(|app| app.name).join(", ");
            NetworkError::Refused { reason: format!("choose one of the apps: {names}") }
        })?;
        let handle: String = typed("handle").chars().filter(|sign| !sign.is_control()).take(100).collect();
        Ok(ConnectStep::Connected(Box::new(connected(app, &handle))))
    }

    async fn test(&self, _call: Call<'_>, account: &Account) -> Result<Connected, NetworkError> {
        let handle = account.settings.get("handle").and_then(serde_json::Value::as_str).unwrap_or_default();
        Ok(connected(App::of(&account.settings), handle))
    }

    fn material(&self, _job: &Job, _seed: Seed) -> Material {
        Material::default()
    }

    fn next_step(&self, _account: &Account, _job: &Job, progress: &Progress) -> Option<Step> {
        progress.post.is_none().then(|| Step::repeatable(STEP))
    }

    async fn take_step(
        &self,
        call: Call<'_>,
        _account: &Account,
        _claim: &Claim,
        progress: &Progress,
        _step: &Step,
    ) -> Result<Turn, NetworkError> {
        Ok(Turn::Wait { progress: progress.clone(), until_at: call.now.plus(WAIT) })
    }

    async fn settle(
        &self,
        _call: Call<'_>,
        _account: &Account,
        _claim: &Claim,
        progress: &Progress,
        _window: Window,
    ) -> Result<Settled, NetworkError> {
        Ok(progress.post.clone().map_or(Settled::NotDone, Settled::Done))
    }
}

/// What a person's "Done" puts into [`Progress::post`]. The link is what they pasted; it may be empty.
pub fn done(job: &Job, link: &str) -> RemotePost {
    let url = Some(link.trim()).filter(|link| link.starts_with("https://") || link.starts_with("http://"));
    let id = url.unwrap_or(&job.id).to_owned();
    RemotePost { id, url: url.map(ToOwned::to_owned), more: std::collections::BTreeMap::new() }
}

fn connected(app: &App, handle: &str) -> Connected {
    Connected {
        server: String::new(),
        remote_id: format!("{}:{}", app.name, handle.trim_start_matches('@').to_lowercase()),
        handle: if handle.is_empty() { app.title.to_owned() } else { handle.to_owned() },
        name: app.title.to_owned(),
        avatar_url: None,
        url: app.opens.map(ToOwned::to_owned),
        secret: Credentials::default(),
        secret_ends_at: None,
        settings: json!({ "app": app.name, "handle": handle }),
    }
}
