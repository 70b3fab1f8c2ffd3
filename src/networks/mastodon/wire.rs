//! What servers answer, as far as Belfry reads it. (docs.joinmastodon.org/entities, read 2026-11.)
//!
//! Servers differ: a field may be missing, `null`, or a number where Mastodon has a text. Only an id is asked for
//! strictly; everything else falls back, so that one odd field never hides a whole post.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::base::clock::At;
use crate::networks::{Counts, Visibility};

/// A post.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Status {
    #[serde(deserialize_with = "id")]
    pub(super) id: String,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) uri: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) url: Option<String>,
    #[serde(default, deserialize_with = "instant")]
    pub(super) created_at: Option<At>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) account: Option<Person>,
    /// HTML.
    #[serde(default, deserialize_with = "lenient")]
    pub(super) content: String,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) spoiler_text: String,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) visibility: Option<String>,
    #[serde(default, deserialize_with = "optional_id")]
    pub(super) in_reply_to_id: Option<String>,
    #[serde(default, deserialize_with = "optional_id")]
    pub(super) in_reply_to_account_id: Option<String>,
    #[serde(default, deserialize_with = "each")]
    pub(super) media_attachments: Vec<Attachment>,
    #[serde(default, deserialize_with = "count")]
    pub(super) favourites_count: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    pub(super) replies_count: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    pub(super) reblogs_count: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    pub(super) quotes_count: Option<u64>,
    #[serde(default)]
    pub(super) poll: Option<Value>,
    #[serde(default)]
    pub(super) reblog: Option<Value>,
}

impl Status {
    /// What this server has counted; other servers may know more.
    pub(super) fn counts(&self) -> Counts {
        Counts {
            reactions: self.favourites_count,
            comments: self.replies_count,
            shares: self.reblogs_count,
            quotes: self.quotes_count,
            ..Counts::default()
        }
    }

    /// The id of who wrote it.
    pub(super) fn author_id(&self) -> &str {
        self.account.as_ref().map_or("", |account| &account.id)
    }
}

/// An upload, attached or not.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Attachment {
    #[serde(deserialize_with = "id")]
    pub(super) id: String,
    /// Missing while the server still works on it.
    #[serde(default, deserialize_with = "lenient")]
    pub(super) url: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) preview_url: Option<String>,
    #[serde(default, deserialize_with = "lenient", rename = "type")]
    pub(super) kind: String,
}

/// Anything of which the id is all that matters.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Named {
    #[serde(deserialize_with = "id")]
    pub(super) id: String,
}

/// An account.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Person {
    #[serde(deserialize_with = "id")]
    pub(super) id: String,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) username: String,
    /// `ben`, or `ben@example.org` when the account belongs to another server.
    #[serde(default, deserialize_with = "lenient")]
    pub(super) acct: String,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) display_name: String,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) url: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) avatar: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) avatar_static: Option<String>,
    #[serde(default, deserialize_with = "count")]
    pub(super) followers_count: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    pub(super) following_count: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    pub(super) statuses_count: Option<u64>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) source: Option<Preferences>,
}

impl Person {
    /// `@ben@example.org`; the server's own people are given its domain.
    pub(super) fn handle(&self, domain: &str) -> String {
        let acct = if self.acct.is_empty() { &self.username } else { &self.acct };
        if acct.contains('@') { format!("@{acct}") } else { format!("@{acct}@{domain}") }
    }

    /// The name it shows, or the short one where it shows none.
    pub(super) fn name(&self) -> &str {
        let shown = self.display_name.trim();
        if shown.is_empty() { &self.username } else { shown }
    }

    /// Its picture, the one that does not move where there is one.
    pub(super) fn picture(&self) -> Option<String> {
        self.avatar_static.clone().or_else(|| self.avatar.clone()).filter(|address| !address.is_empty())
    }
}

/// What an account has chosen for its posts.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Preferences {
    #[serde(default, deserialize_with = "lenient")]
    pub(super) privacy: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) language: Option<String>,
}

/// The plain source of a post.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Source {
    #[serde(default, deserialize_with = "lenient")]
    pub(super) text: String,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) spoiler_text: String,
}

/// A notification.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Notification {
    #[serde(deserialize_with = "id")]
    pub(super) id: String,
    #[serde(default, deserialize_with = "lenient", rename = "type")]
    pub(super) kind: String,
    #[serde(default, deserialize_with = "instant")]
    pub(super) created_at: Option<At>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) status: Option<Status>,
}

/// What is around a post.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Context {
    #[serde(default, deserialize_with = "each")]
    pub(super) ancestors: Vec<Named>,
    #[serde(default, deserialize_with = "each")]
    pub(super) descendants: Vec<Status>,
}

/// What a search found.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Found {
    #[serde(default, deserialize_with = "each")]
    pub(super) statuses: Vec<Status>,
}

/// An application that was registered.
#[derive(Clone, Deserialize)]
pub(super) struct Application {
    pub(super) client_id: String,
    pub(super) client_secret: String,
}

/// An access token.
#[derive(Clone, Deserialize)]
pub(super) struct Token {
    #[serde(rename = "access_token")]
    pub(super) access: String,
    #[serde(default, deserialize_with = "lenient", rename = "refresh_token")]
    pub(super) refresh: Option<String>,
    /// In seconds, where tokens end.
    #[serde(default, deserialize_with = "count")]
    pub(super) expires_in: Option<u64>,
}

/// Mastodon's word for a visibility.
pub(super) fn visibility_word(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "public",
        Visibility::Unlisted => "unlisted",
        Visibility::Followers => "private",
        Visibility::Direct => "direct",
    }
}

/// The visibility of a word; `None` for the words of single servers (`local`, `mutuals_only`, `list:1`).
pub(super) fn visibility_of(word: &str) -> Option<Visibility> {
    match word {
        "public" => Some(Visibility::Public),
        "unlisted" => Some(Visibility::Unlisted),
        "private" => Some(Visibility::Followers),
        "direct" => Some(Visibility::Direct),
        _ => None,
    }
}

/// A number, however it is written.
pub(super) fn number(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let found = optional_id(deserializer)?;
    found.ok_or_else(|| serde::de::Error::custom("an id is missing"))
}

fn optional_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) if !text.is_empty() => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

fn instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<At>, D::Error> {
    Ok(Value::deserialize(deserializer)?.as_str().and_then(At::parse))
}

fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Ok(number(&Value::deserialize(deserializer)?))
}

/// A value, or its default where the server wrote something else.
fn lenient<'de, D: Deserializer<'de>, T: serde::de::DeserializeOwned + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(deserializer)?).unwrap_or_default())
}

/// The members of a list that can be read.
fn each<'de, D: Deserializer<'de>, T: serde::de::DeserializeOwned>(deserializer: D) -> Result<Vec<T>, D::Error> {
    let Value::Array(members) = Value::deserialize(deserializer)? else { return Ok(Vec::new()) };
    Ok(members.into_iter().filter_map(|member| serde_json::from_value(member).ok()).collect())
}
