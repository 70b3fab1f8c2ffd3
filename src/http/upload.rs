//! Files in a form, streamed. The only way to the body of a route that takes files, so that the form's token is always
//! checked: it comes in a header, or as the first field.

use std::future::{Ready, ready};

use actix_multipart::{Field, Multipart};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::StreamExt;

use super::csrf::{self, Bound};
use super::gate::{BoundTo, TokenPending};
use super::route::FORM_BYTES;
use super::{AppRef, Failure};
use crate::base::seal::Signer;

/// The fields of a form with files, in the order in which the browser sends them.
pub struct Upload {
    multipart: Multipart,
    pending: Option<(Signer, Bound)>,
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Upload(…)")
    }
}

impl Upload {
    /// The next field; `None` at the end. The one before must have been read or dropped.
    pub async fn next(&mut self) -> Result<Option<Field>, Failure> {
        if let Some((signer, bound)) = self.pending.take() {
            let first = self.step().await?.ok_or(Failure::Forged("it carries no token"))?;
            let named = first.name() == Some(csrf::FIELD);
            let token = if named { Some(text(first).await?) } else { None };
            csrf::check_token(&signer, &bound, token.as_deref())?;
        }
        match self.step().await? {
            // Sent in the header as well as in the form.
            Some(field) if field.name() == Some(csrf::FIELD) => {
                drop(field);
                self.step().await
            }
            field => Ok(field),
        }
    }

    async fn step(&mut self) -> Result<Option<Field>, Failure> {
        self.multipart
            .next()
            .await
            .transpose()
            .map_err(|_error| Failure::Unreadable("a form with files that broke off"))
    }
}

/// The whole of a text field, which may be as long as a form without files.
pub async fn text(mut field: Field) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.next().await {
        let chunk = chunk.map_err(|_error| Failure::Unreadable("a form with files that broke off"))?;
        if FORM_BYTES < bytes.len().saturating_add(chunk.len()) {
            return Err(Failure::TooLarge { max_bytes: FORM_BYTES });
        }
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).map_err(|_error| Failure::Unreadable("a form that is not UTF-8"))
}

impl FromRequest for Upload {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let pending = request.extensions().get::<TokenPending>().is_some();
        let bound = request.extensions().get::<BoundTo>().cloned();
        ready(AppRef::of(request).and_then(|app| {
            let pending = match (pending, bound) {
                (true, Some(bound)) => Some((app.sealer.signer("csrf"), bound.0)),
                (true, None) => return Err(Failure::Broken("a form has nothing to be bound to")),
                (false, _) => None,
            };
            Ok(Self { multipart: Multipart::new(request.headers(), payload.take()), pending })
        }))
    }
}
