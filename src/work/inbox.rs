//! Polls what people wrote, and brings in the earlier posts of channels that were just connected.
//!
//! A channel with a post younger than a day is asked often, so that an answer to it shows within a minute.

use std::time::Duration;

use crate::app::App;
use crate::base::clock::At;
use crate::channels::{self, Channel, ChannelState, health};
use crate::inbox::{delivery, sync};
use crate::people::{self, Refusal};
use crate::publish::{self, Publication, import};
use crate::schedule::calendar;
use crate::store::Stored;

/// How often a channel is asked that has a young post.
const OFTEN: Duration = Duration::from_secs(45);
/// How often any other.
const SELDOM: Duration = Duration::from_mins(5);
/// A post is young for so long.
const YOUNG_FOR: Duration = Duration::from_hours(24);
/// How many young posts of a workspace are looked below.
const YOUNG_MAX: usize = 20;

/// Asks every channel once; says when to ask again.
pub async fn round(app: App) -> anyhow::Result<Option<At>> {
    let now = app.clock.now();
    delivery::work_off(&app).await?;
    let mut any_young = false;
    for workspace in people::workspace::list(&app).await? {
        let mut young = Vec::new();
        for entry in calendar::between(&app, workspace.id, now.minus(YOUNG_FOR), now, YOUNG_MAX).await? {
            young.extend(publish::list_for_post(&app, workspace.id, entry.post).await?);
        }
        any_young = any_young || !young.is_empty();
        for channel in channels::list(&app, workspace.id).await? {
            if channel.state != ChannelState::Active {
                continue;
            }
            let asked = of_channel(&app, &channel, &young).await;
            sync::heed(&app, &channel, &asked).await?;
            if let Err(error) = asked {
                tracing::info!(channel.id = %channel.id, %error, "a channel could not be asked for what came");
            }
        }
    }
    Ok(Some(now.plus(if any_young { OFTEN } else { SELDOM })))
}

async fn of_channel(app: &App, channel: &Stored<Channel>, young: &[Stored<Publication>]) -> Result<(), Refusal> {
    if health::health(app, channel).await?.imported_at.is_none() {
        let brought = import::import(app, channel).await?;
        tracing::info!(channel.id = %channel.id, posts = brought, "earlier posts brought in");
        app.kicks.kick(crate::app::Worker::Metrics);
    }
    sync::sync(app, channel).await?;
    let mine = young.iter().filter(|publication| publication.channel == channel.id);
    let posts: Vec<_> = mine.filter_map(|publication| publication.remote().cloned()).collect();
    let Some(network) = app.networks.find(&channel.network).filter(|_network| !posts.is_empty()) else { return Ok(()) };
    let account = channels::account(app, channel).await?;
    for post in &posts {
        sync::sync_below(app, channel, network.as_ref(), &account, post).await?;
    }
    Ok(())
}
