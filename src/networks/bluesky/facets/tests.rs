use proptest::prelude::*;

use super::*;

/// What was found, with the piece of the text that it covers.
fn found(text: &str) -> Vec<(&str, What)> {
    find(text).into_iter().map(|span| (text.get(span.bytes).unwrap(), span.what)).collect()
}

fn links(text: &str) -> Vec<String> {
    let link = |span: Span| match span.what {
        What::Link(uri) => Some(uri),
        What::Mention(_) | What::Tag(_) => None,
    };
    find(text).into_iter().filter_map(link).collect()
}

fn tags(text: &str) -> Vec<&str> {
    found(text).into_iter().filter(|(_, what)| matches!(what, What::Tag(_))).map(|(shown, _)| shown).collect()
}

fn mentions(text: &str) -> Vec<&str> {
    found(text).into_iter().filter(|(_, what)| matches!(what, What::Mention(_))).map(|(shown, _)| shown).collect()
}

#[test]
fn offsets_count_bytes_and_not_characters() {
    let text = "Grüße 🦀 an @ben.example über https://example.org/ä #Rost";
    let spans: Vec<(usize, usize)> = find(text).iter().map(|span| (span.bytes.start, span.bytes.end)).collect();
    assert_eq!(spans, [(16, 28), (35, 57), (58, 63)]);
    assert_eq!(
        found(text),
        [
            ("@ben.example", What::Mention("ben.example".to_owned())),
            ("https://example.org/ä", What::Link("https://example.org/%C3%A4".to_owned())),
            ("#Rost", What::Tag("Rost".to_owned())),
        ]
    );
}

#[test]
fn a_link_ends_before_the_punctuation_of_the_sentence() {
    let check = |text: &str, expected: &[&str]| assert_eq!(links(text), expected, "{text}");
    check("See https://example.org.", &["https://example.org"]);
    check("See https://example.org/a?b=c#d!", &["https://example.org/a?b=c#d"]);
    check("(see https://example.org/a)", &["https://example.org/a"]);
    check("(https://example.org/a_(b)), then", &["https://example.org/a_(b)"]);
    check("https://example.org/a_(b)", &["https://example.org/a_(b)"]);
    check("[https://example.org/a]", &["https://example.org/a"]);
    check("«https://example.org/a»", &["https://example.org/a"]);
    check("\"https://example.org/a\"", &["https://example.org/a"]);
    check("<https://example.org/a>", &["https://example.org/a"]);
    check("https://example.org/a…", &["https://example.org/a"]);
    check("詳細はhttps://example.org/aをご覧", &["https://example.org/a%E3%82%92%E3%81%94%E8%A6%A7"]);
    check("詳細は https://example.org/a。次", &["https://example.org/a"]);
    check("HTTPS://Example.org/A", &["HTTPS://Example.org/A"]);
    check("http://127.0.0.1:8420/x", &["http://127.0.0.1:8420/x"]);
    check("https://a.example https://b.example", &["https://a.example", "https://b.example"]);
    check("https://example.org/@ben.example/#tag", &["https://example.org/@ben.example/#tag"]);
}

#[test]
fn a_name_without_a_scheme_is_a_link_where_its_domain_exists() {
    let check = |text: &str, expected: &[&str]| assert_eq!(links(text), expected, "{text}");
    check("Read example.com/page.", &["https://example.com/page"]);
    check("example.com", &["https://example.com"]);
    check("www.example.co.uk, please", &["https://www.example.co.uk"]);
    check("Example.com and EXAMPLE.COM", &["https://Example.com", "https://EXAMPLE.COM"]);
    check("example.com:8080/a", &["https://example.com:8080/a"]);
    check("example.com: good", &["https://example.com"]);
    check("(example.com)", &["https://example.com"]);
    check("example.com?", &["https://example.com"]);
    check("example.social\nexample.blog", &["https://example.social", "https://example.blog"]);
}

