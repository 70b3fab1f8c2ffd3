//! Accounts, and everything that tells the service how to behave.

use std::time::Duration;

use serde::Deserialize;
use serde_json::json;

use super::faults::{self, Fault};
use super::state::{AccountRow, Event, Hook, PostRow, State};
use super::{Asked, Delivery, Done, Refused, hex_digest};
use crate::base::clock::At;
use crate::base::id;
use crate::networks::job::Visibility;
use crate::networks::practice::wire::{Behaviour, Draft, Me, Message, Notice, Person};
use crate::networks::{Counts, signed_webhook};

/// How many faults may wait.
const FAULTS_MAX: usize = 100;
/// How long a name may be, in characters.
const NAME_MAX: usize = 60;

#[derive(Deserialize)]
struct Named {
    name: String,
}

/// Opens an account, or signs in to the one of this name: nothing here is secret, so a name is enough.
pub(super) fn join(asked: &Asked<'_>) -> Result<Done, Refused> {
    let Named { name } = asked.json()?;
    let mut events = Vec::new();
    let account = account_named(asked, &name, &mut events)?;
    let token = id::random_token();
    events.push(Event::TokenMade { account: account.person.id.clone(), digest: hex_digest(token.as_bytes()) });
    let me = me(&account, asked.now, Some(token));
    Ok(Done { status: 201, events, ..Done::say(&me)? })
}

/// The account as its owner sees it.
pub(super) fn me(account: &AccountRow, now: At, token: Option<String>) -> Me {
    Me {
        person: account.person.clone(),
        behaviour: account.behaviour.clone(),
        followers: account.behaviour.followers.then(|| followers(account, now)),
        posts: u64::try_from(account.posts.len()).unwrap_or(u64::MAX),
        token,
    }
}

pub(super) fn set_webhook(asked: &Asked<'_>, account: &AccountRow) -> Result<Done, Refused> {
    let hook: Hook = asked.json()?;
    if !signed_webhook::is_secret(&hook.secret) {
        return Err(Refused::new(422, "the secret must be whsec_ and base64 of 24 to 64 bytes"));
    }
    let account = account.person.id.clone();
    Ok(Done::nothing(vec![Event::Webhook { account, webhook: Some(hook) }]))
}

pub(super) fn end_webhook(account: &AccountRow) -> Done {
    Done::nothing(vec![Event::Webhook { account: account.person.id.clone(), webhook: None }])
}

pub(super) fn set_behaviour(asked: &Asked<'_>, account: &AccountRow) -> Result<Done, Refused> {
    let behaviour: Behaviour = asked.json()?;
    let event = Event::Behaves { account: account.person.id.clone(), behaviour: Box::new(behaviour.clone()) };
    Ok(Done { events: vec![event], ..Done::say(&behaviour)? })
}

pub(super) fn add_fault(asked: &Asked<'_>, account: &AccountRow) -> Result<Done, Refused> {
    let fault: Fault = asked.json()?;
    if !faults::STEPS.contains(&fault.step.as_str()) {
        return Err(Refused::new(422, format!("no step is called so; there are {}", faults::STEPS.join(", "))));
    }
    if FAULTS_MAX <= account.faults.len() {
        return Err(Refused::new(422, "too many faults wait already"));
    }
    let mut faults = account.faults.clone();
    faults.push(fault);
    let said = Done::say(&faults)?;
    Ok(Done { status: 201, events: vec![Event::Faults { account: account.person.id.clone(), faults }], ..said })
}

pub(super) fn end_faults(account: &AccountRow) -> Done {
    Done::nothing(vec![Event::Faults { account: account.person.id.clone(), faults: Vec::new() }])
}

pub(super) fn end_tokens(account: &AccountRow) -> Done {
    Done::nothing(vec![Event::TokensEnded { account: account.person.id.clone() }])
}

#[derive(Deserialize)]
struct Uploaded {
    id: String,
}

/// Makes an uploaded picture the account's own.
pub(super) fn set_picture(asked: &Asked<'_>, account: &AccountRow) -> Result<Done, Refused> {
    let Uploaded { id } = asked.json()?;
    let media = asked.state.media(&id).filter(|media| media.account == account.person.id);
    let digest = media.ok_or_else(|| Refused::new(404, "there is no such picture of yours"))?.digest.clone();
    Ok(Done::nothing(vec![Event::Pictured { account: account.person.id.clone(), digest }]))
}

#[derive(Deserialize)]
struct CommentDraft {
    from: String,
    text: String,
}

