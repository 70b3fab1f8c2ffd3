//! The first start: one person, one workspace, guarded by a code that only who started Belfry can see.
//!
//! The code is made at each start as long as nobody has set the server up; its digest lies in the data folder, so that
//! several processes of one folder agree. One row says that the set-up is done; two at once cannot both win.

use std::fs;
use std::io::{self, Write};
use std::net::IpAddr;
use std::os::unix::fs::OpenOptionsExt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::attempts;
use super::password;
use super::person::{NewPerson, Person, SignInName, normal};
use super::session::{self, Begun};
use super::workspace::{self, Settings, Workspace};
use super::{PersonId, Refusal};
use crate::app::App;
use crate::base::clock::At;
use crate::base::id::random;
use crate::base::seal::Secret;
use crate::store::schema::{self, CollectionId};
use crate::store::{Change, Record, StoreError};
use crate::words::Message;

/// Letters of a code: those that nobody mistakes for another.
const SIGNS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// The server has been set up. There is at most one such row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetUp {
    /// By whom.
    pub person: PersonId,
    /// When.
    pub at: At,
}

impl Record for SetUp {
    const COLLECTION: CollectionId = schema::SET_UP;
    type Key = u8;
    fn key(&self) -> u8 {
        0
    }
}

/// What the set-up page asks for.
#[derive(Clone, Debug)]
pub struct First {
    /// The code that was printed at the start.
    pub code: Secret,
    /// The first person.
    pub person: NewPerson,
    /// The first workspace.
    pub workspace: Settings,
}

/// Whether the server has been set up.
pub async fn is_done(app: &App) -> Result<bool, Refusal> {
    Ok(app.store.find::<SetUp>(&0).await?.is_some())
}

/// Makes a new code; the one before is no longer good.
pub fn make_code(app: &App) -> io::Result<Secret> {
    let signs: String = random::<12>().iter().map(|byte| sign(*byte)).collect();
    let groups: Vec<String> = signs.chars().collect::<Vec<_>>().chunks(4).map(|group| group.iter().collect()).collect();
    let code = groups.join("-");
    let path = app.files.setup_code();
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(data_encoding::HEXLOWER.encode(&code_digest(&code)).as_bytes())?;
    file.sync_all()?;
    Ok(Secret::new(code))
}

fn sign(byte: u8) -> char {
    // 256 is a multiple of 32, so every sign is as likely as every other.
    SIGNS.get(usize::from(byte) % SIGNS.len()).copied().map_or('2', char::from)
}

/// Case, spaces and hyphens do not matter.
fn code_digest(code: &str) -> [u8; 32] {
    let plain: String =
        code.chars().filter(char::is_ascii_alphanumeric).map(|sign| sign.to_ascii_uppercase()).collect();
    Sha256::digest(plain.as_bytes()).into()
}

fn is_right(app: &App, code: &Secret) -> bool {
    let kept = fs::read_to_string(app.files.setup_code()).unwrap_or_default();
    let kept = data_encoding::HEXLOWER.decode(kept.trim().as_bytes()).unwrap_or_default();
    !kept.is_empty() && bool::from(kept.as_slice().ct_eq(&code_digest(code.reveal())))
}

/// Sets the server up and signs the first person in.
pub async fn set_up(app: &App, first: First, address: IpAddr, agent: &str) -> Result<(Begun, Workspace), Refusal> {
    if is_done(app).await? {
        return Err(Refusal::Rule(Message::new("set-up-done")));
    }
    let limits = [attempts::set_up(app), attempts::address(app, address)];
    attempts::count(app, &limits).await?;
    if !is_right(app, &first.code) {
        return Err(Refusal::field("code", Message::new("set-up-code-wrong")));
    }
    attempts::give_back(app, &limits).await?;
    let mut problems = first.person.problems();
    problems.extend(first.workspace.problems());
    Refusal::unless_empty(problems)?;

    let mut change = Change::new();
    let person = new_person_rows(app, &first.person, true, &mut change).await?;
    change.insert(&SetUp { person: person.id, at: app.clock.now() });
    let slug = workspace::slug_for(&first.workspace.name, 0);
    let workspace = workspace::rows(app, person.id, &first.workspace, slug, &mut change);
    let begun = session::begin(app, person.id, agent, &mut change);
    match app.store.commit(change).await {
        Ok(_version) => {}
        Err(StoreError::Conflict) => return Err(Refusal::Rule(Message::new("set-up-done"))),
        Err(error) => return Err(error.into()),
    }
    forget_code(app);
    Ok((begun, workspace))
}

/// Makes a person from the machine itself. The first one made this way is a server admin and ends the set-up.
pub async fn add_person(app: &App, new: &NewPerson, server_admin: bool) -> Result<Person, Refusal> {
    Refusal::unless_empty(new.problems())?;
    let first = !is_done(app).await?;
    let mut change = Change::new();
    let person = new_person_rows(app, new, server_admin || first, &mut change).await?;
    if first {
        change.insert(&SetUp { person: person.id, at: app.clock.now() });
    }
    match app.store.commit(change).await {
        Ok(_version) if first => forget_code(app),
        Ok(_version) => {}
        Err(StoreError::Conflict) => return Err(Refusal::field("sign_in", Message::new("person-sign-in-taken"))),
        Err(error) => return Err(error.into()),
    }
    Ok(person)
}

/// The rows of a new person; the caller commits, and a conflict may mean that the sign-in name was given meanwhile.
pub(super) async fn new_person_rows(
    app: &App,
    new: &NewPerson,
    server_admin: bool,
    change: &mut Change,
) -> Result<Person, Refusal> {
    let sign_in = normal(&new.sign_in);
    if app.store.find::<SignInName>(&sign_in).await?.is_some() {
        return Err(Refusal::field("sign_in", Message::new("person-sign-in-taken")));
    }
    let password = password::hash(app, &new.password).await?;
    let (id, name) = (app.ids.next(), new.name.trim().to_owned());
    let person = Person { id, name, sign_in: sign_in.clone(), password, server_admin, created_at: app.clock.now() };
    change.insert(&person);
    change.insert(&SignInName { sign_in, person: id });
    Ok(person)
}

fn forget_code(app: &App) {
    match fs::remove_file(app.files.setup_code()) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(%error, "the used set-up code cannot be removed; it opens nothing any more");
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_the_same_however_it_is_typed() {
        assert_eq!(code_digest("k7qf-2m9d-xw3t"), code_digest(" K7QF 2M9DXW3T"));
        assert_ne!(code_digest("k7qf-2m9d-xw3t"), code_digest("k7qf-2m9d-xw3s"));
    }

    #[test]
    fn codes_have_no_signs_that_are_mistaken_for_others() {
        let signs: Vec<char> = (0..=255).map(sign).collect();
        assert!(!signs.iter().any(|sign| "01IO".contains(*sign)));
        assert_eq!(signs.iter().filter(|sign| **sign == 'Z').count(), 8);
    }
}
