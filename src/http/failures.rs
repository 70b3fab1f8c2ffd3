//! Puts words in place of bare failures on the way out: a page, or problem+json for programs. Logs what is Belfry's own
//! trouble, once, here.

use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use maud::{Markup, html};

use super::{AppRef, Failure, Form, Screen, problem};
use crate::addresses;
use crate::base::clock::At;
use crate::ui::{Button, TextArea};

pub(super) async fn put_words(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    // Nobody else may hold the request on its way in: the router writes what it matched into it.
    let response = next.call(request).await?.map_into_boxed_body();
    let Some(error) = response.response().error() else { return Ok(response) };
    let (request, status) = (response.request().clone(), response.status());
    let other = Failure::from_status(status);
    let spoken =
        error.as_error::<Failure>().map_or_else(|| answer(&request, &other), |failure| answer(&request, failure));
    let (request, old) = response.into_parts();
    let mut spoken = spoken;
    for cookie in old.headers().get_all(header::SET_COOKIE) {
        spoken.headers_mut().append(header::SET_COOKIE, cookie.clone());
    }
    Ok(ServiceResponse::new(request, spoken))
}

fn answer(request: &HttpRequest, failure: &Failure) -> HttpResponse {
    let kind = failure.kind();
    if kind.status == 500 || kind.status == 507 {
        tracing::error!(%failure, method = %request.method(), route = request.match_pattern(), "a request failed");
    } else if matches!(failure, Failure::Forged(_)) {
        tracing::warn!(%failure, route = request.match_pattern(), "a request was refused");
    }
    let mut response = if is_program(request) { problem::answer(request, failure) } else { page(request, failure) };
    let now = AppRef::of(request).map(|app| app.clock.now()).unwrap_or_default();
    if let Some(span) = failure.retry_after(now) {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(span.as_secs()));
    }
    if let Failure::NoSuchMethod { allow } = failure
        && let Ok(allow) = HeaderValue::from_str(allow)
    {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    response
}

fn is_program(request: &HttpRequest) -> bool {
    let base = AppRef::of(request).map(|app| app.config.base_path.clone()).unwrap_or_default();
    let path = request.path().strip_prefix(&base).unwrap_or_default();
    path == "/api" || path.starts_with("/api/") || path.starts_with("/hooks/")
}

pub(super) fn status(failure: &Failure) -> StatusCode {
    StatusCode::from_u16(failure.kind().status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn page(request: &HttpRequest, failure: &Failure) -> HttpResponse {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if matches!(failure, Failure::NotSignedIn) && reads {
        let next = request.uri().path_and_query().map_or("/", |path| path.as_str());
        let base = AppRef::of(request).map(|app| app.config.base_path.clone()).unwrap_or_default();
        let next = next.strip_prefix(&base).unwrap_or(next);
        let location = addresses::sign_in(Some(next));
        return HttpResponse::SeeOther().insert_header((header::LOCATION, location)).finish();
    }
    match Screen::of(request) {
        Ok(screen) => {
            let html = view(&screen, failure, &typed(request, failure)).into_string();
            HttpResponse::build(status(failure)).content_type("text/html; charset=utf-8").body(html)
        }
        Err(_broken) => HttpResponse::new(status(failure)),
    }
}

/// What was typed into a form that came too late: nobody is signed in any more, or somebody else is.
fn typed(request: &HttpRequest, failure: &Failure) -> Vec<String> {
    if !matches!(failure, Failure::NotSignedIn | Failure::Forged(_)) {
        return Vec::new();
    }
    request.extensions().get::<Form>().map(|form| form.written().map(str::to_owned).collect()).unwrap_or_default()
}

fn view(screen: &Screen, failure: &Failure, typed: &[String]) -> Markup {
    let words = screen.words();
    let title = words.say(match failure.kind().status {
        401 => "failure-title-signed-out",
        403 => "failure-title-not-allowed",
        404 => "failure-title-not-there",
        _ => "failure-title",
    });
    let mut page = screen.bare(title);
    let advice = words.render(&failure.advice());
    page.lede = Some(match failure.retry_at() {
        Some(until_at) => {
            let now = At::from(screen.now().timestamp());
            let span = words.span(until_at.since(now).max(Duration::from_secs(1)));
            format!("{advice} {}", words.tell("failure-try-in", &[("span", span.into())]))
        }
        None => advice,
    });
    let problems = match failure {
        Failure::Refusal(refusal) => screen.errors(refusal.problems()),
        _ => Vec::new(),
    };
    let (href, label) = if matches!(failure, Failure::NotSignedIn) {
        (addresses::sign_in(None), "sign-in-button")
    } else {
        ("/".to_owned(), "failure-home")
    };
    page.render(&html! {
        @if !problems.is_empty() { ul { @for (_field, text) in &problems { li { (text) } } } }
        @if !typed.is_empty() {
            div.stack {
                @for (index, text) in typed.iter().enumerate() {
                    (TextArea::new(format!("typed-{index}"), words.say("failure-typed")).hint(words.say("failure-typed-hint")).value(text))
                }
            }
        }
        (Button::link(href, words.say(label)).wide())
    })
}

impl Failure {
    /// What a status of the framework's own means.
    fn from_status(status: StatusCode) -> Self {
        match status.as_u16() {
            404 => Self::NoSuchPage,
            405 => Self::NoSuchMethod { allow: String::new() },
            413 => Self::TooLarge { max_bytes: super::route::FORM_BYTES },
            400..=499 => Self::Unreadable("the framework refused it"),
            _ => Self::Broken("the framework failed"),
        }
    }
}
