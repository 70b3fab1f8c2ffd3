//! Requests to a personal data server, and what its answers mean for what Belfry does next.
//!
//! Everything is XRPC: `{server}/xrpc/{method}`, reading with GET, changing with POST and JSON. The server passes what
//! it does not know itself (`app.bsky.*`) on to the app view. (atproto.com/specs/xrpc, read 2026-11)

#[cfg(test)]
mod tests;

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use crate::base::clock::At;
use crate::networks::client::{Answer, Request};
use crate::networks::{Account, Call, Client, NetworkError};

/// How long an upload may take: a board behind a slow line needs more than the usual.
const UPLOAD_DEADLINE: Duration = Duration::from_mins(2);
/// How long a reason may become.
const REASON_MAX_CHARS: usize = 200;

/// Said where a picture is larger than the server's own version of the rules allows.
pub(super) const TOO_LARGE: &str = "the picture is larger than this Bluesky server takes";

/// A server, and the token that opens it where one is needed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Api<'a> {
    pub(super) client: &'a Client,
    pub(super) now: At,
    server: &'a str,
    token: Option<&'a str>,
}

/// Whether people could see twice what a request does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Nothing changes, or nothing that a repeat would change again.
    Repeatable,
    /// It must not be repeated while its outcome is unknown.
    Visible,
}

/// A request that went wrong: what the server called it, and what Belfry does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    /// The status, where there was an answer.
    pub(super) status: Option<u16>,
    /// The server's name of the error, where it gave one.
    pub(super) name: String,
    /// What follows.
    pub(super) error: NetworkError,
}

impl Failure {
    /// The server named it so.
    pub(super) fn is(&self, name: &str) -> bool {
        self.name == name
    }

    /// The server answered, and what it said was no: it would say so again.
    pub(super) fn is_refusal(&self) -> bool {
        matches!(self.error, NetworkError::Refused { .. })
    }

    fn unanswered(error: NetworkError) -> Self {
        Self { status: None, name: String::new(), error }
    }
}

impl From<Failure> for NetworkError {
    fn from(failure: Failure) -> Self {
        failure.error
    }
}

impl<'a> Api<'a> {
    /// The account's server, with its access token.
    pub(super) fn of(call: &Call<'a>, account: &'a Account) -> Result<Self, NetworkError> {
        let token = Some(account.secret.get("accessJwt")?);
        Ok(Self { client: call.client, now: call.now, server: &account.server, token })
    }

    /// A server, without a token.
    pub(super) fn open(call: &Call<'a>, server: &'a str) -> Self {
        Self { client: call.client, now: call.now, server, token: None }
    }

    /// The same server with this token.
    pub(super) fn with_token(self, token: &'a str) -> Self {
        Self { token: Some(token), ..self }
    }

    /// Asks for something.
    pub(super) async fn get(&self, method: &str, query: &[(&str, &str)]) -> Result<Value, Failure> {
        let request = self.client.get(&self.address(method)).query(query.iter().copied());
        self.exchange(request, Effect::Repeatable).await
    }

    /// Changes something.
    pub(super) async fn post(&self, method: &str, body: &Value, effect: Effect) -> Result<Value, Failure> {
        self.exchange(self.client.post(&self.address(method)).json(body), effect).await
    }

    /// Changes something with an empty body.
    pub(super) async fn post_empty(&self, method: &str) -> Result<Value, Failure> {
        self.exchange(self.client.post(&self.address(method)), Effect::Repeatable).await
    }

    /// Uploads bytes that nobody sees until a record names them; gives the blob as records name it.
    pub(super) async fn upload(&self, mime: &str, bytes: Vec<u8>) -> Result<Value, Failure> {
        let request = self.client.post(&self.address("com.atproto.repo.uploadBlob"));
        let request = request.bytes(mime, bytes).deadline(UPLOAD_DEADLINE);
        let answer = self.exchange(request, Effect::Repeatable).await?;
        let blob = answer.get("blob").filter(|blob| blob.pointer("/ref/$link").is_some_and(Value::is_string));
        blob.cloned().ok_or_else(|| {
            Failure::unanswered(NetworkError::NotSent { reason: "the upload was answered without a name".to_owned() })
        })
    }

