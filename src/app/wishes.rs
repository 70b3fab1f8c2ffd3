//! Pictures of others that a page would show if it had them. A hint that is kept in memory only: the address is in the
//! store with whoever it belongs to, and the next page that lacks the picture wishes for it again.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// How many wishes are kept; more are let go.
const KEPT: usize = 500;
/// A longer address is none that is used.
const ADDRESS_MAX_BYTES: usize = 2048;

/// A picture that is wished for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Where it would be shown: the workspace's id, as bits (the id's type lives above).
    pub workspace: u128,
    /// Where it is elsewhere.
    pub address: String,
}

/// The wishes. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Wishes(Arc<Mutex<VecDeque<Wish>>>);

impl Wishes {
    /// Wishes for a picture; says whether that is a new wish.
    pub fn add(&self, workspace: impl Into<u128>, address: &str) -> bool {
        let wish = Wish { workspace: workspace.into(), address: address.to_owned() };
        let mut wishes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if ADDRESS_MAX_BYTES < address.len() || KEPT <= wishes.len() || wishes.contains(&wish) {
            return false;
        }
        wishes.push_back(wish);
        true
    }

    /// Takes the oldest wish.
    pub fn take(&self) -> Option<Wish> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_is_kept_once_and_only_so_many_are() {
        let wishes = Wishes::default();
        assert!(wishes.add(1_u128, "https://example.social/a.png"));
        assert!(!wishes.add(1_u128, "https://example.social/a.png"));
        assert!(!wishes.add(1_u128, &"a".repeat(3000)));
        assert!(wishes.add(2_u128, "https://example.social/a.png"));
        let added = (0..1000).filter(|number| wishes.add(1_u128, &format!("https://example.social/{number}.png")));
        assert_eq!(added.count(), 498);
        assert_eq!(wishes.take().map(|wish| wish.workspace), Some(1));
        assert_eq!(wishes.take().map(|wish| wish.workspace), Some(2));
    }
}
