//! The list of all keys: name, what a value must be, and how it is set. File, environment, command line, `doctor` and
//! the example file all go by it; a test compares them.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use url::Url;

use super::proxies::Network;
use super::{Config, LogFormat};
use crate::base::seal::Secret;

/// A value as it was given, whatever it was given in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// Text from a file, from the environment or from the command line.
    Text(String),
    /// A whole number from a file.
    Number(i64),
    /// A list from a file.
    List(Vec<String>),
    /// Something else from a file: a table, a date, a truth value.
    Other(&'static str),
}

impl Given {
    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text.trim()),
            Self::Number(_) | Self::List(_) | Self::Other(_) => None,
        }
    }

    fn number<T: TryFrom<i64>>(&self) -> Option<T> {
        let number = match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => text.trim().parse().ok(),
            Self::List(_) | Self::Other(_) => None,
        };
        number.and_then(|number| T::try_from(number).ok())
    }

    /// A list; in the environment its items are separated by commas.
    fn list(&self) -> Option<Vec<String>> {
        match self {
            Self::List(items) => Some(items.clone()),
            Self::Text(text) => {
                Some(text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect())
            }
            Self::Number(_) | Self::Other(_) => None,
        }
    }

    /// As an error shows it.
    pub fn shown(&self) -> String {
        match self {
            Self::Text(text) => format!("“{text}”"),
            Self::Number(number) => number.to_string(),
            Self::List(items) => format!("[{}]", items.join(", ")),
            Self::Other(kind) => (*kind).to_owned(),
        }
    }
}

/// One key.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its name in the file; the variable is `BELFRY_` and the name in capitals.
    pub name: &'static str,
    /// What a value must be, with an example: the end of "must be …".
    pub wanted: &'static str,
    /// Its value is a secret: never shown, not even in an error.
    pub secret: bool,
    /// Puts a value in its place; `None` when it does not fit.
    pub set: fn(&mut Config, &Given) -> Option<()>,
}

impl Key {
    const fn new(name: &'static str, wanted: &'static str, set: fn(&mut Config, &Given) -> Option<()>) -> Self {
        Self { name, wanted, secret: false, set }
    }

    /// The name of its variable.
    pub fn variable(&self) -> String {
        format!("BELFRY_{}", self.name.to_ascii_uppercase())
    }
}

/// All keys, in the order of the example file.
pub const KEYS: &[Key] = &[
    Key::new("listen", "an address and a port, like 127.0.0.1:8420", |config, given| {
        config.listen = listen(given.text()?)?;
        Some(())
    }),
    Key::new("data", "a folder, like /var/lib/belfry", |config, given| {
        config.data = Some(given.text().filter(|text| !text.is_empty()).map(PathBuf::from)?);
        Some(())
    }),
    Key::new("public_url", "an address like https://belfry.example or https://example.org/belfry", |config, given| {
        config.public_url = Some(public_url(given.text()?)?);
        Some(())
    }),
    Key::new("base_path", "a path like /belfry, or empty", |config, given| {
        config.base_path = base_path(given.text()?)?;
        Some(())
    }),
    Key::new(
        "trusted_proxies",
        "a list of addresses or networks, like [\"127.0.0.1\", \"10.0.0.0/8\"]",
        |config, given| {
            config.trusted_proxies =
                given.list()?.iter().map(|item| item.parse::<Network>().ok()).collect::<Option<_>>()?;
            Some(())
        },
    ),
    Key::new("allow_hosts", "a list of host names or addresses, like [\"gotosocial.home.arpa\"]", |config, given| {
        let hosts = given.list()?;
        let fits = |host: &String| !host.is_empty() && !host.contains(['/', ' ', '@', '*']);
        config.allow_hosts = Some(hosts).filter(|hosts| hosts.iter().all(fits))?;
        Some(())
    }),
    Key::new("log_format", "\"text\" or \"json\"", |config, given| {
        config.log_format = match given.text()? {
            "text" => LogFormat::Text,
            "json" => LogFormat::Json,
            _ => return None,
        };
        Some(())
    }),
    Key::new(
        "log_level",
        "a level (error, warn, info, debug, trace), or levels per part like info,belfry=debug",
        |config, given| {
            let level = given.text()?;
            level.split(',').all(is_level).then_some(())?;
            level.clone_into(&mut config.log_level);
            Some(())
        },
    ),
    Key::new("cache_mib", "a whole number of MiB from 1 to 1024", |config, given| {
        config.cache_mib = given.number().filter(|mib| (1..=1024).contains(mib))?;
        Some(())
    }),
    Key::new("upload_max_mib", "a whole number of MiB from 1 to 4096", |config, given| {
        config.upload_max_mib = given.number().filter(|mib| (1..=4096).contains(mib))?;
        Some(())
    }),
    Key {
        name: "metrics_token",
        wanted: "a text of at least 16 characters",
        secret: true,
        set: |config, given| {
            config.metrics_token = Some(given.text().filter(|text| 16 <= text.len()).map(Secret::new)?);
            Some(())
        },
    },
];

/// The key of this name.
pub fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

/// The key whose name is most like this, if one is.
pub fn nearest(name: &str) -> Option<&'static str> {
    let likeness = |key: &Key| strsim::jaro_winkler(&name.to_ascii_lowercase().replace('-', "_"), key.name);
    let best = KEYS.iter().max_by(|left, right| likeness(left).total_cmp(&likeness(right)))?;
    (0.75 < likeness(best)).then_some(best.name)
}

/// `localhost` means this machine only; a port alone as well.
fn listen(text: &str) -> Option<SocketAddr> {
    if let Some(port) = text.strip_prefix("localhost:").or_else(|| text.strip_prefix(':')) {
        return port.parse().ok().map(|port| SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port));
    }
    text.parse().ok()
}

/// `info`, or `belfry::publish=debug`.
fn is_level(part: &str) -> bool {
    let (target, level) = part.split_once('=').unwrap_or(("belfry", part));
    !target.trim().is_empty() && level.trim().parse::<tracing::level_filters::LevelFilter>().is_ok()
}

fn public_url(text: &str) -> Option<Url> {
    let url: Url = text.parse().ok()?;
    let plain =
        url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none();
    (matches!(url.scheme(), "http" | "https") && url.host().is_some() && plain && base_path(url.path()).is_some())
        .then_some(url)
}

/// Begins with a slash, does not end with one, and holds nothing that would have to be escaped.
pub(super) fn base_path(text: &str) -> Option<String> {
    let path = text.trim_end_matches('/');
    let fits = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte))
    };
    match path.strip_prefix('/') {
        None => path.is_empty().then(String::new),
        Some(rest) => rest.split('/').all(fits).then(|| path.to_owned()),
    }
}
