//! The command line: one file per sub-command, the same calls as the pages.
//!
//! Commands that change rows work beside a running server, through its socket in the data folder, and on a stopped one,
//! by opening the store themselves ([`control`]). What a program would read comes as JSON with `--json`. Errors are
//! sentences on stderr; the exit code is 0 when it was done, 1 when it was not, 2 when the command line was wrong.

mod backup;
mod check;
mod compact;
mod doctor;
mod networks;
mod openapi;
mod order;
mod post;
mod practice;
mod restore;
mod say;
mod serve;
mod token;
mod user;

pub mod control;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Parser, Subcommand};

use crate::config::{Config, load};

/// A self-hosted social media manager: one binary, one data folder.
#[derive(Debug, Parser)]
#[command(name = "belfry", version, about, disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    serve: serve::Serve,
    #[command(subcommand)]
    command: Option<Command>,
}

/// What every command takes.
#[derive(Clone, Debug, Args)]
struct Common {
    /// The data folder [default: what systemd prepared, else /var/lib/belfry if it exists, else ./belfry-data]
    #[arg(long, global = true, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// The configuration file [default: /etc/belfry/config.toml if it exists]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server (what `belfry` alone does)
    Serve(serve::Serve),
    /// Check clock, disk, permissions, store and address, in plain words
    Doctor(doctor::Doctor),
    /// Add people, set passwords
    User(user::User),
    /// Make and revoke tokens for programs
    Token(token::Token),
    /// Copy store and pictures to a folder, while the server runs or not
    Backup(backup::Backup),
    /// Bring a backup back into an empty data folder
    Restore(restore::Restore),
    /// Check posts against a network's limits: one JSON object a line in, one a line out
    Check(check::Check),
    /// List the networks and what each takes
    Networks(networks::Networks),
    /// Write posts, plan them, look at what became of them
    Post(post::Post),
    /// Print the document of the API for programs, as the server gives it at /api/v1/openapi.json
    Openapi,
    /// Make the store of a stopped server as small as it can be
    Compact(compact::Compact),
    /// Run the practice network as a process of its own
    Practice(practice::Practice),
}

impl Common {
    /// The settings, from file, environment and command line.
    fn config(&self, more: &[(&'static str, String)]) -> anyhow::Result<Config> {
        let mut set = more.to_vec();
        set.extend(self.data.as_ref().map(|folder| ("data", folder.display().to_string())));
        Ok(load::read(self.config.as_deref(), &set)?)
    }
}

/// Runs the command of this process's command line.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version go to stdout and are no error.
            let code = if error.use_stderr() { 2 } else { 0 };
            drop(error.print());
            return ExitCode::from(code);
        }
    };
    match carry_out(cli) {
        Ok(code) => code,
        Err(error) => {
            say::error(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn carry_out(cli: Cli) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("no threads can be started")?;
    let common = cli.common;
    runtime.block_on(async move {
        let alone = cli.serve;
        let command = cli.command.unwrap_or(Command::Serve(serve::Serve::default()));
        if !matches!(command, Command::Serve(_)) && alone.is_set() {
            anyhow::bail!("--listen belongs to the server: belfry serve --listen …");
        }
        match command {
            Command::Serve(serve) => alone.or(serve).run(&common).await,
            Command::Doctor(doctor) => doctor.run(&common).await,
            Command::User(user) => user.run(&common).await,
            Command::Token(token) => token.run(&common).await,
            Command::Backup(backup) => backup.run(&common).await,
            Command::Restore(restore) => restore.run(&common).await,
            Command::Check(check) => check.run(),
            Command::Networks(networks) => networks.run(),
            Command::Post(post) => post.run(&common).await,
            Command::Openapi => openapi::run(),
            Command::Compact(compact) => compact.run(&common).await,
            Command::Practice(practice) => practice.run(&common).await,
        }
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Cli;

    #[test]
    fn the_command_line_is_whole() {
        Cli::command().debug_assert();
    }
}
