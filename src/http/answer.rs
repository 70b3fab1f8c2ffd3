//! What handlers answer, and the only place where errors become statuses.
//!
//! A handler gives an [`Answer`] or a [`Failure`]. A failure is turned into a page, or into problem+json under `/api/`,
//! by one exhaustive `match` ([`Failure::kind`]); it is logged here once and nowhere else.

#[cfg(test)]
mod tests;

use std::fmt;
use std::time::Duration;

use actix_web::body::BoxBody;
use actix_web::cookie::Cookie;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, HttpResponseBuilder, Responder, ResponseError};
use bytes::Bytes;
use maud::Markup;
use serde::Serialize;

use super::flash::{self, Said};
use super::screen::Shown;
use crate::base::clock::At;
use crate::networks::NetworkError;
use crate::people::Refusal;
use crate::store::StoreError;
use crate::ui::Undo;
use crate::words::Message;

/// After this long something that was busy is worth another try.
const BUSY_FOR: Duration = Duration::from_secs(5);

/// What a handler gives: an answer, or why there is none.
pub type Answered = Result<Answer, Failure>;

/// An answer to a request.
#[derive(Debug)]
pub struct Answer {
    status: StatusCode,
    body: Body,
    headers: Vec<(HeaderName, HeaderValue)>,
    cookies: Vec<Cookie<'static>>,
    saying: Option<Said>,
}

enum Body {
    Empty,
    Html(String),
    Bytes(&'static str, Bytes),
    Response(Box<HttpResponse>),
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Empty"),
            Self::Html(html) => write!(f, "Html({} bytes)", html.len()),
            Self::Bytes(kind, bytes) => write!(f, "Bytes({kind}, {} bytes)", bytes.len()),
            Self::Response(_) => f.write_str("Response"),
        }
    }
}

impl Answer {
    fn new(status: StatusCode, body: Body) -> Self {
        Self { status, body, headers: Vec::new(), cookies: Vec::new(), saying: None }
    }

    /// A page, or a part of one.
    pub fn page(markup: Markup) -> Self {
        Self::new(StatusCode::OK, Body::Html(markup.into_string()))
    }

    /// The page with the form again, everything typed still in it, because something in it cannot be used.
    pub fn again(markup: Markup) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, Body::Html(markup.into_string()))
    }

    /// After a form: go to this page of ours (a path from the root, see `addresses`).
    pub fn go_to(path: impl AsRef<str>) -> Self {
        Self::new(StatusCode::SEE_OTHER, Body::Empty).header(header::LOCATION, path.as_ref())
    }

    /// Leaves for another host after a form, such as a network's own sign-in page. A redirect after a form would be
    /// stopped by the content policy (`form-action 'self'`), so this is a page with a link that goes there by itself.
    pub fn leave_for(url: &str, markup: Markup) -> Self {
        Self::page(markup).header(header::REFRESH, &format!("0; url={url}"))
    }

    /// JSON.
    pub fn json<T: Serialize + ?Sized>(value: &T) -> Answered {
        let bytes =
            serde_json::to_vec(value).map_err(|_error| Failure::Broken("an answer cannot be written as JSON"))?;
        Ok(Self::new(StatusCode::OK, Body::Bytes("application/json", bytes.into())))
    }

    /// Bytes of a type that was decided here, never taken from outside.
    pub fn bytes(content_type: &'static str, bytes: impl Into<Bytes>) -> Self {
        Self::new(StatusCode::OK, Body::Bytes(content_type, bytes.into()))
    }

    /// Done, and nothing to show.
    pub fn nothing() -> Self {
        Self::new(StatusCode::NO_CONTENT, Body::Empty)
    }

    /// A response made by hand: streams and files.
    pub fn response(response: HttpResponse) -> Self {
        Self::new(response.status(), Body::Response(Box::new(response)))
    }

    /// Another status than the usual one.
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        self
    }

    /// A header. A value that no header may have is left out and logged.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        match HeaderValue::from_str(value) {
            Ok(value) => self.headers.push((name, value)),
            Err(_error) => tracing::error!(header = %name, "a header value has signs that no header may have"),
        }
        self
    }

    /// The same request was answered before, and nothing was made this time.
    #[must_use]
    pub fn repeated(self) -> Self {
        self.header(HeaderName::from_static("idempotency-replayed"), "true")
    }

    /// A cookie (see `session`).
    #[must_use]
    pub fn cookie(mut self, cookie: Cookie<'static>) -> Self {
        self.cookies.push(cookie);
        self
    }

    /// A sentence that the next page shows on top: what was done.
    #[must_use]
    pub fn saying(mut self, message: Message) -> Self {
        self.saying = Some(Said { message, undo: None });
        self
    }

    /// Beside the sentence, a button that takes it back. Comes after [`Answer::saying`].
    #[must_use]
    pub fn with_undo(mut self, undo: Undo) -> Self {
        if let Some(said) = &mut self.saying {
            said.undo = Some(undo);
        }
        self
    }
}

