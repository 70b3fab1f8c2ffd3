//! The library.

use std::io::Cursor;

use belfry::config::Config;
use image::{ImageFormat, Rgb, RgbImage};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::json;

use super::program::{Place, Told};

fn picture(shade: u8) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_pixel(40, 30, Rgb([shade, 90, 160])).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

async fn upload(place: &Place, key: Option<&str>, bytes: Vec<u8>, alt: Option<&str>) -> Told {
    let form = alt.iter().fold(Form::new(), |form, alt| form.text("alt", (*alt).to_owned()));
    let form = form.part("file", Part::bytes(bytes).file_name("boxes.png"));
    let request = place.program.request(Method::POST, "/media").multipart(form);
    place.program.send(key.iter().fold(request, |request, key| request.header("idempotency-key", *key))).await
}

#[tokio::test]
async fn a_picture_is_added_once_described_used_and_removed() {
    let place = Place::new().await;
    let program = &place.program;
    let added = upload(&place, Some("one"), picture(10), Some("Boxes of bread")).await;
    assert_eq!(
        (added.status, &added.body["alt"], &added.body["width_px"]),
        (201, &json!("Boxes of bread"), &json!(40))
    );
    let again = upload(&place, Some("one"), picture(10), Some("Boxes of bread")).await;
    assert_eq!((again.id(), again.headers.contains_key("idempotency-replayed")), (added.id(), true));
    assert_eq!(upload(&place, Some("one"), picture(20), None).await.problem(), (422, "key-reused"));
    assert_eq!(upload(&place, None, picture(10), None).await.id(), added.id(), "the same picture is one");
    assert_eq!(program.get("/media").await.ids(), [added.id()]);

    let at = format!("/media/{}", added.id());
    let known = program.get(&at).await;
    let described = json!({ "alt": "Bread", "focus": [0.5, -0.5], "edition": known.body["edition"] });
    let first = program.put(&at, &described).await;
    assert_eq!((&first.body["alt"], &first.body["focus"]), (&json!("Bread"), &json!([0.5, -0.5])));
    assert_eq!(program.put(&at, &described).await.problem(), (409, "changed-meanwhile"));
    let outside = json!({ "alt": "", "focus": [2.0, 0.0], "edition": first.body["edition"] });
    assert_eq!(program.put(&at, &outside).await.paths(), ["focus"]);
    let url = first.body["url"].as_str().unwrap();
    let bytes = place.test.browser().get(url).await;
    assert_eq!((bytes.status, &bytes.headers["content-type"]), (200, &"image/png".parse().unwrap()));

    let content = json!({ "text": "Look", "channels": [place.channel], "media": [{ "asset": added.id() }] });
    let post = program.post("/posts", &json!({ "content": content, "at": "2026-11-22T09:00" })).await;
    assert_eq!(post.status, 201, "{post:?}");
    assert_eq!(program.delete(&at).await.problem(), (409, "against-a-rule"), "a planned post needs it");
    program.delete(&format!("/posts/{}/plan", post.id())).await;
    assert_eq!(program.delete(&at).await.status, 204);
    assert_eq!(program.get(&at).await.status, 404);
    place.test.stop().await;
}

#[tokio::test]
async fn what_is_no_picture_or_too_large_is_not_taken() {
    let place = Place::new().await;
    let text = upload(&place, None, b"not a picture at all".to_vec(), None).await;
    assert_eq!((text.status, text.paths()), (422, vec!["file"]));
    let empty = place
        .program
        .send(place.program.request(Method::POST, "/media").multipart(Form::new().text("alt", "Boxes")))
        .await;
    assert_eq!((empty.status, empty.paths()), (422, vec!["file"]));
    let wrong = place.program.post("/media", &json!({})).await;
    assert_eq!(wrong.problem(), (415, "wrong-type"));
    let huge = vec![0; (usize::from(Config::default().upload_max_mib) << 20) + 1];
    assert_eq!(upload(&place, None, huge, None).await.problem(), (413, "too-large"));
    assert_eq!(place.program.get("/media").await.items().len(), 0);
    place.test.stop().await;
}
