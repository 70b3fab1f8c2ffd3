//! Signing in, signing out, and one's own password.

use std::net::IpAddr;

use super::attempts;
use super::password;
use super::person::{self, Person, normal, password_problem};
use super::session::{self, Begun};
use super::{FieldProblem, PersonId, Refusal, SessionId};
use crate::app::App;
use crate::store::{Change, Stored};
use crate::words::Message;

/// Someone at the door.
#[derive(Clone, Copy)]
pub struct Ask<'a> {
    /// The sign-in name, as typed.
    pub sign_in: &'a str,
    /// The password, as typed.
    pub password: &'a str,
    /// Where from.
    pub address: IpAddr,
    /// What the browser says of itself.
    pub agent: &'a str,
}

impl std::fmt::Debug for Ask<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ask(…)")
    }
}

/// Begins a session. A wrong name and a wrong password are refused with the same words after the same work.
pub async fn sign_in(app: &App, ask: Ask<'_>) -> Result<Begun, Refusal> {
    let name = normal(ask.sign_in);
    let limits = [attempts::account(app, &name), attempts::address(app, ask.address)];
    // Counted before one may wait: a crowd that guesses does not fill the queue.
    attempts::count(app, &limits).await?;
    let turn = turn_or_back(app, &limits).await?;
    let person = person::find_by_sign_in(app, &name).await?;
    // Longer ones cannot be right; hashing them would only cost time.
    let typed = if ask.password.len() <= 4 * person::PASSWORD_MAX { ask.password } else { "" };
    let right = password::verify_in(&turn, typed, person.as_ref().map(|person| &person.password)).await?;
    drop(turn);
    let Some(person) = person.filter(|_person| right) else {
        return Err(Refusal::Invalid(vec![FieldProblem::new("password", Message::new("sign-in-wrong"))]));
    };
    let begun = begin(app, person.id, ask.agent).await?;
    attempts::give_back(app, &limits).await?;
    Ok(begun)
}

/// A turn at hashing; when too many wait, the attempt does not count.
async fn turn_or_back<'a>(app: &'a App, limits: &[attempts::Limit]) -> Result<password::Turn<'a>, Refusal> {
    match password::turn(app).await {
        Ok(turn) => Ok(turn),
        Err(refusal) => {
            attempts::take_back(app, limits).await?;
            Err(refusal)
        }
    }
}

/// Begins a session for someone who has proved who they are in another way.
pub(super) async fn begin(app: &App, person: PersonId, agent: &str) -> Result<Begun, Refusal> {
    let mut change = Change::new();
    session::make_room(app, person, &mut change).await?;
    let begun = session::begin(app, person, agent, &mut change);
    app.store.commit(change).await?;
    Ok(begun)
}

/// Ends this session. One that is gone already is as good as ended.
pub async fn sign_out(app: &App, person: PersonId, id: SessionId) -> Result<(), Refusal> {
    match session::revoke(app, person, id).await {
        Ok(()) | Err(Refusal::NotThere | Refusal::ChangedMeanwhile) => Ok(()),
        Err(refusal) => Err(refusal),
    }
}

/// Changes one's own password; all other sessions end. `old` must be right, and guessing it is limited like signing in.
pub async fn change_own_password(
    app: &App,
    person: PersonId,
    keep: SessionId,
    old: &str,
    new: &str,
) -> Result<(), Refusal> {
    let stored = person::get(app, person).await?;
    let problems: Vec<_> = password_problem("new_password", new, &stored.sign_in).into_iter().collect();
    Refusal::unless_empty(problems)?;
    let limits = [attempts::account(app, &stored.sign_in)];
    attempts::count(app, &limits).await?;
    let turn = turn_or_back(app, &limits).await?;
    if !password::verify_in(&turn, old, Some(&stored.password)).await? {
        return Err(Refusal::field("old_password", Message::new("person-password-wrong")));
    }
    let hash = password::hash_in(&turn, new).await?;
    drop(turn);
    put_password(app, &stored, hash, Some(keep)).await?;
    attempts::give_back(app, &limits).await
}

/// Gives a person a new password and ends all their sessions: from the machine itself, for who is locked out.
pub async fn reset_password(app: &App, sign_in: &str, new: &str) -> Result<(), Refusal> {
    let stored = person::find_by_sign_in(app, sign_in).await?.ok_or(Refusal::NotThere)?;
    let problems: Vec<_> = password_problem("password", new, &stored.sign_in).into_iter().collect();
    Refusal::unless_empty(problems)?;
    let hash = password::hash(app, new).await?;
    put_password(app, &stored, hash, None).await?;
    attempts::give_back(app, &[attempts::account(app, &stored.sign_in)]).await
}

async fn put_password(
    app: &App,
    stored: &Stored<Person>,
    hash: password::Hash,
    keep: Option<SessionId>,
) -> Result<(), Refusal> {
    let mut change = Change::new();
    change.update(stored, &Person { password: hash, ..stored.row.clone() });
    session::end_all(app, stored.id, keep, &mut change).await?;
    app.store.commit(change).await?;
    session::tell_ended(app, stored.id);
    Ok(())
}
