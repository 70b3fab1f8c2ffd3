//! Where notices of a workspace go besides the app: a topic at an ntfy server, or a webhook's address.
//!
//! Whoever knows the topic can read along and write to the phones, so it is sealed like any credential and never shown
//! again. Every address passes the guard.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;
use url::Url;

use super::Notice;
use crate::app::App;
use crate::base::clock::At;
use crate::base::id;
use crate::base::seal::{CannotOpen, Sealed};
use crate::base::text::excerpt;
use crate::networks::NetworkError;
use crate::networks::client::Answer;
use crate::people::{Action, Actor, FieldProblem, Refusal, WorkspaceId, activity};
use crate::store::{
    Change, Record, StoreError, Stored,
    schema::{self, CollectionId},
};
use crate::words::Message;

/// The ntfy server that most use.
pub const NTFY: &str = "https://ntfy.sh";
/// How long a topic may be (docs.ntfy.sh/publish, read 2026-11).
const TOPIC_MAX: usize = 64;
/// How long an address or a token may be.
const TEXT_MAX: usize = 1000;

/// Where notices of a workspace go, sealed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// Whose.
    pub workspace: WorkspaceId,
    /// A [`Way`], opened only with the server's key, for this workspace only.
    pub sealed: Sealed,
    /// Since when.
    pub set_at: At,
}

impl Record for Target {
    const COLLECTION: CollectionId = schema::NOTICE_TARGETS;
    type Key = (WorkspaceId,);

    fn key(&self) -> Self::Key {
        (self.workspace,)
    }
}

/// The way to a phone. It holds secrets, so it prints as nothing.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// How it is spoken to.
    pub to: To,
    /// Where this server was reached when it was set: notices lead there, unless the configuration names an address.
    pub set_from: String,
}

impl std::fmt::Debug for Way {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Way(…)")
    }
}

/// How a target is spoken to.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum To {
    /// A topic at an ntfy server.
    Ntfy {
        /// Its origin.
        server: String,
        /// The topic: who knows it can read and write.
        topic: String,
        /// What opens a topic that is kept for some.
        token: Option<String>,
    },
    /// A JSON object to an address.
    Webhook {
        /// The address.
        url: String,
    },
}

impl std::fmt::Debug for To {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("To(…)")
    }
}

impl To {
    /// The host that is asked: as much as pages show of it.
    pub fn host(&self) -> String {
        let (Self::Ntfy { server: url, .. } | Self::Webhook { url }) = self;
        Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
    }

    /// Reads what was typed for ntfy.
    pub fn ntfy(app: &App, server: &str, topic: &str, token: &str) -> Result<Self, Refusal> {
        let mut problems = Vec::new();
        let server = match server.trim() {
            "" => NTFY,
            server => server,
        };
        let checked = check(app, "server", server, &mut problems);
        let topic = topic.trim();
        let fits = |sign: char| sign.is_ascii_alphanumeric() || sign == '-' || sign == '_';
        if topic.is_empty() || TOPIC_MAX < topic.len() || !topic.chars().all(fits) {
            problems.push(FieldProblem::new("topic", Message::new("notices-topic-unread").with("most", TOPIC_MAX)));
        }
        let token = Some(token.trim()).filter(|token| !token.is_empty());
        if token.is_some_and(|token| TEXT_MAX < token.len() || !token.chars().all(|sign| sign.is_ascii_graphic())) {
            problems.push(FieldProblem::new("token", Message::new("notices-token-unread")));
        }
        Refusal::unless_empty(problems)?;
        let server = checked.map(|url| url.origin().ascii_serialization()).unwrap_or_default();
        Ok(Self::Ntfy { server, topic: topic.to_owned(), token: token.map(str::to_owned) })
    }

    /// Reads what was typed for a webhook.
    pub fn webhook(app: &App, url: &str) -> Result<Self, Refusal> {
        let mut problems = Vec::new();
        let checked = check(app, "url", url, &mut problems);
        Refusal::unless_empty(problems)?;
        Ok(Self::Webhook { url: checked.map(String::from).unwrap_or_default() })
    }
}

fn check(app: &App, field: &'static str, typed: &str, problems: &mut Vec<FieldProblem>) -> Option<Url> {
    let short = Some(typed.trim()).filter(|typed| typed.len() <= TEXT_MAX);
    match app.client.guard().check(short.unwrap_or_default()) {
        Ok(url) => Some(url),
        Err(refused) => {
            let message = Message::new("notices-address-refused").with("reason", refused.to_string());
            problems.push(FieldProblem::new(field, message));
            None
        }
    }
}

/// Where notices of a workspace go, if anywhere.
pub async fn find(app: &App, workspace: WorkspaceId) -> Result<Option<Stored<Target>>, StoreError> {
    app.store.find(&(workspace,)).await
}

/// Opens it.
pub fn open(app: &App, target: &Target) -> Result<Way, CannotOpen> {
    app.sealer.open_value(bound_to(target.workspace), &target.sealed)
}

fn bound_to(workspace: WorkspaceId) -> u128 {
    id::digest(&[b"notice target", &workspace.bits().to_be_bytes()])
}

/// Sets where notices go. `set_from` is how the browser reaches this server.
pub async fn set(app: &App, actor: &Actor, to: To, set_from: &str) -> Result<(), Refusal> {
    actor.may(Action::ManageSettings)?;
    let way = Way { to, set_from: set_from.to_owned() };
    let plain = serde_json::to_vec(&way).unwrap_or_default();
    put(app, actor, app.sealer.seal(bound_to(actor.workspace), &plain), "activity-notices-set").await
}

