use super::*;
use crate::networks::Material;

fn claim(change: Change) -> Claim {
    let material =
        Material::new([("rkey", "3n2vatvvt2222".to_owned()), ("created_at", "2026-11-22T09:00:00.000Z".to_owned())]);
    Claim { job: Job { id: "1".to_owned(), change }, material }
}

fn record_of(part: &Part, known: &[(&str, Value)]) -> Value {
    let progress =
        Progress { known: known.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(), post: None };
    let claim = claim(Change::Publish { part: part.clone(), root: None, parent: None });
    post(&claim, part, &progress)
}

fn saying(text: &str) -> Part {
    Part { text: text.to_owned(), ..Part::default() }
}

fn remote(uri: &str, more: &[(&str, &str)]) -> RemotePost {
    let more = more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    RemotePost { id: uri.to_owned(), url: None, more }
}

#[test]
fn a_plain_post_has_what_it_must_and_nothing_else() {
    assert_eq!(
        record_of(&saying("Hello"), &[]),
        json!({ "$type": "app.bsky.feed.post", "text": "Hello", "createdAt": "2026-11-22T09:00:00.000Z" })
    );
}

#[test]
fn a_handle_that_nobody_has_stays_plain_text() {
    let known = [(known::MENTIONS, json!({ "ben.example": "did:plc:ben" }))];
    let record = record_of(&saying("@ben.example @nobody.example"), &known);
    assert_eq!(
        record["facets"],
        json!([{
            "index": { "byteStart": 0, "byteEnd": 12 },
            "features": [{ "$type": "app.bsky.richtext.facet#mention", "did": "did:plc:ben" }],
        }])
    );
}

#[test]
fn at_most_three_languages_are_named_and_none_that_is_not_one() {
    let check = |named: &str, expected: Value| {
        let part = Part { language: Some(named.to_owned()), ..saying("Hello") };
        assert_eq!(record_of(&part, &[])["langs"], expected, "{named}");
    };
    check("de", json!(["de"]));
    check("pt-BR", json!(["pt-BR"]));
    check("de,en fr,es", json!(["de", "en", "fr"]));
    check("", Value::Null);
    check("german", Value::Null);
    check("d_e", Value::Null);
    check("de-", Value::Null);
}

#[test]
fn a_warning_becomes_a_label_only_where_it_means_one() {
    let check = |warning: &str, expected: Value| {
        let part = Part { content_warning: Some(warning.to_owned()), ..saying("Hello") };
        assert_eq!(record_of(&part, &[])["labels"]["values"][0]["val"], expected, "{warning}");
    };
    check("Nudity", json!("nudity"));
    check("graphic-media", json!("graphic-media"));
    check("NSFW", json!("sexual"));
    check("Spoilers for chapter two", Value::Null);
}

#[test]
fn pictures_and_a_quote_share_one_embed() {
    let media = MediaFile {
        path: "/nowhere".into(),
        mime: "image/jpeg".to_owned(),
        file_name: "image-1.jpg".to_owned(),
        size_bytes: 3,
        width_px: 4,
        height_px: 3,
        alt: "A bell".to_owned(),
        focus: None,
    };
    let blob = json!({ "$type": "blob", "ref": { "$link": "bafkrei" }, "mimeType": "image/jpeg", "size": 3 });
    let quoted = json!({ "uri": "at://did:plc:ben/app.bsky.feed.post/3k", "cid": "bafyq" });
    let part = Part { media: vec![media], quote_url: Some("x".to_owned()), ..saying("") };
    let record = record_of(&part, &[("media.0", blob.clone()), (known::QUOTE, quoted.clone())]);
    assert_eq!(
        record["embed"],
        json!({
            "$type": "app.bsky.embed.recordWithMedia",
            "record": { "$type": "app.bsky.embed.record", "record": quoted },
            "media": {
                "$type": "app.bsky.embed.images",
                "images": [{ "image": blob, "alt": "A bell", "aspectRatio": { "width": 4, "height": 3 } }],
            },
        })
    );
}

#[test]
fn an_answer_hangs_below_the_root_that_its_parent_names() {
    let below = |root: Option<RemotePost>, parent: RemotePost| {
        let change = Change::Publish { part: saying("Hello"), root, parent: Some(parent) };
        place_of(&Job { id: "1".to_owned(), change })
    };
    let first = remote("at://a/p/1", &[("cid", "c1")]);
    let second = remote("at://a/p/2", &[("cid", "c2"), ("root_uri", "at://a/p/1"), ("root_cid", "c1")]);
    let expected = |parent: &str, cid: &str| {
        Place::Below(json!({ "root": { "uri": "at://a/p/1", "cid": "c1" }, "parent": { "uri": parent, "cid": cid } }))
    };
    assert_eq!(below(None, first.clone()), expected("at://a/p/1", "c1"));
    assert_eq!(below(None, second.clone()), expected("at://a/p/2", "c2"));
    assert_eq!(below(Some(first.clone()), remote("at://a/p/3", &[("cid", "c3")])), expected("at://a/p/3", "c3"));
    assert_eq!(below(Some(first), remote("at://a/p/4", &[])), Place::BelowUnknown("at://a/p/4".to_owned()));
}

#[test]
fn who_may_answer_is_said_by_rules_and_nobody_by_none() {
    let allow = |replies: Replies| {
        let part = Part { replies, ..saying("Hello") };
        let claim = claim(Change::Publish { part: part.clone(), root: None, parent: None });
        threadgate(&claim, &part, "at://a/app.bsky.feed.post/1").map(|gate| gate["allow"].clone())
    };
    assert_eq!(allow(Replies::Everyone), None);
    assert_eq!(allow(Replies::Nobody), Some(json!([])));
    assert_eq!(allow(Replies::Followers), Some(json!([{ "$type": "app.bsky.feed.threadgate#followerRule" }])));
    assert_eq!(allow(Replies::Mentioned), Some(json!([{ "$type": "app.bsky.feed.threadgate#mentionRule" }])));
}
