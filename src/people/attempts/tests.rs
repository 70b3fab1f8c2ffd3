use super::{Attempts, AttemptsId, PER_ACCOUNT, WINDOW, network};
use crate::base::clock::At;

fn attempts(failures: u32) -> Attempts {
    Attempts { id: AttemptsId::from_bits(1), since_at: At::from_millis(10_000_000), failures }
}

#[test]
fn the_door_closes_at_the_limit_and_opens_after_the_window() {
    let now = At::from_millis(10_000_001);
    assert_eq!(attempts(PER_ACCOUNT - 1).closed_until(PER_ACCOUNT, now), None);
    let end = At::from_millis(10_000_000).plus(WINDOW);
    assert_eq!(attempts(PER_ACCOUNT).closed_until(PER_ACCOUNT, now), Some(end));
    assert_eq!(attempts(PER_ACCOUNT).closed_until(PER_ACCOUNT, end), None);
}

#[test]
fn failures_add_up_within_the_window_and_begin_again_after_it() {
    let inside = attempts(3).one_more(At::from_millis(10_000_001));
    assert_eq!((inside.failures, inside.since_at), (4, At::from_millis(10_000_000)));
    let after = At::from_millis(10_000_000).plus(WINDOW);
    let fresh = attempts(3).one_more(after);
    assert_eq!((fresh.failures, fresh.since_at), (1, after));
}

#[test]
fn a_clock_that_was_set_back_does_not_close_the_door_for_long() {
    let long_before = At::from_millis(0);
    assert_eq!(attempts(99).closed_until(PER_ACCOUNT, long_before), None);
    assert_eq!(attempts(99).one_more(long_before).failures, 1);
}

#[test]
fn addresses_of_one_household_count_as_one() {
    for (address, expected) in [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::9", "2001:db8:1:2::"),
    ] {
        assert_eq!(network(address.parse().unwrap()), expected);
    }
}
