//! The practice network for people: what is on it, as pages, so that the links its posts carry lead somewhere and
//! everyone can try the inbox by writing a comment as a visitor.
//!
//! Programs speak to the same service below `/practice/api`, which these addresses leave alone. Only who is signed in
//! sees the pages: what is practised is nobody's business outside.

mod handlers;
mod view;

use crate::addresses;
use crate::http::{Asks, Route};

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![
        Route::get(addresses::PRACTICE, Asks::Person, handlers::timeline),
        Route::get("/practice/posts/{post}", Asks::Person, handlers::show),
        Route::post("/practice/posts/{post}/comments", Asks::Person, handlers::comment),
        Route::post("/practice/posts/{post}/likes", Asks::Person, handlers::like),
        Route::get("/practice/accounts/{account}", Asks::Person, handlers::account),
    ]
}
