//! Orders from the command line: what can be asked of a running server through its socket, and carried out on a stopped
//! store by the command itself. Both ways end here, in the same calls as the pages.

mod posts;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub use posts::NewPost;

use crate::app::App;
use crate::people::person::{self, NewPerson, Person};
use crate::people::token::NewToken;
use crate::people::{
    Actor, Area, Refusal, Role, Scope, Scopes, TokenId, Via, member, set_up, sign_in, token, workspace,
};
use crate::store::Scan;
use crate::words::Message;

/// One order, one line of JSON on the socket.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Adds a person.
    UserAdd {
        /// The name others see.
        name: String,
        /// What to sign in with.
        sign_in: String,
        /// The password.
        password: String,
        /// Runs the server.
        admin: bool,
        /// Becomes a member of this workspace, by slug, as this role.
        member_of: Option<(String, Role)>,
    },
    /// Gives a person a new password and ends all their sessions.
    UserPassword {
        /// Who.
        sign_in: String,
        /// The new password.
        password: String,
    },
    /// Lists people.
    UserList,
    /// Makes a token.
    TokenCreate {
        /// For which workspace, by slug.
        workspace: String,
        /// As whom, by sign-in name.
        person: String,
        /// What for.
        name: String,
        /// What it may touch; empty for reading everything.
        scopes: Vec<String>,
        /// For how many days it is good; none: until it is revoked.
        #[serde(default)]
        expires_in_days: Option<u16>,
    },
    /// Lists the tokens of a workspace.
    TokenList {
        /// By slug.
        workspace: String,
    },
    /// Ends a token.
    TokenRevoke {
        /// By slug.
        workspace: String,
        /// Which.
        id: String,
    },
    /// Writes a post.
    PostCreate {
        /// Where, by slug.
        workspace: String,
        /// What it says, where and when.
        post: NewPost,
    },
    /// Plans a post, or moves it.
    PostPlan {
        /// Where, by slug.
        workspace: String,
        /// Which.
        id: String,
        /// To when.
        at: String,
    },
    /// Tells a post and what became of it.
    PostShow {
        /// Where, by slug.
        workspace: String,
        /// Which.
        id: String,
    },
    /// Lists posts.
    PostList {
        /// Where, by slug.
        workspace: String,
        /// In which stage; none: what is planned or out.
        stage: Option<String>,
    },
    /// Whether the store takes changes, how many rows it has.
    StoreState,
    /// Copies the store to a folder, as far as it lacks it.
    Backup {
        /// Which, from the root.
        folder: PathBuf,
    },
    /// Sets the clock ahead. Only for a server that was started for a test.
    Clock {
        /// By how much.
        offset_ms: i64,
    },
    /// Answers when no worker has anything to do. Only for a server that was started for a test.
    Idle(bool),
}

/// Orders may hold passwords.
impl std::fmt::Debug for Order {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Order(…)")
    }
}

/// What came of an order: one line of JSON on the socket.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Report {
    /// Done; what there is to tell.
    Done(Value),
    /// Not done, in words.
    Refused(String),
}

/// Carries out an order.
pub async fn obey(app: &App, order: Order) -> Report {
    match carry_out(app, order).await {
        Ok(told) => Report::Done(told),
        Err(refusal) => Report::Refused(in_words(app, &refusal)),
    }
}

fn in_words(app: &App, refusal: &Refusal) -> String {
    if let Refusal::Store(error) = refusal {
        return error.to_string();
    }
    let problems: Vec<String> = refusal.problems().iter().map(|problem| app.words.render(&problem.message)).collect();
    if problems.is_empty() { app.words.render(&refusal.advice()) } else { problems.join(" ") }
}

