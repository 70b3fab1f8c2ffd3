//! Members: who belongs to a workspace, as what. There is always an owner: a row that counts them is checked and
//! written by every commit that could remove the last one.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::activity;
use super::person;
use super::{Action, Actor, Grant, PersonId, Refusal, Role, WorkspaceId};
use crate::app::App;
use crate::base::clock::At;
use crate::store::schema::{self, CollectionId};
use crate::store::{Change, Entries, Record, Scan, Stored};
use crate::words::Message;

/// How many members one list gives.
const LIST_MAX: usize = 500;
/// For how long a removal can be taken back.
const WAY_BACK_FOR: Duration = Duration::from_mins(10);

/// A person in a workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Where.
    pub workspace: WorkspaceId,
    /// Who.
    pub person: PersonId,
    /// As what.
    pub role: Role,
    /// Since when.
    pub since_at: At,
}

crate::index! {
    /// The workspaces of a person.
    pub MembersByPerson in schema::MEMBERS_BY_PERSON: (PersonId, WorkspaceId) => ()
}

impl Record for Member {
    const COLLECTION: CollectionId = schema::MEMBERS;
    type Key = (WorkspaceId, PersonId);
    fn key(&self) -> Self::Key {
        (self.workspace, self.person)
    }
    fn entries(&self, out: &mut Entries) {
        out.add(MembersByPerson, (self.person, self.workspace), &());
    }
}

/// How many owners a workspace has: the guard against removing the last one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owners {
    /// Where.
    pub workspace: WorkspaceId,
    /// How many.
    pub count: u32,
}

impl Record for Owners {
    const COLLECTION: CollectionId = schema::OWNERS;
    type Key = WorkspaceId;
    fn key(&self) -> WorkspaceId {
        self.workspace
    }
}

/// The membership of this person in this workspace.
pub async fn find(app: &App, workspace: WorkspaceId, person: PersonId) -> Result<Option<Stored<Member>>, Refusal> {
    Ok(app.store.find::<Member>(&(workspace, person)).await?)
}

/// The members of the actor's workspace with their names, owners first, then by name.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<(Member, person::Person)>, Refusal> {
    actor.may(Action::SeePeople)?;
    let members = app.store.list::<Member>(Scan::under((actor.workspace,)).limit(LIST_MAX)).await?;
    let mut list = Vec::with_capacity(members.len());
    for member in members {
        if let Some(person) = person::find(app, member.person).await? {
            list.push((member.row, person.row));
        }
    }
    let rank = |role: Role| Role::ALL.iter().position(|known| *known == role);
    list.sort_by_key(|(member, person)| (rank(member.role), person.name.to_lowercase()));
    Ok(list)
}

/// The memberships of a person.
pub async fn list_of_person(app: &App, person: PersonId) -> Result<Vec<Stored<Member>>, Refusal> {
    let entries = app.store.list_index::<MembersByPerson>(Scan::under((person,)).limit(LIST_MAX)).await?;
    let mut list = Vec::with_capacity(entries.len());
    for entry in entries {
        let (person, workspace) = entry.key;
        list.extend(find(app, workspace, person).await?);
    }
    Ok(list)
}

/// Makes the rows by which a person becomes a member; the caller commits.
pub(super) async fn join(
    app: &App,
    change: &mut Change,
    workspace: WorkspaceId,
    person: PersonId,
    role: Role,
) -> Result<(), Refusal> {
    change.insert(&Member { workspace, person, role, since_at: app.clock.now() });
    if role == Role::Owner {
        count_owners(app, change, workspace, 1).await?;
    }
    Ok(())
}

/// Makes a person a member, from the machine itself.
pub async fn add(app: &App, workspace: WorkspaceId, person: PersonId, role: Role) -> Result<(), Refusal> {
    let mut change = Change::new();
    join(app, &mut change, workspace, person, role).await?;
    change.insert(&activity::entry(app, workspace, Some(person), "activity-joined", &[("role", role.name())]));
    app.store.commit(change).await?;
    Ok(())
}

/// The owner who has been one for longest: who stands for the machine itself in the log.
pub async fn first_owner(app: &App, workspace: WorkspaceId) -> Result<PersonId, Refusal> {
    let members = app.store.list::<Member>(Scan::under((workspace,)).limit(LIST_MAX)).await?;
    let owners = members.iter().filter(|member| member.role == Role::Owner);
    owners.min_by_key(|member| member.since_at).map(|member| member.person).ok_or(Refusal::NotThere)
}

