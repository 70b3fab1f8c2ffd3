//! Analytics: how a period went, against as many days before it, and which posts did it.

mod asked;
mod digest;
mod handlers;
mod tile;
mod view;

pub(super) use tile::compared_tile;

use crate::http::{Asks, Route};
use crate::people::Action;

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/w/{slug}/analytics", Asks::Member(Action::SeeFigures), handlers::show),
        Route::get("/w/{slug}/analytics/posts", Asks::Member(Action::SeeFigures), handlers::list),
    ]
}
