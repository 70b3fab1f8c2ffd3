use proptest::prelude::*;

use super::*;

fn rules(limit: u32, unit: Unit) -> TextRules {
    TextRules {
        limit: Some(limit),
        unit,
        limit_bytes: None,
        link_length: None,
        mention_counts_local_part: false,
        warning_counts: false,
    }
}

/// Mastodon: links 23, mentions by their local part, the warning counts (docs.joinmastodon.org, read 2026-11).
fn mastodon() -> TextRules {
    TextRules {
        link_length: Some(23),
        mention_counts_local_part: true,
        warning_counts: true,
        ..rules(500, Unit::Graphemes)
    }
}

/// Bluesky: 300 characters and 3,000 bytes, links in full.
fn bluesky() -> TextRules {
    TextRules { limit_bytes: Some(3000), ..rules(300, Unit::Graphemes) }
}

const FAMILY: &str = "👩‍👩‍👧‍👦";

#[test]
fn each_unit_counts_its_own_way() {
    let table = [
        ("", [0, 0, 0, 0]),
        ("abc", [3, 3, 3, 3]),
        ("é", [1, 1, 1, 2]),
        ("e\u{301}", [1, 2, 2, 3]),
        ("ß€", [2, 2, 2, 5]),
        ("😀", [1, 1, 2, 4]),
        (FAMILY, [1, 7, 11, 25]),
        ("🇩🇪🇪🇸", [2, 4, 8, 16]),
        ("a\r\nb", [3, 4, 4, 4]),
        ("日本語", [3, 3, 3, 9]),
    ];
    for (text, expected) in table {
        let units = [Unit::Graphemes, Unit::CodePoints, Unit::Utf16, Unit::Bytes];
        let counted = units.map(|unit| length(text, &rules(500, unit), None));
        assert_eq!(counted, expected, "{text:?}");
    }
}

#[test]
fn each_network_counts_links_mentions_and_warnings_by_its_rule() {
    let long_link = format!("https://example.org/{}", "a".repeat(300));
    let table = [
        (mastodon(), "Hello".to_owned(), None, 5),
        (mastodon(), "https://a.io".to_owned(), None, 23),
        (mastodon(), long_link.clone(), None, 23),
        (mastodon(), format!("See {long_link}."), None, 4 + 23 + 1),
        (mastodon(), "@ben@example.social hi".to_owned(), None, 4 + 3),
        (mastodon(), "@ben hi".to_owned(), None, 7),
        (mastodon(), "ben@example.social".to_owned(), None, 18),
        (mastodon(), "Hello".to_owned(), Some("spoiler"), 12),
        (mastodon(), format!("{FAMILY}{FAMILY}"), None, 2),
        (bluesky(), long_link.clone(), None, 320),
        (bluesky(), "Hello".to_owned(), Some("spoiler"), 5),
        (bluesky(), "@ben@example.social".to_owned(), None, 19),
        (rules(280, Unit::Utf16), FAMILY.to_owned(), None, 11),
    ];
    for (rules, text, warning, expected) in table {
        assert_eq!(length(&text, &rules, warning), expected, "{text:?} with {warning:?}");
    }
}

#[test]
fn a_text_within_its_characters_can_be_too_long_in_bytes() {
    let text = FAMILY.repeat(150);
    assert_eq!((length(&text, &bluesky(), None), length_bytes(&text)), (150, 3750));
    assert!(!fits(&text, &bluesky(), None));
    assert!(fits(&FAMILY.repeat(120), &bluesky(), None));
}

#[test]
fn links_end_where_the_sentence_goes_on() {
    let table: &[(&str, &[&str])] = &[
        ("no link", &[]),
        ("https://example.org", &["https://example.org"]),
        ("See https://example.org.", &["https://example.org"]),
        ("(https://example.org/a)", &["https://example.org/a"]),
        ("https://example.org/Bell_(music)", &["https://example.org/Bell_(music)"]),
        ("(see https://example.org/Bell_(music))", &["https://example.org/Bell_(music)"]),
        ("(see https://example.org/Bell_(music)).", &["https://example.org/Bell_(music)"]),
        ("\"https://example.org/q?a=1&b=2#c\"", &["https://example.org/q?a=1&b=2#c"]),
        ("HTTPS://Example.org/X, http://b.example?", &["HTTPS://Example.org/X", "http://b.example"]),
        ("<https://example.org>", &["https://example.org"]),
        ("„https://example.org/ü“ und", &["https://example.org/ü"]),
        ("見て https://example.org/見。次", &["https://example.org/見"]),
        ("ahttps://example.org", &[]),
        ("ftp://example.org http://", &[]),
        ("http://!!! https://ok.example", &["https://ok.example"]),
        ("http://[2001:db8::1]:80/x]", &["http://[2001:db8::1]:80/x"]),
        ("https://example.org/a...", &["https://example.org/a"]),
        ("*https://example.org/a*", &["https://example.org/a"]),
        ("line\nhttps://example.org\nline", &["https://example.org"]),
        ("https://a.example/?u=https://b.example", &["https://a.example/?u=https://b.example"]),
        ("éhttps://example.org", &[]),
    ];
    for (text, expected) in table {
        let found: Vec<&str> = links(text).into_iter().map(|link| &text[link]).collect();
        assert_eq!(&found, expected, "{text:?}");
    }
}

