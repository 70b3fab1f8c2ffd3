//! Posts: made, shown, changed, taken down; their pictures; and what others answer.

use std::time::Duration;

use super::control::may_see;
use super::state::{AccountRow, Event, Media, PostRow, State};
use super::{Asked, Done, FaultKind, Refused, Request, Say, file, hex_digest};
use crate::base::clock::At;
use crate::networks::capabilities::{Settles, Unit};
use crate::networks::counting;
use crate::networks::job::Visibility;
use crate::networks::practice::wire::{Behaviour, Draft, Message, Messages, PICTURE_TYPES, Posts, Upload};

/// How long a picture is busy where a fault does not say.
const BUSY: Duration = Duration::from_secs(5);
/// How many posts a page has.
const PAGE: usize = 40;

pub(super) fn timeline(asked: &Asked<'_>) -> Result<Done, Refused> {
    let public = asked.state.newest().filter(|post| post.draft.visibility == Visibility::Public);
    let posts = public.take(asked.limit(PAGE)).map(|post| asked.state.view(post, asked.now)).collect();
    Done::say(&Posts { posts, before: None })
}

pub(super) fn picture(asked: &Asked<'_>, digest: &str) -> Result<Done, Refused> {
    let gone = || Refused::new(404, "there is no such picture");
    let media = asked.state.media_of_digest(digest).ok_or_else(gone)?;
    let bytes = std::fs::read(asked.pictures.join(&media.digest)).map_err(|_error| gone())?;
    Ok(Done { status: 200, events: Vec::new(), say: Say::Bytes { mime: media.mime.clone(), bytes } })
}

pub(super) fn upload(asked: &Asked<'_>, account: &AccountRow) -> Result<Done, Refused> {
    let request = asked.request;
    let mime = request.headers.get("content-type").map_or("", |mime| mime.split(';').next().unwrap_or_default().trim());
    if !PICTURE_TYPES.contains(&mime) {
        return Err(Refused::new(422, format!("pictures are {}", PICTURE_TYPES.join(", "))));
    }
    let size_bytes = u64::try_from(request.body.len()).unwrap_or(u64::MAX);
    if account.behaviour.image_bytes < size_bytes || size_bytes == 0 {
        return Err(Refused::new(422, format!("a picture has at most {} bytes", account.behaviour.image_bytes)));
    }
    let digest = hex_digest(&request.body);
    file::store_picture(asked.pictures, &digest, &request.body)
        .map_err(|error| Refused::new(500, format!("the disk says no: {error}")))?;
    let slow = asked.fault.filter(|fault| fault.kind == FaultKind::SlowMedia);
    let slow = slow.map(|fault| fault.ms.map_or(BUSY, Duration::from_millis));
    let busy_for = slow.unwrap_or(Duration::from_millis(account.behaviour.slow_media_ms));
    let media = Media {
        id: format!("m{}", asked.state.next_number()),
        account: account.person.id.clone(),
        digest,
        mime: mime.to_owned(),
        size_bytes,
        busy_until: (!busy_for.is_zero()).then(|| asked.now.plus(busy_for)),
    };
    let said = Done::say(&uploaded(&media, asked.now))?;
    Ok(Done { status: 201, events: vec![Event::Uploaded { media }], ..said })
}

pub(super) fn look_upload(asked: &Asked<'_>, account: &AccountRow, id: &str) -> Result<Done, Refused> {
    let media = asked.state.media(id).filter(|media| media.account == account.person.id);
    Done::say(&uploaded(media.ok_or_else(|| Refused::new(404, "there is no such picture of yours"))?, asked.now))
}

pub(super) fn create(asked: &Asked<'_>, account: &AccountRow) -> Result<Done, Refused> {
    let draft: Draft = asked.json()?;
    let key = asked.key();
    let honoured = key.as_ref().filter(|_key| account.behaviour.settles == Settles::NativeKey);
    if let Some(number) = honoured.and_then(|key| account.keys.get(key)) {
        return Ok(Done { status: 200, events: Vec::new(), say: Say::Post(format!("p{number}")) });
    }
    accept(asked, account, &draft)?;
    Ok(made(asked, account, draft, key, None))
}

pub(super) fn contain(asked: &Asked<'_>, account: &AccountRow) -> Result<Done, Refused> {
    let draft: Draft = asked.json()?;
    accept(asked, account, &draft)?;
    let id = format!("c{}", asked.state.next_number());
    let event = Event::Contained { id: id.clone(), account: account.person.id.clone(), draft };
    Ok(Done { status: 201, events: vec![event], say: Say::Container(id) })
}

pub(super) fn look_container(asked: &Asked<'_>, account: &AccountRow, id: &str) -> Result<Done, Refused> {
    asked
        .state
        .container(id)
        .filter(|container| container.account == account.person.id)
        .ok_or_else(|| Refused::new(404, "there is no such container of yours"))?;
    Ok(Done { status: 200, events: Vec::new(), say: Say::Container(id.to_owned()) })
}

