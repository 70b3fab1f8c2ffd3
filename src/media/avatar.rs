//! Pictures of people and channels elsewhere: fetched by this server through the guard, proved as uploads are, shrunk to
//! a small square, and kept within bounds. Pages show them from here and load nothing from anywhere else.
//!
//! A page looks up what is there and wishes for what is not ([`faces`]); a worker fetches ([`fetch_wished`]). What could
//! not be had is remembered, so that no server is asked again before its time. What has not been wanted for longest goes
//! when there are too many ([`evict`]). A picture belongs to its address, so one that two workspaces show is kept once.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::asset::{FilesUsed, files};
use super::probe::Bounds;
use super::rendition::square;
use super::signed::Signer;
use super::{AvatarId, FileId, Kind, MediaError, gate, intake};
use crate::app::{App, Wish, Worker};
use crate::base::backoff::backoff;
use crate::base::clock::At;
use crate::base::id;
use crate::networks::NetworkError;
use crate::people::WorkspaceId;
use crate::store::schema::{self, CollectionId};
use crate::store::{Change, Entries, Record, Scan, StoreError, Stored};

/// The side of what is kept: a face of 42 px on a screen of two and a half dots to the pixel.
const SIDE_PX: u32 = 104;
/// A picture of more bytes is not fetched.
const FETCHED_MAX_BYTES: u32 = 3 << 20;
/// A server that takes longer is not waited for.
const DEADLINE: Duration = Duration::from_secs(8);
/// What one picture of a stranger may take to decode.
const BOUNDS: Bounds =
    Bounds { max_pixels: 16_000_000, max_side_px: 8_192, memory_bytes: 128 << 20, max_animation_pixels: 64_000_000 };
/// A picture that is there is looked at again after this: most servers give a new picture a new address.
const GOOD_FOR: Duration = Duration::from_hours(30 * 24);
/// How soon one that could not be had is tried again, at first and at last.
const TRY_AFTER: (Duration, Duration) = (Duration::from_hours(1), Duration::from_hours(14 * 24));
/// That it is wanted is noted no more often than this.
const NOTED_EVERY: Duration = Duration::from_hours(7 * 24);
/// How many are removed in one commit.
const BATCH: usize = 100;

/// A picture elsewhere, and what is kept of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Avatar {
    /// Follows from the address.
    pub id: AvatarId,
    /// Where it is elsewhere.
    pub address: String,
    /// What is shown; none: it could not be had.
    pub picture: Option<Picture>,
    /// How often in a row it could not be had.
    pub failures: u32,
    /// Not before this is the server asked again.
    pub again_at: At,
    /// When a page last wanted it, give or take a week.
    pub wanted_at: At,
}

/// The small square that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Its file.
    pub file: FileId,
    /// JPEG or PNG.
    pub kind: Kind,
    /// Its size.
    pub size_bytes: u64,
}

crate::index! {
    /// Pictures by when they were last wanted, with their sizes.
    pub AvatarsByWanted in schema::AVATARS_BY_WANTED: (At, AvatarId) => u64;
}

impl Record for Avatar {
    const COLLECTION: CollectionId = schema::AVATARS;
    type Key = AvatarId;

    fn key(&self) -> Self::Key {
        self.id
    }

    fn entries(&self, out: &mut Entries) {
        out.add(AvatarsByWanted, (self.wanted_at, self.id), &self.picture.map_or(0, |picture| picture.size_bytes));
        if let Some(picture) = &self.picture {
            out.add(FilesUsed, (picture.file, self.id.bits()), &());
        }
    }
}

/// How much is kept.
#[derive(Clone, Copy, Debug)]
pub struct Kept {
    /// So many, those included that could not be had.
    pub count: usize,
    /// So many bytes.
    pub bytes: u64,
}

impl Default for Kept {
    fn default() -> Self {
        Self { count: 5_000, bytes: 64 << 20 }
    }
}

/// The addresses at which pages show pictures of these people, by the addresses the pictures have elsewhere.
#[derive(Clone, Debug, Default)]
pub struct Faces(BTreeMap<String, String>);

impl Faces {
    /// Where a page shows this one; none: initials stand for it.
    pub fn of(&self, address: Option<&str>) -> Option<String> {
        self.0.get(address?).cloned()
    }
}

