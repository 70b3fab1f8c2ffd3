//! `belfry serve`: runs the server, and tells where it can be reached.

use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;
use tokio::signal::unix::{SignalKind, signal};

use super::{Common, control, say};
use crate::app::App;
use crate::base::clock::Clock;
use crate::boot::{self, Beside};
use crate::people::set_up;
use crate::store::Progress;

#[derive(Debug, Default, Args)]
pub(super) struct Serve {
    /// Where to listen [default: 127.0.0.1:8420]; 0.0.0.0:8420 is everyone at home
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// For tests: the clock can be set through the control socket
    #[arg(long, hide = true)]
    test_clock: bool,
}

impl Serve {
    /// Whether anything of it was given.
    pub(super) fn is_set(&self) -> bool {
        self.listen.is_some() || self.test_clock
    }

    /// These options, and where they say nothing the others.
    pub(super) fn or(self, other: Self) -> Self {
        Self { listen: self.listen.or(other.listen), test_clock: self.test_clock || other.test_clock }
    }

    pub(super) async fn run(self, common: &Common) -> anyhow::Result<ExitCode> {
        let set: Vec<_> = self.listen.map(|listen| ("listen", listen)).into_iter().collect();
        let config = common.config(&set)?;
        boot::start_log(&config);
        let opening = move || boot::open(config, Clock::default(), &mut show_progress);
        let app = tokio::task::spawn_blocking(opening).await.context("the store could not be opened")??;
        let ready = boot::bind(&app)?;
        let beside = Beside::new();
        let socket = control::listen(&app.files).context("the control socket cannot be made")?;
        beside.start(control::run(Arc::clone(&app), socket, self.test_clock));
        beside.start(stop_on_signal(Arc::clone(&app))?);
        greet(&app, ready.addresses()).await?;
        ready.run(beside).await?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Tells the person at the terminal what an open that takes long is doing.
pub(super) fn show_progress(progress: Progress) {
    match progress {
        Progress::ReadingLog => say::note("Belfry was not stopped cleanly. Looking whether everything is there …"),
        Progress::Checking { rows } => say::note(&format!("  compared {rows} rows")),
        Progress::Rebuilding { rows } => {
            say::note(&format!("  building the index anew from the log, {rows} rows so far; nothing is lost"));
        }
        Progress::Copying => say::note("Making a copy before the upgrade …"),
        Progress::Migrating { to } => say::note(&format!("Bringing the store to schema {to} …")),
    }
}

/// Resolves when the app stops; makes it stop at SIGTERM and SIGINT.
fn stop_on_signal(app: Arc<App>) -> anyhow::Result<impl Future<Output = ()> + Send + 'static> {
    let mut terminate = signal(SignalKind::terminate()).context("signals cannot be heard")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("signals cannot be heard")?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            () = app.stop.cancelled() => return,
        }
        tracing::info!("stopping: open requests and work are finished first");
        app.stop.cancel();
    })
}

async fn greet(app: &App, addresses: &[SocketAddr]) -> anyhow::Result<()> {
    let base = &app.config.base_path;
    let mut lines = Vec::new();
    for address in addresses {
        if !address.ip().is_unspecified() {
            lines.push(format!("Belfry runs at http://{address}{base}/"));
            continue;
        }
        lines.push(format!("Belfry runs at http://127.0.0.1:{}{base}/", address.port()));
        if let Some(ip) = home_address(*address) {
            let url = format!("http://{}{base}/", SocketAddr::new(ip, address.port()));
            lines.push(format!("From phones and other machines at home: {url}"));
            lines.extend(QrCode::new(&url).ok().map(|code| code.render::<Dense1x2>().build()));
        }
    }
    if let Some(url) = &app.config.public_url {
        lines.push(format!("Public address: {url}"));
    }
    if !set_up::is_done(app).await.map_err(|refusal| anyhow::anyhow!("{refusal}"))? {
        let code = set_up::make_code(app).context("the set-up code cannot be kept in the data folder")?;
        lines.push(format!("Set-up code: {}", code.reveal()));
    }
    say::line(&lines.join("\n"));
    Ok(())
}

/// This machine's address in the home network: the one it would use to reach the outside. Nothing is sent.
fn home_address(listening: SocketAddr) -> Option<IpAddr> {
    let (from, to) = if listening.is_ipv4() { ("0.0.0.0:0", "192.0.2.1:9") } else { ("[::]:0", "[2001:db8::1]:9") };
    let socket = UdpSocket::bind(from).ok()?;
    socket.connect(to).ok()?;
    let ip = socket.local_addr().ok()?.ip();
    (!ip.is_unspecified() && !ip.is_loopback()).then_some(ip)
}
