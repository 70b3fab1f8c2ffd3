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
use super::{AppRef, Failure, Form};
use crate::base::seal::Signer;

/// The fields of a form with files, in the order in which the browser sends them.
pub struct Upload {
    multipart: Multipart,
    pending: Option<Pending>,
}

/// What the first field is asked for, and the request that keeps what was typed when it is not there.
struct Pending {
    signer: Signer,
    bound: Bound,
    request: HttpRequest,
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Upload(…)")
    }
}

impl Upload {
    /// The next field; `None` at the end. The one before must have been read or dropped.
    pub async fn next(&mut self) -> Result<Option<Field>, Failure> {
        if let Some(pending) = self.pending.take() {
            let first = self.step().await?.ok_or(Failure::Forged("it carries no token"))?;
            let named = first.name() == Some(csrf::FIELD);
            let token = if named {
                Some(text(first).await?)
            } else {
                // What follows can be read only once this one is out of the way.
                drop(first);
                None
            };
            if let Err(failure) = csrf::check_token(&pending.signer, &pending.bound, token.as_deref()) {
                let typed = typed(&mut self.multipart).await;
                pending.request.extensions_mut().insert(typed);
                return Err(failure);
            }
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

/// The text fields of a form whose files are not taken: as much as a form without files has, and whatever comes after that
/// is left unread.
pub(super) async fn typed(multipart: &mut Multipart) -> Form {
    let (mut fields, mut read) = (Vec::new(), 0_usize);
    while let Some(Ok(mut field)) = multipart.next().await {
        let (name, mut bytes) = (field.name().unwrap_or_default().to_owned(), Vec::new());
        let is_file = field.content_disposition().is_some_and(|told| told.get_filename().is_some());
        while let Some(Ok(chunk)) = field.next().await {
            read = read.saturating_add(chunk.len());
            if FORM_BYTES < read {
                return Form::of(fields);
            }
            if !is_file {
                bytes.extend_from_slice(&chunk);
            }
        }
        fields.extend(String::from_utf8(bytes).ok().filter(|_text| !is_file).map(|text| (name, text)));
    }
    Form::of(fields)
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
                (true, Some(bound)) => {
                    Some(Pending { signer: app.sealer.signer("csrf"), bound: bound.0, request: request.clone() })
                }
                (true, None) => return Err(Failure::Broken("a form has nothing to be bound to")),
                (false, _) => None,
            };
            Ok(Self { multipart: Multipart::new(request.headers(), payload.take()), pending })
        }))
    }
}
