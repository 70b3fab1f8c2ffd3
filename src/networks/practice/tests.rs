use serde_json::{Value, json};
use tempfile::TempDir;

use super::service::{FileError, Request, Response, Service};
use crate::base::clock::Clock;

struct Practice {
    service: Service,
    folder: TempDir,
}

impl Practice {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let service = Service::open(&folder.path().join("practice"), Clock::default()).unwrap();
        Self { service, folder }
    }

    /// The same file, opened anew as after a crash, with what `damage` did to it.
    fn reopened(self, damage: impl FnOnce(&mut Vec<u8>)) -> Result<Self, FileError> {
        let Self { service, folder } = self;
        let clock = service.clock().clone();
        drop(service);
        let path = folder.path().join("practice");
        let mut bytes = std::fs::read(&path).unwrap();
        damage(&mut bytes);
        std::fs::write(&path, bytes).unwrap();
        Ok(Self { service: Service::open(&path, clock)?, folder })
    }

    fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        self.service.handle(&Request {
            method: method.to_owned(),
            path: path.to_owned(),
            query: url::form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
            headers: headers.collect(),
            body: body.to_vec().into(),
        })
    }

    fn ask(&self, token: &str, method: &str, path: &str, body: &Value) -> (u16, Value) {
        self.ask_with_key(token, method, path, body, "")
    }

    fn ask_with_key(&self, token: &str, method: &str, path: &str, body: &Value, key: &str) -> (u16, Value) {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str()), ("idempotency-key", key)];
        let response = self.send(method, path, &headers, body.to_string().as_bytes());
        (response.status, serde_json::from_slice(&response.body).unwrap_or(Value::Null))
    }

    fn join(&self, name: &str) -> (String, String) {
        let (status, me) = self.ask("", "POST", "/api/accounts", &json!({ "name": name }));
        assert_eq!(status, 201, "{me}");
        (me["id"].as_str().unwrap().to_owned(), me["token"].as_str().unwrap().to_owned())
    }

    fn post(&self, token: &str, text: &str) -> String {
        let (status, post) = self.ask(token, "POST", "/api/posts", &json!({ "text": text }));
        assert_eq!(status, 201, "{post}");
        post["id"].as_str().unwrap().to_owned()
    }

    fn behave(&self, token: &str, behaviour: &Value) {
        let (status, told) = self.ask(token, "PUT", "/api/behaviour", behaviour);
        assert_eq!(status, 200, "{told}");
    }

    fn upload(&self, token: &str, bytes: &[u8]) -> (u16, Value) {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str()), ("content-type", "image/png")];
        let response = self.send("POST", "/api/media", &headers, bytes);
        (response.status, serde_json::from_slice(&response.body).unwrap())
    }

    fn texts(&self) -> Vec<String> {
        let (_, timeline) = self.ask("", "GET", "/api/timeline", &Value::Null);
        let posts = timeline["posts"].as_array().unwrap();
        posts.iter().map(|post| post["text"].as_str().unwrap().to_owned()).collect()
    }
}

#[test]
fn what_was_answered_is_there_after_a_crash() {
    let practice = Practice::new();
    let (_, ada) = practice.join("Ada");
    let (status, upload) = practice.upload(&ada, b"bytes of a picture");
    assert_eq!(status, 201);
    let media = json!([{ "id": upload["id"], "alt": "A bell" }]);
    let (_, post) = practice.ask(&ada, "POST", "/api/posts", &json!({ "text": "One", "media": media }));
    let practice = practice.reopened(|_bytes| ()).unwrap();
    let (status, found) = practice.ask(&ada, "GET", &format!("/api/posts/{}", post["id"].as_str().unwrap()), &json!(0));
    assert_eq!((status, &found), (200, &post));
    let picture = practice.send("GET", &format!("/media/{}", found["media"][0]["digest"].as_str().unwrap()), &[], b"");
    assert_eq!(
        (picture.content_type.as_str(), picture.body.as_slice()),
        ("image/png", b"bytes of a picture".as_slice())
    );
}

