//! A Mastodon server in small. It keeps what it is sent, and refuses what a real one refuses: unknown or used pictures,
//! long texts, unknown visibilities, a poll with pictures, answers to nothing. It also refuses a post that does not
//! name its visibility, which real ones allow and Belfry never does.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use super::{account_at, noon};
use crate::base::clock::At;
use crate::networks::fake::{Asked, Fake, Reply};
use crate::networks::{Account, Client};

pub(super) const TOKEN: &str = "invented-token-of-ada";

/// The server, and what the test may look into and turn.
pub(super) struct Server {
    pub(super) fake: Fake,
    state: Arc<Mutex<State>>,
}

pub(super) struct State {
    pub(super) software: String,
    pub(super) now: At,
    pub(super) honours_keys: bool,
    /// Uploads answer 202 and are ready after so many looks.
    pub(super) looks_until_ready: u32,
    /// Answers to be given instead of the real one, for requests whose `METHOD path` begins so; the request has no effect.
    pub(super) instead: VecDeque<(String, Reply)>,
    /// The next publish takes effect and its answer is lost.
    pub(super) lose_next: bool,
    /// Newest last.
    pub(super) statuses: Vec<Value>,
    /// Newest last.
    pub(super) notifications: Vec<Value>,
    pub(super) media: BTreeMap<String, Upload>,
    pub(super) instance: Value,
    pub(super) codes: BTreeMap<String, String>,
    keys: BTreeMap<String, String>,
    next_id: u64,
}

#[derive(Default)]
pub(super) struct Upload {
    pub(super) description: Option<String>,
    pub(super) focus: Option<String>,
    pub(super) mime: String,
    pub(super) size: usize,
    looks: u32,
    ready: bool,
    used: bool,
}