pub(super) fn publish_container(asked: &Asked<'_>, account: &AccountRow, id: &str) -> Result<Done, Refused> {
    let container = asked.state.container(id).filter(|container| container.account == account.person.id);
    let container = container.ok_or_else(|| Refused::new(404, "there is no such container of yours"))?;
    if container.post.is_some() {
        return Err(Refused::new(409, "this container is out already"));
    }
    let key = asked.key();
    Ok(made(asked, account, container.draft.clone(), key, Some(id.to_owned())))
}

pub(super) fn read(asked: &Asked<'_>, account: Option<&AccountRow>, id: &str) -> Result<Done, Refused> {
    let post = asked.state.post(id).filter(|post| may_see(asked.state, post, account));
    post.ok_or_else(|| Refused::new(404, "there is no such post"))?;
    Ok(Done { status: 200, events: Vec::new(), say: Say::Post(id.to_owned()) })
}

pub(super) fn edit(asked: &Asked<'_>, account: &AccountRow, id: &str) -> Result<Done, Refused> {
    let post = own(asked.state, account, id)?;
    if !account.behaviour.edit {
        return Err(Refused::new(422, "posts cannot be changed here"));
    }
    let draft = Draft { in_reply_to: post.draft.in_reply_to.clone(), ..asked.json()? };
    accept(asked, account, &draft)?;
    let event = Event::Edited { post: id.to_owned(), draft, at: asked.now };
    Ok(Done { status: 200, events: vec![event], say: Say::Post(id.to_owned()) })
}

pub(super) fn delete(asked: &Asked<'_>, account: &AccountRow, id: &str) -> Result<Done, Refused> {
    own(asked.state, account, id)?;
    if !account.behaviour.delete {
        return Err(Refused::new(422, "posts cannot be taken down here"));
    }
    Ok(Done::nothing(vec![Event::Deleted { post: id.to_owned() }]))
}

/// All answers below a post, its answers' answers too, newest first.
pub(super) fn replies(asked: &Asked<'_>, id: &str) -> Result<Done, Refused> {
    let post = asked.state.post_ever(id).ok_or_else(|| Refused::new(404, "there is no such post"))?;
    let mut below = Vec::new();
    let mut ahead = vec![post.number];
    while let Some(number) = ahead.pop() {
        for reply in asked.state.replies_to(number) {
            below.push(reply.number);
            ahead.push(reply.number);
        }
    }
    below.sort_unstable_by(|one, other| other.cmp(one));
    below.truncate(PAGE);
    let posts = below.iter().filter_map(|number| asked.state.post_of_number(*number));
    Done::say(&Posts { posts: posts.map(|post| asked.state.view(post, asked.now)).collect(), before: None })
}

pub(super) fn like(asked: &Asked<'_>, account: &AccountRow, id: &str) -> Result<Done, Refused> {
    asked.state.post(id).ok_or_else(|| Refused::new(404, "there is no such post"))?;
    let event = Event::Liked { post: id.to_owned(), account: account.person.id.clone() };
    Ok(Done { status: 200, events: vec![event], say: Say::Post(id.to_owned()) })
}

pub(super) fn list(asked: &Asked<'_>, account: &AccountRow, id: &str) -> Result<Done, Refused> {
    let whose = asked.state.account(id).ok_or_else(|| Refused::new(404, "there is no such account"))?;
    if whose.behaviour.settles == Settles::AskPerson {
        return Err(Refused::new(403, "this account does not list its posts"));
    }
    let before = asked.request.query.get("before").and_then(|before| before.parse::<u64>().ok()).unwrap_or(u64::MAX);
    let limit = asked.limit(PAGE);
    let seen = |post: &&PostRow| may_see(asked.state, post, Some(account));
    let posts = whose.posts.iter().rev().filter(|number| **number < before);
    let posts: Vec<&PostRow> =
        posts.filter_map(|number| asked.state.post_of_number(*number)).filter(seen).take(limit).collect();
    let before = posts.last().filter(|_last| limit <= posts.len()).map(|last| last.number.to_string());
    Done::say(&Posts { posts: posts.iter().map(|post| asked.state.view(post, asked.now)).collect(), before })
}

pub(super) fn counts(asked: &Asked<'_>, account: &AccountRow) -> Result<Done, Refused> {
    let ids = asked.request.query.get("ids").map_or("", String::as_str);
    let own = |post: &&PostRow| post.account == account.person.id;
    let posts = ids.split(',').take(PAGE).filter_map(|id| asked.state.post(id)).filter(own);
    Done::say(&Posts { posts: posts.map(|post| asked.state.view(post, asked.now)).collect(), before: None })
}

