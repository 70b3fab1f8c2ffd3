//! Saving a publication: with it, in the same commit, what must agree with it: the calendar and what is told.

use crate::app::App;
use crate::base::clock::At;
use crate::notify::{self, What};
use crate::posts::{Post, PublicationState};
use crate::schedule::calendar;
use crate::store::{Change, StoreError, Stored};

use super::journal::HeldBecause;
use super::publication::{Publication, Source};
use super::state::DispatchState;
use super::{PublishError, accept};

/// How often a save is tried when another lane changed the same post's calendar entry in between.
const TRIES_MAX: u32 = 12;

/// Saves `next` in place of `old`, together with `change`. A conflict means that the publication, or something the
/// change checks, is no longer what it was.
pub async fn save(
    app: &App,
    old: &Stored<Publication>,
    next: Publication,
    change: Change,
) -> Result<Stored<Publication>, PublishError> {
    for _ in 0..TRIES_MAX {
        let mut attempt = change.clone();
        attempt.update(old, &next);
        if old.state() != next.state() {
            show_on_calendar(app, &next, Some(next.state()), &mut attempt).await?;
        }
        match app.store.commit(attempt).await {
            Ok(version) => {
                if old.state() != next.state() {
                    agree_with_calendar(app, &next).await;
                }
                app.live.tell(next.workspace.bits(), "publication", next.id.bits());
                return Ok(Stored { row: next, version });
            }
            Err(StoreError::Conflict) if unchanged(app, old).await? => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(StoreError::Conflict.into())
}

/// The same, and what a person must know of it is told in the same commit.
pub async fn save_and_tell(
    app: &App,
    old: &Stored<Publication>,
    next: Publication,
    mut change: Change,
) -> Result<Stored<Publication>, PublishError> {
    if old.state() != next.state() {
        tell(app, &mut change, &next);
    }
    let saved = save(app, old, next, change).await;
    notify::ring(app);
    saved
}

/// Tells people how a publication stands, where they should know.
pub fn tell(app: &App, change: &mut Change, publication: &Publication) {
    let what = match publication.state() {
        PublicationState::Published => What::Published,
        PublicationState::Failed => What::Failed,
        PublicationState::Held => What::Held,
        PublicationState::PartlyOut => What::PartlyOut,
        PublicationState::Unsure => What::Unsure,
        PublicationState::Sending if publication.by_hand => What::ByHand,
        PublicationState::Planned | PublicationState::Sending | PublicationState::Withdrawn => return,
    };
    notify::tell(app, change, publication.workspace, what, publication.id.bits(), &publication.subject);
}

/// Keeps back everything after the dispatch at `index`: a thread is never continued past a part that is missing.
pub fn hold_rest(publication: &mut Publication, index: usize, now: At) -> Result<(), PublishError> {
    for dispatch in publication.dispatches.iter_mut().skip(index.saturating_add(1)) {
        if dispatch.state == DispatchState::Planned {
            dispatch.hold(now, HeldBecause::EarlierPart)?;
        }
    }
    Ok(())
}

async fn unchanged(app: &App, old: &Stored<Publication>) -> Result<bool, PublishError> {
    let seen = app.store.find::<Publication>(&(old.workspace, old.id)).await?;
    Ok(seen.is_some_and(|seen| seen.version == old.version))
}

/// Looks once more, now that the save is durable: two lanes of one post that finish at the same moment each saw the other
/// under way, and whichever was later sees both at their end. What was saved stands whatever comes of this.
async fn agree_with_calendar(app: &App, saved: &Publication) {
    for _ in 0..TRIES_MAX {
        let mut change = Change::default();
        let shown = show_on_calendar(app, saved, None, &mut change).await;
        let agreed = match shown {
            Ok(()) if change.is_empty() => return,
            Ok(()) => app.store.commit(change).await.map_err(PublishError::from),
            Err(error) => Err(error),
        };
        match agreed {
            Ok(_) => return,
            Err(PublishError::Store(StoreError::Conflict)) => {}
            Err(error) => {
                tracing::warn!(publication.id = %saved.id, %error, "the calendar could not be brought up to date");
                return;
            }
        }
    }
}

/// Puts into a commit how the post of a publication stands; `becomes` is what the publication itself will be by it.
async fn show_on_calendar(
    app: &App,
    publication: &Publication,
    becomes: Option<PublicationState>,
    change: &mut Change,
) -> Result<(), PublishError> {
    let Source::Post { post } = publication.source else { return Ok(()) };
    let Some(post) = app.store.find::<Post>(&(publication.workspace, post)).await? else { return Ok(()) };
    let known = accept::states_of_post(app, publication.workspace, post.id).await?;
    let states = known.into_iter().map(|(id, state)| becomes.filter(|_new| id == publication.id).unwrap_or(state));
    let sum = PublicationState::of_publications(states);
    calendar::set_state(app, change, &post, sum).await?;
    Ok(())
}
