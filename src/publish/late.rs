//! Late posts: held when too late, spaced when several come at once after an outage.
//!
//! A burst of late posts got people banned elsewhere, so after an outage a channel sends one, waits, sends the next.

use std::time::Duration;

use crate::base::clock::At;

/// A post that is this late counts as late.
const LATE_AFTER: Duration = Duration::from_mins(2);
/// How far apart late posts leave on one channel.
const SPACING: Duration = Duration::from_mins(5);

/// What to do with a publication at its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lateness {
    /// Send it.
    OnTime,
    /// Send it, and nothing else that is late on this channel before `next_at`.
    Late {
        /// When the next late one may leave.
        next_at: At,
    },
    /// Keep it and tell.
    TooLate,
}

/// Judges a publication that was due at `due_at`. `limit`: how late the workspace lets one be.
pub fn judge(due_at: At, now: At, limit: Duration) -> Lateness {
    let late_by = now.since(due_at);
    if limit < late_by {
        Lateness::TooLate
    } else if LATE_AFTER < late_by {
        Lateness::Late { next_at: now.plus(SPACING) }
    } else {
        Lateness::OnTime
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lateness_has_two_borders() {
        let due = At::parse("2026-11-22T09:00:00Z").unwrap();
        let after = |minutes| judge(due, due.plus(Duration::from_mins(minutes)), Duration::from_hours(6));
        assert_eq!(after(0), Lateness::OnTime);
        assert_eq!(after(2), Lateness::OnTime);
        assert!(matches!(after(3), Lateness::Late { .. }));
        assert!(matches!(after(360), Lateness::Late { .. }));
        assert_eq!(after(361), Lateness::TooLate);
        assert_eq!(judge(due, due.minus(Duration::from_mins(9)), Duration::ZERO), Lateness::OnTime);
    }
}
