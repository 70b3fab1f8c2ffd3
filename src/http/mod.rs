//! The web server: routes, sessions, headers, limits, and the one place where errors become answers.
//!
//! It knows nothing of screens: `boot` hands it the routes of pages, API and hooks as data ([`route::Route`]), each with
//! who may ask ([`route::Asks`]), and the gate checks that before a handler runs. A handler extracts what it needs
//! ([`AppRef`], `Actor`, forms), makes one call into a capability, and gives an [`Answer`].

pub mod answer;
pub mod assets;
mod base_path;
pub mod cookies;
pub mod csrf;
pub mod events;
mod failures;
pub mod flash;
pub mod form;
mod gate;
mod headers;
pub mod health;
mod pack;
pub mod practice;
mod problem;
pub mod request_key;
pub mod route;
pub mod screen;
pub mod server;
pub mod upload;
pub mod visitor;

use std::future::{Ready, ready};
use std::ops::Deref;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

pub use answer::{Answer, Answered, Failure};
pub use form::Form;
pub use gate::SignedIn;
pub use request_key::RequestKey;
pub use route::{Asks, Route};
pub use screen::Screen;
pub use visitor::Visitor;

use crate::app::App;

/// The [`App`], as handlers take it.
#[derive(Clone, Debug)]
pub struct AppRef(Arc<App>);

impl AppRef {
    /// Shares this app with handlers.
    pub fn new(app: Arc<App>) -> Self {
        Self(app)
    }

    /// The app of this request.
    pub fn of(request: &HttpRequest) -> Result<Self, Failure> {
        request.app_data::<Self>().cloned().ok_or(Failure::Broken("the server was built without its app"))
    }

    /// The app itself, to be kept.
    pub fn share(&self) -> Arc<App> {
        Arc::clone(&self.0)
    }
}

impl Deref for AppRef {
    type Target = App;

    fn deref(&self) -> &App {
        &self.0
    }
}

impl FromRequest for AppRef {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Self::of(request))
    }
}
