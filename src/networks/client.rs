//! The one HTTP client for requests to the outside.
//!
//! Every request passes the guard: the address itself, each redirect, and the IP addresses its name resolves to, which
//! are the ones then connected to. Requests have a deadline and answers a size cap; nothing is retried here. A request
//! that changes something follows no redirect. What went wrong is told apart by whether the request can have left.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue, LOCATION};
use reqwest::{Method, StatusCode, redirect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::error::NetworkError;
use crate::base::clock::{At, Clock};
use crate::base::url_guard::{Guard, is_public};

/// How large an answer may be unless the request says otherwise.
const ANSWER_MAX_BYTES: usize = 4 * 1024 * 1024;
/// How long a request may take in all unless it says otherwise.
const DEADLINE: Duration = Duration::from_secs(30);
/// How many redirects a reading request follows.
const REDIRECTS_MAX: usize = 3;
/// How many servers' clocks are remembered.
const SERVERS_MAX: usize = 1_000;

/// The guarded client. Clones share its connections.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    guard: Arc<Guard>,
    clock: Clock,
    /// How far each server's clock is ahead of ours, by its origin, as its last answer said.
    ahead_ms: Arc<Mutex<HashMap<String, i64>>>,
}

impl Client {
    /// A client behind this guard. `user_agent` names Belfry and its version to every server.
    pub fn new(guard: Guard, user_agent: &str) -> Result<Self, NetworkError> {
        Self::with_lookup(guard, user_agent, Arc::new(|name| Box::pin(look_up(name))))
    }

    fn with_lookup(guard: Guard, user_agent: &str, lookup: Lookup) -> Result<Self, NetworkError> {
        // More than one part of the program may set the same provider; the first wins and all are the same.
        drop(rustls::crypto::ring::default_provider().install_default());
        let guard = Arc::new(guard);
        let http = reqwest::Client::builder()
            .user_agent(user_agent)
            .no_proxy()
            .redirect(redirect::Policy::none())
            .connect_timeout(Duration::from_secs(10))
            .pool_idle_timeout(Duration::from_mins(1))
            .pool_max_idle_per_host(2)
            .dns_resolver(Arc::new(GuardedNames { guard: Arc::clone(&guard), lookup }))
            .build()
            .map_err(|error| NetworkError::NotSent { reason: format!("no HTTP client: {}", innermost(&error)) })?;
        Ok(Self { http, guard, clock: Clock::default(), ahead_ms: Arc::default() })
    }

    /// The same client with this clock, which servers' clocks are compared with.
    #[must_use]
    pub fn with_clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// How far the clock of the server at this origin was ahead of ours when it last answered, in milliseconds. Servers
    /// tell whole seconds.
    pub fn server_ahead_ms(&self, origin: &str) -> Option<i64> {
        let key = Url::parse(origin).ok()?.origin().ascii_serialization();
        self.ahead_ms.lock().unwrap_or_else(PoisonError::into_inner).get(&key).copied()
    }

    /// The same for every server that has answered.
    pub fn servers_ahead_ms(&self) -> Vec<i64> {
        self.ahead_ms.lock().unwrap_or_else(PoisonError::into_inner).values().copied().collect()
    }

    fn note_clock(&self, answer: &Answer) {
        let Some(theirs) = answer.date() else { return };
        let ahead = theirs.as_millis().saturating_sub(self.clock.now().as_millis());
        let mut known = self.ahead_ms.lock().unwrap_or_else(PoisonError::into_inner);
        // Others' pictures and links are many servers; only the first thousand are remembered.
        if known.len() < SERVERS_MAX || known.contains_key(&answer.address.origin().ascii_serialization()) {
            known.insert(answer.address.origin().ascii_serialization(), ahead);
        }
    }

    /// The guard, for judging an address before it is stored.
    pub fn guard(&self) -> &Guard {
        &self.guard
    }

    /// A request that reads. Follows up to three redirects, each through the guard; secrets stay with the first host.
    pub fn get(&self, url: &str) -> Request<'_> {
        self.request(Method::GET, url)
    }

    /// A request that may change something; follows no redirect.
    pub fn post(&self, url: &str) -> Request<'_> {
        self.request(Method::POST, url)
    }

    /// A request that may change something; follows no redirect.
    pub fn put(&self, url: &str) -> Request<'_> {
        self.request(Method::PUT, url)
    }

    /// A request that may change something; follows no redirect.
    pub fn delete(&self, url: &str) -> Request<'_> {
        self.request(Method::DELETE, url)
    }

    fn request(&self, method: Method, url: &str) -> Request<'_> {
        let address = self.guard.check(url).map_err(|refusal| NetworkError::Address { reason: refusal.to_string() });
        Request {
            client: self,
            method,
            address,
            headers: HeaderMap::new(),
            body: Body::None,
            deadline: DEADLINE,
            max_bytes: ANSWER_MAX_BYTES,
            cut: false,
            broken: None,
        }
    }
}

