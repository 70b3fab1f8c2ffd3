//! The connector for Practice: how it is connected, publishes and settles.
//!
//! Steps of a publication: `upload 0`, `look at upload 0` where that takes its time, `container` where the account
//! settles by a known id, `publish`. Changing and taking down are one step each and may be repeated.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use data_encoding::HEXLOWER;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::wire::{Behaviour, Container, Draft, DraftMedia, Me, Post, Posts, Refusal, Upload};
use crate::base::clock::At;
use crate::networks::capabilities::Settles;
use crate::networks::client::{Answer, Request};
use crate::networks::job::Seed;
use crate::networks::{
    Account, Call, Capabilities, Change, Claim, ConnectField, ConnectForm, ConnectInput, ConnectStep, Connected,
    Credentials, Figures, History, Inbox, Job, Material, Network, NetworkError, NetworkName, Part, Progress,
    RemotePost, Settled, Shown, Step, Turn, Webhook, Window,
};

/// When to look again at a picture that is busy, at the latest.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// How far the service's clock and ours may be apart when looking for a post.
const SLACK: Duration = Duration::from_secs(30);
/// How many pages of own posts are looked through.
const PAGES_MAX: usize = 5;

/// Practice, as a network.
#[derive(Clone, Copy, Debug, Default)]
pub struct Practice;

#[async_trait]
impl Network for Practice {
    fn name(&self) -> NetworkName {
        "practice"
    }