/// Gives a member another role.
pub async fn change_role(app: &App, actor: &Actor, person: PersonId, role: Role) -> Result<(), Refusal> {
    let grant = actor.may_perhaps(Action::ManageMembers)?;
    let old = find(app, actor.workspace, person).await?.ok_or(Refusal::NotThere)?;
    allow_to_touch(grant, old.role)?;
    allow_to_touch(grant, role)?;
    if old.role == role {
        return Ok(());
    }
    let mut change = Change::new();
    change.update(&old, &Member { role, ..old.row.clone() });
    match (old.role, role) {
        (Role::Owner, _) => count_owners(app, &mut change, actor.workspace, -1).await?,
        (_, Role::Owner) => count_owners(app, &mut change, actor.workspace, 1).await?,
        _ => {}
    }
    let name = person::name_of(app, person).await?;
    let args = [("person", name.as_str()), ("role", role.name())];
    change.insert(&activity::by(app, actor, "activity-role-changed", &args));
    app.store.commit(change).await?;
    app.live.tell(actor.workspace, "session", person);
    Ok(())
}

/// Takes a member out of the workspace; what they wrote stays. Everyone may leave by themselves. Gives what they were.
pub async fn remove(app: &App, actor: &Actor, person: PersonId) -> Result<Member, Refusal> {
    actor.may(Action::SeePeople)?;
    let old = find(app, actor.workspace, person).await?.ok_or(Refusal::NotThere)?;
    if person != actor.person {
        let grant = actor.may_perhaps(Action::ManageMembers)?;
        allow_to_touch(grant, old.role)?;
    }
    let mut change = Change::new();
    change.remove(&old);
    if old.role == Role::Owner {
        count_owners(app, &mut change, actor.workspace, -1).await?;
    }
    let name = person::name_of(app, person).await?;
    change.insert(&activity::by(app, actor, "activity-member-removed", &[("person", &name)]));
    app.store.commit(change).await?;
    app.live.tell(actor.workspace, "session", person);
    Ok(old.row)
}

/// What lets a removal be taken back for some minutes. It is signed: nobody becomes a member by an id that was guessed.
pub fn way_back(app: &App, removed: &Member) -> String {
    let until = app.clock.now().plus(WAY_BACK_FOR);
    let told = format!("{}.{}.{}", removed.role, removed.since_at.as_millis(), until.as_seconds());
    let signature = app.sealer.signer("member").sign(&[&told_of(removed.workspace, removed.person, &told)]);
    format!("{told}.{}", data_encoding::BASE64URL_NOPAD.encode(&signature))
}

/// Takes a removal back, by what [`way_back`] gave.
pub async fn put_back(app: &App, actor: &Actor, person: PersonId, way_back: &str) -> Result<(), Refusal> {
    let grant = actor.may_perhaps(Action::ManageMembers)?;
    let (told, signature) = way_back.rsplit_once('.').ok_or(Refusal::NotThere)?;
    let signature = data_encoding::BASE64URL_NOPAD.decode(signature.as_bytes()).map_err(|_error| Refusal::NotThere)?;
    if !app.sealer.signer("member").verify(&[&told_of(actor.workspace, person, told)], &signature) {
        return Err(Refusal::NotThere);
    }
    let mut parts = told.split('.');
    let role: Option<Role> = parts.next().and_then(|role| role.parse().ok());
    let mut number = || parts.next().and_then(|number| number.parse::<i64>().ok());
    let (Some(role), Some(since), Some(until)) = (role, number(), number()) else { return Err(Refusal::NotThere) };
    if until < app.clock.now().as_seconds() {
        return Err(Refusal::Rule(Message::new("member-way-back-over")));
    }
    allow_to_touch(grant, role)?;
    if find(app, actor.workspace, person).await?.is_some() {
        return Err(Refusal::ChangedMeanwhile);
    }
    let mut change = Change::new();
    change.insert(&Member { workspace: actor.workspace, person, role, since_at: At::from_millis(since) });
    if role == Role::Owner {
        count_owners(app, &mut change, actor.workspace, 1).await?;
    }
    let name = person::name_of(app, person).await?;
    change.insert(&activity::by(app, actor, "activity-member-put-back", &[("person", &name)]));
    app.store.commit(change).await?;
    Ok(())
}

fn told_of(workspace: WorkspaceId, person: PersonId, told: &str) -> Vec<u8> {
    [workspace.bits().to_be_bytes().as_slice(), &person.bits().to_be_bytes(), told.as_bytes()].concat()
}

/// An admin touches neither owners nor makes any.
pub(super) fn allow_to_touch(grant: Grant, role: Role) -> Result<(), Refusal> {
    match grant {
        Grant::Yes => Ok(()),
        Grant::NotOwners if role != Role::Owner => Ok(()),
        Grant::NotOwners | Grant::Own | Grant::WhereAllowed | Grant::Drafts | Grant::No => {
            Err(Refusal::MayNot { action: Action::ManageMembers })
        }
    }
}

async fn count_owners(app: &App, change: &mut Change, workspace: WorkspaceId, more: i32) -> Result<(), Refusal> {
    let old = app.store.find::<Owners>(&workspace).await?.ok_or(Refusal::NotThere)?;
    let count = old.count.saturating_add_signed(more);
    if count == 0 {
        return Err(Refusal::Rule(Message::new("member-last-owner")));
    }
    change.update(&old, &Owners { workspace, count });
    Ok(())
}
