//! Passwords: hashed with argon2id, one at a time, away from the threads that serve pages.
//!
//! 19 MiB, two passes, one lane: the first of the OWASP Password Storage Cheat Sheet's argon2id settings (read 2026-11).
//! A name that is not known costs the same work as one that is, so that the time tells nothing.

#[cfg(test)]
mod tests;

use std::fmt;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::Refusal;
use crate::app::App;
use crate::words::Message;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// A hashed password, as a PHC string. Prints as nothing.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hash(String);

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hash(…)")
    }
}

/// A turn at hashing: while it is held, nobody else hashes.
#[derive(Debug)]
pub struct Turn<'a>(#[expect(dead_code, reason = "held, not read")] tokio::sync::SemaphorePermit<'a>);

/// Waits for a turn. Refuses when too many wait already.
pub async fn turn(app: &App) -> Result<Turn<'_>, Refusal> {
    let turn = app.hashing.turn().await;
    turn.map(Turn).ok_or_else(|| Refusal::Rule(Message::new("sign-in-busy")))
}

/// Hashes a new password.
pub async fn hash(app: &App, password: &str) -> Result<Hash, Refusal> {
    let turn = turn(app).await?;
    hash_in(&turn, password).await
}

/// Hashes a new password in a turn one has.
pub async fn hash_in(_turn: &Turn<'_>, password: &str) -> Result<Hash, Refusal> {
    let password = Zeroizing::new(password.as_bytes().to_vec());
    let hashed = tokio::task::spawn_blocking(move || hash_now(&password)).await;
    hashed.ok().flatten().ok_or_else(|| Refusal::Rule(Message::new("sign-in-busy")))
}

/// Whether this is the password; with no hash to compare with, the same work and no.
pub async fn verify_in(_turn: &Turn<'_>, password: &str, hash: Option<&Hash>) -> Result<bool, Refusal> {
    let password = Zeroizing::new(password.as_bytes().to_vec());
    let hash = hash.cloned();
    let verified = tokio::task::spawn_blocking(move || match hash {
        Some(hash) => verify_now(&password, &hash),
        None => hash_now(&password).is_some_and(|_hash| false),
    });
    verified.await.map_err(|_ended| Refusal::Rule(Message::new("sign-in-busy")))
}

/// Whether this is the password of someone who is signed in already.
pub async fn verify(app: &App, password: &str, hash: &Hash) -> Result<bool, Refusal> {
    let turn = turn(app).await?;
    verify_in(&turn, password, Some(hash)).await
}

fn hasher() -> Option<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).ok()?;
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash_now(password: &[u8]) -> Option<Hash> {
    hasher()?.hash_password(password).ok().map(|hash| Hash(hash.to_string()))
}

fn verify_now(password: &[u8], hash: &Hash) -> bool {
    let (Some(hasher), Ok(parsed)) = (hasher(), PasswordHash::new(&hash.0)) else { return false };
    hasher.verify_password(password, &parsed).is_ok()
}
