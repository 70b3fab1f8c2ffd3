//! Asking a server, and what its refusals mean for Belfry.
//!
//! The same answer means different things for a request that reads and for one that people could see twice: what is
//! merely "later again" for the first is "outcome unknown" for the second.

use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use crate::base::clock::At;
use crate::networks::client::{Answer, Request};
use crate::networks::{Account, Call, NetworkError};

/// How long a server's sentence may be in the journal, in characters.
const SENTENCE_MAX_CHARS: usize = 200;
/// Runs of letters and digits from this length on are no words; a server may have repeated a secret.
const SECRET_FROM_CHARS: usize = 24;
/// No server is waited for longer than this.
const WAIT_MAX: Duration = Duration::from_hours(24);

/// What it would mean to send a request twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Nothing: it reads, or what it changes nobody sees.
    Unseen,
    /// People could see it twice.
    Visible,
}

/// The address of these path segments at a server. Ids come from outside, so each is escaped.
pub(super) fn address(server: &str, segments: &[&str]) -> String {
    let Ok(mut url) = Url::parse(server) else { return server.to_owned() };
    if let Ok(mut path) = url.path_segments_mut() {
        path.clear().extend(segments);
    }
    url.into()
}

/// Sends a request and gives the answer when it is a yes.
pub(super) async fn send(request: Request<'_>, effect: Effect, now: At) -> Result<Answer, NetworkError> {
    let answer = request.send().await.map_err(|error| softened(error, effect))?;
    if answer.is_success() { Ok(answer) } else { Err(refusal(&answer, effect, now)) }
}

/// Reads something with the account's token.
pub(super) async fn read<T: DeserializeOwned>(
    call: &Call<'_>,
    account: &Account,
    segments: &[&str],
    query: &[(&str, &str)],
) -> Result<(T, Answer), NetworkError> {
    let request = call.client.get(&address(&account.server, segments)).query(query.iter().copied());
    let answer = send(request.bearer(account.secret.get("token")?), Effect::Unseen, call.now).await?;
    Ok((json(&answer, Effect::Unseen)?, answer))
}

/// The answer's body. A yes that cannot be understood leaves the outcome of a visible request unknown.
pub(super) fn json<T: DeserializeOwned>(answer: &Answer, effect: Effect) -> Result<T, NetworkError> {
    answer.json().map_err(|error| softened(error, effect))
}

/// The id, or a refusal: an empty one would ask for a list instead of a post.
pub(super) fn known_id(id: &str) -> Result<&str, NetworkError> {
    // A dot or two would be a step in the path, not a name in it.
    if matches!(id, "" | "." | "..") {
        return Err(NetworkError::Refused { reason: "the post's id at the network is not known".to_owned() });
    }
    Ok(id)
}

/// Whether the server said that there is no such thing (any more), or that it does not know such a request.
pub(super) fn is_gone(answer: &Answer) -> bool {
    matches!(answer.status(), 404 | 410)
}

/// An unknown outcome matters only where someone could see the result.
pub(super) fn softened(error: NetworkError, effect: Effect) -> NetworkError {
    match (error, effect) {
        (NetworkError::Unclear { reason }, Effect::Unseen) => NetworkError::NotSent { reason },
        (error, _) => error,
    }
}

/// What a no means. (docs.joinmastodon.org/client/intro and /api/rate-limits, read 2026-11.)
pub(super) fn refusal(answer: &Answer, effect: Effect, now: At) -> NetworkError {
    let status = answer.status();
    let said = sentence(answer);
    let reason = match &said {
        Some(said) => format!("{said} ({status})"),
        None => format!("the server answered {status}"),
    };
    let unknown = |reason| softened(NetworkError::Unclear { reason }, effect);
    match status {
        401 => NetworkError::Reconnect { reason },
        403 if concerns_access(said.as_deref().unwrap_or_default()) => NetworkError::Reconnect { reason },
        // A name that is in use, and a first request with the same key that is still running: look, do not repeat.
        408 | 409 => unknown(reason),
        425 => NetworkError::NotSent { reason },
        429 => NetworkError::Wait { until_at: wait_until(answer, now), reason },
        503 if answer.retry_after(now).is_some() => NetworkError::Wait { until_at: answer.retry_after(now), reason },
        300..=399 => NetworkError::Refused {
            reason: format!("the server has moved to another address ({status}); connect the channel again with that"),
        },
        404 | 410 if said.is_none() => {
            NetworkError::Refused { reason: format!("not there, or not any more ({status})") }
        }
        400..=499 => NetworkError::Refused { reason },
        _ => unknown(reason),
    }
}

/// Whether a 403 is about the token or the account rather than about this one request.
fn concerns_access(said: &str) -> bool {
    let said = said.to_ascii_lowercase();
    ["scope", "your login", "suspended"].iter().any(|word| said.contains(word))
}

/// When the limit is lifted. Servers write it as a time, as seconds since 1970, or as seconds to go; their clock may
/// differ from ours, so the span is taken by their own.
fn wait_until(answer: &Answer, now: At) -> Option<At> {
    if let Some(until_at) = answer.retry_after(now) {
        return Some(until_at);
    }
    let text = answer.header("x-ratelimit-reset")?.trim();
    let number = text.split('.').next().unwrap_or_default().parse::<u32>().ok().map(u64::from);
    let span = match number {
        Some(seconds) if seconds < 1_000_000_000 => Duration::from_secs(seconds),
        Some(since_1970) => {
            At::from_millis(0).plus(Duration::from_secs(since_1970)).since(answer.date().unwrap_or(now))
        }
        None => At::parse(text)?.since(answer.date().unwrap_or(now)),
    };
    Some(now.plus(span.clamp(Duration::from_secs(1), WAIT_MAX)))
}

/// What the server said, as one short line without anything that looks like a secret.
fn sentence(answer: &Answer) -> Option<String> {
    let body: Value = serde_json::from_slice(answer.body()).ok()?;
    let text = ["error_description", "error", "message"].iter().find_map(|name| body.get(name)?.as_str())?;
    let words: Vec<&str> = text
        .split(|sign: char| sign.is_whitespace() || sign.is_control())
        .filter(|word| !word.is_empty())
        .map(|word| if looks_secret(word) { "…" } else { word })
        .collect();
    let line = words.join(" ");
    let mut cut: String = line.chars().take(SENTENCE_MAX_CHARS).collect();
    if cut.len() < line.len() {
        cut.push('…');
    }
    (!cut.is_empty()).then_some(cut)
}

fn looks_secret(word: &str) -> bool {
    let longest = word.split(|sign: char| !(sign.is_ascii_alphanumeric() || sign == '_' || sign == '-'));
    longest.map(str::len).max().unwrap_or(0) >= SECRET_FROM_CHARS
}
