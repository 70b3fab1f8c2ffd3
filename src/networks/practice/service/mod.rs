//! The Practice service: request in, answer out. Durable: what was answered is in its file.
//!
//! It speaks no HTTP itself, so that the same code stands under `/practice` of a server and alone in a process of its
//! own. What cannot be said in an answer (close the connection, come late, send half) is left to the HTTP side as
//! [`Deliver`], and deliveries to webhooks as [`Delivery`].
//!
//! # Its interface, below its base address
//!
//! All but the first four need `Authorization: Bearer <token>`. Bodies are JSON, shapes are in [`super::wire`].
//!
//! | request | what it does |
//! |---|---|
//! | `POST /api/accounts {name}` | opens an account, or signs in to the one of this name → `Me` with a token |
//! | `GET /api/timeline?limit` | what is public, newest first → `Posts` |
//! | `GET /media/{digest}` | the bytes of a picture |
//! | `GET /api/posts/{id}` of a public post | → `Post` |
//! | `GET /api/me` | → `Me` |
//! | `POST /api/media`, raw bytes and their type | → `Upload` |
//! | `GET /api/media/{id}` | whether it can be used → `Upload` |
//! | `POST /api/posts` `Draft`, `Idempotency-Key` | makes a post → 201 `Post`; 200 and the same post for a key that is honoured |
//! | `POST /api/containers` `Draft` | → 201 `Container` |
//! | `GET /api/containers/{id}` | → `Container` with the post it became |
//! | `POST /api/containers/{id}/publish` | → 201 `Post`; 409 when it is out already |
//! | `PUT`, `DELETE /api/posts/{id}` | changes it → `Post`; takes it down → 204 |
//! | `GET /api/posts/{id}/replies` | all answers below it → `Posts` |
//! | `POST /api/posts/{id}/likes` | likes it → `Post` |
//! | `GET /api/accounts/{id}/posts?before&limit` | its posts, newest first → `Posts`; 403 where it does not list |
//! | `GET /api/counts?ids=p1,p2` | → `Posts`, those that are gone left out |
//! | `GET /api/inbox?after&limit` | → `Messages` |
//! | `PUT /api/webhook {url, secret}`, `DELETE` | where comments are told, signed the Standard Webhooks way |
//!
//! And to control it, each for the account of the token:
//!
//! | request | what it does |
//! |---|---|
//! | `GET`, `PUT /api/behaviour` | abilities and limits ([`super::wire::Behaviour`]); what is left out is the default |
//! | `GET /api/faults`, `POST` one, `DELETE` all | what goes wrong next ([`Fault`]) |
//! | `POST /api/release` | lets everything that stalls go on |
//! | `DELETE /api/tokens` | ends all tokens of the account, this one too |
//! | `POST /api/posts/{id}/comments {from, text}` | a comment by somebody, who gets an account |
//! | `PUT /api/posts/{id}/counts` | sets what it was counted |
//! | `GET /api/arrivals` | everything that arrived to make, change or take down a post → list of `Arrival` |

mod control;
mod faults;
mod file;
mod posts;
mod route;
mod state;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::sync::watch;

pub use faults::{Fault, FaultKind};
pub use file::FileError;

use crate::base::clock::{At, Clock};
use crate::networks::practice::wire::{Arrival, Outcome, Person, Refusal};
use file::Log;
use route::Route;
use state::{AccountRow, Event, State};

/// How large a request may be.
pub const REQUEST_MAX_BYTES: usize = 24 * 1024 * 1024;
/// How long something stalls that nobody lets go on.
const STALL_MAX: Duration = Duration::from_hours(1);

/// A request, as the HTTP side read it.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// `GET` and the like.
    pub method: String,
    /// Its path below the base address, `/api/posts`.
    pub path: String,
    /// Its query, decoded.
    pub query: BTreeMap<String, String>,
    /// Its headers, names in small letters.
    pub headers: BTreeMap<String, String>,
    /// Its body.
    pub body: bytes::Bytes,
}

/// An answer, and how it is to be delivered.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// 200 and the like.
    pub status: u16,
    /// Headers besides the type.
    pub headers: Vec<(&'static str, String)>,
    /// The type of the body.
    pub content_type: String,
    /// The body.
    pub body: Vec<u8>,
    /// How the HTTP side delivers it.
    pub deliver: Deliver,
    /// What is to be sent to webhooks, best effort: a comment that was not told is found by polling.
    pub deliveries: Vec<Delivery>,
}

/// How an answer is delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deliver {
    /// As it is.
    Normal,
    /// Not at all: the connection closes.
    CloseAfterDoing,
    /// At this instant, or once [`Service::released`] says so.
    Stall {
        /// When at the latest.
        until_at: At,
    },
    /// The first half of it; then the connection closes.
    Half,
}

/// Something for a webhook. `id` stays the same however often it is tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Where.
    pub url: String,
    /// What signs it.
    pub secret: String,
    /// Its id.
    pub id: String,
    /// The raw body.
    pub body: Vec<u8>,
}

/// The service. Its state is in memory and in its file.
#[derive(Debug)]
pub struct Service {
    inner: Mutex<Inner>,
    clock: Clock,
    pictures: PathBuf,
    released: watch::Sender<u64>,
}

