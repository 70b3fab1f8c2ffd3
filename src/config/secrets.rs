//! The key that seals secrets at rest: a file of 32 bytes, written as hex, readable by its owner alone, beside the store
//! and never in it. systemd's credential `belfry-key` is used where there is one. Made at the first start.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::base::id::random;
use crate::base::seal::Sealer;

/// The key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// It cannot be read or written.
    #[error("the key {}: {reason}", path.display())]
    Unreadable {
        /// Where it is.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// It is not a key.
    #[error(
        "the key {} is damaged: it must be 64 hex digits. Put back your copy of it; \
         without it every channel must be connected again (move the damaged file away and Belfry makes a new one)",
        path.display()
    )]
    Damaged {
        /// Where it is.
        path: PathBuf,
    },
    /// There is a store but no key.
    #[error(
        "there is a store but its key {} is missing. Put back your copy of it; without it every channel must be \
         connected again (to go on with a new key: head -c 32 /dev/urandom | od -An -vtx1 | tr -d ' \\n' > {}, then chmod 600)",
        path.display(), path.display()
    )]
    Missing {
        /// Where it should be.
        path: PathBuf,
    },
}

/// Where the key is: systemd's credential if there is one, else this file.
pub fn key_path(file: &Path) -> PathBuf {
    let credentials = std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from);
    credentials.map(|folder| folder.join("belfry-key")).filter(|path| path.is_file()).unwrap_or_else(|| file.to_owned())
}

/// Reads the key, or makes one when the store is new (`store_exists` is false).
pub fn load_or_make(file: &Path, store_exists: bool) -> Result<Sealer, KeyError> {
    let path = key_path(file);
    match fs::read_to_string(&path).map(Zeroizing::new) {
        Ok(text) => parse(&text).map(Sealer::new).ok_or(KeyError::Damaged { path }),
        Err(error) if error.kind() == io::ErrorKind::NotFound && store_exists => Err(KeyError::Missing { path }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            make(&path).map_err(|error| KeyError::Unreadable { path, reason: error.to_string() })
        }
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(KeyError::Damaged { path }),
        Err(error) => Err(KeyError::Unreadable { path, reason: error.to_string() }),
    }
}

/// Who else can read the file, as a mode like `0644`; `None` when only its owner can.
pub fn open_to_others(path: &Path) -> io::Result<Option<String>> {
    let mode = fs::metadata(path)?.permissions().mode() & 0o777;
    Ok((mode & 0o077 != 0).then(|| format!("{mode:04o}")))
}

fn parse(text: &str) -> Option<[u8; 32]> {
    let bytes = Zeroizing::new(data_encoding::HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).ok()?);
    bytes.as_slice().try_into().ok()
}

/// Writes a new key durably: whole under another name first, so that a power cut leaves no half key.
fn make(path: &Path) -> io::Result<Sealer> {
    let key = Zeroizing::new(random::<32>());
    let text = Zeroizing::new(data_encoding::HEXLOWER.encode(&*key));
    let fresh = path.with_extension("new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
    file.set_permissions(fs::Permissions::from_mode(0o600))?;
    file.write_all(text.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    fs::rename(&fresh, path)?;
    if let Some(folder) = path.parent() {
        fs::File::open(folder)?.sync_all()?;
    }
    Ok(Sealer::new(*key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_made_once_and_readable_by_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let sealed = load_or_make(&path, false).unwrap().seal(1_u128, b"x");
        assert_eq!(open_to_others(&path).unwrap(), None);
        assert!(load_or_make(&path, true).unwrap().open(1_u128, &sealed).is_ok(), "the same key after a restart");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(open_to_others(&path).unwrap().as_deref(), Some("0644"));
    }

    #[test]
    fn a_store_without_its_key_is_not_given_another() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(load_or_make(&folder.path().join("key"), true), Err(KeyError::Missing { .. })));
    }

    #[test]
    fn a_damaged_key_is_named_and_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        for broken in ["", "abc", &"g".repeat(64), &"a".repeat(63)] {
            fs::write(&path, broken).unwrap();
            assert!(matches!(load_or_make(&path, false), Err(KeyError::Damaged { .. })), "{broken}");
        }
        fs::write(&path, [0xFF, 0xFE]).unwrap();
        assert!(matches!(load_or_make(&path, false), Err(KeyError::Damaged { .. })));
    }
}
