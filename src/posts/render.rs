//! What of a post goes out on a channel: its words and pictures as plain values for the connector.

use crate::app::App;
use crate::channels::{Channel, ChannelId};
use crate::media::{self, AssetId, MediaError};
use crate::networks::{Capabilities, MediaFile, Network, NetworkError, Part, Visibility};
use crate::people::{FieldProblem, Refusal, WorkspaceId};
use crate::store::Stored;

use super::checks::{self, Candidate, CandidateMedia, CandidatePart, Checked, Severity};
use super::{Content, MediaUse, Post};

/// Part `index` of a post as it goes out on a channel. Pictures are rendered within the network's limits first.
pub async fn part(
    app: &App,
    post: &Post,
    channel: &Channel,
    network: &dyn Network,
    index: u32,
) -> Result<Part, NetworkError> {
    let can = network.capabilities(&channel.settings);
    let words = usize::try_from(index).ok().and_then(|index| words(&post.content, channel.id, &can, index));
    let words = words.ok_or_else(|| NetworkError::Refused { reason: "this part is no longer there".to_owned() })?;
    let media = if index == 0 { pictures(app, post, channel.id, &can).await? } else { Vec::new() };
    Ok(Part { media, ..words })
}

/// Part `index` without its pictures: what is sent and what a preview shows both begin here.
pub fn words(content: &Content, channel: ChannelId, can: &Capabilities, index: usize) -> Option<Part> {
    let text = content.parts_for(channel).get(index).map(|text| (*text).to_owned())?;
    // Pictures, the poll and who may answer belong to the first part; the rest of a thread is words.
    let first = index == 0;
    let warning = content.content_warning.clone();
    Some(Part {
        text,
        media: Vec::new(),
        poll: content.poll.clone().filter(|_poll| first && can.poll.is_some()),
        content_warning: warning.filter(|warning| can.content_warning && !warning.trim().is_empty()),
        language: content.language.clone(),
        visibility: visibility(content, channel, can),
        quote_url: None,
        replies: if first { content.replies } else { crate::networks::job::Replies::default() },
    })
}

/// The first comment as it goes out on a channel.
pub fn first_comment(post: &Post, channel: &Channel) -> Result<Part, NetworkError> {
    let text = post.content.first_comment_for(channel.id);
    let text = text.ok_or_else(|| NetworkError::Refused { reason: "the comment is no longer there".to_owned() })?;
    let (language, visibility) = (post.content.language.clone(), post.content.visibility_for(channel.id));
    Ok(Part { text: text.to_owned(), language, visibility, ..Part::default() })
}

/// Refuses what a network would refuse, all problems at once.
pub async fn check(app: &App, post: &Post, channels: &[Stored<Channel>]) -> Result<(), Refusal> {
    let mut problems = Vec::new();
    for channel in channels {
        let Some((_can, checked)) = checked(app, post.workspace, &post.content, channel).await? else { continue };
        for problem in checked.problems.iter().filter(|problem| problem.severity == Severity::Refuse) {
            problems.push(FieldProblem::new(format!("{}.{}", channel.id, problem.field), problem.message()));
        }
    }
    Refusal::unless_empty(problems)
}

/// What a channel can do, and what stands in the way of this content there. Nothing where its network is not known here.
pub async fn checked(
    app: &App,
    workspace: WorkspaceId,
    content: &Content,
    channel: &Channel,
) -> Result<Option<(Capabilities, Checked)>, Refusal> {
    let Some(network) = app.networks.find(&channel.network) else { return Ok(None) };
    let can = network.capabilities(&channel.settings);
    let candidate = candidate(app, workspace, content, channel.id).await?;
    let checked = checks::check(&can, &candidate);
    Ok(Some((can, checked)))
}

/// What stands in the way of a post on each of its channels that is still connected, and what may surprise.
pub async fn checked_everywhere(app: &App, post: &Post) -> Result<Vec<(Stored<Channel>, Checked)>, Refusal> {
    let mut found = Vec::with_capacity(post.content.channels.len());
    for id in &post.content.channels {
        let Some(channel) = app.store.find::<Channel>(&(post.workspace, *id)).await? else { continue };
        if let Some((_can, checked)) = checked(app, post.workspace, &post.content, &channel).await? {
            found.push((channel, checked));
        }
    }
    Ok(found)
}

/// Content as the checks see it for one channel.
async fn candidate(
    app: &App,
    workspace: WorkspaceId,
    content: &Content,
    channel: ChannelId,
) -> Result<Candidate, Refusal> {
    let mut media = Vec::new();
    for used in content.media_for(channel) {
        let asset = media::asset::find(app, workspace, used.asset).await?.ok_or(Refusal::NotThere)?;
        media.push(CandidateMedia {
            mime: asset.mime.clone(),
            size_bytes: asset.size_bytes,
            width_px: Some(asset.width_px),
            height_px: Some(asset.height_px),
            duration_ms: None,
            alt: Some(alt(used, &asset.alt)),
        });
    }
    let mut parts: Vec<CandidatePart> =
        content.parts_for(channel).into_iter().map(|text| plain_part(content, text)).collect();
    if let Some(first) = parts.first_mut() {
        first.media = media;
        first.poll.clone_from(&content.poll);
    }
    Ok(Candidate {
        parts,
        first_comment: content.first_comment_for(channel).map(str::to_owned),
        quotes: false,
        visibility: content.visibility_for(channel),
        replies: content.replies,
    })
}

