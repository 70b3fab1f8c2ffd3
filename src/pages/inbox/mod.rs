//! The inbox: what people wrote on all channels, and answering it.
//!
//! The list and the conversation beside it are live parts of one page; on a phone there is one of them at a time. What
//! is being written stands outside of both, so that nothing that arrives takes it away.

mod conversation;
mod handlers;
mod list;
#[cfg(test)]
mod tests;

use crate::http::{Asks, Route};
use crate::people::Action;

/// The routes.
pub fn routes() -> Vec<Route> {
    const READ: Asks = Asks::Member(Action::ReadInbox);
    const ANSWER: Asks = Asks::Member(Action::Answer);
    vec![
        Route::get("/w/{slug}/inbox", READ, handlers::list),
        Route::get("/w/{slug}/inbox/{conversation}", READ, handlers::show),
        Route::post("/w/{slug}/inbox/{conversation}/answer", ANSWER, handlers::answer),
        Route::post("/w/{slug}/inbox/{conversation}/answering", ANSWER, handlers::answering),
        Route::post("/w/{slug}/inbox/{conversation}/done", ANSWER, handlers::done),
        Route::post("/w/{slug}/inbox/{conversation}/open", ANSWER, handlers::open),
        Route::post("/w/{slug}/inbox/{conversation}/assign", ANSWER, handlers::assign),
    ]
}