/// A comment by somebody below one's own post.
pub(super) fn comment(asked: &Asked<'_>, account: &AccountRow, id: &str) -> Result<Done, Refused> {
    let CommentDraft { from, text } = asked.json()?;
    if asked.state.post(id).is_none_or(|post| post.account != account.person.id) {
        return Err(Refused::new(404, "there is no such post of yours"));
    }
    let mut events = Vec::new();
    let author = account_named(asked, &from, &mut events)?;
    let made = u64::try_from(events.len()).unwrap_or(0);
    let draft = Draft { text, in_reply_to: Some(id.to_owned()), ..Draft::default() };
    let number = asked.state.next_number().saturating_add(made);
    let post = PostRow {
        number,
        account: author.person.id,
        draft,
        at: asked.now,
        key: None,
        container: None,
        edited_at: None,
        deleted: false,
        likes: std::collections::BTreeSet::new(),
        counts: None,
    };
    let say = super::Say::Post(post.id());
    events.push(Event::Posted { post: Box::new(post) });
    Ok(Done { status: 201, events, say })
}

pub(super) fn set_counts(asked: &Asked<'_>, account: &AccountRow, id: &str) -> Result<Done, Refused> {
    let counts: Counts = asked.json()?;
    if asked.state.post(id).is_none_or(|post| post.account != account.person.id) {
        return Err(Refused::new(404, "there is no such post of yours"));
    }
    let event = Event::Counted { post: id.to_owned(), counts };
    Ok(Done { status: 200, events: vec![event], say: super::Say::Post(id.to_owned()) })
}

/// What a new post has to tell to webhooks.
pub(super) fn deliveries(state: &State, post: &str, now: At) -> Vec<Delivery> {
    let Some(row) = state.post(post) else { return Vec::new() };
    let told = state.reached(row).into_iter().filter_map(|(account, kind)| {
        let hook = state.account(&account)?.webhook.clone()?;
        let notice = Notice {
            kind: "comment.created".to_owned(),
            timestamp: row.at.to_string(),
            data: Message { kind, post: state.view(row, now) },
        };
        let id = format!("practice-{post}-{account}");
        Some(Delivery { url: hook.url, secret: hook.secret, id, body: json!(notice).to_string().into_bytes() })
    });
    told.collect()
}

/// The account of this name; where there is none, one that `events` opens.
fn account_named(asked: &Asked<'_>, name: &str, events: &mut Vec<Event>) -> Result<AccountRow, Refused> {
    let name = name.trim();
    let handle = handle(name);
    if handle == "@" || NAME_MAX < name.chars().count() {
        return Err(Refused::new(422, format!("a name needs a letter or digit, and at most {NAME_MAX} characters")));
    }
    if let Some(account) = asked.state.account_of_handle(&handle) {
        return Ok(account.clone());
    }
    let id = format!("a{}", asked.state.next_number());
    let person = Person { id: id.clone(), name: name.to_owned(), handle, picture: None };
    events.push(Event::Joined { person: person.clone(), at: asked.now });
    let mut fresh = State::default();
    fresh.apply(Event::Joined { person, at: asked.now });
    fresh.account(&id).cloned().ok_or_else(|| Refused::new(500, "an account that was just opened is not there"))
}

/// `Ada's bakery` is `@ada-s-bakery`.
fn handle(name: &str) -> String {
    let mut handle = String::from("@");
    for sign in name.chars().flat_map(char::to_lowercase) {
        if sign.is_alphanumeric() {
            handle.push(sign);
        } else if !handle.ends_with(['-', '@']) {
            handle.push('-');
        }
    }
    handle.trim_end_matches('-').to_owned()
}

/// What was set, else a number of its own that rises by a few every day.
fn followers(account: &AccountRow, now: At) -> u64 {
    let days = now.since(account.at).as_secs() / Duration::from_hours(24).as_secs();
    let own = account.person.handle.bytes().fold(7_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    account.behaviour.follower_count.unwrap_or_else(|| {
        let grown = days.saturating_mul((own >> 8) % 4);
        (100 + own % 400).saturating_add(grown)
    })
}

/// Whether this account may see a post.
pub(super) fn may_see(state: &State, post: &PostRow, account: Option<&AccountRow>) -> bool {
    match post.draft.visibility {
        Visibility::Public | Visibility::Unlisted => true,
        Visibility::Followers => account.is_some(),
        Visibility::Direct => account.is_some_and(|account| {
            account.person.id == post.account || state.reached(post).contains_key(&account.person.id)
        }),
    }
}