#[test]
fn mentions_have_a_name_and_a_server() {
    let table: &[(&str, &[(&str, &str)])] = &[
        ("@ben@example.social", &[("@ben@example.social", "@ben")]),
        ("hi @ben.k@example.social, and", &[("@ben.k@example.social", "@ben.k")]),
        ("@ben@example.social.", &[("@ben@example.social", "@ben")]),
        ("@ben", &[]),
        ("a@b.example", &[]),
        ("@ben@localhost", &[]),
        ("@ben@localhost:3000", &[("@ben@localhost:3000", "@ben")]),
        ("https://example.social/@ben@other.example", &[]),
        ("@a@b.example @c@d.example", &[("@a@b.example", "@a"), ("@c@d.example", "@c")]),
    ];
    for (text, expected) in table {
        let found: Vec<(&str, &str)> =
            mentions(text).into_iter().map(|mention| (&text[mention.range], &text[mention.local])).collect();
        assert_eq!(&found, expected, "{text:?}");
    }
}

#[test]
fn a_text_is_cut_at_the_best_place() {
    let table: &[(&str, u32, &[&str])] = &[
        ("Short.", 20, &["Short."]),
        ("First paragraph.\n\nSecond one.", 20, &["First paragraph.", "Second one."]),
        ("One two. Three four five.", 20, &["One two.", "Three four five."]),
        ("One two three four five six", 10, &["One two", "three four", "five six"]),
        ("Hi.\n\nOne two three four five six", 24, &["Hi.\n\nOne two three four", "five six"]),
        ("abcdefghijkl", 5, &["abcde", "fghij", "kl"]),
        ("See https://example.org/long now", 10, &["See", "https://example.org/long", "now"]),
        ("  leading and trailing  ", 10, &["leading", "and", "trailing"]),
    ];
    for (text, limit, expected) in table {
        assert_eq!(&split_into_parts(text, &rules(*limit, Unit::Graphemes), false), expected, "{text:?}");
    }
}

#[test]
fn numbers_have_room_even_when_there_are_many_parts() {
    let parts = split_into_parts(&"word ".repeat(100), &rules(20, Unit::Graphemes), true);
    assert!(9 < parts.len());
    assert_eq!(parts[0], format!("word word word 1/{}", parts.len()));
    assert!(parts.iter().all(|part| fits(part, &rules(20, Unit::Graphemes), None)));
}

#[test]
fn a_text_without_a_limit_stays_whole() {
    let rules = TextRules { limit: None, ..rules(0, Unit::Graphemes) };
    assert_eq!(split_into_parts(&"a b ".repeat(5000), &rules, true).len(), 1);
}

fn without_blanks(text: &str) -> String {
    text.split_whitespace().collect()
}

proptest! {
    #[test]
    fn no_word_is_lost_or_cut_where_every_word_fits(
        words in proptest::collection::vec("[a-zé日😀]{1,12}[.!?]?", 1..120),
        gaps in proptest::collection::vec(prop_oneof![Just(" "), Just("\n\n"), Just("\n")], 120),
        limit in 20_u32..120,
        numbering: bool,
    ) {
        let text: String = words.iter().zip(&gaps).flat_map(|(word, gap)| [word.as_str(), gap]).collect();
        let rules = rules(limit, Unit::Graphemes);
        let parts = split_into_parts(&text, &rules, numbering);
        let count = parts.len();
        let mut kept = Vec::new();
        for (part, number) in parts.iter().zip(1..) {
            prop_assert!(fits(part, &rules, None), "{part:?}");
            let own = if numbering && 1 < count { part.strip_suffix(&format!(" {number}/{count}")).unwrap() } else { part };
            kept.extend(own.split_whitespace());
        }
        prop_assert_eq!(kept, text.split_whitespace().collect::<Vec<_>>());
    }

    #[test]
    fn any_text_is_cut_without_losing_a_sign(text in "\\PC{0,400}", limit in 8_u32..60, unit in 0..4_usize) {
        let unit = [Unit::Graphemes, Unit::CodePoints, Unit::Utf16, Unit::Bytes][unit];
        let rules = TextRules { mention_counts_local_part: true, ..rules(limit, unit) };
        let parts = split_into_parts(&text, &rules, false);
        prop_assert_eq!(without_blanks(&parts.concat()), without_blanks(&text));
        for part in &parts {
            let one_character = part.graphemes(true).count() == 1;
            let one_link = links(part).first() == Some(&(0..part.len()));
            let one_mention = mentions(part).first().is_some_and(|mention| mention.range == (0..part.len()));
            prop_assert!(fits(part, &rules, None) || one_character || one_link || one_mention, "{part:?}");
        }
    }

    #[test]
    fn links_lie_apart_and_in_order(text in "(https?://|[a-z().!? ]|日|\\]|\\[){0,60}") {
        let found = links(&text);
        for pair in found.windows(2) {
            prop_assert!(pair[0].end <= pair[1].start);
        }
        for link in found {
            prop_assert!(text.get(link).is_some());
        }
    }
}