#[test]
fn a_torn_last_line_is_cut_off_and_the_service_goes_on() {
    let torn: [fn(&mut Vec<u8>); 4] = [
        |bytes| bytes.truncate(bytes.len() - 1),
        |bytes| bytes.truncate(bytes.len() - 30),
        |bytes| bytes.extend_from_slice(b"[{\"event\":\"pos"),
        |bytes| bytes.extend_from_slice(&[0; 512]),
    ];
    for (damage, kept) in torn.into_iter().zip([1, 1, 2, 2]) {
        let practice = Practice::new();
        let (_, ada) = practice.join("Ada");
        practice.post(&ada, "One");
        practice.post(&ada, "Two");
        let practice = practice.reopened(damage).unwrap();
        assert_eq!(practice.texts().len(), kept);
        practice.post(&ada, "Three");
        assert_eq!(practice.reopened(|_bytes| ()).unwrap().texts()[0], "Three");
    }
}

#[test]
fn a_file_that_was_torn_at_its_very_beginning_is_begun_again() {
    for length in [0, 5] {
        let practice = Practice::new().reopened(|bytes| bytes.truncate(length)).unwrap();
        practice.join("Ada");
    }
}

#[test]
fn a_file_that_is_damaged_or_not_ours_is_refused_with_words() {
    let practice = Practice::new();
    practice.join("Ada");
    practice.join("Ben");
    let damaged = practice.reopened(|bytes| bytes[25] = b'#').err().unwrap();
    assert!(matches!(damaged, FileError::Damaged { line: 2, .. }), "{damaged}");
    let other = Practice::new().reopened(|bytes| *bytes = b"a letter to Ben\n".to_vec()).err().unwrap();
    assert!(matches!(other, FileError::NotOurs(_)), "{other}");
    let practice = Practice::new();
    let again = Service::open(&practice.folder.path().join("practice"), Clock::default());
    assert!(matches!(again, Err(FileError::InUse(_))));
}

#[test]
fn a_key_is_honoured_only_where_the_account_says_so() {
    for (settles, posts) in [("native_key", 1), ("known_id", 2), ("look_up", 2), ("ask_person", 2)] {
        let practice = Practice::new();
        let (_, ada) = practice.join("Ada");
        practice.behave(&ada, &json!({ "settles": settles }));
        let send = || practice.ask_with_key(&ada, "POST", "/api/posts", &json!({ "text": "One" }), "k1").0;
        assert_eq!((send(), send()), (201, if posts == 1 { 200 } else { 201 }), "{settles}");
        let practice = practice.reopened(|_bytes| ()).unwrap();
        practice.ask_with_key(&ada, "POST", "/api/posts", &json!({ "text": "Two" }), "k2");
        assert_eq!(practice.texts().len(), posts + 1, "{settles}");
    }
}

#[test]
fn everything_that_arrived_is_counted_whatever_became_of_it() {
    let practice = Practice::new();
    let (_, ada) = practice.join("Ada");
    let fault = json!({ "step": "create", "kind": "fail_before" });
    assert_eq!(practice.ask(&ada, "POST", "/api/faults", &fault).0, 201);
    let send = || practice.ask_with_key(&ada, "POST", "/api/posts", &json!({ "text": "One" }), "k1").0;
    assert_eq!((send(), send(), send()), (500, 201, 200));
    let practice = practice.reopened(|_bytes| ()).unwrap();
    let (_, arrivals) = practice.ask(&ada, "GET", "/api/arrivals", &Value::Null);
    let outcomes: Vec<&Value> = arrivals.as_array().unwrap().iter().map(|arrival| &arrival["outcome"]).collect();
    assert_eq!(outcomes, ["refused", "done", "repeated"]);
    assert_eq!(
        (&arrivals[1]["key"], &arrivals[1]["text"], &arrivals[1]["post"]),
        (&json!("k1"), &json!("One"), &json!("p2"))
    );
}

#[test]
fn an_account_refuses_what_it_lacks() {
    let table = [
        (json!({ "text_limit": 3 }), json!({ "text": "Four" })),
        (json!({ "text_limit": 3, "unit": "bytes" }), json!({ "text": "éé" })),
        (json!({ "content_warning": false }), json!({ "text": "a", "content_warning": "b" })),
        (json!({ "quotes": false }), json!({ "text": "a", "quote_url": "https://example.org" })),
        (
            json!({ "polls": false }),
            json!({ "text": "a", "poll": { "options": ["1", "2"], "open_for_s": 300, "multiple": false } }),
        ),
        (json!({ "media_required": true }), json!({ "text": "a" })),
        (json!({}), json!({ "text": " " })),
        (json!({}), json!({ "text": "a", "in_reply_to": "p99" })),
        (json!({}), json!({ "text": "a", "media": [{ "id": "m99" }] })),
    ];
    for (behaviour, draft) in table {
        let practice = Practice::new();
        let (_, ada) = practice.join("Ada");
        practice.behave(&ada, &behaviour);
        assert_eq!(practice.ask(&ada, "POST", "/api/posts", &draft).0, 422, "{behaviour} {draft}");
        assert_eq!(practice.texts(), [""; 0]);
    }
}

