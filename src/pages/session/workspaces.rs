//! The workspaces of who is signed in, to go from one to another; server admins make new ones.

use super::view;
use crate::addresses;
use crate::http::{Answer, Answered, AppRef, Form, Screen, SignedIn};
use crate::people::workspace::{self, Settings};
use crate::people::{FieldProblem, Refusal};

pub(super) async fn show(app: AppRef, screen: Screen, signed_in: SignedIn) -> Answered {
    page(&app, &screen, &signed_in, &Settings::usual("", ""), &[]).await
}

pub(super) async fn create(app: AppRef, screen: Screen, signed_in: SignedIn, form: Form) -> Answered {
    let settings = Settings::usual(form.text("workspace"), form.text("zone"));
    // A colour of its own as long as there are free ones.
    let taken = workspace::list(&app).await?.len();
    let tone = u8::try_from(taken % 12).unwrap_or(0).saturating_add(1);
    match workspace::create(&app, &signed_in.person, &Settings { tone, ..settings.clone() }).await {
        Ok(workspace) => Ok(Answer::go_to(addresses::home(&workspace.slug))),
        Err(Refusal::Invalid(problems)) => page(&app, &screen, &signed_in, &settings, &problems).await,
        Err(refusal) => Err(refusal.into()),
    }
}

async fn page(
    app: &AppRef,
    screen: &Screen,
    signed_in: &SignedIn,
    typed: &Settings,
    problems: &[FieldProblem],
) -> Answered {
    let list = workspace::list_of(app, signed_in.person.id).await?;
    let page = view::workspaces(screen, &list, signed_in.person.server_admin.then_some(typed), problems);
    Ok(if problems.is_empty() { Answer::page(page) } else { Answer::again(page) })
}
