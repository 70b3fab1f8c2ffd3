//! Log lines: to stderr, as text for people or JSON for programs. Lines hold what happened and ids; never secrets, text
//! of messages, addresses or names.

use std::io::IsTerminal;

use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, Registry, fmt};

use crate::config::{Config, LogFormat};

/// Begins to log, once per process; a second call changes nothing.
pub fn start_log(config: &Config) {
    let levels: Targets = config.log_level.parse().unwrap_or_else(|_checked_before| Targets::new());
    // These say at `info` what nobody who runs Belfry needs.
    let levels = ["actix_server", "sled", "hyper", "rustls"]
        .into_iter()
        .fold(levels, |levels, part| levels.with_target(part, tracing::Level::WARN));
    let writer = std::io::stderr;
    let lines: Box<dyn Layer<Registry> + Send + Sync> = match config.log_format {
        LogFormat::Text => fmt::layer()
            .with_writer(writer)
            .with_target(false)
            .with_ansi(writer().is_terminal())
            .with_filter(levels)
            .boxed(),
        LogFormat::Json => fmt::layer().json().with_writer(writer).with_filter(levels).boxed(),
    };
    drop(tracing_subscriber::registry().with(lines).try_init());
}
