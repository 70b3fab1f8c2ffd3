//! Renditions that were made, and are ready when they are asked for again.
//!
//! A rendition follows from the original's bytes and the need, so its row belongs to the file, not to an asset: the same
//! picture in two workspaces is made once. A row whose file was lost is made anew.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::asset::{Asset, FilesUsed, files};
use super::files::Draft;
use super::probe::Bounds;
use super::rendition::{self, Made, Need, Plan, Rendition, RenditionId, Thumb};
use super::{FileId, Kind, MediaError, gate};
use crate::app::App;
use crate::networks::capabilities::ImageRules;
use crate::store::schema::{self, CollectionId};
use crate::store::{Change, Entries, Record, StoreError, Stored};

/// The name of the original in signed addresses.
const ORIGINAL: &str = "original";

/// A rendition that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ready {
    /// Of which original.
    pub original: FileId,
    /// For which need.
    pub id: RenditionId,
    /// Its own file.
    pub file: FileId,
    /// What it is.
    pub kind: Kind,
    /// Its size.
    pub size_bytes: u64,
    /// Its width.
    pub width_px: u32,
    /// Its height.
    pub height_px: u32,
}

impl Record for Ready {
    const COLLECTION: CollectionId = schema::RENDITIONS;
    type Key = (FileId, RenditionId);
    fn key(&self) -> Self::Key {
        (self.original, self.id)
    }
    fn entries(&self, out: &mut Entries) {
        out.add(FilesUsed, (self.file, self.id.bits()), &());
    }
}

/// A file to send: a rendition, or the original where that will do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// Where its bytes are.
    pub path: PathBuf,
    /// `image/jpeg`.
    pub mime: String,
    /// Its size.
    pub size_bytes: u64,
    /// Its width, upright.
    pub width_px: u32,
    /// Its height, upright.
    pub height_px: u32,
}

impl Rendered {
    /// How the name of such a file ends: `jpg`.
    pub fn extension(&self) -> &'static str {
        Kind::of_mime(&self.mime).map_or("bin", Kind::extension)
    }
}

impl Need {
    /// What a network's rules ask for.
    pub fn of(rules: &ImageRules) -> Self {
        Self {
            types: rules.types.clone(),
            max_bytes: rules.max_bytes,
            max_pixels: rules.max_pixels,
            max_side_px: rules.max_side_px,
            still: false,
        }
    }
}

/// The asset as this network can take it; made where it was not.
pub async fn rendition_for(app: &App, asset: &Asset, rules: &ImageRules) -> Result<Rendered, MediaError> {
    one(app, asset, Need::of(rules)).await
}

/// The name by which [`open_rendition`] finds what [`rendition_for`] gave.
pub fn rendition_name(asset: &Asset, rules: &ImageRules) -> Result<String, MediaError> {
    let need = Need::of(rules);
    match rendition::plan(&asset.original()?, &need) {
        Plan::AsIs => Ok(ORIGINAL.to_owned()),
        Plan::Make => Ok(need.id(&asset.file).to_string()),
        Plan::Cannot(why) => Err(MediaError::CannotFit(why)),
    }
}

/// The asset in small, for pages; made where it was not.
pub async fn thumb(app: &App, asset: &Asset, thumb: Thumb) -> Result<Rendered, MediaError> {
    one(app, asset, thumb.need()).await
}

/// Makes all sizes for pages with one decoding.
pub async fn thumbs(app: &App, asset: &Asset) -> Result<(), MediaError> {
    let needs = Thumb::ALL.map(Thumb::need).to_vec();
    for outcome in many(app, asset, needs).await? {
        outcome?;
    }
    Ok(())
}

/// The rendition of this name in a signed address: `original`, the name of a [`Thumb`], or a [`RenditionId`] that was made.
pub async fn open_rendition(app: &App, asset: &Asset, name: &str) -> Result<Option<Rendered>, MediaError> {
    if name == ORIGINAL {
        return Ok(Some(original_of(app, asset)));
    }
    if let Some(size) = Thumb::of_name(name) {
        return thumb(app, asset, size).await.map(Some);
    }
    let Ok(id) = name.parse::<RenditionId>() else { return Ok(None) };
    Ok(find(app, asset, id).await?.map(|ready| rendered(app, &ready)))
}

async fn one(app: &App, asset: &Asset, need: Need) -> Result<Rendered, MediaError> {
    let outcome = many(app, asset, vec![need]).await?.pop();
    outcome.unwrap_or(Err(MediaError::Broken { part: "picture maker" }))
}

