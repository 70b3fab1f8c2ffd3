//! The clock guard: small boards have no battery clock, and a wrong clock would publish everything, or nothing.
//!
//! The store remembers the latest time it has seen. A wall clock behind that, or far ahead of it, is not believed: nothing
//! is published until the system says that its clock is set, the clocks of two networks' servers agree with it, or a
//! person says that it is right.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::base::clock::At;
use crate::people::{Actor, Refusal};
use crate::store::{
    Change, Record, StoreError, Stored,
    schema::{self, CollectionId},
};

/// A clock may go back by so much: corrections do that.
const BACK: Duration = Duration::from_mins(2);
/// A device may have been off for so long without its clock being asked about.
const AHEAD: Duration = Duration::from_hours(26);
/// Servers' clocks agree with ours within this.
const AGREE: Duration = Duration::from_mins(2);
/// How often the latest time is written down.
pub const MARK_EVERY: Duration = Duration::from_mins(10);

/// The key of the one mark there is.
const ONLY: u8 = 0;

/// The latest time this store has seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClockMark {
    /// Then.
    pub seen_at: At,
}

impl Record for ClockMark {
    const COLLECTION: CollectionId = schema::CLOCK_MARK;
    type Key = u8;

    fn key(&self) -> Self::Key {
        ONLY
    }
}

/// What is thought of the wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clockwise {
    /// It can be believed.
    Plausible,
    /// It is behind what the store has seen.
    Behind {
        /// What the store has seen.
        seen_at: At,
    },
    /// It is far ahead of what the store has seen, and nothing confirms it.
    FarAhead {
        /// What the store has seen.
        seen_at: At,
    },
}

/// Judges the wall clock by what the store has seen and by who confirms it.
pub fn judge(now: At, seen_at: Option<At>, confirmed: bool) -> Clockwise {
    match seen_at {
        _ if confirmed => Clockwise::Plausible,
        Some(seen_at) if now < seen_at.minus(BACK) => Clockwise::Behind { seen_at },
        Some(seen_at) if seen_at.plus(AHEAD) < now => Clockwise::FarAhead { seen_at },
        _ => Clockwise::Plausible,
    }
}

/// Looks at the clock, and writes the time down where it is plausible and [`MARK_EVERY`] has passed.
pub async fn look(app: &App) -> Result<Clockwise, StoreError> {
    let now = app.clock.now();
    let mark: Option<Stored<ClockMark>> = app.store.find(&ONLY).await?;
    let seen_at = mark.as_ref().map(|mark| mark.seen_at);
    let unsure = judge(now, seen_at, false) != Clockwise::Plausible;
    let judged = judge(now, seen_at, unsure && confirmed(app));
    if judged == Clockwise::Plausible && seen_at.is_none_or(|seen_at| unsure || MARK_EVERY <= now.since(seen_at)) {
        write(app, mark.as_ref(), now).await?;
    }
    Ok(judged)
}

/// What is thought of the clock, without writing anything down: for pages.
pub async fn peek(app: &App) -> Result<Clockwise, StoreError> {
    let now = app.clock.now();
    let mark: Option<Stored<ClockMark>> = app.store.find(&ONLY).await?;
    let seen_at = mark.as_ref().map(|mark| mark.seen_at);
    let unsure = judge(now, seen_at, false) != Clockwise::Plausible;
    Ok(judge(now, seen_at, unsure && confirmed(app)))
}

/// A person says that the clock is right.
pub async fn confirm(app: &App, actor: &Actor) -> Result<(), Refusal> {
    actor.may(crate::people::Action::ManageSettings)?;
    let mark: Option<Stored<ClockMark>> = app.store.find(&ONLY).await?;
    write(app, mark.as_ref(), app.clock.now()).await?;
    app.kicks.kick_all();
    Ok(())
}

async fn write(app: &App, mark: Option<&Stored<ClockMark>>, now: At) -> Result<(), StoreError> {
    let next = ClockMark { seen_at: now };
    let mut change = Change::default();
    match mark {
        Some(mark) => change.update(mark, &next),
        None => change.insert(&next),
    };
    app.store.commit(change).await.map(drop)
}

/// Whether something outside confirms the clock: the system's own time service, or two servers that agree.
fn confirmed(app: &App) -> bool {
    // systemd-timesyncd makes this file once the time is set (systemd-timesyncd.service(8), read 2026-11). A clock that
    // a test has moved is not confirmed by it.
    let set_by_system =
        app.clock.offset_ms() == 0 && std::path::Path::new("/run/systemd/timesync/synchronized").exists();
    let agreeing =
        app.client.servers_ahead_ms().into_iter().filter(|ahead| Duration::from_millis(ahead.unsigned_abs()) <= AGREE);
    set_by_system || 2 <= agreeing.count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_believed_unless_it_jumped() {
        let seen = At::parse("2026-11-22T09:00:00Z").unwrap();
        let check = |now: &str, confirmed, expected| {
            assert_eq!(judge(At::parse(now).unwrap(), Some(seen), confirmed), expected, "{now}");
        };
        check("2026-11-22T09:10:00Z", false, Clockwise::Plausible);
        check("2026-11-22T08:59:00Z", false, Clockwise::Plausible);
        check("1970-01-01T00:01:00Z", false, Clockwise::Behind { seen_at: seen });
        check("2026-12-13T09:00:00Z", false, Clockwise::FarAhead { seen_at: seen });
        check("2026-12-13T09:00:00Z", true, Clockwise::Plausible);
        assert_eq!(judge(At::from_millis(0), None, false), Clockwise::Plausible);
    }
}