impl Server {
    /// A server that says it runs this software.
    pub(super) async fn start(software: &str) -> Self {
        let state = Arc::new(Mutex::new(State {
            software: software.to_owned(),
            now: noon(),
            honours_keys: software == "mastodon",
            looks_until_ready: 0,
            instead: VecDeque::new(),
            lose_next: false,
            statuses: Vec::new(),
            notifications: Vec::new(),
            media: BTreeMap::new(),
            instance: instance(),
            codes: BTreeMap::new(),
            keys: BTreeMap::new(),
            next_id: 1000,
        }));
        let inner = Arc::clone(&state);
        let fake = Fake::start(move |asked| {
            let mut state = inner.lock().unwrap_or_else(PoisonError::into_inner);
            let date = httpdate::fmt_http_date(
                std::time::UNIX_EPOCH + std::time::Duration::from_millis(u64::try_from(state.now.as_millis()).unwrap()),
            );
            state.answer(asked).header("date", &date)
        });
        Self { fake: fake.await, state }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn client(&self) -> Client {
        self.fake.client()
    }

    /// Ada's account there, as it is once connected.
    pub(super) fn account(&self) -> Account {
        let software = self.state().software.clone();
        let settings = json!({
            "software": software, "domain": "example.social", "handle": "@ada@example.social", "api_version": 7,
        });
        account_at(&self.fake.origin(), settings)
    }

    /// Answers the next request that begins so with this, without any effect.
    pub(super) fn instead(&self, request: &str, reply: Reply) {
        self.state().instead.push_back((request.to_owned(), reply));
    }
}

/// What a stock server says of itself.
pub(super) fn instance() -> Value {
    json!({
        "domain": "example.social", "version": "4.5.0", "api_versions": { "mastodon": 7 },
        "configuration": {
            "urls": { "streaming": "wss://streaming.example.social" },
            "statuses": { "max_characters": 500, "max_media_attachments": 4, "characters_reserved_per_url": 23 },
            "media_attachments": {
                "supported_mime_types": ["image/jpeg", "image/png", "video/mp4"], "description_limit": 1500,
                "image_size_limit": 16_777_216, "image_matrix_limit": 33_177_600,
            },
            "polls": { "max_options": 4, "max_characters_per_option": 50, "min_expiration": 300, "max_expiration": 2_629_746 },
        },
    })
}

fn no(status: u16, error: &str) -> Reply {
    Reply::json(status, &json!({ "error": error }))
}

impl State {
    fn answer(&mut self, asked: &Asked) -> Reply {
        let request = format!("{} {}", asked.method, asked.path);
        if let Some(at) = self.instead.iter().position(|(start, _)| request.starts_with(start.as_str())) {
            return self.instead.remove(at).unwrap().1;
        }
        let path: Vec<&str> = asked.path.trim_matches('/').split('/').collect();
        match (asked.method.as_str(), path.as_slice()) {
            ("GET", [".well-known", "nodeinfo"]) => self.nodeinfo(asked),
            ("GET", ["nodeinfo", "2.0"]) => Reply::json(200, &json!({ "software": { "name": self.software } })),
            ("GET", ["api", "v2", "instance"]) => Reply::json(200, &self.instance),
            ("POST", ["api", "v1", "apps"]) => application(asked),
            ("POST", ["oauth", "token"]) => self.token(asked),
            _ if asked.header("authorization") != Some(&format!("Bearer {TOKEN}")) => {
                no(401, "The access token is invalid")
            }
            ("GET", ["api", "v1", "accounts", "verify_credentials"]) => Reply::json(200, &person("1", "ada")),
            ("GET", ["api", "v1", "accounts", "1", "statuses"]) => page(asked, &self.statuses, "1"),
            ("GET", ["api", "v1", "notifications"]) => self.notified(asked),
            ("POST", ["api", "v2", "media"]) => self.upload(asked),
            ("GET", ["api", "v1", "media", id]) => self.look_at(id),
            ("POST", ["api", "v1", "statuses"]) => self.publish(asked),
            ("GET", ["api", "v1", "statuses"]) => {
                let wanted = asked.params("id[]");
                let found = self.statuses.iter().filter(|status| wanted.contains(&text(status, "id")));
                Reply::json(200, &found.cloned().collect())
            }
            ("GET", ["api", "v2", "search"]) => {
                let found = self.statuses.iter().filter(|status| status["url"].as_str() == asked.param("q"));
                Reply::json(200, &json!({ "statuses": found.cloned().collect::<Vec<_>>() }))
            }
            (method, ["api", "v1", "statuses", id, rest @ ..]) => self.one(asked, method, id, rest),
            _ => no(404, "Not found"),
        }
    }

    fn nodeinfo(&self, asked: &Asked) -> Reply {
        let host = asked.header("host").unwrap_or_default();
        let link = |version: &str| {
            json!({
                "rel": format!("http://nodeinfo.diaspora.software/ns/schema/{version}"),
                "href": format!("http://{host}/nodeinfo/2.0"),
            })
        };
        if self.software.is_empty() {
            return no(404, "Not found");
        }
        Reply::json(200, &json!({ "links": [link("1.0"), link("2.0")] }))
    }

    fn token(&self, asked: &Asked) -> Reply {
        let form = asked.form();
        if form.get("grant_type").map(String::as_str) == Some("refresh_token") {
            return Reply::json(200, &json!({ "access_token": TOKEN, "refresh_token": "second", "expires_in": 600 }));
        }
        // The challenge that came with the visit must fit the verifier that comes with the code.
        let challenge = form.get("code").and_then(|code| self.codes.get(code));
        let digest = <sha2::Sha256 as sha2::Digest>::digest(form["code_verifier"].as_bytes());
        if challenge != Some(&data_encoding::BASE64URL_NOPAD.encode(&digest)) || form["client_secret"] != "app-secret" {
            return Reply::json(
                400,
                &json!({ "error": "invalid_grant", "error_description": "The grant is invalid." }),
            );
        }
        Reply::json(200, &json!({ "access_token": TOKEN, "token_type": "Bearer", "scope": form["scope"] }))
    }