/// Looks up pictures for a page, and wishes for those that are not there or have to be looked at again.
pub async fn faces<'a>(
    app: &App,
    workspace: WorkspaceId,
    addresses: impl IntoIterator<Item = Option<&'a str>>,
) -> Result<Faces, StoreError> {
    let now = app.clock.now();
    let signer = Signer::new(&app.sealer);
    let mut faces = Faces::default();
    let mut wished = false;
    let asked: BTreeSet<&str> = addresses.into_iter().flatten().collect();
    for address in asked {
        let known = app.store.find::<Avatar>(&id_of(address)).await?;
        if known.as_ref().is_none_or(|avatar| avatar.again_at <= now || avatar.wanted_at.plus(NOTED_EVERY) <= now) {
            wished |= app.wishes.add(workspace, address);
        }
        if let Some(picture) = known.and_then(|avatar| avatar.picture) {
            faces.0.insert(address.to_owned(), signer.avatar_path(picture.file, picture.kind, now));
        }
    }
    if wished {
        app.kicks.kick(Worker::Avatars);
    }
    Ok(faces)
}

/// Wishes for pictures that pages will soon want.
pub fn wish<'a>(app: &App, workspace: WorkspaceId, addresses: impl IntoIterator<Item = Option<&'a str>>) {
    let added = addresses.into_iter().flatten().filter(|address| app.wishes.add(workspace, address)).count();
    if 0 < added {
        app.kicks.kick(Worker::Avatars);
    }
}

/// Fetches what is wished for, one after the other, until there is no wish or Belfry stops.
pub async fn fetch_wished(app: &App) -> Result<(), MediaError> {
    let mut round = Round::default();
    while let Some(wish) = app.wishes.take() {
        let granted = tokio::select! {
            () = app.stop.cancelled() => break,
            granted = grant(app, &wish, &mut round.silent) => granted,
        };
        if granted? {
            round.workspaces.insert(wish.workspace);
        }
    }
    // Once a round: each page asks for all it shows at once.
    for workspace in round.workspaces {
        app.live.tell(workspace, "avatar", 0_u128);
    }
    Ok(())
}

/// What a round remembers.
#[derive(Debug, Default)]
struct Round {
    /// Hosts that did not answer: the rest of their pictures is not tried this time.
    silent: BTreeSet<String>,
    /// Where there is something new to show.
    workspaces: BTreeSet<u128>,
}

/// Fetches one picture if it is time; says whether there is something new to show.
async fn grant(app: &App, wish: &Wish, silent: &mut BTreeSet<String>) -> Result<bool, MediaError> {
    let now = app.clock.now();
    let known = app.store.find::<Avatar>(&id_of(&wish.address)).await.map_err(of_store)?;
    if let Some(known) = known.as_ref().filter(|known| now < known.again_at) {
        if known.wanted_at.plus(NOTED_EVERY) <= now {
            let next = Avatar { wanted_at: now, ..known.row.clone() };
            save(app, Some(known), &next).await?;
        }
        // Another workspace may have fetched it since this one wished.
        return Ok(known.picture.is_some());
    }
    let fetched = match host_of(&wish.address) {
        Some(host) if silent.contains(&host) => Err(Fault::Silent("its server did not answer a moment ago".to_owned())),
        _ => fetch(app, &wish.address).await,
    };
    let before = known.as_ref().and_then(|known| known.picture);
    let failures = known.as_ref().map_or(0, |known| known.failures);
    let mut next = Avatar {
        id: id_of(&wish.address),
        address: wish.address.clone(),
        picture: before,
        failures: 0,
        again_at: now.plus(GOOD_FOR),
        wanted_at: now,
    };
    if matches!(fetched, Err(Fault::Silent(_))) {
        silent.extend(host_of(&wish.address));
    }
    match fetched {
        Ok(picture) => next.picture = Some(picture),
        Err(Fault::Ours(error)) => return Err(error),
        Err(Fault::Silent(why) | Fault::Unusable(why)) => {
            tracing::debug!(why, "a picture of someone elsewhere could not be had");
            let (first, longest) = TRY_AFTER;
            next.failures = failures.saturating_add(1);
            next.again_at = now.plus(backoff(next.failures, first, longest, u64::from_be_bytes(id::random::<8>())));
        }
    }
    save(app, known.as_ref(), &next).await?;
    Ok(next.picture != before)
}