    fn title(&self) -> &'static str {
        "Practice"
    }

    fn shown(&self, part: &Part, _pictures: usize) -> Shown {
        Shown::as_typed(&part.text)
    }

    fn capabilities(&self, settings: &serde_json::Value) -> Capabilities {
        behaviour(settings).capabilities()
    }

    fn connect_forms(&self) -> &'static [ConnectForm] {
        &[ConnectForm {
            way: "name",
            fields: &[
                ConnectField { name: "name", secret: false, address: false, optional: false, example: "Ada's bakery" },
                ConnectField {
                    name: "server",
                    secret: false,
                    address: true,
                    optional: true,
                    example: "http://127.0.0.1:8421/practice",
                },
            ],
            visits: false,
        }]
    }

    async fn connect(
        &self,
        call: Call<'_>,
        _way: &str,
        input: &ConnectInput,
        _back_to: Option<&str>,
    ) -> Result<ConnectStep, NetworkError> {
        let typed = |name: &str| input.get(name).map_or("", |typed| typed.trim());
        let server = base_address(call, typed("server"))?;
        let answer = call.client.post(&format!("{server}/api/accounts")).json(&json!({ "name": typed("name") }));
        let me: Me = answered(call, answer).await?;
        let token = me.token.clone().ok_or_else(|| NetworkError::Refused { reason: "it gave no token".to_owned() })?;
        let secret = Credentials::new([("token", &token)]);
        Ok(ConnectStep::Connected(Box::new(connected(&server, me, secret))))
    }

    async fn test(&self, call: Call<'_>, account: &Account) -> Result<Connected, NetworkError> {
        let me: Me = answered(call, authorized(account, call.client.get(&at(account, "/api/me")))?).await?;
        Ok(connected(&account.server, me, account.secret.clone()))
    }

    fn material(&self, _job: &Job, seed: Seed) -> Material {
        Material::new([("key", HEXLOWER.encode(&seed.random.to_be_bytes())), ("at", seed.now.to_string())])
    }

    fn next_step(&self, account: &Account, job: &Job, progress: &Progress) -> Option<Step> {
        if progress.post.is_some() {
            return None;
        }
        let media = job.change.part().map_or(0, |part| part.media.len());
        for index in 0..media {
            if progress.text(&format!("media.{index}")).is_none() {
                return Some(Step::repeatable(format!("upload {index}")));
            }
            if progress.known.contains_key(&format!("busy.{index}")) {
                return Some(Step::repeatable(format!("look at upload {index}")));
            }
        }
        Some(match &job.change {
            Change::Edit { .. } => Step::visible("edit"),
            Change::Delete { .. } => Step::visible("delete"),
            Change::Publish { .. } | Change::Reply { .. } => {
                let contained = behaviour(&account.settings).settles == Settles::KnownId;
                if contained && progress.text("container").is_none() {
                    Step::repeatable("container")
                } else {
                    Step::visible("publish")
                }
            }
        })
    }

    async fn take_step(
        &self,
        call: Call<'_>,
        account: &Account,
        claim: &Claim,
        progress: &Progress,
        step: &Step,
    ) -> Result<Turn, NetworkError> {
        let change = &claim.job.change;
        let unknown = || NetworkError::Refused { reason: format!("there is no step called {}", step.name) };
        if let Some(index) = step.name.strip_prefix("upload ").and_then(|index| index.parse::<usize>().ok()) {
            let part = change.part().ok_or_else(unknown)?;
            return upload(call, account, part, progress, index).await;
        }
        if let Some(index) = step.name.strip_prefix("look at upload ").and_then(|index| index.parse::<usize>().ok()) {
            return look_at_upload(call, account, progress, index).await;
        }
        let mut progress = progress.clone();
        match (step.name.as_str(), change) {
            ("container", Change::Publish { .. } | Change::Reply { .. }) => {
                let request = call.client.post(&at(account, "/api/containers")).json(&draft(change, &progress));
                let made: Container = answered(call, authorized(account, request)?).await?;
                progress.known.insert("container".to_owned(), json!(made.id));
            }
            ("publish", Change::Publish { .. } | Change::Reply { .. }) => {
                progress.post = Some(publish(call, account, claim, &progress).await?);
            }
            ("edit", Change::Edit { post, .. }) => {
                let request = call.client.put(&at(account, &format!("/api/posts/{}", path_piece(&post.id))));
                let request = request.json(&draft(change, &progress));
                let edited: Post = answered(call, authorized(account, request)?).await?;
                progress.post = Some(remote(account, &edited.id));
            }
            ("delete", Change::Delete { post }) => {
                let request = call.client.delete(&at(account, &format!("/api/posts/{}", path_piece(&post.id))));
                let answer = authorized(account, request)?.send().await?;
                // What is gone already need not be taken down.
                if answer.status() != 404 {
                    judged(call, &answer)?;
                }
                progress.post = Some(post.clone());
            }
            _ => return Err(unknown()),
        }
        Ok(Turn::Forward(progress))
    }

    async fn settle(
        &self,
        call: Call<'_>,
        account: &Account,
        claim: &Claim,
        progress: &Progress,
        window: Window,
    ) -> Result<Settled, NetworkError> {
        if let Some(post) = &progress.post {
            return Ok(Settled::Done(post.clone()));
        }
        match &claim.job.change {
            Change::Delete { post } => {
                let there = find_post(call, account, &post.id).await?.is_some();
                Ok(if there { Settled::SafeToRepeat } else { Settled::Done(post.clone()) })
            }
            Change::Edit { post, part } => Ok(match find_post(call, account, &post.id).await? {
                None => Settled::NotDone,
                Some(found) if is_of(&found, part) => Settled::Done(remote(account, &found.id)),
                Some(_) => Settled::SafeToRepeat,
            }),
            Change::Publish { .. } | Change::Reply { .. } => match behaviour(&account.settings).settles {
                Settles::NativeKey => Ok(Settled::SafeToRepeat),
                Settles::KnownId => settle_by_container(call, account, progress).await,
                Settles::LookUp => settle_by_looking(call, account, &claim.job.change, window).await,
                Settles::AskPerson => Ok(Settled::CannotTell {
                    reason: "this account neither honours a key nor lists its posts".to_owned(),
                }),
            },
        }
    }

    fn inbox(&self) -> Option<&dyn Inbox> {
        Some(self)
    }

    fn figures(&self) -> Option<&dyn Figures> {
        Some(self)
    }

    fn history(&self) -> Option<&dyn History> {
        Some(self)
    }

    fn webhook(&self) -> Option<&dyn Webhook> {
        Some(self)
    }
}

/// An address of the service.
pub(super) fn at(account: &Account, path: &str) -> String {
    format!("{}{path}", account.server)
}

/// One piece of a path: an id is opaque, and must not lead elsewhere.
pub(super) fn path_piece(id: &str) -> String {
    url::form_urlencoded::byte_serialize(id.as_bytes()).collect()
}

/// The request with the account's token.
pub(super) fn authorized<'a>(account: &Account, request: Request<'a>) -> Result<Request<'a>, NetworkError> {
    Ok(request.bearer(account.secret.get("token")?))
}

