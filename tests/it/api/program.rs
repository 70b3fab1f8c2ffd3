//! A program with a token, and the place it works in: Ada's workspace with a practice channel.

use std::time::Duration;

use belfry::api;
use belfry::people::token::{self, NewToken};
use belfry::people::{Actor, Area, PersonId, Role, Scope, Scopes, Via, Workspace};
use belfry::work;
use boon::{Compiler, Schemas};
use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::app::TestApp;

/// What a program was answered.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Value,
}

impl Told {
    /// The stable name of the problem it is.
    pub(super) fn problem(&self) -> (u16, &str) {
        (self.status, self.body["type"].as_str().unwrap_or_default().trim_start_matches("urn:belfry:"))
    }

    /// The places of what is unfit.
    pub(super) fn paths(&self) -> Vec<&str> {
        self.body["errors"].as_array().into_iter().flatten().map(|error| error["path"].as_str().unwrap()).collect()
    }

    pub(super) fn id(&self) -> String {
        self.body["id"].as_str().unwrap_or_else(|| panic!("no id: {self:?}")).to_owned()
    }

    pub(super) fn items(&self) -> &[Value] {
        self.body["items"].as_array().unwrap_or_else(|| panic!("no list: {self:?}"))
    }

    pub(super) fn ids(&self) -> Vec<&str> {
        self.items().iter().map(|item| item["id"].as_str().unwrap()).collect()
    }
}

/// A program with a token.
#[derive(Clone)]
pub(super) struct Program {
    http: reqwest::Client,
    origin: String,
    pub(super) token: String,
}

impl Program {
    /// One with this token.
    pub(super) fn new(test: &TestApp, token: &str) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_mins(1)).build().unwrap();
        Self { http, origin: test.origin.clone(), token: token.to_owned() }
    }

    /// A request with its token.
    pub(super) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}/api/v1{path}", self.origin)).bearer_auth(&self.token)
    }

    pub(super) async fn get(&self, path: &str) -> Told {
        self.send(self.request(Method::GET, path)).await
    }

    pub(super) async fn post(&self, path: &str, body: &Value) -> Told {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    /// The same under a key.
    pub(super) async fn post_once(&self, path: &str, key: &str, body: &Value) -> Told {
        self.send(self.request(Method::POST, path).header("idempotency-key", key).json(body)).await
    }

    pub(super) async fn put(&self, path: &str, body: &Value) -> Told {
        self.send(self.request(Method::PUT, path).json(body)).await
    }

    pub(super) async fn delete(&self, path: &str) -> Told {
        self.send(self.request(Method::DELETE, path)).await
    }

    /// Sends a request and holds the answer against the document.
    pub(super) async fn send(&self, request: RequestBuilder) -> Told {
        let request = request.build().unwrap();
        let (method, path) = (request.method().clone(), request.url().path().to_owned());
        let answer = self.http.execute(request).await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let text = answer.text().await.unwrap();
        let body: Value = if text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&text).unwrap_or_else(|_no_json| panic!("{method} {path}: {status}: {text}"))
        };
        let kind = headers.get("content-type").map(|kind| kind.to_str().unwrap());
        let expected = match status {
            204 => None,
            200..=299 => Some("application/json"),
            _ => Some("application/problem+json"),
        };
        assert_eq!(kind, expected, "{method} {path}: {status}");
        fits(&method, &path, status, &body);
        Told { status, headers, body }
    }
}

