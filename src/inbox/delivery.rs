//! Deliveries of webhooks: verified on their raw bytes, kept once, durable before they are answered; their meaning is
//! made later by a worker.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::app::{App, Worker};
use crate::base::clock::At;
use crate::base::id;
use crate::channels::{self, Channel, ChannelId};
use crate::people::{Refusal, WorkspaceId};
use crate::store::schema::{self, CollectionId};
use crate::store::{Change, Record, Scan, StoreError, Stored};

use super::sync;

/// How many deliveries are worked off in one round.
const ROUND_MAX: usize = 200;

/// A delivery whose meaning is not made yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// When it came.
    pub at: At,
    /// What tells it from all others: the sender's id, or a digest of its bytes.
    pub digest: u128,
    /// Whose.
    pub workspace: WorkspaceId,
    /// For which channel.
    pub channel: ChannelId,
    /// Its bytes, as they came.
    #[serde(with = "serde_bytes")]
    pub body: Vec<u8>,
}

impl Record for Delivery {
    const COLLECTION: CollectionId = schema::DELIVERIES;
    type Key = (At, u128);

    fn key(&self) -> Self::Key {
        (self.at, self.digest)
    }
}

/// Says that a delivery came, so that the same one sent again is recognised.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Came {
    /// What tells it from all others.
    pub digest: u128,
    /// When it came.
    pub at: At,
}

impl Record for Came {
    const COLLECTION: CollectionId = schema::DELIVERIES_CAME;
    type Key = u128;

    fn key(&self) -> Self::Key {
        self.digest
    }
}

/// Takes in a delivery of this network. Once this is answered it is durable; the same one again changes nothing.
pub async fn accept(
    app: &App,
    network: &str,
    (workspace, channel): (WorkspaceId, ChannelId),
    headers: &BTreeMap<String, String>,
    body: Vec<u8>,
) -> Result<(), Refusal> {
    let channel = channels::get(app, workspace, channel).await?;
    if channel.network != network {
        return Err(Refusal::NotThere);
    }
    let network = app.networks.find(&channel.network).ok_or(Refusal::NotThere)?;
    let webhook = network.webhook().ok_or(Refusal::NotThere)?;
    let account = channels::account(app, &channel).await?;
    let now = app.clock.now();
    let sender_id = webhook.verify(&account, headers, &body, now)?;
    let told_apart = sender_id.map_or_else(|| body.clone(), String::into_bytes);
    let digest = id::digest(&[b"delivery", &channel.id.bits().to_be_bytes(), &told_apart]);
    let delivery = Delivery { at: now, digest, workspace, channel: channel.id, body };
    let mut change = Change::default();
    change.insert(&Came { digest, at: now });
    change.insert(&delivery);
    match app.store.commit(change).await {
        Ok(_) => app.kicks.kick(Worker::Inbox),
        Err(StoreError::Conflict) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

/// Makes the meaning of what was delivered.
pub async fn work_off(app: &App) -> Result<usize, StoreError> {
    let deliveries = app.store.list::<Delivery>(Scan::all().limit(ROUND_MAX)).await?;
    for delivery in &deliveries {
        if let Err(error) = make_sense(app, delivery).await {
            tracing::warn!(channel.id = %delivery.channel, %error, "a webhook delivery is not understood; polling finds what it told");
        }
        let mut change = Change::default();
        change.remove(delivery);
        match app.store.commit(change).await {
            Ok(_) | Err(StoreError::Conflict) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(deliveries.len())
}

async fn make_sense(app: &App, delivery: &Stored<Delivery>) -> Result<(), Refusal> {
    let channel: Stored<Channel> = channels::get(app, delivery.workspace, delivery.channel).await?;
    let network = app.networks.find(&channel.network).ok_or(Refusal::NotThere)?;
    let account = channels::account(app, &channel).await?;
    let items = network.webhook().ok_or(Refusal::NotThere)?.read(&account, &delivery.body)?;
    sync::take(app, &channel, &account, items, None).await?;
    Ok(())
}
