//! The list of networks that this server knows.

use std::sync::Arc;

use super::bluesky::Bluesky;
use super::by_hand::ByHand;
use super::mastodon::Mastodon;
use super::practice::Practice;
use super::webhook::Webhook;
use super::{Network, Registry};

impl Registry {
    /// All networks, in the order in which people are shown them.
    pub fn standard() -> Self {
        let networks: [Arc<dyn Network>; 5] =
            [Arc::new(Mastodon), Arc::new(Bluesky::default()), Arc::new(ByHand), Arc::new(Webhook), Arc::new(Practice)];
        Self::new(networks.to_vec())
    }
}
