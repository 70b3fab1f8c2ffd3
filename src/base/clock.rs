//! Time, as a thing that is handed over. Every instant in Belfry is an [`At`]: milliseconds since 1970, UTC.
//!
//! The clock is the wall clock plus an offset, which only tests and the bench move. Real servers that take part in a
//! test check real time, so time is shifted, never stopped. Waiting goes through [`Clock::until`], which notices a shift.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::watch;

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct At(i64);

impl At {
    /// The instant this many milliseconds after 1970; negative before it.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970, rounded down.
    pub const fn as_seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// This instant and a span after it; stays at the largest instant rather than overflow.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(millis_of(span)))
    }

    /// This instant less a span; stays at the smallest instant rather than overflow.
    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(millis_of(span)))
    }

    /// How long after `earlier` this is; zero when it is not after it.
    pub fn since(self, earlier: Self) -> Duration {
        u64::try_from(self.0.saturating_sub(earlier.0)).map_or(Duration::ZERO, Duration::from_millis)
    }

    /// As the time library knows it; instants beyond the year 9999 become the last one it has.
    pub fn to_timestamp(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(if self.0 < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        })
    }

    /// Reads RFC 3339, as networks and the API write it.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse::<jiff::Timestamp>().ok().map(Self::from)
    }
}

fn millis_of(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

impl From<jiff::Timestamp> for At {
    fn from(timestamp: jiff::Timestamp) -> Self {
        Self(timestamp.as_millisecond())
    }
}

/// RFC 3339 with milliseconds, UTC: `2026-11-22T09:00:00.000Z`.
impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.to_timestamp())
    }
}

/// The clock: wall time plus an offset. Clones share the offset.
#[derive(Clone, Debug)]
pub struct Clock {
    offset_ms: Arc<watch::Sender<i64>>,
}

impl Default for Clock {
    fn default() -> Self {
        Self::with_offset(0)
    }
}

impl Clock {
    /// A clock that is this many milliseconds ahead of the wall clock.
    pub fn with_offset(offset_ms: i64) -> Self {
        Self { offset_ms: Arc::new(watch::Sender::new(offset_ms)) }
    }

    /// The present instant.
    pub fn now(&self) -> At {
        At(wall_millis().saturating_add(*self.offset_ms.borrow()))
    }

    /// How far this clock is ahead of the wall clock, in milliseconds.
    pub fn offset_ms(&self) -> i64 {
        *self.offset_ms.borrow()
    }

    /// Sets how far this clock is ahead, and wakes everything that waits. For tests and the bench.
    pub fn set_offset_ms(&self, offset_ms: i64) {
        self.offset_ms.send_replace(offset_ms);
    }

    /// Moves this clock so that `now` is `at`, and wakes everything that waits.
    pub fn set(&self, at: At) {
        self.set_offset_ms(at.0.saturating_sub(wall_millis()));
    }

    /// Resolves when the clock has reached `at`. Looks again at least every minute, so that a wall clock that
    /// was set while waiting is noticed.
    pub async fn until(&self, at: At) {
        let mut offset = self.offset_ms.subscribe();
        loop {
            let left = at.since(self.now());
            if left.is_zero() {
                return;
            }
            tokio::select! {
                () = tokio::time::sleep(left.min(Duration::from_mins(1))) => {}
                shifted = offset.changed() => if shifted.is_err() { return },
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place where the wall clock is read")]
fn wall_millis() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}
