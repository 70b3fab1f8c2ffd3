//! Members and invitations.

use actix_web::web::Path;

use super::view::{self, PeopleView};
use crate::addresses;
use crate::base::seal::Secret;
use crate::http::{Answer, Answered, AppRef, Failure, Form, Screen};
use crate::people::person;
use crate::people::{Action, Actor, InvitationId, PersonId, Refusal, Role, Workspace, invitation, member};
use crate::ui::Undo;
use crate::words::Message;

pub(super) async fn show(app: AppRef, actor: Actor, screen: Screen) -> Answered {
    Ok(Answer::page(page(&app, &actor, &screen, None).await?))
}

pub(super) async fn update(
    app: AppRef,
    actor: Actor,
    workspace: Workspace,
    screen: Screen,
    path: Path<(String, String)>,
    form: Form,
) -> Answered {
    let person = person_in(&path)?;
    let role: Role = form.read("role").ok_or(Refusal::NotThere)?;
    let before = member::find(&app, workspace.id, person).await?.ok_or(Refusal::NotThere)?.role;
    member::change_role(&app, &actor, person, role).await?;
    let name = person::name_of(&app, person).await?;
    let words = screen.words();
    let said = Message::new("people-role-changed").with("person", name).with("role", words.say(role.key()));
    let undo = undo(&screen, &workspace, &format!("people/{person}/role"), ("role", before.name().to_owned()));
    Ok(back(&workspace).saying(said).with_undo(undo))
}

pub(super) async fn remove(
    app: AppRef,
    actor: Actor,
    workspace: Workspace,
    screen: Screen,
    path: Path<(String, String)>,
) -> Answered {
    let person = person_in(&path)?;
    let name = person::name_of(&app, person).await?;
    let removed = member::remove(&app, &actor, person).await?;
    if person == actor.person {
        return Ok(Answer::go_to(addresses::WORKSPACES));
    }
    let way_back = ("way_back", member::way_back(&app, &removed));
    let undo = undo(&screen, &workspace, &format!("people/{person}/return"), way_back);
    Ok(back(&workspace).saying(Message::new("people-removed").with("person", name)).with_undo(undo))
}

/// Takes a removal back.
pub(super) async fn put_back(
    app: AppRef,
    actor: Actor,
    workspace: Workspace,
    path: Path<(String, String)>,
    form: Form,
) -> Answered {
    let person = person_in(&path)?;
    member::put_back(&app, &actor, person, &form.text("way_back")).await?;
    let name = person::name_of(&app, person).await?;
    Ok(back(&workspace).saying(Message::new("people-put-back").with("person", name)))
}

fn undo(screen: &Screen, workspace: &Workspace, page: &str, field: (&str, String)) -> Undo {
    let (name, value) = field;
    Undo {
        action: addresses::workspace(&workspace.slug, page),
        label: screen.words().say("frame-undo"),
        fields: vec![(name.to_owned(), value)],
    }
}

/// The link is shown once, on the page that answers.
pub(super) async fn invite(app: AppRef, actor: Actor, screen: Screen, form: Form) -> Answered {
    let role: Role = form.read("role").ok_or(Refusal::NotThere)?;
    let (token, _invitation) = invitation::create(&app, &actor, role, &form.text("note")).await?;
    let link = Secret::new(format!("{}{}", origin(&app, &screen), addresses::invite(token.reveal())));
    Ok(Answer::page(page(&app, &actor, &screen, Some(link)).await?))
}

pub(super) async fn take_back(
    app: AppRef,
    actor: Actor,
    workspace: Workspace,
    path: Path<(String, String)>,
) -> Answered {
    let id: InvitationId = path.1.parse().map_err(|_error| Refusal::NotThere)?;
    invitation::remove(&app, &actor, id).await?;
    Ok(back(&workspace).saying(Message::new("people-invitation-removed")))
}

/// Where others reach this server: the public address, else the one this browser uses.
fn origin(app: &AppRef, screen: &Screen) -> String {
    match &app.config.public_url {
        Some(url) => url.as_str().trim_end_matches('/').to_owned(),
        None => format!("{}{}", screen.visitor.origin(), app.config.base_path),
    }
}

fn person_in(path: &(String, String)) -> Result<PersonId, Failure> {
    path.1.parse().map_err(|_error| Refusal::NotThere.into())
}

fn back(workspace: &Workspace) -> Answer {
    Answer::go_to(addresses::workspace(&workspace.slug, "people"))
}

async fn page(app: &AppRef, actor: &Actor, screen: &Screen, link: Option<Secret>) -> Result<maud::Markup, Failure> {
    let members = member::list(app, actor).await?;
    let open = if actor.can(Action::ManageMembers) { invitation::list(app, actor).await? } else { Vec::new() };
    let invitations = open.into_iter().map(|invitation| invitation.row).collect();
    let view = PeopleView { members, invitations, link, actor };
    Ok(view::page(screen, &view))
}