/// Meets needs from what is ready, and makes the rest with one decoding.
async fn many(app: &App, asset: &Asset, needs: Vec<Need>) -> Result<Vec<Result<Rendered, MediaError>>, MediaError> {
    let original = asset.original()?;
    let mut met = Vec::with_capacity(needs.len());
    let mut missing = Vec::new();
    for need in needs {
        met.push(match rendition::plan(&original, &need) {
            Plan::AsIs => Some(Ok(original_of(app, asset))),
            Plan::Cannot(why) => Some(Err(MediaError::CannotFit(why))),
            Plan::Make => {
                let ready = find(app, asset, need.id(&asset.file)).await?;
                if ready.is_none() {
                    missing.push(need);
                }
                ready.map(|ready| Ok(rendered(app, &ready)))
            }
        });
    }
    if missing.is_empty() {
        return Ok(met.into_iter().flatten().collect());
    }
    let area = files(app);
    let (path, now) = (area.path(&asset.file), app.clock.now());
    let ids: Vec<RenditionId> = missing.iter().map(|need| need.id(&asset.file)).collect();
    let made = gate::alone(move || {
        let made = rendition::make(&path, &original, &missing, &Bounds::default())?;
        let store = |made: Made| {
            let cap_bytes = u64::try_from(made.bytes.len()).unwrap_or(u64::MAX);
            write(area.create(cap_bytes, now)?.into_draft()?, made)
        };
        let stored = made.into_iter().map(|outcome| match outcome? {
            Rendition::Made(made) => store(made),
            Rendition::AsIs => Err(MediaError::Broken { part: "rendition plan" }),
        });
        Ok(stored.collect::<Vec<_>>())
    })
    .await?;
    let mut rest = Vec::with_capacity(ids.len());
    for (id, outcome) in ids.into_iter().zip(made) {
        rest.push(match outcome {
            Ok((file, made)) => note(app, asset, id, file, &made).await,
            Err(error) => Err(error),
        });
    }
    let mut rest = rest.into_iter();
    Ok(met.into_iter().filter_map(|one| one.or_else(|| rest.next())).collect())
}

/// Writes a rendition's bytes to disk and keeps only what they are.
fn write(mut draft: Draft, made: Made) -> Result<(FileId, Made), MediaError> {
    std::io::Write::write_all(&mut draft, &made.bytes)?;
    let (file, _size_bytes) = draft.finish()?;
    Ok((file, made))
}

/// Commits that a rendition is ready. Where someone else made it at the same time, the bytes are the same.
async fn note(app: &App, asset: &Asset, id: RenditionId, file: FileId, made: &Made) -> Result<Rendered, MediaError> {
    let ready = Ready {
        original: asset.file,
        id,
        file,
        kind: made.kind,
        size_bytes: u64::try_from(made.bytes.len()).unwrap_or(u64::MAX),
        width_px: made.width_px,
        height_px: made.height_px,
    };
    let mut change = Change::new();
    match app.store.find::<Ready>(&ready.key()).await.map_err(of_store)? {
        Some(before) if before.row == ready => return Ok(rendered(app, &ready)),
        Some(before) => change.update(&before, &ready),
        None => change.insert(&ready),
    };
    match app.store.commit(change).await {
        Ok(_) | Err(StoreError::Conflict) => Ok(rendered(app, &ready)),
        Err(error) => Err(of_store(error)),
    }
}

/// The row, where its file is there too.
async fn find(app: &App, asset: &Asset, id: RenditionId) -> Result<Option<Stored<Ready>>, MediaError> {
    let ready = app.store.find::<Ready>(&(asset.file, id)).await.map_err(of_store)?;
    Ok(ready.filter(|ready| files(app).path(&ready.file).exists()))
}

fn rendered(app: &App, ready: &Ready) -> Rendered {
    Rendered {
        path: files(app).path(&ready.file),
        mime: ready.kind.mime().to_owned(),
        size_bytes: ready.size_bytes,
        width_px: ready.width_px,
        height_px: ready.height_px,
    }
}

fn original_of(app: &App, asset: &Asset) -> Rendered {
    Rendered {
        path: files(app).path(&asset.file),
        mime: asset.mime.clone(),
        size_bytes: asset.size_bytes,
        width_px: asset.width_px,
        height_px: asset.height_px,
    }
}

fn of_store(error: StoreError) -> MediaError {
    MediaError::Disk(std::io::Error::other(error))
}
