//! Today: what needs me, what goes out next, how the month goes, what I was writing.

mod gather;
mod handlers;
mod view;

use crate::http::{Asks, Route};
use crate::people::Action;

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/w/{slug}/today", Asks::Member(Action::SeePosts), handlers::show),
        Route::post("/w/{slug}/today/clock", Asks::Member(Action::ManageSettings), handlers::confirm_clock),
    ]
}
