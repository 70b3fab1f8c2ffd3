//! Sessions: one sign-in of a person on one browser.
//!
//! The browser holds a random token; the store holds its digest, so that a copy of the store opens no session. A session
//! ends after 30 days without use, after 180 days in any case, or when it is revoked. When it was last seen is written
//! at most once an hour, so that reading pages writes nothing.

#[cfg(test)]
mod tests;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::person::Person;
use super::{PersonId, Refusal, SessionId};
use crate::app::App;
use crate::base::clock::At;
use crate::base::id::{digest, random_token};
use crate::base::seal::Secret;
use crate::store::schema::{self, CollectionId};
use crate::store::{Change, Entries, Record, Scan, StoreError, Stored};

/// A session ends this long after its last use.
pub const IDLE_FOR: Duration = Duration::from_hours(30 * 24);
/// A session ends this long after it began.
pub const WHOLE_FOR: Duration = Duration::from_hours(180 * 24);
/// How exactly the last use is known.
const SEEN_EVERY: Duration = Duration::from_hours(1);
/// How many sessions a person has at most; the least used one makes room.
const PER_PERSON: usize = 50;

/// A session, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Which: the beginning of the token's digest.
    pub id: SessionId,
    /// The whole digest.
    pub proof: Proof,
    /// Whose.
    pub person: PersonId,
    /// Since when.
    pub created_at: At,
    /// Last used, to the hour.
    pub seen_at: At,
    /// The browser, in a few words.
    pub agent: String,
}

/// The digest of a token. Prints as nothing.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Proof(#[serde(with = "serde_bytes")] [u8; 32]);

impl std::fmt::Debug for Proof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Proof(…)")
    }
}

