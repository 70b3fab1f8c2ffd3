//! The posts of a workspace and their publications, by time. The order is that of the calendar, whose rows are kept by
//! time already: a page of it is read, and of its posts what is wanted. Drafts have no time yet; theirs is that of the
//! last save.

use crate::app::App;
use crate::base::clock::At;
use crate::channels::ChannelId;
use crate::people::{Action, Actor, Refusal};
use crate::posts::{Post, PostId, PublicationState, Stage, draft};
use crate::schedule::calendar::{self, CalendarEntry};
use crate::store::{StoreError, Stored};

use super::accept::list_for_post;
use super::publication::{Publication, PublicationId};

/// How many posts one page looks through; it may have fewer publications than asked for, and still go on.
const LOOK_MAX: usize = 400;

/// A page of posts, and where the next one begins, if there may be more: the drafts, or what is on the calendar, all of
/// it or in one stage. Those due last, or saved last, come first. Deleted posts are on no list.
pub async fn posts(
    app: &App,
    actor: &Actor,
    stage: Option<Stage>,
    after: Option<calendar::After>,
    most: usize,
) -> Result<(Vec<Stored<Post>>, Option<calendar::After>), Refusal> {
    if stage == Some(Stage::Draft) {
        let mut found = draft::page(app, actor, after, most.saturating_add(1)).await?;
        let more = most < found.len();
        found.truncate(most);
        let next = found.last().filter(|_last| more).map(|last| (last.saved_at, last.id));
        return Ok((found, next));
    }
    actor.may(Action::SeePosts)?;
    let always = (At::from_millis(i64::MIN), At::from_millis(i64::MAX));
    let entries = calendar::page(app, actor.workspace, always, true, after, LOOK_MAX).await?;
    let more = LOOK_MAX <= entries.len();
    let (mut found, mut last) = (Vec::new(), None);
    for entry in &entries {
        if most <= found.len() {
            return Ok((found, last));
        }
        last = Some((entry.due_at, entry.post));
        let post = app.store.find::<Post>(&(actor.workspace, entry.post)).await?;
        found.extend(post.filter(|post| stage.is_none_or(|stage| post.stage == stage)));
    }
    Ok((found, last.filter(|_last| more)))
}

/// Which publications are wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// Of posts due from then on.
    pub from: At,
    /// Of posts due before.
    pub to: At,
    /// In this state only.
    pub state: Option<PublicationState>,
    /// On this channel only.
    pub channel: Option<ChannelId>,
    /// In which order.
    pub newest_first: bool,
}

/// Where a list goes on: when the last post was due, which it was, and the last of its publications that was looked at.
pub type After = (At, PostId, PublicationId);

/// A page of the publications that are wanted, and where the next one begins, if there may be more.
pub async fn page(
    app: &App,
    actor: &Actor,
    wanted: &Wanted,
    after: Option<After>,
    most: usize,
) -> Result<(Vec<Stored<Publication>>, Option<After>), Refusal> {
    actor.may(Action::SeePosts)?;
    let mut found = Vec::new();
    // The post that the page before ended in may have more.
    if let Some((at, post, last)) = after
        && let Some(next) = take(app, actor, wanted, (at, post, Some(last)), most, &mut found).await?
    {
        return Ok((found, Some(next)));
    }
    let place = after.map(|(at, post, _)| (at, post));
    let range = (wanted.from, wanted.to);
    let entries = calendar::page(app, actor.workspace, range, wanted.newest_first, place, LOOK_MAX).await?;
    let end = entries.last().filter(|_last| LOOK_MAX <= entries.len()).map(|last| (last.due_at, last.post));
    let goes = |entry: &&CalendarEntry| wanted.channel.is_none_or(|channel| entry.channels.contains(&channel));
    for entry in entries.iter().filter(goes) {
        if let Some(next) = take(app, actor, wanted, (entry.due_at, entry.post, None), most, &mut found).await? {
            return Ok((found, Some(next)));
        }
    }
    Ok((found, end.map(|(at, post)| (at, post, PublicationId::from_bits(u128::MAX)))))
}

/// Takes what is wanted of one post. Gives where to go on when the page is full.
async fn take(
    app: &App,
    actor: &Actor,
    wanted: &Wanted,
    (at, post, last): (At, PostId, Option<PublicationId>),
    most: usize,
    found: &mut Vec<Stored<Publication>>,
) -> Result<Option<After>, StoreError> {
    let mut publications = list_for_post(app, actor.workspace, post).await?;
    publications.sort_by_key(|publication| publication.id);
    let mut seen = last;
    for publication in publications.into_iter().filter(|publication| last.is_none_or(|last| last < publication.id)) {
        if most <= found.len() {
            // Nothing of this post was looked at yet: it is the next page's first.
            return Ok(Some((at, post, seen.unwrap_or(PublicationId::from_bits(0)))));
        }
        seen = Some(publication.id);
        let fits = wanted.state.is_none_or(|state| publication.state() == state)
            && wanted.channel.is_none_or(|channel| publication.channel == channel);
        if fits {
            found.push(publication);
        }
    }
    Ok(None)
}