async fn put(app: &App, actor: &Actor, sealed: Sealed, told: &'static str) -> Result<(), Refusal> {
    let next = Target { workspace: actor.workspace, sealed, set_at: app.clock.now() };
    let mut change = Change::default();
    match find(app, actor.workspace).await? {
        Some(known) => change.update(&known, &next),
        None => change.insert(&next),
    };
    change.insert(&activity::by(app, actor, told, &[]));
    app.store.commit(change).await?;
    Ok(())
}

/// Notices go nowhere but the app. Gives what [`put_back`] takes; nothing of it stays here.
pub async fn remove(app: &App, actor: &Actor) -> Result<Sealed, Refusal> {
    actor.may(Action::ManageSettings)?;
    let known = find(app, actor.workspace).await?.ok_or(Refusal::NotThere)?;
    let mut change = Change::default();
    change.remove(&known);
    change.insert(&activity::by(app, actor, "activity-notices-removed", &[]));
    app.store.commit(change).await?;
    Ok(known.row.sealed)
}

/// Takes a removal back. What comes from outside counts only if it opens for this workspace.
pub async fn put_back(app: &App, actor: &Actor, sealed: Sealed) -> Result<(), Refusal> {
    actor.may(Action::ManageSettings)?;
    if app.sealer.open_value::<Way>(bound_to(actor.workspace), &sealed).is_err() {
        return Err(Refusal::NotThere);
    }
    if find(app, actor.workspace).await?.is_some() {
        return Err(Refusal::ChangedMeanwhile);
    }
    put(app, actor, sealed, "activity-notices-set").await
}

/// How a phone reaches this server: the address the configuration names, else the one the target was set from.
pub fn reached_at(app: &App, way: &Way) -> String {
    let public = app.config.public_url.as_ref().map(|url| url.as_str().trim_end_matches('/').to_owned());
    public.unwrap_or_else(|| way.set_from.clone())
}

/// What rings.
pub(super) struct Call<'a> {
    /// Whose: the name of the workspace.
    pub(super) title: String,
    /// The sentence.
    pub(super) text: String,
    /// Where it leads.
    pub(super) link: String,
    /// Rings louder.
    pub(super) urgent: bool,
    /// None: a test.
    pub(super) notice: Option<&'a Notice>,
}

/// Rings once.
pub(super) async fn call(app: &App, way: &Way, call: &Call<'_>) -> Result<Answer, NetworkError> {
    let (title, text, link) = (&call.title, &call.text, &call.link);
    let (url, token, body) = match &way.to {
        To::Ntfy { server, topic, token } => {
            // As JSON to the server itself: headers take no names with accents (docs.ntfy.sh/publish, read 2026-11).
            let priority = if call.urgent { 4 } else { 3 };
            let body = json!({ "topic": topic, "title": title, "message": text, "click": link, "priority": priority });
            (server, token.as_deref(), body)
        }
        To::Webhook { url } => {
            let notice = call.notice;
            let body = json!({
                "id": notice.map(|notice| notice.id),
                "at": notice.map_or(app.clock.now(), |notice| notice.at).to_string(),
                "what": notice.map_or_else(|| json!("test"), |notice| json!(notice.what)),
                "workspace": title,
                "text": text,
                "link": link,
            });
            (url, None, body)
        }
    };
    let request = app.client.post(url).deadline(Duration::from_secs(15)).max_bytes(64 * 1024).json(&body);
    let request = if let Some(token) = token { request.bearer(token) } else { request };
    request.send().await
}

/// Rings once to see what comes back. A yes is the sentence for the person; anything else is why not, in words.
pub async fn test(app: &App, actor: &Actor, title: &str, link: &str) -> Result<Message, Refusal> {
    actor.may(Action::ManageSettings)?;
    let target = find(app, actor.workspace).await?.ok_or(Refusal::NotThere)?;
    let cannot = |_closed| Refusal::Rule(Message::new("notices-closed"));
    let way = open(app, &target).map_err(cannot)?;
    let text = app.words.say("notices-test-text");
    let link = format!("{}{link}", reached_at(app, &way));
    let ring = Call { title: title.to_owned(), text, link, urgent: false, notice: None };
    let host = way.to.host();
    let rule = |key| Refusal::Rule(Message::new(key).with("host", host.as_str()));
    let because =
        |key, reason: &str| Refusal::Rule(Message::new(key).with("host", host.as_str()).with("reason", reason));
    let answer = match call(app, &way, &ring).await {
        Ok(answer) => answer,
        Err(NetworkError::Address { reason }) => return Err(because("notices-test-address", &reason)),
        Err(NetworkError::Unclear { reason }) => return Err(because("notices-test-unclear", &reason)),
        Err(error) => return Err(because("notices-test-not-reached", error.reason())),
    };
    let is_ntfy = matches!(way.to, To::Ntfy { .. });
    match answer.status() {
        200..=299 if is_ntfy && !answered_as_ntfy(&answer) => Err(rule("notices-test-not-ntfy")),
        200..=299 => Ok(Message::new(if is_ntfy { "notices-test-well" } else { "notices-test-taken" })
            .with("host", host.as_str())
            .with("status", answer.status().to_string())),
        401 | 403 => Err(rule(if is_ntfy { "notices-test-shut" } else { "notices-test-refused" })),
        404 | 405 => Err(rule("notices-test-nothing-there")),
        429 => Err(rule("notices-test-too-often")),
        status => {
            let said = excerpt(&String::from_utf8_lossy(answer.body()), 120);
            Err(Refusal::Rule(
                Message::new("notices-test-status")
                    .with("host", host.as_str())
                    .with("status", status.to_string())
                    .with("said", said),
            ))
        }
    }
}

/// ntfy answers with the message it took; a web page that says yes to everything does not.
fn answered_as_ntfy(answer: &Answer) -> bool {
    answer.json::<serde_json::Value>().is_ok_and(|answer| answer.get("topic").is_some())
}