impl Proof {
    /// The digest of this token.
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }

    /// The id of the row that keeps it.
    pub fn id<T: From<u128>>(&self) -> T {
        digest(&[b"token", &self.0])
    }

    /// Whether both are of the same token; takes the same time for each.
    pub fn matches(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

crate::index! {
    /// The sessions of a person.
    pub SessionsByPerson in schema::SESSIONS_BY_PERSON: (PersonId, SessionId) => ()
}

impl Record for Session {
    const COLLECTION: CollectionId = schema::SESSIONS;
    type Key = SessionId;
    fn key(&self) -> SessionId {
        self.id
    }
    fn entries(&self, out: &mut Entries) {
        out.add(SessionsByPerson, (self.person, self.id), &());
    }
}

impl Session {
    /// When it ends if it is not used any more.
    pub fn ends_at(&self) -> At {
        self.seen_at.plus(IDLE_FOR).min(self.created_at.plus(WHOLE_FOR))
    }

    fn is_over(&self, now: At) -> bool {
        self.ends_at() <= now
    }
}

/// A session that was just begun, and the token for the browser: the only time it is known.
#[derive(Debug)]
pub struct Begun {
    /// The token for the cookie.
    pub token: Secret,
    /// The session.
    pub session: Session,
}

/// Who a session belongs to.
#[derive(Clone, Debug)]
pub struct Signed {
    /// The session.
    pub session: Session,
    /// The person.
    pub person: Person,
}

/// Makes a session for the person; the caller commits it.
pub(super) fn begin(app: &App, person: PersonId, agent: &str, change: &mut Change) -> Begun {
    let (token, now) = (random_token(), app.clock.now());
    let proof = Proof::of(&token);
    let session = Session { id: proof.id(), proof, person, created_at: now, seen_at: now, agent: short_agent(agent) };
    change.insert(&session);
    Begun { token: Secret::new(token), session }
}

/// Who this token belongs to; `None` when it is not known, over or revoked.
pub async fn find(app: &App, token: &str) -> Result<Option<Signed>, Refusal> {
    let (proof, now) = (Proof::of(token), app.clock.now());
    let Some(stored) = app.store.find::<Session>(&proof.id()).await? else { return Ok(None) };
    if !stored.proof.matches(&proof) || stored.is_over(now) {
        return Ok(None);
    }
    let Some(person) = app.store.find::<Person>(&stored.person).await? else { return Ok(None) };
    let session = see(app, stored, now).await?;
    Ok(Some(Signed { session, person: person.row }))
}

/// Writes that the session was used, if that is long enough ago. That it was revoked at the same moment, or seen by
/// another request, is no trouble.
async fn see(app: &App, stored: Stored<Session>, now: At) -> Result<Session, Refusal> {
    if now.since(stored.seen_at) < SEEN_EVERY {
        return Ok(stored.row);
    }
    let seen = Session { seen_at: now, ..stored.row.clone() };
    let mut change = Change::new();
    change.update(&stored, &seen);
    match app.store.commit(change).await {
        Ok(_version) => Ok(seen),
        // A full disk must not lock people out of reading.
        Err(StoreError::Conflict | StoreError::Full { .. } | StoreError::Busy) => Ok(stored.row),
        Err(error) => Err(error.into()),
    }
}

/// Whether the session is still there and not over.
pub async fn is_alive(app: &App, id: SessionId) -> Result<bool, Refusal> {
    let stored = app.store.find::<Session>(&id).await?;
    Ok(stored.is_some_and(|session| !session.is_over(app.clock.now())))
}

/// The sessions of a person, the last used first.
pub async fn list(app: &App, person: PersonId) -> Result<Vec<Stored<Session>>, Refusal> {
    let entries = app.store.list_index::<SessionsByPerson>(Scan::under((person,)).limit(2 * PER_PERSON)).await?;
    let mut list = Vec::with_capacity(entries.len());
    for entry in entries {
        let (_person, id) = entry.key;
        list.extend(app.store.find::<Session>(&id).await?);
    }
    list.sort_by_key(|session| std::cmp::Reverse(session.seen_at));
    Ok(list)
}

/// Ends one session of this person.
pub async fn revoke(app: &App, person: PersonId, id: SessionId) -> Result<(), Refusal> {
    let stored = app.store.find::<Session>(&id).await?.filter(|session| session.person == person);
    let mut change = Change::new();
    change.remove(&stored.ok_or(Refusal::NotThere)?);
    app.store.commit(change).await?;
    tell_ended(app, person);
    Ok(())
}

/// Ends all sessions of this person, `but` one.
pub async fn revoke_all(app: &App, person: PersonId, but: Option<SessionId>) -> Result<usize, Refusal> {
    let mut change = Change::new();
    let ended = end_all(app, person, but, &mut change).await?;
    if 0 < ended {
        app.store.commit(change).await?;
        tell_ended(app, person);
    }
    Ok(ended)
}

/// Tells open streams, whatever workspace they show, that sessions of this person ended.
pub(super) fn tell_ended(app: &App, person: PersonId) {
    app.live.tell_everywhere("session", person);
}

/// Puts the end of all sessions `but` one into a commit, such as that of a new password; [`tell_ended`] follows it.
pub(super) async fn end_all(
    app: &App,
    person: PersonId,
    but: Option<SessionId>,
    change: &mut Change,
) -> Result<usize, Refusal> {
    let sessions = list(app, person).await?;
    let mut ended: usize = 0;
    for session in sessions.iter().filter(|session| Some(session.id) != but) {
        change.remove(session);
        ended = ended.saturating_add(1);
    }
    Ok(ended)
}

/// Makes room for one more session: removes those that are over, and the least used ones beyond the most there may be.
pub(super) async fn make_room(app: &App, person: PersonId, change: &mut Change) -> Result<(), Refusal> {
    let now = app.clock.now();
    for (place, session) in list(app, person).await?.iter().enumerate() {
        if session.is_over(now) || PER_PERSON <= place.saturating_add(1) {
            change.remove(session);
        }
    }
    Ok(())
}

/// Removes sessions that are over, a few hundred at a time; gives how many. For upkeep.
pub async fn sweep(app: &App, after: Option<SessionId>) -> Result<(usize, Option<SessionId>), Refusal> {
    let now = app.clock.now();
    let page = app.store.list::<Session>(Scan::all().after_if(after.as_ref()).limit(200)).await?;
    let last = page.last().map(|session| session.id);
    let mut removed = 0;
    for session in page.iter().filter(|session| session.is_over(now)) {
        let mut change = Change::new();
        change.remove(session);
        match app.store.commit(change).await {
            Ok(_version) => removed += 1,
            Err(StoreError::Conflict) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok((removed, last))
}

/// The browser and its system in a few words, from what it says of itself: `Firefox on Android`.
pub fn short_agent(agent: &str) -> String {
    let find =
        |known: &[(&str, &'static str)]| known.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name);
    // Order matters: Edge and Opera also say Chrome, Chrome also says Safari, Android also says Linux.
    let browser = find(&[
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Vivaldi/", "Vivaldi"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ]);
    let system = find(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("CrOS", "ChromeOS"),
        ("Mac OS X", "Mac"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(known), None) | (None, Some(known)) => known.to_owned(),
        (None, None) => String::new(),
    }
}
