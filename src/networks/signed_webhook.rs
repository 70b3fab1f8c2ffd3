//! Signing and verifying the Standard Webhooks way, symmetric (standard-webhooks specification, read 2026-11).
//!
//! What is signed is the id, the time of the attempt and the raw bytes of the body, so a copy sent later or changed on
//! the way is not believed. Whoever receives it still has to remember the ids it has seen.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::time::Duration;

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::error::NetworkError;
use crate::base::clock::At;
use crate::base::id;

/// How far the time of an attempt may lie from ours.
const TOLERANCE: Duration = Duration::from_mins(5);
/// What a secret begins with.
const PREFIX: &str = "whsec_";

/// A new secret: `whsec_` and 32 random bytes.
pub fn make_secret() -> String {
    format!("{PREFIX}{}", BASE64.encode(&id::random::<32>()))
}

/// Whether this is a secret that can sign: base64 of 24 to 64 bytes, with or without `whsec_` before it.
pub fn is_secret(secret: &str) -> bool {
    key(secret).is_ok_and(|key| (24..=64).contains(&key.len()))
}

/// The three headers of a delivery. `id` stays the same over all attempts; `at` is the time of this one.
pub fn sign(secret: &str, id: &str, at: At, body: &[u8]) -> Result<[(&'static str, String); 3], NetworkError> {
    let timestamp = at.as_seconds().to_string();
    let signature = format!("v1,{}", BASE64.encode(&mac(secret, id, &timestamp, body)?.finalize().into_bytes()));
    Ok([("webhook-id", id.to_owned()), ("webhook-timestamp", timestamp), ("webhook-signature", signature)])
}

/// Checks a delivery and gives its id. `headers` have names in small letters.
pub fn verify(secret: &str, headers: &BTreeMap<String, String>, body: &[u8], now: At) -> Result<String, NetworkError> {
    let header = |name: &str| headers.get(name).map(|value| value.trim()).filter(|value| !value.is_empty());
    let refuse = |reason: &str| NetworkError::Refused { reason: reason.to_owned() };
    let (Some(id), Some(timestamp), Some(signatures)) =
        (header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"))
    else {
        return Err(refuse("the delivery is not signed"));
    };
    let seconds = timestamp.parse::<i64>().map_err(|_error| refuse("the time of the delivery is not a number"))?;
    let sent_at = At::from_millis(seconds.saturating_mul(1000));
    if TOLERANCE < now.since(sent_at).max(sent_at.since(now)) {
        return Err(refuse("the delivery is too old, or a clock is wrong"));
    }
    let expected = mac(secret, id, timestamp, body)?;
    // The comparison takes the same time wherever the first difference is.
    let matches = |signature: &[u8]| expected.clone().verify_slice(signature).is_ok();
    let believed = signatures
        .split_ascii_whitespace()
        .filter_map(|item| item.strip_prefix("v1,"))
        .filter_map(|encoded| BASE64.decode(encoded.as_bytes()).ok())
        .any(|signature| matches(&signature));
    if believed { Ok(id.to_owned()) } else { Err(refuse("the signature is not right")) }
}

fn key(secret: &str) -> Result<Vec<u8>, NetworkError> {
    let encoded = secret.trim();
    BASE64
        .decode(encoded.strip_prefix(PREFIX).unwrap_or(encoded).as_bytes())
        .map_err(|_error| NetworkError::Reconnect { reason: "the secret is not base64 after whsec_".to_owned() })
}

fn mac(secret: &str, id: &str, timestamp: &str, body: &[u8]) -> Result<Hmac<Sha256>, NetworkError> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&key(secret)?)
        .map_err(|error| NetworkError::Reconnect { reason: format!("the secret cannot sign: {error}") })?;
    for piece in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
        mac.update(piece);
    }
    Ok(mac)
}
