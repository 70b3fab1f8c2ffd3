//! Routes as data: method, path, who may ask, what body is taken, and the handler. `boot` joins the lists of pages, API
//! and hooks; a test walks the same list with every role, so that a new route is covered by being there.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use actix_web::dev::Handler;
use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::{FromRequest, HttpResponse, Resource, Responder, Scope, guard, web};

use super::{Failure, gate};
use crate::people::Action;

/// Who may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// Everyone, signed in or not.
    Anyone,
    /// Who is signed in.
    Person,
    /// Who is signed in and runs the server.
    ServerAdmin,
    /// A member of the workspace in the address (`{slug}`), whose role allows this, at least under a condition that the
    /// capability checks.
    Member(Action),
    /// A program with a token whose person and scopes allow this, at least under a condition.
    Program(Action),
    /// Another server, which proves itself in its own way to the handler. No session, no form token.
    Hook,
}

/// What body is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// A form of at most this many bytes; the gate reads it and checks its token.
    Form(usize),
    /// Files, streamed by [`super::upload::Upload`], which checks the token.
    Files,
    /// Raw bytes of at most this many, for handlers that take `Bytes`; scripts send the token in a header.
    Raw(usize),
    /// JSON of at most this many bytes; another content type is refused.
    Json(usize),
    /// Nothing: whatever comes is not read.
    Nothing,
}

/// The largest ordinary form: a post of 20,000 characters with a variant for each of ten channels fits.
pub const FORM_BYTES: usize = 1024 * 1024;

type Make = Arc<dyn Fn() -> actix_web::Route + Send + Sync>;

/// One route.
#[derive(Clone)]
pub struct Route {
    /// The method. A `GET` route answers `HEAD` too.
    pub method: Method,
    /// The path from the root, with parameters: `/w/{slug}/people`.
    pub path: &'static str,
    /// Who may ask.
    pub asks: Asks,
    /// What body is taken.
    pub takes: Takes,
    make: Make,
}

impl fmt::Debug for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ({:?})", self.method, self.path, self.asks)
    }
}

impl Route {
    /// A page, or something to read.
    pub fn get<F, Args>(path: &'static str, asks: Asks, handler: F) -> Self
    where
        F: Handler<Args> + Send + Sync,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        Self::new(Method::GET, path, asks, handler)
    }

    /// Something that changes.
    pub fn post<F, Args>(path: &'static str, asks: Asks, handler: F) -> Self
    where
        F: Handler<Args> + Send + Sync,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        Self::new(Method::POST, path, asks, handler)
    }

    /// Any method.
    pub fn new<F, Args>(method: Method, path: &'static str, asks: Asks, handler: F) -> Self
    where
        F: Handler<Args> + Send + Sync,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        let make: Make = Arc::new(move || web::route().to(handler.clone()));
        Self { method, path, asks, takes: Takes::Form(FORM_BYTES), make }
    }

    /// Takes another body than an ordinary form.
    #[must_use]
    pub fn takes(mut self, takes: Takes) -> Self {
        self.takes = takes;
        self
    }

    fn build(&self) -> actix_web::Route {
        let (asks, takes, method) = (self.asks, self.takes, self.method.clone());
        let matches = move |context: &guard::GuardContext<'_>| {
            let asked = &context.head().method;
            *asked == method || (*asked == Method::HEAD && method == Method::GET)
        };
        let gate = from_fn(move |request, next| gate::pass(asks, takes, request, next));
        (self.make)().guard(guard::fn_guard(matches)).wrap(gate)
    }
}

/// The methods of the routes of one path, as `Allow` lists them.
fn allowed(routes: &[&Route]) -> String {
    let mut methods: Vec<&str> = routes.iter().map(|route| route.method.as_str()).collect();
    if methods.contains(&"GET") {
        methods.push("HEAD");
    }
    methods.sort_unstable();
    methods.join(", ")
}

/// What many paths begin with. Each is a scope of its own, so that a request is compared with the paths behind one
/// beginning and not, by one regular expression after the other, with all there are.
const BEGINNINGS: [&str; 2] = ["/w/{slug}", "/api/v1"];

/// Mounts the routes as resources: one per path, so that a wrong method is told apart from a wrong address.
pub(super) fn mount(scope: Scope, routes: &[Route]) -> Scope {
    let mut paths: BTreeMap<&'static str, Vec<&Route>> = BTreeMap::new();
    for route in routes {
        paths.entry(route.path).or_default().push(route);
    }
    // Fixed paths before those with parameters, so that `/w/{slug}/posts/new` is not taken for a post named "new".
    let mut paths: Vec<_> = paths.into_iter().collect();
    paths.sort_by_key(|(path, _routes)| path.split('/').map(|part| part.contains('{')).collect::<Vec<_>>());
    let (mut scope, mut rest) = (scope, paths);
    for beginning in BEGINNINGS {
        let behind = |path: &'static str| {
            path.strip_prefix(beginning).filter(|behind| behind.is_empty() || behind.starts_with('/'))
        };
        let (within, without) = rest.into_iter().partition::<Vec<_>, _>(|(path, _routes)| behind(path).is_some());
        let inner = within.into_iter().filter_map(|(path, routes)| Some(resource(behind(path)?, &routes)));
        scope = scope.service(inner.fold(web::scope(beginning), Scope::service));
        rest = without;
    }
    rest.into_iter().map(|(path, routes)| resource(path, &routes)).fold(scope, Scope::service)
}

fn resource(path: &str, routes: &[&Route]) -> Resource {
    let allow = allowed(routes);
    let resource = routes.iter().fold(web::resource(path), |resource, route| resource.route(route.build()));
    resource.default_service(web::to(move || {
        let allow = allow.clone();
        async move { Err::<HttpResponse, _>(Failure::NoSuchMethod { allow }) }
    }))
}
