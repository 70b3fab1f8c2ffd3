//! Keys sort as values do, come back as they went in, and never run into each other.

use std::cmp::Reverse;
use std::fmt::Debug;

use proptest::prelude::*;

use super::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct ThingId(u128);

impl From<u128> for ThingId {
    fn from(bits: u128) -> Self {
        Self(bits)
    }
}

impl Id for ThingId {
    fn to_u128(self) -> u128 {
        self.0
    }
}

fn same_order<K: StoreKey + Ord + Debug>(left: &K, right: &K) -> Result<(), TestCaseError> {
    prop_assert_eq!(left.cmp(right), left.to_bytes().cmp(&right.to_bytes()));
    prop_assert!(K::from_bytes(&left.to_bytes()).as_ref() == Some(left));
    prop_assert!(K::from_cursor(&right.to_cursor()).as_ref() == Some(right));
    let (left_bytes, right_bytes) = (left.to_bytes(), right.to_bytes());
    prop_assert!(left == right || !right_bytes.starts_with(&left_bytes), "one key begins with another");
    Ok(())
}

/// Texts that share beginnings and hold the bytes that ends are written with.
fn text() -> impl Strategy<Value = String> {
    "[\\x00\\x01ab\u{e4}\u{ff}]{0,4}"
}

proptest! {
    #[test]
    fn numbers_sort_as_they_count(a: (u64, i64, u8), b: (u64, i64, u8)) {
        same_order(&a, &b)?;
        same_order(&(Reverse(a.1), a.0), &(Reverse(b.1), b.0))?;
        same_order(&(a.2 > 7, Some(a.1)), &(b.2 > 7, None))?;
    }

    #[test]
    fn texts_sort_as_texts_in_any_tuple(a in (text(), text(), any::<u16>()), b in (text(), text(), any::<u16>())) {
        same_order(&a, &b)?;
        same_order(&(Reverse(a.0.clone()), a.1.clone()), &(Reverse(b.0.clone()), b.1.clone()))?;
        same_order(&(a.0.into_bytes(), a.2), &(b.0.into_bytes(), b.2))?;
    }

    #[test]
    fn ids_and_instants_sort_by_time(a: (u128, i64, [u8; 4]), b: (u128, i64, [u8; 4])) {
        let key = |(id, at, hash): (u128, i64, [u8; 4])| (At::from_millis(at), ThingId(id), hash);
        same_order(&key(a), &key(b))?;
    }

    #[test]
    fn any_bytes_are_a_key_or_none(bytes: Vec<u8>) {
        if let Some(key) = <(String, Option<Reverse<i32>>, Vec<u8>)>::from_bytes(&bytes) {
            prop_assert_eq!(key.to_bytes(), bytes);
        }
    }

    #[test]
    fn a_scan_holds_the_keys_it_names_and_no_others(prefix in text(), other in text(), number: u32) {
        let range = Scan::<(String, u32)>::under((prefix.clone(),)).over([7, 7]);
        let key = [[7, 7].as_slice(), &(other.clone(), number).to_bytes()].concat();
        prop_assert_eq!(holds(&range, &key), prefix == other);
    }

    #[test]
    fn a_scan_between_two_instants_leaves_the_second_out(from in -9_i64..9, until in -9_i64..9, at in -9_i64..9) {
        let at_millis = At::from_millis;
        let scan = Scan::<(u8, At, u8)>::between((1, at_millis(from)), (1, at_millis(until)));
        let key = [[7, 7].as_slice(), &(1_u8, at_millis(at), 0_u8).to_bytes()].concat();
        prop_assert_eq!(holds(&scan.over([7, 7]), &key), from <= at && at < until);
    }
}

fn holds(range: &Range, key: &[u8]) -> bool {
    use std::ops::RangeBounds;
    (range.lower.clone(), range.upper.clone()).contains(&key.to_vec())
}

#[test]
fn the_last_collection_has_an_end_too() {
    let range = Scan::<(u8,)>::all().over([0xFF, 0xFF]);
    assert!(holds(&range, &[0xFF, 0xFF, 9]));
}
