//! Sign-in and sign-out.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::header::{HeaderName, USER_AGENT};
use actix_web::web::Query;
use serde::Deserialize;

use super::view;
use crate::addresses;
use crate::http::{Answer, Answered, AppRef, Form, Screen, cookies};
use crate::people::sign_in::{self, Ask};
use crate::people::{FieldProblem, Refusal, set_up};
use crate::words::Message;

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Next {
    #[serde(default)]
    next: String,
}

pub(super) async fn new(app: AppRef, screen: Screen, query: Option<Query<Next>>) -> Answered {
    if !set_up::is_done(&app).await? {
        return Ok(Answer::go_to(addresses::SETUP));
    }
    let next = query.map(|query| query.into_inner().next).unwrap_or_default();
    let next = addresses::own_path(&next);
    if screen.signed_in.is_some() {
        return Ok(Answer::go_to(next));
    }
    Ok(Answer::page(view::sign_in(&screen, "", next, &[])))
}

pub(super) async fn create(app: AppRef, screen: Screen, form: Form, request: HttpRequest) -> Answered {
    let (name, password, next) = (form.text("sign_in"), form.text("password"), form.text("next"));
    let next = addresses::own_path(&next);
    let ask = Ask { sign_in: &name, password: &password, address: screen.visitor.address, agent: agent(&request) };
    let problem = |message: Message| [FieldProblem::new("password", message)];
    match sign_in::sign_in(&app, ask).await {
        Ok(begun) => {
            if let Some(old) = &screen.signed_in {
                sign_in::sign_out(&app, old.person.id, old.session.id).await?;
            }
            let cookie = cookies::lasting(&request, cookies::SESSION, begun.token.reveal().to_owned());
            Ok(Answer::go_to(next).cookie(cookie))
        }
        Err(Refusal::Invalid(problems)) => Ok(Answer::again(view::sign_in(&screen, &name, next, &problems))),
        Err(Refusal::TooOften { until_at }) => {
            let left = until_at.since(app.clock.now()).max(Duration::from_secs(1));
            let message = Message::new("sign-in-too-often").with("span", app.words.span(left));
            let page = view::sign_in(&screen, &name, next, &problem(message));
            let seconds = left.as_secs().saturating_add(1).to_string();
            Ok(Answer::again(page).status(429).header(HeaderName::from_static("retry-after"), &seconds))
        }
        Err(Refusal::Rule(message)) => {
            Ok(Answer::again(view::sign_in(&screen, &name, next, &problem(message))).status(503))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// Ends the session, and tells the browser to forget what it keeps of Belfry: drafts and caches.
pub(super) async fn remove(app: AppRef, screen: Screen, request: HttpRequest) -> Answered {
    if let Some(signed_in) = &screen.signed_in {
        sign_in::sign_out(&app, signed_in.person.id, signed_in.session.id).await?;
    }
    Ok(Answer::go_to(addresses::sign_in(None))
        .cookie(cookies::gone(&request, cookies::SESSION))
        .header(HeaderName::from_static("clear-site-data"), "\"cache\", \"storage\""))
}

/// What the browser says of itself.
pub(super) fn agent(request: &HttpRequest) -> &str {
    request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
