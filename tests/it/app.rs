//! The real app in a folder of its own, on a free port, with a clock that can be set; and a browser without scripts:
//! keeps cookies, sends `Origin`, finds the form token in the last page.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use belfry::app::{App, Files};
use belfry::base::clock::{At, Clock};
use belfry::boot::{self, Beside};
use belfry::config::Config;
use belfry::people::person::{self, NewPerson};
use belfry::people::workspace::{self, Settings};
use belfry::people::{PersonId, Role, Workspace, member, session, set_up, sign_in};
use reqwest::Method;
use tokio::task::JoinHandle;

/// The password of everyone in tests.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// When the clock of tests begins: a Saturday morning.
pub(crate) fn start_at() -> At {
    At::parse("2026-11-21T08:00:00Z").unwrap()
}

/// The running app.
pub(crate) struct TestApp {
    pub(crate) app: Arc<App>,
    pub(crate) origin: String,
    folder: tempfile::TempDir,
    config: Config,
    running: JoinHandle<anyhow::Result<()>>,
}

impl TestApp {
    /// A fresh app that nobody has set up.
    pub(crate) async fn start() -> Self {
        Self::start_with(Config::default()).await
    }

    /// A fresh app with these settings; address and data folder are chosen here.
    pub(crate) async fn start_with(config: Config) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::default();
        clock.set(start_at());
        let listen = ([127, 0, 0, 1], 0).into();
        Self::open(folder, Config { listen, ..config }, clock).await
    }

    async fn open(folder: tempfile::TempDir, config: Config, clock: Clock) -> Self {
        let config = Config { data: Some(folder.path().to_owned()), ..config };
        let own = config.clone();
        let app =
            tokio::task::spawn_blocking(move || boot::open(own, clock, &mut |_progress| {})).await.unwrap().unwrap();
        let ready = boot::bind(&app).unwrap();
        let origin = format!("http://{}", ready.addresses()[0]);
        let running = tokio::spawn(ready.serve_only(Beside::new()));
        Self { app, origin, folder, config, running }
    }

    /// Stops as at SIGTERM, and starts again on the same folder and address with the same clock.
    pub(crate) async fn restart(self) -> Self {
        let Self { app, origin, folder, config, running } = self;
        let clock = app.clock.clone();
        app.stop.cancel();
        drop(app);
        running.await.unwrap().unwrap();
        let listen = origin.trim_start_matches("http://").parse().unwrap();
        Self::open(folder, Config { listen, ..config }, clock).await
    }

    /// Stops as at SIGTERM.
    pub(crate) async fn stop(self) {
        self.app.stop.cancel();
        tokio::time::timeout(Duration::from_secs(20), self.running).await.unwrap().unwrap().unwrap();
    }

    /// Stops as at SIGTERM, and leaves the data folder to be looked at.
    pub(crate) async fn stop_and_keep(self) -> (tempfile::TempDir, Files) {
        let Self { app, folder, running, .. } = self;
        let files = app.files.clone();
        app.stop.cancel();
        drop(app);
        running.await.unwrap().unwrap();
        (folder, files)
    }

    /// Moves the clock on.
    pub(crate) fn pass(&self, span: Duration) {
        self.app.clock.set(self.app.clock.now().plus(span));
    }

    /// A browser that nobody has used.
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.origin.clone())
    }

    /// Ada, who set the server up, and her workspace Riverside.
    pub(crate) async fn with_owner(&self) -> (PersonId, Workspace) {
        let ada = self.person("ada").await;
        let person = person::get(&self.app, ada).await.unwrap();
        let settings = Settings::usual("Riverside", "Europe/London");
        (ada, workspace::create(&self.app, &person.row, &settings).await.unwrap())
    }

    /// A person with this sign-in name; the first one runs the server.
    pub(crate) async fn person(&self, name: &str) -> PersonId {
        let new = NewPerson { name: capital(name), sign_in: name.to_owned(), password: PASSWORD.to_owned() };
        set_up::add_person(&self.app, &new, false).await.unwrap().id
    }

    /// A member of this workspace.
    pub(crate) async fn member(&self, workspace: &Workspace, name: &str, role: Role) -> PersonId {
        let person = self.person(name).await;
        member::add(&self.app, workspace.id, person, role).await.unwrap();
        person
    }

    /// A browser in which this person is signed in.
    pub(crate) async fn signed_in(&self, name: &str) -> Browser {
        let ask = sign_in::Ask {
            sign_in: name,
            password: PASSWORD,
            address: "127.0.0.1".parse().unwrap(),
            agent: "Firefox/131.0 (Linux)",
        };
        let begun = sign_in::sign_in(&self.app, ask).await.unwrap();
        let mut browser = self.browser();
        browser.cookies.insert("belfry-session".to_owned(), begun.token.reveal().to_owned());
        browser.get("/workspaces").await;
        browser
    }

    /// How many sessions this person has.
    pub(crate) async fn sessions_of(&self, person: PersonId) -> usize {
        session::list(&self.app, person).await.unwrap().len()
    }
}

