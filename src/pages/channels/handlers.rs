//! The channels of a workspace, the page of one, and what is done with it.

use actix_web::web::Path;

use super::view::{self, ChannelView, HookView, Listed};
use crate::addresses;
use crate::app::App;
use crate::channels::{self, Channel, ChannelId, Tested, credentials, health, hook};
use crate::http::{Answer, Answered, AppRef, Failure, Screen};
use crate::media::avatar;
use crate::pages::{frame, outward};
use crate::people::{Action, Actor, Refusal, person};
use crate::publish::{self, decide};
use crate::store::Stored;
use crate::ui::{Place, Undo};
use crate::words::Message;

type ChannelPath = Path<(String, ChannelId)>;

/// All of them.
pub(super) async fn list(app: AppRef, actor: Actor, screen: Screen, path: Path<String>) -> Answered {
    let channels = channels::list(&app, actor.workspace).await?;
    let faces = channels.iter().map(|channel| channel.avatar_url.as_deref());
    let faces = avatar::faces(&app, actor.workspace, faces).await?;
    let mut rows = Vec::with_capacity(channels.len());
    for channel in channels {
        let health = health::health(&app, &channel).await?;
        rows.push(Listed {
            network: title(&app, &channel),
            face: faces.of(channel.avatar_url.as_deref()),
            well_at: health.well_at,
            ill_at: health.ill_at,
            channel: channel.row,
        });
    }
    let manages = actor.can(Action::ManageChannels);
    let body = view::list(&screen, &path, &rows, manages);
    if screen.fragment {
        return Ok(Answer::page(body));
    }
    let title = screen.words().say("place-channels");
    let page = frame::page(&app, &actor, &screen, title, Place::Channels).await?;
    Ok(Answer::page(view::list_page(page, &path, !rows.is_empty() && manages, &body)))
}

/// One of them.
pub(super) async fn show(app: AppRef, actor: Actor, screen: Screen, path: ChannelPath) -> Answered {
    answer(&app, &actor, &screen, &path, None).await
}

/// Asks the network whether it still opens, and says exactly what is wrong if it does not.
pub(super) async fn test(app: AppRef, actor: Actor, screen: Screen, path: ChannelPath) -> Answered {
    match decide::test_channel(&app, &actor, path.1).await {
        Ok(Tested { channel, missing }) => {
            if missing.is_empty() {
                return Ok(back(&path).saying(Message::new("channels-test-well").with("name", channel.handle.as_str())));
            }
            let lacks = Message::new("channels-test-lacks").with("name", channel.handle.as_str());
            answer(&app, &actor, &screen, &path, Some(lacks.with("list", missing.join(", ")))).await
        }
        Err(refusal @ Refusal::Network(_)) => answer(&app, &actor, &screen, &path, Some(refusal.advice())).await,
        Err(refusal) => Err(refusal.into()),
    }
}

/// Nothing goes out on it.
pub(super) async fn pause(app: AppRef, actor: Actor, screen: Screen, path: ChannelPath) -> Answered {
    let channel = channels::pause(&app, &actor, path.1).await?;
    let said = Message::new("channels-paused").with("name", channel.handle.as_str());
    Ok(back(&path).saying(said).with_undo(undo(&screen, &path, "resume")))
}

/// It goes on, and so does what was held.
pub(super) async fn resume(app: AppRef, actor: Actor, screen: Screen, path: ChannelPath) -> Answered {
    let channel = decide::resume_channel(&app, &actor, path.1).await?;
    let said = Message::new("channels-resumed").with("name", channel.handle.as_str());
    Ok(back(&path).saying(said).with_undo(undo(&screen, &path, "pause")))
}

/// Lets the network tell at once what people write.
pub(super) async fn register(app: AppRef, actor: Actor, screen: Screen, path: ChannelPath) -> Answered {
    let channel = channels::get(&app, actor.workspace, path.1).await?;
    let address = hook_address(&app, &screen, &channel);
    match hook::register(&app, &actor, path.1, &address).await {
        Ok(()) => Ok(back(&path).saying(Message::new("channels-hook-done"))),
        Err(refusal @ Refusal::Network(_)) => answer(&app, &actor, &screen, &path, Some(refusal.advice())).await,
        Err(refusal) => Err(refusal.into()),
    }
}

