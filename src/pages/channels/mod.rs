//! Channels: the connected accounts of a workspace, how they are, and the guided ways to connect one.
//!
//! Connecting again has a page of its own: the same account, whose channel, posts and figures stay. Another account
//! changes nothing.

mod connect;
mod connect_view;
mod form;
mod handlers;
#[cfg(test)]
mod tests;
mod view;

use crate::http::{Asks, Route};
use crate::people::Action;

/// The routes.
pub fn routes() -> Vec<Route> {
    const SEE: Asks = Asks::Member(Action::SeeChannels);
    const MANAGE: Asks = Asks::Member(Action::ManageChannels);
    vec![
        Route::get("/w/{slug}/channels", SEE, handlers::list),
        Route::get("/w/{slug}/channels/new", MANAGE, connect::choose),
        Route::get("/w/{slug}/channels/new/{network}", MANAGE, connect::new),
        Route::post("/w/{slug}/channels/new/{network}", MANAGE, connect::create),
        Route::get("/w/{slug}/channels/visits/{visit}", MANAGE, connect::come_back),
        Route::post("/w/{slug}/channels/visits/{visit}", MANAGE, connect::finish),
        Route::get("/w/{slug}/channels/{channel}", SEE, handlers::show),
        Route::get("/w/{slug}/channels/{channel}/reconnect", MANAGE, connect::again),
        Route::post("/w/{slug}/channels/{channel}/reconnect", MANAGE, connect::reconnect),
        Route::post("/w/{slug}/channels/{channel}/test", MANAGE, handlers::test),
        Route::post("/w/{slug}/channels/{channel}/pause", MANAGE, handlers::pause),
        Route::post("/w/{slug}/channels/{channel}/resume", MANAGE, handlers::resume),
        Route::post("/w/{slug}/channels/{channel}/webhook", MANAGE, handlers::register),
        Route::get("/w/{slug}/channels/{channel}/remove", MANAGE, handlers::confirm),
        Route::post("/w/{slug}/channels/{channel}/remove", MANAGE, handlers::remove),
    ]
}
