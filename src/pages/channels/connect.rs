//! Connecting: choosing a network, filling in what it asks, and coming back from its own page.

use actix_web::web::{Path, Query};

use super::connect_view::{self, NewView, VisitView};
use super::form::Typed;
use crate::addresses;
use crate::app::App;
use crate::channels::{self, Channel, ChannelId, Connecting, VisitId, connect};
use crate::http::{Answer, Answered, AppRef, Failure, Form, Screen};
use crate::networks::{ConnectInput, Network};
use crate::people::{Actor, FieldProblem, Refusal};
use crate::publish::decide;
use crate::store::Stored;
use crate::words::Message;

type NetworkPath = Path<(String, String)>;
type ChannelPath = Path<(String, ChannelId)>;
type VisitPath = Path<(String, VisitId)>;

/// The networks there are.
pub(super) async fn choose(app: AppRef, screen: Screen, path: Path<String>) -> Answered {
    let networks: Vec<_> = app.networks.iter().map(|network| (network.name(), network.title())).collect();
    Ok(Answer::page(connect_view::choose(&screen, &path, &networks)))
}

/// The ways to connect one of them.
pub(super) async fn new(app: AppRef, screen: Screen, path: NetworkPath) -> Answered {
    let network = app.networks.find(&path.1).ok_or(Refusal::NotThere)?;
    let mut typed = Typed::default();
    // One's own name is what most will type.
    let name = screen.workspace.as_ref().map(|workspace| workspace.name.clone()).unwrap_or_default();
    typed.shown.insert("name".to_owned(), name);
    let view =
        NewView { slug: &path.0, network: network.as_ref(), again: None, typed: &typed, problems: &[], trouble: None };
    Ok(Answer::page(connect_view::new(&screen, &view)))
}

/// The ways to connect a channel again.
pub(super) async fn again(app: AppRef, actor: Actor, screen: Screen, path: ChannelPath) -> Answered {
    let channel = channels::get(&app, actor.workspace, path.1).await?;
    let network = app.networks.find(&channel.network).ok_or(Refusal::NotThere)?;
    let typed = Typed { shown: known_of(&app, &channel), ..Typed::default() };
    let view = NewView {
        slug: &path.0,
        network: network.as_ref(),
        again: Some(&channel),
        typed: &typed,
        problems: &[],
        trouble: None,
    };
    Ok(Answer::page(connect_view::new(&screen, &view)))
}

/// Connects, or begins the visit to the network's own page.
pub(super) async fn create(app: AppRef, actor: Actor, screen: Screen, path: NetworkPath, form: Form) -> Answered {
    let network = app.networks.find(&path.1).ok_or(Refusal::NotThere)?;
    let (typed, input) = Typed::read(&form, network.connect_forms()).ok_or(Refusal::NotThere)?;
    let back_to = back_to(&app, &screen, &path.0);
    let connecting = channels::connect(&app, &actor, network.name(), &typed.way, &input, Some(&back_to)).await;
    let begun = Begun { network: network.as_ref(), again: None, typed };
    go_on(&app, &screen, &path.0, &begun, connecting).await
}

/// Connects a channel again. Another account is told, and changes nothing.
pub(super) async fn reconnect(app: AppRef, actor: Actor, screen: Screen, path: ChannelPath, form: Form) -> Answered {
    let channel = channels::get(&app, actor.workspace, path.1).await?;
    let network = app.networks.find(&channel.network).ok_or(Refusal::NotThere)?;
    let (typed, input) = Typed::read(&form, network.connect_forms()).ok_or(Refusal::NotThere)?;
    let back_to = back_to(&app, &screen, &path.0);
    let connecting = channels::reconnect(&app, &actor, path.1, &typed.way, &input, Some(&back_to)).await;
    let begun = Begun { network: network.as_ref(), again: Some(channel), typed };
    go_on(&app, &screen, &path.0, &begun, connecting).await
}

/// What was begun: by which form, with what in it.
struct Begun<'a> {
    network: &'a dyn Network,
    again: Option<Stored<Channel>>,
    typed: Typed,
}

