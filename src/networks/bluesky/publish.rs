//! The steps of a change, one request that changes something in each.
//!
//! A post: what it answers and quotes, whom it mentions, its link card, its pictures, the post itself, who may answer.
//! The post goes out with `putRecord` under a key chosen at the claim and `swapRecord: null`: absent, it is made; there
//! and identical, nothing happens; there and different, it is refused. So a repeat is harmless, and one look at the key
//! tells what became of a lost answer (bluesky-social/atproto packages/pds/src/api/com/atproto/repo, read 2026-11).

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::api::{Api, Effect, Failure, TOO_LARGE, softened};
use super::facets::{self, What};
use super::names::{POST, POSTGATE, RecordName, THREADGATE, belongs_to, is_did};
use super::record::{self, Place, known};
use super::view::Written;
use super::{card, image_limit};
use crate::base::clock::At;
use crate::networks::job::{Replies, Seed};
use crate::networks::shown::{Mark, Shown};
use crate::networks::{
    Account, Call, Change, Claim, Job, Material, NetworkError, Part, Progress, RemotePost, Settled, Step, Turn,
    Visibility,
};

/// So many pictures in one post (app.bsky.embed.images, read 2026-11).
pub(super) const IMAGES_MAX: usize = 4;
/// So many different handles are looked up for one post; 300 characters hold hardly more.
const MENTIONS_MAX: usize = 30;
/// So often a server that cannot look up handles just now is asked again before they stay plain text.
const MENTION_TRIES_MAX: u64 = 3;
/// How long between.
const MENTION_PAUSE: Duration = Duration::from_secs(20);
/// So often pictures are uploaded again because the server dropped them before the post came.
const UPLOADS_AGAIN_MAX: u64 = 2;

const MENTION_TRIES: &str = "mention_tries";
const UPLOADS_AGAIN: &str = "uploads_again";
const GATE: &str = "gate";
const THREADGATE_GONE: &str = "threadgate_gone";
const POSTGATE_GONE: &str = "postgate_gone";

/// The key of the record and its `createdAt`: later than the post before it in the thread, also where the clock was set
/// back a little in between. A post that claims to be of another day is not followed there.
pub(super) fn material(job: &Job, seed: Seed) -> Material {
    let parent = match &job.change {
        Change::Publish { parent, .. } => parent.as_ref(),
        Change::Reply { .. } => None,
        Change::Edit { .. } | Change::Delete { .. } => return Material::default(),
    };
    let parent_at = parent.and_then(|parent| parent.more.get("created_at")).and_then(|text| At::parse(text));
    let next_at = parent_at.map(|at| at.plus(Duration::from_millis(1)));
    let next_at = next_at.filter(|next| next.since(seed.now) < Duration::from_hours(24));
    let at = next_at.map_or(seed.now, |next| next.max(seed.now));
    Material::new([("rkey", super::tid::tid(at, seed.random)), ("created_at", at.to_string())])
}

/// What comes next.
pub(super) fn next_step(job: &Job, progress: &Progress) -> Option<Step> {
    let known = |name: &str| progress.known.contains_key(name);
    let part = match &job.change {
        Change::Publish { part, .. } | Change::Reply { part, .. } => part,
        Change::Edit { .. } => return progress.post.is_none().then(|| Step::visible("edit")),
        // Taking down what is not there is the same as taking it down: nobody sees a repeat.
        Change::Delete { .. } => {
            let steps = [
                ("delete", progress.post.is_some()),
                ("delete threadgate", known(THREADGATE_GONE)),
                ("delete postgate", known(POSTGATE_GONE)),
            ];
            return steps.into_iter().find(|(_, done)| !done).map(|(name, _)| Step::repeatable(name));
        }
    };
    if progress.post.is_some() {
        let gated = part.replies != Replies::Everyone && record::place_of(job) == Place::First;
        return (gated && !known(GATE)).then(|| Step::repeatable("gate"));
    }
    if matches!(record::place_of(job), Place::BelowUnknown(_)) && !known(known::REPLY) {
        return Some(Step::repeatable("look up parent"));
    }
    if part.quote_url.is_some() && !known(known::QUOTE) {
        return Some(Step::repeatable("quote"));
    }
    if !known(known::MENTIONS) && !handles_in(part).is_empty() {
        return Some(Step::repeatable("resolve mentions"));
    }
    if !known(known::CARD) && card_link(part).is_some() {
        return Some(Step::repeatable("card"));
    }
    let missing = (0..part.media.len()).find(|place| !known(&known::media(*place)));
    Some(missing.map_or_else(|| Step::visible("publish"), |place| Step::repeatable(format!("upload {place}"))))
}

