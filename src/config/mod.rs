//! What the person who runs this server can set. Everything has a default: no configuration is needed to start.
//!
//! Keys come from a TOML file, from `BELFRY_*` in the environment and from the command line; the later ones win. A wrong
//! key or value ends the start with the line, the key and the nearest right one, because a typing error that is passed
//! over is a setting that silently does nothing. What belongs to one workspace is set in its pages, not here.

pub mod keys;
pub mod load;
pub mod proxies;
pub mod secrets;

use std::net::SocketAddr;
use std::path::PathBuf;

use url::Url;

use proxies::Proxies;

/// The settings of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The data folder; `None`: the usual place (see [`load::usual_data`]).
    pub data: Option<PathBuf>,
    /// The address by which browsers and networks reach this server, if it has a lasting one.
    pub public_url: Option<Url>,
    /// The path before all addresses, without a slash at its end; empty at the root.
    pub base_path: String,
    /// The proxies in front, whose word on who is asking is believed.
    pub trusted_proxies: Proxies,
    /// Hosts inside the home network that may be asked although they have no public address.
    pub allow_hosts: Vec<String>,
    /// How log lines are written.
    pub log_format: LogFormat,
    /// What is logged: a level, or levels per part as `tracing` writes them.
    pub log_level: String,
    /// Memory for the store's cache, in MiB.
    pub cache_mib: u16,
    /// The largest file that may be uploaded, in MiB.
    pub upload_max_mib: u16,
    /// A token with which other machines may read `/metrics`; without it only this machine may.
    pub metrics_token: Option<crate::base::seal::Secret>,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8420)),
            data: None,
            public_url: None,
            base_path: String::new(),
            trusted_proxies: Proxies::default(),
            allow_hosts: Vec::new(),
            log_format: LogFormat::Text,
            log_level: "info".to_owned(),
            cache_mib: 16,
            upload_max_mib: 64,
            metrics_token: None,
        }
    }
}

/// The settings cannot be used. `Display` is one or more sentences for the person at the terminal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{file}: cannot be read: {reason}")]
    Unreadable {
        /// Which file.
        file: String,
        /// What the system said.
        reason: String,
    },
    /// The file is not TOML.
    #[error("{place}: {reason}")]
    NotToml {
        /// File and line.
        place: String,
        /// What the parser said.
        reason: String,
    },
    /// There is no such key.
    #[error("{place}: there is no key “{key}”{}", nearest_clause(nearest.as_deref()))]
    UnknownKey {
        /// File and line, or the name of the variable.
        place: String,
        /// The key as it was written.
        key: String,
        /// The nearest right one.
        nearest: Option<String>,
    },
    /// The value does not fit the key.
    #[error("{place}: {key} is {given}, but must be {wanted}")]
    WrongValue {
        /// File and line, the name of the variable, or the option.
        place: String,
        /// The key.
        key: String,
        /// What was given.
        given: String,
        /// What it must be, with an example.
        wanted: String,
    },
}

fn nearest_clause(nearest: Option<&str>) -> String {
    nearest.map_or_else(
        || "; config.example.toml lists all keys".to_owned(),
        |nearest| format!("; did you mean “{nearest}”?"),
    )
}