async fn go_on(
    app: &AppRef,
    screen: &Screen,
    slug: &str,
    begun: &Begun<'_>,
    connecting: Result<Connecting, Refusal>,
) -> Answered {
    match connecting {
        Ok(Connecting::Done(channel)) => done(app, screen, slug, &channel, begun.again.is_some()).await,
        Ok(Connecting::Visit { id, url, shows_code }) => {
            let again = begun.again.as_ref().map(|channel| channel.id);
            let view = VisitView { slug, visit: id, again, url: Some(&url), shows_code, trouble: None };
            let page = connect_view::visit(screen, &view);
            Ok(if shows_code { Answer::page(page) } else { Answer::leave_for(&url, page) })
        }
        Err(refusal) => {
            let (problems, trouble) = told(refusal)?;
            let view = NewView {
                slug,
                network: begun.network,
                again: begun.again.as_deref(),
                typed: &begun.typed,
                problems: &problems,
                trouble: trouble.map(|message| screen.words().render(&message)),
            };
            Ok(Answer::again(connect_view::new(screen, &view)))
        }
    }
}

fn back_to(app: &App, screen: &Screen, slug: &str) -> String {
    let below = addresses::workspace(slug, "channels/visits");
    format!("{}{}{below}", screen.visitor.origin(), app.config.base_path)
}

/// The network's page sent the browser back, with a code and what it was given, or with a no.
pub(super) async fn come_back(
    app: AppRef,
    actor: Actor,
    screen: Screen,
    path: VisitPath,
    query: Query<ConnectInput>,
) -> Answered {
    if !query.contains_key("code") {
        let trouble = query.contains_key("error").then(|| screen.words().say("connect-visit-no"));
        let again = connect::connected_again(&app, &actor, path.1).await?;
        let view = VisitView { slug: &path.0, visit: path.1, again, url: None, shows_code: true, trouble };
        return Ok(Answer::page(connect_view::visit(&screen, &view)));
    }
    end_visit(&app, &actor, &screen, &path, &query).await
}

/// A code was pasted.
pub(super) async fn finish(app: AppRef, actor: Actor, screen: Screen, path: VisitPath, form: Form) -> Answered {
    let input = ConnectInput::from([("code".to_owned(), form.text("code").trim().to_owned())]);
    end_visit(&app, &actor, &screen, &path, &input).await
}

async fn end_visit(app: &AppRef, actor: &Actor, screen: &Screen, path: &VisitPath, input: &ConnectInput) -> Answered {
    let again = connect::connected_again(app, actor, path.1).await?;
    match channels::finish_connecting(app, actor, path.1, input).await {
        Ok(channel) => done(app, screen, &path.0, &channel, again.is_some()).await,
        Err(refusal) => {
            let (_problems, trouble) = told(refusal)?;
            let trouble = trouble.map(|message| screen.words().render(&message));
            let view = VisitView { slug: &path.0, visit: path.1, again, url: None, shows_code: true, trouble };
            Ok(Answer::again(connect_view::visit(screen, &view)))
        }
    }
}

/// Connected: what was held because of the channel goes on.
async fn done(app: &AppRef, screen: &Screen, slug: &str, channel: &Stored<Channel>, again: bool) -> Answered {
    let released = decide::let_go(app, channel).await;
    let made = channel.settings.get("secret_made").and_then(serde_json::Value::as_bool).unwrap_or(false);
    if made {
        // Shown this once, right after it was made: no address leads here again.
        let account = channels::account(app, channel).await.map_err(Refusal::from)?;
        let secret = account.secret.find("secret").unwrap_or_default();
        return Ok(Answer::page(connect_view::secret(screen, slug, channel, secret)));
    }
    let said = if again { "channels-connected-again" } else { "channels-connected" };
    let said = Message::new(said).with("name", channel.handle.as_str()).with("count", released);
    Ok(Answer::go_to(addresses::channel(slug, channel.id)).saying(said))
}

/// What is known of a channel, for the form that connects it again.
fn known_of(app: &App, channel: &Channel) -> std::collections::BTreeMap<String, String> {
    let text = |name: &str| channel.settings.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
    let own = app.client.guard().own().is_some_and(|own| own == channel.server);
    let server = if own { "" } else { channel.server.as_str() };
    let known = [
        ("name", channel.name.as_str()),
        ("server", server),
        ("handle", if channel.network == "by_hand" { text("handle") } else { channel.handle.as_str() }),
        ("app", text("app")),
    ];
    known.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// What the person who types can put right, as problems at fields or as one sentence; the rest is a failure.
fn told(refusal: Refusal) -> Result<(Vec<FieldProblem>, Option<Message>), Failure> {
    match refusal {
        Refusal::Invalid(problems) => Ok((problems, None)),
        Refusal::Network(_) | Refusal::Rule(_) | Refusal::ChangedMeanwhile => Ok((Vec::new(), Some(refusal.advice()))),
        Refusal::MayNot { .. } | Refusal::NotThere | Refusal::TooOften { .. } | Refusal::Store(_) => {
            Err(refusal.into())
        }
    }
}