    fn id(&mut self) -> String {
        self.next_id += 1;
        self.next_id.to_string()
    }

    fn upload(&mut self, asked: &Asked) -> Reply {
        let fields = asked.multipart();
        let field = |name: &str| fields.iter().find(|field| field.name == name);
        let text = |name: &str| field(name).map(|field| String::from_utf8(field.bytes.clone()).unwrap());
        let Some(file) = field("file").filter(|file| file.file_name.is_some() && !file.bytes.is_empty()) else {
            return no(422, "Validation failed: File can't be blank");
        };
        let mime = file.mime.clone().unwrap_or_default();
        if !matches!(mime.as_str(), "image/png" | "image/jpeg") {
            return no(422, "Validation failed: File content type is invalid, File is invalid");
        }
        if text("description").is_some_and(|description| 1500 < description.chars().count()) {
            return no(422, "Validation failed: Description is too long (maximum is 1500 characters)");
        }
        let ready = self.looks_until_ready == 0;
        let (size, id) = (file.bytes.len(), self.id());
        let upload =
            Upload { description: text("description"), focus: text("focus"), mime, size, ready, ..Upload::default() };
        self.media.insert(id.clone(), upload);
        let url = ready.then(|| format!("https://files.example.social/{id}.png"));
        Reply::json(if ready { 200 } else { 202 }, &json!({ "id": id, "type": "image", "url": url }))
    }

    fn look_at(&mut self, id: &str) -> Reply {
        let until = self.looks_until_ready;
        let Some(upload) = self.media.get_mut(id) else { return no(404, "Record not found") };
        upload.looks += 1;
        upload.ready = until <= upload.looks;
        let url = upload.ready.then(|| format!("https://files.example.social/{id}.png"));
        Reply::json(if upload.ready { 200 } else { 206 }, &json!({ "id": id, "type": "image", "url": url }))
    }

    fn publish(&mut self, asked: &Asked) -> Reply {
        let body = asked.json();
        let key = asked.header("idempotency-key").unwrap_or_default().to_owned();
        if let Some(known) = self.keys.get(&key).filter(|_id| self.honours_keys) {
            let found = self.statuses.iter().find(|status| text(status, "id") == known);
            return Reply::json(200, found.unwrap());
        }
        if let Err(refusal) = self.check(&body, true) {
            return refusal;
        }
        let ids = ids(&body);
        for id in &ids {
            self.media.get_mut(id).unwrap().used = true;
        }
        let id = self.id();
        let attachments: Vec<Value> = ids.iter().map(|id| self.attachment(id)).collect();
        let status = json!({
            "id": id, "uri": format!("https://example.social/users/ada/statuses/{id}"),
            "url": format!("https://example.social/@ada/{id}"), "created_at": self.now.to_string(),
            "account": person("1", "ada"), "content": html_of(text(&body, "status")), "text": body["status"],
            "spoiler_text": text(&body, "spoiler_text"), "visibility": body["visibility"], "language": body["language"],
            "in_reply_to_id": body["in_reply_to_id"], "quoted": body["quoted_status_id"],
            "media_attachments": attachments, "poll": body["poll"], "reblog": null,
            "favourites_count": 3, "replies_count": 1, "reblogs_count": 0,
        });
        self.statuses.push(status.clone());
        self.keys.insert(key, id);
        if std::mem::take(&mut self.lose_next) { Reply::lost() } else { Reply::json(200, &status) }
    }

