//! Making, changing and taking down posts, step by step.
//!
//! Pictures are uploaded one by one and looked at until the server has prepared them; only the last step is visible to
//! people. It always names the visibility (the account's own choice may differ), and carries the claim's key, so that a
//! server which honours it makes the post once. (docs.joinmastodon.org/methods/statuses and /media, read 2026-11.)

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::ask::{self, Effect};
use super::compare;
use super::limits::{Family, Settings};
use super::wire::{Attachment, Found, Status, visibility_of, visibility_word};
use crate::base::clock::At;
use crate::base::id::digest;
use crate::networks::job::Seed;
use crate::networks::{
    Account, Call, Change, Claim, Job, Material, MediaFile, NetworkError, Part, Progress, RemotePost, Step, Turn,
    Visibility,
};

/// A picture may be some megabytes on a home line.
const UPLOAD_DEADLINE: Duration = Duration::from_mins(5);
/// A server with many followers to tell may take its time.
const PUBLISH_DEADLINE: Duration = Duration::from_mins(1);
/// How often an upload is looked at before it is given up: about fifteen minutes.
const LOOKS_MAX: u32 = 95;
/// Servers throw away uploads that nobody used after about a day; older ones are uploaded anew.
const UPLOAD_LASTS: Duration = Duration::from_hours(20);

/// Names in [`Progress::known`] and [`RemotePost::more`].
const QUOTE_ID: &str = "quote";
const PARENT_ID: &str = "parent";
const CURRENT_MEDIA: &str = "media";

/// The key a server makes one post for, and a digest of the words.
pub(super) fn material(job: &Job, seed: Seed) -> Material {
    match &job.change {
        Change::Publish { .. } | Change::Reply { .. } => Material::new([
            ("key", format!("{}-{:032x}", job.id, seed.random)),
            ("words", compare::fingerprint(&words_of(job, None))),
        ]),
        // A change and a removal repeat themselves harmlessly, and servers take no key for them.
        Change::Edit { .. } | Change::Delete { .. } => Material::default(),
    }
}

/// The words as they are compared, for this account where it is known.
pub(super) fn words_of(job: &Job, account: Option<&Account>) -> String {
    let Some(part) = job.change.part() else { return String::new() };
    let text = account.map_or_else(|| part.text.clone(), |account| text_of(account, job, part));
    compare::normal(part.content_warning.as_deref().unwrap_or_default(), &text)
}

/// The next step.
pub(super) fn next_step(job: &Job, progress: &Progress) -> Option<Step> {
    if progress.post.is_some() {
        return None;
    }
    let part = match &job.change {
        Change::Delete { .. } => return Some(Step::visible("delete")),
        Change::Publish { part, .. } | Change::Reply { part, .. } | Change::Edit { part, .. } => part,
    };
    let editing = matches!(job.change, Change::Edit { .. });
    if !editing && part.quote_url.is_some() && progress.text(QUOTE_ID).is_none() {
        return Some(Step::repeatable("find the quoted post"));
    }
    if parent_of(job).is_some_and(|parent| parent.id.is_empty()) && progress.text(PARENT_ID).is_none() {
        return Some(Step::repeatable("find the post to answer"));
    }
    if let Change::Edit { post, .. } = &job.change
        && !post.more.contains_key(CURRENT_MEDIA)
        && part.media.is_empty()
        && !progress.known.contains_key(CURRENT_MEDIA)
    {
        return Some(Step::repeatable("look at the post"));
    }
    for (n, slot) in slots(job, part, progress).into_iter().enumerate() {
        match slot {
            Slot::Missing => return Some(Step::repeatable(format!("upload {n}"))),
            Slot::Uploaded(upload) if !upload.ready => return Some(Step::repeatable(format!("look at upload {n}"))),
            Slot::Kept(_) | Slot::Uploaded(_) => {}
        }
    }
    Some(Step::visible(if editing { "edit" } else { "publish" }))
}

