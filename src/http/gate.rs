//! The gate before every handler: who is asking, may they, and does the request come from a page of ours.
//!
//! What it finds out it leaves in the request, where the extractors take it from: [`SignedIn`], `Actor`, `Form`.
//! Another workspace's address is answered as if it were not there.

use std::future::{Ready, ready};

use actix_multipart::Multipart;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;

use super::csrf::{self, Bound};
use super::route::Takes;
use super::{AppRef, Asks, Failure, Form, Visitor, cookies, upload};
use crate::base::id::random_token;
use crate::people::session::{self, Session};
use crate::people::token::{self, Shown};
use crate::people::{Action, Actor, Refusal, Via, Workspace, member, person::Person, workspace};

/// Who is signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The person.
    pub person: Person,
    /// The session.
    pub session: Session,
}

/// What form tokens of this request are bound to.
#[derive(Clone, Debug)]
pub(super) struct BoundTo(pub(super) Bound);

/// The token of an upload has not been seen yet.
#[derive(Clone, Copy, Debug)]
pub(super) struct TokenPending;

pub(super) async fn pass(
    asks: Asks,
    takes: Takes,
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let visit = match enter(asks, takes, &mut request).await {
        Ok(visit) => visit,
        Err(failure) => {
            if matches!(failure, Failure::NotSignedIn) {
                keep_typed(takes, &mut request).await;
            }
            return Ok(request.error_response(failure).map_into_boxed_body());
        }
    };
    let mut response = next.call(request).await?.map_into_boxed_body();
    if let Some(value) = visit {
        let cookie = cookies::passing(response.request(), cookies::VISIT, value);
        if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    Ok(response)
}

/// Gives the value of a new visit cookie, where one is to be set.
async fn enter(asks: Asks, takes: Takes, request: &mut ServiceRequest) -> Result<Option<String>, Failure> {
    let app = AppRef::of(request.request())?;
    let visitor = Visitor::of(request.request())?;
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let browser = match asks {
        Asks::Anyone | Asks::Person | Asks::ServerAdmin | Asks::Member(_) => true,
        Asks::Program(_) | Asks::Hook => false,
    };
    if changes && browser {
        csrf::check_origin(request.headers(), &visitor, app.config.public_url.as_ref())?;
    }
    let mut new_visit = None;
    if browser {
        new_visit = identify(&app, request).await?;
    }
    match asks {
        Asks::Anyone | Asks::Hook => {}
        Asks::Person => drop(signed_in(request)?),
        Asks::ServerAdmin => {
            if !signed_in(request)?.person.server_admin {
                return Err(Refusal::MayNot { action: Action::ManageSettings }.into());
            }
        }
        Asks::Member(action) => {
            let actor = enter_workspace(&app, request, signed_in(request)?).await?;
            actor.may_perhaps(action)?;
            request.extensions_mut().insert(actor);
        }
        Asks::Program(action) => {
            let actor = enter_with_token(&app, request).await?;
            actor.may_perhaps(action)?;
            request.extensions_mut().insert(actor);
        }
    }
    take_body(&app, takes, changes && browser, request).await?;
    Ok(new_visit)
}

/// Finds out who is signed in, and what form tokens are bound to.
async fn identify(app: &AppRef, request: &ServiceRequest) -> Result<Option<String>, Failure> {
    let signed = match cookies::find(request.request(), cookies::SESSION) {
        Some(token) => session::find(app, &token).await?,
        None => None,
    };
    if let Some(signed) = signed {
        request.extensions_mut().insert(BoundTo(Bound::Session(signed.session.id.bits())));
        request.extensions_mut().insert(SignedIn { person: signed.person, session: signed.session });
        return Ok(None);
    }
    let known = cookies::find(request.request(), cookies::VISIT);
    let (value, fresh) = known.map_or_else(|| (random_token(), true), |value| (value, false));
    request.extensions_mut().insert(BoundTo(Bound::Visit(value.clone())));
    Ok(fresh.then_some(value))
}

fn signed_in(request: &ServiceRequest) -> Result<SignedIn, Failure> {
    request.extensions().get::<SignedIn>().cloned().ok_or(Failure::NotSignedIn)
}

async fn enter_workspace(app: &AppRef, request: &ServiceRequest, signed: SignedIn) -> Result<Actor, Failure> {
    let slug = request.match_info().get("slug").ok_or(Failure::Broken("a route of a workspace has no {slug}"))?;
    let found = workspace::find_by_slug(app, slug).await?.ok_or(Refusal::NotThere)?;
    let member = member::find(app, found.id, signed.person.id).await?.ok_or(Refusal::NotThere)?;
    let via = Via::Session(signed.session.id);
    let actor = Actor { person: signed.person.id, workspace: found.id, role: member.role, via };
    request.extensions_mut().insert(found.row);
    Ok(actor)
}

/// The token of `Bearer …`; the word may be written in any case (RFC 9110).
fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("Bearer").then(|| token.trim())
}

