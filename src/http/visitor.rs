//! Where a request comes from: the address, whether the browser speaks HTTPS, and the host it asked for.
//!
//! What `X-Forwarded-…` headers say counts only when the connection comes from a trusted proxy; of the chain in
//! `X-Forwarded-For` the last address that is not a trusted proxy is the visitor's.

#[cfg(test)]
mod tests;

use std::future::{Ready, ready};
use std::net::{IpAddr, Ipv4Addr};

use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderMap};
use actix_web::http::uri::Authority;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use super::{AppRef, Failure};
use crate::config::proxies::Proxies;

/// Who is at the other end of the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visitor {
    /// The address.
    pub address: IpAddr,
    /// The browser speaks HTTPS.
    pub secure: bool,
    /// The host the browser asked for, with its port if it is not the usual one.
    pub host: String,
}

impl Visitor {
    /// Who sent this request.
    pub fn of(request: &HttpRequest) -> Result<Self, Failure> {
        if let Some(known) = request.extensions().get::<Self>() {
            return Ok(known.clone());
        }
        let app = AppRef::of(request)?;
        let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |address| address.ip());
        let visitor = read(
            peer,
            request.headers(),
            request.uri().authority().map(Authority::as_str),
            &app.config.trusted_proxies,
        );
        request.extensions_mut().insert(visitor.clone());
        Ok(visitor)
    }

    /// The origin as the browser knows it: `https://belfry.example`.
    pub fn origin(&self) -> String {
        format!("{}://{}", if self.secure { "https" } else { "http" }, self.host)
    }

    /// The browser treats this page as secure: HTTPS, or this very machine.
    pub fn is_secure_context(&self) -> bool {
        let name = self.host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
        let name = name.map_or(self.host.as_str(), |(name, _port)| name);
        self.secure
            || name == "localhost"
            || name.ends_with(".localhost")
            || name == "[::1]"
            || name.starts_with("127.")
    }
}

fn read(peer: IpAddr, headers: &HeaderMap, authority: Option<&str>, proxies: &Proxies) -> Visitor {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text(header::HOST.as_str()).or(authority).unwrap_or_default();
    if !proxies.trust(peer) {
        return Visitor { address: peer.to_canonical(), secure: false, host: host.to_ascii_lowercase() };
    }
    let chain =
        headers.get_all("x-forwarded-for").filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join(",");
    let mut address = peer;
    for hop in chain.rsplit(',') {
        // A hop that cannot be read ends what can be believed.
        let Some(hop) = parse_hop(hop) else { break };
        address = hop;
        if !proxies.trust(hop) {
            break;
        }
    }
    let last = |name: &str| text(name).and_then(|value| value.rsplit(',').next()).map(str::trim);
    let secure = last("x-forwarded-proto").is_some_and(|proto| proto.eq_ignore_ascii_case("https"));
    let host = last("x-forwarded-host").filter(|host| !host.is_empty()).unwrap_or(host);
    Visitor { address: address.to_canonical(), secure, host: host.to_ascii_lowercase() }
}

/// An address, perhaps with a port: `192.0.2.7`, `192.0.2.7:1234`, `2001:db8::7`, `[2001:db8::7]:1234`.
fn parse_hop(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    hop.parse::<IpAddr>()
        .ok()
        .or_else(|| hop.parse::<std::net::SocketAddr>().ok().map(|address| address.ip()))
        .or_else(|| hop.strip_prefix('[')?.strip_suffix(']')?.parse().ok())
}

impl FromRequest for Visitor {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Self::of(request))
    }
}
