//! What a server says about itself: its software, its limits, and what follows from both.
//!
//! Limits are read live when a channel is connected or tested and kept in its settings. What a server does not say is
//! filled with Mastodon's own values. (docs.joinmastodon.org/entities/Instance, read 2026-11; the differences of
//! compatible servers from their own documentation, read 2025-10 to 2026-11.)

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::wire::number;
use crate::networks::Visibility;
use crate::networks::capabilities::{Capabilities, Count, ImageRules, PollRules, Settles, TextRules, Unit};
use crate::networks::job::Replies;

/// How many pictures a post may have where the server knows no limit.
const MEDIA_WITHOUT_LIMIT: u32 = 16;
/// Some servers write a limit that means none.
const MEDIA_MAX: u32 = 64;

/// A channel's settings: what its server and account were like when last asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Settings {
    /// As `NodeInfo` names it, in small letters; empty when it is not known.
    pub(super) software: String,
    /// As the server writes it.
    pub(super) version: String,
    /// Mastodon's own count of its API's versions; 0 where the server gives none.
    pub(super) api_version: u32,
    /// The domain of the server's own people, which may differ from the server's address.
    pub(super) domain: String,
    /// The account as people know it.
    pub(super) handle: String,
    pub(super) max_characters: u32,
    pub(super) characters_reserved_per_url: Option<u32>,
    pub(super) max_media_attachments: u32,
    pub(super) supported_mime_types: Vec<String>,
    pub(super) description_limit: u32,
    pub(super) image_size_limit: u64,
    pub(super) image_matrix_limit: Option<u64>,
    pub(super) video_size_limit: u64,
    pub(super) video_matrix_limit: Option<u64>,
    pub(super) video_frame_rate_limit: Option<u32>,
    pub(super) polls: Option<PollLimits>,
    /// Where to listen for what is new.
    pub(super) streaming_url: Option<String>,
    /// The visibility the account has chosen for its posts, in Mastodon's word.
    pub(super) default_privacy: Option<String>,
    /// The language it has chosen.
    pub(super) default_language: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct PollLimits {
    pub(super) max_options: u32,
    pub(super) max_characters_per_option: u32,
    pub(super) min_expiration: u64,
    pub(super) max_expiration: u64,
}

impl Default for PollLimits {
    fn default() -> Self {
        Self { max_options: 4, max_characters_per_option: 50, min_expiration: 300, max_expiration: 2_629_746 }
    }
}

impl Default for Settings {
    /// A stock Mastodon server.
    fn default() -> Self {
        let types = ["image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4", "video/webm"];
        Self {
            software: String::new(),
            version: String::new(),
            api_version: 0,
            domain: String::new(),
            handle: String::new(),
            max_characters: 500,
            characters_reserved_per_url: Some(23),
            max_media_attachments: 4,
            supported_mime_types: types.map(str::to_owned).to_vec(),
            description_limit: 1500,
            image_size_limit: 16_777_216,
            image_matrix_limit: Some(33_177_600),
            video_size_limit: 103_809_024,
            video_matrix_limit: Some(8_294_400),
            video_frame_rate_limit: Some(120),
            polls: Some(PollLimits::default()),
            streaming_url: None,
            default_privacy: None,
            default_language: None,
        }
    }
}

/// A kind of server, as far as it makes a difference here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// Mastodon and the forks that follow it closely.
    Mastodon,
    GoToSocial,
    /// Pleroma and Akkoma.
    Pleroma,
    Pixelfed,
    Friendica,
    /// Anything else, or not known.
    Other,
}

impl Family {
    pub(super) fn of(software: &str) -> Self {
        match software {
            "mastodon" | "glitchsoc" | "glitch-soc" | "hometown" => Self::Mastodon,
            "gotosocial" => Self::GoToSocial,
            "pleroma" | "akkoma" => Self::Pleroma,
            "pixelfed" => Self::Pixelfed,
            "friendica" => Self::Friendica,
            _ => Self::Other,
        }
    }

    /// Whether the same `Idempotency-Key` gives the same post again. Only Mastodon is known to; `GoToSocial` takes the
    /// header and ignores it, and of the others it is not known or known to differ.
    pub(super) fn honours_key(self) -> bool {
        self == Self::Mastodon
    }

    /// Whether to send the key at all. Pixelfed refuses a key it has seen, even when the first try failed.
    pub(super) fn takes_key(self) -> bool {
        self != Self::Pixelfed
    }

    /// Whether the account's list of its own posts is known to hold those that only named people can see.
    pub(super) fn lists_direct(self) -> bool {
        self == Self::Mastodon
    }

