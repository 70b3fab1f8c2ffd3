//! The generic webhook: each post is sent, signed, to an address of the person's own, which does with it what it likes.
//!
//! Deliveries follow Standard Webhooks (specification read 2026-11): `webhook-id` is the id of the job and the same
//! over all tries, so **a receiver that remembers ids takes each post once**; this is what makes a try after a lost
//! answer safe, and a receiver that does not remember can see a post twice. The body is the same over all tries too.
//! Events are `post.published`, `post.replied`, `post.edited`, `post.deleted`, and `channel.tested`. Pictures are
//! named and described, their bytes are not sent. What the receiver answers as JSON `{"id", "url"}` becomes the post's
//! id and link; without it the id is the job's. The address itself may hold a secret, so it is kept as one.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Value, json};

use super::capabilities::{ImageRules, PollRules, Settles, TextRules, Unit};
use super::client::Answer;
use super::job::{Progress, Replies, Seed, Visibility};
use super::{
    Account, Call, Capabilities, Change, Claim, ConnectField, ConnectForm, ConnectInput, ConnectStep, Connected,
    Credentials, Job, Material, Network, NetworkError, NetworkName, Part, RemotePost, Settled, Shown, Step, Turn,
    Window,
};
use super::{counting, signed_webhook};
use crate::base::clock::At;
use crate::base::id;

/// How long a receiver may take: the specification advises 15 to 30 s.
const DEADLINE: Duration = Duration::from_secs(20);
/// How large a receiver's answer may be.
const ANSWER_MAX_BYTES: usize = 64 * 1024;

/// The generic webhook, as a network.
#[derive(Clone, Copy, Debug, Default)]
pub struct Webhook;

#[async_trait]
impl Network for Webhook {
    fn name(&self) -> NetworkName {
        "webhook"
    }

