//! The server itself: binds first, so that what is wrong with the address is said before anything starts, then runs
//! until it is told to stop.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data};
use actix_web::{App as ActixApp, HttpResponse, HttpServer};
use metrics_exporter_prometheus::PrometheusHandle;

use super::assets::{self, Assets};
use super::{AppRef, Failure, Route, base_path, failures, headers, pack, route};
use crate::app::App;

/// Threads that answer requests: pages are quick, and everything slow waits elsewhere.
const WORKERS: usize = 2;
/// How long open requests may take to end after the stop.
const STOP_SECONDS: u64 = 10;

/// What is mounted beside the routes, such as the practice network: a function that configures the server.
pub type Mount = Arc<dyn Fn(&mut web::ServiceConfig) + Send + Sync>;

/// A server that has its addresses but answers nobody yet.
#[must_use = "a server answers nobody until it runs"]
pub struct Bound {
    server: Server,
    addresses: Vec<SocketAddr>,
}

impl std::fmt::Debug for Bound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bound({:?})", self.addresses)
    }
}

/// Binds the address from the settings; port 0 takes a free one.
pub fn bind(app: &Arc<App>, routes: Vec<Route>, mounts: Vec<Mount>, figures: PrometheusHandle) -> io::Result<Bound> {
    let (routes, mounts) = (Arc::<[Route]>::from(routes), Arc::<[Mount]>::from(mounts));
    let app_ref = AppRef::new(Arc::clone(app));
    let (assets, figures) = (Data::new(Assets::new(&app.words)), Data::new(figures));
    let base = app.config.base_path.clone();
    let server = HttpServer::new(move || {
        let scope = route::mount(web::scope(&base), &routes);
        let scope =
            mounts.iter().fold(scope.configure(assets::routes), |scope, mount| scope.configure(|config| mount(config)));
        ActixApp::new()
            .app_data(app_ref.clone())
            .app_data(assets.clone())
            .app_data(figures.clone())
            .service(scope.default_service(web::to(no_such_page)))
            .default_service(web::to(no_such_page))
            .wrap(from_fn(failures::put_words))
            .wrap(from_fn(base_path::put))
            .wrap(from_fn(pack::put))
            .wrap(from_fn(headers::put))
    });
    let server = server
        .workers(WORKERS)
        .disable_signals()
        .shutdown_timeout(STOP_SECONDS)
        .server_hostname(app.config.listen.ip().to_string())
        .bind(app.config.listen)?;
    let addresses = server.addrs();
    Ok(Bound { server: server.run(), addresses })
}

impl Bound {
    /// Where it listens.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// Answers until the app is told to stop, then finishes what is open.
    pub async fn run(self, app: Arc<App>) -> io::Result<()> {
        let handle = self.server.handle();
        let mut server = self.server;
        tokio::select! {
            ended = &mut server => return ended,
            () = app.stop.cancelled() => {}
        }
        let (ended, ()) = tokio::join!(server, handle.stop(true));
        ended
    }
}

async fn no_such_page() -> Result<HttpResponse, Failure> {
    Err(Failure::NoSuchPage)
}
