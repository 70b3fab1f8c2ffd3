//! Sealing of secrets at rest, and signing of what goes out and must come back unchanged.
//!
//! One key of 32 bytes, kept outside the store. From it each purpose gets a key of its own (HMAC-SHA-256 of the
//! purpose), so that a signature for one thing proves nothing about another. Secrets are sealed with
//! XChaCha20-Poly1305 and bound to the row they belong to: moved to another row they do not open. Nothing here prints.

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::id::random;

/// The first byte of everything sealed: the format, so that another can follow.
const FORMAT: u8 = 1;
const NONCE_BYTES: usize = 24;

/// A secret at rest: unreadable without the key and the row it belongs to. Prints as nothing.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sealed(#[serde(with = "serde_bytes")] Vec<u8>);

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(…)")
    }
}

impl Sealed {
    /// As text, for what must travel through a person's browser and come back: it stays unreadable there.
    pub fn to_text(&self) -> String {
        data_encoding::BASE64URL_NOPAD.encode(&self.0)
    }

    /// What [`Sealed::to_text`] wrote. Whether it opens is for the sealer to say.
    pub fn of_text(text: &str) -> Option<Self> {
        data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()).ok().map(Self)
    }
}

/// A secret in memory: wiped when dropped, and prints as nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// This text is a secret from here on.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text itself. The name is long on purpose: each use is a place to look at.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

/// What was sealed does not open: another key, another row, or damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sealed secret does not open: it was sealed with another key, for another row, or is damaged")]
pub struct CannotOpen;

/// Seals and opens. Clones share the key.
#[derive(Clone)]
pub struct Sealer(Arc<Keys>);

struct Keys {
    root: Zeroizing<[u8; 32]>,
    seal: Zeroizing<[u8; 32]>,
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer(…)")
    }
}

impl Sealer {
    /// A sealer with this key.
    pub fn new(key: [u8; 32]) -> Self {
        let root = Zeroizing::new(key);
        let seal = Zeroizing::new(mac(&root, &[b"belfry seal 1"]));
        Self(Arc::new(Keys { root, seal }))
    }

    /// Seals bytes for the row of this id; only together with the same id do they open.
    pub fn seal(&self, row: impl Into<u128>, secret: &[u8]) -> Sealed {
        let nonce = random::<NONCE_BYTES>();
        let row: u128 = row.into();
        let payload = Payload { msg: secret, aad: &row.to_be_bytes() };
        // Encryption fails only for messages of more than 256 GiB, which no caller can hold.
        let text = self.cipher().encrypt(&XNonce::from(nonce), payload).unwrap_or_default();
        let mut bytes = Vec::with_capacity(1 + NONCE_BYTES + text.len());
        bytes.push(FORMAT);
        bytes.extend_from_slice(&nonce);
        bytes.extend_from_slice(&text);
        Sealed(bytes)
    }

    /// Opens what was sealed for the row of this id.
    pub fn open(&self, row: impl Into<u128>, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, CannotOpen> {
        let (format, rest) = sealed.0.split_first().ok_or(CannotOpen)?;
        let (nonce, text) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(CannotOpen)?;
        if *format != FORMAT {
            return Err(CannotOpen);
        }
        let row: u128 = row.into();
        let payload = Payload { msg: text, aad: &row.to_be_bytes() };
        let opened = self.cipher().decrypt(&XNonce::from(*nonce), payload);
        opened.map(Zeroizing::new).map_err(|_error| CannotOpen)
    }

    /// Seals a value, as JSON.
    pub fn seal_value<T: Serialize>(&self, row: impl Into<u128>, value: &T) -> Result<Sealed, serde_json::Error> {
        let bytes = Zeroizing::new(serde_json::to_vec(value)?);
        Ok(self.seal(row, &bytes))
    }

    /// Opens a value that [`Sealer::seal_value`] sealed.
    pub fn open_value<T: DeserializeOwned>(&self, row: impl Into<u128>, sealed: &Sealed) -> Result<T, CannotOpen> {
        let bytes = self.open(row, sealed)?;
        serde_json::from_slice(&bytes).map_err(|_error| CannotOpen)
    }

    /// The signing key of a purpose: `csrf`, `media`, `cookie`.
    pub fn signer(&self, purpose: &'static str) -> Signer {
        Signer(Zeroizing::new(mac(&self.0.root, &[b"belfry sign 1", purpose.as_bytes()])))
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.0.seal).into())
    }
}

/// Signs for one purpose.
#[derive(Clone)]
pub struct Signer(Zeroizing<[u8; 32]>);

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer(…)")
    }
}

impl Signer {
    /// The signature over these parts, each with its length, so that parts cannot flow into each other.
    pub fn sign(&self, parts: &[&[u8]]) -> [u8; 32] {
        mac(&self.0, parts)
    }

    /// Whether this is the signature over these parts, or its first 16 bytes or more; takes the same time for each.
    pub fn verify(&self, parts: &[&[u8]], signature: &[u8]) -> bool {
        let expected = self.sign(parts);
        let same_length = expected.get(..signature.len()).filter(|_part| 16 <= signature.len());
        same_length.is_some_and(|expected| bool::from(expected.ct_eq(signature)))
    }
}

fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes keys of one block and fills shorter ones with zeros.
    let mut block = Zeroizing::new([0; 64]);
    for (place, byte) in block.iter_mut().zip(key) {
        *place = *byte;
    }
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new(&(*block).into());
    for part in parts {
        mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}