/// Takes a step.
pub(super) async fn take_step(
    call: &Call<'_>,
    account: &Account,
    claim: &Claim,
    progress: &Progress,
    step: &Step,
) -> Result<Turn, NetworkError> {
    let api = Api::of(call, account)?;
    let progress = progress.clone();
    let part = match &claim.job.change {
        Change::Publish { part, .. } | Change::Reply { part, .. } => part,
        Change::Edit { .. } => return Err(NetworkError::unsupported("a post on Bluesky cannot be changed")),
        Change::Delete { post } => return take_down(&api, account, post, progress, step).await,
    };
    if let Some(reason) = unfit(part) {
        return Err(NetworkError::unsupported(reason));
    }
    match step.name.as_str() {
        "look up parent" => look_up_parent(&api, claim, progress).await,
        "quote" => quote(&api, part, progress).await,
        "resolve mentions" => resolve_mentions(&api, part, progress).await,
        "card" => {
            let made = match card_link(part) {
                Some(link) => card::make(&api, &link).await?,
                None => Value::Null,
            };
            Ok(knowing(progress, known::CARD, made))
        }
        "publish" => publish(&api, account, claim, part, progress).await,
        "gate" => gate(&api, account, claim, part, progress).await,
        name => match name.strip_prefix("upload ").and_then(|place| place.parse().ok()) {
            Some(place) => upload(&api, account, part, place, progress).await,
            None => Err(NetworkError::Refused { reason: format!("there is no step {name}") }),
        },
    }
}

/// Finds out what became of a lost answer: one look at the record's own key.
pub(super) async fn settle(
    call: &Call<'_>,
    account: &Account,
    claim: &Claim,
    progress: &Progress,
) -> Result<Settled, NetworkError> {
    let (uri, deleting) = match &claim.job.change {
        Change::Delete { post } => (post.id.clone(), true),
        Change::Edit { .. } => return Ok(Settled::NotDone),
        Change::Publish { .. } | Change::Reply { .. } => (own(account, POST, claim.material.get("rkey")).uri(), false),
    };
    if !deleting && let Some(post) = &progress.post {
        return Ok(Settled::Done(post.clone()));
    }
    let Some(name) = RecordName::read(&uri) else {
        return Ok(Settled::CannotTell { reason: "the post has no name that Bluesky knows".to_owned() });
    };
    // Everyone may read a repository, so an access token that has ended meanwhile does not matter.
    let found = get_record(&Api::open(call, &account.server), &name).await;
    match (found, &claim.job.change) {
        (Ok(_), Change::Delete { .. }) => Ok(Settled::SafeToRepeat),
        (Ok(answer), _) => match written(&answer) {
            Some(written) => Ok(Settled::Done(written.post())),
            None => Err(NetworkError::NotSent { reason: "the record came back without its name".to_owned() }),
        },
        (Err(failure), Change::Delete { post }) if failure.is("RecordNotFound") => Ok(Settled::Done(post.clone())),
        (Err(failure), _) if failure.is("RecordNotFound") => Ok(Settled::SafeToRepeat),
        (Err(failure), _) if failure.is_refusal() => {
            Ok(Settled::CannotTell { reason: failure.error.reason().to_owned() })
        }
        (Err(failure), _) => Err(failure.error),
    }
}

/// What no Bluesky post can be, found before anything is sent. Everything there is public: what is meant for few is
/// refused, what is only to be kept out of public lists goes out.
fn unfit(part: &Part) -> Option<&'static str> {
    let private = matches!(part.visibility, Visibility::Followers | Visibility::Direct);
    let other = part.media.iter().any(|media| !media.mime.starts_with("image/"));
    match () {
        () if private => Some("a post on Bluesky is always public, and this one should not be"),
        () if part.poll.is_some() => Some("Bluesky has no polls"),
        () if other => Some("only pictures can be sent to Bluesky"),
        () if IMAGES_MAX < part.media.len() => Some("a post on Bluesky takes at most 4 pictures"),
        () => None,
    }
}

fn handles_in(part: &Part) -> Vec<String> {
    let mut handles: Vec<String> = Vec::new();
    for span in facets::find(&part.text) {
        if let What::Mention(handle) = span.what
            && !handles.contains(&handle)
        {
            handles.push(handle);
        }
    }
    handles.truncate(MENTIONS_MAX);
    handles
}

/// How the words look: what a facet makes of them, and the card of their link.
pub(super) fn shown(part: &Part, pictures: usize) -> Shown {
    let marks = facets::find(&part.text).into_iter().map(|span| Mark { range: span.bytes, text: None }).collect();
    Shown { marks, card: card_link(part).filter(|_link| pictures == 0), data: None }
}

