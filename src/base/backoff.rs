//! How long to wait before trying again: doubling, with jitter, bounded.

use std::time::Duration;

/// The wait before try `attempt` + 1 (the first try is 1): `first` doubled for each try, at most `longest`, and then
/// between half of that and all of it, by `random`, so that many who failed together do not come back together.
pub fn backoff(attempt: u32, first: Duration, longest: Duration, random: u64) -> Duration {
    let doubled = first.saturating_mul(1_u32.checked_shl(attempt.saturating_sub(1).min(30)).unwrap_or(u32::MAX));
    let whole = u64::try_from(doubled.min(longest).as_millis()).unwrap_or(u64::MAX);
    let half = whole / 2;
    Duration::from_millis(half.saturating_add(random % half.saturating_add(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_doubles_and_stays_within_its_bounds() {
        let (first, longest) = (Duration::from_secs(10), Duration::from_mins(30));
        for attempt in 1..100 {
            for random in [0, 1, 7, u64::MAX] {
                let wait = backoff(attempt, first, longest, random);
                assert!(first / 2 <= wait && wait <= longest, "{attempt} {random} {wait:?}");
            }
        }
        assert_eq!(backoff(3, first, longest, 0), Duration::from_secs(20));
    }
}