    /// Whether a picture can be told what matters in it.
    pub(super) fn knows_focus(self) -> bool {
        !matches!(self, Self::Pleroma | Self::Pixelfed | Self::Friendica)
    }

    /// Whether it can be asked for finer scopes than `read` and `write`.
    pub(super) fn knows_fine_scopes(self) -> bool {
        matches!(self, Self::Mastodon | Self::GoToSocial | Self::Pleroma)
    }
}

impl Settings {
    /// The settings of a channel; a stock server's where there are none.
    pub(super) fn read(settings: &Value) -> Self {
        Self::deserialize(settings).unwrap_or_default()
    }

    /// What a server's own description says, `/api/v2/instance` or the older `/api/v1/instance` with its forks.
    pub(super) fn of_instance(instance: &Value, software: &str) -> Self {
        let stock = Self::default();
        let at = |paths: &[&str]| paths.iter().find_map(|path| number(instance.pointer(path)?));
        let small = |paths: &[&str]| at(paths).map(|value| u32::try_from(value).unwrap_or(u32::MAX));
        let text = |paths: &[&str]| {
            let found = paths.iter().find_map(|path| instance.pointer(path)?.as_str());
            found.map(str::to_owned).filter(|text| !text.is_empty())
        };
        let version = text(&["/version"]).unwrap_or_default();
        let software = if software.is_empty() { software_of(instance, &version) } else { software.to_owned() };
        let family = Family::of(&software);
        let upload_limit = at(&["/upload_limit"]);
        let types = instance.pointer("/configuration/media_attachments/supported_mime_types");
        let types: Vec<String> = types.and_then(|types| Vec::deserialize(types).ok()).unwrap_or_default();
        // Only Mastodon's own family counts links and mentions shorter than they are written.
        let links_short = (family == Family::Mastodon).then_some(23);
        let media_max = if family == Family::Pleroma { MEDIA_WITHOUT_LIMIT } else { stock.max_media_attachments };
        let alt_max = if family == Family::Pixelfed { 1000 } else { stock.description_limit };
        Self {
            api_version: small(&["/api_versions/mastodon"]).unwrap_or(0),
            domain: text(&["/account_domain", "/domain", "/uri"]).map(|domain| host_of(&domain)).unwrap_or_default(),
            handle: String::new(),
            max_characters: small(&["/configuration/statuses/max_characters", "/max_toot_chars"])
                .unwrap_or(stock.max_characters),
            characters_reserved_per_url: small(&["/configuration/statuses/characters_reserved_per_url"])
                .or(links_short),
            max_media_attachments: small(&["/configuration/statuses/max_media_attachments", "/max_media_attachments"])
                .unwrap_or(media_max)
                .min(MEDIA_MAX),
            supported_mime_types: if types.is_empty() { stock.supported_mime_types } else { types },
            description_limit: small(&["/configuration/media_attachments/description_limit", "/description_limit"])
                .unwrap_or(alt_max),
            image_size_limit: at(&["/configuration/media_attachments/image_size_limit"])
                .or(upload_limit)
                .unwrap_or(stock.image_size_limit),
            image_matrix_limit: at(&["/configuration/media_attachments/image_matrix_limit"])
                .or(stock.image_matrix_limit),
            video_size_limit: at(&["/configuration/media_attachments/video_size_limit"])
                .or(upload_limit)
                .unwrap_or(stock.video_size_limit),
            video_matrix_limit: at(&["/configuration/media_attachments/video_matrix_limit"])
                .or(stock.video_matrix_limit),
            video_frame_rate_limit: small(&["/configuration/media_attachments/video_frame_rate_limit"])
                .or(stock.video_frame_rate_limit),
            polls: polls_of(instance, family),
            streaming_url: text(&["/configuration/urls/streaming", "/urls/streaming_api"]),
            default_privacy: None,
            default_language: None,
            software,
            version,
        }
    }

    /// What kind of server it is.
    pub(super) fn family(&self) -> Family {
        Family::of(&self.software)
    }

    /// Whether posts of others can be quoted (Mastodon 4.5).
    pub(super) fn knows_quotes(&self) -> bool {
        7 <= self.api_version
    }

