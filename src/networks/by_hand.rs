//! By hand: a network whose posts a person publishes with their own hands. At its time the phone gets the text to copy
//! and the pictures to save; the person opens the app, posts, and says "Done", with the link where there is one.
//!
//! There is one step, which makes text and pictures ready, and it asks nothing of anyone: it comes back as a wait until
//! far ahead, and the publication stands first in Today meanwhile. "Done" is told to the publishing engine, which puts
//! the post into [`Progress::post`]; then there is no next step and the dispatch is done. "Skip" is told to it too.
//! Nothing ever leaves, so nothing can be repeated: after a crash the step is simply taken again.
//! The limits are those of the app the person will open, so that checks know them before.

mod apps;
#[cfg(test)]
mod tests;

use std::time::Duration;

use async_trait::async_trait;
use serde_json::json;

use super::capabilities::{ImageRules, Settles, TextRules, Unit};
use super::job::{Progress, Replies, Seed, Visibility};
use super::{
    Account, Call, Capabilities, Claim, ConnectField, ConnectForm, ConnectInput, ConnectStep, Connected, Credentials,
    Job, Material, Network, NetworkError, NetworkName, Settled, Step, Turn, Window,
};

pub use apps::{APPS, App, LinkProblem};

/// How far ahead a wait for a person is looked at again: it ends with "Done", not by itself.
const WAIT: Duration = Duration::from_hours(24 * 365);
/// The step, as the journal names what was made ready.
const STEP: &str = "text and pictures";

/// By hand, as a network.
#[derive(Clone, Copy, Debug, Default)]
pub struct ByHand;

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
                link_length: app.link_length,
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
            threads: app.threads,
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