#[derive(Debug)]
struct Inner {
    state: State,
    log: Log,
}

/// What a handler answers: a status, what happened, and what to say once it has.
struct Done {
    status: u16,
    events: Vec<Event>,
    say: Say,
}

/// What is said, from the state after the events.
enum Say {
    Nothing,
    Value(serde_json::Value),
    Post(String),
    Container(String),
    Bytes { mime: String, bytes: Vec<u8> },
}

/// A request that is refused.
struct Refused {
    status: u16,
    error: String,
}

impl Refused {
    fn new(status: u16, error: impl Into<String>) -> Self {
        Self { status, error: error.into() }
    }
}

impl Done {
    fn say<T: Serialize>(value: &T) -> Result<Self, Refused> {
        let value = serde_json::to_value(value).map_err(|error| Refused::new(500, error.to_string()))?;
        Ok(Self { status: 200, events: Vec::new(), say: Say::Value(value) })
    }

    fn nothing(events: Vec<Event>) -> Self {
        Self { status: 204, events, say: Say::Nothing }
    }
}

/// Everything a handler may look at.
struct Asked<'a> {
    state: &'a State,
    request: &'a Request,
    pictures: &'a Path,
    now: At,
    fault: Option<&'a Fault>,
}

impl Asked<'_> {
    fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T, Refused> {
        serde_json::from_slice(&self.request.body)
            .map_err(|error| Refused::new(400, format!("the request is not understood: {error}")))
    }

    fn key(&self) -> Option<String> {
        self.request.headers.get("idempotency-key").filter(|key| !key.is_empty()).cloned()
    }

    fn limit(&self, most: usize) -> usize {
        let asked = self.request.query.get("limit").and_then(|limit| limit.parse().ok());
        asked.unwrap_or(most).clamp(1, most)
    }
}

impl Service {
    /// Opens the service on this file, which is made where there is none.
    pub fn open(path: &Path, clock: Clock) -> Result<Self, FileError> {
        let (log, lines) = Log::open::<Vec<Event>>(path)?;
        let mut state = State::default();
        lines.into_iter().flatten().for_each(|event| state.apply(event));
        let pictures = log.pictures();
        Ok(Self { inner: Mutex::new(Inner { state, log }), clock, pictures, released: watch::Sender::new(0) })
    }

    /// The clock it reads.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Changes when everything that stalls is let go.
    pub fn released(&self) -> watch::Receiver<u64> {
        self.released.subscribe()
    }

    /// Lets everything that stalls go on.
    pub fn release(&self) {
        self.released.send_modify(|times| *times = times.wrapping_add(1));
    }

    /// Answers a request. It waits for the disk: call it where that may be done.
    pub fn handle(&self, request: &Request) -> Response {
        self.take_in(request, None)
    }

    /// Answers a request of this account, which needs no token: for the server that the service is part of, whose pages
    /// show it to people. Nothing goes wrong here on purpose.
    pub fn handle_as(&self, account: &str, request: &Request) -> Response {
        self.take_in(request, Some(account))
    }

    /// The account that made a post, if the post is there.
    pub fn author_of(&self, post: &str) -> Option<String> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.state.post(post).map(|post| post.account.clone())
    }

    /// The account of this id.
    pub fn person(&self, account: &str) -> Option<Person> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.state.account(account).map(|account| account.person.clone())
    }

    fn take_in(&self, request: &Request, acting: Option<&str>) -> Response {
        let now = self.clock.now();
        let (response, written, disk) = {
            let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
            let response = inner.answer(request, acting, &self.pictures, now);
            let (written, disk) = inner.log.written();
            (response, written, disk)
        };
        if request.path == "/api/release" && response.status == 204 {
            self.release();
        }
        match disk.wait(written) {
            Ok(()) => response,
            Err(error) => refusal(500, &format!("the disk says no: {error}")),
        }
    }
}

impl Inner {
    fn answer(&mut self, request: &Request, acting: Option<&str>, pictures: &Path, now: At) -> Response {
        let Some(route) = Route::find(request) else { return refusal(404, "there is nothing here") };
        let bearer = request.headers.get("authorization").and_then(|value| value.strip_prefix("Bearer "));
        let account = match acting {
            Some(account) => self.state.account(account),
            None => bearer.and_then(|token| self.state.account_of_token(&hex_digest(token.as_bytes()))),
        };
        if account.is_none() && !route.is_open() {
            return refusal(401, "this needs a token that is valid");
        }
        let known = account.zip(route.step()).filter(|_known| acting.is_none());
        let (fault, left) = known.and_then(|(account, step)| faults::take(&account.faults, step)).unzip();
        let asked = Asked { state: &self.state, request, pictures, now, fault: fault.as_ref() };
        let did = match fault.as_ref().filter(|fault| fault.kind.does_nothing()) {
            Some(fault) => Err(before(fault)),
            None => route.handle(&asked, account),
        };
        let mut events = Vec::new();
        if let (Some((account, _step)), Some(faults)) = (known, left) {
            events.push(Event::Faults { account: account.person.id.clone(), faults });
        }
        events.extend(known.and_then(|(account, step)| arrival(&self.state, account, step, request, now, &did)));
        let did = did.map(|mut done| {
            events.append(&mut done.events);
            done
        });
        let told: Vec<String> = events.iter().filter_map(posted).collect();
        if !events.is_empty() {
            if let Err(error) = self.log.append(&events) {
                return refusal(500, &format!("the disk says no: {error}"));
            }
            for event in events {
                self.state.apply(event);
            }
        }
        let mut response = match did {
            Ok(done) => self.said(done, now),
            Err(Refused { status, error }) => refusal(status, &error),
        };
        response.deliveries = told.iter().flat_map(|post| control::deliveries(&self.state, post, now)).collect();
        match fault {
            Some(fault) => after(response, &fault, now),
            None => response,
        }
    }

