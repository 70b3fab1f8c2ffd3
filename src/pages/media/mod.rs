//! The library of pictures: upload, look, describe, remove; and the signed addresses pictures are served from.

mod handlers;
mod view;

pub(crate) use handlers::{advice, take};
pub(crate) use view::{address, tile};

use crate::http::route::Takes;
use crate::http::{Asks, Route};
use crate::people::Action;

/// The routes of the library.
pub fn routes() -> Vec<Route> {
    let (sees, adds) = (Asks::Member(Action::SeeMedia), Asks::Member(Action::AddMedia));
    vec![
        Route::get("/w/{slug}/media", sees, handlers::list),
        Route::post("/w/{slug}/media", adds, handlers::create).takes(Takes::Files),
        Route::get("/w/{slug}/media/{asset}", sees, handlers::show),
        Route::post("/w/{slug}/media/{asset}", adds, handlers::update),
        Route::post("/w/{slug}/media/{asset}/removal", adds, handlers::remove),
        // Who holds the signed address may see it: pages carry them, and caches need no session.
        Route::get("/media/{workspace}/{asset}/{rendition}", Asks::Anyone, handlers::picture),
        Route::get("/avatar/{name}", Asks::Anyone, handlers::avatar),
    ]
}