async fn save(app: &App, before: Option<&Stored<Avatar>>, next: &Avatar) -> Result<(), MediaError> {
    let mut change = Change::new();
    match before {
        Some(before) => change.update(before, next),
        None => change.insert(next),
    };
    match app.store.commit(change).await {
        // Upkeep removed it at this moment; the next page wishes again.
        Ok(_) | Err(StoreError::Conflict) => Ok(()),
        Err(error) => Err(of_store(error)),
    }
}

/// Why there is no picture.
#[derive(Debug)]
enum Fault {
    /// The disk or the store: nothing is noted against the address.
    Ours(MediaError),
    /// Its server could not be reached, or not in time.
    Silent(String),
    /// There is an answer, and it is no picture that is taken; or the address may not be asked.
    Unusable(String),
}

impl From<MediaError> for Fault {
    fn from(error: MediaError) -> Self {
        match error {
            MediaError::Disk(_) | MediaError::DiskFull { .. } => Self::Ours(error),
            other => Self::Unusable(other.to_string()),
        }
    }
}

impl From<NetworkError> for Fault {
    fn from(error: NetworkError) -> Self {
        match error {
            NetworkError::NotSent { .. } | NetworkError::Unclear { .. } => Self::Silent(error.to_string()),
            other => Self::Unusable(other.to_string()),
        }
    }
}

async fn fetch(app: &App, address: &str) -> Result<Picture, Fault> {
    let area = files(app);
    // First of all, so that nobody is asked while the disk is full.
    let mut upload = area.create(u64::from(FETCHED_MAX_BYTES), app.clock.now())?;
    let request = app
        .client
        .get(address)
        .header("accept", "image/webp, image/png, image/jpeg, image/gif")
        .deadline(DEADLINE)
        .max_bytes(usize::try_from(FETCHED_MAX_BYTES).unwrap_or(usize::MAX));
    let answer = request.send().await?;
    if !answer.is_success() {
        return Err(Fault::Unusable(format!("its server answered {}", answer.status())));
    }
    upload.write(answer.body()).await?;
    drop(answer);
    let upload = upload.into_draft()?;
    let kept = gate::alone(move || {
        let (clean, original) = intake::proved(&area, upload, &BOUNDS)?;
        let made = square(clean.path(), &original, SIDE_PX, &BOUNDS)?;
        let size_bytes = u64::try_from(made.bytes.len()).unwrap_or(u64::MAX);
        let mut draft = area.create(size_bytes, clean.begun_at())?.into_draft()?;
        draft.write_all(&made.bytes)?;
        let (file, size_bytes) = draft.finish()?;
        Ok(Picture { file, kind: made.kind, size_bytes })
    });
    Ok(kept.await?)
}

/// Removes what has not been wanted for longest, beyond what is to be kept; says how many went. Their files go with the
/// next sweeps.
pub async fn evict(app: &App, kept: Kept) -> Result<usize, StoreError> {
    let limit = kept.count.saturating_mul(2).saturating_add(BATCH);
    let newest_first = app.store.list_index::<AvatarsByWanted>(Scan::all().backward().limit(limit)).await?;
    let mut bytes = 0_u64;
    let mut beyond = Vec::new();
    for (number, entry) in newest_first.into_iter().enumerate() {
        bytes = bytes.saturating_add(entry.value);
        if kept.count <= number || kept.bytes < bytes {
            beyond.push(entry.key.1);
        }
    }
    for batch in beyond.chunks(BATCH) {
        let mut change = Change::new();
        for id in batch {
            if let Some(avatar) = app.store.find::<Avatar>(id).await? {
                change.remove(&avatar);
            }
        }
        app.store.commit(change).await?;
    }
    Ok(beyond.len())
}

/// The id that follows from an address.
fn id_of(address: &str) -> AvatarId {
    id::digest(&[b"avatar", address.as_bytes()])
}

fn host_of(address: &str) -> Option<String> {
    Some(url::Url::parse(address).ok()?.origin().ascii_serialization())
}

fn of_store(error: StoreError) -> MediaError {
    MediaError::Disk(std::io::Error::other(error))
}
