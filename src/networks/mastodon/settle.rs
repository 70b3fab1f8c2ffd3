//! Finding out what became of a request whose answer was lost.
//!
//! The `Idempotency-Key` is used but never trusted alone. Mastodon remembers a key only once the post is made, and for
//! an hour; other servers take the header and ignore it. So the account's newest posts are looked through first:
//!
//! - One of ours is there: done, whatever the key would have said.
//! - Less than [`SETTLES_AFTER`] since the request ended: too early. A slow server may still be making the post, and a
//!   repeat would run beside the first (Mastodon itself then makes two).
//! - None is there, the server honours keys, and the hour has at least five minutes left: the same request with the
//!   same key is safe, even if the list was behind.
//! - None is there and the list reaches back before the request: not done.
//! - Otherwise nobody can tell but a person.
//!
//! Both clocks must agree that it is not too early: the server's (its `Date`) and ours.

use std::time::Duration;

use super::ask::{self, Effect};
use super::compare;
use super::limits::Settings;
use super::publish;
use super::wire::{Source, Status};
use crate::base::clock::At;
use crate::networks::{
    Account, Call, Change, Claim, NetworkError, Part, Progress, RemotePost, Settled, Visibility, Window,
};

/// How long after a request it may still take effect.
const SETTLES_AFTER: Duration = Duration::from_mins(1);
/// How long a key is relied on: Mastodon's hour, less what clocks and queues may take of it.
const KEY_LASTS: Duration = Duration::from_mins(55);
/// A post of ours lies so close to the window…
const SLACK_BEFORE: Duration = Duration::from_mins(1);
/// … and a slow server makes it at most so long after.
const SLACK_AFTER: Duration = Duration::from_mins(10);
/// A post with our words that lies outside of that, but not further, is shown to a person: clocks may be wrong.
const DOUBT: Duration = Duration::from_mins(15);
/// Pages of 40 that are looked through.
const PAGES_MAX: usize = 10;

/// Finds out.
pub(super) async fn settle(
    call: &Call<'_>,
    account: &Account,
    claim: &Claim,
    progress: &Progress,
    window: Window,
) -> Result<Settled, NetworkError> {
    if let Some(post) = &progress.post {
        return Ok(Settled::Done(post.clone()));
    }
    match &claim.job.change {
        Change::Publish { part, .. } | Change::Reply { part, .. } => {
            let wanted = Wanted {
                words: publish::words_of(&claim.job, Some(account)),
                fingerprint: claim.material.get("words").to_owned(),
                media_count: part.media.len(),
                has_poll: part.poll.is_some(),
                quotes: part.quote_url.is_some(),
                parent_id: publish::parent_id(&claim.job, progress).map(str::to_owned),
            };
            let settled = look_up(call, account, part, &wanted, window).await?;
            Ok(match settled {
                Settled::Done(post) => Settled::Done(publish::found_again(post, &claim.job, progress)),
                other => other,
            })
        }
        Change::Edit { post, part } => changed(call, account, post, part).await,
        Change::Delete { post } => Ok(match find(call, account, post).await? {
            None => Settled::Done(post.clone()),
            Some(_) => Settled::SafeToRepeat,
        }),
    }
}

/// What the lost post must be like.
struct Wanted {
    words: String,
    fingerprint: String,
    media_count: usize,
    has_poll: bool,
    quotes: bool,
    parent_id: Option<String>,
}

/// How a post compares to the lost one.
#[derive(PartialEq, Eq)]
enum Likeness {
    Same,
    /// The same but for signs that a server may have read as Markdown.
    Close,
    Other,
}

impl Wanted {
    fn compare(&self, status: &Status) -> Likeness {
        let fits = status.reblog.as_ref().is_none_or(serde_json::Value::is_null)
            && status.media_attachments.len() == self.media_count
            && status.poll.as_ref().is_some_and(|poll| !poll.is_null()) == self.has_poll
            && status.in_reply_to_id == self.parent_id;
        if !fits {
            return Likeness::Other;
        }
        let words = compare::normal_of_html(&status.spoiler_text, &status.content, self.quotes);
        if self.is_same(&words) {
            Likeness::Same
        } else if compare::loose(&words) == compare::loose(&self.words) {
            Likeness::Close
        } else {
            Likeness::Other
        }
    }

    fn is_same(&self, words: &str) -> bool {
        words == self.words || compare::fingerprint(words) == self.fingerprint
    }
}