fn plain_part(content: &Content, text: &str) -> CandidatePart {
    CandidatePart {
        text: text.to_owned(),
        media: Vec::new(),
        poll: None,
        warning: content.content_warning.clone().filter(|warning| !warning.trim().is_empty()),
        language: content.language.clone(),
    }
}

async fn pictures(
    app: &App,
    post: &Post,
    channel: ChannelId,
    can: &Capabilities,
) -> Result<Vec<MediaFile>, NetworkError> {
    let mut files = Vec::new();
    for (number, used) in (1_u32..).zip(post.content.media_for(channel)) {
        let refuse = |reason: String| NetworkError::Refused { reason };
        let asset = media::asset::find(app, post.workspace, used.asset).await;
        let asset = asset.map_err(|error| NetworkError::NotSent { reason: error.to_string() })?;
        let asset = asset.ok_or_else(|| refuse(format!("picture {number} is no longer there")))?;
        let rendered = media::rendition_for(app, &asset, &can.images).await.map_err(|error| not_made(&error))?;
        files.push(MediaFile {
            file_name: format!("image-{number}.{}", rendered.extension()),
            path: rendered.path,
            mime: rendered.mime,
            size_bytes: rendered.size_bytes,
            width_px: rendered.width_px,
            height_px: rendered.height_px,
            alt: alt(used, &asset.alt),
            focus: asset.focus,
        });
    }
    Ok(files)
}

/// A picture as it goes out on a channel, for a person to save.
#[derive(Clone, Debug, PartialEq)]
pub struct PictureToSave {
    /// Which.
    pub asset: AssetId,
    /// The name of its rendition in signed addresses.
    pub rendition: String,
    /// `picture-1.jpg`.
    pub file_name: String,
    /// Its size.
    pub size_bytes: u64,
    /// Its width.
    pub width_px: u32,
    /// Its height.
    pub height_px: u32,
    /// Its description.
    pub alt: String,
}

/// The pictures of a post as they go out on a channel, in order. One that is no longer there is left out.
pub async fn pictures_to_save(
    app: &App,
    post: &Post,
    channel: ChannelId,
    can: &Capabilities,
) -> Result<Vec<PictureToSave>, Refusal> {
    let mut pictures = Vec::new();
    for (number, used) in (1_u32..).zip(post.content.media_for(channel)) {
        let Some(asset) = media::asset::find(app, post.workspace, used.asset).await? else { continue };
        let rendered = media::rendition_for(app, &asset, &can.images).await.map_err(media::asset::refusal)?;
        pictures.push(PictureToSave {
            asset: asset.id,
            rendition: media::rendition_name(&asset, &can.images).map_err(media::asset::refusal)?,
            file_name: format!("picture-{number}.{}", rendered.extension()),
            size_bytes: rendered.size_bytes,
            width_px: rendered.width_px,
            height_px: rendered.height_px,
            alt: alt(used, &asset.alt),
        });
    }
    Ok(pictures)
}

fn alt(used: &MediaUse, own: &str) -> String {
    used.alt.clone().unwrap_or_else(|| own.to_owned())
}

/// What was chosen, or the nearest narrower that the network knows, or its narrowest.
fn visibility(content: &Content, channel: ChannelId, can: &Capabilities) -> Visibility {
    let order = [Visibility::Public, Visibility::Unlisted, Visibility::Followers, Visibility::Direct];
    let wanted = content.visibility_for(channel);
    let from = order.iter().position(|known| *known == wanted).unwrap_or(0);
    let narrower = order.iter().skip(from).find(|known| can.visibilities.contains(known));
    narrower.or(can.visibilities.last()).copied().unwrap_or(wanted)
}

/// What is wrong with a picture stays wrong; what is wrong with the disk can be mended, and then it goes out.
fn not_made(error: &MediaError) -> NetworkError {
    let reason = error.to_string();
    match error {
        MediaError::Disk(_) | MediaError::DiskFull { .. } | MediaError::Broken { .. } => {
            NetworkError::NotSent { reason }
        }
        _ => NetworkError::Refused { reason },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_puts_a_post_off_and_a_damaged_picture_ends_it() {
        let put_off = |error: &MediaError| matches!(not_made(error), NetworkError::NotSent { .. });
        assert!(put_off(&MediaError::DiskFull { free_bytes: 9 }));
        assert!(put_off(&MediaError::Disk(std::io::Error::other("read-only"))));
        assert!(!put_off(&MediaError::Damaged { detail: "ends early".to_owned() }));
    }
}