impl Responder for Answer {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        // A redirect shows nothing: the sentence stays for the page it leads to.
        let shows = matches!(self.body, Body::Html(_));
        let mut response = match self.body {
            Body::Response(response) => *response,
            Body::Empty => HttpResponseBuilder::new(self.status).finish(),
            Body::Html(html) => {
                HttpResponseBuilder::new(self.status).content_type("text/html; charset=utf-8").body(html)
            }
            Body::Bytes(kind, bytes) => HttpResponseBuilder::new(self.status).content_type(kind).body(bytes),
        };
        for (name, value) in self.headers {
            response.headers_mut().append(name, value);
        }
        let shown = request.extensions().get::<Shown>().filter(|_shown| shows).and_then(Shown::take);
        let flash = self.saying.and_then(|said| flash::cookie(request, &said));
        // A new sentence takes the place of the one just shown.
        let notice = flash.or(shown);
        for cookie in self.cookies.iter().chain(&notice) {
            if response.add_cookie(cookie).is_err() {
                tracing::error!(cookie = cookie.name(), "a cookie cannot be set");
            }
        }
        response
    }
}

/// Why a request has no answer of its own.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A capability said no.
    #[error("{0}")]
    Refusal(#[from] Refusal),
    /// Nobody is signed in, or the token is not known.
    #[error("not signed in")]
    NotSignedIn,
    /// The token of a program was good once.
    #[error("the token ended at {ended_at}")]
    TokenExpired {
        /// When it ended.
        ended_at: At,
    },
    /// The request seems to come from another site, or its form is too old.
    #[error("perhaps forged: {0}")]
    Forged(&'static str),
    /// There is no such page.
    #[error("no such page")]
    NoSuchPage,
    /// The page is there, but not for this method.
    #[error("no such method")]
    NoSuchMethod {
        /// The methods it is there for, as `Allow` lists them.
        allow: String,
    },
    /// What was sent is of a type that is not taken here.
    #[error("another content type than {takes}")]
    WrongType {
        /// The type that is taken.
        takes: &'static str,
    },
    /// More was sent than is taken.
    #[error("more than {max_bytes} bytes were sent")]
    TooLarge {
        /// The most that is taken.
        max_bytes: usize,
    },
    /// What was sent cannot be read: broken UTF-8, broken JSON, a form of another kind.
    #[error("cannot be read: {0}")]
    Unreadable(&'static str),
    /// What was sent is no JSON.
    #[error("no JSON: {reason}")]
    NotJson {
        /// What is wrong with it, and where.
        reason: String,
    },
    /// The key of a request was used for another one.
    #[error("a key that was used for something else")]
    KeyReused,
    /// Too much is going on; a moment later it will do.
    #[error("busy")]
    Busy,
    /// Something that must not happen.
    #[error("{0}")]
    Broken(&'static str),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Refusal(error.into())
    }
}

/// What a failure is to programs: status and a stable name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The status.
    pub status: u16,
    /// The end of `type` in problem+json.
    pub name: &'static str,
}

impl Failure {
    /// Status and name. The only place that decides them.
    pub fn kind(&self) -> Kind {
        let (status, name) = match self {
            Self::Refusal(refusal) => match refusal {
                Refusal::MayNot { .. } => (403, "may-not"),
                Refusal::NotThere => (404, "not-there"),
                Refusal::ChangedMeanwhile => (409, "changed-meanwhile"),
                Refusal::Invalid(_) => (422, "invalid"),
                Refusal::Rule(_) => (409, "against-a-rule"),
                Refusal::TooOften { .. } => (429, "too-often"),
                Refusal::Network(_) => (502, "network"),
                Refusal::Store(error) => match error {
                    StoreError::Conflict => (409, "changed-meanwhile"),
                    StoreError::Busy => (503, "busy"),
                    StoreError::Full { .. } => (507, "disk-full"),
                    StoreError::TooLarge { .. } => (413, "too-large"),
                    StoreError::Stopped { .. } => (503, "store-stopped"),
                    StoreError::Damaged { .. }
                    | StoreError::Newer { .. }
                    | StoreError::Locked { .. }
                    | StoreError::Row { .. }
                    | StoreError::Io { .. } => (500, "store"),
                },
            },
            Self::NotSignedIn => (401, "not-signed-in"),
            Self::TokenExpired { .. } => (401, "token-expired"),
            Self::Forged(_) => (403, "forged"),
            Self::NoSuchPage => (404, "no-such-page"),
            Self::NoSuchMethod { .. } => (405, "no-such-method"),
            Self::TooLarge { .. } => (413, "too-large"),
            Self::WrongType { .. } => (415, "wrong-type"),
            Self::Unreadable(_) | Self::NotJson { .. } => (400, "unreadable"),
            Self::KeyReused => (422, "key-reused"),
            Self::Busy => (503, "busy"),
            Self::Broken(_) => (500, "broken"),
        };
        Kind { status, name }
    }

    /// What a person reads.
    pub fn advice(&self) -> Message {
        match self {
            Self::Refusal(refusal) => refusal.advice(),
            Self::NotSignedIn | Self::TokenExpired { .. } => Message::new("failure-not-signed-in"),
            Self::Forged(_) => Message::new("failure-forged"),
            Self::NoSuchPage => Message::new("failure-no-such-page"),
            Self::NoSuchMethod { .. } => Message::new("failure-no-such-method"),
            Self::TooLarge { max_bytes } => {
                Message::new("failure-too-large").with("mib", (max_bytes / (1024 * 1024)).max(1))
            }
            Self::WrongType { .. } | Self::Unreadable(_) | Self::NotJson { .. } | Self::KeyReused => {
                Message::new("failure-unreadable")
            }
            Self::Busy => Message::new("failure-busy"),
            Self::Broken(_) => Message::new("failure-broken"),
        }
    }

    /// When trying again is worth it, where that is known.
    pub fn retry_at(&self) -> Option<At> {
        match self {
            Self::Refusal(Refusal::TooOften { until_at }) => Some(*until_at),
            Self::Refusal(Refusal::Network(NetworkError::Wait { until_at, .. })) => *until_at,
            _ => None,
        }
    }

    /// After how long trying again is worth it, for `Retry-After`. What is only busy for a moment always says so.
    pub fn retry_after(&self, now: At) -> Option<Duration> {
        let known = self.retry_at().map(|until_at| until_at.since(now).saturating_add(Duration::from_secs(1)));
        known.or_else(|| (self.kind().status == 503).then_some(BUSY_FOR))
    }
}

/// The bare status; page or problem+json are put in its place on the way out, where the request is known.
impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.kind().status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}