/// Takes a step.
pub(super) async fn take_step(
    call: &Call<'_>,
    account: &Account,
    claim: &Claim,
    progress: &Progress,
    step: &Step,
) -> Result<Turn, NetworkError> {
    let job = &claim.job;
    if let Change::Delete { post } = &job.change {
        return delete(call, account, post, progress).await;
    }
    let part = job.change.part().ok_or_else(|| refused("there is nothing to publish"))?;
    match step.name.as_str() {
        "find the quoted post" => {
            if !Settings::read(&account.settings).knows_quotes() {
                return Err(refused("this server cannot quote posts; put the link into the text instead"));
            }
            let id = find(call, account, part.quote_url.as_deref().unwrap_or_default()).await?;
            Ok(known(progress, QUOTE_ID, Value::String(id)))
        }
        "find the post to answer" => {
            let url = parent_of(job).and_then(|parent| parent.url.as_deref()).unwrap_or_default();
            let id = find(call, account, url).await?;
            Ok(known(progress, PARENT_ID, Value::String(id)))
        }
        "look at the post" => look_at_post(call, account, job, progress).await,
        "publish" => publish(call, account, claim, part, progress).await,
        "edit" => edit(call, account, job, part, progress).await,
        name => {
            let n: Option<usize> = name.rsplit(' ').next().and_then(|number| number.parse().ok());
            let n = n.ok_or_else(|| refused(&format!("there is no step \u{201c}{name}\u{201d}")))?;
            let media = part.media.get(n).ok_or_else(|| refused("the picture of this step is not there"))?;
            if name.starts_with("look at") {
                look_at_upload(call, account, n, progress).await
            } else {
                upload(call, account, n, media, progress).await
            }
        }
    }
}

/// A picture that was sent: what is stored under `media.n`.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Upload {
    id: String,
    ready: bool,
    looks: u32,
    sent_at: At,
}

/// Where a part's picture stands.
enum Slot {
    /// Not sent yet.
    Missing,
    /// Sent for this job.
    Uploaded(Upload),
    /// Attached to the post that is being changed.
    Kept(String),
}

impl Slot {
    fn id(&self) -> Option<&str> {
        match self {
            Self::Missing => None,
            Self::Uploaded(upload) => Some(&upload.id),
            Self::Kept(id) => Some(id),
        }
    }
}

fn slots(job: &Job, part: &Part, progress: &Progress) -> Vec<Slot> {
    let mut attached: Vec<(&str, &str)> = match &job.change {
        Change::Edit { post, .. } => {
            let list = post.more.get(CURRENT_MEDIA).map_or("", String::as_str);
            list.split(' ').filter_map(|entry| entry.split_once('=')).collect()
        }
        _ => Vec::new(),
    };
    let slot_of = |(n, media): (usize, &MediaFile)| {
        let same = digest_of(media);
        if let Some(found) = attached.iter().position(|(_, digest)| *digest == same) {
            return Slot::Kept(attached.remove(found).0.to_owned());
        }
        upload_of(progress, n).map_or(Slot::Missing, Slot::Uploaded)
    };
    part.media.iter().enumerate().map(slot_of).collect()
}

fn upload_of(progress: &Progress, n: usize) -> Option<Upload> {
    Upload::deserialize(progress.known.get(&upload_name(n))?).ok()
}

fn upload_name(n: usize) -> String {
    format!("media.{n}")
}

fn again_name(n: usize) -> String {
    format!("media.{n}.again")
}

/// Recognises a picture that is attached already. Its description and focus may change without a new upload.
fn digest_of(media: &MediaFile) -> String {
    let name = media.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let facts = format!("{} {} {}×{}", media.mime, media.size_bytes, media.width_px, media.height_px);
    format!("{:032x}", digest::<u128>(&[name.as_bytes(), facts.as_bytes()]))
}

fn parent_of(job: &Job) -> Option<&RemotePost> {
    match &job.change {
        Change::Publish { parent, .. } => parent.as_ref(),
        Change::Reply { parent, .. } => Some(parent),
        Change::Edit { .. } | Change::Delete { .. } => None,
    }
}

