//! Members of a workspace: who they are, as what; invitations by link.

mod handlers;
mod roles;
mod view;

use crate::http::{Asks, Route};
use crate::people::Action;

/// The routes.
pub fn routes() -> Vec<Route> {
    let manage = Asks::Member(Action::ManageMembers);
    vec![
        Route::get("/w/{slug}/people", Asks::Member(Action::SeePeople), handlers::show),
        Route::post("/w/{slug}/people/{person}/role", manage, handlers::update),
        // Everyone may leave: whom one may take out is for the capability to say.
        Route::post("/w/{slug}/people/{person}/removal", Asks::Member(Action::SeePeople), handlers::remove),
        Route::post("/w/{slug}/people/{person}/return", manage, handlers::put_back),
        Route::post("/w/{slug}/invitations", manage, handlers::invite),
        Route::post("/w/{slug}/invitations/{invitation}/removal", manage, handlers::take_back),
    ]
}
