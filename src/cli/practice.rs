//! `belfry practice`: the practice network as a process of its own, to try Belfry against a server that is not itself.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

use super::{Common, say};
use crate::app::Files;
use crate::base::clock::Clock;
use crate::http::practice::run_alone;

#[derive(Debug, Args)]
pub(super) struct Practice {
    /// Where to listen; port 0 is any free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8421")]
    listen: SocketAddr,
    /// Where it keeps what it was told [default: practice file of the data folder]
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// A host on a private address that may be told by webhook; may be repeated
    #[arg(long = "allow-host", value_name = "HOST")]
    allowed: Vec<String>,
}

impl Practice {
    pub(super) async fn run(self, common: &Common) -> anyhow::Result<ExitCode> {
        let config = common.config(&[])?;
        let files = Files::of(&config);
        let file = self.file.unwrap_or_else(|| files.practice());
        let listener = TcpListener::bind(self.listen)
            .with_context(|| format!("{} cannot be listened on; choose another with --listen", self.listen))?;
        let address = listener.local_addr()?;
        say::line(&format!("The practice network answers at http://{address}/practice"));
        let running = run_alone(listener, &file, Clock::default(), &self.allowed).await;
        running.with_context(|| format!("the practice network cannot run with {}", file.display()))?;
        Ok(ExitCode::SUCCESS)
    }
}
