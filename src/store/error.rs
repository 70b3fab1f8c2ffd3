//! What can go wrong in the store, by what follows from it. `Display` is for logs; each variant says what was kept.

use std::io;
use std::path::{Path, PathBuf};

/// Why the store did not do what it was asked. Cheap to clone: one failure may answer a whole group of commits.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Something the commit was decided on has changed. Nothing was written: read again and decide again.
    #[error("something this commit was decided on has changed meanwhile; nothing was written")]
    Conflict,
    /// More commits wait than the store takes at once. Nothing was written: try again shortly.
    #[error("too many changes are waiting; nothing was written")]
    Busy,
    /// The store takes no more writes until it is opened again. Whether the commit that met this is on disk shows then.
    #[error("the store takes no more changes until Belfry is started again: {reason}")]
    Stopped {
        /// What stopped it.
        reason: String,
    },
    /// Too little space is left on the disk. Nothing was written; reading goes on.
    #[error("the disk is nearly full ({free_bytes} bytes left): nothing was written, everything can still be read")]
    Full {
        /// What is left for Belfry.
        free_bytes: u64,
    },
    /// Bytes on the disk are not what was written.
    #[error("{what}. {advice}")]
    Damaged {
        /// What was found.
        what: String,
        /// What was kept and what to do.
        advice: String,
    },
    /// A newer Belfry has written this store.
    #[error(
        "this store was written by a newer Belfry (its schema is {found}, this one knows {known}): \
         nothing was changed; start the newer version, or restore the copy made before the upgrade"
    )]
    Newer {
        /// The schema version found.
        found: u32,
        /// The newest schema version known here.
        known: u32,
    },
    /// Another process has this folder open.
    #[error("another Belfry is running on {}: stop it first", folder.display())]
    Locked {
        /// The folder that is in use.
        folder: PathBuf,
    },
    /// The commit, a row or a key is larger than the store takes. Nothing was written.
    #[error("{what} is larger than the store takes; nothing was written")]
    TooLarge {
        /// What is too large.
        what: String,
    },
    /// A row could not be written as bytes or read from them.
    #[error("a row of {collection} cannot be read or written: {reason}")]
    Row {
        /// The collection it belongs to.
        collection: &'static str,
        /// What the codec says.
        reason: String,
    },
    /// The operating system refused a file operation.
    #[error("{doing} failed: {reason}")]
    Io {
        /// What was being done.
        doing: String,
        /// What the operating system said.
        reason: String,
    },
}

impl StoreError {
    pub(super) fn io(doing: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let doing = doing.into();
        move |error| Self::Io { doing, reason: error.to_string() }
    }

    pub(super) fn io_at(doing: &str, path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        Self::io(format!("{doing} {}", path.display()))
    }

    pub(super) fn damaged(what: impl Into<String>, advice: &str) -> Self {
        Self::Damaged { what: what.into(), advice: advice.to_owned() }
    }

    /// Damage in sled's folder: never a loss, because it is built again from the log.
    pub(super) fn index_damaged(what: impl Into<String>) -> Self {
        Self::damaged(what, "Nothing is lost: start Belfry again and it builds the index anew from its log")
    }

    pub(super) fn stopped(reason: impl Into<String>) -> Self {
        Self::Stopped { reason: reason.into() }
    }
}
