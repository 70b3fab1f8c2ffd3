//! Defence against requests that another site makes a browser send.
//!
//! A request that changes something must come from a page of ours: `Sec-Fetch-Site`, where it is sent, must not name
//! another site; `Origin` (else `Referer`) must be the host that was asked; and it must carry a token that follows from
//! the session, or, before sign-in, from a random cookie. The token looks different in each page, so that the size of
//! compressed pages tells nothing about it.

#[cfg(test)]
mod tests;

use actix_web::http::header::{self, HeaderMap};
use url::Url;

use super::{Failure, Visitor};
use crate::base::id::random;
use crate::base::seal::Signer;

/// The header that carries the token of requests made by scripts.
pub const HEADER: &str = "x-csrf-token";
/// The field that carries it in forms.
pub const FIELD: &str = "csrf";

const BYTES: usize = 16;

/// Whether the request comes from a page of ours, as far as its headers tell.
pub fn check_origin(headers: &HeaderMap, visitor: &Visitor, public: Option<&Url>) -> Result<(), Failure> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if text("sec-fetch-site").is_some_and(|site| matches!(site, "cross-site" | "same-site")) {
        return Err(Failure::Forged("the browser says that another site sent it"));
    }
    let from = text(header::ORIGIN.as_str()).or_else(|| text(header::REFERER.as_str()));
    let from = from.ok_or(Failure::Forged("neither Origin nor Referer says where it comes from"))?;
    let from: Url = from.parse().map_err(|_error| Failure::Forged("Origin or Referer is no address"))?;
    let ours = own_addresses(visitor, public);
    if ours.iter().any(|own| same_origin(own, &from, visitor.secure)) {
        Ok(())
    } else {
        Err(Failure::Forged("Origin or Referer is another host"))
    }
}

fn own_addresses(visitor: &Visitor, public: Option<&Url>) -> Vec<Url> {
    let asked = visitor.origin().parse().ok();
    asked.into_iter().chain(public.cloned()).collect()
}

/// The scheme is compared only where Belfry knows that the browser speaks HTTPS: behind a proxy that is not named in
/// the settings it sees plain HTTP where the browser does not. The port follows from the scheme when none is written.
fn same_origin(own: &Url, from: &Url, secure: bool) -> bool {
    if !matches!(from.scheme(), "http" | "https") || own.host() != from.host() {
        return false;
    }
    if secure {
        return own.scheme() == from.scheme() && own.port_or_known_default() == from.port_or_known_default();
    }
    own.port() == from.port() || own.port_or_known_default() == from.port_or_known_default()
}

/// What a token is bound to.
#[derive(Clone, Debug)]
pub enum Bound {
    /// A session, by its id.
    Session(u128),
    /// The random cookie of a browser that is not signed in.
    Visit(String),
}

/// A token for a page: random bytes, and the true token hidden under them.
pub fn token(signer: &Signer, bound: &Bound) -> String {
    let mask = random::<BYTES>();
    let hidden = mask.iter().zip(plain(signer, bound)).map(|(mask, byte)| mask ^ byte);
    let whole: Vec<u8> = mask.iter().copied().chain(hidden).collect();
    data_encoding::BASE64URL_NOPAD.encode(&whole)
}

/// Whether this is a token for what it is bound to.
pub fn check_token(signer: &Signer, bound: &Bound, token: Option<&str>) -> Result<(), Failure> {
    let token = token.ok_or(Failure::Forged("it carries no token"))?;
    let bytes = data_encoding::BASE64URL_NOPAD.decode(token.as_bytes()).unwrap_or_default();
    let shown: Vec<u8> = match bytes.split_at_checked(BYTES) {
        Some((mask, hidden)) => mask.iter().zip(hidden).map(|(mask, byte)| mask ^ byte).collect(),
        None => Vec::new(),
    };
    let parts = parts(bound);
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    if bytes.len() == 2 * BYTES && signer.verify(&parts, &shown) {
        Ok(())
    } else {
        Err(Failure::Forged("its token is not that of this session"))
    }
}

fn plain(signer: &Signer, bound: &Bound) -> impl Iterator<Item = u8> {
    let parts = parts(bound);
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    signer.sign(&parts).into_iter().take(BYTES)
}

fn parts(bound: &Bound) -> [Vec<u8>; 2] {
    match bound {
        Bound::Session(id) => [b"session".to_vec(), id.to_be_bytes().to_vec()],
        Bound::Visit(value) => [b"visit".to_vec(), value.as_bytes().to_vec()],
    }
}
