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
    // Inside a tagged or flattened value serde hands on what was read without saying which format it came from, so both
    // ways of writing an id are taken everywhere.
    deserializer.deserialize_any(EitherWay)
}

struct EitherWay;

impl<'de> serde::de::Visitor<'de> for EitherWay {
    type Value = u128;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an id: 26 letters and digits, or 16 bytes")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<u128, E> {
        read(text).map_err(E::custom)
    }

    fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<u128, E> {
        <[u8; 16]>::try_from(bytes).map(u128::from_be_bytes).map_err(E::custom)
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<u128, A::Error> {
        let mut bytes = [0; 16];
        for byte in &mut bytes {
            *byte = seq.next_element()?.ok_or_else(|| serde::de::Error::custom("an id has 16 bytes"))?;
        }
        Ok(u128::from_be_bytes(bytes))
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    crate::ids! {
        /// For tests.
        TestId,
    }

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[serde(tag = "kind", rename_all = "snake_case")]
    enum Tagged {
        One { id: TestId, more: Option<TestId> },
    }

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Whole {
        plain: TestId,
        #[serde(flatten)]
        tagged: Tagged,
    }

    #[test]
    fn an_id_survives_both_formats_also_inside_tagged_and_flattened_values() {
        let id = TestId::from_bits(0x0123_4567_89ab_cdef_0011_2233_4455_6677);
        let whole = Whole { plain: id, tagged: Tagged::One { id, more: Some(id) } };
        let packed = rmp_serde::to_vec_named(&whole).unwrap();
        assert_eq!(rmp_serde::from_slice::<Whole>(&packed).unwrap(), whole);
        let json = serde_json::to_string(&whole).unwrap();
        assert_eq!(serde_json::from_str::<Whole>(&json).unwrap(), whole);
        assert!(json.contains(&id.to_string()));
    }

    #[test]
    fn what_is_no_id_is_refused() {
        assert!(serde_json::from_str::<TestId>("\"short\"").is_err());
        assert!(serde_json::from_str::<TestId>("[1,2,3]").is_err());
        assert!(serde_json::from_str::<TestId>("7").is_err());
    }
}