/// The id of the post that is answered, as this server knows it.
pub(super) fn parent_id<'p>(job: &'p Job, progress: &'p Progress) -> Option<&'p str> {
    let parent = parent_of(job)?;
    if parent.id.is_empty() { progress.text(PARENT_ID) } else { Some(&parent.id) }
}

fn known(progress: &Progress, name: &str, value: Value) -> Turn {
    let mut progress = progress.clone();
    progress.known.insert(name.to_owned(), value);
    Turn::Forward(progress)
}

/// Fetches a post by its address, so that this server has it, and gives its id here.
async fn find(call: &Call<'_>, account: &Account, url: &str) -> Result<String, NetworkError> {
    let query = [("q", url), ("resolve", "true"), ("type", "statuses"), ("limit", "1")];
    let (found, _): (Found, _) = ask::read(call, account, &["api", "v2", "search"], &query).await?;
    let status = found.statuses.into_iter().next();
    status.map(|status| status.id).ok_or_else(|| refused("the server does not find the post at that address"))
}

/// For a post that Belfry did not make: keeps what is attached to it.
async fn look_at_post(
    call: &Call<'_>,
    account: &Account,
    job: &Job,
    progress: &Progress,
) -> Result<Turn, NetworkError> {
    let Change::Edit { post, .. } = &job.change else { return Err(refused("only a change looks at its post")) };
    let segments = ["api", "v1", "statuses", ask::known_id(&post.id)?];
    let (status, _): (Status, _) = ask::read(call, account, &segments, &[]).await?;
    let ids = status.media_attachments.into_iter().map(|attachment| Value::String(attachment.id)).collect();
    Ok(known(progress, CURRENT_MEDIA, Value::Array(ids)))
}

async fn upload(
    call: &Call<'_>,
    account: &Account,
    n: usize,
    media: &MediaFile,
    progress: &Progress,
) -> Result<Turn, NetworkError> {
    let bytes = bytes::Bytes::from(media.read().await?);
    let focus = media.focus.filter(|_focus| Settings::read(&account.settings).family().knows_focus());
    let token = account.secret.get("token")?;
    let post = async |version: &str| {
        // `Bytes` share what they hold, so asking the older address as well copies nothing.
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let file = reqwest::multipart::Part::stream_with_length(bytes.clone(), length)
            .file_name(media.file_name.clone())
            .mime_str(&media.mime)
            .map_err(|_error| refused("the type of the picture cannot be written"))?;
        let mut form = reqwest::multipart::Form::new().part("file", file);
        if !media.alt.trim().is_empty() {
            form = form.text("description", media.alt.clone());
        }
        if let Some((x, y)) = focus {
            form = form.text("focus", focus_text(x, y));
        }
        let address = ask::address(&account.server, &["api", version, "media"]);
        let request = call.client.post(&address).bearer(token).multipart(form).deadline(UPLOAD_DEADLINE);
        request.send().await.map_err(|error| ask::softened(error, Effect::Unseen))
    };
    let mut answer = post("v2").await?;
    if ask::is_gone(&answer) {
        // Servers from before 2020, and some that are compatible, know only the older address.
        answer = post("v1").await?;
    }
    if !answer.is_success() {
        return Err(ask::refusal(&answer, Effect::Unseen, call.now));
    }
    let attachment: Attachment = ask::json(&answer, Effect::Unseen)?;
    let ready = !matches!(answer.status(), 202 | 206);
    let upload = Upload { id: attachment.id, ready, looks: 0, sent_at: call.now };
    stored(call, progress, n, &upload)
}

