//! The library of a workspace: pictures with their alt text and focal point.
//!
//! The same picture uploaded twice is one asset, and the person is told. A removed asset keeps its row, so that what
//! went out can still be told; its file goes when nothing else names it ([`super::sweep`]). Whether a planned post
//! uses an asset is known above, and is passed in.

use serde::{Deserialize, Serialize};

use super::files::{FLOOR_BYTES, MediaFiles, NewFile};
use super::intake::{self, Taken};
use super::probe::Bounds;
use super::rendition::Original;
use super::{AssetId, FileId, Kind, MediaError, ready};
use crate::app::App;
use crate::base::clock::At;
use crate::people::{Action, Actor, PersonId, Refusal, WorkspaceId};
use crate::store::schema::{self, CollectionId};
use crate::store::{Change, Entries, Record, Scan, StoreError, Stored, Version};
use crate::words::Message;

/// Characters of an alt text: as many as the most generous network takes (docs of Tumblr's NPF, read 2026-11).
pub const ALT_MAX: usize = 4096;

/// Characters of a file's name that are kept.
const NAME_MAX: usize = 200;

/// How many assets one list gives: one more than the largest page, so that it is known whether more follow.
const LIST_MAX: usize = 201;

/// A picture in a workspace's library.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asset {
    /// Where.
    pub workspace: WorkspaceId,
    /// Which; rises with time.
    pub id: AssetId,
    /// Its file, cleaned.
    pub file: FileId,
    /// The name it was uploaded under. For members only: it never leaves.
    pub original_name: String,
    /// `image/jpeg`.
    pub mime: String,
    /// Its size.
    pub size_bytes: u64,
    /// Its width, upright.
    pub width_px: u32,
    /// Its height, upright.
    pub height_px: u32,
    /// How the file must be turned to stand upright: 1 to 8, as EXIF counts.
    pub orientation: u8,
    /// It moves.
    #[serde(default)]
    pub animated: bool,
    /// Its colours are sRGB.
    #[serde(default)]
    pub plain_colours: bool,
    /// Its description, for those who do not see it.
    #[serde(default)]
    pub alt: String,
    /// What matters in it: -1.0 to 1.0 to the right and up.
    #[serde(default)]
    pub focus: Option<(f32, f32)>,
    /// When it was uploaded.
    pub created_at: At,
    /// By whom.
    pub created_by: PersonId,
    /// When it was removed.
    #[serde(default)]
    pub removed_at: Option<At>,
}

impl Asset {
    /// What renditions are made from.
    pub fn original(&self) -> Result<Original, MediaError> {
        let kind = Kind::of_mime(&self.mime).ok_or(MediaError::Broken { part: "asset" })?;
        Ok(Original {
            kind,
            size_bytes: self.size_bytes,
            width_px: self.width_px,
            height_px: self.height_px,
            orientation: self.orientation,
            animated: self.animated,
            plain_colours: self.plain_colours,
        })
    }
}

impl Record for Asset {
    const COLLECTION: CollectionId = schema::ASSETS;
    type Key = (WorkspaceId, AssetId);
    fn key(&self) -> Self::Key {
        (self.workspace, self.id)
    }
    fn entries(&self, out: &mut Entries) {
        if self.removed_at.is_none() {
            out.add(FilesUsed, (self.file, self.id.bits()), &());
        }
    }
}

/// Holds a file for a workspace, so that it is one asset there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssetFile {
    /// Where.
    pub workspace: WorkspaceId,
    /// Which file.
    pub file: FileId,
    /// Whose it is.
    pub asset: AssetId,
}

impl Record for AssetFile {
    const COLLECTION: CollectionId = schema::ASSET_FILES;
    type Key = (WorkspaceId, FileId);
    fn key(&self) -> Self::Key {
        (self.workspace, self.file)
    }
}

crate::index! {
    /// What names a file: assets and renditions, by their ids. A file that nothing names is swept away.
    pub FilesUsed in schema::FILES_USED: (FileId, u128) => ();
}

/// An asset that was added, or was there already.
#[derive(Clone, Debug, PartialEq)]
pub struct Added {
    /// The asset.
    pub asset: Stored<Asset>,
    /// This very picture was in the library before; the person should be told.
    pub already: bool,
}

/// The file area of this server.
pub(super) fn files(app: &App) -> MediaFiles {
    MediaFiles::at(app.files.media(), FLOOR_BYTES)
}

