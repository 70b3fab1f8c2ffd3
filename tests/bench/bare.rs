//! A bare actix server: answers a short text and does nothing else. What it takes is the floor of this machine.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use actix_web::{App, HttpServer, web};
use anyhow::Context;
use serde::Serialize;

use crate::browse::Browser;
use crate::machine::{self, Watch};
use crate::report::rounded;

/// The argument that makes this program the bare server.
pub(crate) const ARGUMENT: &str = "--bare";

/// What it took.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Bare {
    start_ms: f64,
    idle_pss_mib: f64,
    cpu_ms_per_request: f64,
    requests_per_s: f64,
}

/// Runs the bare server until it is killed.
pub(crate) fn serve() -> anyhow::Result<()> {
    actix_web::rt::System::new().block_on(async {
        let app = || App::new().route("/", web::get().to(async || "We open at nine."));
        let server = HttpServer::new(app).workers(2).bind(("127.0.0.1", 0))?;
        let address = server.addrs().first().copied().context("no address")?;
        writeln!(std::io::stdout(), "http://{address}")?;
        Ok(server.run().await?)
    })
}

/// A process that ends with its owner.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Starts it, leaves it idle, and loads it.
pub(crate) async fn measure() -> anyhow::Result<Bare> {
    let watch = Watch::start();
    let this = std::env::current_exe()?;
    let mut running = Running(Command::new(this).arg(ARGUMENT).stdout(Stdio::piped()).spawn()?);
    let out = running.0.stdout.take().context("no output")?;
    let mut line = String::new();
    BufReader::new(out).read_line(&mut line)?;
    let browser = Browser::new(line.trim())?;
    browser.get("/").await?;
    let start_ms = watch.ms();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let idle_mib = machine::pss_mib(running.0.id())?;
    let load = browser.load("/", running.0.id()).await?;
    Ok(Bare {
        start_ms: rounded(start_ms),
        idle_pss_mib: rounded(idle_mib),
        cpu_ms_per_request: rounded(load.cpu_ms),
        requests_per_s: load.per_s.round(),
    })
}
