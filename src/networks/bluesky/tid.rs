//! Record keys: the names that posts get before they are sent, so that sending one twice makes one post.
//!
//! A TID is 64 bits, written in 13 signs of an alphabet that sorts like the number: a zero bit, 53 bits of microseconds
//! since 1970, 10 bits that tell clocks apart (atproto.com/specs/tid, read 2026-11).

use crate::base::clock::At;

const ALPHABET: [char; 32] = [
    '2', '3', '4', '5', '6', '7', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q',
    'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z',
];

/// A key for this instant. The chance decides the microseconds within the millisecond and the clock's number, so that
/// two keys of one millisecond differ; keys of later milliseconds sort after it.
pub(super) fn tid(at: At, random: u128) -> String {
    let millis = u128::try_from(at.as_millis()).unwrap_or(0);
    encode(millis.saturating_mul(1000).saturating_add(random % 1000), random >> 32)
}

fn encode(micros: u128, clock: u128) -> String {
    let number = ((micros % (1 << 53)) << 10) | (clock % 1024);
    (0..13_u32)
        .rev()
        .map(|place| {
            let digit = usize::try_from((number >> (5 * place)) % 32).unwrap_or(0);
            ALPHABET.get(digit).copied().unwrap_or('2')
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made with the reference implementation (`TID.fromTime` of @atproto/common-web 0.4.21).
    #[test]
    fn known_numbers_are_written_as_the_reference_writes_them() {
        let check = |micros: u128, clock: u128, expected: &str| assert_eq!(encode(micros, clock), expected);
        check(1_795_338_000_000_000, 0, "3n2vatvvt2222");
        check(1_795_338_000_123_456, 1023, "3n2vatvzlm2zz");
        check(1_795_338_000_123_456, 7, "3n2vatvzlm22b");
        check((1 << 53) - 1, 1023, "bzzzzzzzzzzzz");
    }

    #[test]
    fn a_later_millisecond_gives_a_later_key_whatever_the_chance() {
        let now = At::parse("2026-11-22T09:00:00Z").unwrap();
        let next = At::from_millis(now.as_millis() + 1);
        assert!(tid(now, u128::MAX) < tid(next, 0));
        assert!(tid(now, 999 + (1023 << 32)) < tid(next, 0));
    }

    #[test]
    fn a_key_has_thirteen_signs_and_a_first_one_that_is_allowed() {
        for at in [0, 1, 1_795_338_000_000, i64::MAX, -5] {
            let key = tid(At::from_millis(at), 77);
            assert_eq!(key.len(), 13);
            assert!("234567abcdefghij".contains(key.chars().next().unwrap()), "{key}");
        }
    }
}