/// Writes the upload down, and waits where the server still works on it: 1, 2, 4, 8, then every 10 seconds.
fn stored(call: &Call<'_>, progress: &Progress, n: usize, upload: &Upload) -> Result<Turn, NetworkError> {
    let value = serde_json::to_value(upload).map_err(|error| refused(&error.to_string()))?;
    let mut progress = progress.clone();
    progress.known.insert(upload_name(n), value);
    if upload.ready {
        return Ok(Turn::Forward(progress));
    }
    let seconds = 1_u64.checked_shl(upload.looks.min(8)).unwrap_or(10).min(10);
    Ok(Turn::Wait { progress, until_at: call.now.plus(Duration::from_secs(seconds)) })
}

async fn look_at_upload(
    call: &Call<'_>,
    account: &Account,
    n: usize,
    progress: &Progress,
) -> Result<Turn, NetworkError> {
    let Some(mut upload) = upload_of(progress, n) else { return Ok(Turn::Forward(progress.clone())) };
    let address = ask::address(&account.server, &["api", "v1", "media", ask::known_id(&upload.id)?]);
    let request = call.client.get(&address).bearer(account.secret.get("token")?);
    let answer = request.send().await.map_err(|error| ask::softened(error, Effect::Unseen))?;
    match answer.status() {
        200 => upload.ready = true,
        206 if upload.looks < LOOKS_MAX => upload.looks = upload.looks.saturating_add(1),
        206 => return Err(refused("the server did not finish preparing the picture")),
        404 | 410 if !progress.known.contains_key(&again_name(n)) => {
            // Lost at the server: once more, and marked so that it stays at that.
            let mut progress = without_upload(progress, n);
            progress.known.insert(again_name(n), Value::Bool(true));
            return Ok(Turn::Forward(progress));
        }
        _ => return Err(ask::refusal(&answer, Effect::Unseen, call.now)),
    }
    stored(call, progress, n, &upload)
}

fn without_upload(progress: &Progress, n: usize) -> Progress {
    let mut progress = progress.clone();
    progress.known.remove(&upload_name(n));
    progress
}

async fn publish(
    call: &Call<'_>,
    account: &Account,
    claim: &Claim,
    part: &Part,
    progress: &Progress,
) -> Result<Turn, NetworkError> {
    let job = &claim.job;
    let slots = slots(job, part, progress);
    for (n, slot) in slots.iter().enumerate() {
        if matches!(slot, Slot::Uploaded(upload) if upload.sent_at.plus(UPLOAD_LASTS) < call.now) {
            return Ok(Turn::Forward(without_upload(progress, n)));
        }
    }
    let settings = Settings::read(&account.settings);
    let body = body_of(account, &settings, job, part, &slots, progress)?;
    let address = ask::address(&account.server, &["api", "v1", "statuses"]);
    let mut request = call.client.post(&address).bearer(account.secret.get("token")?);
    let key = claim.material.get("key");
    if settings.family().takes_key() && !key.is_empty() {
        request = request.header("idempotency-key", key);
    }
    let answer = request.json(&Value::Object(body)).deadline(PUBLISH_DEADLINE).send().await?;
    if !answer.is_success() {
        let refusal = ask::refusal(&answer, Effect::Visible, call.now);
        return Err(match refusal {
            // The pictures are there, only not prepared yet: nothing was published.
            NetworkError::Refused { reason } if !part.media.is_empty() && reason.contains("processing") => {
                NetworkError::Wait { until_at: Some(call.now.plus(Duration::from_secs(10))), reason }
            }
            NetworkError::Refused { reason } if reason.contains("Duplicate idempotency key") => {
                NetworkError::Unclear { reason }
            }
            other => other,
        });
    }
    let status: Status = ask::json(&answer, Effect::Visible)?;
    Ok(done(progress, with_media(remote(&status), &slots, part)))
}