/// A request in the making.
#[derive(Debug)]
#[must_use = "a request does nothing until it is sent"]
pub struct Request<'a> {
    client: &'a Client,
    method: Method,
    address: Result<Url, NetworkError>,
    headers: HeaderMap,
    body: Body,
    deadline: Duration,
    max_bytes: usize,
    cut: bool,
    broken: Option<String>,
}

#[derive(Debug)]
enum Body {
    None,
    Bytes(Bytes),
    Multipart(reqwest::multipart::Form),
}

impl Request<'_> {
    /// Adds to the query.
    pub fn query<'q>(mut self, pairs: impl IntoIterator<Item = (&'q str, &'q str)>) -> Self {
        if let Ok(address) = &mut self.address {
            address.query_pairs_mut().extend_pairs(pairs);
        }
        self
    }

    /// Sets a header.
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        match HeaderValue::from_str(value) {
            Ok(value) => {
                self.headers.insert(HeaderName::from_static(name), value);
            }
            Err(_invalid) => self.broken = Some(format!("the header {name} has signs that no header may have")),
        }
        self
    }

    /// Sets the bearer token.
    pub fn bearer(self, token: &str) -> Self {
        let mut request = self.header("authorization", &format!("Bearer {token}"));
        if let Some(value) = request.headers.get_mut("authorization") {
            value.set_sensitive(true);
        }
        request
    }

    /// Sets a JSON body.
    pub fn json<T: Serialize + ?Sized>(mut self, value: &T) -> Self {
        match serde_json::to_vec(value) {
            Ok(bytes) => self.bytes("application/json", bytes),
            Err(error) => {
                self.broken = Some(format!("the request cannot be written as JSON: {error}"));
                self
            }
        }
    }

    /// Sets a form body.
    pub fn form<'q>(self, pairs: impl IntoIterator<Item = (&'q str, &'q str)>) -> Self {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        self.bytes("application/x-www-form-urlencoded", body)
    }

    /// Sets a raw body.
    pub fn bytes(self, content_type: &str, bytes: impl Into<Bytes>) -> Self {
        let mut request = self.header("content-type", content_type);
        request.body = Body::Bytes(bytes.into());
        request
    }

    /// Sets a multipart body.
    pub fn multipart(mut self, form: reqwest::multipart::Form) -> Self {
        self.body = Body::Multipart(form);
        self
    }

    /// Sets how long the request may take in all.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Sets how large the answer may be.
    pub fn max_bytes(mut self, max_bytes: usize) -> Self {
        self.max_bytes = max_bytes;
        self
    }

    /// Takes only the beginning of the answer, so many bytes at most: for pages, whose head is all that is read.
    pub fn first_bytes(mut self, max_bytes: usize) -> Self {
        self.max_bytes = max_bytes;
        self.cut = true;
        self
    }

    /// Sends it and takes in the whole answer, whatever its status.
    ///
    /// [`NetworkError::NotSent`] when nothing can have reached the server, [`NetworkError::Address`] when the guard
    /// refuses, [`NetworkError::Unclear`] for everything after the first byte may have left.
    pub async fn send(self) -> Result<Answer, NetworkError> {
        if let Some(reason) = self.broken {
            return Err(NetworkError::Refused { reason });
        }
        let deadline = self.deadline;
        tokio::time::timeout(deadline, self.exchange()).await.unwrap_or_else(|_elapsed| {
            Err(NetworkError::Unclear { reason: format!("no answer within {} s", deadline.as_secs()) })
        })
    }

    async fn exchange(self) -> Result<Answer, NetworkError> {
        let Self { client, method, address, mut headers, body, max_bytes, cut, .. } = self;
        let mut address = address?;
        let reads = method == Method::GET;
        let mut request = client.http.request(method.clone(), address.clone()).headers(headers.clone());
        request = match body {
            Body::None => request,
            Body::Bytes(bytes) => request.body(bytes),
            Body::Multipart(form) => request.multipart(form),
        };
        let mut response = request.send().await.map_err(|error| failure(&error))?;
        let mut hops = 0;
        while let Some(next) = redirect_target(&response, &address).filter(|_url| reads && hops < REDIRECTS_MAX) {
            client.guard.check_url(&next).map_err(|refusal| NetworkError::Address { reason: refusal.to_string() })?;
            if next.origin() != address.origin() {
                headers.remove("authorization");
                headers.remove("cookie");
            }
            address = next;
            hops = hops.saturating_add(1);
            let request = client.http.get(address.clone()).headers(headers.clone());
            response = request.send().await.map_err(|error| failure(&error))?;
        }
        let answer = collect(response, address, max_bytes, cut).await?;
        client.note_clock(&answer);
        Ok(answer)
    }
}

