//! Tokens for programs: what a program shows instead of a session. It acts as the person who made it, with the role that
//! person has at that moment, narrowed by its scopes.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::activity;
use super::member;
use super::session::Proof;
use super::{Action, Actor, FieldProblem, PersonId, Refusal, Scopes, TokenId, Via, WorkspaceId};
use crate::app::App;
use crate::base::clock::At;
use crate::base::id::random_token;
use crate::base::seal::Secret;
use crate::store::schema::{self, CollectionId};
use crate::store::{Change, Entries, Record, Scan, StoreError, Stored};
use crate::words::Message;

/// What every token begins with, so that it is recognised where it does not belong.
pub const PREFIX: &str = "belfry_";
/// How many tokens a workspace has at most.
const MOST: usize = 200;
/// How exactly the last use is known.
const USED_EVERY: Duration = Duration::from_hours(1);
/// The longest that a token with an end is good.
const DAYS_MAX: u16 = 3650;

/// A token, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiToken {
    /// Which.
    pub id: TokenId,
    /// The digest of the token.
    pub proof: Proof,
    /// What it is for.
    pub name: String,
    /// Where.
    pub workspace: WorkspaceId,
    /// As whom.
    pub person: PersonId,
    /// What it may touch.
    pub scopes: Scopes,
    /// When it was made.
    pub created_at: At,
    /// When it was last used, to the hour.
    pub used_at: Option<At>,
    /// From when on it opens nothing any more; none: until it is revoked.
    #[serde(default)]
    pub expires_at: Option<At>,
}

/// What a token is to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewToken {
    /// What it is for.
    pub name: String,
    /// What it may touch.
    pub scopes: Scopes,
    /// For how many days it is good; none: until it is revoked.
    pub expires_in_days: Option<u16>,
}

/// Who a program is that shows a token.
#[derive(Clone, Debug)]
pub enum Shown {
    /// This one.
    Good(Actor),
    /// It was good until then.
    Expired(At),
    /// Not known, revoked, or its person is no longer a member.
    Unknown,
}

crate::index! {
    /// The tokens of a workspace.
    pub TokensByWorkspace in schema::TOKENS_BY_WORKSPACE: (WorkspaceId, TokenId) => ()
}

impl Record for ApiToken {
    const COLLECTION: CollectionId = schema::TOKENS;
    type Key = TokenId;
    fn key(&self) -> TokenId {
        self.id
    }
    fn entries(&self, out: &mut Entries) {
        out.add(TokensByWorkspace, (self.workspace, self.id), &());
    }
}

impl ApiToken {
    /// It opens nothing any more.
    pub fn is_over(&self, now: At) -> bool {
        self.expires_at.is_some_and(|expires_at| expires_at <= now)
    }
}

impl NewToken {
    fn problems(&self) -> Vec<FieldProblem> {
        let length = self.name.trim().chars().count();
        let wrong = [
            ("name", (length == 0 || 80 < length).then_some("token-name-missing")),
            ("scopes", self.scopes.is_empty().then_some("token-scopes-missing")),
            (
                "expires_in_days",
                self.expires_in_days.is_some_and(|days| !(1..=DAYS_MAX).contains(&days)).then_some("token-days-range"),
            ),
        ];
        let found = wrong.into_iter().filter_map(|(field, key)| Some((field, key?)));
        found.map(|(field, key)| FieldProblem::new(field, Message::new(key))).collect()
    }
}

/// Makes a token; it is known only now.
pub async fn create(app: &App, actor: &Actor, new: NewToken) -> Result<(Secret, ApiToken), Refusal> {
    actor.may(Action::ManageChannels)?;
    Refusal::unless_empty(new.problems())?;
    if MOST <= list(app, actor).await?.len() {
        return Err(Refusal::Rule(Message::new("token-too-many")));
    }
    let text = format!("{PREFIX}{}", random_token());
    let proof = Proof::of(&text);
    let now = app.clock.now();
    let token = ApiToken {
        id: proof.id(),
        proof,
        name: new.name.trim().to_owned(),
        workspace: actor.workspace,
        person: actor.person,
        scopes: new.scopes,
        created_at: now,
        used_at: None,
        expires_at: new.expires_in_days.map(|days| now.plus(Duration::from_hours(24 * u64::from(days)))),
    };
    let mut change = Change::new();
    change.insert(&token);
    change.insert(&activity::by(app, actor, "activity-token-created", &[("name", &token.name)]));
    app.store.commit(change).await?;
    Ok((Secret::new(text), token))
}

/// The tokens of the actor's workspace, newest last.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Stored<ApiToken>>, Refusal> {
    actor.may(Action::ManageChannels)?;
    let entries = app.store.list_index::<TokensByWorkspace>(Scan::under((actor.workspace,)).limit(MOST)).await?;
    let mut list = Vec::with_capacity(entries.len());
    for entry in entries {
        let (_workspace, id) = entry.key;
        list.extend(app.store.find::<ApiToken>(&id).await?);
    }
    list.sort_by_key(|token| token.created_at);
    Ok(list)
}

/// Ends a token.
pub async fn revoke(app: &App, actor: &Actor, id: TokenId) -> Result<(), Refusal> {
    actor.may(Action::ManageChannels)?;
    let found = app.store.find::<ApiToken>(&id).await?;
    let token = found.filter(|token| token.workspace == actor.workspace).ok_or(Refusal::NotThere)?;
    let mut change = Change::new();
    change.remove(&token);
    change.insert(&activity::by(app, actor, "activity-token-revoked", &[("name", &token.name)]));
    app.store.commit(change).await?;
    Ok(())
}

/// Who a program is that shows this token.
pub async fn actor(app: &App, text: &str) -> Result<Shown, Refusal> {
    let proof = Proof::of(text);
    let Some(token) = app.store.find::<ApiToken>(&proof.id()).await?.filter(|token| token.proof.matches(&proof)) else {
        return Ok(Shown::Unknown);
    };
    let Some(member) = member::find(app, token.workspace, token.person).await? else { return Ok(Shown::Unknown) };
    if let Some(expires_at) = token.expires_at.filter(|_at| token.is_over(app.clock.now())) {
        return Ok(Shown::Expired(expires_at));
    }
    let via = Via::Token { id: token.id, scopes: token.scopes.clone() };
    let actor = Actor { person: token.person, workspace: token.workspace, role: member.role, via };
    note_use(app, &token).await?;
    Ok(Shown::Good(actor))
}

async fn note_use(app: &App, token: &Stored<ApiToken>) -> Result<(), Refusal> {
    let now = app.clock.now();
    if token.used_at.is_some_and(|used_at| now.since(used_at) < USED_EVERY && used_at <= now) {
        return Ok(());
    }
    let mut change = Change::new();
    change.update(token, &ApiToken { used_at: Some(now), ..token.row.clone() });
    match app.store.commit(change).await {
        Ok(_) | Err(StoreError::Conflict | StoreError::Full { .. } | StoreError::Busy) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