/// What came after a number, oldest first; without one, the newest page.
pub(super) fn inbox(asked: &Asked<'_>, account: &AccountRow) -> Result<Done, Refused> {
    if !account.behaviour.inbox {
        return Err(Refused::new(403, "this account has no inbox"));
    }
    let after = asked.request.query.get("after").and_then(|after| after.parse::<u64>().ok());
    let limit = asked.limit(PAGE);
    let mut found: Vec<(u64, _)> = match after {
        Some(after) => {
            account.inbox.range(after.saturating_add(1)..).take(limit).map(|(at, kind)| (*at, *kind)).collect()
        }
        None => account.inbox.iter().rev().take(limit).map(|(at, kind)| (*at, *kind)).collect(),
    };
    found.sort_unstable_by_key(|(number, _kind)| *number);
    let last = found.last().map(|(number, _kind)| *number);
    let more = last.is_some_and(|last| account.inbox.range(last.saturating_add(1)..).next().is_some());
    let messages = found.into_iter().filter_map(|(number, kind)| {
        Some(Message { kind, post: asked.state.view(asked.state.post_of_number(number)?, asked.now) })
    });
    let after = last.or(after).map(|number| number.to_string());
    Done::say(&Messages { messages: messages.collect(), after, more })
}

/// What a request wants to say, as far as it can be read: for the list of arrivals.
pub(super) fn draft_of(state: &State, step: &str, request: &Request) -> Draft {
    if step == "publish" {
        let id = request.path.split('/').rev().nth(1).unwrap_or_default();
        return state.container(id).map(|container| container.draft.clone()).unwrap_or_default();
    }
    serde_json::from_slice(&request.body).unwrap_or_default()
}

fn uploaded(media: &Media, now: At) -> Upload {
    Upload { id: media.id.clone(), busy_until: media.busy_until.filter(|until| now < *until) }
}

fn own<'a>(state: &'a State, account: &AccountRow, id: &str) -> Result<&'a PostRow, Refused> {
    state
        .post(id)
        .filter(|post| post.account == account.person.id)
        .ok_or_else(|| Refused::new(404, "there is no such post of yours"))
}

fn made(asked: &Asked<'_>, account: &AccountRow, draft: Draft, key: Option<String>, container: Option<String>) -> Done {
    let post = PostRow {
        number: asked.state.next_number(),
        account: account.person.id.clone(),
        draft,
        at: asked.now,
        key,
        container,
        edited_at: None,
        deleted: false,
        likes: std::collections::BTreeSet::new(),
        counts: None,
    };
    let say = Say::Post(post.id());
    Done { status: 201, events: vec![Event::Posted { post: Box::new(post) }], say }
}

/// Whether the account takes a draft, by its own limits.
fn accept(asked: &Asked<'_>, account: &AccountRow, draft: &Draft) -> Result<(), Refused> {
    let refuse = |error: &str| Err(Refused::new(422, error));
    let can = &account.behaviour;
    if draft.text.trim().is_empty() && draft.media.is_empty() && draft.poll.is_none() {
        return refuse("a post needs something to say");
    }
    if !counting::fits(&draft.text, &can.text_rules(), draft.content_warning.as_deref()) {
        return refuse("the text is too long");
    }
    if draft.content_warning.is_some() && !can.content_warning {
        return refuse("there are no warnings here");
    }
    if draft.quote_url.is_some() && !can.quotes {
        return refuse("there are no quotes here");
    }
    accept_media(asked, account, draft)?;
    if let Some(poll) = &draft.poll {
        let count = u32::try_from(poll.options.len()).unwrap_or(u32::MAX);
        let fits = can.poll_rules().is_some_and(|rules| (rules.min_options..=rules.max_options).contains(&count));
        if !fits || !draft.media.is_empty() {
            return refuse("this poll is not taken");
        }
    }
    accept_parent(asked.state, account, draft)
}

fn accept_media(asked: &Asked<'_>, account: &AccountRow, draft: &Draft) -> Result<(), Refused> {
    let can: &Behaviour = &account.behaviour;
    let refuse = |error: &str| Err(Refused::new(422, error));
    let count = u32::try_from(draft.media.len()).unwrap_or(u32::MAX);
    if can.images < count {
        return refuse("there are too many pictures");
    }
    if can.media_required && count == 0 && draft.in_reply_to.is_none() {
        return refuse("a post needs a picture");
    }
    for media in &draft.media {
        let Some(row) = asked.state.media(&media.id).filter(|row| row.account == account.person.id) else {
            return refuse("there is no such picture of yours");
        };
        if row.busy_until.is_some_and(|until| asked.now < until) {
            return refuse("a picture is still being worked on");
        }
        if can.alt_limit.unwrap_or(0) < counting::measure(&media.alt, Unit::CodePoints) {
            return refuse("a description is too long");
        }
    }
    Ok(())
}

fn accept_parent(state: &State, account: &AccountRow, draft: &Draft) -> Result<(), Refused> {
    let Some(parent) = &draft.in_reply_to else { return Ok(()) };
    let Some(parent) = state.post(parent).filter(|parent| may_see(state, parent, Some(account))) else {
        return Err(Refused::new(422, "the post that this answers is gone"));
    };
    let can = &account.behaviour;
    let allowed = if parent.account == account.person.id { can.threads || can.first_comment } else { can.reply };
    if allowed { Ok(()) } else { Err(Refused::new(422, "this account cannot answer")) }
}