    fn title(&self) -> &'static str {
        "Webhook"
    }

    fn shown(&self, part: &Part, _pictures: usize) -> Shown {
        Shown { data: serde_json::to_string_pretty(&said(part)).ok(), ..Shown::default() }
    }

    fn capabilities(&self, _settings: &Value) -> Capabilities {
        Capabilities {
            text: TextRules {
                // Generous: the specification advises small payloads, and what is behind it has limits of its own.
                limit: Some(20_000),
                unit: Unit::CodePoints,
                limit_bytes: None,
                link_length: None,
                mention_counts_local_part: false,
                warning_counts: false,
            },
            images: ImageRules {
                max: 20,
                types: ["image/jpeg", "image/png", "image/gif", "image/webp"].map(ToOwned::to_owned).to_vec(),
                max_bytes: 20_000_000,
                max_pixels: None,
                max_side_px: None,
                alt_limit: Some(4000),
                focus: true,
            },
            poll: Some(PollRules {
                min_options: 2,
                max_options: 10,
                option_limit: 100,
                min_open_s: 300,
                max_open_s: 30 * 86_400,
                multiple: true,
                excludes_media: false,
            }),
            media_required: false,
            threads: true,
            first_comment: true,
            content_warning: true,
            languages: 1,
            visibilities: vec![Visibility::Public, Visibility::Unlisted, Visibility::Followers, Visibility::Direct],
            replies: vec![Replies::Everyone, Replies::Followers, Replies::Mentioned, Replies::Nobody],
            link_card: false,
            quotes: true,
            edit: true,
            delete: true,
            reply: false,
            inbox: false,
            counts: Vec::new(),
            followers: false,
            by_hand: false,
            settles: vec![Settles::NativeKey],
        }
    }

    fn connect_forms(&self) -> &'static [ConnectForm] {
        const FIELDS: &[ConnectField] = &[
            ConnectField {
                name: "url",
                secret: false,
                address: true,
                optional: false,
                example: "https://example.org/belfry",
            },
            ConnectField { name: "secret", secret: true, address: false, optional: true, example: "whsec_…" },
        ];
        &[ConnectForm { way: "address", fields: FIELDS, visits: false }]
    }

    /// Sends `channel.tested` once. Where no secret was typed one is made; then [`Connected::settings`] has
    /// `secret_made`, and the caller shows [`Connected::secret`]'s `secret` once.
    async fn connect(
        &self,
        call: Call<'_>,
        _way: &str,
        input: &ConnectInput,
        _back_to: Option<&str>,
    ) -> Result<ConnectStep, NetworkError> {
        let typed = |name: &str| input.get(name).map_or("", |typed| typed.trim());
        let refuse = |reason: &str| NetworkError::Refused { reason: reason.to_owned() };
        if !typed("secret").is_empty() && !signed_webhook::is_secret(typed("secret")) {
            return Err(refuse("the secret must be whsec_ and base64 of 24 to 64 bytes; left empty, one is made"));
        }
        let made = typed("secret").is_empty();
        let secret = if made { signed_webhook::make_secret() } else { typed("secret").to_owned() };
        let credentials = Credentials::new([("url", typed("url")), ("secret", &secret)]);
        let connected = connected(call, credentials, made)?;
        ping(call, &connected.secret).await?;
        Ok(ConnectStep::Connected(Box::new(connected)))
    }

    async fn test(&self, call: Call<'_>, account: &Account) -> Result<Connected, NetworkError> {
        ping(call, &account.secret).await?;
        connected(call, account.secret.clone(), false)
    }

    fn material(&self, _job: &Job, seed: Seed) -> Material {
        Material::new([("at", seed.now.to_string())])
    }

    fn next_step(&self, _account: &Account, _job: &Job, progress: &Progress) -> Option<Step> {
        progress.post.is_none().then(|| Step::visible("deliver"))
    }

    async fn take_step(
        &self,
        call: Call<'_>,
        account: &Account,
        claim: &Claim,
        progress: &Progress,
        _step: &Step,
    ) -> Result<Turn, NetworkError> {
        let answer = deliver(call, &account.secret, &claim.job.id, &event(claim)).await?;
        let mut progress = progress.clone();
        progress.post = Some(match &claim.job.change {
            Change::Edit { post, .. } | Change::Delete { post } => post.clone(),
            Change::Publish { .. } | Change::Reply { .. } => named(&answer, &claim.job.id),
        });
        Ok(Turn::Forward(progress))
    }

    async fn settle(
        &self,
        _call: Call<'_>,
        _account: &Account,
        _claim: &Claim,
        progress: &Progress,
        _window: Window,
    ) -> Result<Settled, NetworkError> {
        // The receiver recognises the id of the delivery.
        Ok(progress.post.clone().map_or(Settled::SafeToRepeat, Settled::Done))
    }
}

fn connected(call: Call<'_>, secret: Credentials, secret_made: bool) -> Result<Connected, NetworkError> {
    let refused =
        |refusal: crate::base::url_guard::AddressRefusal| NetworkError::Address { reason: refusal.to_string() };
    let address = call.client.guard().check(secret.get("url")?).map_err(refused)?;
    let host = address.host_str().unwrap_or_default().to_owned();
    Ok(Connected {
        server: address.origin().ascii_serialization(),
        remote_id: id_of(address.as_str()),
        handle: host.clone(),
        name: host,
        avatar_url: None,
        url: None,
        secret,
        secret_ends_at: None,
        settings: json!({ "secret_made": secret_made }),
    })
}

crate::ids! {
    /// Names an address without telling it.
    AddressDigest
}

fn id_of(address: &str) -> String {
    id::digest::<AddressDigest>(&[address.as_bytes()]).to_string()
}

async fn ping(call: Call<'_>, secret: &Credentials) -> Result<(), NetworkError> {
    let event = json!({ "type": "channel.tested", "timestamp": call.now.to_string(), "data": {} });
    // Not a job: each test is an event of its own.
    let id = format!("test_{}", data_encoding::HEXLOWER.encode(&id::random::<16>()));
    deliver(call, secret, &id, &event.to_string()).await.map(|_answer| ())
}