fn capital(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    first.to_uppercase() + rest
}

/// A browser without scripts.
#[derive(Clone)]
pub(crate) struct Browser {
    http: reqwest::Client,
    origin: String,
    pub(crate) cookies: BTreeMap<String, String>,
    pub(crate) csrf: String,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) location: Option<String>,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
}

impl Page {
    /// What a person reads: without markup.
    pub(crate) fn words(&self) -> String {
        let mut words = String::new();
        let mut inside = false;
        for sign in self.text.chars() {
            match sign {
                '<' => inside = true,
                '>' => {
                    inside = false;
                    words.push(' ');
                }
                _ if !inside => words.push(sign),
                _ => {}
            }
        }
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The value of a field that came back.
    pub(crate) fn value_of(&self, name: &str) -> Option<String> {
        let field = self.text.split("<input").find(|field| field.contains(&format!("name=\"{name}\"")))?;
        let tag = field.split('>').next()?;
        Some(tag.split(" value=\"").nth(1)?.split('"').next()?.to_owned())
    }
}

impl Browser {
    fn new(origin: String) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let redirect = reqwest::redirect::Policy::none();
        let http = reqwest::Client::builder().no_proxy().redirect(redirect).timeout(Duration::from_secs(30));
        Self { http: http.build().unwrap(), origin, cookies: BTreeMap::new(), csrf: String::new() }
    }

    /// Where it browses.
    pub(crate) fn origin(&self) -> String {
        self.origin.clone()
    }

    /// Opens a page.
    pub(crate) async fn get(&mut self, path: &str) -> Page {
        let request = self.request(Method::GET, path);
        self.take(request.send().await.unwrap()).await
    }

    /// Sends a form as the last page would, token included.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let csrf = self.csrf.clone();
        let mut fields = fields.to_vec();
        fields.push(("csrf", &csrf));
        let request = self.request(Method::POST, path).header("origin", self.origin.clone()).form(&fields);
        self.take(request.send().await.unwrap()).await
    }

    /// Sends a form with files as the last page would, token included.
    pub(crate) async fn post_files(&mut self, path: &str, fields: &[(&str, &str)], files: &[(&str, Vec<u8>)]) -> Page {
        let mut form = reqwest::multipart::Form::new().text("csrf", self.csrf.clone());
        for (name, value) in fields {
            form = form.text((*name).to_owned(), (*value).to_owned());
        }
        for (name, bytes) in files {
            form = form.part("file", reqwest::multipart::Part::bytes(bytes.clone()).file_name((*name).to_owned()));
        }
        let request = self.request(Method::POST, path).header("origin", self.origin.clone()).multipart(form);
        self.take(request.send().await.unwrap()).await
    }

    /// A request with this browser's cookies and nothing else.
    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = self.http.request(method, format!("{}{path}", self.origin));
        if cookies.is_empty() { request } else { request.header("cookie", cookies.join("; ")) }
    }

    /// Takes in an answer as a browser does: cookies and the token.
    pub(crate) async fn take(&mut self, response: reqwest::Response) -> Page {
        for cookie in response.headers().get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let headers = response.headers().clone();
        let location = headers.get("location").map(|value| value.to_str().unwrap().to_owned());
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        let marker = "name=\"csrf-token\" content=\"";
        if let Some(token) = text.split(marker).nth(1).and_then(|rest| rest.split('"').next()) {
            token.clone_into(&mut self.csrf);
        }
        Page { status, location, headers, text }
    }
}
