//! Signed addresses of pictures: who has the address may see the picture, nobody can make one up.
//!
//! An address for pages holds for the week it was made in and the next, and stays the same within the week, so that
//! browsers keep what they fetched. An address for a network that fetches pictures by itself holds for 15 minutes.
//! The signature covers asset, rendition and time. What is behind an address is not looked up here.
//! Pictures of people elsewhere have addresses of the same kind, by the name of their file.

use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;

use super::{AssetId, FileId, Kind};
use crate::base::clock::At;
use crate::base::seal::{self, Sealer};
use crate::people::WorkspaceId;

const WEEK_S: i64 = 7 * 24 * 60 * 60;

/// Half of an HMAC-SHA256: 128 bits, 22 letters.
const SIGNATURE_BYTES: usize = 16;

/// How long an address for outside fetchers holds.
pub const OUTSIDE_FOR: Duration = Duration::from_mins(15);

/// Signs addresses and checks them.
#[derive(Clone, Debug)]
pub struct Signer(seal::Signer);

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
    Week([u8; 8]),
    Until([u8; 8]),
}

impl Signer {
    /// Signs with a key of this server that is used for nothing else.
    pub fn new(sealer: &Sealer) -> Self {
        Self(sealer.signer("media"))
    }

    /// The address of a rendition for pages: `/media/<workspace>/<asset>/<rendition>?w=<week>&s=<signature>`.
    pub fn path(&self, workspace: WorkspaceId, asset: AssetId, rendition: &str, now: At) -> String {
        let week = week_of(now);
        let signature = self.sign(asset, rendition, Holds::Week(week.to_be_bytes()));
        format!("/media/{workspace}/{asset}/{rendition}?w={week}&s={signature}")
    }

    /// The address of a rendition for a network that fetches it; holds for [`OUTSIDE_FOR`].
    pub fn outside_path(&self, workspace: WorkspaceId, asset: AssetId, rendition: &str, now: At) -> String {
        let until = now.plus(OUTSIDE_FOR).as_seconds();
        let signature = self.sign(asset, rendition, Holds::Until(until.to_be_bytes()));
        format!("/media/{workspace}/{asset}/{rendition}?u={until}&s={signature}")
    }

    /// How long this address still holds, for caches; `None` where it does not hold.
    pub fn verify(&self, asset: AssetId, rendition: &str, given: &Signature, now: At) -> Option<Duration> {
        let (holds, until_s) = match (given.w, given.u) {
            (Some(week), None) => {
                // A week to come was not signed by this clock.
                if week_of(now) < week {
                    return None;
                }
                (Holds::Week(week.to_be_bytes()), week.checked_add(2)?.checked_mul(WEEK_S)?)
            }
            (None, Some(until)) => (Holds::Until(until.to_be_bytes()), until),
            _ => return None,
        };
        let signature = BASE64URL_NOPAD.decode(given.s.as_bytes()).ok()?;
        if !self.0.verify(&holds.parts(&asset.bits().to_be_bytes(), rendition), &signature) {
            return None;
        }
        left(until_s, now)
    }

    /// The address of a picture of someone elsewhere, for pages: `/avatar/<file>.<kind>?w=<week>&s=<signature>`.
    pub fn avatar_path(&self, file: FileId, kind: Kind, now: At) -> String {
        let week = week_of(now);
        let signature = self.0.sign(&avatar_parts(&week.to_be_bytes(), file.as_bytes(), kind.extension()));
        let signature = BASE64URL_NOPAD.encode(signature.get(..SIGNATURE_BYTES).unwrap_or(&signature));
        format!("/avatar/{file}.{}?w={week}&s={signature}", kind.extension())
    }

    /// How long this address of a picture of someone elsewhere still holds; `None` where it does not hold.
    pub fn verify_avatar(&self, file: FileId, kind: Kind, given: &Signature, now: At) -> Option<Duration> {
        let week = given.w.filter(|week| given.u.is_none() && *week <= week_of(now))?;
        let signature = BASE64URL_NOPAD.decode(given.s.as_bytes()).ok()?;
        if !self.0.verify(&avatar_parts(&week.to_be_bytes(), file.as_bytes(), kind.extension()), &signature) {
            return None;
        }
        left(week.checked_add(2)?.checked_mul(WEEK_S)?, now)
    }

    fn sign(&self, asset: AssetId, rendition: &str, holds: Holds) -> String {
        let signature = self.0.sign(&holds.parts(&asset.bits().to_be_bytes(), rendition));
        BASE64URL_NOPAD.encode(signature.get(..SIGNATURE_BYTES).unwrap_or(&signature))
    }
}

impl Holds {
    /// What is signed.
    fn parts<'a>(&'a self, asset: &'a [u8; 16], rendition: &'a str) -> [&'a [u8]; 4] {
        match self {
            Self::Week(week) => [b"week", week, asset, rendition.as_bytes()],
            Self::Until(until) => [b"until", until, asset, rendition.as_bytes()],
        }
    }
}

/// What is signed for a picture of someone elsewhere.
fn avatar_parts<'a>(week: &'a [u8; 8], file: &'a [u8; 32], extension: &'a str) -> [&'a [u8]; 4] {
    [b"avatar", week, file, extension.as_bytes()]
}

fn left(until_s: i64, now: At) -> Option<Duration> {
    let left = until_s.checked_sub(now.as_seconds()).and_then(|left| u64::try_from(left).ok())?;
    (0 < left).then(|| Duration::from_secs(left))
}

fn week_of(now: At) -> i64 {
    now.as_seconds().div_euclid(WEEK_S)
}

#[cfg(test)]
mod tests;
