//! Compose: write once, choose channels, adapt where they differ, add pictures, say when.

mod form;
mod gather;
mod handlers;
mod preview;
mod view;

use crate::http::route::Takes;
use crate::http::{Asks, Route};
use crate::people::Action;

/// The routes of Compose.
pub fn routes() -> Vec<Route> {
    let writes = Asks::Member(Action::Write);
    vec![
        Route::get("/w/{slug}/compose", writes, handlers::new),
        Route::get("/w/{slug}/posts/{post}/edit", writes, handlers::edit),
        Route::post("/w/{slug}/posts/{post}", writes, handlers::save).takes(Takes::Files),
        Route::post("/w/{slug}/posts/{post}/autosave", writes, handlers::autosave),
        Route::post("/w/{slug}/posts/{post}/checks", writes, handlers::checks),
    ]
}
