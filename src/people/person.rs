//! Persons: who can sign in. A person belongs to the server; memberships give them workspaces.

use serde::{Deserialize, Serialize};

use super::password::Hash;
use super::{FieldProblem, PersonId, Refusal};
use crate::app::App;
use crate::base::clock::At;
use crate::store::schema::{self, CollectionId};
use crate::store::{Record, Stored};
use crate::words::Message;

/// Someone who can sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Who.
    pub id: PersonId,
    /// The name others see.
    pub name: String,
    /// The name or e-mail address to sign in with, in lower case.
    pub sign_in: String,
    /// The password, hashed.
    pub password: Hash,
    /// Runs the server: makes workspaces, looks after backups. Not a role inside a workspace.
    pub server_admin: bool,
    /// When the person came.
    pub created_at: At,
}

impl Record for Person {
    const COLLECTION: CollectionId = schema::PERSONS;
    type Key = PersonId;
    fn key(&self) -> PersonId {
        self.id
    }
}

/// Holds a sign-in name, so that it is given once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInName {
    /// The name, in lower case.
    pub sign_in: String,
    /// Whose it is.
    pub person: PersonId,
}

impl Record for SignInName {
    const COLLECTION: CollectionId = schema::SIGN_IN_NAMES;
    type Key = String;
    fn key(&self) -> String {
        self.sign_in.clone()
    }
}

/// What is needed to make a person.
#[derive(Clone)]
pub struct NewPerson {
    /// The name others see.
    pub name: String,
    /// What to sign in with.
    pub sign_in: String,
    /// The password, as typed.
    pub password: String,
}

impl std::fmt::Debug for NewPerson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewPerson(…)")
    }
}

/// The shortest password that is taken.
pub const PASSWORD_MIN: usize = 10;
/// The longest password that is taken: more would only cost memory.
pub const PASSWORD_MAX: usize = 256;

/// A sign-in name as it is compared: without space around it, in lower case.
pub fn normal(sign_in: &str) -> String {
    sign_in.trim().to_lowercase()
}

impl NewPerson {
    /// What is wrong with it. Whether the sign-in name is free shows when it is stored.
    pub fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        problems.extend(name_problem(&self.name));
        problems.extend(sign_in_problem(&self.sign_in));
        problems.extend(password_problem("password", &self.password, &self.sign_in));
        problems
    }
}

/// What is wrong with the name others see.
pub fn name_problem(name: &str) -> Option<FieldProblem> {
    let key = match name.trim().chars().count() {
        0 => "person-name-missing",
        1..=80 if !name.chars().any(char::is_control) => return None,
        _ => "person-name-long",
    };
    Some(FieldProblem::new("name", Message::new(key)))
}

fn sign_in_problem(sign_in: &str) -> Option<FieldProblem> {
    let sign_in = normal(sign_in);
    let fits = |character: char| character.is_alphanumeric() || "._-@+".contains(character);
    let key = match sign_in.chars().count() {
        0 => "person-sign-in-missing",
        1..=254 if sign_in.chars().all(fits) => return None,
        _ => "person-sign-in-signs",
    };
    Some(FieldProblem::new("sign_in", Message::new(key)))
}

/// What is wrong with a new password in the field of this name.
pub fn password_problem(field: &str, password: &str, sign_in: &str) -> Option<FieldProblem> {
    let length = password.chars().count();
    let message = if length < PASSWORD_MIN {
        Message::new("person-password-short").with("least", PASSWORD_MIN)
    } else if PASSWORD_MAX < length {
        Message::new("person-password-long").with("most", PASSWORD_MAX)
    } else if normal(password) == normal(sign_in) {
        Message::new("person-password-is-name")
    } else {
        return None;
    };
    Some(FieldProblem::new(field, message))
}

/// The person with this id.
pub async fn find(app: &App, id: PersonId) -> Result<Option<Stored<Person>>, Refusal> {
    Ok(app.store.find::<Person>(&id).await?)
}

/// The person with this id, who must be there.
pub async fn get(app: &App, id: PersonId) -> Result<Stored<Person>, Refusal> {
    find(app, id).await?.ok_or(Refusal::NotThere)
}

/// The person with this sign-in name.
pub async fn find_by_sign_in(app: &App, sign_in: &str) -> Result<Option<Stored<Person>>, Refusal> {
    let Some(held) = app.store.find::<SignInName>(&normal(sign_in)).await? else { return Ok(None) };
    find(app, held.person).await
}

/// The name of a person for lists; empty for one who is gone.
pub async fn name_of(app: &App, id: PersonId) -> Result<String, Refusal> {
    Ok(find(app, id).await?.map(|person| person.row.name).unwrap_or_default())
}
