//! `Idempotency-Key`: what a program asked for under a key of its own is made once, however often and however much at
//! once it is asked for.
//!
//! The key is written down in the very commit that makes the thing, so there is no moment in which only one of the two
//! is there. The same key asked again finds what was made; with something else in the request it is refused. What was
//! refused leaves no key behind. Keys are kept for a day and belong to the token that used them.

use std::future::{Ready, ready};
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use serde::{Deserialize, Serialize};

use super::Failure;
use crate::app::App;
use crate::base::clock::At;
use crate::base::id::digest;
use crate::people::{Actor, Refusal, Via};
use crate::store::schema::{self, CollectionId};
use crate::store::{Change, Record, Scan, StoreError, Stored};
use crate::words::Message;

/// The header.
pub const HEADER: &str = "Idempotency-Key";
/// The longest key.
const LENGTH_MAX: usize = 255;
/// How long a key is known.
pub const KNOWN_FOR: Duration = Duration::from_hours(24);
/// Pages of keys that one sweep looks through at most.
const SWEEP_PAGES: usize = 5_000;
const SWEEP_PAGE: usize = 200;

crate::ids! {
    /// A digest of a token and a key.
    KeyId,
}

/// A key that was used, and what for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsedKey {
    /// Which.
    pub id: KeyId,
    /// A digest of the whole request.
    pub request: KeyId,
    /// The bits of the id of what was made.
    pub made: KeyId,
    /// When.
    pub at: At,
}

impl Record for UsedKey {
    const COLLECTION: CollectionId = schema::USED_KEYS;
    type Key = KeyId;
    fn key(&self) -> KeyId {
        self.id
    }
}

/// The key of a request, if it has one.
#[derive(Clone, Debug)]
pub struct RequestKey {
    id: Option<KeyId>,
    route: String,
}

/// Something that was made, now or by the same request before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Made<T> {
    /// The thing.
    pub thing: T,
    /// It was there already.
    pub before: bool,
}

/// What is known of the key of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Before {
    /// The same request made the thing with an id of these bits.
    Made(u128),
    /// Nothing was made under it, or so long ago that it is no longer known.
    Free(Option<Stored<UsedKey>>),
}

impl RequestKey {
    /// Makes something once. `sent` is a digest of what the request says; `make` makes the thing under this id in a commit
    /// that holds this change too, `find` finds what was made under it.
    pub async fn once<T>(
        &self,
        app: &App,
        sent: u128,
        make: impl AsyncFnOnce(u128, Change) -> Result<T, Refusal>,
        find: impl AsyncFn(u128) -> Result<T, Refusal>,
    ) -> Result<Made<T>, Failure> {
        let fresh: KeyId = app.ids.next();
        let mut change = Change::new();
        match self.before(app, sent).await? {
            Before::Made(made) => return Ok(Made { thing: find(made).await?, before: true }),
            Before::Free(old) => self.note(app, sent, fresh.bits(), old.as_ref(), &mut change),
        }
        match make(fresh.bits(), change).await {
            Ok(thing) => Ok(Made { thing, before: false }),
            // Perhaps the same request at the same moment was faster.
            Err(Refusal::ChangedMeanwhile) => match self.before(app, sent).await? {
                Before::Made(made) => Ok(Made { thing: find(made).await?, before: true }),
                Before::Free(_) => Err(Refusal::ChangedMeanwhile.into()),
            },
            Err(refusal) => Err(refusal.into()),
        }
    }

    /// What is known of the key; refuses one that was used for another request.
    pub async fn before(&self, app: &App, sent: u128) -> Result<Before, Failure> {
        let Some(id) = self.id else { return Ok(Before::Free(None)) };
        match app.store.find::<UsedKey>(&id).await? {
            Some(known) if app.clock.now().since(known.at) < KNOWN_FOR => {
                if known.request == self.request(sent) {
                    Ok(Before::Made(known.made.bits()))
                } else {
                    Err(Failure::KeyReused)
                }
            }
            old => Ok(Before::Free(old)),
        }
    }

    /// Writes the key down, in the commit that makes the thing of this id.
    pub fn note(&self, app: &App, sent: u128, made: u128, old: Option<&Stored<UsedKey>>, change: &mut Change) {
        let Some(id) = self.id else { return };
        let row = UsedKey { id, request: self.request(sent), made: KeyId::from_bits(made), at: app.clock.now() };
        match old {
            Some(old) => change.update(old, &row),
            None => change.insert(&row),
        };
    }

    fn request(&self, sent: u128) -> KeyId {
        digest(&[self.route.as_bytes(), &sent.to_be_bytes()])
    }
}

impl FromRequest for RequestKey {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(read(request))
    }
}

fn read(request: &HttpRequest) -> Result<RequestKey, Failure> {
    let route = format!("{} {}", request.method(), request.path());
    let Some(given) = request.headers().get(HEADER) else { return Ok(RequestKey { id: None, route }) };
    let unfit = || Refusal::field(HEADER, Message::new("problem-key-unfit").with("most", LENGTH_MAX));
    let text = given.to_str().ok().map(str::trim).ok_or_else(unfit)?;
    if text.is_empty() || LENGTH_MAX < text.len() {
        return Err(unfit().into());
    }
    let extensions = request.extensions();
    let Some(Via::Token { id, .. }) = extensions.get::<Actor>().map(|actor| &actor.via) else {
        return Err(Failure::Broken("a key of a request without a token"));
    };
    Ok(RequestKey { id: Some(digest(&[&id.bits().to_be_bytes(), text.as_bytes()])), route })
}

/// Removes keys that are no longer known. For upkeep.
pub async fn sweep(app: &App) -> Result<usize, StoreError> {
    let now = app.clock.now();
    let (mut after, mut removed) = (None, 0_usize);
    for _page in 0..SWEEP_PAGES {
        let page = app.store.list::<UsedKey>(Scan::all().after_if(after.as_ref()).limit(SWEEP_PAGE)).await?;
        let mut change = Change::new();
        let mut over = 0_usize;
        for key in page.iter().filter(|key| KNOWN_FOR <= now.since(key.at)) {
            change.remove(key);
            over = over.saturating_add(1);
        }
        if 0 < over {
            match app.store.commit(change).await {
                Ok(_) => removed = removed.saturating_add(over),
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        after = page.last().map(|key| key.id);
        if page.len() < SWEEP_PAGE {
            break;
        }
    }
    Ok(removed)
}
