//! Figures: what networks count, kept as snapshots, and what they say.
//!
//! A snapshot is taken of each publication on a timetable that thins out, and of each channel once a day. `None` means
//! that a network does not tell; it is never shown or summed as zero.

pub mod collect;
pub mod overview;
pub mod series;

pub use overview::{Compared, Overview, PostFigures, overview, posts};
pub use series::{ChannelMonth, Series, Snapshot};

use crate::networks::Counts;

/// Reactions, comments, shares, saves and clicks together; `None` where none of them is given.
pub fn engagement(counts: &Counts) -> Option<u64> {
    let parts = [counts.reactions, counts.comments, counts.shares, counts.quotes, counts.saves, counts.clicks];
    parts.into_iter().flatten().reduce(u64::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn engagement_sums_what_is_given_and_is_nothing_where_nothing_is() {
        assert_eq!(engagement(&Counts::default()), None);
        assert_eq!(engagement(&Counts { reactions: Some(0), ..Counts::default() }), Some(0));
        let some = Counts { reactions: Some(3), shares: Some(2), views: Some(900), ..Counts::default() };
        assert_eq!(engagement(&some), Some(5));
    }
}