/// The link that gets a card: the first, where nothing else is shown below the words.
fn card_link(part: &Part) -> Option<String> {
    let bare = part.media.is_empty() && part.quote_url.is_none();
    facets::find(&part.text).into_iter().filter(|_span| bare).find_map(|span| match span.what {
        What::Link(link) => Some(link),
        What::Mention(_) | What::Tag(_) => None,
    })
}

fn own(account: &Account, collection: &str, rkey: &str) -> RecordName {
    RecordName { repo: account.remote_id.clone(), collection: collection.to_owned(), rkey: rkey.to_owned() }
}

fn knowing(mut progress: Progress, name: &str, value: Value) -> Turn {
    progress.known.insert(name.to_owned(), value);
    Turn::Forward(progress)
}

async fn get_record(api: &Api<'_>, name: &RecordName) -> Result<Value, Failure> {
    let query = [("repo", name.repo.as_str()), ("collection", &name.collection), ("rkey", &name.rkey)];
    api.get("com.atproto.repo.getRecord", &query).await
}

fn written(answer: &Value) -> Option<Written<'_>> {
    let text = |name: &str| answer.get(name).and_then(Value::as_str);
    Some(Written { uri: text("uri")?, cid: text("cid")?, record: answer.get("value")?, indexed_at: None })
}

/// A post that was found by its name, or why not, in words.
async fn find_post(api: &Api<'_>, name: &RecordName, missing: &str) -> Result<Value, NetworkError> {
    let found = get_record(api, name).await;
    let answer = found
        .map_err(|failure| if failure.is_refusal() { NetworkError::unsupported(missing) } else { failure.error })?;
    if written(&answer).is_some() { Ok(answer) } else { Err(NetworkError::unsupported(missing)) }
}

async fn look_up_parent(api: &Api<'_>, claim: &Claim, progress: Progress) -> Result<Turn, NetworkError> {
    const MISSING: &str = "the post that this answers is no longer there";
    let Place::BelowUnknown(uri) = record::place_of(&claim.job) else {
        return Err(NetworkError::unsupported("there is no parent to look up"));
    };
    let name = RecordName::read(&uri).ok_or_else(|| NetworkError::unsupported(MISSING))?;
    let answer = find_post(api, &name, MISSING).await?;
    let parent = json!({ "uri": answer.get("uri"), "cid": answer.get("cid") });
    let root = answer.pointer("/value/reply/root").cloned().unwrap_or_else(|| parent.clone());
    Ok(knowing(progress, known::REPLY, json!({ "root": root, "parent": parent })))
}

async fn quote(api: &Api<'_>, part: &Part, progress: Progress) -> Result<Turn, NetworkError> {
    let address = part.quote_url.as_deref().unwrap_or_default();
    let name = RecordName::of_post(address)
        .ok_or_else(|| NetworkError::unsupported("what this quotes is not a post on Bluesky"))?;
    let answer = find_post(api, &name, "the quoted post is no longer there").await?;
    let quoted = json!({ "uri": answer.get("uri"), "cid": answer.get("cid") });
    Ok(knowing(progress, known::QUOTE, quoted))
}

/// Handles that nobody has stay plain text. A server that cannot tell is asked again twice, then they stay so too: the
/// words matter more than the notice to who is mentioned.
async fn resolve_mentions(api: &Api<'_>, part: &Part, mut progress: Progress) -> Result<Turn, NetworkError> {
    let tries = progress.known.get(MENTION_TRIES).and_then(Value::as_u64).unwrap_or(0).saturating_add(1);
    let mut dids = Map::new();
    for handle in handles_in(part) {
        match api.get("com.atproto.identity.resolveHandle", &[("handle", &handle)]).await {
            Ok(answer) => {
                let did = answer.get("did").and_then(Value::as_str).filter(|did| is_did(did));
                dids.extend(did.map(|did| (handle, json!(did))));
            }
            Err(failure) if failure.is_refusal() => {}
            Err(Failure { error: error @ (NetworkError::Expired { .. } | NetworkError::Reconnect { .. }), .. }) => {
                return Err(error);
            }
            Err(failure) if tries < MENTION_TRIES_MAX => {
                progress.known.insert(MENTION_TRIES.to_owned(), json!(tries));
                let asked = match failure.error {
                    NetworkError::Wait { until_at, .. } => until_at,
                    _ => None,
                };
                let until_at = asked.unwrap_or_else(|| api.now.plus(MENTION_PAUSE));
                return Ok(Turn::Wait { progress, until_at });
            }
            Err(_cannot_tell) => {}
        }
    }
    progress.known.remove(MENTION_TRIES);
    Ok(knowing(progress, known::MENTIONS, Value::Object(dids)))
}

