//! The one place where everything is put together: opens the store, makes the [`App`], starts work and the server, and
//! stops them in the other order.

mod beside;
mod kinds;
mod log;

use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use actix_web::web::Data;
use anyhow::{Context, ensure};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio_util::sync::CancellationToken;

pub use beside::Beside;
pub use kinds::record_kinds;
pub use log::start_log;

use crate::api;
use crate::app::{Answering, App, Files, Hashing, Kicks, Live, Wishes};
use crate::base::clock::Clock;
use crate::base::id::{Ids, random};
use crate::base::url_guard::Guard;
use crate::config::{Config, secrets};
use crate::hooks;
use crate::http::practice::{PracticeSide, practice_scope};
use crate::http::{Route, server::Bound};
use crate::http::{events, health, server};
use crate::media::files::FLOOR_BYTES;
use crate::media::{MediaError, MediaFiles};
use crate::networks::Registry;
use crate::networks::client::Client;
use crate::networks::practice::service::Service;
use crate::pages;
use crate::publish::engine::{self, Lanes};
use crate::store::{self, Progress, Store, StoreError};
use crate::words::Words;
use crate::work::Runner;

/// Names Belfry to servers it asks.
pub const USER_AGENT: &str = concat!("Belfry/", env!("CARGO_PKG_VERSION"));

/// Belfry cannot start. `Display` is a sentence for the person at the terminal.
#[derive(Debug, thiserror::Error)]
pub enum BootError {
    /// The data folder cannot be used.
    #[error("the data folder {folder} cannot be used: {reason}")]
    Folder {
        /// Which.
        folder: String,
        /// What the system said.
        reason: String,
    },
    /// The key cannot be used.
    #[error(transparent)]
    Key(#[from] secrets::KeyError),
    /// The store cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The address cannot be listened on.
    #[error("{address} cannot be listened on: {reason}{}", bind_advice(reason))]
    Listen {
        /// Which.
        address: SocketAddr,
        /// What the system said.
        reason: String,
    },
    /// The binary is not whole.
    #[error("this build of Belfry is not whole: {0}")]
    Build(String),
}

fn bind_advice(reason: &str) -> &'static str {
    if reason.contains("in use") {
        ". Perhaps Belfry runs already; else choose another port with --listen"
    } else if reason.contains("ermission") {
        ". Ports below 1024 need a right of their own; a higher port with --listen does not"
    } else {
        ""
    }
}

/// Opens the data folder of these settings and makes the app. Nothing runs yet. Blocks while the store is opened.
pub fn open(config: Config, clock: Clock, progress: &mut dyn FnMut(Progress)) -> Result<Arc<App>, BootError> {
    let files = Files::of(&config);
    make_folder(files.data())?;
    let sealer = secrets::load_or_make(&files.key(), files.store().exists())?;
    let settings = store::Settings {
        cache_bytes: u64::from(config.cache_mib) << 20,
        clock: clock.clone(),
        ..store::Settings::default()
    };
    let store = Store::open(&files.store(), settings, progress)?;
    // Under the store's lock: what is half-written belongs to nobody who runs.
    make_media(&files)?;
    let guard = Guard::allowing(config.allow_hosts.iter().map(String::as_str));
    let client = Client::new(guard, USER_AGENT).map_err(|error| BootError::Build(error.to_string()))?;
    let client = client.with_clock(clock.clone());
    let words = Words::english().map_err(|error| BootError::Build(error.to_string()))?;
    Ok(Arc::new(App {
        store,
        ids: Ids::new(clock.clone()),
        live: Live::new(clock.now()),
        clock,
        client,
        networks: Arc::new(Registry::standard()),
        config: Arc::new(config),
        sealer,
        kicks: Kicks::default(),
        wishes: Wishes::default(),
        answering: Answering::default(),
        hashing: Hashing::default(),
        files,
        words: Arc::new(words),
        boot: u128::from_be_bytes(random::<16>()),
        renewing: Arc::default(),
        stop: CancellationToken::new(),
    }))
}

/// Every route of the server: what `bind` mounts, and what the walk over routes and roles reads.
pub fn routes() -> Vec<Route> {
    [pages::routes(), api::routes(), hooks::routes(), events::routes(), health::routes()].concat()
}

/// What is mounted beside the routes: the practice network. `guard` judges which webhooks it may tell.
fn mounts(app: &App, guard: Guard) -> Result<Vec<server::Mount>, BootError> {
    let file = app.files.practice();
    let unusable = |error: String| BootError::Folder { folder: file.display().to_string(), reason: error };
    let service = Service::open(&file, app.clock.clone()).map_err(|error| unusable(error.to_string()))?;
    let client = Client::new(guard, USER_AGENT).map_err(|error| BootError::Build(error.to_string()))?;
    let side = PracticeSide::new(Arc::new(service), client);
    Ok(vec![Arc::new(move |config| {
        // The pages that show the service to people ask it directly.
        config.app_data(Data::new(side.clone())).service(practice_scope(side.clone()));
    })])
}