/// Asks before it is removed: that cannot be taken back.
pub(super) async fn confirm(app: AppRef, actor: Actor, screen: Screen, path: ChannelPath) -> Answered {
    let channel = channels::get(&app, actor.workspace, path.1).await?;
    let planned = publish::open_on(&app, actor.workspace, channel.id).await?;
    Ok(Answer::page(view::confirm(&screen, &path.0, &channel, &title(&app, &channel), planned)))
}

/// Lets the account go.
pub(super) async fn remove(app: AppRef, actor: Actor, path: ChannelPath) -> Answered {
    let channel = channels::get(&app, actor.workspace, path.1).await?;
    channels::disconnect(&app, &actor, path.1).await?;
    let said = Message::new("channels-removed").with("name", channel.handle.as_str());
    Ok(Answer::go_to(addresses::workspace(&path.0, "channels")).saying(said))
}

/// The page of a channel, with what just went wrong.
async fn answer(
    app: &AppRef,
    actor: &Actor,
    screen: &Screen,
    path: &ChannelPath,
    problem: Option<Message>,
) -> Answered {
    let channel = channels::get(app, actor.workspace, path.1).await?;
    let failed = problem.is_some();
    let view = view_of(app, actor, screen, channel, problem.map(|message| screen.words().render(&message))).await?;
    let body = view::channel(screen, &path.0, &view);
    if screen.fragment {
        return Ok(Answer::page(body));
    }
    let page = frame::page(app, actor, screen, view.channel.handle.clone(), Place::Channels).await?;
    let page = view::channel_page(page, &path.0, &view, &body);
    Ok(if failed { Answer::page(page).status(502) } else { Answer::page(page) })
}

async fn view_of(
    app: &AppRef,
    actor: &Actor,
    screen: &Screen,
    channel: Stored<Channel>,
    problem: Option<String>,
) -> Result<ChannelView, Failure> {
    let network = app.networks.find(&channel.network).ok_or(Refusal::NotThere)?;
    let manages = actor.can(Action::ManageChannels);
    let hook = match network.webhook().filter(|_webhook| manages) {
        None => None,
        Some(_) => Some(HookView {
            address: hook_address(app, screen, &channel),
            told: hook::is_registered(app, &channel).await,
        }),
    };
    let avatar_url = channel.avatar_url.as_deref();
    Ok(ChannelView {
        network: network.title().to_owned(),
        face: avatar::faces(app, channel.workspace, [avatar_url]).await?.of(avatar_url),
        can: network.capabilities(&channel.settings),
        health: health::health(app, &channel).await?,
        ends_at: credentials::ends_at(app, &channel).await?,
        connected_by: person::name_of(app, channel.connected_by).await?,
        link: channel.url.as_deref().and_then(|url| outward::link(app, url)),
        imports: network.history().is_some(),
        hook,
        manages,
        problem,
        channel: channel.row,
    })
}

/// Where the network shall call. The built-in practice network stands on this machine and calls it directly; every
/// other needs the address by which the outside knows this server.
fn hook_address(app: &App, screen: &Screen, channel: &Channel) -> String {
    let path = addresses::hook(&channel.network, channel.workspace, channel.id);
    let own = app.client.guard().own().filter(|own| *own == channel.server);
    if let Some(below) = own.as_deref().and_then(|own| own.strip_suffix(addresses::PRACTICE)) {
        return format!("{below}{path}");
    }
    match &app.config.public_url {
        Some(public) => format!("{}{}{path}", public.origin().ascii_serialization(), app.config.base_path),
        None => format!("{}{}{path}", screen.visitor.origin(), app.config.base_path),
    }
}

fn title(app: &App, channel: &Channel) -> String {
    app.networks.find(&channel.network).map_or(channel.network.as_str(), |network| network.title()).to_owned()
}

fn undo(screen: &Screen, path: &ChannelPath, deed: &str) -> Undo {
    let action = addresses::channel_deed(&path.0, path.1, deed);
    Undo { action, label: screen.words().say("frame-undo"), fields: Vec::new() }
}

fn back(path: &ChannelPath) -> Answer {
    Answer::go_to(addresses::channel(&path.0, path.1))
}
