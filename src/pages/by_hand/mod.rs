//! What a person publishes with their own hands: pictures to save, text to copy, the app to open, and the way to say
//! that it is done, or that it will not be.

mod handlers;
mod view;

use crate::http::{Asks, Route};
use crate::people::Action;

/// The routes.
pub fn routes() -> Vec<Route> {
    let plans = Asks::Member(Action::Schedule);
    vec![
        Route::get("/w/{slug}/publications/{publication}/by-hand", Asks::Member(Action::SeePosts), handlers::show),
        Route::post("/w/{slug}/publications/{publication}/done", plans, handlers::done),
        Route::post("/w/{slug}/publications/{publication}/skip", plans, handlers::skip),
        Route::post("/w/{slug}/publications/{publication}/take-up", plans, handlers::take_up),
    ]
}
