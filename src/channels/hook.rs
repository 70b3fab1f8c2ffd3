//! Letting a network call in, so that what people write arrives at once. What is missed is found by polling.

use crate::app::App;
use crate::networks::{Call, signed_webhook};
use crate::people::{Action, Actor, Refusal};

use super::{Channel, ChannelId, credentials};

/// The name under which the secret of a channel's deliveries is kept among its credentials.
pub const WEBHOOK_SECRET: &str = "webhook_secret";

/// Asks the network to call this address, with a new secret.
pub async fn register(app: &App, actor: &Actor, id: ChannelId, address: &str) -> Result<(), Refusal> {
    actor.may(Action::ManageChannels)?;
    let channel = super::get(app, actor.workspace, id).await?;
    let network = app.networks.find(&channel.network).ok_or(Refusal::NotThere)?;
    let webhook = network.webhook().ok_or(Refusal::NotThere)?;
    let account = credentials::account(app, &channel).await?;
    let secret = signed_webhook::make_secret();
    let call = Call { client: &app.client, now: app.clock.now() };
    webhook.register(call, &account, address, &secret).await?;
    credentials::keep(app, &channel, WEBHOOK_SECRET, secret).await
}

/// Whether deliveries of this channel can be verified.
pub async fn is_registered(app: &App, channel: &Channel) -> bool {
    let account = credentials::account(app, channel).await;
    account.is_ok_and(|account| account.secret.find(WEBHOOK_SECRET).is_some())
}
