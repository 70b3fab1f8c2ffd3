//! Where things lie in the data folder.

use std::path::{Path, PathBuf};

use crate::config::{Config, load};

/// The data folder and the places in it. The key lies beside the store and never in it, so that a copy of the store
/// alone opens no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    data: PathBuf,
}

impl Files {
    /// The places in this data folder.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self { data: data.into() }
    }

    /// The places in the data folder of these settings, or in the usual one.
    pub fn of(config: &Config) -> Self {
        Self::new(config.data.clone().unwrap_or_else(load::usual_data))
    }

    /// The folder itself.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The folder of the store.
    pub fn store(&self) -> PathBuf {
        self.data.join("store")
    }

    /// The key that seals secrets.
    pub fn key(&self) -> PathBuf {
        self.data.join("key")
    }

    /// The folder of media files.
    pub fn media(&self) -> PathBuf {
        self.data.join("media")
    }

    /// The socket on which a running server takes orders from the command line.
    pub fn control_socket(&self) -> PathBuf {
        self.data.join("control.sock")
    }

    /// The digest of the one-time set-up code, while nobody has set the server up.
    pub fn setup_code(&self) -> PathBuf {
        self.data.join("setup-code")
    }

    /// The file of the practice network.
    pub fn practice(&self) -> PathBuf {
        self.data.join("practice.json")
    }
}