async fn enter_with_token(app: &AppRef, request: &ServiceRequest) -> Result<Actor, Failure> {
    let given = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let text = given.and_then(bearer).ok_or(Failure::NotSignedIn)?;
    let actor = match token::actor(app, text).await? {
        Shown::Good(actor) => actor,
        Shown::Expired(ended_at) => return Err(Failure::TokenExpired { ended_at }),
        Shown::Unknown => return Err(Failure::NotSignedIn),
    };
    let found = workspace::get(app, actor.workspace).await?;
    request.extensions_mut().insert(found.row);
    Ok(actor)
}

/// Reads what is to be read before the handler, and checks the token where one is due.
async fn take_body(app: &AppRef, takes: Takes, token_due: bool, request: &mut ServiceRequest) -> Result<(), Failure> {
    let in_header = request.headers().get(csrf::HEADER).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let check = |request: &ServiceRequest, token: Option<&str>| {
        let bound = request.extensions().get::<BoundTo>().cloned();
        let bound = bound.ok_or(Failure::Broken("a form has nothing to be bound to"))?;
        csrf::check_token(&app.sealer.signer("csrf"), &bound.0, token)
    };
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let is = |wanted: &str| {
        kind.and_then(|kind| kind.split(';').next()).is_some_and(|kind| kind.trim().eq_ignore_ascii_case(wanted))
    };
    let (is_form, is_files, is_json) =
        (is("application/x-www-form-urlencoded"), is("multipart/form-data"), is("application/json"));
    match takes {
        Takes::Form(max_bytes) => {
            let form = if is_form { Form::parse(&read_all(request, max_bytes).await?)? } else { Form::default() };
            let token = in_header.or_else(|| form.find(csrf::FIELD).map(str::to_owned));
            // Kept first: what was typed into a form that is too old is shown again.
            request.extensions_mut().insert(form);
            if token_due {
                check(request, token.as_deref())?;
            }
        }
        Takes::Files if !is_files => return Err(Failure::WrongType { takes: "multipart/form-data" }),
        Takes::Files if token_due => match in_header {
            Some(token) => check(request, Some(&token))?,
            None => drop(request.extensions_mut().insert(TokenPending)),
        },
        Takes::Files | Takes::Nothing => {}
        Takes::Json(_) if !is_json => return Err(Failure::WrongType { takes: "application/json" }),
        Takes::Raw(max_bytes) | Takes::Json(max_bytes) => {
            if token_due {
                check(request, in_header.as_deref())?;
            }
            let body = read_all(request, max_bytes).await?;
            request.set_payload(Payload::from(body));
        }
    }
    Ok(())
}

/// Keeps what was typed in a page of ours that is sent when nobody is signed in any more, so that it can be shown again.
async fn keep_typed(takes: Takes, request: &mut ServiceRequest) {
    let form = match takes {
        Takes::Form(max_bytes) => {
            let body = read_all(request, max_bytes).await.unwrap_or_default();
            Form::parse(&body).unwrap_or_default()
        }
        Takes::Files => {
            let payload = request.take_payload();
            upload::typed(&mut Multipart::new(request.headers(), payload)).await
        }
        Takes::Nothing | Takes::Raw(_) | Takes::Json(_) => return,
    };
    request.extensions_mut().insert(form);
}

async fn read_all(request: &mut ServiceRequest, max_bytes: usize) -> Result<Bytes, Failure> {
    let mut payload = request.take_payload();
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_error| Failure::Unreadable("a body that broke off"))?;
        if max_bytes < body.len().saturating_add(chunk.len()) {
            return Err(Failure::TooLarge { max_bytes });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

impl FromRequest for SignedIn {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(request.extensions().get::<Self>().cloned().ok_or(Failure::NotSignedIn))
    }
}

impl FromRequest for Actor {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let actor = request.extensions().get::<Self>().cloned();
        ready(actor.ok_or(Failure::Broken("a handler asks for an actor on a route without one")))
    }
}

impl FromRequest for Workspace {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let workspace = request.extensions().get::<Self>().cloned();
        ready(workspace.ok_or(Failure::Broken("a handler asks for a workspace on a route without one")))
    }
}
