//! Settings.

use actix_web::web::Path;
use maud::Markup;

use super::view::{self, SettingsView};
use crate::addresses;
use crate::base::seal::Secret;
use crate::http::{Answer, Answered, AppRef, Failure, Form, Screen, SignedIn};
use crate::people::token::{self, ApiToken, NewToken};
use crate::people::workspace::{self, Settings};
use crate::people::{Action, Actor, Area, FieldProblem, Refusal, Scope, Scopes, Workspace, session, sign_in};
use crate::words::Message;

pub(super) async fn show(app: AppRef, actor: Actor, own: Workspace, signed_in: SignedIn, screen: Screen) -> Answered {
    let typed = Typed { settings: Settings::of(&own), ..Typed::default() };
    Ok(Answer::page(page(&app, &actor, &signed_in, &screen, typed).await?))
}

/// What stands in the forms of the page, and what was wrong or is to be shown once.
pub(super) struct Typed {
    pub(super) settings: Settings,
    pub(super) problems: Vec<FieldProblem>,
    pub(super) token: Option<(Secret, ApiToken)>,
}

impl Default for Typed {
    fn default() -> Self {
        Self { settings: Settings::usual("", ""), problems: Vec::new(), token: None }
    }
}

pub(super) async fn update(
    app: AppRef,
    actor: Actor,
    own: Workspace,
    signed_in: SignedIn,
    screen: Screen,
    form: Form,
) -> Answered {
    let settings = Settings {
        name: form.text("workspace"),
        zone: form.text("zone"),
        tone: form.read("tone").unwrap_or(0),
        late_after_hours: form.read("late_after_hours").unwrap_or(0),
        week_starts_on: form.read("week_starts_on").unwrap_or(0),
    };
    match workspace::update(&app, &actor, &settings).await {
        Ok(()) => Ok(back(&own).saying(Message::new("settings-kept"))),
        Err(Refusal::Invalid(problems)) => {
            let typed = Typed { settings, problems, token: None };
            Ok(Answer::again(page(&app, &actor, &signed_in, &screen, typed).await?))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

pub(super) async fn update_password(
    app: AppRef,
    actor: Actor,
    own: Workspace,
    signed_in: SignedIn,
    screen: Screen,
    form: Form,
) -> Answered {
    let (old, new) = (form.text("old_password"), form.text("new_password"));
    let changed = sign_in::change_own_password(&app, actor.person, signed_in.session.id, &old, &new).await;
    match changed {
        Ok(()) => Ok(back(&own).saying(Message::new("settings-password-changed"))),
        Err(Refusal::Invalid(problems)) => {
            let typed = Typed { settings: Settings::of(&own), problems, token: None };
            Ok(Answer::again(page(&app, &actor, &signed_in, &screen, typed).await?))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// Signs out everywhere but here.
pub(super) async fn remove_sessions(app: AppRef, actor: Actor, own: Workspace, signed_in: SignedIn) -> Answered {
    let ended = session::revoke_all(&app, actor.person, Some(signed_in.session.id)).await?;
    Ok(back(&own).saying(Message::new("settings-sessions-ended").with("count", ended)))
}

pub(super) async fn remove_session(
    app: AppRef,
    actor: Actor,
    own: Workspace,
    path: Path<(String, String)>,
) -> Answered {
    let id = path.1.parse().map_err(|_error| Refusal::NotThere)?;
    session::revoke(&app, actor.person, id).await?;
    Ok(back(&own).saying(Message::new("settings-sessions-ended").with("count", 1)))
}

/// The token is shown once, on the page that answers.
pub(super) async fn create_token(
    app: AppRef,
    actor: Actor,
    own: Workspace,
    signed_in: SignedIn,
    screen: Screen,
    form: Form,
) -> Answered {
    let scopes: Scopes = form.all("scopes").filter_map(|text| text.parse::<Scope>().ok()).collect();
    let mut typed = Typed { settings: Settings::of(&own), ..Typed::default() };
    let new = NewToken { name: form.text("name"), scopes, expires_in_days: form.read("expires_in_days") };
    match token::create(&app, &actor, new).await {
        Ok(made) => typed.token = Some(made),
        Err(Refusal::Invalid(problems)) => typed.problems = problems,
        Err(refusal) => return Err(refusal.into()),
    }
    let wrong = !typed.problems.is_empty();
    let page = page(&app, &actor, &signed_in, &screen, typed).await?;
    Ok(if wrong { Answer::again(page) } else { Answer::page(page) })
}

pub(super) async fn remove_token(app: AppRef, actor: Actor, own: Workspace, path: Path<(String, String)>) -> Answered {
    let id = path.1.parse().map_err(|_error| Refusal::NotThere)?;
    token::revoke(&app, &actor, id).await?;
    Ok(back(&own).saying(Message::new("settings-token-revoked")))
}

fn back(own: &Workspace) -> Answer {
    Answer::go_to(addresses::workspace(&own.slug, "settings"))
}

async fn page(
    app: &AppRef,
    actor: &Actor,
    signed_in: &SignedIn,
    screen: &Screen,
    typed: Typed,
) -> Result<Markup, Failure> {
    let sessions = session::list(app, actor.person).await?.into_iter().map(|session| session.row).collect();
    let tokens = if actor.can(Action::ManageChannels) { token::list(app, actor).await? } else { Vec::new() };
    let tokens = tokens.into_iter().map(|token| token.row).collect();
    let areas = Area::ALL.to_vec();
    let api = format!("{}{}{}", screen.visitor.origin(), app.config.base_path, addresses::API);
    let view = SettingsView { typed, sessions, this_session: signed_in.session.id, tokens, areas, api, actor };
    Ok(view::page(screen, &view))
}
