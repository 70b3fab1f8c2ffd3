//! Posts: the list, and the page of one with what became of it on each channel, told in words.

mod handlers;
mod versions;
mod view;

pub(crate) use handlers::shift_key;
pub(crate) use versions::changed;

use crate::http::{Asks, Route};
use crate::people::Action;

/// The routes of posts and publications.
pub fn routes() -> Vec<Route> {
    let sees = Asks::Member(Action::SeePosts);
    let plans = Asks::Member(Action::Schedule);
    let writes = Asks::Member(Action::Write);
    vec![
        Route::get("/w/{slug}/posts", sees, handlers::list),
        Route::get("/w/{slug}/posts/{post}", sees, handlers::show),
        Route::get("/w/{slug}/posts/{post}/publications", sees, handlers::publications),
        Route::get("/w/{slug}/posts/{post}/versions", sees, versions::list),
        Route::post("/w/{slug}/posts/{post}/versions", writes, versions::bring_back),
        Route::post("/w/{slug}/posts/{post}/unplan", plans, handlers::unplan),
        Route::post("/w/{slug}/posts/{post}/move", plans, handlers::reschedule),
        Route::post("/w/{slug}/posts/{post}/trash", writes, handlers::trash),
        Route::post("/w/{slug}/posts/{post}/restore", writes, handlers::restore),
        Route::get("/w/{slug}/publications/{publication}", sees, handlers::find),
        Route::post("/w/{slug}/publications/{publication}/release", plans, handlers::release),
        Route::post("/w/{slug}/publications/{publication}/hold", plans, handlers::hold),
        Route::post("/w/{slug}/publications/{publication}/leave", plans, handlers::leave),
        Route::post("/w/{slug}/publications/{publication}/outcome", plans, handlers::outcome),
        Route::post("/w/{slug}/publications/{publication}/removal", plans, handlers::take_down),
        Route::post("/w/{slug}/publications/{publication}/edit", plans, handlers::change_out),
    ]
}
