//! Local dates and times in a zone, and what daylight-saving changes do to them.
//!
//! A plan is a local date-time and a zone; the instant follows from them ([`resolve`]) and is derived again when the
//! rules of zones change. A time that a change skips moves forward by what was skipped; a time that comes twice means
//! the first. Both are said to the person ([`Shift`]).

#[cfg(test)]
mod tests;

use jiff::Zoned;
use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::clock::At;

/// The zone is not in the database of zones.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not a time zone")]
pub struct UnknownZone(pub String);

/// What a daylight-saving change did to a planned time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shift {
    /// The local time does not exist on that day; the plan moved forward.
    Skipped,
    /// The local time comes twice on that day; the first is meant.
    Twice,
}

/// The instant of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// When, in UTC.
    pub at: At,
    /// What a change of the clocks did to it.
    pub shift: Option<Shift>,
}

/// The zone of this IANA name (`Europe/Berlin`).
pub fn zone(name: &str) -> Result<TimeZone, UnknownZone> {
    TimeZone::get(name).map_err(|_unknown| UnknownZone(name.to_owned()))
}

/// The instant at which a clock on the wall of this zone shows this date and time.
pub fn resolve(local: DateTime, zone_name: &str) -> Result<Resolved, UnknownZone> {
    let ambiguous = zone(zone_name)?.to_ambiguous_timestamp(local);
    let shift = match ambiguous.offset() {
        AmbiguousOffset::Unambiguous { .. } => None,
        AmbiguousOffset::Gap { .. } => Some(Shift::Skipped),
        AmbiguousOffset::Fold { .. } => Some(Shift::Twice),
    };
    let timestamp =
        ambiguous.compatible().unwrap_or(if local.year() < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX });
    Ok(Resolved { at: timestamp.into(), shift })
}

/// What a clock on the wall of this zone shows at this instant. An unknown zone shows UTC.
pub fn local(at: At, zone_name: &str) -> Zoned {
    at.to_timestamp().to_zoned(zone(zone_name).unwrap_or(TimeZone::UTC))
}

/// The instants at which this day begins and ends in this zone. An unknown zone means UTC.
pub fn day(date: Date, zone_name: &str) -> (At, At) {
    let zone = zone(zone_name).unwrap_or(TimeZone::UTC);
    let start =
        |date: Date| date.to_zoned(zone.clone()).map_or(At::from_millis(i64::MAX), |zoned| At::from(zoned.timestamp()));
    (start(date), start(date.tomorrow().unwrap_or(date)))
}
