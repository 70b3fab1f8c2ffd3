//! The API for programs: `/api/v1`, JSON in and out, a token instead of a session.
//!
//! Each address is an `operation::Operation`: the route that the server mounts and what the document at
//! `/api/v1/openapi.json` says of it are one declaration, so neither is there without the other. Handlers are as thin as
//! those of pages and call the same functions. Ways of speaking are shared: lists come in pages with a cursor
//! (`cursor`), bodies and parameters are read strictly (`json`, `query`), what makes something takes an
//! `Idempotency-Key`, what changes something names the edition it was made from, and failures are problem+json.

mod cursor;
mod json;
mod openapi;
mod operation;
mod query;
pub(crate) mod v1;
pub(crate) mod wire;

pub use openapi::document;

use actix_web::http::Method;

use crate::addresses;
use crate::http::{Answer, Answered, AppRef, Asks, Route};

/// The routes of the API.
pub fn routes() -> Vec<Route> {
    let own = v1::operations().into_iter().map(operation::Operation::into_route);
    own.chain([Route::new(Method::GET, addresses::OPENAPI, Asks::Anyone, show)]).collect()
}

/// The document.
async fn show(app: AppRef) -> Answered {
    Answer::json(&document(&app.config.base_path))
}
