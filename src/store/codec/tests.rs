//! What is sealed comes back; what was changed does not.

use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn a_sealed_value_comes_back_and_a_changed_byte_is_noticed(
        key in proptest::collection::vec(any::<u8>(), 1..40),
        version: u64,
        body in proptest::collection::vec(any::<u8>(), 0..200),
        at: proptest::sample::Index,
        flip in 1_u8..,
    ) {
        let pieces = split(&key, version, &body).unwrap();
        prop_assert_eq!(pieces.len(), 1);
        let mut sealed = seal(&key, version, &pieces[0].1);
        prop_assert_eq!(unseal(&key, &sealed).unwrap(), Physical { version, shape: Shape::Whole(&body) });
        let at = at.index(sealed.len());
        sealed[at] ^= flip;
        prop_assert!(unseal(&key, &sealed).is_err());
        sealed[at] ^= flip;
        prop_assert!(unseal(b"another key", &sealed).is_err() || key == b"another key");
    }

    #[test]
    fn any_bytes_can_be_looked_at(key: Vec<u8>, sealed: Vec<u8>) {
        prop_assert!(unseal(&key, &sealed).is_err() || 13 <= sealed.len());
    }

    #[test]
    fn the_sum_does_not_depend_on_the_order(rows in proptest::collection::vec((any::<u64>(), any::<u64>()), 0..20)) {
        let bytes = |row: &(u64, u64)| (row.0.to_be_bytes(), row.1.to_be_bytes());
        let mut forward = Sum::default();
        let mut backward = Sum::default();
        for row in &rows {
            forward.add(&bytes(row).0, &bytes(row).1);
        }
        for row in rows.iter().rev() {
            backward.add(&bytes(row).0, &bytes(row).1);
        }
        prop_assert_eq!(forward, backward);
        for row in &rows {
            forward.remove(&bytes(row).0, &bytes(row).1);
        }
        prop_assert_eq!(forward, Sum::default());
    }
}

#[test]
fn a_long_value_is_a_head_and_parts_none_beyond_the_cap() {
    for length in [BODY_CAP - 1, BODY_CAP, BODY_CAP + 1, 3 * BODY_CAP, 3 * BODY_CAP + 1, ROW_CAP] {
        let body: Vec<u8> = (0..=255).cycle().take(length).collect();
        let pieces = split(b"key", 7, &body).unwrap();
        let mut joined = Vec::new();
        for (key, shaped) in &pieces {
            let sealed = seal(key, 7, shaped);
            assert!(sealed.len() <= VALUE_CAP);
            match unseal(key, &sealed).unwrap().shape {
                Shape::Whole(piece) | Shape::Part(piece) => joined.extend_from_slice(piece),
                Shape::Head { parts, length: told } => {
                    assert_eq!((usize::from(parts), usize::try_from(told).unwrap()), (pieces.len() - 1, length));
                }
            }
        }
        assert_eq!(joined, body);
    }
    assert!(split(b"key", 7, &vec![0; ROW_CAP + 1]).is_err());
}

#[test]
fn a_part_names_its_head() {
    let key = part_key(b"some key", 9, 3);
    assert_eq!(part_of(&key), Some((b"some key".as_slice(), 9, 3)));
    assert_eq!(part_of(b"\x00\x02short"), None);
}
