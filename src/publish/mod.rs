//! Publishing: never twice, never lost.
//!
//! What must never break here, and where it is kept:
//!
//! - **Claim** ([`claim`]): one commit, durable before anything leaves, that checks the publication, the post and the
//!   channel as they were when it was decided. A pause, an edit or a deletion that came first wins; after the claim it
//!   has gone.
//! - **Journal** ([`journal`], [`steps`]): each request that changes something is written down before it leaves and
//!   after it returns. A visible one leaves its name in `in_doubt` until its outcome is written down.
//! - **Settle** ([`settle`]): while something is in doubt nothing is sent. The network is asked, in the order of
//!   strength its connector knows; where it cannot tell, a person is.
//! - **States** ([`state`]): one function says which change of state is possible.
//!
//! A claim of another boot is taken up again by [`engine`]: it still stands in the list of what is due, and nothing in
//! this process has it in hand.

pub mod accept;
pub mod by_hand;
pub mod claim;
pub mod clock_guard;
pub mod decide;
pub mod engine;
pub mod import;
pub mod journal;
pub mod late;
pub mod list;
pub mod publication;
pub mod restored;
pub mod save;
pub mod settle;
pub mod state;
pub mod steps;
pub mod write;

pub use accept::{When, bring_back, list_for_post, plan, save_post, unplan, write_post};
pub use decide::list_for_person;
pub use publication::{BootId, Dispatch, DispatchRole, Lane, Publication, PublicationId, Source};
pub use state::DispatchState;

use crate::app::App;
use crate::channels::ChannelId;
use crate::media::AssetId;
use crate::networks::NetworkError;
use crate::people::WorkspaceId;
use crate::posts::{Post, Stage};
use crate::schedule::calendar;
use crate::store::{Scan, StoreError, Stored};

/// How many planned posts are looked through for a picture.
const PLANNED_MAX: usize = 5_000;

/// How many waiting publications of a channel are counted.
const OPEN_MAX: usize = 500;

/// What can keep the engine from going on with a publication. None of these changes its state.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The store did not answer, or something changed meanwhile; the publication is looked at again.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A state would have changed in a way it must not.
    #[error(transparent)]
    Impossible(#[from] state::Impossible),
    /// A row that must be there is not.
    #[error("{0} is not there")]
    Missing(&'static str),
    /// The account's secret does not open, or a picture cannot be rendered.
    #[error("cannot prepare: {0}")]
    Prepare(NetworkError),
}

/// The publication that made a post at a network.
pub async fn find_by_remote(
    app: &App,
    workspace: WorkspaceId,
    channel: ChannelId,
    remote_id: &str,
) -> Result<Option<Stored<Publication>>, StoreError> {
    let digest = publication::remote_digest(channel, remote_id);
    let entries =
        app.store.list_index::<publication::PublicationsByRemote>(Scan::under((workspace, digest)).limit(1)).await?;
    match entries.first() {
        Some(entry) => app.store.find::<Publication>(&(workspace, entry.key.2)).await,
        None => Ok(None),
    }
}

/// Whether there is such a publication.
pub async fn exists(app: &App, workspace: WorkspaceId, id: PublicationId) -> Result<bool, StoreError> {
    Ok(app.store.find::<Publication>(&(workspace, id)).await?.is_some())
}

/// How many posts and answers wait on a channel: planned, held, on their way or in doubt. Counts up to some hundreds.
pub async fn open_on(app: &App, workspace: WorkspaceId, channel: ChannelId) -> Result<usize, StoreError> {
    let scan = Scan::under((workspace, channel)).limit(OPEN_MAX);
    Ok(app.store.list_index::<publication::PublicationsOpenByChannel>(scan).await?.len())
}

/// How many posts that have not gone out use a picture. Looks at what is not at its end, a few hundred at most.
pub async fn planned_with(app: &App, workspace: WorkspaceId, asset: AssetId) -> Result<usize, StoreError> {
    let now = app.clock.now();
    let ahead = now.plus(std::time::Duration::from_hours(24 * 366 * 5));
    let mut using = 0_usize;
    for entry in calendar::between(app, workspace, now, ahead, PLANNED_MAX).await? {
        let post = app.store.find::<Post>(&(workspace, entry.post)).await?;
        let uses = post.is_some_and(|post| {
            let content = &post.content;
            let variants = content.variants.values().flat_map(|variant| variant.media.iter().flatten());
            post.stage == Stage::Planned && content.media.iter().chain(variants).any(|used| used.asset == asset)
        });
        using = using.saturating_add(usize::from(uses));
    }
    Ok(using)
}