    /// The name of the list of ids that gives several posts at once, where the server has such a request.
    pub(super) fn batch_name(&self) -> Option<&'static str> {
        match self.family() {
            Family::Pleroma => Some("ids[]"),
            _ if 2 <= self.api_version => Some("id[]"),
            _ => None,
        }
    }

    /// All of it, as everything else in Belfry reads it.
    pub(super) fn capabilities(&self) -> Capabilities {
        let family = self.family();
        let mut visibilities =
            vec![Visibility::Public, Visibility::Unlisted, Visibility::Followers, Visibility::Direct];
        if family == Family::Pixelfed {
            visibilities.pop();
        }
        let mut settles = vec![Settles::LookUp, Settles::AskPerson];
        if family.honours_key() {
            settles.insert(0, Settles::NativeKey);
        }
        let mut counts = vec![Count::Reactions, Count::Comments, Count::Shares];
        if self.knows_quotes() {
            counts.push(Count::Quotes);
        }
        Capabilities {
            text: TextRules {
                limit: Some(self.max_characters),
                unit: Unit::Graphemes,
                limit_bytes: None,
                link_length: self.characters_reserved_per_url,
                mention_counts_local_part: family == Family::Mastodon || self.software.is_empty(),
                warning_counts: true,
            },
            images: self.image_rules(),
            poll: self.polls.as_ref().map(PollLimits::rules),
            media_required: family == Family::Pixelfed,
            threads: true,
            first_comment: true,
            content_warning: true,
            languages: 1,
            visibilities,
            replies: vec![Replies::Everyone],
            link_card: false,
            quotes: self.knows_quotes(),
            edit: family != Family::Pixelfed,
            delete: true,
            reply: true,
            inbox: true,
            counts,
            followers: true,
            by_hand: false,
            settles,
        }
    }

    fn image_rules(&self) -> ImageRules {
        let types = self.supported_mime_types.iter().filter(|mime| mime.starts_with("image/"));
        ImageRules {
            max: self.max_media_attachments,
            types: types.cloned().collect(),
            max_bytes: self.image_size_limit,
            max_pixels: self.image_matrix_limit,
            max_side_px: None,
            alt_limit: Some(self.description_limit),
            focus: self.family().knows_focus(),
        }
    }
}

impl PollLimits {
    fn rules(&self) -> PollRules {
        PollRules {
            min_options: 2,
            max_options: self.max_options,
            option_limit: self.max_characters_per_option,
            min_open_s: self.min_expiration,
            max_open_s: self.max_expiration,
            multiple: true,
            excludes_media: true,
        }
    }
}

/// Limits of polls as newer servers and Pleroma write them; a server that names none has none, unless it is a
/// Mastodon from before it named them.
fn polls_of(instance: &Value, family: Family) -> Option<PollLimits> {
    let stock = PollLimits::default();
    let told = instance.pointer("/configuration/polls").or_else(|| instance.get("poll_limits"));
    let Some(told) = told.filter(|told| told.is_object()) else {
        return (family == Family::Mastodon).then_some(stock);
    };
    if matches!(family, Family::Pixelfed | Family::Friendica) {
        return None;
    }
    let at = |names: &[&str]| names.iter().find_map(|name| number(told.get(name)?));
    let small = |names: &[&str]| at(names).map(|value| u32::try_from(value).unwrap_or(u32::MAX));
    let limits = PollLimits {
        max_options: small(&["max_options"]).unwrap_or(stock.max_options),
        max_characters_per_option: small(&["max_characters_per_option", "max_option_chars"])
            .unwrap_or(stock.max_characters_per_option),
        min_expiration: at(&["min_expiration"]).unwrap_or(stock.min_expiration),
        max_expiration: at(&["max_expiration"]).unwrap_or(stock.max_expiration),
    };
    (2 <= limits.max_options).then_some(limits)
}

/// The software where `NodeInfo` is silent: `2.7.2 (compatible; Akkoma 3.10)`, or the address of the source.
fn software_of(instance: &Value, version: &str) -> String {
    if let Some((_, compatible)) = version.split_once("compatible;") {
        let name = compatible.trim().split([' ', ')']).next().unwrap_or_default();
        return name.to_ascii_lowercase();
    }
    let source = instance.pointer("/source_url").and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
    let known = ["gotosocial", "akkoma", "pleroma", "pixelfed", "friendica", "glitch-soc", "mastodon/mastodon"];
    let found = known.into_iter().find(|name| source.contains(name));
    found.map_or("", |name| if name == "mastodon/mastodon" { "mastodon" } else { name }).to_owned()
}

/// `https://example.social/` and `example.social` alike.
fn host_of(domain: &str) -> String {
    let domain = domain.split_once("://").map_or(domain, |(_, rest)| rest);
    domain.split('/').next().unwrap_or_default().to_ascii_lowercase()
}