    fn check(&self, body: &Value, fresh: bool) -> Result<(), Reply> {
        let ids = ids(body);
        let (words, warning) = (text(body, "status"), text(body, "spoiler_text"));
        if words.trim().is_empty() && ids.is_empty() {
            return Err(no(422, "Validation failed: Text can't be blank"));
        }
        if 500 < words.chars().count() + warning.chars().count() {
            return Err(no(422, "Validation failed: Text character limit of 500 exceeded"));
        }
        if fresh && !matches!(text(body, "visibility"), "public" | "unlisted" | "private" | "direct") {
            return Err(no(422, "Validation failed: Visibility is not included in the list"));
        }
        if !body["poll"].is_null() && !ids.is_empty() {
            return Err(no(422, "Validation failed: Cannot attach a poll to a post that has media"));
        }
        let options = body["poll"]["options"].as_array();
        if options.is_some_and(|options| options.len() < 2 || 4 < options.len()) {
            return Err(no(422, "Validation failed: Poll needs two to four options"));
        }
        for id in &ids {
            match self.media.get(id) {
                None => return Err(no(422, "Media with this id was not found")),
                Some(upload) if upload.used && fresh => return Err(no(422, "Media is attached to another post")),
                Some(upload) if !upload.ready => {
                    return Err(no(
                        422,
                        "Cannot attach files that have not finished processing. Try again in a moment!",
                    ));
                }
                Some(_) => {}
            }
        }
        let parent = &body["in_reply_to_id"];
        if !parent.is_null() && !self.statuses.iter().any(|status| status["id"] == *parent) {
            return Err(no(404, "The post you are trying to reply to does not appear to exist."));
        }
        Ok(())
    }

    fn attachment(&self, id: &str) -> Value {
        let upload = &self.media[id];
        json!({
            "id": id, "type": "image", "url": format!("https://files.example.social/{id}.png"),
            "preview_url": format!("https://files.example.social/{id}-small.png"), "description": upload.description,
        })
    }

    fn one(&mut self, asked: &Asked, method: &str, id: &str, rest: &[&str]) -> Reply {
        let Some(at) = self.statuses.iter().position(|status| text(status, "id") == id) else {
            return no(404, "Record not found");
        };
        match (method, rest) {
            ("GET", []) => Reply::json(200, &self.statuses[at]),
            ("GET", ["source"]) => {
                let status = &self.statuses[at];
                Reply::json(200, &json!({ "id": id, "text": status["text"], "spoiler_text": status["spoiler_text"] }))
            }
            ("GET", ["context"]) => {
                let below = self.statuses.iter().filter(|status| status["in_reply_to_id"] == id).cloned();
                Reply::json(200, &json!({ "ancestors": [], "descendants": below.collect::<Vec<_>>() }))
            }
            ("DELETE", []) => Reply::json(200, &self.statuses.remove(at)),
            ("PUT", []) => {
                let body = asked.json();
                if let Err(refusal) = self.check(&body, false) {
                    return refusal;
                }
                for attribute in body["media_attributes"].as_array().into_iter().flatten() {
                    let upload = self.media.get_mut(text(attribute, "id")).unwrap();
                    upload.description = attribute["description"].as_str().map(str::to_owned);
                }
                let attachments: Vec<Value> = ids(&body).iter().map(|id| self.attachment(id)).collect();
                let status = &mut self.statuses[at];
                status["content"] = json!(html_of(text(&body, "status")));
                status["text"] = body["status"].clone();
                status["spoiler_text"] = body["spoiler_text"].clone();
                status["media_attachments"] = json!(attachments);
                Reply::json(200, status)
            }
            _ => no(404, "Not found"),
        }
    }