    fn said(&self, done: Done, now: At) -> Response {
        let posts = |id: &str| self.state.post_ever(id).map(|row| self.state.view(row, now));
        let value = match done.say {
            Say::Nothing => return plain(done.status, "text/plain", Vec::new()),
            Say::Bytes { mime, bytes } => return plain(done.status, &mime, bytes),
            Say::Value(value) => value,
            Say::Post(id) => json!(posts(&id)),
            Say::Container(id) => {
                let post = self.state.container(&id).and_then(|row| row.post);
                json!({ "id": id, "post": post.and_then(|number| posts(&format!("p{number}"))) })
            }
        };
        plain(done.status, "application/json", value.to_string().into_bytes())
    }
}

/// What a fault says that keeps the request from being looked at.
fn before(fault: &Fault) -> Refused {
    match fault.kind {
        FaultKind::RateLimit => Refused::new(429, "too many requests"),
        FaultKind::ExpiredToken => Refused::new(401, "the token has expired"),
        FaultKind::FailBefore => Refused::new(500, "something went wrong"),
        _ => Refused::new(422, "this is refused"),
    }
}

/// What a fault makes of an answer.
fn after(response: Response, fault: &Fault, now: At) -> Response {
    match fault.kind {
        FaultKind::RateLimit => {
            let wait = fault.retry_after_s.map(|seconds| ("retry-after", seconds.to_string()));
            Response { headers: wait.into_iter().collect(), ..response }
        }
        FaultKind::FailAfter => Response { deliveries: response.deliveries, ..refusal(500, "something went wrong") },
        FaultKind::Stall => {
            let until_at = now.plus(fault.ms.map_or(STALL_MAX, Duration::from_millis).min(STALL_MAX));
            Response { deliver: Deliver::Stall { until_at }, ..response }
        }
        FaultKind::LoseAnswer => Response { deliver: Deliver::CloseAfterDoing, ..response },
        FaultKind::HalfAnswer => Response { deliver: Deliver::Half, ..response },
        FaultKind::WrongType => {
            let page = plain(200, "text/html", b"<!doctype html><title>Welcome</title><p>Welcome".to_vec());
            Response { deliveries: response.deliveries, ..page }
        }
        FaultKind::Refuse | FaultKind::ExpiredToken | FaultKind::FailBefore | FaultKind::SlowMedia => response,
    }
}

/// What is kept of a request that wants to make, change or take down a post.
fn arrival(
    state: &State,
    account: &AccountRow,
    step: &str,
    request: &Request,
    now: At,
    did: &Result<Done, Refused>,
) -> Option<Event> {
    if !matches!(step, "create" | "container" | "publish" | "edit" | "delete") {
        return None;
    }
    let draft = posts::draft_of(state, step, request);
    let media = draft.media.iter().filter_map(|media| state.media(&media.id)).map(|media| media.digest.clone());
    let (outcome, post) = match did {
        Err(_refused) => (Outcome::Refused, None),
        Ok(done) => {
            let outcome = if done.events.is_empty() { Outcome::Repeated } else { Outcome::Done };
            let said = match &done.say {
                Say::Post(id) => Some(id.clone()),
                _ => done.events.iter().find_map(|event| match event {
                    Event::Deleted { post } => Some(post.clone()),
                    _ => None,
                }),
            };
            (outcome, said)
        }
    };
    let arrival = Arrival {
        at: now,
        step: step.to_owned(),
        key: request.headers.get("idempotency-key").cloned(),
        text: draft.text,
        media: media.collect(),
        in_reply_to: draft.in_reply_to,
        outcome,
        post,
    };
    Some(Event::Arrived { account: account.person.id.clone(), arrival })
}

fn posted(event: &Event) -> Option<String> {
    match event {
        Event::Posted { post } => Some(post.id()),
        _ => None,
    }
}

fn refusal(status: u16, error: &str) -> Response {
    let refusal = Refusal { error: error.to_owned() };
    plain(status, "application/json", serde_json::to_vec(&refusal).unwrap_or_default())
}

fn plain(status: u16, content_type: &str, body: Vec<u8>) -> Response {
    Response {
        status,
        headers: Vec::new(),
        content_type: content_type.to_owned(),
        body,
        deliver: Deliver::Normal,
        deliveries: Vec::new(),
    }
}

fn hex_digest(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}
