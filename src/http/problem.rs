//! Failures as programs read them: problem+json (RFC 9457). `type` is stable and what a program asks; words may change.
//!
//! Pages tell a person to press Back; a program is told what the request lacks. So where the two differ, the words do.

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use super::failures::status;
use super::{AppRef, Failure};
use crate::people::Refusal;
use crate::words::{Message, Words};

/// The answer to a program.
pub(super) fn answer(request: &HttpRequest, failure: &Failure) -> HttpResponse {
    let kind = failure.kind();
    let Ok(app) = AppRef::of(request) else { return HttpResponse::new(status(failure)) };
    let problems = match failure {
        Failure::Refusal(refusal) => refusal.problems(),
        _ => &[],
    };
    let errors: Vec<_> = problems
        .iter()
        .map(|problem| json!({"path": problem.field, "detail": app.words.render(&problem.message)}))
        .collect();
    let mut body = json!({
        "type": format!("urn:belfry:{}", kind.name),
        "title": title(&app.words, failure),
        "status": kind.status,
        "detail": app.words.render(&detail(failure)),
    });
    if let Some(body) = body.as_object_mut().filter(|_body| !errors.is_empty()) {
        body.insert("errors".to_owned(), errors.into());
    }
    let mut response =
        HttpResponse::build(status(failure)).content_type("application/problem+json").body(body.to_string());
    let challenge = match failure {
        Failure::NotSignedIn => Some("Bearer realm=\"Belfry\""),
        Failure::TokenExpired { .. } => Some("Bearer realm=\"Belfry\", error=\"invalid_token\""),
        _ => None,
    };
    if let Some(challenge) = challenge {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
    }
    response
}

/// What kind of problem it is, in a few words that are the same each time.
pub(super) fn title(words: &Words, failure: &Failure) -> String {
    words.say(&format!("problem-{}", failure.kind().name))
}

/// What is wrong this time, and what to do.
pub(super) fn detail(failure: &Failure) -> Message {
    match failure {
        Failure::Refusal(Refusal::MayNot { action }) => {
            let scope = action.scope().map(|scope| scope.to_string());
            Message::new("problem-detail-may-not").with("scope", scope.unwrap_or_default())
        }
        Failure::Refusal(Refusal::ChangedMeanwhile) => Message::new("problem-detail-changed-meanwhile"),
        Failure::NotSignedIn => Message::new("problem-detail-not-signed-in"),
        Failure::TokenExpired { ended_at } => {
            Message::new("problem-detail-token-expired").with("when", ended_at.to_string())
        }
        Failure::Forged(reason) => Message::new("problem-detail-forged").with("reason", *reason),
        Failure::NoSuchPage => Message::new("problem-detail-no-such-page"),
        Failure::NoSuchMethod { allow } => Message::new("problem-detail-no-such-method").with("allow", allow),
        Failure::TooLarge { max_bytes } => {
            Message::new("problem-detail-too-large").with("mib", (max_bytes / (1024 * 1024)).max(1))
        }
        Failure::WrongType { takes } => Message::new("problem-detail-wrong-type").with("takes", *takes),
        Failure::Unreadable(reason) => Message::new("problem-detail-unreadable").with("reason", *reason),
        Failure::KeyReused => Message::new("problem-detail-key-reused"),
        Failure::NotJson { reason } => Message::new("problem-detail-unreadable").with("reason", reason),
        Failure::Refusal(_) | Failure::Busy | Failure::Broken(_) => failure.advice(),
    }
}