async fn look_up(
    call: &Call<'_>,
    account: &Account,
    part: &Part,
    wanted: &Wanted,
    window: Window,
) -> Result<Settled, NetworkError> {
    let earliest = window.from_at.minus(DOUBT);
    let mut server_now = None;
    let mut found: Vec<Status> = Vec::new();
    let mut perhaps: Vec<Status> = Vec::new();
    let mut after: Option<String> = None;
    let mut reaches_back = false;
    for _page in 0..PAGES_MAX {
        let mut query = vec![("limit", "40"), ("exclude_reblogs", "true")];
        query.extend(after.as_deref().map(|id| ("max_id", id)));
        let segments = ["api", "v1", "accounts", ask::known_id(&account.remote_id)?, "statuses"];
        let (page, answer): (Vec<Status>, _) = ask::read(call, account, &segments, &query).await?;
        server_now = server_now.or(answer.date());
        let last = page.last().map(|status| status.id.clone());
        reaches_back = last.is_none() || page.iter().any(|status| status.created_at.is_some_and(|at| at < earliest));
        for status in page {
            match wanted.compare(&status) {
                Likeness::Same => found.push(status),
                Likeness::Other => {}
                // The plain source tells, letter by letter, where the server gives it.
                Likeness::Close => match source_of(call, account, &status.id).await? {
                    Some(source) if wanted.is_same(&compare::normal(&source.spoiler_text, &source.text)) => {
                        found.push(status);
                    }
                    Some(_) => {}
                    None => perhaps.push(status),
                },
            }
        }
        if reaches_back || last == after {
            break;
        }
        after = last;
    }
    Ok(judge(call, account, part, window, &Seen { found, perhaps, reaches_back, server_now }))
}

/// What the account's list showed.
struct Seen {
    /// Posts that are like the lost one, newest first.
    found: Vec<Status>,
    /// Posts of which that cannot be said for certain.
    perhaps: Vec<Status>,
    /// The list was read to before the window.
    reaches_back: bool,
    server_now: Option<At>,
}

fn judge(call: &Call<'_>, account: &Account, part: &Part, window: Window, seen: &Seen) -> Settled {
    let cannot_tell = |reason: &str| Settled::CannotTell { reason: reason.to_owned() };
    let (from_at, to_at) = (window.from_at.minus(SLACK_BEFORE), window.to_at.plus(SLACK_AFTER));
    let inside: Vec<&Status> =
        seen.found.iter().filter(|status| status.created_at.is_some_and(|at| from_at <= at && at <= to_at)).collect();
    // Of several, the first after the request began; they are newest first.
    let ours = inside.iter().rev().find(|status| status.created_at.is_some_and(|at| window.from_at <= at));
    if let Some(status) = ours.or(inside.first()) {
        return Settled::Done(publish::remote(status));
    }
    let earliest = window.from_at.minus(DOUBT);
    if seen.found.iter().chain(&seen.perhaps).any(|status| status.created_at.is_none_or(|at| earliest <= at)) {
        return cannot_tell("a post with such words is there, but whether it is this one cannot be said");
    }
    let server_now = seen.server_now.unwrap_or(call.now);
    if server_now.min(call.now) < window.to_at.plus(SETTLES_AFTER) {
        return cannot_tell("too early: a slow server may still be making the post");
    }
    let family = Settings::read(&account.settings).family();
    if family.honours_key() && server_now.max(call.now).since(window.from_at) <= KEY_LASTS {
        return Settled::SafeToRepeat;
    }
    if part.visibility == Visibility::Direct && !family.lists_direct() {
        return cannot_tell("this server may leave posts for named people out of the account's list");
    }
    if seen.reaches_back {
        Settled::NotDone
    } else {
        cannot_tell("the account's list does not reach back to the request")
    }
}

/// Whether a change has arrived. It may be sent again in any case: the second time it changes nothing.
async fn changed(call: &Call<'_>, account: &Account, post: &RemotePost, part: &Part) -> Result<Settled, NetworkError> {
    let Some(status) = find(call, account, post).await? else {
        return Err(NetworkError::Refused { reason: "the post is not there any more".to_owned() });
    };
    let wanted = compare::normal(part.content_warning.as_deref().unwrap_or_default(), &part.text);
    let words = match source_of(call, account, &post.id).await? {
        Some(source) => compare::normal(&source.spoiler_text, &source.text),
        None => compare::normal_of_html(&status.spoiler_text, &status.content, false),
    };
    // Descriptions are not compared: a change of those alone is simply sent again.
    let plain = part.media.is_empty() && part.poll.is_none();
    if plain && status.media_attachments.is_empty() && words == wanted {
        return Ok(Settled::Done(publish::remote(&status)));
    }
    Ok(Settled::SafeToRepeat)
}

/// The post as it is; `None` when it is gone.
async fn find(call: &Call<'_>, account: &Account, post: &RemotePost) -> Result<Option<Status>, NetworkError> {
    let address = ask::address(&account.server, &["api", "v1", "statuses", ask::known_id(&post.id)?]);
    let request = call.client.get(&address).bearer(account.secret.get("token")?);
    let answer = request.send().await.map_err(|error| ask::softened(error, Effect::Unseen))?;
    match answer.status() {
        _ if ask::is_gone(&answer) => Ok(None),
        _ if answer.is_success() => ask::json(&answer, Effect::Unseen).map(Some),
        _ => Err(ask::refusal(&answer, Effect::Unseen, call.now)),
    }
}

async fn source_of(call: &Call<'_>, account: &Account, id: &str) -> Result<Option<Source>, NetworkError> {
    let segments = ["api", "v1", "statuses", id, "source"];
    match ask::read(call, account, &segments, &[]).await {
        Ok((source, _)) => Ok(Some(source)),
        Err(NetworkError::Refused { .. }) => Ok(None),
        Err(other) => Err(other),
    }
}
