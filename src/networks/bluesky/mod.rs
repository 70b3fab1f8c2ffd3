//! Bluesky: any personal data server of the AT protocol, opened with an app password.
//!
//! Posts, replies and threads with pictures, link cards, quotes and reply controls; replies, mentions and quotes in the
//! inbox; figures; taking down. Nothing is ever sent twice: a post has its key before it leaves (see `publish`).
//! Not here: films, direct messages, lists, sign-in by OAuth, and editing, which Bluesky's readers do not show. A
//! content warning in words is unknown to Bluesky: one that means one of its labels becomes that label, and the
//! capability statement says that warnings are not taken, so that the checks tell the author of any other.

mod api;
mod card;
mod connect;
mod domains;
mod facets;
mod figures;
mod inbox;
mod names;
mod publish;
mod record;
mod session;
#[cfg(test)]
mod tests;
mod tid;
mod view;

use async_trait::async_trait;
use serde_json::Value;

use super::capabilities::{Count, ImageRules, Settles, TextRules, Unit};
use super::job::{Replies, Seed};
use super::{
    Account, AccountCounts, Call, Capabilities, Claim, ConnectForm, ConnectInput, ConnectStep, Connected, Counts,
    Figures, History, Inbox, Incoming, IncomingPage, Job, Material, Network, NetworkError, NetworkName, Part, Progress,
    Refreshed, RemoteItem, RemotePost, Settled, Shown, Step, Turn, Visibility, Window,
};

/// 300 characters as people count them, and 3000 bytes (app.bsky.feed.post, read 2026-11).
const TEXT_MAX_GRAPHEMES: u32 = 300;
const TEXT_MAX_BYTES: u32 = 3000;
/// Since April 2026 (app.bsky.embed.images, read 2026-11).
const IMAGE_MAX_BYTES: u64 = 2_000_000;
/// Before that, and so at servers that were not brought up to date.
const IMAGE_MAX_BYTES_ANYWHERE: u64 = 1_000_000;
/// The lexicon sets no limit to descriptions; this one is Belfry's own.
const ALT_MAX_CHARS: u32 = 2000;

/// The network. It holds no state but where the public directories are.
#[derive(Clone, Debug, Default)]
pub struct Bluesky {
    directories: Directories,
}

/// The public places that tell which server an account lives on.
#[derive(Clone, Debug)]
pub struct Directories {
    /// Resolves handles: `https://public.api.bsky.app`.
    pub app_view: String,
    /// Gives what a DID says of itself: `https://plc.directory`.
    pub plc: String,
    /// Where accounts run by Bluesky sign in by e-mail address: `https://bsky.social`.
    pub entryway: String,
}

impl Default for Directories {
    fn default() -> Self {
        Self {
            app_view: "https://public.api.bsky.app".to_owned(),
            plc: "https://plc.directory".to_owned(),
            entryway: "https://bsky.social".to_owned(),
        }
    }
}

impl Bluesky {
    /// Bluesky with other directories, for a network of one's own.
    pub fn with_directories(directories: Directories) -> Self {
        Self { directories }
    }
}

/// How large a picture may be for this account.
fn image_limit(settings: &Value) -> u64 {
    settings.get("image_max_bytes").and_then(Value::as_u64).unwrap_or(IMAGE_MAX_BYTES)
}

#[async_trait]
impl Network for Bluesky {
    fn name(&self) -> NetworkName {
        "bluesky"
    }

