//! Going through the steps of a claimed dispatch: intent, request, outcome, each durable before the next.

use std::time::Duration;

use crate::app::App;
use crate::base::backoff::backoff;
use crate::base::clock::At;
use crate::base::id;
use crate::channels::{self, Channel, ChannelState, credentials};
use crate::networks::{Account, Call, Claim, Network, NetworkError, Progress, Turn};
use crate::store::{Change, Stored};

use super::journal::{Event, HeldBecause};
use super::publication::{Dispatch, Lane, Publication, WentOut};
use super::state::{DispatchEvent, DispatchState};
use super::{PublishError, save};
use crate::base::fault;

/// More steps than any post has; a connector that never ends is stopped.
const STEPS_MAX: u32 = 200;
/// The wait after the first failure, and the longest.
const FIRST_WAIT: Duration = Duration::from_secs(10);
const LONGEST_WAIT: Duration = Duration::from_mins(15);
/// How long after a lost answer it is looked for first.
const FIRST_LOOK: Duration = Duration::from_secs(2);

/// A claimed dispatch and what is needed to go on with it.
#[derive(Debug)]
pub struct Run<'a> {
    app: &'a App,
    network: &'a dyn Network,
    account: Account,
    channel: Stored<Channel>,
    claim: Claim,
    index: usize,
    publication: Stored<Publication>,
}

