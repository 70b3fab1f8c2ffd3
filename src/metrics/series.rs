//! The rows: the snapshots of a publication in one row, the days of a channel in one row a month.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::base::clock::At;
use crate::channels::ChannelId;
use crate::networks::{AccountCounts, Counts};
use crate::people::WorkspaceId;
use crate::publish::PublicationId;
use crate::store::{
    Entries, Record,
    schema::{self, CollectionId},
};

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

/// When snapshots of a publication are taken: so many seconds after it went out. Little happens later.
const TIMETABLE_S: [u64; 18] = [
    300,
    900,
    1800,
    HOUR,
    2 * HOUR,
    4 * HOUR,
    8 * HOUR,
    16 * HOUR,
    DAY,
    2 * DAY,
    3 * DAY,
    5 * DAY,
    7 * DAY,
    14 * DAY,
    30 * DAY,
    60 * DAY,
    90 * DAY,
    180 * DAY,
];

/// The snapshots of one publication.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// Whose.
    pub workspace: WorkspaceId,
    /// Of which publication.
    pub publication: PublicationId,
    /// On which channel.
    pub channel: ChannelId,
    /// When it went out.
    pub published_at: At,
    /// The oldest first.
    pub snapshots: Vec<Snapshot>,
    /// When the next is due; none: no more are taken.
    pub next_at: Option<At>,
}

/// What was counted at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// When.
    pub at: At,
    /// What.
    #[serde(flatten)]
    pub counts: Counts,
}

crate::index! {
    /// Series whose next snapshot is due, by channel and when: so that one call asks for many.
    pub SeriesByNext in schema::SERIES_BY_NEXT: (At, WorkspaceId, ChannelId, PublicationId) => ();
}

impl Record for Series {
    const COLLECTION: CollectionId = schema::SERIES;
    type Key = (WorkspaceId, PublicationId);

    fn key(&self) -> Self::Key {
        (self.workspace, self.publication)
    }

    fn entries(&self, out: &mut Entries) {
        if let Some(next_at) = self.next_at {
            out.add(SeriesByNext, (next_at, self.workspace, self.channel, self.publication), &());
        }
    }
}

impl Series {
    /// The newest counts.
    pub fn newest(&self) -> Option<&Counts> {
        self.snapshots.last().map(|snapshot| &snapshot.counts)
    }
}

/// When the snapshot after one at `now` is due.
pub fn next_at(published_at: At, now: At) -> Option<At> {
    let age = now.since(published_at);
    TIMETABLE_S.iter().map(|s| Duration::from_secs(*s)).find(|due| age < *due).map(|due| published_at.plus(due))
}

/// The days of one channel in one month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChannelMonth {
    /// Whose.
    pub workspace: WorkspaceId,
    /// Which channel.
    pub channel: ChannelId,
    /// Year × 12 + month − 1, in UTC.
    pub month: u32,
    /// By day of the month.
    pub days: BTreeMap<u8, AccountCounts>,
}

impl Record for ChannelMonth {
    const COLLECTION: CollectionId = schema::CHANNEL_MONTHS;
    type Key = (WorkspaceId, ChannelId, u32);

    fn key(&self) -> Self::Key {
        (self.workspace, self.channel, self.month)
    }
}

/// The month and the day of an instant, as [`ChannelMonth`] counts them.
pub fn month_and_day(at: At) -> (u32, u8) {
    let date = at.to_timestamp().to_zoned(jiff::tz::TimeZone::UTC).date();
    let month = i32::from(date.year()).saturating_mul(12).saturating_add(i32::from(date.month())).saturating_sub(1);
    (u32::try_from(month).unwrap_or(0), u8::try_from(date.day()).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snapshots_thin_out_and_end() {
        let out = At::parse("2026-11-22T09:00:00Z").unwrap();
        let mut at = out;
        let mut taken = 0;
        while let Some(next) = next_at(out, at) {
            assert!(at < next);
            at = next;
            taken += 1;
        }
        assert_eq!(taken, TIMETABLE_S.len());
        assert_eq!(next_at(out, out.plus(Duration::from_secs(400 * DAY))), None);
    }

    #[test]
    fn a_month_is_counted_from_year_nought() {
        assert_eq!(month_and_day(At::parse("2026-11-22T23:59:59Z").unwrap()), (2026 * 12 + 10, 22));
    }
}