    fn address(&self, method: &str) -> String {
        format!("{}/xrpc/{method}", self.server)
    }

    async fn exchange(&self, request: Request<'_>, effect: Effect) -> Result<Value, Failure> {
        let request = match self.token {
            Some(token) => request.bearer(token),
            None => request,
        };
        let answer = request.send().await.map_err(|error| Failure::unanswered(softened(error, effect)))?;
        if !answer.is_success() {
            return Err(judge(&answer, effect, self.now));
        }
        if answer.body().is_empty() {
            return Ok(Value::Null);
        }
        answer.json().map_err(|error| Failure::unanswered(softened(error, effect)))
    }
}

/// A repeat of what nobody sees harms nobody, so there is nothing to settle.
pub(super) fn softened(error: NetworkError, effect: Effect) -> NetworkError {
    match (error, effect) {
        (NetworkError::Unclear { reason }, Effect::Repeatable) => NetworkError::NotSent { reason },
        (error, _) => error,
    }
}

#[derive(Debug, Default, Deserialize)]
struct ErrorBody {
    #[serde(default)]
    error: String,
    #[serde(default)]
    message: String,
}

/// What an answer that is no success means.
pub(super) fn judge(answer: &Answer, effect: Effect, now: At) -> Failure {
    let status = answer.status();
    // A proxy in front of the server answers with a page, which has neither.
    let ErrorBody { error: name, message } = serde_json::from_slice(answer.body()).unwrap_or_default();
    let said = sentence(&name, &message, status);
    let error = match (status, name.as_str()) {
        (_, "ExpiredToken" | "InvalidToken") => NetworkError::Expired { reason: said },
        (_, "AccountTakedown" | "AccountDeactivated" | "AccountSuspended" | "RepoDeactivated" | "RepoTakendown") => {
            NetworkError::Reconnect { reason: format!("Bluesky has closed or paused this account ({name})") }
        }
        (401, _) => NetworkError::Reconnect { reason: said },
        (429, _) => NetworkError::Wait { until_at: comes_back_at(answer, now), reason: said },
        (503, _) if answer.header("retry-after").is_some() => {
            NetworkError::Wait { until_at: answer.retry_after(now), reason: said }
        }
        // A different record under our own key: an earlier attempt is out.
        (_, "InvalidSwap") | (408 | 409 | 425 | 500.., _) if effect == Effect::Visible => {
            NetworkError::Unclear { reason: said }
        }
        (408 | 409 | 425 | 500.., _) => NetworkError::NotSent { reason: said },
        (_, name) => NetworkError::Refused { reason: refusal(name, said) },
    };
    Failure { status: Some(status), name, error }
}

/// When the server lets Belfry in again: its own header in seconds since 1970, else the common one.
fn comes_back_at(answer: &Answer, now: At) -> Option<At> {
    let reset = answer.header("ratelimit-reset").and_then(|text| text.trim().parse::<i64>().ok());
    let at = reset.map(|seconds| At::from_millis(seconds.saturating_mul(1000)));
    let at = at.filter(|at| now < *at).or_else(|| answer.retry_after(now))?;
    Some(at.min(now.plus(Duration::from_hours(24))))
}

/// Why, in words. A picture that is too large has a name of its own only at some servers; others say it in the message.
fn refusal(name: &str, said: String) -> String {
    match name {
        _ if said.contains("blob too big") => TOO_LARGE.to_owned(),
        "BlobTooLarge" | "PayloadTooLarge" => TOO_LARGE.to_owned(),
        "InvalidMimeType" => "this Bluesky server does not take pictures of this type".to_owned(),
        "BlobNotFound" => "the Bluesky server no longer has the uploaded picture".to_owned(),
        _ => said,
    }
}

/// What the server said, cut to a sentence, on one line.
fn sentence(name: &str, message: &str, status: u16) -> String {
    let words = [message, name].into_iter().find(|words| !words.trim().is_empty());
    let Some(words) = words else { return format!("Bluesky answered with status {status}") };
    let line: String = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let line: String = line.chars().filter(|sign| !sign.is_control()).take(REASON_MAX_CHARS).collect();
    format!("Bluesky says: {line}")
}