async fn edit(
    call: &Call<'_>,
    account: &Account,
    job: &Job,
    part: &Part,
    progress: &Progress,
) -> Result<Turn, NetworkError> {
    let Change::Edit { post, .. } = &job.change else { return Err(refused("only a change edits")) };
    let settings = Settings::read(&account.settings);
    let slots = slots(job, part, progress);
    let mut body = body_of(account, &settings, job, part, &slots, progress)?;
    // Neither can be changed, and some servers refuse to be told.
    body.remove("visibility");
    body.remove("in_reply_to_id");
    // The whole wanted state: what is left out of a change is taken away.
    body.entry("spoiler_text").or_insert_with(|| json!(""));
    body.entry("media_ids").or_insert_with(|| match progress.known.get(CURRENT_MEDIA) {
        Some(current) if part.media.is_empty() => current.clone(),
        _ => json!([]),
    });
    let attributes: Vec<Value> = slots
        .iter()
        .zip(&part.media)
        .filter_map(|(slot, media)| {
            let Slot::Kept(id) = slot else { return None };
            let mut attribute =
                Map::from_iter([("id".to_owned(), json!(id)), ("description".to_owned(), json!(media.alt))]);
            if let Some((x, y)) = media.focus.filter(|_focus| settings.family().knows_focus()) {
                attribute.insert("focus".to_owned(), json!(focus_text(x, y)));
            }
            Some(Value::Object(attribute))
        })
        .collect();
    if !attributes.is_empty() {
        body.insert("media_attributes".to_owned(), Value::Array(attributes));
    }
    let address = ask::address(&account.server, &["api", "v1", "statuses", ask::known_id(&post.id)?]);
    let request = call.client.put(&address).bearer(account.secret.get("token")?).json(&Value::Object(body));
    let answer = ask::send(request.deadline(PUBLISH_DEADLINE), Effect::Visible, call.now).await?;
    let status: Status = ask::json(&answer, Effect::Visible)?;
    let mut changed = remote(&status);
    if !part.media.is_empty() || !progress.known.contains_key(CURRENT_MEDIA) {
        changed = with_media(changed, &slots, part);
    }
    Ok(done(progress, changed))
}

async fn delete(
    call: &Call<'_>,
    account: &Account,
    post: &RemotePost,
    progress: &Progress,
) -> Result<Turn, NetworkError> {
    let address = ask::address(&account.server, &["api", "v1", "statuses", ask::known_id(&post.id)?]);
    let request = call.client.delete(&address).bearer(account.secret.get("token")?);
    let answer = request.deadline(PUBLISH_DEADLINE).send().await?;
    // Gone is what was wanted.
    if answer.is_success() || ask::is_gone(&answer) {
        return Ok(done(progress, post.clone()));
    }
    Err(ask::refusal(&answer, Effect::Visible, call.now))
}

fn done(progress: &Progress, post: RemotePost) -> Turn {
    Turn::Forward(Progress { known: progress.known.clone(), post: Some(post) })
}

/// What is sent for a post.
fn body_of(
    account: &Account,
    settings: &Settings,
    job: &Job,
    part: &Part,
    slots: &[Slot],
    progress: &Progress,
) -> Result<Map<String, Value>, NetworkError> {
    let visibility = visibility_for(job, part.visibility);
    if settings.family() == Family::Pixelfed && visibility == Visibility::Direct {
        return Err(refused("Pixelfed has no posts for named people alone"));
    }
    let mut body = Map::new();
    let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
    put("status", json!(text_of(account, job, part)));
    put("visibility", json!(visibility_word(visibility)));
    if let Some(warning) = part.content_warning.as_deref().filter(|warning| !warning.trim().is_empty()) {
        put("spoiler_text", json!(warning));
        // Some servers keep the warning only with this.
        put("sensitive", json!(true));
    }
    if let Some(language) = part.language.as_deref().and_then(language_word) {
        put("language", json!(language));
    }
    let ids: Vec<&str> = slots.iter().filter_map(Slot::id).collect();
    if !ids.is_empty() {
        put("media_ids", json!(ids));
    }
    if let Some(poll) = &part.poll {
        let poll = json!({ "options": poll.options, "expires_in": poll.open_for_s, "multiple": poll.multiple });
        put("poll", poll);
    }
    if let Some(parent) = parent_id(job, progress) {
        put("in_reply_to_id", json!(parent));
    }
    if let Some(quoted) = progress.text(QUOTE_ID) {
        put("quoted_status_id", json!(quoted));
    }
    Ok(body)
}

