//! The inbox as several people use it: faces, filters, and who is answering.

use std::io::Cursor;
use std::time::Duration;

use belfry::people::Role;
use belfry::work;
use serde_json::{Value, json};

use crate::practising::{Practising, has};

/// A picture of one colour.
fn picture(red: u8) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let pixels = image::RgbImage::from_pixel(80, 80, image::Rgb([red, 90, 60]));
    pixels.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

impl Practising {
    /// Gives the account that this token opens a picture.
    async fn picture_of(&self, token: &str, red: u8) {
        let (client, server) = (&self.test.app.client, self.account().await.server);
        let upload = client.post(&format!("{server}/api/media")).bytes("image/png", picture(red)).bearer(token);
        let upload: Value = upload.send().await.unwrap().json().unwrap();
        let own = client.put(&format!("{server}/api/picture")).json(&json!({ "id": upload["id"] })).bearer(token);
        assert!(own.send().await.unwrap().is_success());
    }

    /// A token of the practice account of this name.
    async fn join(&self, name: &str) -> String {
        let url = format!("{}/api/accounts", self.account().await.server);
        let answer = self.test.app.client.post(&url).json(&json!({ "name": name })).send().await.unwrap();
        answer.json::<Value>().unwrap()["token"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn faces_come_from_here_once_they_are_fetched_and_initials_stand_for_them_until_then() {
    let mut practising = Practising::start().await;
    practising.picture_of(&practising.join("Ana Marsh").await, 200).await;
    let own = practising.account().await.secret.get("token").unwrap().to_owned();
    practising.picture_of(&own, 20).await;
    practising.post(&format!("{}/test", practising.page(&format!("channels/{}", practising.channel.id))), &[]).await;
    let post = practising.write_there("Bread at ten").await;
    practising.comment(&post, "Ana Marsh", "Rye too?").await;

    let conversation = practising.first_conversation().await;
    let pages = [
        practising.page("inbox"),
        conversation,
        practising.page("channels"),
        practising.page(&format!("channels/{}", practising.channel.id)),
        practising.page("compose"),
    ];
    for page in &pages {
        let page = practising.get(page).await;
        assert!(page.status == 200 && !page.text.contains("avatar__picture"), "nobody waits for a face");
    }
    work::avatars::round((*practising.test.app).clone()).await.unwrap();
    for page in &pages {
        let page = practising.get(page).await;
        assert!(page.text.contains("src=\"/avatar/"), "{}", page.text);
        assert!(!page.text.contains("src=\"http"), "a page asks no other host");
    }
    practising.test.stop().await;
}

#[tokio::test]
async fn others_see_who_is_answering_until_it_is_sent_or_a_minute_has_passed() {
    let mut practising = Practising::start().await;
    practising.test.member(&practising.workspace, "ben", Role::Editor).await;
    practising.test.member(&practising.workspace, "cleo", Role::Viewer).await;
    let (mut ben, mut cleo) = (practising.test.signed_in("ben").await, practising.test.signed_in("cleo").await);
    let post = practising.write_there("Bread at ten").await;
    practising.comment(&post, "Ana Marsh", "Rye too?").await;
    let conversation = practising.first_conversation().await;
    let token = ben.get(&conversation).await.value_of("token").unwrap();
    let types = format!("{conversation}/answering");
    let mut live = practising.test.app.live.listen(practising.workspace.id, None);

    assert_eq!(ben.post(&types, &[]).await.status, 204);
    assert_eq!(live.next().await.unwrap().unwrap().what, "conversation");
    has(&practising.get(&conversation).await, "Ben is answering…");
    has(&practising.get(&practising.page("inbox")).await, "Ben is answering…");
    assert!(!ben.get(&conversation).await.words().contains("is answering"), "he knows");
    cleo.get(&conversation).await;
    assert_eq!(cleo.post(&types, &[]).await.status, 403, "who may not answer is not answering");

    practising.test.pass(Duration::from_secs(61));
    assert!(!practising.get(&conversation).await.words().contains("is answering"));
    ben.post(&types, &[]).await;
    has(&practising.get(&conversation).await, "Ben is answering…");
    let sent = ben.post(&format!("{conversation}/answer"), &[("token", &token), ("text", "Rye too.")]).await;
    assert_eq!(sent.status, 303, "{}", sent.words());
    assert!(!practising.get(&conversation).await.words().contains("is answering"));
    let nothing = practising.page("inbox/00000000000000000000000007/answering");
    assert_eq!(ben.post(&nothing, &[]).await.status, 404);
    practising.test.stop().await;
}

#[tokio::test]
async fn the_inbox_is_narrowed_to_one_channel_by_links_and_stays_so() {
    let mut practising = Practising::start().await;
    let post = practising.write_there("Bread at ten").await;
    practising.comment(&post, "Ana Marsh", "Rye too?").await;
    let first = practising.channel.clone();
    let new = practising.page("channels/new/practice");
    practising.get(&new).await;
    let done = practising.post(&new, &[("way", "name"), ("name", "Hillside"), ("server", "")]).await;
    let id = done.location.unwrap().rsplit('/').next().unwrap().parse().unwrap();
    practising.channel = belfry::channels::get(&practising.test.app, practising.workspace.id, id).await.unwrap();
    let post = practising.write_there("Soup at noon").await;
    practising.comment(&post, "Lena Rowe", "Is it vegan?").await;

    let inbox = practising.page("inbox");
    let both = practising.get(&inbox).await;
    has(&both, "Rye too?");
    has(&both, "Is it vegan?");
    let narrowed = format!("{inbox}?channel={}", first.id);
    assert!(both.text.contains(&format!("href=\"{narrowed}\"")), "a link that needs no script");
    let one = practising.get(&narrowed).await;
    has(&one, "Rye too?");
    has(&one, "Open 1");
    assert!(!one.words().contains("Is it vegan?"));
    let conversation = practising.first_conversation().await;
    let channel = first.id.to_string();
    let put_away = format!("{}/done", practising.page(&format!("inbox/{}", conversation.rsplit('/').next().unwrap())));
    let done = practising.post(&put_away, &[("channel", channel.as_str())]).await;
    assert_eq!(done.location.as_deref(), Some(narrowed.as_str()), "one comes back to what was shown");
    practising.test.stop().await;
}
