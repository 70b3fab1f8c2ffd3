//! Settling: finding out what became of a request that left and was not answered.
//!
//! Nothing is sent meanwhile. The network is asked a few times, further and further apart; when it cannot tell, a
//! person is shown both sides and decides.

use std::time::Duration;

use crate::app::App;
use crate::base::clock::At;
use crate::channels::{self, Channel};
use crate::networks::{Call, Claim, NetworkError, RemotePost, Settled, Window};
use crate::notify;
use crate::store::{Change, Stored};

use super::journal::{Event, Found, HeldBecause};
use super::publication::{Dispatch, Publication};
use super::state::DispatchEvent;
use super::{PublishError, save, steps};
use crate::base::fault;

/// When it is looked for: so long after the look before. After the last a person is asked.
const LOOKS: [Duration; 6] = [
    Duration::from_secs(15),
    Duration::from_secs(50),
    Duration::from_mins(2),
    Duration::from_mins(5),
    Duration::from_mins(10),
    Duration::from_mins(20),
];
/// While the network cannot be reached, it is asked again this often, without end.
const UNREACHABLE: Duration = Duration::from_mins(5);
/// How far the clocks may differ beyond what the server's own `Date` told.
const SLACK: Duration = Duration::from_mins(2);

/// Takes up a dispatch that a boot which is no more had claimed.
///
/// When no visible request was on its way, nothing can have happened and it goes on; otherwise it is in doubt.
pub async fn recover(app: &App, publication: Stored<Publication>, index: usize) -> Result<(), PublishError> {
    let now = app.clock.now();
    let mut next = publication.row.clone();
    let Some(dispatch) = next.dispatches.get_mut(index) else { return Err(PublishError::Missing("the dispatch")) };
    if dispatch.in_doubt.is_some() {
        let reason = "Belfry ended in the middle of a request".to_owned();
        dispatch.apply(now, DispatchEvent::Unclear, Event::Unclear { reason })?;
    } else {
        let reason = "Belfry ended before anything left".to_owned();
        dispatch.apply(now, DispatchEvent::PutOff, Event::PutOff { reason, until_at: now })?;
    }
    next.next_at = Some(now);
    save::save(app, &publication, next, Change::default()).await?;
    Ok(())
}

/// What a fault of Belfry's own leaves behind in the middle of a dispatch: in doubt when a visible request may have
/// left, else kept back for a person to see.
pub async fn hold_after_fault(app: &App, publication: Stored<Publication>, index: usize) -> Result<(), PublishError> {
    let in_doubt = publication.dispatches.get(index).is_some_and(|dispatch| dispatch.in_doubt.is_some());
    if in_doubt {
        return recover(app, publication, index).await;
    }
    let mut next = publication.row.clone();
    if let Some(dispatch) = next.dispatches.get_mut(index) {
        dispatch.hold(app.clock.now(), HeldBecause::Fault)?;
    }
    next.next_at = None;
    save::save_and_tell(app, &publication, next, Change::default()).await?;
    Ok(())
}

/// Asks the network once, and writes down what it says.
pub async fn look(app: &App, publication: Stored<Publication>, index: usize) -> Result<(), PublishError> {
    let key = (publication.workspace, publication.channel);
    let Some(channel) = app.store.find::<Channel>(&key).await? else {
        return ask_person(app, publication, index, "the channel is no longer connected").await;
    };
    let network = app.networks.find(&channel.network).ok_or(PublishError::Missing("the network"))?;
    let account = channels::account(app, &channel).await.map_err(PublishError::Prepare)?;
    let dispatch = publication.dispatches.get(index).ok_or(PublishError::Missing("the dispatch"))?;
    let Some(job) = dispatch.job.clone() else { return Err(PublishError::Missing("the job")) };
    let claim = Claim { job, material: dispatch.material.clone() };
    let now = app.clock.now();
    let call = Call { client: &app.client, now };
    let settled = network.settle(call, &account, &claim, &dispatch.progress, window(dispatch, now)).await;
    fault::reach(fault::Point::AfterLook);
    match settled {
        // Two posts that say the same are told apart by what is known to belong to the other.
        Ok(Settled::Done(post)) if belongs_to_another(app, &publication, &post).await? => {
            let reason = "only another post that says the same was found".to_owned();
            cannot_tell(app, publication, index, reason).await
        }
        Ok(Settled::Done(post)) => {
            let mut next = publication.row.clone();
            if let Some(dispatch) = next.dispatches.get_mut(index) {
                dispatch.progress.post = Some(post);
                dispatch.journal.note(now, Event::Looked { found: Found::There });
            }
            steps::confirm(app, &publication, next, index).await?;
            Ok(())
        }
        Ok(Settled::NotDone) => again(app, publication, index, Found::NotThere).await,
        Ok(Settled::SafeToRepeat) => again(app, publication, index, Found::SafeToRepeat).await,
        Ok(Settled::CannotTell { reason }) | Err(NetworkError::Refused { reason }) => {
            cannot_tell(app, publication, index, reason).await
        }
        Err(NetworkError::Expired { reason }) => {
            if channels::credentials::refresh(app, &channel).await.is_ok() {
                later(app, publication, index, reason, now.plus(Duration::from_secs(1))).await
            } else {
                later(app, publication, index, reason, now.plus(UNREACHABLE)).await
            }
        }
        Err(error) => {
            let again_at = match &error {
                NetworkError::Wait { until_at: Some(at), .. } => *at,
                _ => now.plus(UNREACHABLE),
            };
            later(app, publication, index, error.reason().to_owned(), again_at).await
        }
    }
}

