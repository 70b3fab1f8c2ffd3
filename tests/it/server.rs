//! The real app as a person meets it: a folder and a port of its own, set up by Ada, driven over HTTP. Nothing works by
//! itself: a test steps the workers, so that it never waits for a time.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use belfry::app::App;
use belfry::base::clock::Clock;
use belfry::base::url_guard::Guard;
use belfry::boot;
use belfry::config::Config;
use belfry::networks::Client;
use belfry::people::person::NewPerson;
use belfry::people::set_up::{self, First};
use belfry::people::{WorkspaceId, workspace};
use tempfile::TempDir;
use tokio::task::JoinHandle;

/// A running server with Ada signed in.
pub(crate) struct TestApp {
    pub(crate) app: Arc<App>,
    /// `http://127.0.0.1:…`
    pub(crate) origin: String,
    /// The workspace's part of addresses.
    pub(crate) slug: String,
    pub(crate) workspace: WorkspaceId,
    client: Client,
    cookie: String,
    server: JoinHandle<anyhow::Result<()>>,
    _folder: TempDir,
}

/// An answer.
pub(crate) struct Got {
    pub(crate) status: u16,
    /// Where it leads.
    pub(crate) to: String,
    pub(crate) body: String,
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = Config {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            data: Some(folder.path().to_owned()),
            ..Config::default()
        };
        let open = move || boot::open(config, Clock::default(), &mut |_progress| {}).unwrap();
        let app = tokio::task::spawn_blocking(open).await.unwrap();
        let ready = boot::bind(&app).unwrap();
        let origin = format!("http://{}", ready.addresses()[0]);
        let server = tokio::spawn(ready.serve());
        let first = First {
            code: set_up::make_code(&app).unwrap(),
            person: NewPerson {
                name: "Ada".to_owned(),
                sign_in: "ada".to_owned(),
                password: "correct horse battery".to_owned(),
            },
            workspace: workspace::Settings::usual("Riverside Food Bank", "Europe/London"),
        };
        let (begun, made) = set_up::set_up(&app, first, IpAddr::V4(Ipv4Addr::LOCALHOST), "test").await.unwrap();
        let host = origin.strip_prefix("http://").unwrap();
        Self {
            client: Client::new(Guard::allowing([host]), "belfry-test").unwrap(),
            cookie: format!("belfry-session={}", begun.token.reveal()),
            slug: made.slug.clone(),
            workspace: made.id,
            app,
            origin,
            server,
            _folder: folder,
        }
    }

    /// The address of a page of the workspace.
    pub(crate) fn page(&self, page: &str) -> String {
        format!("/w/{}/{page}", self.slug)
    }

    pub(crate) async fn get(&self, path: &str) -> Got {
        let request = self.client.get(&format!("{}{path}", self.origin)).header("cookie", &self.cookie);
        got(&request.send().await.unwrap())
    }

    /// Sends a form, with the token that the page at `from` carries.
    pub(crate) async fn post(&self, from: &str, to: &str, fields: &[(&str, &str)]) -> Got {
        let page = self.get(from).await;
        let csrf = page.value("csrf");
        let fields = fields.iter().copied().chain([("csrf", csrf.as_str())]);
        let request = self.client.post(&format!("{}{to}", self.origin)).header("cookie", &self.cookie);
        got(&request.header("origin", &self.origin).form(fields).send().await.unwrap())
    }

    /// Sends raw bytes from outside: no session, no origin.
    pub(crate) async fn call_in(&self, path: &str, headers: &[(&'static str, String)], body: &[u8]) -> Got {
        let request = self.client.post(&format!("{}{path}", self.origin)).bytes("application/json", body.to_vec());
        let request = headers.iter().fold(request, |request, (name, value)| request.header(name, value));
        got(&request.send().await.unwrap())
    }

    /// Does all that is due.
    pub(crate) async fn work(&self) {
        boot::work_until_idle(&self.app).await.unwrap();
    }

    pub(crate) async fn stop(self) {
        self.app.stop.cancel();
        self.server.await.unwrap().unwrap();
    }
}

impl Got {
    /// The value of the first input of this name.
    pub(crate) fn value(&self, name: &str) -> String {
        self.after(&format!("name=\"{name}\" value=\""))
    }

    /// What stands between this and the next quotation mark.
    pub(crate) fn after(&self, start: &str) -> String {
        let rest =
            self.body.split_once(start).unwrap_or_else(|| panic!("no {start} in {}: {}", self.status, self.body));
        rest.1.split_once('"').unwrap().0.to_owned()
    }

    pub(crate) fn has(&self, text: &str) {
        assert!(self.body.contains(text), "no “{text}” in {}: {}", self.status, self.body);
    }
}

fn got(answer: &belfry::networks::client::Answer) -> Got {
    Got {
        status: answer.status(),
        to: answer.header("location").unwrap_or_default().to_owned(),
        body: String::from_utf8_lossy(answer.body()).into_owned(),
    }
}
