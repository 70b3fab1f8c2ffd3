//! Signed addresses of pictures: who has the address may see the picture, nobody can make one up.
//!
//! An address for pages holds for the week it was made in and the next, and stays the same within the week, so that
//! browsers keep what they fetched. An address for a network that fetches pictures by itself holds for 15 minutes.
//! The signature covers asset, rendition and time. What is behind an address is not looked up here.

use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::AssetId;
use crate::base::clock::At;

const WEEK_S: i64 = 7 * 24 * 60 * 60;

/// How long an address for outside fetchers holds.
pub const OUTSIDE_FOR: Duration = Duration::from_mins(15);

/// Signs addresses and checks them, with a secret of this server.
#[derive(Clone)]
pub struct Signer(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signer(secret)")
    }
}

/// What stands behind the `?` of a signed address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Signature {
    /// The week it was made in, counted from 1970.
    #[serde(default)]
    pub w: Option<i64>,
    /// For outside fetchers: until when it holds, in seconds since 1970.
    #[serde(default)]
    pub u: Option<i64>,
    /// The signature.
    #[serde(default)]
    pub s: String,
}

/// Until when an address holds.
#[derive(Clone, Copy, Debug)]
enum Holds {
    Week(i64),
    Until(i64),
}

impl Signer {
    /// Signs with this secret, which should be used for nothing else.
    pub fn new(secret: [u8; 32]) -> Self {
        Self(Zeroizing::new(secret))
    }

    /// The address of a rendition for pages: `/media/<asset>/<rendition>?w=<week>&s=<signature>`.
    pub fn path(&self, asset: AssetId, rendition: &str, now: At) -> String {
        let week = week_of(now);
        let signature = self.sign(asset, rendition, Holds::Week(week));
        format!("/media/{asset}/{rendition}?w={week}&s={signature}")
    }

    /// The address of a rendition for a network that fetches it; holds for [`OUTSIDE_FOR`].
    pub fn outside_path(&self, asset: AssetId, rendition: &str, now: At) -> String {
        let until = now.plus(OUTSIDE_FOR).as_seconds();
        let signature = self.sign(asset, rendition, Holds::Until(until));
        format!("/media/{asset}/{rendition}?u={until}&s={signature}")
    }

    /// How long this address still holds, for caches; `None` where it does not hold.
    pub fn verify(&self, asset: AssetId, rendition: &str, given: &Signature, now: At) -> Option<Duration> {
        let (holds, until_s) = match (given.w, given.u) {
            (Some(week), None) => {
                // A week to come was not signed by this clock.
                if week_of(now) < week {
                    return None;
                }
                (Holds::Week(week), week.checked_add(2)?.checked_mul(WEEK_S)?)
            }
            (None, Some(until)) => (Holds::Until(until), until),
            _ => return None,
        };
        let signed = self.sign(asset, rendition, holds);
        if !bool::from(signed.as_bytes().ct_eq(given.s.as_bytes())) {
            return None;
        }
        let left = until_s.checked_sub(now.as_seconds()).and_then(|left| u64::try_from(left).ok())?;
        (0 < left).then(|| Duration::from_secs(left))
    }

    fn sign(&self, asset: AssetId, rendition: &str, holds: Holds) -> String {
        let (kind, number) = match holds {
            Holds::Week(week) => (b'w', week),
            Holds::Until(until) => (b'u', until),
        };
        // The one part without a fixed length stands last.
        let mut mac = mac(&self.0);
        mac.update(b"media path 1");
        mac.update(&[kind]);
        mac.update(&number.to_be_bytes());
        mac.update(&asset.bits().to_be_bytes());
        mac.update(rendition.as_bytes());
        let digest = mac.finalize().into_bytes();
        BASE64URL_NOPAD.encode(&digest)
    }
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
fn mac(key: &[u8; 32]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes keys of every length")
}

fn week_of(now: At) -> i64 {
    now.as_seconds().div_euclid(WEEK_S)
}

#[cfg(test)]
mod tests;
