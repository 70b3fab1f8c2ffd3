//! Workspaces: one brand or organisation each. Their slug stands in every address and is given once.

#[cfg(test)]
mod tests;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::activity;
use super::member::{self, Member, Owners};
use super::person::Person;
use super::{Action, Actor, FieldProblem, PersonId, Refusal, Role, WorkspaceId};
use crate::app::App;
use crate::base::clock::At;
use crate::store::schema::{self, CollectionId};
use crate::store::{Change, Record, Scan, StoreError, Stored};
use crate::words::Message;

/// How many workspaces one list gives.
const LIST_MAX: usize = 1000;

/// A workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workspace {
    /// Which.
    pub id: WorkspaceId,
    /// Its part of addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its colour, 1 to 12.
    pub tone: u8,
    /// Its time zone, as the IANA database names it.
    pub zone: String,
    /// A post that is later than this is held rather than published.
    #[serde(default = "late_after_hours")]
    pub late_after_hours: u16,
    /// The first day of the week: 1 is Monday, 7 is Sunday.
    #[serde(default = "monday")]
    pub week_starts_on: u8,
    /// Editors may approve.
    #[serde(default)]
    pub editors_approve: bool,
    /// Authors' posts need a yes before they go out.
    #[serde(default)]
    pub approval_needed: bool,
    /// When it was made.
    pub created_at: At,
}

fn late_after_hours() -> u16 {
    6
}

fn monday() -> u8 {
    1
}

impl Workspace {
    /// Its time zone; UTC when the zone database no longer knows it.
    pub fn time_zone(&self) -> TimeZone {
        TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC)
    }

    /// An instant in its zone.
    pub fn local(&self, at: At) -> jiff::Zoned {
        at.to_timestamp().to_zoned(self.time_zone())
    }
}

impl Record for Workspace {
    const COLLECTION: CollectionId = schema::WORKSPACES;
    type Key = WorkspaceId;
    fn key(&self) -> WorkspaceId {
        self.id
    }
}

/// Holds a slug, so that it is given once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slug {
    /// The slug.
    pub slug: String,
    /// Whose it is.
    pub workspace: WorkspaceId,
}

impl Record for Slug {
    const COLLECTION: CollectionId = schema::SLUGS;
    type Key = String;
    fn key(&self) -> String {
        self.slug.clone()
    }
}

/// What can be set about a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Its name.
    pub name: String,
    /// Its time zone.
    pub zone: String,
    /// Its colour, 1 to 12.
    pub tone: u8,
    /// A post that is later than this is held.
    pub late_after_hours: u16,
    /// 1 is Monday, 7 is Sunday.
    pub week_starts_on: u8,
}

impl Settings {
    /// The usual settings under this name in this zone.
    pub fn usual(name: impl Into<String>, zone: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            zone: zone.into(),
            tone: 1,
            late_after_hours: late_after_hours(),
            week_starts_on: monday(),
        }
    }

    /// The settings a workspace has.
    pub fn of(workspace: &Workspace) -> Self {
        Self {
            name: workspace.name.clone(),
            zone: workspace.zone.clone(),
            tone: workspace.tone,
            late_after_hours: workspace.late_after_hours,
            week_starts_on: workspace.week_starts_on,
        }
    }

    /// What is wrong with them, at the fields `workspace`, `zone`, `tone`, `late_after_hours`, `week_starts_on`.
    pub fn problems(&self) -> Vec<FieldProblem> {
        let name = match self.name.trim().chars().count() {
            0 => Some("workspace-name-missing"),
            1..=60 if !self.name.chars().any(char::is_control) => None,
            _ => Some("workspace-name-long"),
        };
        let wrong = [
            ("workspace", name),
            ("zone", TimeZone::get(&self.zone).is_err().then_some("workspace-zone-unknown")),
            ("tone", (!(1..=12).contains(&self.tone)).then_some("workspace-tone-unknown")),
            ("late_after_hours", (!(1..=720).contains(&self.late_after_hours)).then_some("workspace-late-range")),
            ("week_starts_on", (!(1..=7).contains(&self.week_starts_on)).then_some("workspace-week-unknown")),
        ];
        let found = wrong.into_iter().filter_map(|(field, key)| Some((field, key?)));
        found.map(|(field, key)| FieldProblem::new(field, Message::new(key))).collect()
    }
}

/// The workspace with this slug.
pub async fn find_by_slug(app: &App, slug: &str) -> Result<Option<Stored<Workspace>>, Refusal> {
    let Some(held) = app.store.find::<Slug>(&slug.to_owned()).await? else { return Ok(None) };
    Ok(app.store.find::<Workspace>(&held.workspace).await?)
}

/// The workspace with this id, which must be there.
pub async fn get(app: &App, id: WorkspaceId) -> Result<Stored<Workspace>, Refusal> {
    app.store.find::<Workspace>(&id).await?.ok_or(Refusal::NotThere)
}

