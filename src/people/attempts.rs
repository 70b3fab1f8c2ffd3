//! Limits on guessing: how often one may fail in a quarter of an hour, per account and per address.
//!
//! The counts are in the store, so that a restart opens no hole. An attempt is counted before the password is looked
//! at, and given back when it was right, so that many at once count as many. Accounts that do not exist are counted
//! like those that do. Addresses are kept as keyed digests only.
//!
//! Someone who guesses at an account can keep its owner from signing in meanwhile; sessions that are open stay open,
//! and `belfry user password` on the machine itself always works.

#[cfg(test)]
mod tests;

use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Refusal;
use crate::app::App;
use crate::base::clock::At;
use crate::store::schema::{self, CollectionId};
use crate::store::{Change, Record, Scan, StoreError, Stored};

/// The span in which failures add up, from the first.
pub const WINDOW: Duration = Duration::from_mins(15);
/// Failures per account.
pub const PER_ACCOUNT: u32 = 10;
/// Failures per address: several people may share one.
pub const PER_ADDRESS: u32 = 40;

crate::ids! {
    /// A digest of what is counted.
    AttemptsId,
}

/// How often something was tried without success.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempts {
    /// What is counted.
    pub id: AttemptsId,
    /// The first failure of the window.
    pub since_at: At,
    /// How many.
    pub failures: u32,
}

impl Record for Attempts {
    const COLLECTION: CollectionId = schema::ATTEMPTS;
    type Key = AttemptsId;
    fn key(&self) -> AttemptsId {
        self.id
    }
}

impl Attempts {
    /// Until when no more attempt is taken, if the limit is reached.
    fn closed_until(&self, limit: u32, now: At) -> Option<At> {
        let end = self.since_at.plus(WINDOW);
        // A clock that was set back must not close the door for longer than the window.
        (limit <= self.failures && now < end && self.since_at <= now.plus(WINDOW)).then_some(end)
    }

    fn one_more(&self, now: At) -> Self {
        let over = self.since_at.plus(WINDOW) <= now || now.plus(WINDOW) < self.since_at;
        let (since_at, failures) = if over { (now, 0) } else { (self.since_at, self.failures) };
        Self { id: self.id, since_at, failures: failures.saturating_add(1) }
    }

    fn one_less(&self) -> Self {
        Self { failures: self.failures.saturating_sub(1), ..self.clone() }
    }
}

/// Something with a limit.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    id: AttemptsId,
    most: u32,
    forgiven: bool,
}

/// Signing in to this account; right once, all is forgiven.
pub fn account(app: &App, sign_in: &str) -> Limit {
    Limit { id: id(app, &[b"account", sign_in.as_bytes()]), most: PER_ACCOUNT, forgiven: true }
}

/// Anything tried from this address: a success takes back only itself, so that an own account does not clear the way.
pub fn address(app: &App, address: IpAddr) -> Limit {
    Limit { id: id(app, &[b"address", network(address).as_bytes()]), most: PER_ADDRESS, forgiven: false }
}

/// The set-up code.
pub fn set_up(app: &App) -> Limit {
    Limit { id: id(app, &[b"set-up"]), most: PER_ACCOUNT, forgiven: true }
}

fn id(app: &App, parts: &[&[u8]]) -> AttemptsId {
    let signature = app.sealer.signer("attempts").sign(parts);
    crate::base::id::digest(&[&signature])
}

/// An address as it is counted: of IPv6 the network of 64 bits, which is what one household or machine has.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).to_string(),
    }
}

/// Counts an attempt under all these limits, or refuses it when one is reached.
pub async fn count(app: &App, limits: &[Limit]) -> Result<(), Refusal> {
    write(
        app,
        |now, limit, old| {
            let fresh = Attempts { id: limit.id, since_at: now, failures: 0 };
            let known = old.unwrap_or(&fresh);
            match known.closed_until(limit.most, now) {
                Some(until_at) => Err(Refusal::TooOften { until_at }),
                None => Ok(Some(known.one_more(now))),
            }
        },
        limits,
    )
    .await
}

/// Gives back an attempt that was right: an account's failures are forgiven, an address gets back only this one.
pub async fn give_back(app: &App, limits: &[Limit]) -> Result<(), Refusal> {
    let step = |_now: At, limit: &Limit, old: Option<&Attempts>| {
        let left = old.map(Attempts::one_less);
        Ok(left.filter(|left| !limit.forgiven && 0 < left.failures))
    };
    write(app, step, limits).await
}

/// Gives back an attempt that was never looked at. Forgives nothing else.
pub async fn take_back(app: &App, limits: &[Limit]) -> Result<(), Refusal> {
    let step = |_now: At, _limit: &Limit, old: Option<&Attempts>| {
        Ok(old.map(Attempts::one_less).filter(|left| 0 < left.failures))
    };
    write(app, step, limits).await
}

/// Removes counts whose window is over, a few hundred at a time. For upkeep.
pub async fn sweep(app: &App, after: Option<AttemptsId>) -> Result<(usize, Option<AttemptsId>), Refusal> {
    let now = app.clock.now();
    let page = app.store.list::<Attempts>(Scan::all().after_if(after.as_ref()).limit(200)).await?;
    let last = page.last().map(|attempts| attempts.id);
    let mut change = Change::new();
    let mut removed: usize = 0;
    for attempts in page.iter().filter(|attempts| attempts.since_at.plus(WINDOW) <= now) {
        change.remove(attempts);
        removed = removed.saturating_add(1);
    }
    if 0 < removed {
        match app.store.commit(change).await {
            Ok(_) | Err(StoreError::Conflict) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok((removed, last))
}

/// Writes what `step` makes of each limit's row; another writer in between means reading again.
async fn write(
    app: &App,
    step: impl Fn(At, &Limit, Option<&Attempts>) -> Result<Option<Attempts>, Refusal>,
    limits: &[Limit],
) -> Result<(), Refusal> {
    for _attempt in 0..20 {
        let (now, mut change) = (app.clock.now(), Change::new());
        for limit in limits {
            let old: Option<Stored<Attempts>> = app.store.find::<Attempts>(&limit.id).await?;
            match (&old, step(now, limit, old.as_ref().map(|old| &old.row))?) {
                (Some(old), Some(new)) => change.update(old, &new),
                (Some(old), None) => change.remove(old),
                (None, Some(new)) => change.insert(&new),
                (None, None) => &mut change,
            };
        }
        match app.store.commit(change).await {
            Ok(_version) => return Ok(()),
            Err(StoreError::Conflict) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Refusal::Store(StoreError::Busy))
}
