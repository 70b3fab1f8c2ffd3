//! What lists show of a post's channels: marks of their networks, a tone, a name. And of its first picture.
//!
//! A channel's tone follows from the order in which channels were connected, so that it stays.

use std::collections::BTreeMap;

use crate::app::App;
use crate::base::clock::At;
use crate::channels::{self, ChannelId, ChannelState};
use crate::media::AssetId;
use crate::media::rendition::Thumb as Size;
use crate::media::signed::Signer;
use crate::people::WorkspaceId;
use crate::store::StoreError;
use crate::ui::{NetworkMark, tone};

/// The channels of a workspace, as lists show them.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks(BTreeMap<ChannelId, Mark>);

/// One channel.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    /// `mastodon`.
    pub network: String,
    /// `Mastodon`.
    pub title: String,
    /// The account's handle.
    pub handle: String,
    /// 1 to 12.
    pub tone: u8,
    /// Whether anything may go out.
    pub state: ChannelState,
}

impl Mark {
    /// The mark of its network; read out with its handle.
    pub(super) fn mark(&self) -> NetworkMark {
        NetworkMark::new(&self.network, format!("{} {}", self.title, self.handle))
    }
}

impl Marks {
    /// Those of a workspace.
    pub(super) async fn read(app: &App, workspace: WorkspaceId) -> Result<Self, StoreError> {
        let mut marks = BTreeMap::new();
        for (number, channel) in (1_u8..=u8::MAX).zip(channels::list(app, workspace).await?) {
            let network = app.networks.find(&channel.network);
            // By hand says little: what people know is the app.
            let by_hand = network.is_some_and(|network| network.capabilities(&channel.settings).by_hand);
            let title = network.filter(|_network| !by_hand).map_or(channel.name.as_str(), |network| network.title());
            let mark = Mark {
                network: channel.network.clone(),
                title: title.to_owned(),
                handle: channel.handle.clone(),
                tone: tone(number),
                state: channel.state.clone(),
            };
            marks.insert(channel.id, mark);
        }
        Ok(Self(marks))
    }

    /// These channels, for tests.
    #[cfg(test)]
    pub(super) fn of(marks: impl IntoIterator<Item = (ChannelId, Mark)>) -> Self {
        Self(marks.into_iter().collect())
    }

    /// Every channel.
    pub(super) fn iter(&self) -> impl Iterator<Item = (ChannelId, &Mark)> {
        self.0.iter().map(|(id, mark)| (*id, mark))
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One of them, if it is still connected.
    pub(super) fn find(&self, channel: ChannelId) -> Option<&Mark> {
        self.0.get(&channel)
    }

    /// The marks of these.
    pub(super) fn marks(&self, channels: &[ChannelId]) -> Vec<NetworkMark> {
        channels.iter().filter_map(|id| self.0.get(id)).map(Mark::mark).collect()
    }

    /// The tone of a post that goes to these: that of the first.
    pub(super) fn tone(&self, channels: &[ChannelId]) -> u8 {
        channels.iter().find_map(|id| self.0.get(id)).map_or(6, |mark| mark.tone)
    }
}

/// Addresses of small renditions, for a page that shows many.
#[derive(Debug)]
pub(super) struct Thumbs {
    signer: Signer,
    workspace: WorkspaceId,
    now: At,
}

impl Thumbs {
    /// For a page of this workspace.
    pub(super) fn new(app: &App, workspace: WorkspaceId) -> Self {
        Self { signer: Signer::new(&app.sealer), workspace, now: app.clock.now() }
    }

    /// The address of a post's first picture.
    pub(super) fn address(&self, asset: Option<AssetId>) -> Option<String> {
        asset.map(|asset| self.signer.path(self.workspace, asset, Size::Small.name(), self.now))
    }
}
