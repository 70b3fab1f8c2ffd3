//! The screens: a folder each, with thin handlers, typed input and views. [`routes`] is the list of all their addresses.

pub mod activity;
pub mod analytics;
pub mod by_hand;
pub mod calendar;
pub mod channels;
pub mod compose;
#[cfg(test)]
mod drawn;
mod frame;
pub mod inbox;
mod marks;
pub mod media;
pub mod more;
mod outward;
pub mod people;
pub mod posts;
pub mod practice;
pub mod session;
pub mod settings;
pub mod setup;
pub mod start;
pub mod today;

use crate::http::Route;

/// All routes of all screens.
pub fn routes() -> Vec<Route> {
    [
        start::routes(),
        setup::routes(),
        session::routes(),
        compose::routes(),
        posts::routes(),
        by_hand::routes(),
        media::routes(),
        people::routes(),
        activity::routes(),
        settings::routes(),
        more::routes(),
        channels::routes(),
        inbox::routes(),
        practice::routes(),
        today::routes(),
        calendar::routes(),
        analytics::routes(),
    ]
    .concat()
}