#[test]
fn threads_edits_and_deletions_can_be_lacking() {
    let practice = Practice::new();
    let (_, ada) = practice.join("Ada");
    let post = practice.post(&ada, "One");
    practice.behave(&ada, &json!({ "threads": false, "first_comment": false, "edit": false, "delete": false }));
    let path = format!("/api/posts/{post}");
    assert_eq!(practice.ask(&ada, "PUT", &path, &json!({ "text": "Two" })).0, 422);
    assert_eq!(practice.ask(&ada, "DELETE", &path, &Value::Null).0, 422);
    assert_eq!(practice.ask(&ada, "POST", "/api/posts", &json!({ "text": "a", "in_reply_to": post })).0, 422);
}

#[test]
fn another_account_cannot_change_what_is_not_its_own() {
    let practice = Practice::new();
    let ((_, ada), (_, ben)) = (practice.join("Ada"), practice.join("Ben"));
    let path = format!("/api/posts/{}", practice.post(&ada, "One"));
    assert_eq!(practice.ask(&ben, "PUT", &path, &json!({ "text": "Two" })).0, 404);
    assert_eq!(practice.ask(&ben, "DELETE", &path, &Value::Null).0, 404);
    assert_eq!(practice.ask(&ben, "PUT", &format!("{path}/counts"), &json!({})).0, 404);
    assert_eq!(practice.ask("guess", "GET", "/api/me", &Value::Null).0, 401);
    assert_eq!(practice.ask(&ada, "DELETE", "/api/tokens", &Value::Null).0, 204);
    assert_eq!(practice.ask(&ada, "GET", "/api/me", &Value::Null).0, 401);
}

#[test]
fn a_name_opens_one_account_however_it_is_written() {
    let practice = Practice::new();
    let (ada, first) = practice.join("Ada's bakery");
    let (again, second) = practice.join(" ada-s BAKERY ");
    assert_eq!(ada, again);
    assert_ne!(first, second);
    for name in ["", "  ", "!?", &"a".repeat(61)] {
        assert_eq!(practice.ask("", "POST", "/api/accounts", &json!({ "name": name })).0, 422, "{name:?}");
    }
}

