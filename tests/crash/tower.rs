//! A data folder with one planned post, and the server that runs on it as a process of its own.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::time::Duration;

use belfry::app::App;
use belfry::base::clock::Clock;
use belfry::base::zone;
use belfry::boot;
use belfry::channels::{self, Connecting};
use belfry::cli::control::{self, Order, Report};
use belfry::config::Config;
use belfry::networks::capabilities::Settles;
use belfry::people::person::NewPerson;
use belfry::people::workspace::{self, Settings};
use belfry::people::{Actor, Role, Via, WorkspaceId, set_up};
use belfry::posts::{Content, PostId, draft};
use belfry::publish::{self, Publication, When};
use serde_json::{Value, json};

use crate::processes::{Practising, belfry};

/// The post is due so long after it was planned; the clock is set beyond it.
const DUE_IN: Duration = Duration::from_mins(2);
/// How far the clock is set ahead when the post shall go out.
const DUE_OFFSET_MS: i64 = 150_000;

/// How the clock goes on after a restart, in minutes: past every look that is made before a person is asked.
const AFTERWARDS: [i64; 8] = [0, 1, 1, 2, 5, 10, 20, 30];

/// One planned post on one practice channel.
pub(crate) struct Tower {
    folder: tempfile::TempDir,
    account: Account,
    workspace: WorkspaceId,
    post: PostId,
}

/// The channel's account at the practice network.
struct Account {
    http: reqwest::Client,
    base: String,
    token: String,
}

impl Account {
    async fn open(base: &str, name: &str) -> Self {
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().unwrap();
        let me = http.post(format!("{base}/api/accounts")).json(&json!({ "name": name })).send().await.unwrap();
        let me: Value = me.json().await.unwrap();
        Self { http, base: base.to_owned(), token: me["token"].as_str().unwrap().to_owned() }
    }

    async fn ask(&self, method: reqwest::Method, path: &str, body: &Value) -> Value {
        let request = self.http.request(method, format!("{}{path}", self.base)).bearer_auth(&self.token).json(body);
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.json().await.unwrap_or(Value::Null)
    }
}

/// What became of the post.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The texts of everything that was made at the network, in order.
    pub(crate) arrived: Vec<String>,
    /// The publication, as the store has it.
    pub(crate) publication: Publication,
}

impl Tower {
    /// Plans a post on a channel of its own whose network settles in this way.
    pub(crate) async fn with_planned(practising: &Practising, name: &str, settles: Settles, content: Content) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let folder = tempfile::tempdir().unwrap();
        let account = Account::open(&practising.base, name).await;
        account.ask(reqwest::Method::PUT, "/api/behaviour", &json!({ "settles": settles })).await;
        let app = open(folder.path()).await;
        let ada = NewPerson {
            name: "Ada".to_owned(),
            sign_in: "ada".to_owned(),
            password: "correct horse battery".to_owned(),
        };
        let ada = set_up::add_person(&app, &ada, true).await.unwrap();
        let riverside = workspace::create(&app, &ada, &Settings::usual("Riverside", "Europe/London")).await.unwrap();
        let actor = Actor { person: ada.id, workspace: riverside.id, role: Role::Owner, via: Via::Console };
        let input = [("name", name), ("server", practising.base.as_str())];
        let input = input.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let connected = channels::connect(&app, &actor, "practice", "name", &input, None).await.unwrap();
        let Connecting::Done(channel) = connected else { panic!("practice needs no visit") };
        let content = Content { channels: vec![channel.id], ..content };
        let post = draft::create(&app, &actor, content).await.unwrap();
        let local = zone::local(app.clock.now().plus(DUE_IN), &riverside.zone).datetime();
        publish::plan(&app, &actor, post.id, post.edition, When::At(local)).await.unwrap();
        let (workspace, post) = (riverside.id, post.id);
        close(app).await;
        Self { folder, account, workspace, post }
    }

    /// The next request of this step is carried out at the network, and its answer is lost.
    pub(crate) async fn lose_the_answer_of(&self, step: &str) {
        let fault = json!({ "step": step, "kind": "lose_answer", "count": 1 });
        self.account.ask(reqwest::Method::POST, "/api/faults", &fault).await;
    }

    /// Runs the server past the time of the post. True when the fault ended it; false when it never came to it again.
    pub(crate) async fn ends_at(&self, fault: &str) -> bool {
        let mut server = Server::start(self.folder.path(), Some(fault)).await;
        for minutes in [0, 1, 2] {
            let offset_ms = DUE_OFFSET_MS + minutes * 60_000;
            if !(server.obeys(Order::Clock { offset_ms }).await && server.obeys(Order::Idle(true)).await) {
                server.has_ended_by_itself();
                return true;
            }
        }
        server.kill();
        false
    }

    /// Starts the server again, lets time go by until there is nothing left to look for, and looks at both sides.
    pub(crate) async fn run_to_the_end(&self) -> Outcome {
        let mut server = Server::start(self.folder.path(), None).await;
        let mut offset_ms = DUE_OFFSET_MS + 120_000;
        for minutes in AFTERWARDS {
            offset_ms += minutes * 60_000;
            assert!(server.obeys(Order::Clock { offset_ms }).await, "the server ended");
            assert!(server.obeys(Order::Idle(true)).await, "the server ended");
        }
        server.kill();
        let app = open(self.folder.path()).await;
        let publication = publish::list_for_post(&app, self.workspace, self.post).await.unwrap().pop().unwrap().row;
        close(app).await;
        Outcome { arrived: self.arrived().await, publication }
    }

    async fn arrived(&self) -> Vec<String> {
        let arrivals = self.account.ask(reqwest::Method::GET, "/api/arrivals", &Value::Null).await;
        let made = arrivals.as_array().unwrap().iter().filter(|arrival| {
            arrival["outcome"] == "done" && (arrival["step"] == "create" || arrival["step"] == "publish")
        });
        made.map(|arrival| arrival["text"].as_str().unwrap().to_owned()).collect()
    }
}

