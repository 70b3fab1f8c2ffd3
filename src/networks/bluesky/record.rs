//! The record of a post, built from the job, its material and what the steps before found out, and from nothing else:
//! built again it is the same to the last sign, which is what makes sending it twice harmless.

#[cfg(test)]
mod tests;

use serde_json::{Map, Value, json};

use super::facets::{self, What};
use super::names::POST;
use crate::networks::job::Replies;
use crate::networks::{Change, Claim, Job, MediaFile, Part, Progress, RemotePost};

/// A post may name so many languages (app.bsky.feed.post, read 2026-11).
pub(super) const LANGUAGES_MAX: usize = 3;

/// The names under which steps leave in [`Progress`] what they found out.
pub(super) mod known {
    /// `{root, parent}`, each `{uri, cid}`.
    pub(in super::super) const REPLY: &str = "reply";
    /// The quoted post, `{uri, cid}`.
    pub(in super::super) const QUOTE: &str = "quote";
    /// Handles and their DIDs; those without are left out.
    pub(in super::super) const MENTIONS: &str = "mentions";
    /// The link card, or `null` where there is none to show.
    pub(in super::super) const CARD: &str = "card";

    /// The beginning of the names of all pictures.
    pub(in super::super) const MEDIA: &str = "media.";

    /// The blob of the picture at this place.
    pub(in super::super) fn media(place: usize) -> String {
        format!("{MEDIA}{place}")
    }
}

/// Where a post hangs.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Place {
    /// It begins something.
    First,
    /// Below this: `{root, parent}`.
    Below(Value),
    /// Below this post, of which too little is known to say so.
    BelowUnknown(String),
}

/// Where this job's post hangs, as far as the job itself says.
pub(super) fn place_of(job: &Job) -> Place {
    let (root, parent) = match &job.change {
        Change::Publish { root, parent, .. } => (root.as_ref(), parent.as_ref()),
        Change::Reply { root, parent, .. } => (root.as_ref(), Some(parent)),
        Change::Edit { .. } | Change::Delete { .. } => (None, None),
    };
    let Some(parent) = parent else { return Place::First };
    let Some(parent_ref) = strong_ref(parent) else { return Place::BelowUnknown(parent.id.clone()) };
    let more = |name: &str| parent.more.get(name);
    let root_ref = match (more("root_uri"), more("root_cid")) {
        (Some(uri), Some(cid)) => json!({ "uri": uri, "cid": cid }),
        _ => root.and_then(strong_ref).unwrap_or_else(|| parent_ref.clone()),
    };
    Place::Below(json!({ "root": root_ref, "parent": parent_ref }))
}

fn strong_ref(post: &RemotePost) -> Option<Value> {
    Some(json!({ "uri": post.id, "cid": post.more.get("cid")? }))
}

/// The record (app.bsky.feed.post, read 2026-11).
pub(super) fn post(claim: &Claim, part: &Part, progress: &Progress) -> Value {
    let mut record = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            record.insert(name.to_owned(), value);
        }
    };
    put("$type", Some(json!(POST)));
    put("text", Some(json!(part.text)));
    put("createdAt", Some(json!(claim.material.get("created_at"))));
    put("facets", facets_of(&part.text, progress));
    put("langs", languages(part));
    put(
        "reply",
        match place_of(&claim.job) {
            Place::First => None,
            Place::Below(reply) => Some(reply),
            Place::BelowUnknown(_) => progress.known.get(known::REPLY).cloned(),
        },
    );
    put("embed", embed(part, progress));
    put(
        "labels",
        part.content_warning
            .as_deref()
            .and_then(label)
            .map(|value| json!({ "$type": "com.atproto.label.defs#selfLabels", "values": [{ "val": value }] })),
    );
    Value::Object(record)
}