async fn upload(
    api: &Api<'_>,
    account: &Account,
    part: &Part,
    place: usize,
    progress: Progress,
) -> Result<Turn, NetworkError> {
    let media = part.media.get(place).ok_or_else(|| NetworkError::unsupported("there is no such picture"))?;
    let bytes = media.read().await?;
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    // A server that is sent too much may hang up before it says so.
    if image_limit(&account.settings) < size {
        return Err(NetworkError::unsupported(TOO_LARGE));
    }
    let blob = api.upload(&media.mime, bytes).await?;
    Ok(knowing(progress, &known::media(place), blob))
}

async fn publish(
    api: &Api<'_>,
    account: &Account,
    claim: &Claim,
    part: &Part,
    mut progress: Progress,
) -> Result<Turn, NetworkError> {
    let name = own(account, POST, claim.material.get("rkey"));
    let record = record::post(claim, part, &progress);
    match put(api, &name, &record, Effect::Visible).await {
        Ok(cid) => {
            let written = Written { uri: &name.uri(), cid: &cid, record: &record, indexed_at: None };
            progress.post = Some(written.post());
            Ok(Turn::Forward(progress))
        }
        Err(failure) if failure.is("BlobNotFound") => upload_again(progress, failure.error),
        Err(failure) => Err(failure.error),
    }
}

/// A server drops uploads that no record named for a while. It made nothing of the post, so they are uploaded again.
fn upload_again(mut progress: Progress, error: NetworkError) -> Result<Turn, NetworkError> {
    let again = progress.known.get(UPLOADS_AGAIN).and_then(Value::as_u64).unwrap_or(0).saturating_add(1);
    if UPLOADS_AGAIN_MAX < again {
        return Err(error);
    }
    progress.known.retain(|name, _| name != known::CARD && !name.starts_with(known::MEDIA));
    Ok(knowing(progress, UPLOADS_AGAIN, json!(again)))
}

/// Puts a record under its own key, where nothing may lie yet; gives its `cid`.
async fn put(api: &Api<'_>, name: &RecordName, record: &Value, effect: Effect) -> Result<String, Failure> {
    let body = json!({
        "repo": name.repo,
        "collection": name.collection,
        "rkey": name.rkey,
        "record": record,
        "swapRecord": null,
    });
    let answer = api.post("com.atproto.repo.putRecord", &body, effect).await?;
    let cid = answer.get("cid").and_then(Value::as_str).map(str::to_owned);
    cid.ok_or_else(|| Failure {
        status: Some(200),
        name: String::new(),
        error: softened(NetworkError::Unclear { reason: "the post was answered without its name".to_owned() }, effect),
    })
}

async fn gate(
    api: &Api<'_>,
    account: &Account,
    claim: &Claim,
    part: &Part,
    progress: Progress,
) -> Result<Turn, NetworkError> {
    let rkey = claim.material.get("rkey");
    let post = own(account, POST, rkey).uri();
    if let Some(record) = record::threadgate(claim, part, &post) {
        put(api, &own(account, THREADGATE, rkey), &record, Effect::Repeatable).await?;
    }
    Ok(knowing(progress, GATE, json!(true)))
}

/// Takes down the post, then what said who may answer and quote it: each is gone afterwards, whether it was there or not.
async fn take_down(
    api: &Api<'_>,
    account: &Account,
    post: &RemotePost,
    mut progress: Progress,
    step: &Step,
) -> Result<Turn, NetworkError> {
    let name = RecordName::read(&post.id).filter(|_name| belongs_to(&post.id, &account.remote_id));
    let name = name.ok_or_else(|| NetworkError::unsupported("this post belongs to another account"))?;
    let (collection, gone) = match step.name.as_str() {
        "delete threadgate" => (THREADGATE, Some(THREADGATE_GONE)),
        "delete postgate" => (POSTGATE, Some(POSTGATE_GONE)),
        _ => (name.collection.as_str(), None),
    };
    let body = json!({ "repo": account.remote_id, "collection": collection, "rkey": name.rkey });
    api.post("com.atproto.repo.deleteRecord", &body, Effect::Repeatable).await?;
    if let Some(gone) = gone {
        return Ok(knowing(progress, gone, json!(true)));
    }
    progress.post = Some(post.clone());
    Ok(Turn::Forward(progress))
}
