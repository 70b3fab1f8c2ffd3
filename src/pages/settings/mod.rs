//! Settings: the workspace's, one's own password and sessions, tokens for programs, colours, and what is off without
//! HTTPS and how to get it.

mod handlers;
mod view;

use crate::http::{Asks, Route};
use crate::people::Action;

/// The routes.
pub fn routes() -> Vec<Route> {
    let member = Asks::Member(Action::SeePosts);
    let tokens = Asks::Member(Action::ManageChannels);
    vec![
        Route::get("/w/{slug}/settings", member, handlers::show),
        Route::post("/w/{slug}/settings", Asks::Member(Action::ManageSettings), handlers::update),
        Route::post("/w/{slug}/settings/password", member, handlers::update_password),
        Route::post("/w/{slug}/settings/sessions/removal", member, handlers::remove_sessions),
        Route::post("/w/{slug}/settings/sessions/{session}/removal", member, handlers::remove_session),
        Route::post("/w/{slug}/settings/tokens", tokens, handlers::create_token),
        Route::post("/w/{slug}/settings/tokens/{token}/removal", tokens, handlers::remove_token),
    ]
}
