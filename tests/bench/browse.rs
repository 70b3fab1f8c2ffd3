//! A browser as the bench needs it: signed in by a cookie, asks for compressed answers and counts them as they come.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context, ensure};
use belfry::base::seal::Secret;
use reqwest::Response;
use reqwest::header::{ACCEPT_ENCODING, COOKIE};
use tokio::task::JoinSet;
use url::Url;

use crate::machine::{self, Watch};
use crate::report::float;

/// What browsers of today say they can unpack.
const ENCODINGS: &str = "gzip, deflate, br, zstd";
/// How many connections ask at the same time.
const CONNECTIONS: usize = 8;
/// Load goes on for so long, or for so many requests, whichever comes first.
const LOAD_FOR: Duration = Duration::from_secs(8);
const LOAD_REQUESTS: usize = 20_000;
/// So many requests come before anything is counted.
const WARM_UP: usize = 200;

/// A browser.
#[derive(Clone, Debug)]
pub(crate) struct Browser {
    http: reqwest::Client,
    pub(crate) origin: String,
    cookie: Option<String>,
}

/// What a page took under load.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    /// Processor time of the server per request, in milliseconds.
    pub(crate) cpu_ms: f64,
    /// Requests a second.
    pub(crate) per_s: f64,
}

/// What the first load of a page brings, pictures apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weight {
    pub(crate) bytes: usize,
    pub(crate) requests: usize,
}

impl Browser {
    /// A browser that is not signed in.
    pub(crate) fn new(origin: &str) -> anyhow::Result<Self> {
        // Taken from the second time on: it is one per process.
        drop(rustls::crypto::ring::default_provider().install_default());
        let redirect = reqwest::redirect::Policy::none();
        // Answers are counted as they come over the wire, so nothing is unpacked unasked.
        let http = reqwest::Client::builder().no_proxy().no_gzip().redirect(redirect).timeout(Duration::from_mins(1));
        Ok(Self { http: http.build()?, origin: origin.to_owned(), cookie: None })
    }

    /// The same browser, signed in.
    pub(crate) fn signed_in(mut self, token: &Secret) -> Self {
        self.cookie = Some(format!("belfry-session={}", token.reveal()));
        self
    }

    /// A request with this browser's cookie.
    pub(crate) fn request(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.origin));
        match &self.cookie {
            Some(cookie) => request.header(COOKIE, cookie),
            None => request,
        }
    }

    /// Asks for a page, which must answer 200.
    pub(crate) async fn get(&self, path: &str) -> anyhow::Result<Vec<u8>> {
        let request = self.request(reqwest::Method::GET, path).header(ACCEPT_ENCODING, ENCODINGS);
        let response = request.send().await?;
        ensure!(response.status() == 200, "{path} answers {}", response.status());
        Ok(response.bytes().await?.to_vec())
    }

    /// Asks for a page without packing.
    pub(crate) async fn text(&self, path: &str) -> anyhow::Result<String> {
        let response = self.request(reqwest::Method::GET, path).send().await?;
        ensure!(response.status() == 200, "{path} answers {}", response.status());
        Ok(response.text().await?)
    }

    /// The token that forms of this page carry.
    pub(crate) async fn form_token(&self, path: &str) -> anyhow::Result<String> {
        let page = self.text(path).await?;
        let rest = page.split_once("name=\"csrf-token\" content=\"").context("the page has no form token")?.1;
        Ok(rest.split('"').next().unwrap_or_default().to_owned())
    }

    /// Sends a request that changes something as a page of ours would.
    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> anyhow::Result<Response> {
        Ok(request.header("origin", &self.origin).send().await?)
    }

    /// Asks for a page over and over on eight connections, and looks what the server's process takes for it.
    pub(crate) async fn load(&self, path: &str, process: u32) -> anyhow::Result<Load> {
        for _ in 0..WARM_UP {
            self.get(path).await?;
        }
        let (before, watch) = (machine::cpu_ms(process)?, Watch::start());
        let begun = Arc::new(AtomicUsize::new(0));
        let mut tasks = JoinSet::new();
        for _ in 0..CONNECTIONS {
            let (browser, path, begun) = (self.clone(), path.to_owned(), Arc::clone(&begun));
            tasks.spawn(async move {
                let mut done = 0_usize;
                while watch.passed() < LOAD_FOR && begun.fetch_add(1, Ordering::Relaxed) < LOAD_REQUESTS {
                    browser.get(&path).await?;
                    done += 1;
                }
                anyhow::Ok(done)
            });
        }
        let mut done = 0_usize;
        while let Some(ended) = tasks.join_next().await {
            done += ended??;
        }
        let passed_s = watch.passed().as_secs_f64();
        let requests = float(done);
        Ok(Load { cpu_ms: (machine::cpu_ms(process)? - before) / requests, per_s: requests / passed_s })
    }

    /// Loads a page as a browser with an empty cache does: the page, and what it names before it can be used.
    pub(crate) async fn weigh(&self, path: &str) -> anyhow::Result<Weight> {
        let mut weight = Weight { bytes: self.get(path).await?.len(), requests: 1 };
        let page = Url::parse(&self.origin)?.join(path)?;
        let mut known: BTreeSet<Url> = named_by_page(&page, &self.text(path).await?);
        let mut waiting: Vec<Url> = known.iter().cloned().collect();
        while let Some(url) = waiting.pop() {
            let address = url.path();
            weight.bytes += self.get(address).await?.len();
            weight.requests += 1;
            let text = self.text(address).await.unwrap_or_default();
            for further in named_by_part(&url, &text) {
                if known.insert(further.clone()) {
                    waiting.push(further);
                }
            }
        }
        Ok(weight)
    }
}

/// What the tags of a page make a browser load before the page can be used: style sheet, scripts, modules, the icons of
/// buttons. The site's own icon is a picture, and the manifest is fetched when nothing else is left to do.
fn named_by_page(page: &Url, text: &str) -> BTreeSet<Url> {
    let tags = text.split('<').skip(1).filter_map(|tag| tag.split('>').next());
    let loads = tags.filter_map(|tag| {
        let name = tag.split_whitespace().next()?;
        match name {
            "link" if loads_at_once(value_of(tag, "rel")?) => value_of(tag, "href"),
            "script" => value_of(tag, "src"),
            "use" => value_of(tag, "href"),
            _ => None,
        }
    });
    loads.filter_map(|address| join(page, address)).collect()
}

fn loads_at_once(rel: &str) -> bool {
    ["stylesheet", "modulepreload", "preload"].contains(&rel)
}

/// What a script or a style sheet makes a browser load further.
fn named_by_part(part: &Url, text: &str) -> BTreeSet<Url> {
    let is = |ending: &str| part.path().ends_with(ending);
    let (before, after): (&[&str], char) = if is(".js") {
        (&["import \"", "from \""], '"')
    } else if is(".css") {
        (&["url("], ')')
    } else {
        return BTreeSet::new();
    };
    let rests = before.iter().flat_map(|before| text.split(before).skip(1));
    let addresses = rests.filter_map(|rest| rest.split(after).next());
    addresses.filter_map(|address| join(part, address.trim_matches(['"', '\'']))).collect()
}

/// The address without what comes after `#`, if it is on the server itself.
fn join(base: &Url, address: &str) -> Option<Url> {
    let mut url = base.join(address).ok().filter(|url| url.origin() == base.origin())?;
    url.set_fragment(None);
    Some(url)
}

fn value_of<'a>(tag: &'a str, attribute: &str) -> Option<&'a str> {
    tag.split_once(&format!(" {attribute}=\""))?.1.split('"').next()
}
