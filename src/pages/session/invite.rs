//! Coming in by an invitation: as someone new, or as who one is already.

use actix_web::HttpRequest;
use actix_web::web::Path;

use super::handlers::agent;
use super::view::{self, InviteView};
use crate::addresses;
use crate::http::{Answer, Answered, AppRef, Form, Screen, cookies};
use crate::people::person::{self, NewPerson};
use crate::people::{FieldProblem, Refusal, Role, Workspace, invitation};
use crate::words::Message;

/// What was typed by someone new.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    pub(super) name: String,
    pub(super) sign_in: String,
}

pub(super) async fn show(app: AppRef, screen: Screen, token: Path<String>) -> Answered {
    answer(&app, &screen, &token, &Typed::default(), &[]).await
}

pub(super) async fn create(
    app: AppRef,
    screen: Screen,
    token: Path<String>,
    form: Form,
    request: HttpRequest,
) -> Answered {
    if let Some(signed_in) = &screen.signed_in {
        let workspace = invitation::accept(&app, &token, signed_in.person.id).await?;
        return Ok(welcome(&workspace));
    }
    let typed = Typed { name: form.text("name"), sign_in: form.text("sign_in") };
    let new = NewPerson { name: typed.name.clone(), sign_in: typed.sign_in.clone(), password: form.text("password") };
    match invitation::accept_as_new(&app, &token, &new, agent(&request)).await {
        Ok((begun, workspace)) => {
            let cookie = cookies::lasting(&request, cookies::SESSION, begun.token.reveal().to_owned());
            Ok(welcome(&workspace).cookie(cookie))
        }
        Err(Refusal::Invalid(problems)) => answer(&app, &screen, &token, &typed, &problems).await,
        Err(refusal) => Err(refusal.into()),
    }
}

fn welcome(workspace: &Workspace) -> Answer {
    Answer::go_to(addresses::home(&workspace.slug)).saying(Message::new("invite-notice"))
}

async fn answer(app: &AppRef, screen: &Screen, token: &str, typed: &Typed, problems: &[FieldProblem]) -> Answered {
    let Some((invitation, workspace)) = invitation::find(app, token).await? else {
        return Ok(Answer::page(view::invite_gone(screen)).status(404));
    };
    let role: Role = invitation.role;
    let by = person::name_of(app, invitation.by).await?;
    let view = InviteView { token, workspace: &workspace.name, role, by: &by, typed };
    let page = view::invite(screen, &view, problems);
    Ok(if problems.is_empty() { Answer::page(page) } else { Answer::again(page) })
}
