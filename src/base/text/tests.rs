use proptest::prelude::*;

use super::*;

#[test]
fn an_excerpt_ends_at_a_word() {
    for (text, max, expected) in [
        ("Saturday we open at nine", 40, "Saturday we open at nine"),
        ("Saturday we open at nine", 14, "Saturday we…"),
        ("  two\n\nlines ", 40, "two lines"),
        ("Donaudampfschifffahrt", 5, "Donau…"),
        ("👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 2, "👩‍👩‍👧‍👦👩‍👩‍👧‍👦…"),
        ("", 5, ""),
    ] {
        assert_eq!(excerpt(text, max), expected);
    }
}

#[test]
fn initials_are_the_first_and_the_last_letter() {
    for (name, expected) in [
        ("Ada Lovelace", "AL"),
        ("ben", "B"),
        ("tomás.s", "TS"),
        ("@ana", "A"),
        ("", "?"),
        ("Émile", "É"),
        ("a b c", "AC"),
    ] {
        assert_eq!(initials(name), expected);
    }
}

proptest! {
    #[test]
    fn an_excerpt_is_never_longer_than_asked(text in ".{0,60}", max in 1_usize..30) {
        prop_assert!(excerpt(&text, max).graphemes(true).count() <= max + 1);
    }
}
