//! Set-up.

use actix_web::HttpRequest;
use actix_web::http::header;

use super::form::SetupForm;
use super::view;
use crate::addresses;
use crate::http::{Answer, Answered, AppRef, Form, Screen, cookies};
use crate::people::{Refusal, set_up};

pub(super) async fn new(app: AppRef, screen: Screen) -> Answered {
    if set_up::is_done(&app).await? {
        return Ok(Answer::go_to(addresses::sign_in(None)));
    }
    Ok(Answer::page(view::page(&screen, &SetupForm::default(), &[])))
}

pub(super) async fn create(app: AppRef, screen: Screen, form: Form, request: HttpRequest) -> Answered {
    let typed = SetupForm::read(&form);
    let agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let first = typed.first(form.text("password"));
    match set_up::set_up(&app, first, screen.visitor.address, agent).await {
        Ok((begun, workspace)) => {
            let cookie = cookies::lasting(&request, cookies::SESSION, begun.token.reveal().to_owned());
            Ok(Answer::go_to(addresses::home(&workspace.slug)).cookie(cookie))
        }
        Err(Refusal::Invalid(problems)) => Ok(Answer::again(view::page(&screen, &typed, &problems))),
        Err(refusal) => Err(refusal.into()),
    }
}