async fn carry_out(app: &App, order: Order) -> Result<Value, Refusal> {
    match order {
        Order::UserAdd { name, sign_in, password, admin, member_of } => {
            let person = set_up::add_person(app, &NewPerson { name, sign_in, password }, admin).await?;
            if let Some((slug, role)) = member_of {
                let workspace = find_workspace(app, &slug).await?;
                member::add(app, workspace, person.id, role).await?;
            }
            Ok(told_person(&person))
        }
        Order::UserPassword { sign_in, password } => {
            sign_in::reset_password(app, &sign_in, &password)
                .await
                .map_err(|refusal| no_such(refusal, "cli-no-person"))?;
            Ok(json!({}))
        }
        Order::UserList => {
            let people = app.store.list::<Person>(Scan::all().limit(10_000)).await?;
            Ok(people.iter().map(|person| told_person(person)).collect())
        }
        Order::TokenCreate { workspace, person, name, scopes, expires_in_days } => {
            let new = NewToken { name, scopes: Scopes::default(), expires_in_days };
            create_token(app, &workspace, &person, new, &scopes).await
        }
        Order::TokenList { workspace } => {
            let actor = console(app, &workspace).await?;
            let tokens = token::list(app, &actor).await?;
            let told = |token: &token::ApiToken| {
                let scopes: Vec<String> = token.scopes.iter().map(|scope| scope.to_string()).collect();
                json!({"id": token.id, "name": token.name, "scopes": scopes, "created_at": token.created_at.to_string(),
                    "used_at": token.used_at.map(|at| at.to_string()),
                    "expires_at": token.expires_at.map(|at| at.to_string())})
            };
            Ok(tokens.iter().map(|token| told(token)).collect())
        }
        Order::TokenRevoke { workspace, id } => {
            let actor = console(app, &workspace).await?;
            let id: TokenId = id.parse().map_err(|_error| rule("cli-no-token"))?;
            token::revoke(app, &actor, id).await.map_err(|refusal| no_such(refusal, "cli-no-token"))?;
            Ok(json!({}))
        }
        Order::PostCreate { workspace, post } => posts::create(app, &console(app, &workspace).await?, post).await,
        Order::PostPlan { workspace, id, at } => posts::plan(app, &console(app, &workspace).await?, &id, &at).await,
        Order::PostShow { workspace, id } => posts::show_one(app, &console(app, &workspace).await?, &id).await,
        Order::PostList { workspace, stage } => {
            posts::list(app, &console(app, &workspace).await?, stage.as_deref()).await
        }
        Order::StoreState => {
            let stats = app.store.stats();
            Ok(json!({"stopped": app.store.is_stopped(), "rows": stats.rows, "disk_bytes": stats.disk_bytes,
                "last_commit_at": app.store.last_commit_at().map(|at| at.to_string())}))
        }
        Order::Backup { folder } => {
            let copied = app.store.backup_to(&folder).await?;
            Ok(json!({"at": copied.at.to_string(), "bytes": copied.bytes}))
        }
        Order::Clock { .. } | Order::Idle(_) => Err(rule("cli-not-a-test")),
    }
}

async fn create_token(
    app: &App,
    slug: &str,
    sign_in: &str,
    new: NewToken,
    scopes: &[String],
) -> Result<Value, Refusal> {
    let workspace = find_workspace(app, slug).await?;
    let person = person::find_by_sign_in(app, sign_in).await?.ok_or_else(|| rule("cli-no-person"))?;
    let member = member::find(app, workspace, person.id).await?.ok_or_else(|| rule("cli-no-member"))?;
    let scopes = match scopes {
        [] => Scopes::read_all(),
        some => {
            some.iter().map(|text| read_scopes(text)).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect()
        }
    };
    let actor = Actor { person: person.id, workspace, role: member.role, via: Via::Console };
    let (text, token) = token::create(app, &actor, NewToken { scopes, ..new }).await?;
    let expires_at = token.expires_at.map(|at| at.to_string());
    Ok(json!({"id": token.id, "token": text.reveal(), "expires_at": expires_at}))
}

/// `posts:read`, or `all:read` and `all:write` for every area.
fn read_scopes(text: &str) -> Result<Vec<Scope>, Refusal> {
    match text {
        "all:read" => Ok(Area::ALL.into_iter().map(Scope::read).collect()),
        "all:write" => Ok(Area::ALL.into_iter().map(Scope::write).collect()),
        one => one
            .parse()
            .map(|scope| vec![scope])
            .map_err(|_error| Refusal::Rule(Message::new("cli-no-scope").with("scope", one))),
    }
}

/// The person at the machine itself, with an owner's rights in this workspace; acts as its first owner.
async fn console(app: &App, slug: &str) -> Result<Actor, Refusal> {
    let workspace = find_workspace(app, slug).await?;
    let person = member::first_owner(app, workspace).await?;
    Ok(Actor { person, workspace, role: Role::Owner, via: Via::Console })
}

async fn find_workspace(app: &App, slug: &str) -> Result<crate::people::WorkspaceId, Refusal> {
    Ok(workspace::find_by_slug(app, slug).await?.ok_or_else(|| rule("cli-no-workspace"))?.id)
}

fn told_person(person: &Person) -> Value {
    json!({"id": person.id, "name": person.name, "sign_in": person.sign_in, "admin": person.server_admin})
}

fn rule(key: &'static str) -> Refusal {
    Refusal::Rule(Message::new(key))
}

fn no_such(refusal: Refusal, key: &'static str) -> Refusal {
    if matches!(refusal, Refusal::NotThere) { rule(key) } else { refusal }
}