#[test]
fn answers_mentions_and_quotes_reach_the_inbox_once_and_in_order() {
    let practice = Practice::new();
    let ((_, ada), (_, ben)) = (practice.join("Ada"), practice.join("Ben"));
    let post = practice.post(&ada, "One");
    let say = |draft: &Value| practice.ask(&ben, "POST", "/api/posts", draft).1["id"].as_str().unwrap().to_owned();
    let reply = say(&json!({ "text": "Nice", "in_reply_to": post }));
    say(&json!({ "text": "Deeper", "in_reply_to": reply }));
    say(&json!({ "text": "Hello @ada!" }));
    say(&json!({ "text": "Not @adam nor @ada-s" }));
    say(&json!({ "text": "Look", "quote_url": format!("https://example.org/practice/posts/{post}") }));
    say(&json!({ "text": "@ada psst", "visibility": "direct" }));
    practice.post(&ada, "@ada myself");

    let (_, inbox) = practice.ask(&ada, "GET", "/api/inbox?after=0&limit=3", &Value::Null);
    let kinds = |inbox: &Value| {
        let messages = inbox["messages"].as_array().unwrap();
        messages.iter().map(|message| message["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!((kinds(&inbox), &inbox["more"]), (vec!["reply".into(), "reply".into(), "mention".into()], &json!(true)));
    let next = format!("/api/inbox?after={}", inbox["after"].as_str().unwrap());
    let (_, rest) = practice.ask(&ada, "GET", &next, &Value::Null);
    assert_eq!((kinds(&rest), &rest["more"]), (vec!["quote".into(), "direct".into()], &json!(false)));
    assert!(practice.texts().iter().all(|text| text != "@ada psst"));
    assert_eq!(practice.ask(&ben, "GET", "/api/inbox", &Value::Null).1["messages"], json!([]));
}

#[test]
fn counts_grow_the_same_way_each_time_and_can_be_set() {
    let practice = Practice::new();
    let (_, ada) = practice.join("Ada");
    let path = format!("/api/posts/{}", practice.post(&ada, "One"));
    let views = || practice.ask(&ada, "GET", &path, &Value::Null).1["counts"].clone();
    assert_eq!(views()["views"], 0);
    practice.service.clock().set_offset_ms(3_600_000);
    let later = views();
    assert!(0 < later["views"].as_u64().unwrap());
    assert_eq!(views(), later);
    assert_eq!(later["reach"], Value::Null);
    practice.ask(&ada, "PUT", &format!("{path}/counts"), &json!({ "views": 7 }));
    assert_eq!((views()["views"].as_u64(), &views()["reactions"]), (Some(7), &Value::Null));
}

#[test]
fn a_picture_is_busy_for_as_long_as_it_was_told_to_be() {
    let practice = Practice::new();
    let (_, ada) = practice.join("Ada");
    practice.ask(&ada, "POST", "/api/faults", &json!({ "step": "upload", "kind": "slow_media", "ms": 5000 }));
    let (_, upload) = practice.upload(&ada, b"picture");
    let draft = json!({ "text": "One", "media": [{ "id": upload["id"] }] });
    assert!(upload["busy_until"].is_i64());
    assert_eq!(practice.ask(&ada, "POST", "/api/posts", &draft).0, 422);
    practice.service.clock().set_offset_ms(5001);
    let path = format!("/api/media/{}", upload["id"].as_str().unwrap());
    assert_eq!(practice.ask(&ada, "GET", &path, &Value::Null).1["busy_until"], Value::Null);
    assert_eq!(practice.ask(&ada, "POST", "/api/posts", &draft).0, 201);
    assert_eq!(practice.upload(&ada, b"another").1["busy_until"], Value::Null);
}

#[test]
fn only_pictures_are_taken_as_pictures() {
    let practice = Practice::new();
    let (_, ada) = practice.join("Ada");
    let bearer = format!("Bearer {ada}");
    for mime in ["image/svg+xml", "text/html", ""] {
        let headers = [("authorization", bearer.as_str()), ("content-type", mime)];
        assert_eq!(practice.send("POST", "/api/media", &headers, b"<svg>").status, 422, "{mime}");
    }
    assert_eq!(practice.upload(&ada, b"").0, 422);
    assert_eq!(practice.send("GET", "/media/..%2F..%2Fpractice", &[], b"").status, 404);
}

#[test]
fn many_requests_at_once_are_all_kept() {
    let practice = Practice::new();
    let (_, ada) = practice.join("Ada");
    std::thread::scope(|scope| {
        for worker in 0..8 {
            let (practice, ada) = (&practice, &ada);
            scope.spawn(move || (0..10).for_each(|n| drop(practice.post(ada, &format!("{worker}.{n}")))));
        }
    });
    let practice = practice.reopened(|_bytes| ()).unwrap();
    let (_, me) = practice.ask(&ada, "GET", "/api/me", &Value::Null);
    assert_eq!(me["posts"], 80);
}

#[test]
fn faults_are_used_up_one_by_one_and_survive_a_crash() {
    let practice = Practice::new();
    let (_, ada) = practice.join("Ada");
    let fault = json!({ "step": "any", "kind": "rate_limit", "retry_after_s": 9, "count": 2 });
    practice.ask(&ada, "POST", "/api/faults", &fault);
    assert_eq!(practice.ask(&ada, "GET", "/api/me", &Value::Null).0, 429);
    let practice = practice.reopened(|_bytes| ()).unwrap();
    let bearer = format!("Bearer {ada}");
    let response = practice.send("GET", "/api/me", &[("authorization", &bearer)], b"");
    assert_eq!((response.status, response.headers), (429, vec![("retry-after", "9".to_owned())]));
    assert_eq!(practice.ask(&ada, "GET", "/api/me", &Value::Null).0, 200);
    assert_eq!(practice.ask(&ada, "POST", "/api/faults", &json!({ "step": "fly", "kind": "refuse" })).0, 422);
    assert_eq!(practice.ask(&ada, "PUT", "/api/behaviour", &json!({ "colour": "red" })).0, 400);
}