/// The answer is one that the document promises for this address; for an address it does not have, a problem.
fn fits(method: &Method, path: &str, status: u16, body: &Value) {
    let document = serde_json::to_value(api::document("")).unwrap();
    let same = |template: &str| {
        let (one, other): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
        one.len() == other.len() && one.iter().zip(&other).all(|(one, other)| one.starts_with('{') || one == other)
    };
    let paths = document["paths"].as_object().unwrap();
    let mut known: Vec<_> = paths.iter().filter(|(template, _)| same(template)).collect();
    known.sort_by_key(|(template, _)| template.matches('{').count());
    let operation = known.first().and_then(|(_, item)| item.get(method.as_str().to_lowercase()));
    let Some(operation) = operation else {
        assert!(matches!(status, 404 | 405), "{method} {path} is not in the document: {status}");
        return;
    };
    let responses = &operation["responses"];
    let promised = responses.get(status.to_string()).unwrap_or_else(|| {
        assert!(400 <= status, "{method} {path} promises no {status}");
        &responses["default"]
    });
    let Some(content) = promised["content"].as_object() else {
        assert!(body.is_null(), "{method} {path} promises nothing: {body}");
        return;
    };
    let schema = &content.values().next().unwrap()["schema"];
    let whole = json!({ "$defs": document["components"]["schemas"], "allOf": [schema] }).to_string();
    let whole = serde_json::from_str(&whole.replace("#/components/schemas/", "#/$defs/")).unwrap();
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.add_resource("http://belfry.invalid/schema.json", whole).unwrap();
    let schema = compiler.compile("http://belfry.invalid/schema.json", &mut schemas).unwrap();
    schemas.validate(body, schema).unwrap_or_else(|error| panic!("{method} {path}: {error:#}\n{body:#}"));
}

/// Ada's workspace with a practice channel that a program connected.
pub(super) struct Place {
    pub(super) test: TestApp,
    pub(super) ada: PersonId,
    pub(super) workspace: Workspace,
    /// May do everything.
    pub(super) program: Program,
    pub(super) channel: String,
}

impl Place {
    pub(super) async fn new() -> Self {
        let test = TestApp::start().await;
        let (ada, workspace) = test.with_owner().await;
        let all = Area::ALL.into_iter().map(Scope::write).collect();
        let program = program(&test, ada, &workspace, all, None).await;
        let practice = json!({ "network": "practice", "way": "name", "fields": { "name": "Riverside" } });
        let channel = program.post("/channels", &practice).await;
        assert_eq!((channel.status, &channel.body["state"]), (200, &json!("active")), "{channel:?}");
        Self { test, ada, workspace, channel: channel.id(), program }
    }

    /// A program that may do this much.
    pub(super) async fn with(&self, scopes: &[&str]) -> Program {
        let scopes = scopes.iter().map(|scope| scope.parse::<Scope>().unwrap()).collect();
        program(&self.test, self.ada, &self.workspace, scopes, None).await
    }

    /// A program whose token ends.
    pub(super) async fn ending(&self, days: u16) -> Program {
        program(&self.test, self.ada, &self.workspace, Scopes::read_all(), Some(days)).await
    }

    /// Content that says this on the channel.
    pub(super) fn says(&self, text: &str) -> Value {
        json!({ "text": text, "channels": [self.channel] })
    }

    /// A draft.
    pub(super) async fn draft(&self, text: &str) -> Told {
        let draft = self.program.post("/posts", &json!({ "content": self.says(text) })).await;
        assert_eq!(draft.status, 201, "{draft:?}");
        draft
    }

    /// Lets time go by and does all the work that is due then.
    pub(super) async fn pass(&self, span: Duration) {
        self.test.pass(span);
        let app = &self.test.app;
        work::publish::run_until_idle(app).await.unwrap();
        work::inbox::round((**app).clone()).await.unwrap();
        work::metrics::round((**app).clone()).await.unwrap();
    }

    /// Asks the practice network as the account of the channel.
    pub(super) async fn practice(&self, method: Method, path: &str, body: &Value) -> Value {
        let (http, base) = (&self.program.http, format!("{}/practice", self.test.origin));
        let me = http.post(format!("{base}/api/accounts")).json(&json!({ "name": "riverside" })).send().await.unwrap();
        let me: Value = me.json().await.unwrap();
        let asked = http.request(method, format!("{base}{path}")).bearer_auth(me["token"].as_str().unwrap());
        let answer = asked.json(body).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.json().await.unwrap_or(Value::Null)
    }
}

async fn program(
    test: &TestApp,
    person: PersonId,
    workspace: &Workspace,
    scopes: Scopes,
    expires_in_days: Option<u16>,
) -> Program {
    let actor = Actor { person, workspace: workspace.id, role: Role::Owner, via: Via::Console };
    let new = NewToken { name: "a program".to_owned(), scopes, expires_in_days };
    let (text, _token) = token::create(&test.app, &actor, new).await.unwrap();
    Program::new(test, text.reveal())
}