#[test]
fn what_only_looks_like_a_link_stays_text() {
    for text in [
        "e.g. this",
        "node.js",
        "The end.So it began",
        "1.5",
        "10.30 Uhr",
        "ben@example.org",
        "ben.smith@example.org",
        "file..com",
        "a.-b.com",
        "https://",
        "https://localhost/a",
        "https://user:word@example.org/",
        "xhttps://example",
        "example.invalidtld",
        "-example.com",
        "example.com@home",
        "example.com_b",
        "z.B.",
    ] {
        assert_eq!(links(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn mentions_are_whole_handles() {
    let check = |text: &str, expected: &[&str]| assert_eq!(mentions(text), expected, "{text}");
    check("@ben.example", &["@ben.example"]);
    check("Hi @Ben.Example, hi (@ada.bsky.social).", &["@Ben.Example", "@ada.bsky.social"]);
    check("@ben.example.", &["@ben.example"]);
    check("@ben.example's cat", &["@ben.example"]);
    check(".@ben.example", &[]);
    check("@ben", &[]);
    check("@ben@example.social", &[]);
    check("@ben.smith@example.social", &[]);
    check("mail@ben.example", &[]);
    check("@ben.123", &[]);
    check("@-ben.example", &[]);
    check("@ben..example", &[]);
}

#[test]
fn hashtags_say_something_besides_numbers() {
    let check = |text: &str, expected: &[&str]| assert_eq!(tags(text), expected, "{text}");
    check("#belfry", &["#belfry"]);
    check("#one #two,#three", &["#one", "#two", "#three"]);
    check("#1 #2026 #2026goals #1st", &["#2026goals", "#1st"]);
    check("#hello! (#world)", &["#hello", "#world"]);
    check("＃日本語 #тест #été #हिन्दी", &["＃日本語", "#тест", "#été", "#हिन्दी"]);
    check("#🦀 #👩\u{200d}🚀", &["#🦀", "#👩\u{200d}🚀"]);
    check("#️⃣ #\u{20e3} # #! ##", &[]);
    check("C# a#b /#c", &[]);
    check("#a-b_c.", &["#a-b_c"]);
    let long = format!("#{}", "a".repeat(65));
    check(&long, &[]);
    let fits = format!("#{}", "a".repeat(64));
    check(&fits, &[&fits]);
}

/// Pieces that meet in awkward ways.
fn awkward() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        Just("https://"),
        Just("http://a.de"),
        Just("example.com"),
        Just("@ben.example"),
        Just("@"),
        Just("#"),
        Just("#tag"),
        Just("."),
        Just(")"),
        Just("("),
        Just(" "),
        Just("\n"),
        Just("ä"),
        Just("e\u{301}"),
        Just("👩\u{200d}🚀"),
        Just("\u{200d}"),
        Just("\u{fe0f}"),
        Just("\u{301}"),
        Just("日本"),
        Just("。"),
        Just("١"),
        Just("/"),
        Just(":"),
        Just("8"),
        Just("-"),
        Just("🇩🇪"),
        Just("क्"),
        Just("\u{200b}"),
        Just("\0"),
    ];
    prop_oneof![proptest::collection::vec(pieces, 0..24).prop_map(|pieces| pieces.concat()), any::<String>(),]
}

proptest! {
    #[test]
    fn spans_lie_within_the_text_in_order_and_split_no_character(text in awkward()) {
        let borders: Vec<usize> =
            text.grapheme_indices(true).map(|(at, _)| at).chain([text.len()]).collect();
        let mut last_end = 0;
        for span in find(&text) {
            prop_assert!(span.bytes.start < span.bytes.end, "{span:?}");
            prop_assert!(last_end <= span.bytes.start, "{span:?} overlaps");
            prop_assert!(span.bytes.end <= text.len(), "{span:?} reaches out");
            prop_assert!(borders.contains(&span.bytes.start) && borders.contains(&span.bytes.end), "{span:?} splits");
            if let What::Link(uri) = &span.what {
                prop_assert!(uri.is_ascii() && Url::parse(uri).is_ok(), "{uri}");
            }
            last_end = span.bytes.end;
        }
    }
}
