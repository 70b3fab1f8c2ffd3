//! The guard for addresses that came from outside: a person's instance, a picture's link, a webhook.
//!
//! An address is allowed when it is http(s), carries no user name, and every host it leads to is public; or when the
//! owner of this server named the host in the configuration ([`Guard::allowing`]). Names are judged by what they resolve
//! to, at the moment of connecting (see `networks::client`), so a name that resolves twice gains nothing.

#[cfg(test)]
mod tests;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, OnceLock};

use url::{Host, Url};

/// Why an address is not asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressRefusal {
    /// Not an address at all.
    #[error("this is not a web address")]
    NotAnAddress,
    /// Neither http nor https.
    #[error("only http and https addresses are used")]
    Scheme,
    /// `https://user:password@…`
    #[error("an address with a user name or password in it is not used")]
    UserInfo,
    /// It leads into this machine or a private network.
    #[error("{0} belongs to this machine or a private network")]
    Private(String),
}

/// What a server may ask besides public addresses.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    allowed: Vec<Allowed>,
    /// The part of this very server that it may ask itself.
    own: Arc<OnceLock<Own>>,
}

#[derive(Debug)]
struct Own {
    address: SocketAddr,
    path: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Allowed {
    host: String,
    port: Option<u16>,
}

impl Guard {
    /// A guard that also allows these hosts, each `host` or `host:port` (`nas.local`, `192.168.1.20:3000`, `[fd00::2]:80`).
    pub fn allowing<'a>(hosts: impl IntoIterator<Item = &'a str>) -> Self {
        Self { allowed: hosts.into_iter().filter_map(Allowed::read).collect(), own: Arc::default() }
    }

    /// Allows what this server itself has below a path, and nothing else of it. Said once, when its address is known.
    pub fn allow_own(&self, address: SocketAddr, path: &str) {
        let ip = if address.ip().is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { address.ip() };
        let own = Own { address: SocketAddr::new(ip, address.port()), path: path.to_owned() };
        // A second time changes nothing: a server has one address.
        self.own.get_or_init(|| own);
    }

    /// The address of what this server has below that path.
    pub fn own(&self) -> Option<String> {
        self.own.get().map(|own| format!("http://{}{}", own.address, own.path))
    }

    fn is_own(&self, url: &Url, ip: IpAddr) -> bool {
        self.own.get().is_some_and(|own| {
            let below = url.path().strip_prefix(&own.path);
            own.address.ip() == ip
                && url.port_or_known_default() == Some(own.address.port())
                && below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
        })
    }

    /// Reads an address and judges what can be judged without resolving its name.
    pub fn check(&self, address: &str) -> Result<Url, AddressRefusal> {
        let url = Url::parse(address.trim()).map_err(|_error| AddressRefusal::NotAnAddress)?;
        self.check_url(&url)?;
        Ok(url)
    }

    /// The same for an address that is read already.
    pub fn check_url(&self, url: &Url) -> Result<(), AddressRefusal> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(AddressRefusal::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(AddressRefusal::UserInfo);
        }
        let literal = match url.host() {
            None => return Err(AddressRefusal::NotAnAddress),
            Some(Host::Domain(name)) => {
                let name = name.trim_end_matches('.');
                let local = name.eq_ignore_ascii_case("localhost") || name.to_ascii_lowercase().ends_with(".localhost");
                // A host named for one port only is refused at every other: once resolved, only its name is known.
                return if (local || self.allows_name(name)) && !self.allows(url) {
                    Err(AddressRefusal::Private(name.to_owned()))
                } else {
                    Ok(())
                };
            }
            Some(Host::Ipv4(ip)) => IpAddr::V4(ip),
            Some(Host::Ipv6(ip)) => IpAddr::V6(ip),
        };
        if is_public(literal) || self.allows(url) || self.is_own(url, literal) {
            Ok(())
        } else {
            Err(AddressRefusal::Private(literal.to_string()))
        }
    }

    /// Whether the owner of this server named this address's host.
    pub fn allows(&self, url: &Url) -> bool {
        let Some(host) = url.host_str() else { return false };
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let port = url.port_or_known_default();
        self.allowed.iter().any(|allowed| allowed.host == host && (allowed.port.is_none() || allowed.port == port))
    }
}

impl Guard {
    /// Whether the owner named this host, whatever the port: for the moment of resolving, when only the name is known.
    /// The port was judged before ([`Self::check_url`]).
    pub fn allows_name(&self, name: &str) -> bool {
        let name = name.trim_end_matches('.');
        self.allowed.iter().any(|allowed| allowed.host.eq_ignore_ascii_case(name))
    }
}

impl Allowed {
    fn read(text: &str) -> Option<Self> {
        let url = Url::parse(&format!("http://{}", text.trim())).ok()?;
        let host = url.host_str()?.trim_end_matches('.').to_ascii_lowercase();
        // Port 80 is the default and vanishes from the parsed address, so it is looked for in the text.
        let port = url.port().or_else(|| text.trim().ends_with(":80").then_some(80));
        Some(Self { host, port })
    }
}

/// Whether an IP address is one of the public internet: not private, loopback, link-local, shared, multicast,
/// documentation or reserved, in none of the ways to write such a one inside IPv6.
/// (IANA special-purpose address registries, read 2026-11.)
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !(ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_broadcast()
        || ip.is_documentation()
        || ip.is_multicast()
        || a == 0
        || 240 <= a
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b)))
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let segments = ip.segments();
    let [first, second, ..] = segments;
    // IPv4 inside IPv6 in all its forms: mapped, compatible, NAT64, 6to4. Refused as a whole unless what it
    // leads to is public; Teredo hides its target and is refused always.
    if let Some(inner) = embedded_v4(ip) {
        return is_public_v4(inner);
    }
    let global_unicast = first & 0xe000 == 0x2000;
    let special = (first == 0x2001 && (second < 0x0200 || second == 0x0db8)) || first & 0xfff0 == 0x3ff0;
    global_unicast && !special
}

fn embedded_v4(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let [s0, s1, s2, s3, s4, s5, s6, s7] = ip.segments();
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    let zero_start = [s0, s1, s2, s3] == [0; 4];
    match () {
        () if zero_start && s4 == 0 && (s5 == 0xffff || s5 == 0) && 1 < (u32::from(s6) << 16 | u32::from(s7)) => {
            Some(v4(s6, s7))
        }
        () if zero_start && s4 == 0xffff && s5 == 0 => Some(v4(s6, s7)),
        () if s0 == 0x0064 && s1 == 0xff9b => Some(v4(s6, s7)),
        () if s0 == 0x2002 => Some(v4(s1, s2)),
        () => None,
    }
}