    fn notified(&self, asked: &Asked) -> Reply {
        let types = asked.params("types[]");
        let wanted: Vec<Value> =
            self.notifications.iter().filter(|one| types.contains(&text(one, "type"))).cloned().collect();
        page(asked, &wanted, "")
    }
}

/// Newest first; with `min_id` the page right after it.
fn page(asked: &Asked, all: &[Value], author: &str) -> Reply {
    let number = |name: &str| asked.param(name).map(|id| id.parse::<u64>().unwrap());
    let limit: usize = asked.param("limit").map_or(20, |limit| limit.parse().unwrap()).min(40);
    let id_of = |one: &Value| text(one, "id").parse::<u64>().unwrap();
    let mut page: Vec<&Value> = all
        .iter()
        .filter(|one| author.is_empty() || one["account"]["id"] == author)
        .filter(|one| number("max_id").is_none_or(|max| id_of(one) < max))
        .filter(|one| number("min_id").is_none_or(|min| min < id_of(one)))
        .collect();
    if asked.param("min_id").is_none() {
        page.reverse();
    }
    page.truncate(limit);
    if asked.param("min_id").is_some() {
        page.reverse();
    }
    let mut reply = Reply::json(200, &json!(page));
    if let (Some(newest), Some(oldest)) = (page.first(), page.last()) {
        let base = format!("http://{}{}?limit={limit}", asked.header("host").unwrap_or_default(), asked.path);
        let (next, prev) = (text(oldest, "id"), text(newest, "id"));
        let link = format!("<{base}&max_id={next}>; rel=\"next\", <{base}&min_id={prev}>; rel=\"prev\"");
        reply = reply.header("link", &link);
    }
    reply
}

fn application(asked: &Asked) -> Reply {
    let form = asked.form();
    if form.get("client_name").is_none_or(String::is_empty) || !form.contains_key("redirect_uris") {
        return no(422, "Validation failed: Name can't be blank");
    }
    Reply::json(200, &json!({ "client_id": "app-id", "client_secret": "app-secret" }))
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_default()
}

fn ids(body: &Value) -> Vec<String> {
    let list = body["media_ids"].as_array().into_iter().flatten();
    list.map(|id| id.as_str().unwrap().to_owned()).collect()
}

pub(super) fn person(id: &str, acct: &str) -> Value {
    let name = acct.split('@').next().unwrap_or_default();
    json!({
        "id": id, "username": name, "acct": acct, "display_name": name.to_uppercase(),
        "url": format!("https://example.social/@{acct}"), "avatar": "https://files.example.social/a.png",
        "followers_count": 42, "following_count": 7, "statuses_count": 3,
        "source": { "privacy": "unlisted", "language": "en" },
    })
}

/// What someone else wrote.
pub(super) fn from_ben(id: &str, html: &str, extra: &Value) -> Value {
    let mut status = json!({
        "id": id, "uri": format!("https://example.org/{id}"), "url": format!("https://example.org/@ben/{id}"),
        "created_at": format!("2026-11-22T11:00:{:02}.000Z", id.parse::<u64>().unwrap() % 60),
        "account": person("9", "ben@example.org"), "content": html, "spoiler_text": "", "visibility": "public",
        "media_attachments": [], "in_reply_to_id": null, "in_reply_to_account_id": null,
    });
    for (name, value) in extra.as_object().unwrap() {
        status[name] = value.clone();
    }
    status
}

/// As Mastodon makes HTML of a text: paragraphs, shortened links, mentions without their host.
pub(super) fn html_of(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let paragraphs = escaped.split("\n\n").map(|paragraph| {
        let lines = paragraph.split('\n').map(|line| {
            let words = line.split(' ').map(|word| {
                if let Some(rest) = word.strip_prefix("https://") {
                    let (shown, hidden) = rest.split_at(rest.len().min(30));
                    format!(
                        "<a href=\"{word}\"><span class=\"invisible\">https://</span><span class=\"ellipsis\">{shown}</span><span class=\"invisible\">{hidden}</span></a>"
                    )
                } else if let Some(mention) = word.strip_prefix('@') {
                    let name = mention.split('@').next().unwrap_or_default();
                    format!("<span class=\"h-card\"><a href=\"#\" class=\"u-url mention\">@<span>{name}</span></a></span>")
                } else {
                    word.to_owned()
                }
            });
            words.collect::<Vec<_>>().join(" ")
        });
        format!("<p>{}</p>", lines.collect::<Vec<_>>().join("<br />"))
    });
    paragraphs.collect()
}