async fn deliver(call: Call<'_>, secret: &Credentials, id: &str, body: &str) -> Result<Answer, NetworkError> {
    let headers = signed_webhook::sign(secret.get("secret")?, id, call.now, body.as_bytes())?;
    let request = call.client.post(secret.get("url")?).bytes("application/json", body.to_owned());
    let signed = headers.iter().fold(request, |request, (name, value)| request.header(name, value));
    let answer = signed.deadline(DEADLINE).max_bytes(ANSWER_MAX_BYTES).send().await?;
    judge(call.now, &answer)?;
    Ok(answer)
}

/// What a receiver's status means. Waiting is right where it throttles, even when it may have taken the delivery: the
/// id makes the next try harmless.
fn judge(now: At, answer: &Answer) -> Result<(), NetworkError> {
    let reason = format!("the receiver answered {}", answer.status());
    match answer.status() {
        200..300 => Ok(()),
        410 => Err(NetworkError::Refused { reason: "the receiver wants nothing more from here (410)".to_owned() }),
        300..400 => Err(NetworkError::Refused { reason: format!("{reason}; a delivery follows no redirect") }),
        401 | 403 => Err(NetworkError::Reconnect { reason }),
        429 | 502 | 503 | 504 => Err(NetworkError::Wait { until_at: answer.retry_after(now), reason }),
        408 | 409 | 425 => Err(NetworkError::Unclear { reason }),
        400..500 => Err(NetworkError::Refused { reason }),
        _ => Err(NetworkError::Unclear { reason }),
    }
}

/// The body. It follows from the claim alone, so that every try sends the same bytes.
fn event(claim: &Claim) -> String {
    let post = |post: &RemotePost| json!({ "id": post.id, "url": post.url });
    let (kind, data) = match &claim.job.change {
        Change::Publish { part, root, parent } => (
            "post.published",
            json!({
                "post": said(part),
                "thread_root": root.as_ref().map(post),
                "after": parent.as_ref().map(post),
            }),
        ),
        Change::Reply { part, parent, .. } => ("post.replied", json!({ "post": said(part), "answers": post(parent) })),
        Change::Edit { post: edited, part } => ("post.edited", json!({ "post": said(part), "of": post(edited) })),
        Change::Delete { post: deleted } => ("post.deleted", json!({ "of": post(deleted) })),
    };
    json!({ "type": kind, "timestamp": claim.material.get("at"), "data": data }).to_string()
}

fn said(part: &Part) -> Value {
    let media = part.media.iter().map(|file| {
        json!({
            "file_name": file.file_name,
            "mime": file.mime,
            "size_bytes": file.size_bytes,
            "width_px": file.width_px,
            "height_px": file.height_px,
            "alt": file.alt,
            "focus": file.focus,
        })
    });
    let links = counting::links(&part.text).into_iter().filter_map(|link| part.text.get(link));
    json!({
        "text": part.text,
        "links": links.collect::<Vec<_>>(),
        "media": media.collect::<Vec<_>>(),
        "poll": part.poll,
        "content_warning": part.content_warning,
        "language": part.language,
        "visibility": part.visibility,
        "replies": part.replies,
        "quote_url": part.quote_url,
    })
}

/// The post as the receiver names it.
fn named(answer: &Answer, job: &str) -> RemotePost {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Named {
        id: Option<String>,
        url: Option<String>,
    }
    let named: Named = serde_json::from_slice(answer.body()).unwrap_or_default();
    let url = named.url.filter(|url| url.starts_with("https://") || url.starts_with("http://"));
    let id = named.id.filter(|id| !id.is_empty() && id.len() <= 500).unwrap_or_else(|| job.to_owned());
    RemotePost { id, url, more: BTreeMap::new() }
}