    fn title(&self) -> &'static str {
        "Bluesky"
    }

    fn shown(&self, part: &Part, pictures: usize) -> Shown {
        publish::shown(part, pictures)
    }

    fn capabilities(&self, settings: &Value) -> Capabilities {
        Capabilities {
            text: TextRules {
                limit: Some(TEXT_MAX_GRAPHEMES),
                unit: Unit::Graphemes,
                limit_bytes: Some(TEXT_MAX_BYTES),
                link_length: None,
                mention_counts_local_part: false,
                warning_counts: false,
            },
            images: ImageRules {
                max: u32::try_from(publish::IMAGES_MAX).unwrap_or(0),
                types: ["image/jpeg", "image/png", "image/webp"].map(str::to_owned).to_vec(),
                max_bytes: image_limit(settings),
                max_pixels: None,
                max_side_px: None,
                alt_limit: Some(ALT_MAX_CHARS),
                focus: false,
            },
            poll: None,
            media_required: false,
            threads: true,
            first_comment: true,
            content_warning: false,
            languages: u32::try_from(record::LANGUAGES_MAX).unwrap_or(0),
            visibilities: vec![Visibility::Public],
            replies: vec![Replies::Everyone, Replies::Followers, Replies::Mentioned, Replies::Nobody],
            link_card: true,
            quotes: true,
            edit: false,
            delete: true,
            reply: true,
            inbox: true,
            counts: vec![Count::Reactions, Count::Comments, Count::Shares, Count::Quotes, Count::Saves],
            followers: true,
            by_hand: false,
            settles: vec![Settles::NativeKey],
        }
    }

    fn connect_forms(&self) -> &'static [ConnectForm] {
        connect::FORMS
    }

    async fn connect(
        &self,
        call: Call<'_>,
        way: &str,
        input: &ConnectInput,
        _back_to: Option<&str>,
    ) -> Result<ConnectStep, NetworkError> {
        match way {
            "password" => {
                let connected = connect::connect(&call, &self.directories, input).await?;
                Ok(ConnectStep::Connected(Box::new(connected)))
            }
            _ => Err(NetworkError::unsupported("Bluesky is connected with an app password")),
        }
    }

    async fn test(&self, call: Call<'_>, account: &Account) -> Result<Connected, NetworkError> {
        connect::test(&call, account).await
    }

    async fn refresh(&self, call: Call<'_>, account: &Account) -> Result<Option<Refreshed>, NetworkError> {
        session::refresh(&call, account).await.map(Some)
    }

    fn material(&self, job: &Job, seed: Seed) -> Material {
        publish::material(job, seed)
    }

    fn next_step(&self, _account: &Account, job: &Job, progress: &Progress) -> Option<Step> {
        publish::next_step(job, progress)
    }

    async fn take_step(
        &self,
        call: Call<'_>,
        account: &Account,
        claim: &Claim,
        progress: &Progress,
        step: &Step,
    ) -> Result<Turn, NetworkError> {
        publish::take_step(&call, account, claim, progress, step).await
    }

    async fn settle(
        &self,
        call: Call<'_>,
        account: &Account,
        claim: &Claim,
        progress: &Progress,
        _window: Window,
    ) -> Result<Settled, NetworkError> {
        publish::settle(&call, account, claim, progress).await
    }

    fn inbox(&self) -> Option<&dyn Inbox> {
        Some(self)
    }

    fn figures(&self) -> Option<&dyn Figures> {
        Some(self)
    }

    fn history(&self) -> Option<&dyn History> {
        Some(self)
    }
}

#[async_trait]
impl Inbox for Bluesky {
    async fn fetch(
        &self,
        call: Call<'_>,
        account: &Account,
        checkpoint: Option<&str>,
    ) -> Result<IncomingPage, NetworkError> {
        inbox::fetch(&call, account, checkpoint).await
    }

    async fn fetch_below(
        &self,
        call: Call<'_>,
        account: &Account,
        post: &RemotePost,
    ) -> Result<Vec<Incoming>, NetworkError> {
        inbox::fetch_below(&call, account, post).await
    }
}

#[async_trait]
impl Figures for Bluesky {
    fn batch(&self) -> usize {
        inbox::POSTS_MAX
    }

    async fn of_posts(
        &self,
        call: Call<'_>,
        account: &Account,
        posts: &[RemotePost],
    ) -> Result<Vec<(String, Counts)>, NetworkError> {
        figures::of_posts(&call, account, posts).await
    }

    async fn of_account(&self, call: Call<'_>, account: &Account) -> Result<AccountCounts, NetworkError> {
        figures::of_account(&call, account).await
    }
}

#[async_trait]
impl History for Bluesky {
    async fn own_posts(
        &self,
        call: Call<'_>,
        account: &Account,
        after: Option<&str>,
    ) -> Result<(Vec<RemoteItem>, Option<String>), NetworkError> {
        figures::own_posts(&call, account, after).await
    }
}