/// The app on this folder, in this process: to prepare what the server finds, and to look at what it left.
async fn open(folder: &Path) -> Arc<App> {
    let config =
        Config { data: Some(folder.to_owned()), allow_hosts: vec!["127.0.0.1".to_owned()], ..Config::default() };
    tokio::task::spawn_blocking(move || boot::open(config, Clock::default(), &mut |_progress| {}))
        .await
        .unwrap()
        .unwrap()
}

async fn close(app: Arc<App>) {
    app.store.clone().close().await.unwrap();
}

/// The server as a process of its own; it ends with the test.
struct Server {
    process: Child,
    socket: std::path::PathBuf,
}

impl Server {
    /// Resolves when it answers.
    async fn start(folder: &Path, fault: Option<&str>) -> Self {
        let data = folder.display().to_string();
        let mut command = belfry(&["serve", "--listen", "127.0.0.1:0", "--test-clock", "--data", &data]);
        command.env("BELFRY_ALLOW_HOSTS", "127.0.0.1").env("BELFRY_LOG_LEVEL", "error");
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        if let Some(fault) = fault {
            command.env("FAULT_AT", fault);
        }
        let mut process = command.spawn().unwrap();
        let stdout = process.stdout.take().unwrap();
        let ready = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            BufReader::new(stdout).read_line(&mut line).unwrap();
            line
        });
        let line = ready.await.unwrap();
        let mut server = Self { process, socket: folder.join("control.sock") };
        if !line.contains("Belfry runs at") {
            drop(server.process.kill());
            let mut said = String::new();
            server.process.stderr.take().unwrap().read_to_string(&mut said).unwrap();
            panic!("the server did not start: {line}{said}");
        }
        server
    }

    /// False when it ended before it could answer.
    async fn obeys(&mut self, order: Order) -> bool {
        match control::ask(&self.socket, &order).await {
            Ok(Some(Report::Done(_told))) => true,
            Ok(Some(Report::Refused(words))) => panic!("{words}"),
            Err(error) if error.to_string().contains("does not answer") => panic!("{error:#}"),
            Ok(None) | Err(_) => false,
        }
    }

    /// It is gone, by the fault and not by an error of its own.
    fn has_ended_by_itself(&mut self) {
        use std::os::unix::process::ExitStatusExt;
        const ABORTED: i32 = 6;
        let status = self.process.wait().unwrap();
        assert_eq!(status.signal(), Some(ABORTED), "{status}");
    }

    /// Ends it without warning.
    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