impl<'a> Run<'a> {
    /// Takes up the dispatch at `index`, which is claimed by this boot.
    pub async fn new(app: &'a App, publication: Stored<Publication>, index: usize) -> Result<Run<'a>, PublishError> {
        let key = (publication.workspace, publication.channel);
        let channel = app.store.find::<Channel>(&key).await?.ok_or(PublishError::Missing("the channel"))?;
        let network = app.networks.find(&channel.network).ok_or(PublishError::Missing("the network"))?.as_ref();
        let account = channels::account(app, &channel).await.map_err(PublishError::Prepare)?;
        let dispatch = publication.dispatches.get(index).ok_or(PublishError::Missing("the dispatch"))?;
        let job = dispatch.job.clone().ok_or(PublishError::Missing("the job"))?;
        let claim = Claim { job, material: dispatch.material.clone() };
        Ok(Self { app, network, account, channel, claim, index, publication })
    }

    /// Goes through the steps until all is done, or something must be waited for.
    pub async fn go(mut self) -> Result<(), PublishError> {
        for _ in 0..STEPS_MAX {
            let progress = self.dispatch()?.progress.clone();
            let Some(step) = self.network.next_step(&self.account, &self.claim.job, &progress) else {
                return self.confirm().await;
            };
            fault::reach(fault::Point::BeforeStep);
            let call = Call { client: &self.app.client, now: self.app.clock.now() };
            let turn = self.network.take_step(call, &self.account, &self.claim, &progress, &step).await;
            fault::reach(fault::Point::AfterStep);
            match turn {
                Ok(Turn::Forward(progress)) => self.forward(progress, &step.name).await?,
                Ok(Turn::Wait { progress, until_at }) => return self.wait(progress, until_at).await,
                Err(error) => return self.fail(error, step.visible).await,
            }
            fault::reach(fault::Point::AfterOutcome);
            if self.dispatch()?.state == DispatchState::Done {
                return Ok(());
            }
        }
        self.fail(NetworkError::Refused { reason: "it never came to an end".to_owned() }, false).await
    }

    fn dispatch(&self) -> Result<&Dispatch, PublishError> {
        self.publication.dispatches.get(self.index).ok_or(PublishError::Missing("the dispatch"))
    }

    /// The outcome of a step and the intent of the next are one commit.
    async fn forward(&mut self, progress: Progress, step: &str) -> Result<(), PublishError> {
        let following = self.network.next_step(&self.account, &self.claim.job, &progress);
        let Some(following) = following else {
            let mut next = self.publication.row.clone();
            if let Some(dispatch) = next.dispatches.get_mut(self.index) {
                dispatch.progress = progress;
            }
            return self.confirmed(next).await;
        };
        let (now, ahead) = (self.app.clock.now(), self.app.client.server_ahead_ms(&self.account.server));
        let mut next = self.publication.row.clone();
        if let Some(dispatch) = next.dispatches.get_mut(self.index) {
            dispatch.server_ahead_ms = ahead.or(dispatch.server_ahead_ms);
            dispatch.progress = progress;
            dispatch.journal.note(now, Event::Answered { step: step.to_owned() });
            dispatch.in_doubt = following.visible.then(|| following.name.clone());
            dispatch.journal.note(now, Event::Sent { step: following.name, visible: following.visible });
        }
        self.publication = save::save(self.app, &self.publication, next, Change::default()).await?;
        Ok(())
    }

    async fn confirm(&mut self) -> Result<(), PublishError> {
        let next = self.publication.row.clone();
        self.confirmed(next).await
    }

    async fn confirmed(&mut self, next: Publication) -> Result<(), PublishError> {
        self.publication = confirm(self.app, &self.publication, next, self.index).await?;
        Ok(())
    }

    async fn wait(self, progress: Progress, until_at: At) -> Result<(), PublishError> {
        let mut next = self.publication.row.clone();
        if let Some(dispatch) = next.dispatches.get_mut(self.index) {
            dispatch.progress = progress;
            dispatch.in_doubt = None;
            let told = if self.publication.by_hand { Event::HandedOver } else { Event::Busy { until_at } };
            dispatch.journal.note(self.app.clock.now(), told);
        }
        next.next_at = Some(until_at);
        save::save(self.app, &self.publication, next, Change::default()).await?;
        Ok(())
    }

    async fn fail(self, error: NetworkError, visible: bool) -> Result<(), PublishError> {
        let now = self.app.clock.now();
        match error {
            NetworkError::Unclear { reason } if visible => self.unclear(reason, now).await,
            NetworkError::NotSent { reason } | NetworkError::Unclear { reason } => {
                let until_at = self.next_try_at(now)?;
                self.put_off(reason, until_at, Change::default()).await
            }
            NetworkError::Wait { until_at, reason } => {
                let until_at = until_at.unwrap_or(self.next_try_at(now)?).max(now.plus(Duration::from_secs(1)));
                let mut change = Change::default();
                self.close_lane(&mut change, until_at).await?;
                self.put_off(reason, until_at, change).await
            }
            NetworkError::Expired { reason } => self.refresh(reason, now).await,
            NetworkError::Refused { reason } | NetworkError::Address { reason } => self.refused(reason, now).await,
            NetworkError::Reconnect { reason } => self.reconnect(reason, now).await,
        }
    }

    fn next_try_at(&self, now: At) -> Result<At, PublishError> {
        let random = u64::from_be_bytes(id::random());
        Ok(now.plus(backoff(self.dispatch()?.attempts, FIRST_WAIT, LONGEST_WAIT, random)))
    }

    async fn put_off(self, reason: String, until_at: At, change: Change) -> Result<(), PublishError> {
        let mut next = self.publication.row.clone();
        if let Some(dispatch) = next.dispatches.get_mut(self.index) {
            dispatch.in_doubt = None;
            dispatch.apply(self.app.clock.now(), DispatchEvent::PutOff, Event::PutOff { reason, until_at })?;
        }
        next.next_at = Some(until_at);
        save::save(self.app, &self.publication, next, change).await?;
        Ok(())
    }

    async fn close_lane(&self, change: &mut Change, until_at: At) -> Result<(), PublishError> {
        let (workspace, channel) = (self.channel.workspace, self.channel.id);
        match self.app.store.find::<Lane>(&(workspace, channel)).await? {
            Some(old) => change.update(&old, &Lane { not_before_at: until_at, ..old.row.clone() }),
            None => change.insert(&Lane { not_before_at: until_at, ..Lane::open(workspace, channel) }),
        };
        Ok(())
    }

    async fn unclear(self, reason: String, now: At) -> Result<(), PublishError> {
        let mut next = self.publication.row.clone();
        if let Some(dispatch) = next.dispatches.get_mut(self.index) {
            dispatch.apply(now, DispatchEvent::Unclear, Event::Unclear { reason })?;
        }
        next.next_at = Some(now.plus(FIRST_LOOK));
        save::save(self.app, &self.publication, next, Change::default()).await?;
        Ok(())
    }

    async fn refused(self, reason: String, now: At) -> Result<(), PublishError> {
        let mut next = self.publication.row.clone();
        if let Some(dispatch) = next.dispatches.get_mut(self.index) {
            dispatch.in_doubt = None;
            dispatch.apply(now, DispatchEvent::Refused, Event::Refused { reason })?;
        }
        next.next_at = None;
        save::hold_rest(&mut next, self.index, now)?;
        save::save_and_tell(self.app, &self.publication, next, Change::default()).await?;
        Ok(())
    }

    /// The access token ended: nothing was done. A fresh one is stored, then there is another try at once.
    async fn refresh(self, reason: String, now: At) -> Result<(), PublishError> {
        // A second time in the same claim would go on for ever.
        let tried = self
            .dispatch()?
            .journal
            .entries()
            .iter()
            .rev()
            .take(4)
            .filter(|entry| matches!(&entry.event, Event::PutOff { reason: told, .. } if *told == reason))
            .count();
        match credentials::refresh(self.app, &self.channel).await {
            Ok(()) if tried < 2 => self.put_off(reason, now, Change::default()).await,
            Ok(()) => self.reconnect(reason, now).await,
            Err(NetworkError::Reconnect { reason } | NetworkError::Refused { reason }) => {
                self.reconnect(reason, now).await
            }
            Err(_later) => {
                let until_at = self.next_try_at(now)?;
                self.put_off(reason, until_at, Change::default()).await
            }
        }
    }

    async fn reconnect(self, reason: String, now: At) -> Result<(), PublishError> {
        let mut next = self.publication.row.clone();
        if let Some(dispatch) = next.dispatches.get_mut(self.index) {
            dispatch.in_doubt = None;
            dispatch.hold(now, HeldBecause::Reconnect)?;
        }
        next.next_at = None;
        save::hold_rest(&mut next, self.index, now)?;
        let mut change = Change::default();
        let state = ChannelState::Reconnect { reason, since_at: now };
        change.update(&self.channel, &Channel { state, ..self.channel.row.clone() });
        save::save_and_tell(self.app, &self.publication, next, change).await?;
        Ok(())
    }
}

/// Confirms the dispatch at `index` of `next`, and lets the next one follow.
pub async fn confirm(
    app: &App,
    old: &Stored<Publication>,
    mut next: Publication,
    index: usize,
) -> Result<Stored<Publication>, PublishError> {
    let now = app.clock.now();
    if let Some(dispatch) = next.dispatches.get_mut(index) {
        dispatch.in_doubt = None;
        let url = dispatch.progress.post.as_ref().and_then(|post| post.url.clone());
        dispatch.apply(now, DispatchEvent::Confirmed, Event::Confirmed { url })?;
    }
    let mut change = Change::default();
    went_out(&mut change, &mut next, now);
    next.next_at = next.current().map(|_following| now);
    save::save_and_tell(app, old, next, change).await
}

/// Notes that a publication is out, the first time that any of it is.
pub fn went_out(change: &mut Change, next: &mut Publication, now: At) {
    if next.published_at.is_none() {
        next.published_at = Some(now);
        change.put(&WentOut { workspace: next.workspace, publication: next.id });
    }
}