async fn belongs_to_another(app: &App, publication: &Publication, post: &RemotePost) -> Result<bool, PublishError> {
    let known = super::find_by_remote(app, publication.workspace, publication.channel, &post.id).await?;
    Ok(known.is_some_and(|known| known.id != publication.id))
}

/// The span in which the lost change must lie, in the server's time.
fn window(dispatch: &Dispatch, now: At) -> Window {
    let ahead_ms = dispatch.server_ahead_ms.unwrap_or(0);
    let in_server_time = |at: At| At::from_millis(at.as_millis().saturating_add(ahead_ms));
    let claimed_at = dispatch.claimed_at.unwrap_or(now);
    // The last visible request left when the journal says so; nothing can have reached the server long after it.
    let sent =
        dispatch.journal.entries().iter().rev().find(|entry| matches!(entry.event, Event::Sent { visible: true, .. }));
    let sent_at = sent.map_or(now, |entry| entry.at);
    Window { from_at: in_server_time(claimed_at.minus(SLACK)), to_at: in_server_time(sent_at.plus(SLACK)) }
}

async fn again(app: &App, publication: Stored<Publication>, index: usize, found: Found) -> Result<(), PublishError> {
    let now = app.clock.now();
    let mut next = publication.row.clone();
    if let Some(dispatch) = next.dispatches.get_mut(index) {
        dispatch.in_doubt = None;
        dispatch.apply(now, DispatchEvent::NotThere, Event::Looked { found })?;
    }
    next.next_at = Some(now);
    save::save(app, &publication, next, Change::default()).await?;
    Ok(())
}

async fn cannot_tell(
    app: &App,
    publication: Stored<Publication>,
    index: usize,
    reason: String,
) -> Result<(), PublishError> {
    let looks = publication.dispatches.get(index).map_or(0, |dispatch| dispatch.looks);
    let wait = usize::try_from(looks).ok().and_then(|looks| LOOKS.get(looks));
    match wait {
        Some(wait) => later(app, publication, index, reason, app.clock.now().plus(*wait)).await,
        None => ask_person(app, publication, index, &reason).await,
    }
}

async fn later(
    app: &App,
    publication: Stored<Publication>,
    index: usize,
    reason: String,
    again_at: At,
) -> Result<(), PublishError> {
    let mut next = publication.row.clone();
    if let Some(dispatch) = next.dispatches.get_mut(index) {
        dispatch.looks = dispatch.looks.saturating_add(1);
        let found = Found::CannotTell { reason, again_at: Some(again_at) };
        dispatch.journal.note(app.clock.now(), Event::Looked { found });
    }
    next.next_at = Some(again_at);
    save::save(app, &publication, next, Change::default()).await?;
    Ok(())
}

async fn ask_person(
    app: &App,
    publication: Stored<Publication>,
    index: usize,
    reason: &str,
) -> Result<(), PublishError> {
    let mut next = publication.row.clone();
    if let Some(dispatch) = next.dispatches.get_mut(index) {
        let found = Found::CannotTell { reason: reason.to_owned(), again_at: None };
        dispatch.journal.note(app.clock.now(), Event::Looked { found });
    }
    next.next_at = None;
    let mut change = Change::default();
    save::tell(app, &mut change, &next);
    save::save(app, &publication, next, change).await?;
    notify::ring(app);
    Ok(())
}
