//! The apps that people post with by hand: where each opens, what it takes, and which links are its own.

use url::{Host, Url};

/// An app that a person posts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct App {
    /// Its name in [`ConnectInput`](crate::networks::ConnectInput) and in settings.
    pub name: &'static str,
    /// As people write it.
    pub title: &'static str,
    /// Where it opens; on a phone the app takes over. None where it has no address.
    pub opens: Option<&'static str>,
    /// The sites its links lead to, each with all below it. Empty: any site will do.
    pub sites: &'static [&'static str],
    pub(super) text_limit: Option<u32>,
    pub(super) link_length: Option<u32>,
    pub(super) images: u32,
    pub(super) types: &'static [&'static str],
    pub(super) image_bytes: u64,
    pub(super) max_side_px: Option<u32>,
    pub(super) alt_limit: Option<u32>,
    pub(super) media_required: bool,
    pub(super) threads: bool,
    pub(super) first_comment: bool,
}

/// Why a link is not one to a post in an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkProblem {
    /// Not a whole address that begins with https.
    NotALink,
    /// It leads to another site.
    OtherSite,
}

/// An app of which nothing is known: no limits but those that keep a phone from choking.
const OTHER: App = App {
    name: "other",
    title: "Another app",
    opens: None,
    sites: &[],
    text_limit: None,
    link_length: None,
    images: 20,
    types: &["image/jpeg", "image/png", "image/gif", "image/webp"],
    image_bytes: 20_000_000,
    max_side_px: None,
    alt_limit: Some(4000),
    media_required: false,
    threads: true,
    first_comment: true,
};

/// The apps that are known, with their limits as documented by the networks or, where they document none, as the
/// apps enforce them (read 2026-11). Lengths whose unit is not documented are counted in UTF-16, which never counts
/// too little. X weighs what is written in Chinese, Japanese and Korean double; its app says so where that matters.
pub const APPS: [App; 9] = [
    // Captions 2,200 characters, carousels of 10, JPEG of 8 MB, 1,440 px wide.
    App {
        name: "instagram",
        title: "Instagram",
        opens: Some("https://www.instagram.com/"),
        sites: &["instagram.com", "instagr.am", "ig.me"],
        text_limit: Some(2200),
        images: 10,
        types: &["image/jpeg"],
        image_bytes: 8_000_000,
        max_side_px: Some(1800),
        alt_limit: Some(1000),
        media_required: true,
        threads: false,
        ..OTHER
    },
    // Photo posts: descriptions of 4,000, 35 pictures of 20 MB, JPEG or WebP.
    App {
        name: "tiktok",
        title: "TikTok",
        opens: Some("https://www.tiktok.com/upload"),
        sites: &["tiktok.com"],
        text_limit: Some(4000),
        images: 35,
        types: &["image/jpeg", "image/webp"],
        max_side_px: Some(1920),
        alt_limit: None,
        media_required: true,
        threads: false,
        first_comment: false,
        ..OTHER
    },
    // Posts of 3,000 characters, 20 pictures of 5 MB, descriptions of 4,086.
    App {
        name: "linkedin",
        title: "LinkedIn",
        opens: Some("https://www.linkedin.com/feed/"),
        sites: &["linkedin.com", "lnkd.in"],
        text_limit: Some(3000),
        types: &["image/jpeg", "image/png", "image/gif"],
        image_bytes: 5_000_000,
        max_side_px: Some(6000),
        alt_limit: Some(4086),
        threads: false,
        ..OTHER
    },
    // Posts of 63,206 characters, 10 pictures of 4 MB.
    App {
        name: "facebook",
        title: "Facebook",
        opens: Some("https://www.facebook.com/"),
        sites: &["facebook.com", "fb.com", "fb.me", "fb.watch"],
        text_limit: Some(63_206),
        images: 10,
        types: &["image/jpeg", "image/png", "image/gif"],
        image_bytes: 4_000_000,
        threads: false,
        ..OTHER
    },
    // Posts of 280 with links as 23, 4 pictures of 5 MB, descriptions of 1,000.
    App {
        name: "x",
        title: "X",
        opens: Some("https://x.com/compose/post"),
        sites: &["x.com", "twitter.com"],
        text_limit: Some(280),
        link_length: Some(23),
        images: 4,
        types: &["image/jpeg", "image/png", "image/webp"],
        image_bytes: 5_000_000,
        alt_limit: Some(1000),
        ..OTHER
    },
    // Posts of 500, 20 pictures of 8 MB and 1,440 px, descriptions of 1,000.
    App {
        name: "threads",
        title: "Threads",
        opens: Some("https://www.threads.com/"),
        sites: &["threads.com", "threads.net"],
        text_limit: Some(500),
        types: &["image/jpeg", "image/png"],
        image_bytes: 8_000_000,
        max_side_px: Some(1440),
        alt_limit: Some(1000),
        ..OTHER
    },
    // Descriptions of 5,000 bytes; of a picture one, of 2 MB.
    App {
        name: "youtube",
        title: "YouTube",
        opens: Some("https://www.youtube.com/"),
        sites: &["youtube.com", "youtu.be"],
        text_limit: Some(5000),
        images: 1,
        types: &["image/jpeg", "image/png"],
        image_bytes: 2_000_000,
        max_side_px: Some(2560),
        alt_limit: None,
        threads: false,
        ..OTHER
    },
    App {
        name: "whatsapp",
        title: "WhatsApp",
        opens: Some("https://web.whatsapp.com/"),
        sites: &["whatsapp.com", "wa.me"],
        images: 30,
        types: &["image/jpeg", "image/png"],
        image_bytes: 16_000_000,
        alt_limit: None,
        threads: false,
        first_comment: false,
        ..OTHER
    },
    OTHER,
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

    /// Reads a link that a person pasted after posting.
    pub fn read_link(&self, typed: &str) -> Result<Url, LinkProblem> {
        let url = Url::parse(typed.trim()).map_err(|_error| LinkProblem::NotALink)?;
        let Some(Host::Domain(host)) = url.host() else { return Err(LinkProblem::NotALink) };
        let plain = url.scheme() == "https" && url.username().is_empty() && url.password().is_none();
        if !plain || !host.contains('.') {
            return Err(LinkProblem::NotALink);
        }
        let host = host.trim_end_matches('.');
        let below = |site: &&str| host == *site || host.strip_suffix(*site).is_some_and(|rest| rest.ends_with('.'));
        if self.sites.is_empty() || self.sites.iter().any(below) { Ok(url) } else { Err(LinkProblem::OtherSite) }
    }

    /// Whether descriptions of pictures can be given in it.
    pub fn takes_alt(&self) -> bool {
        self.alt_limit.is_some()
    }
}