fn redirect_target(response: &reqwest::Response, from: &Url) -> Option<Url> {
    let moved = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    let location = response.headers().get(LOCATION).filter(|_location| moved)?;
    from.join(location.to_str().ok()?).ok()
}

async fn collect(
    mut response: reqwest::Response,
    address: Url,
    max_bytes: usize,
    cut: bool,
) -> Result<Answer, NetworkError> {
    let (status, headers) = (response.status(), response.headers().clone());
    let mut body = BytesMut::new();
    loop {
        let chunk = response.chunk().await;
        let chunk = chunk
            .map_err(|error| NetworkError::Unclear { reason: format!("half an answer: {}", innermost(&error)) })?;
        let Some(chunk) = chunk else { break };
        if max_bytes < body.len().saturating_add(chunk.len()) {
            if cut {
                body.extend_from_slice(chunk.get(..max_bytes.saturating_sub(body.len())).unwrap_or_default());
                break;
            }
            return Err(NetworkError::Unclear { reason: format!("an answer of more than {max_bytes} bytes") });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, headers, body: body.freeze(), address })
}

/// Tells what can have left from what cannot.
fn failure(error: &reqwest::Error) -> NetworkError {
    let mut source: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(cause) = source {
        if let Some(refused) = cause.downcast_ref::<PrivateName>() {
            return NetworkError::Address { reason: refused.to_string() };
        }
        source = cause.source();
    }
    let reason = innermost(error);
    if error.is_connect() || error.is_builder() {
        NetworkError::NotSent { reason }
    } else {
        NetworkError::Unclear { reason }
    }
}

/// The innermost cause: the outer ones repeat the address, which may carry a secret in its query.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    if cause.is::<reqwest::Error>() { "the request failed".to_owned() } else { cause.to_string() }
}

/// What a server answered.
#[derive(Clone, Debug)]
pub struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    address: Url,
}

impl Answer {
    /// The status, 200 and the like.
    pub fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// 200 to 299.
    pub fn is_success(&self) -> bool {
        self.status.is_success()
    }

    /// A header's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The whole body.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Where the answer came from, after redirects.
    pub fn address(&self) -> &Url {
        &self.address
    }

    /// The body as JSON. A 2xx that cannot be read is [`NetworkError::Unclear`]: what it answered may have been done.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, NetworkError> {
        serde_json::from_slice(&self.body)
            .map_err(|error| NetworkError::Unclear { reason: format!("an answer that is not understood ({error})") })
    }

    /// What the server's clock said.
    pub fn date(&self) -> Option<At> {
        self.header("date").and_then(http_date)
    }

    /// When `Retry-After` says to come back; at most a day ahead.
    pub fn retry_after(&self, now: At) -> Option<At> {
        let text = self.header("retry-after")?.trim();
        let at = text
            .parse::<u64>()
            .map_or_else(|_not_seconds| http_date(text), |s| Some(now.plus(Duration::from_secs(s))))?;
        Some(at.clamp(now, now.plus(Duration::from_hours(24))))
    }
}

fn http_date(text: &str) -> Option<At> {
    let since_1970 = httpdate::parse_http_date(text).ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some(At::from_millis(0).plus(since_1970))
}

/// How the addresses of a name are found.
type Lookup = Arc<dyn Fn(String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> + Send + Sync>;

/// As the system finds them.
async fn look_up(name: String) -> io::Result<Vec<SocketAddr>> {
    Ok(tokio::net::lookup_host((name, 0)).await?.collect())
}

/// Resolves names and gives only what the guard lets through; what it gives is what is connected to.
struct GuardedNames {
    guard: Arc<Guard>,
    lookup: Lookup,
}

#[derive(Debug, thiserror::Error)]
#[error("{0} leads into this machine or a private network")]
struct PrivateName(String);

impl Resolve for GuardedNames {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = Arc::clone(&self.guard);
        let found = (self.lookup)(name.as_str().to_owned());
        Box::pin(async move {
            let named = guard.allows_name(name.as_str());
            let usable: Vec<SocketAddr> =
                found.await?.into_iter().filter(|address| named || is_public(address.ip())).collect();
            if usable.is_empty() {
                return Err(PrivateName(name.as_str().to_owned()).into());
            }
            let usable: Addrs = Box::new(usable.into_iter());
            Ok(usable)
        })
    }
}