/// All workspaces of this server, oldest first: for workers and the server admin.
pub async fn list(app: &App) -> Result<Vec<Stored<Workspace>>, Refusal> {
    Ok(app.store.list::<Workspace>(Scan::all().limit(LIST_MAX)).await?)
}

/// The rows of a new workspace with its first owner. The caller commits; [`create`] is for the server admin.
pub(super) fn rows(app: &App, owner: PersonId, settings: &Settings, slug: String, change: &mut Change) -> Workspace {
    let id: WorkspaceId = app.ids.next();
    let workspace = Workspace {
        id,
        slug: slug.clone(),
        name: settings.name.trim().to_owned(),
        tone: settings.tone,
        zone: settings.zone.clone(),
        late_after_hours: settings.late_after_hours,
        week_starts_on: settings.week_starts_on,
        editors_approve: false,
        approval_needed: false,
        created_at: app.clock.now(),
    };
    change.insert(&workspace);
    change.insert(&Slug { slug, workspace: id });
    change.insert(&Member { workspace: id, person: owner, role: Role::Owner, since_at: app.clock.now() });
    change.insert(&Owners { workspace: id, count: 1 });
    change.insert(&activity::entry(app, id, Some(owner), "activity-workspace-created", &[("name", &workspace.name)]));
    workspace
}

/// Makes a workspace; its maker is the first owner. For server admins.
pub async fn create(app: &App, maker: &Person, settings: &Settings) -> Result<Workspace, Refusal> {
    if !maker.server_admin {
        return Err(Refusal::MayNot { action: Action::ManageSettings });
    }
    Refusal::unless_empty(settings.problems())?;
    for attempt in 0..50 {
        let mut change = Change::new();
        let workspace = rows(app, maker.id, settings, slug_for(&settings.name, attempt), &mut change);
        match app.store.commit(change).await {
            Ok(_version) => return Ok(workspace),
            Err(StoreError::Conflict) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Refusal::field("workspace", Message::new("workspace-name-taken")))
}

/// Changes the settings of the actor's workspace. Its slug stays: addresses and bookmarks keep working.
pub async fn update(app: &App, actor: &Actor, settings: &Settings) -> Result<(), Refusal> {
    actor.may(Action::ManageSettings)?;
    Refusal::unless_empty(settings.problems())?;
    let old = get(app, actor.workspace).await?;
    let new = Workspace {
        name: settings.name.trim().to_owned(),
        zone: settings.zone.clone(),
        tone: settings.tone,
        late_after_hours: settings.late_after_hours,
        week_starts_on: settings.week_starts_on,
        ..old.row.clone()
    };
    if new == old.row {
        return Ok(());
    }
    let mut change = Change::new();
    change.update(&old, &new);
    change.insert(&activity::by(app, actor, "activity-settings-changed", &[]));
    app.store.commit(change).await?;
    app.kicks.kick_all();
    app.live.tell(actor.workspace, "workspace", actor.workspace);
    Ok(())
}

/// The workspaces this person is a member of, with the role in each, by name.
pub async fn list_of(app: &App, person: PersonId) -> Result<Vec<(Workspace, Role)>, Refusal> {
    let mut list = Vec::new();
    for member in member::list_of_person(app, person).await? {
        if let Some(workspace) = app.store.find::<Workspace>(&member.workspace).await? {
            list.push((workspace.row, member.row.role));
        }
    }
    list.sort_by_key(|(workspace, _role)| workspace.name.to_lowercase());
    Ok(list)
}

/// A slug from a name: `Riverside & Sons` becomes `riverside-sons`; later attempts get a number.
pub(super) fn slug_for(name: &str, attempt: u32) -> String {
    let mut slug = String::new();
    for character in name.to_lowercase().chars() {
        match character {
            'a'..='z' | '0'..='9' => slug.push(character),
            'ä' | 'à' | 'á' | 'â' | 'ã' | 'å' => slug.push('a'),
            'è' | 'é' | 'ê' | 'ë' => slug.push('e'),
            'ì' | 'í' | 'î' | 'ï' => slug.push('i'),
            'ö' | 'ò' | 'ó' | 'ô' | 'õ' | 'ø' => slug.push('o'),
            'ü' | 'ù' | 'ú' | 'û' => slug.push('u'),
            'ñ' => slug.push('n'),
            'ç' => slug.push('c'),
            'ß' => slug.push_str("ss"),
            '\'' | '’' => {}
            _ if slug.is_empty() || slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
        if 40 <= slug.len() {
            break;
        }
    }
    let slug = slug.trim_end_matches('-');
    let slug = if slug.is_empty() { "workspace" } else { slug };
    if attempt == 0 { slug.to_owned() } else { format!("{slug}-{}", attempt.saturating_add(1)) }
}

/// How late a post of this workspace may be and still go out.
pub async fn late_limit(app: &App, id: WorkspaceId) -> Result<std::time::Duration, StoreError> {
    let workspace = app.store.find::<Workspace>(&id).await?;
    let hours = workspace.map_or_else(late_after_hours, |workspace| workspace.late_after_hours);
    Ok(std::time::Duration::from_hours(u64::from(hours)))
}