/// Sends a request and reads its answer.
pub(super) async fn answered<T: DeserializeOwned>(call: Call<'_>, request: Request<'_>) -> Result<T, NetworkError> {
    let answer = request.send().await?;
    judged(call, &answer)?;
    answer.json()
}

/// A post's id and page.
pub(super) fn remote(account: &Account, id: &str) -> RemotePost {
    RemotePost { id: id.to_owned(), url: Some(at(account, &format!("/posts/{id}"))), more: BTreeMap::new() }
}

/// How this account behaves, as it said when last asked.
pub(super) fn behaviour(settings: &serde_json::Value) -> Behaviour {
    settings.get("behaviour").and_then(|told| serde_json::from_value(told.clone()).ok()).unwrap_or_default()
}

/// What an answer's status means for what happens next.
fn judged(call: Call<'_>, answer: &Answer) -> Result<(), NetworkError> {
    let words = || {
        let told = serde_json::from_slice::<Refusal>(answer.body()).map(|refusal| refusal.error);
        let told = told.unwrap_or_else(|_error| format!("it answered {}", answer.status()));
        told.chars().take(200).collect::<String>()
    };
    match answer.status() {
        200..300 => Ok(()),
        401 => Err(NetworkError::Reconnect { reason: words() }),
        429 => Err(NetworkError::Wait { until_at: answer.retry_after(call.now), reason: words() }),
        408 | 409 | 425 => Err(NetworkError::Unclear { reason: words() }),
        400..500 => Err(NetworkError::Refused { reason: words() }),
        _ => Err(NetworkError::Unclear { reason: words() }),
    }
}

/// The base address of a service: what was typed, with `/practice` where no path was.
fn base_address(call: Call<'_>, typed: &str) -> Result<String, NetworkError> {
    if typed.is_empty() {
        return Err(NetworkError::Address { reason: "no Practice server is named".to_owned() });
    }
    let with_scheme = if typed.contains("://") { typed.to_owned() } else { format!("http://{typed}") };
    let url = call
        .client
        .guard()
        .check(&with_scheme)
        .map_err(|refusal| NetworkError::Address { reason: refusal.to_string() })?;
    let path = Some(url.path().trim_end_matches('/')).filter(|path| !path.is_empty()).unwrap_or("/practice");
    Ok(format!("{}{path}", url.origin().ascii_serialization()))
}

fn connected(server: &str, me: Me, secret: Credentials) -> Connected {
    Connected {
        server: server.to_owned(),
        remote_id: me.person.id.clone(),
        url: Some(format!("{server}/accounts/{}", me.person.id)),
        handle: me.person.handle,
        name: me.person.name,
        avatar_url: me.person.picture.map(|digest| format!("{server}/media/{digest}")),
        secret,
        secret_ends_at: None,
        settings: json!({ "behaviour": me.behaviour }),
    }
}

async fn upload(
    call: Call<'_>,
    account: &Account,
    part: &Part,
    progress: &Progress,
    index: usize,
) -> Result<Turn, NetworkError> {
    let missing = || NetworkError::Refused { reason: format!("there is no picture {index}") };
    let file = part.media.get(index).ok_or_else(missing)?;
    let request = call.client.post(&at(account, "/api/media")).bytes(&file.mime, file.read().await?);
    let upload: Upload = answered(call, authorized(account, request)?).await?;
    let mut progress = progress.clone();
    progress.known.insert(format!("media.{index}"), json!(upload.id));
    Ok(busy_or_forward(call, progress, index, upload.busy_until))
}

async fn look_at_upload(
    call: Call<'_>,
    account: &Account,
    progress: &Progress,
    index: usize,
) -> Result<Turn, NetworkError> {
    let id = path_piece(progress.text(&format!("media.{index}")).unwrap_or_default());
    let request = authorized(account, call.client.get(&at(account, &format!("/api/media/{id}"))))?;
    let upload: Upload = answered(call, request).await?;
    Ok(busy_or_forward(call, progress.clone(), index, upload.busy_until))
}

fn busy_or_forward(call: Call<'_>, mut progress: Progress, index: usize, busy_until: Option<At>) -> Turn {
    let busy = format!("busy.{index}");
    match busy_until {
        None => {
            progress.known.remove(&busy);
            Turn::Forward(progress)
        }
        Some(until) => {
            progress.known.insert(busy, json!(true));
            Turn::Wait { progress, until_at: until.clamp(call.now, call.now.plus(LOOK_AGAIN)) }
        }
    }
}

