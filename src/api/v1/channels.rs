//! Channels: list, connect, look after.

use actix_web::http::Method;
use actix_web::web::Path;

use crate::api::cursor::{List, Page, Place};
use crate::api::json::Json;
use crate::api::operation::Operation;
use crate::api::query::Query;
use crate::api::wire;
use crate::app::App;
use crate::base::clock::At;
use crate::channels::{self, Channel, ChannelId, Connecting, health};
use crate::http::{Answer, Answered, AppRef, Failure};
use crate::people::{Action, Actor, Refusal};
use crate::publish::decide;
use crate::store::Stored;
use crate::words::Message;

pub(super) fn operations() -> Vec<Operation> {
    const SEE: Action = Action::SeeChannels;
    const MANAGE: Action = Action::ManageChannels;
    let one = "/api/v1/channels/{channel}";
    let pause = "/api/v1/channels/{channel}/pause";
    vec![
        Operation::new(Method::GET, "/api/v1/channels", SEE, ("listChannels", "List the channels"), list)
            .asks::<Page>()
            .lists::<wire::Channel>("Channels, in the order in which they were connected."),
        Operation::new(Method::POST, "/api/v1/channels", MANAGE, ("connectChannel", "Connect an account"), create)
            .takes::<wire::Connect>()
            .gives::<wire::Channel>("200", "The channel; an account that is known stays the channel it is."),
        Operation::new(Method::GET, one, SEE, ("getChannel", "Get a channel"), show)
            .gives::<wire::Channel>("200", "The channel."),
        Operation::new(Method::DELETE, one, MANAGE, ("removeChannel", "Let an account go"), remove).gives_nothing(),
        Operation::new(
            Method::POST,
            "/api/v1/channels/{channel}/test",
            MANAGE,
            ("testChannel", "Ask the network whether the account still opens"),
            test,
        )
        .gives::<wire::Channel>("200", "It does; what was held because of it goes on."),
        Operation::new(Method::PUT, pause, MANAGE, ("pauseChannel", "Let nothing go out on a channel"), hold)
            .gives::<wire::Channel>("200", "It is paused; what is due meanwhile is held."),
        Operation::new(Method::DELETE, pause, MANAGE, ("resumeChannel", "Let a channel go on"), resume)
            .gives::<wire::Channel>("200", "It goes on, and what was held because of the pause too."),
    ]
}

async fn list(app: AppRef, actor: Actor, page: Query<Page>) -> Answered {
    let list = List::new(&app, &actor, &page.0, "channels", "");
    let (limit, after) = (list.limit()?, list.after()?);
    let channels = channels::list(&app, actor.workspace).await?.into_iter();
    let rest = channels.filter(|channel| after.is_none_or(|after| after.id < channel.id.bits()));
    let mut told = Vec::new();
    for channel in rest.take(limit.saturating_add(1)) {
        told.push((channel.id, tell(&app, channel).await?));
    }
    let place = |(id, _): &(ChannelId, wire::Channel)| Place { at: At::default(), id: id.bits(), more: 0 };
    Answer::json(&list.cut(told, place, |(_, channel)| channel)?)
}

async fn create(app: AppRef, actor: Actor, body: Json<wire::Connect>) -> Answered {
    let wire::Connect { network, way, fields } = body.value;
    match channels::connect(&app, &actor, &network, &way, &fields, None).await? {
        Connecting::Done(channel) => {
            decide::let_go(&app, &channel).await;
            answer(&app, *channel).await
        }
        Connecting::Visit { .. } => Err(Refusal::Rule(Message::new("connect-needs-a-browser")).into()),
    }
}

async fn show(app: AppRef, actor: Actor, path: Path<ChannelId>) -> Answered {
    answer(&app, channels::get(&app, actor.workspace, *path).await?).await
}

async fn remove(app: AppRef, actor: Actor, path: Path<ChannelId>) -> Answered {
    channels::disconnect(&app, &actor, *path).await?;
    Ok(Answer::nothing())
}

async fn test(app: AppRef, actor: Actor, path: Path<ChannelId>) -> Answered {
    answer(&app, decide::test_channel(&app, &actor, *path).await?.channel).await
}

async fn hold(app: AppRef, actor: Actor, path: Path<ChannelId>) -> Answered {
    answer(&app, channels::pause(&app, &actor, *path).await?).await
}

async fn resume(app: AppRef, actor: Actor, path: Path<ChannelId>) -> Answered {
    answer(&app, decide::resume_channel(&app, &actor, *path).await?).await
}

async fn answer(app: &App, channel: Stored<Channel>) -> Answered {
    Answer::json(&tell(app, channel).await?)
}

async fn tell(app: &App, channel: Stored<Channel>) -> Result<wire::Channel, Failure> {
    let health = health::health(app, &channel).await?;
    let can = app.networks.find(&channel.network).map(|network| network.capabilities(&channel.settings));
    Ok(wire::Channel::of(channel.row, health, can))
}
