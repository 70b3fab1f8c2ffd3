//! Coming in and going out: sign-in, sign-out, invitations, the list of workspaces and making a new one.

mod handlers;
mod invite;
mod view;
mod workspaces;

use crate::addresses;
use crate::http::{Asks, Route};

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/sign-in", Asks::Anyone, handlers::new),
        Route::post("/sign-in", Asks::Anyone, handlers::create),
        Route::post(addresses::SIGN_OUT, Asks::Anyone, handlers::remove),
        Route::get("/invite/{token}", Asks::Anyone, invite::show),
        Route::post("/invite/{token}", Asks::Anyone, invite::create),
        Route::get(addresses::WORKSPACES, Asks::Person, workspaces::show),
        Route::post(addresses::WORKSPACES, Asks::ServerAdmin, workspaces::create),
    ]
}
