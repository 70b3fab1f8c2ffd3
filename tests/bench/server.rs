//! The release binary, run as people run it, on a folder of its own; it ends with its owner.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};

use crate::browse::Browser;
use crate::machine::{self, Watch};

/// The binary that is measured.
pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_belfry");
/// A server that has not answered by then never will.
const START_WITHIN: Duration = Duration::from_mins(2);
/// How long a stop may take.
const STOP_WITHIN: Duration = Duration::from_mins(1);

/// What the server that was started last has to say.
fn said() -> PathBuf {
    machine::folder().join("server.log")
}

/// A running Belfry.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    /// Where it listens.
    pub(crate) browser: Browser,
    /// From its start to its first 200.
    pub(crate) start_ms: f64,
}

impl Server {
    /// Starts it on this folder and waits for its first 200.
    pub(crate) async fn start(data: &Path) -> anyhow::Result<Self> {
        Self::start_allowing(data, "").await
    }

    /// The same; these hosts may be asked although they are on this machine.
    pub(crate) async fn start_allowing(data: &Path, hosts: &str) -> anyhow::Result<Self> {
        // A port that is free now; the socket is closed before the server takes it.
        let port = std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let listen = format!("127.0.0.1:{port}");
        let browser = Browser::new(&format!("http://{listen}"))?;
        let watch = Watch::start();
        let mut command = Command::new(BINARY);
        command.args(["serve", "--listen", &listen, "--data"]).arg(data);
        command.env("BELFRY_ALLOW_HOSTS", hosts).env("BELFRY_LOG_LEVEL", "warn");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(File::create(said())?);
        let mut child = command.spawn().context("belfry does not start")?;
        while browser.get("/healthz").await.is_err() {
            if let Some(status) = child.try_wait()? {
                bail!("belfry ended at its start: {status}; {} tells why", said().display());
            }
            if START_WITHIN < watch.passed() {
                drop(child.kill());
                bail!("belfry does not answer");
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(Self { child, browser, start_ms: watch.ms() })
    }

    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Stops it as a service manager does, and waits until it is gone.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        let watch = Watch::start();
        while told.success() && watch.passed() < STOP_WITHIN {
            if self.child.try_wait()?.is_some() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        bail!("belfry does not stop")
    }

    /// Ends it as the kernel does when memory runs out.
    pub(crate) fn kill(mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The practice network in a process of its own.
#[derive(Debug)]
pub(crate) struct Practice {
    child: Child,
    /// Its address, for connecting.
    pub(crate) base: String,
}

impl Practice {
    pub(crate) fn start(file: &Path) -> anyhow::Result<Self> {
        let mut command = Command::new(BINARY);
        command.args(["practice", "--listen", "127.0.0.1:0", "--file"]).arg(file);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("no output")?).read_line(&mut line)?;
        let base = line.trim().rsplit(' ').next().unwrap_or_default().to_owned();
        Ok(Self { child, base })
    }
}

impl Drop for Practice {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
