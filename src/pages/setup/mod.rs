//! The set-up page: shown as long as nobody has set the server up, guarded by the code that was printed at the start.

mod form;
mod handlers;
mod view;

use crate::addresses;
use crate::http::{Asks, Route};

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![
        Route::get(addresses::SETUP, Asks::Anyone, handlers::new),
        Route::post(addresses::SETUP, Asks::Anyone, handlers::create),
    ]
}
