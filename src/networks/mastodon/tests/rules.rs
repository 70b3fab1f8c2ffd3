//! Rules without a network: limits out of what servers say of themselves, and recognising one's own words.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::compare::{loose, names, normal, normal_of_html};
use super::super::limits::Settings;
use super::server::html_of;
use crate::networks::capabilities::{Count, Settles};
use crate::networks::{Network, Visibility};

fn capabilities_of(instance: &Value, software: &str) -> crate::networks::Capabilities {
    Settings::of_instance(instance, software).capabilities()
}

#[test]
fn without_settings_the_limits_are_those_of_a_stock_server() {
    let stock = super::Mastodon.capabilities(&Value::Null);
    assert_eq!((stock.text.limit, stock.text.link_length), (Some(500), Some(23)));
    assert!(stock.text.mention_counts_local_part && stock.text.warning_counts);
    assert_eq!((stock.images.max, stock.images.alt_limit, stock.images.max_bytes), (4, Some(1500), 16_777_216));
    assert_eq!(stock.images.max_pixels, Some(33_177_600));
    let poll = stock.poll.unwrap();
    assert_eq!((poll.max_options, poll.option_limit, poll.min_open_s, poll.max_open_s), (4, 50, 300, 2_629_746));
    // As long as the server is not known, its key is not relied on.
    assert_eq!(stock.settles, [Settles::LookUp, Settles::AskPerson]);
    assert!(!stock.media_required && !stock.quotes && !stock.link_card && stock.edit);
}

#[test]
fn a_mastodon_server_is_taken_at_its_word() {
    let mut instance = super::server::instance();
    instance["configuration"]["statuses"]["max_characters"] = json!(1200);
    instance["configuration"]["media_attachments"]["description_limit"] = json!(10_000);
    let told = capabilities_of(&instance, "mastodon");
    assert_eq!((told.text.limit, told.images.alt_limit), (Some(1200), Some(10_000)));
    assert_eq!(told.images.types, ["image/jpeg", "image/png"]);
    assert_eq!(told.settles, [Settles::NativeKey, Settles::LookUp, Settles::AskPerson]);
    assert!(told.quotes && told.counts.contains(&Count::Quotes));
    let settings = Settings::of_instance(&instance, "mastodon");
    assert_eq!(settings.streaming_url.as_deref(), Some("wss://streaming.example.social"));
    assert_eq!(settings.domain, "example.social");
    let stored = serde_json::to_value(&settings).unwrap();
    assert_eq!(Settings::read(&stored), settings);
}

#[test]
fn pleroma_and_akkoma_write_their_limits_otherwise() {
    let instance = json!({
        "uri": "https://pleroma.example", "version": "2.7.2 (compatible; Akkoma 3.10.4)", "max_toot_chars": "5000",
        "description_limit": 5000, "upload_limit": 16_000_000, "urls": { "streaming_api": "wss://pleroma.example" },
        "poll_limits": { "max_options": 20, "max_option_chars": 200, "min_expiration": 0, "max_expiration": 31_536_000 },
    });
    let told = capabilities_of(&instance, "");
    assert_eq!((told.text.limit, told.text.link_length), (Some(5000), None));
    assert!(!told.text.mention_counts_local_part);
    assert_eq!((told.images.max, told.images.alt_limit, told.images.max_bytes), (16, Some(5000), 16_000_000));
    assert!(!told.images.focus);
    let poll = told.poll.unwrap();
    assert_eq!((poll.max_options, poll.option_limit, poll.min_open_s), (20, 200, 0));
    assert_eq!(told.settles, [Settles::LookUp, Settles::AskPerson]);
    let settings = Settings::of_instance(&instance, "");
    assert_eq!((settings.software.as_str(), settings.domain.as_str()), ("akkoma", "pleroma.example"));
    assert_eq!(settings.batch_name(), Some("ids[]"));
}

