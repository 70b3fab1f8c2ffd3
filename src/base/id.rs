//! Ids: 128 bits, sortable by the time they were made, written as 26 letters and digits (ULID).
//!
//! Each kind of thing has its own type, so that a channel's id cannot stand where a post's belongs. An id that must be
//! the same however often it is made is a digest ([`digest`]); its text looks the same but does not sort by time.

use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};

use super::clock::Clock;

/// What every id type is, for code that takes any of them.
pub trait Id: Copy + Send + Sync + From<u128> + 'static {
    /// The bits of the id.
    fn to_u128(self) -> u128;
}

/// Declares id types: `ids! { /// A post. PostId }`.
#[macro_export]
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u128);

        impl $name {
            /// The id with these bits.
            pub const fn from_bits(bits: u128) -> Self {
                Self(bits)
            }
            /// The bits, for keys: big-endian they sort as the ids do.
            pub const fn bits(self) -> u128 {
                self.0
            }
        }
        impl From<u128> for $name {
            fn from(bits: u128) -> Self {
                Self(bits)
            }
        }
        impl $crate::base::id::Id for $name {
            fn to_u128(self) -> u128 {
                self.0
            }
        }
        impl From<$name> for u128 {
            fn from(id: $name) -> Self {
                id.0
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::base::id::write(self.0, f)
            }
        }
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }
        impl std::str::FromStr for $name {
            type Err = $crate::base::id::NotAnId;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::base::id::read(text).map(Self)
            }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::base::id::serialize(self.0, serializer)
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::base::id::deserialize(deserializer).map(Self)
            }
        }
    )+};
}

/// The text is not 26 characters of Crockford's base 32.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct NotAnId;

/// Makes ids that rise: within one process each is larger than the one before, even when the clock goes back.
#[derive(Clone, Debug)]
pub struct Ids {
    clock: Clock,
    last: Arc<Mutex<u128>>,
}

impl Ids {
    /// A source of ids that takes its time from this clock.
    pub fn new(clock: Clock) -> Self {
        Self { clock, last: Arc::new(Mutex::new(0)) }
    }

    /// The next id.
    pub fn next<T: From<u128>>(&self) -> T {
        let millis = u128::try_from(self.clock.now().as_millis().max(0)).unwrap_or(0);
        let fresh = (millis << 80) | (u128::from_be_bytes(random::<16>()) >> 48);
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        *last = if *last < fresh { fresh } else { last.wrapping_add(1) };
        T::from(*last)
    }
}

/// Random bytes from the operating system.
///
/// # Panics
/// When the operating system gives no randomness: nothing that follows would be safe.
#[expect(clippy::expect_used, reason = "without randomness no token and no key may be made")]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// A random text for tokens and one-time values: 32 random bytes as base64url, 43 characters.
pub fn random_token() -> String {
    data_encoding::BASE64URL_NOPAD.encode(&random::<32>())
}

/// An id that follows from its parts: the first 128 bits of SHA-256 over them, each with its length.
pub fn digest<T: From<u128>>(parts: &[&[u8]]) -> T {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    let bytes: [u8; 32] = hash.finalize().into();
    T::from(bytes.iter().take(16).fold(0, |bits, byte| (bits << 8) | u128::from(*byte)))
}

#[doc(hidden)]
pub fn write(bits: u128, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
    std::fmt::Display::fmt(&ulid::Ulid::from(bits), f)
}

#[doc(hidden)]
pub fn read(text: &str) -> Result<u128, NotAnId> {
    ulid::Ulid::from_string(text).map(u128::from).map_err(|_error| NotAnId)
}

#[doc(hidden)]
pub fn serialize<S: serde::Serializer>(bits: u128, serializer: S) -> Result<S::Ok, S::Error> {
    if serializer.is_human_readable() {
        serializer.collect_str(&ulid::Ulid::from(bits))
    } else {
        serializer.serialize_bytes(&bits.to_be_bytes())
    }
}

#[doc(hidden)]
pub fn deserialize<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u128, D::Error> {
    use serde::{Deserialize, de::Error};
    if deserializer.is_human_readable() {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        read(&text).map_err(D::Error::custom)
    } else {
        let bytes = serde_bytes::ByteArray::<16>::deserialize(deserializer)?;
        Ok(u128::from_be_bytes(bytes.into_array()))
    }
}