/// Who may answer, as a record under the same key; `None` where all may.
pub(super) fn threadgate(claim: &Claim, part: &Part, post_uri: &str) -> Option<Value> {
    let rule = |name: &str| json!({ "$type": format!("app.bsky.feed.threadgate#{name}") });
    let allow = match part.replies {
        Replies::Everyone => return None,
        Replies::Followers => vec![rule("followerRule")],
        Replies::Mentioned => vec![rule("mentionRule")],
        Replies::Nobody => Vec::new(),
    };
    Some(json!({
        "$type": super::names::THREADGATE,
        "post": post_uri,
        "allow": allow,
        "createdAt": claim.material.get("created_at"),
    }))
}

fn facets_of(text: &str, progress: &Progress) -> Option<Value> {
    let facets: Vec<Value> = facets::find(text)
        .into_iter()
        .filter_map(|span| {
            let feature = match span.what {
                What::Link(uri) => json!({ "$type": "app.bsky.richtext.facet#link", "uri": uri }),
                What::Tag(tag) => json!({ "$type": "app.bsky.richtext.facet#tag", "tag": tag }),
                What::Mention(handle) => {
                    let did = progress.known.get(known::MENTIONS)?.get(&handle)?.as_str()?;
                    json!({ "$type": "app.bsky.richtext.facet#mention", "did": did })
                }
            };
            let index = json!({ "byteStart": span.bytes.start, "byteEnd": span.bytes.end });
            Some(json!({ "index": index, "features": [feature] }))
        })
        .collect();
    (!facets.is_empty()).then(|| json!(facets))
}

fn languages(part: &Part) -> Option<Value> {
    let named = part.language.as_deref().unwrap_or_default();
    let named: Vec<&str> = named
        .split([',', ' '])
        .filter(|tag| {
            let first = tag.split('-').next().unwrap_or_default();
            let letters = first.chars().all(|sign| sign.is_ascii_alphabetic()) && (2..=3).contains(&first.len());
            letters && tag.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '-') && !tag.ends_with('-')
        })
        .take(LANGUAGES_MAX)
        .collect();
    (!named.is_empty()).then(|| json!(named))
}

fn embed(part: &Part, progress: &Progress) -> Option<Value> {
    let quote =
        progress.known.get(known::QUOTE).map(|quoted| json!({ "$type": "app.bsky.embed.record", "record": quoted }));
    let images = (!part.media.is_empty()).then(|| {
        let images: Vec<Value> =
            part.media.iter().enumerate().filter_map(|(place, media)| image(place, media, progress)).collect();
        json!({ "$type": "app.bsky.embed.images", "images": images })
    });
    let card = progress
        .known
        .get(known::CARD)
        .filter(|card| card.is_object())
        .map(|card| json!({ "$type": "app.bsky.embed.external", "external": card }));
    match (quote, images.or(card)) {
        (Some(quote), Some(media)) => {
            Some(json!({ "$type": "app.bsky.embed.recordWithMedia", "record": quote, "media": media }))
        }
        (quote, media) => quote.or(media),
    }
}

fn image(place: usize, media: &MediaFile, progress: &Progress) -> Option<Value> {
    let blob = progress.known.get(&known::media(place))?;
    let mut image = json!({ "image": blob, "alt": media.alt });
    if 0 < media.width_px
        && 0 < media.height_px
        && let Some(image) = image.as_object_mut()
    {
        let ratio = json!({ "width": media.width_px, "height": media.height_px });
        image.insert("aspectRatio".to_owned(), ratio);
    }
    Some(image)
}

/// Bluesky has no warning in words, only these labels; a warning that means one of them becomes it
/// (com.atproto.label.defs, read 2026-11). What other warnings say is for the checks to tell the author.
fn label(warning: &str) -> Option<&'static str> {
    match warning.trim().to_lowercase().as_str() {
        "porn" | "pornography" => Some("porn"),
        "sexual" | "nsfw" | "adult" | "adult content" => Some("sexual"),
        "nudity" | "nude" | "naked" => Some("nudity"),
        "graphic-media" | "graphic media" | "graphic" | "gore" | "violence" => Some("graphic-media"),
        _ => None,
    }
}