/// Begins an upload: what arrives is written into it, then it goes to [`add`].
pub fn begin(app: &App, actor: &Actor) -> Result<NewFile, Refusal> {
    actor.may(Action::AddMedia)?;
    let max_bytes = u64::from(app.config.upload_max_mib) << 20;
    intake::begin(&files(app), max_bytes, app.clock.now()).map_err(refusal)
}

/// Adds an upload that has arrived whole: cleaned, proved, and shown in small at once. `name` is what the file was
/// called where it came from.
pub async fn add(app: &App, actor: &Actor, upload: NewFile, name: &str) -> Result<Added, Refusal> {
    actor.may(Action::AddMedia)?;
    let taken = intake::finish(&files(app), upload, Bounds::default()).await.map_err(refusal)?;
    let added = keep(app, actor, taken, name).await?;
    if !added.already {
        // Without small pictures the library still works: they are made when they are asked for.
        if let Err(error) = ready::thumbs(app, &added.asset).await {
            tracing::warn!(%error, asset.id = %added.asset.id, "no small pictures could be made");
        }
        app.live.tell(actor.workspace, "media", added.asset.id);
    }
    Ok(added)
}

async fn keep(app: &App, actor: &Actor, taken: Taken, name: &str) -> Result<Added, Refusal> {
    let Taken { file, original } = taken;
    // Twice: between looking and committing someone else may add or remove the same picture.
    for _try in 0..2 {
        if let Some(held) = app.store.find::<AssetFile>(&(actor.workspace, file)).await?
            && let Some(asset) = find(app, actor.workspace, held.asset).await?
        {
            return Ok(Added { asset, already: true });
        }
        let asset = Asset {
            workspace: actor.workspace,
            id: app.ids.next(),
            file,
            original_name: plain_name(name),
            mime: original.kind.mime().to_owned(),
            size_bytes: original.size_bytes,
            width_px: original.width_px,
            height_px: original.height_px,
            orientation: original.orientation,
            animated: original.animated,
            plain_colours: original.plain_colours,
            alt: String::new(),
            focus: None,
            created_at: app.clock.now(),
            created_by: actor.person,
            removed_at: None,
        };
        let mut change = Change::new();
        change.insert(&asset);
        change.insert(&AssetFile { workspace: actor.workspace, file, asset: asset.id });
        match app.store.commit(change).await {
            Ok(version) => return Ok(Added { asset: Stored { row: asset, version }, already: false }),
            Err(StoreError::Conflict) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Refusal::ChangedMeanwhile)
}

/// An asset of this workspace that was not removed.
pub async fn find(app: &App, workspace: WorkspaceId, id: AssetId) -> Result<Option<Stored<Asset>>, Refusal> {
    let asset = app.store.find::<Asset>(&(workspace, id)).await?;
    Ok(asset.filter(|asset| asset.removed_at.is_none()))
}

/// An asset of this workspace, for someone who may see it.
pub async fn get(app: &App, actor: &Actor, id: AssetId) -> Result<Stored<Asset>, Refusal> {
    actor.may(Action::SeeMedia)?;
    find(app, actor.workspace, id).await?.ok_or(Refusal::NotThere)
}

/// A page of the library, newest first, going on after `after`.
pub async fn list(
    app: &App,
    actor: &Actor,
    after: Option<AssetId>,
    limit: usize,
) -> Result<Vec<Stored<Asset>>, Refusal> {
    actor.may(Action::SeeMedia)?;
    let limit = limit.clamp(1, LIST_MAX);
    let mut after = after.map(|id| (actor.workspace, id));
    let mut page = Vec::new();
    loop {
        let scan = Scan::under((actor.workspace,)).backward().after_if(after.as_ref()).limit(limit);
        let found = app.store.list::<Asset>(scan).await?;
        let last = found.last().map(|asset| asset.key());
        let whole = found.len() == limit;
        page.extend(found.into_iter().filter(|asset| asset.removed_at.is_none()));
        if limit <= page.len() || !whole {
            page.truncate(limit);
            return Ok(page);
        }
        after = last;
    }
}

/// Sets the description; an empty one is none.
pub async fn set_alt(app: &App, actor: &Actor, id: AssetId, alt: &str) -> Result<Stored<Asset>, Refusal> {
    let alt = fit_alt(alt)?;
    change(app, actor, id, None, |asset| alt.clone_into(&mut asset.alt)).await
}

/// Sets description and focal point as one who saw the asset at this version means them.
pub async fn describe(
    app: &App,
    actor: &Actor,
    id: AssetId,
    seen: Version,
    alt: &str,
    focus: Option<(f32, f32)>,
) -> Result<Stored<Asset>, Refusal> {
    let (alt, focus) = (fit_alt(alt)?, fit_focus(focus)?);
    let set = |asset: &mut Asset| {
        alt.clone_into(&mut asset.alt);
        asset.focus = focus;
    };
    change(app, actor, id, Some(seen), set).await
}

fn fit_alt(alt: &str) -> Result<&str, Refusal> {
    let alt = alt.trim();
    let length = alt.chars().count();
    if ALT_MAX < length {
        let message = Message::new("media-alt-too-long").with("limit", ALT_MAX).with("over", length - ALT_MAX);
        return Err(Refusal::field("alt", message));
    }
    Ok(alt)
}

fn fit_focus(focus: Option<(f32, f32)>) -> Result<Option<(f32, f32)>, Refusal> {
    let inside = |value: f32| (-1.0..=1.0).contains(&value);
    if focus.is_some_and(|(right, up)| !inside(right) || !inside(up)) {
        return Err(Refusal::field("focus", Message::new("media-focus-outside")));
    }
    Ok(focus)
}

/// Sets what matters in the picture: -1.0 to 1.0 to the right and up; `None` is the middle.
pub async fn set_focus(
    app: &App,
    actor: &Actor,
    id: AssetId,
    focus: Option<(f32, f32)>,
) -> Result<Stored<Asset>, Refusal> {
    let focus = fit_focus(focus)?;
    change(app, actor, id, None, |asset| asset.focus = focus).await
}

async fn change(
    app: &App,
    actor: &Actor,
    id: AssetId,
    seen: Option<Version>,
    set: impl FnOnce(&mut Asset),
) -> Result<Stored<Asset>, Refusal> {
    actor.may(Action::AddMedia)?;
    let before = get(app, actor, id).await?;
    if seen.is_some_and(|seen| seen != before.version) {
        return Err(Refusal::ChangedMeanwhile);
    }
    let mut row = before.row.clone();
    set(&mut row);
    if row == before.row {
        return Ok(before);
    }
    let mut change = Change::new();
    change.update(&before, &row);
    let version = app.store.commit(change).await?;
    app.live.tell(actor.workspace, "media", id);
    Ok(Stored { row, version })
}

/// Removes an asset. `planned` posts that use it stand in the way: the caller, who knows posts, counts them.
pub async fn remove(app: &App, actor: &Actor, id: AssetId, planned: usize) -> Result<(), Refusal> {
    actor.may(Action::AddMedia)?;
    let before = get(app, actor, id).await?;
    if before.created_by != actor.person {
        actor.may(Action::EditOthers)?;
    }
    if 0 < planned {
        return Err(Refusal::Rule(Message::new("media-still-planned").with("count", planned)));
    }
    let mut change = Change::new();
    change.update(&before, &Asset { removed_at: Some(app.clock.now()), ..before.row.clone() });
    if let Some(held) = app.store.find::<AssetFile>(&(before.workspace, before.file)).await?
        && held.asset == id
    {
        change.remove(&held);
    }
    app.store.commit(change).await?;
    app.live.tell(actor.workspace, "media", id);
    Ok(())
}

/// What a person is told: at the field where the picture is to blame, else as it is.
#[expect(clippy::needless_pass_by_value, reason = "errors are handed over by `map_err`")]
pub fn refusal(error: MediaError) -> Refusal {
    match &error {
        MediaError::Disk(_) | MediaError::Broken { .. } | MediaError::DiskFull { .. } => {
            tracing::error!(%error, "a picture could not be worked on");
            Refusal::Rule(error.advice())
        }
        MediaError::TooLarge { .. }
        | MediaError::Empty
        | MediaError::NotTaken(_)
        | MediaError::TooManyPixels { .. }
        | MediaError::TooMuchWork { .. }
        | MediaError::Damaged { .. }
        | MediaError::CannotFit(_) => {
            tracing::info!(%error, "a picture was not taken");
            Refusal::field("file", error.advice())
        }
    }
}

/// The last part of a file's name, without what does not belong in one.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|letter| !letter.is_control()).take(NAME_MAX).collect()
}

#[cfg(test)]
mod tests;