/// A server that is bound and whose workers are ready, but that does nothing yet.
#[derive(Debug)]
pub struct Ready {
    app: Arc<App>,
    bound: Bound,
}

/// Binds the server's address.
pub fn bind(app: &Arc<App>) -> Result<Ready, BootError> {
    let listen = |error: io::Error| BootError::Listen { address: app.config.listen, reason: error.to_string() };
    // Practice tells its webhooks to this very server, which is where it stands; nowhere else that is private.
    let guard = Guard::default();
    let bound = server::bind(app, routes(), mounts(app, guard.clone())?, figures()).map_err(listen)?;
    if let Some(address) = bound.addresses().first() {
        guard.allow_own(*address, &format!("{}/hooks", app.config.base_path));
        app.client.guard().allow_own(*address, &format!("{}/practice", app.config.base_path));
    }
    Ok(Ready { app: Arc::clone(app), bound })
}

impl Ready {
    /// Where it listens.
    pub fn addresses(&self) -> &[SocketAddr] {
        self.bound.addresses()
    }

    /// Runs until the app is told to stop: works and answers requests; then finishes both and closes the store.
    pub async fn run(self, beside: Beside) -> anyhow::Result<()> {
        let workers = Runner::start(&self.app, self.app.stop.child_token());
        let app = Arc::clone(&self.app);
        beside.start(stop_with_store(Arc::clone(&app)));
        let served = self.bound.run(Arc::clone(&app)).await;
        app.stop.cancel();
        workers.stop().await;
        finish(&app, beside, served).await
    }

    /// Answers requests as [`Ready::run`] does, but does no work by itself: for tests that take the steps of work in turn.
    pub async fn serve_only(self, beside: Beside) -> anyhow::Result<()> {
        let served = self.bound.run(Arc::clone(&self.app)).await;
        finish(&self.app, beside, served).await
    }
}

/// A store that takes no more changes is of use to nobody: Belfry ends, and what starts it again opens the store anew.
async fn stop_with_store(app: Arc<App>) {
    tokio::select! {
        () = app.store.until_stopped() => {}
        () = app.stop.cancelled() => return,
    }
    tracing::error!("stopping, because the store takes no more changes");
    app.stop.cancel();
}

async fn finish(app: &App, beside: Beside, served: io::Result<()>) -> anyhow::Result<()> {
    app.stop.cancel();
    beside.finish().await;
    let gave_up = app.store.is_stopped();
    let closed = app.store.clone().close().await;
    served?;
    ensure!(
        !gave_up,
        "the disk no longer takes what Belfry writes, so it has ended. Nothing that was answered is lost: see what is \
         wrong with the disk (belfry doctor), then start it again"
    );
    closed?;
    Ok(())
}

/// Wakes all workers of a running server and resolves when nothing more is due and nothing more is written: for tests
/// and the bench, which wait for the outcome of what they did. It only looks on: work that is in hand must not be taken
/// up a second time.
pub async fn until_idle(app: &App) -> anyhow::Result<()> {
    const QUIET_FOR: Duration = Duration::from_millis(300);
    const PATIENCE: Duration = Duration::from_mins(1);
    app.kicks.kick_all();
    let mut written = app.store.subscribe();
    let quiet = async {
        loop {
            written.mark_unchanged();
            let quiet = tokio::time::timeout(QUIET_FOR, written.changed()).await.is_err();
            if quiet && engine::due(app, &Lanes::default()).await?.lanes.is_empty() {
                return anyhow::Ok(());
            }
        }
    };
    tokio::time::timeout(PATIENCE, quiet).await.context("there was still work to do after a minute")?
}

/// The recorder of figures is one per process, as the `metrics` crate wants it.
fn figures() -> PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    let install = || {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        if ::metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("another recorder of figures was there first; /metrics stays empty");
        }
        handle
    };
    HANDLE.get_or_init(install).clone()
}

/// Makes the folder of pictures, and removes from it what a crash left half-written.
fn make_media(files: &Files) -> Result<(), BootError> {
    let refused = |error: MediaError| BootError::Folder {
        folder: files.media().display().to_string(),
        reason: error.to_string(),
    };
    MediaFiles::open(files.media(), FLOOR_BYTES).map(drop).map_err(refused)
}

/// Makes a folder, readable by its owner alone. One that is there already keeps its rights; `doctor` looks.
pub(crate) fn make_folder(folder: &Path) -> Result<(), BootError> {
    let refused =
        |error: io::Error| BootError::Folder { folder: folder.display().to_string(), reason: error.to_string() };
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(refused)?;
    let mode = std::fs::metadata(folder).map_err(refused)?.permissions().mode();
    tracing::debug!(mode = format!("{:04o}", mode & 0o777), "folder");
    Ok(())
}