async fn publish(
    call: Call<'_>,
    account: &Account,
    claim: &Claim,
    progress: &Progress,
) -> Result<RemotePost, NetworkError> {
    let request = match progress.text("container") {
        Some(container) => {
            call.client.post(&at(account, &format!("/api/containers/{}/publish", path_piece(container))))
        }
        None => call.client.post(&at(account, "/api/posts")).json(&draft(&claim.job.change, progress)),
    };
    let request = request.header("idempotency-key", claim.material.get("key"));
    let made: Post = answered(call, authorized(account, request)?).await?;
    Ok(remote(account, &made.id))
}

fn draft(change: &Change, progress: &Progress) -> Draft {
    let Some(part) = change.part() else { return Draft::default() };
    let in_reply_to = match change {
        Change::Publish { parent, .. } => parent.as_ref().map(|parent| parent.id.clone()),
        Change::Reply { parent, .. } => Some(parent.id.clone()),
        Change::Edit { .. } | Change::Delete { .. } => None,
    };
    let media = part.media.iter().enumerate().map(|(index, file)| DraftMedia {
        id: progress.text(&format!("media.{index}")).unwrap_or_default().to_owned(),
        alt: file.alt.clone(),
        focus: file.focus,
    });
    Draft {
        text: part.text.clone(),
        media: media.collect(),
        poll: part.poll.clone(),
        content_warning: part.content_warning.clone(),
        language: part.language.clone(),
        visibility: part.visibility,
        in_reply_to,
        quote_url: part.quote_url.clone(),
    }
}

async fn find_post(call: Call<'_>, account: &Account, id: &str) -> Result<Option<Post>, NetworkError> {
    let request = call.client.get(&at(account, &format!("/api/posts/{}", path_piece(id))));
    let answer = authorized(account, request)?.send().await?;
    if matches!(answer.status(), 404 | 410) {
        return Ok(None);
    }
    judged(call, &answer)?;
    answer.json().map(Some)
}

async fn settle_by_container(call: Call<'_>, account: &Account, progress: &Progress) -> Result<Settled, NetworkError> {
    let Some(container) = progress.text("container") else {
        // Nothing that people could see comes before the container is known.
        return Ok(Settled::NotDone);
    };
    let request = call.client.get(&at(account, &format!("/api/containers/{}", path_piece(container))));
    let found: Container = answered(call, authorized(account, request)?).await?;
    // A container is published once, whoever asks how often.
    Ok(found.post.map_or(Settled::SafeToRepeat, |post| Settled::Done(remote(account, &post.id))))
}

/// Looks through the account's posts of the window for one that says the same in the same place.
async fn settle_by_looking(
    call: Call<'_>,
    account: &Account,
    change: &Change,
    window: Window,
) -> Result<Settled, NetworkError> {
    let (from, to) = (window.from_at.minus(SLACK), window.to_at.plus(SLACK));
    let wanted = draft(change, &Progress::default());
    let mut found = Vec::new();
    let mut before: Option<String> = None;
    for _page in 0..PAGES_MAX {
        let url = at(account, &format!("/api/accounts/{}/posts", path_piece(&account.remote_id)));
        let request = call.client.get(&url).query(before.as_deref().map(|before| ("before", before)));
        let page: Posts = answered(call, authorized(account, request)?).await?;
        let reached = page.posts.last().is_none_or(|last| last.created_at < from);
        let same = |post: &Post| {
            let in_window = from <= post.created_at && post.created_at <= to;
            in_window && post.in_reply_to == wanted.in_reply_to && change.part().is_some_and(|part| is_of(post, part))
        };
        found.extend(page.posts.into_iter().filter(same));
        before = page.before;
        if reached || before.is_none() {
            return Ok(match found.as_slice() {
                [] => Settled::NotDone,
                [one] => Settled::Done(remote(account, &one.id)),
                _ => Settled::CannotTell { reason: format!("{} posts say the same", found.len()) },
            });
        }
    }
    Ok(Settled::CannotTell { reason: "too many posts since then to look through".to_owned() })
}

fn is_of(post: &Post, part: &Part) -> bool {
    let described = post.media.iter().map(|media| media.alt.as_str());
    post.text == part.text
        && post.content_warning == part.content_warning
        && described.eq(part.media.iter().map(|file| file.alt.as_str()))
}
