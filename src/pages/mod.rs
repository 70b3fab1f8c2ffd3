//! The screens: a folder each, with thin handlers, typed input and views. [`routes`] is the list of all their addresses.

pub mod activity;
pub mod compose;
pub mod media;
pub mod more;
pub mod people;
pub mod posts;
pub mod session;
pub mod settings;
pub mod setup;
pub mod start;

use crate::http::Route;

/// All routes of all screens.
pub fn routes() -> Vec<Route> {
    [
        start::routes(),
        setup::routes(),
        session::routes(),
        compose::routes(),
        posts::routes(),
        media::routes(),
        people::routes(),
        activity::routes(),
        settings::routes(),
        more::routes(),
    ]
    .concat()
}
