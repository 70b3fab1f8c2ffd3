//! Settings: the workspace's, one's own password and sessions, tokens for programs, colours, and what is off without
//! HTTPS and how to get it.

mod handlers;
mod notices;
mod notices_view;
mod view;

use crate::http::{Asks, Route};
use crate::people::Action;

/// The routes.
pub fn routes() -> Vec<Route> {
    let member = Asks::Member(Action::SeePosts);
    let settings = Asks::Member(Action::ManageSettings);
    let tokens = Asks::Member(Action::ManageChannels);
    vec![
        Route::get("/w/{slug}/settings", member, handlers::show),
        Route::post("/w/{slug}/settings", settings, handlers::update),
        Route::post("/w/{slug}/settings/password", member, handlers::update_password),
        Route::post("/w/{slug}/settings/sessions/removal", member, handlers::remove_sessions),
        Route::post("/w/{slug}/settings/sessions/{session}/removal", member, handlers::remove_session),
        Route::get("/w/{slug}/settings/notices", settings, notices::show),
        Route::post("/w/{slug}/settings/notices", settings, notices::update),
        Route::post("/w/{slug}/settings/notices/test", settings, notices::test),
        Route::post("/w/{slug}/settings/notices/removal", settings, notices::remove),
        Route::post("/w/{slug}/settings/notices/return", settings, notices::put_back),
        Route::post("/w/{slug}/settings/tokens", tokens, handlers::create_token),
        Route::post("/w/{slug}/settings/tokens/{token}/removal", tokens, handlers::remove_token),
    ]
}