#[test]
fn gotosocial_and_pixelfed_differ_where_it_matters() {
    let gotosocial = json!({
        "uri": "https://gts.example", "account_domain": "example.org", "version": "0.20.0+git", "configuration": {
            "statuses": { "max_characters": 5000, "max_media_attachments": 6, "characters_reserved_per_url": 25 },
            "polls": { "max_options": 6, "max_characters_per_option": 50, "min_expiration": 300, "max_expiration": 2_629_746 },
        },
    });
    let told = capabilities_of(&gotosocial, "gotosocial");
    assert_eq!((told.text.limit, told.images.max), (Some(5000), 6));
    assert_eq!(told.settles, [Settles::LookUp, Settles::AskPerson]);
    assert_eq!(Settings::of_instance(&gotosocial, "gotosocial").domain, "example.org");
    let pixelfed = json!({ "version": "3.5.3 (compatible; Pixelfed 0.12.4)", "configuration": {
        "statuses": { "max_characters": 500, "max_media_attachments": 10 }, "polls": { "max_options": 0 } } });
    let told = capabilities_of(&pixelfed, "");
    assert!(told.media_required && told.poll.is_none() && !told.edit);
    assert_eq!(told.visibilities, [Visibility::Public, Visibility::Unlisted, Visibility::Followers]);
}

#[test]
fn an_old_mastodon_that_names_no_limits_has_the_usual_ones() {
    let told = capabilities_of(&json!({ "uri": "old.example", "version": "3.3.0" }), "mastodon");
    assert_eq!((told.text.limit, told.text.link_length, told.images.max), (Some(500), Some(23), 4));
    assert!(told.poll.is_some());
    let other = capabilities_of(&json!({ "uri": "x.example", "version": "1" }), "sharkey");
    assert!(other.poll.is_none() && other.text.link_length.is_none());
}

#[test]
fn words_are_the_same_whatever_was_done_to_mentions_spaces_and_invisible_signs() {
    let same = |one: &str, other: &str| assert_eq!(normal("", one), normal("", other), "{one} / {other}");
    same("Hi @ben@example.org!", "Hi @ben!");
    same("(@ben@example.org).", "(@ben).");
    same("@ben@example.org: see", "@ben: see");
    same("a \n\n b", "a b");
    same("a\u{200b}b\u{feff}", "ab");
    let other = |one: &str, other: &str| assert_ne!(normal("", one), normal("", other), "{one} / {other}");
    other("write to ben@example.org", "write to ben");
    other("https://example.org/@ben@other.example", "https://example.org/@ben");
    other("Hello", "hello");
    assert_eq!(normal("Food", "Soup"), normal("", "Food Soup"));
    assert_eq!(loose("So **very** Green!"), loose("So very green"));
}

#[test]
fn the_line_that_stands_for_a_quote_is_not_part_of_the_words() {
    let html =
        r#"<p class="quote-inline">RE: <a href="https://example.org/1">https://example.org/1</a></p><p>This</p>"#;
    assert_eq!(normal_of_html("", html, true), "This");
    assert_eq!(normal_of_html("", html, false), "RE: https://example.org/1 This");
}

#[test]
fn a_text_names_someone_only_when_it_is_them() {
    let ben = |text: &str, local: bool| names(text, "ben", Some("example.org"), local);
    assert!(ben("Hi @Ben@example.ORG.", false));
    assert!(ben("Hi @ben", true));
    assert!(!ben("Hi @ben", false));
    assert!(!ben("Hi @ben@elsewhere.example", true));
    assert!(!ben("ben@example.org", false));
    assert!(!ben("@benjamin@example.org", false));
}

proptest! {
    #[test]
    fn what_a_server_makes_of_a_text_is_recognised(
        words in proptest::collection::vec("(@[a-z]{1,6}@[a-z]{1,6}\\.org|https://[a-z]{2,30}\\.org/[a-z0-9/]{0,30}|[a-zA-Zäöß<>&;.,!?#]{1,9})", 1..20),
        breaks in proptest::collection::vec(prop_oneof![Just(" "), Just("\n"), Just("\n\n")], 20),
    ) {
        let text: String = words.iter().zip(&breaks).flat_map(|(word, gap)| [word.as_str(), *gap]).collect();
        prop_assert_eq!(normal_of_html("", &html_of(text.trim()), false), normal("", &text));
    }

    #[test]
    fn any_text_is_normalised_without_harm_and_once_is_enough(text in any::<String>()) {
        let once = normal("", &text);
        prop_assert!(once.len() <= text.len());
        prop_assert_eq!(loose(&normal("", &once)), loose(&once));
    }
}
