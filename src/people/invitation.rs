//! Invitations: a link that makes whoever opens it a member, once, within seven days.
//!
//! The link holds a random token; the store holds its digest. Accepting removes the invitation in the same commit that
//! makes the membership, so that it works once.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::activity;
use super::member;
use super::person::{NewPerson, SignInName, normal};
use super::session::{self, Begun, Proof};
use super::set_up::new_person_rows;
use super::workspace::{self, Workspace};
use super::{Action, Actor, InvitationId, PersonId, Refusal, Role, WorkspaceId};
use crate::app::App;
use crate::base::clock::At;
use crate::base::id::random_token;
use crate::base::seal::Secret;
use crate::store::schema::{self, CollectionId};
use crate::store::{Change, Entries, Record, Scan, StoreError, Stored};
use crate::words::Message;

/// How long a link is good.
pub const GOOD_FOR: Duration = Duration::from_hours(7 * 24);
/// How many open invitations a workspace has at most.
const OPEN_MAX: usize = 100;

/// An invitation, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Which.
    pub id: InvitationId,
    /// The digest of the token.
    pub proof: Proof,
    /// Into where.
    pub workspace: WorkspaceId,
    /// As what.
    pub role: Role,
    /// For whom, as the inviting person noted it; may be empty.
    pub note: String,
    /// By whom.
    pub by: PersonId,
    /// Good until.
    pub ends_at: At,
}

crate::index! {
    /// The invitations of a workspace.
    pub InvitationsByWorkspace in schema::INVITATIONS_BY_WORKSPACE: (WorkspaceId, InvitationId) => ()
}

impl Record for Invitation {
    const COLLECTION: CollectionId = schema::INVITATIONS;
    type Key = InvitationId;
    fn key(&self) -> InvitationId {
        self.id
    }
    fn entries(&self, out: &mut Entries) {
        out.add(InvitationsByWorkspace, (self.workspace, self.id), &());
    }
}

/// Makes a link that invites as this role; the token is known only now.
pub async fn create(app: &App, actor: &Actor, role: Role, note: &str) -> Result<(Secret, Invitation), Refusal> {
    member::allow_to_touch(actor.may_perhaps(Action::ManageMembers)?, role)?;
    if 80 < note.chars().count() {
        return Err(Refusal::field("note", Message::new("person-name-long")));
    }
    let open = list(app, actor).await?;
    if OPEN_MAX <= open.len() {
        return Err(Refusal::Rule(Message::new("invitation-too-many")));
    }
    let token = random_token();
    let proof = Proof::of(&token);
    let invitation = Invitation {
        id: proof.id(),
        proof,
        workspace: actor.workspace,
        role,
        note: note.trim().to_owned(),
        by: actor.person,
        ends_at: app.clock.now().plus(GOOD_FOR),
    };
    let mut change = Change::new();
    change.insert(&invitation);
    let args = [("role", role.name()), ("note", invitation.note.as_str())];
    change.insert(&activity::by(app, actor, "activity-invited", &args));
    app.store.commit(change).await?;
    Ok((Secret::new(token), invitation))
}

/// The invitations of the actor's workspace that are still good. Those that are over are removed on the way.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Stored<Invitation>>, Refusal> {
    actor.may_perhaps(Action::ManageMembers)?;
    let scan = Scan::under((actor.workspace,)).limit(2 * OPEN_MAX);
    let entries = app.store.list_index::<InvitationsByWorkspace>(scan).await?;
    let (mut list, mut over) = (Vec::new(), Change::new());
    for entry in entries {
        let (_workspace, id) = entry.key;
        match app.store.find::<Invitation>(&id).await? {
            Some(invitation) if invitation.ends_at <= app.clock.now() => drop(over.remove(&invitation)),
            Some(invitation) => list.push(invitation),
            None => {}
        }
    }
    if !over.is_empty() {
        match app.store.commit(over).await {
            Ok(_) | Err(StoreError::Conflict) => {}
            Err(error) => return Err(error.into()),
        }
    }
    list.sort_by_key(|invitation| invitation.ends_at);
    Ok(list)
}

/// Takes an invitation back.
pub async fn remove(app: &App, actor: &Actor, id: InvitationId) -> Result<(), Refusal> {
    let grant = actor.may_perhaps(Action::ManageMembers)?;
    let found = app.store.find::<Invitation>(&id).await?;
    let invitation = found.filter(|found| found.workspace == actor.workspace).ok_or(Refusal::NotThere)?;
    member::allow_to_touch(grant, invitation.role)?;
    let mut change = Change::new();
    change.remove(&invitation);
    change.insert(&activity::by(app, actor, "activity-invitation-removed", &[("note", &invitation.note)]));
    app.store.commit(change).await?;
    Ok(())
}

/// What a link opens; `None` when it is not known, used or over.
pub async fn find(app: &App, token: &str) -> Result<Option<(Stored<Invitation>, Workspace)>, Refusal> {
    let proof = Proof::of(token);
    let found = app.store.find::<Invitation>(&proof.id()).await?;
    let good = |found: &Stored<Invitation>| found.proof.matches(&proof) && app.clock.now() < found.ends_at;
    let Some(invitation) = found.filter(good) else { return Ok(None) };
    let workspace = workspace::get(app, invitation.workspace).await?;
    Ok(Some((invitation, workspace.row)))
}

/// Someone new comes in by a link: becomes a person, a member, and is signed in.
pub async fn accept_as_new(
    app: &App,
    token: &str,
    new: &NewPerson,
    agent: &str,
) -> Result<(Begun, Workspace), Refusal> {
    let (invitation, workspace) = find(app, token).await?.ok_or_else(gone)?;
    Refusal::unless_empty(new.problems())?;
    let mut change = Change::new();
    let person = new_person_rows(app, new, false, &mut change).await?;
    let begun = session::begin(app, person.id, agent, &mut change);
    accept_into(app, &invitation, person.id, change).await.map_err(|refusal| match refusal {
        // Either the link was used meanwhile or the name was given: the name is what can be put right.
        Refusal::ChangedMeanwhile => Refusal::field("sign_in", Message::new("person-sign-in-taken")),
        other => other,
    })?;
    Ok((begun, workspace))
}

/// Someone who is signed in comes in by a link.
pub async fn accept(app: &App, token: &str, person: PersonId) -> Result<Workspace, Refusal> {
    let (invitation, workspace) = find(app, token).await?.ok_or_else(gone)?;
    if member::find(app, workspace.id, person).await?.is_some() {
        return Err(Refusal::Rule(Message::new("invitation-member-already")));
    }
    accept_into(app, &invitation, person, Change::new()).await?;
    Ok(workspace)
}

/// Whether someone signs in with this name already: then the link asks them to sign in rather than to choose a name.
pub async fn is_known(app: &App, sign_in: &str) -> Result<bool, Refusal> {
    Ok(app.store.find::<SignInName>(&normal(sign_in)).await?.is_some())
}

async fn accept_into(
    app: &App,
    invitation: &Stored<Invitation>,
    person: PersonId,
    mut change: Change,
) -> Result<(), Refusal> {
    let workspace = invitation.workspace;
    change.remove(invitation);
    member::join(app, &mut change, workspace, person, invitation.role).await?;
    let args = [("role", invitation.role.name())];
    change.insert(&activity::entry(app, workspace, Some(person), "activity-joined", &args));
    app.store.commit(change).await?;
    Ok(())
}

fn gone() -> Refusal {
    Refusal::Rule(Message::new("invitation-gone"))
}
