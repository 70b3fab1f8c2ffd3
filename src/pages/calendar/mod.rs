//! The calendar: a month of days with one of them open below it, or an agenda that goes on day by day.

mod asked;
mod handlers;
mod view;

use crate::http::{Asks, Route};
use crate::people::Action;

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![Route::get("/w/{slug}/calendar", Asks::Member(Action::SeePosts), handlers::show)]
}