/// The words of a part; an answer names who it answers, since the server does not add that.
pub(super) fn text_of(account: &Account, job: &Job, part: &Part) -> String {
    let Change::Reply { parent, parent_handle, .. } = &job.change else { return part.text.clone() };
    let handle = parent_handle.as_deref().or(parent.more.get("acct").map(String::as_str)).unwrap_or_default();
    let handle = handle.trim().trim_start_matches('@');
    let settings = Settings::read(&account.settings);
    let own = settings.handle.trim_start_matches('@');
    let is_own = parent.more.get("author").is_some_and(|author| *author == account.remote_id);
    if handle.is_empty() || is_own || handle.eq_ignore_ascii_case(own) {
        return part.text.clone();
    }
    let (name, host) = handle.split_once('@').map_or((handle, None), |(name, host)| (name, Some(host)));
    let is_local = host.is_none_or(|host| host.eq_ignore_ascii_case(&settings.domain));
    if compare::names(&part.text, name, host, is_local) {
        return part.text.clone();
    }
    format!("@{handle} {}", part.text)
}

/// The visibility asked for, or that of the post it answers where that is narrower. Where a server has a word of its
/// own for that, only those who are named are told.
fn visibility_for(job: &Job, asked: Visibility) -> Visibility {
    let Some(word) = parent_of(job).and_then(|parent| parent.more.get("visibility")) else { return asked };
    let of_parent = visibility_of(word).unwrap_or(Visibility::Direct);
    let width = |visibility| match visibility {
        Visibility::Public => 3,
        Visibility::Unlisted => 2,
        Visibility::Followers => 1,
        Visibility::Direct => 0,
    };
    if width(of_parent) < width(asked) { of_parent } else { asked }
}

/// ISO 639-1 out of BCP 47: `de-AT` is `de`.
fn language_word(tag: &str) -> Option<String> {
    let primary = tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    let fits = (2..=3).contains(&primary.len()) && primary.bytes().all(|byte| byte.is_ascii_lowercase());
    fits.then_some(primary)
}

fn focus_text(x: f32, y: f32) -> String {
    let within = |value: f32| if value.is_finite() { value.clamp(-1.0, 1.0) } else { 0.0 };
    format!("{:.3},{:.3}", within(x), within(y))
}

/// A post as Belfry keeps it.
pub(super) fn remote(status: &Status) -> RemotePost {
    let mut post = RemotePost { id: status.id.clone(), url: status.url.clone(), ..RemotePost::default() };
    if post.url.is_none() {
        post.url.clone_from(&status.uri);
    }
    let mut put = |name: &str, value: Option<&str>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            post.more.insert(name.to_owned(), value.to_owned());
        }
    };
    put("visibility", status.visibility.as_deref());
    put("author", Some(status.author_id()));
    put("acct", status.account.as_ref().map(|account| account.acct.as_str()));
    post
}

/// Remembers which picture is which, so that a later change need not upload them again.
fn with_media(mut post: RemotePost, slots: &[Slot], part: &Part) -> RemotePost {
    let pairs = slots.iter().zip(&part.media);
    let list: Vec<String> =
        pairs.filter_map(|(slot, media)| Some(format!("{}={}", slot.id()?, digest_of(media)))).collect();
    post.more.insert(CURRENT_MEDIA.to_owned(), list.join(" "));
    post
}

/// A post that was found again, with what is known of the pictures that went into it.
pub(super) fn found_again(post: RemotePost, job: &Job, progress: &Progress) -> RemotePost {
    match job.change.part() {
        Some(part) => with_media(post, &slots(job, part, progress), part),
        None => post,
    }
}

fn refused(reason: &str) -> NetworkError {
    NetworkError::Refused { reason: reason.to_owned() }
}
