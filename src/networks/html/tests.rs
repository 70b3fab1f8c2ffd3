use proptest::prelude::*;

use super::*;

fn check(html: &str, expected: &str) {
    assert_eq!(text_of(html), expected, "{html}");
}

#[test]
fn html_of_posts_becomes_the_text_that_was_written() {
    check("", "");
    check("plain", "plain");
    check("<p>One</p><p>Two<br />Three<br>Four</p>", "One\n\nTwo\nThree\nFour");
    check("Fish &amp; chips &lt;3 &#x1F41F; &nbsp;", "Fish & chips <3 🐟");
    check(
        r#"<p>See <a href="https://example.org/a/long/way"><span class="invisible">https://</span><span class="ellipsis">example.org/a/lo</span><span class="invisible">ng/way</span></a></p>"#,
        "See https://example.org/a/long/way",
    );
    check(
        r#"<p><span class="h-card"><a href="https://example.social/@ben">@<span>ben</span></a></span> yes</p>"#,
        "@ben yes",
    );
    check("<ul><li>one</li><li>two</li></ul><blockquote>said</blockquote>", "- one\n- two\n\nsaid");
}

#[test]
fn what_is_not_for_people_is_left_out() {
    check("a<script>alert('<p>no</p>')</script>b", "ab");
    check("a<style>p { color: red }</style>b<!-- c -->", "ab");
    check("<title>T</title><p>text", "text");
    check("<p>unclosed <b>and <i>crossed</b></i>", "unclosed and crossed");
    check("a</script>b", "ab");
}

#[test]
fn a_page_is_previewed_from_what_it_says_of_itself() {
    let base = Url::parse("https://example.org/blog/one").unwrap();
    let page = r#"<!doctype html><html><head><title> The
        page </title><meta name="description" content="plain">
        <meta property="og:title" content="Open &amp; graph"><meta property="og:description" content="">
        <meta name="twitter:description" content="From   a card"><meta property="og:image" content="/pictures/1.jpg">
        </head><body><svg><title>Not this</title></svg></body></html>"#;
    let expected = Preview {
        title: Some("Open & graph".to_owned()),
        description: Some("From a card".to_owned()),
        image_url: Some("https://example.org/pictures/1.jpg".to_owned()),
    };
    assert_eq!(preview_of(page, &base), expected);
    let plain = preview_of("<title> The\n page </title><svg><title>Not this</title></svg>", &base);
    assert_eq!(plain, Preview { title: Some("The page".to_owned()), ..Preview::default() });
    assert_eq!(preview_of("", &base), Preview::default());
}

#[test]
fn a_preview_never_points_to_something_that_is_no_web_address() {
    let base = Url::parse("https://example.org/").unwrap();
    for address in ["javascript:alert(1)", "data:image/png;base64,AA", "file:///etc/passwd", "http://[broken"] {
        let page = format!(r#"<meta property="og:image" content="{address}">"#);
        assert_eq!(preview_of(&page, &base).image_url, None, "{address}");
    }
}

#[test]
fn a_large_page_is_cut_and_so_is_its_text() {
    let page = format!("<p>{}</p>", "ä".repeat(INPUT_MAX_BYTES));
    assert!(text_of(&page).len() <= TEXT_MAX_BYTES);
    let deep = "<div>".repeat(200_000);
    assert_eq!(text_of(&deep), "");
    let base = Url::parse("https://example.org/").unwrap();
    let long = format!("<title>{}</title>", "long ".repeat(100_000));
    assert!(preview_of(&long, &base).title.unwrap().chars().count() <= TITLE_MAX_CHARS);
}

proptest! {
    #[test]
    fn any_text_at_all_is_read_without_harm(html in any::<String>()) {
        let base = Url::parse("https://example.org/").unwrap();
        prop_assert!(text_of(&html).len() <= TEXT_MAX_BYTES);
        let _ = preview_of(&html, &base);
    }

    #[test]
    fn any_heap_of_tags_is_read_without_harm(
        pieces in proptest::collection::vec(
            prop_oneof![
                Just("<p>"), Just("</p>"), Just("<br>"), Just("<script>"), Just("</script>"), Just("<title>"), Just("</title>"),
                Just("<meta property=og:title content='x"), Just("&amp"), Just("&#x110000;"), Just("<!--"), Just("-->"),
                Just("<textarea>"), Just("<li"), Just(">"), Just("ü"), Just("\0"), Just("'"), Just("<![CDATA["), Just("text "),
            ],
            0..80,
        )
    ) {
        let html = pieces.concat();
        let base = Url::parse("https://example.org/").unwrap();
        prop_assert!(text_of(&html).len() <= 3 * html.len());
        let _ = preview_of(&html, &base);
    }
}
