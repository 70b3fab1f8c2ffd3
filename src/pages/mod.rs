//! The screens: a folder each, with thin handlers, typed input and views. [`routes`] is the list of all their addresses.

pub mod channels;
mod frame;
pub mod inbox;
mod outward;
pub mod practice;
pub mod session;
pub mod setup;
pub mod start;
mod zone;

use crate::http::Route;

/// All routes of all screens.
pub fn routes() -> Vec<Route> {
    [start::routes(), setup::routes(), session::routes(), channels::routes(), inbox::routes(), practice::routes()]
        .concat()
}
