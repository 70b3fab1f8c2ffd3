//! Who is writing an answer at this moment, so that two people do not answer the same message. Kept in memory only and
//! for a minute: it is a courtesy, not a lock, it changes with every line that is typed, and once it is lost the next
//! line says it again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::base::clock::At;

/// Who typed is answering for so long.
pub const ANSWERING_FOR: Duration = Duration::from_mins(1);

/// A conversation and a person, as bits (the ids' types live above).
type Who = (u128, u128);

/// Those who are answering. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Answering(Arc<Mutex<BTreeMap<Who, At>>>);

impl Answering {
    /// A person types an answer in a conversation; says whether that is news.
    pub fn begin(&self, conversation: impl Into<u128>, person: impl Into<u128>, now: At) -> bool {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_who, until_at| now < *until_at);
        known.insert((conversation.into(), person.into()), now.plus(ANSWERING_FOR)).is_none()
    }

    /// The person has answered.
    pub fn end(&self, conversation: impl Into<u128>, person: impl Into<u128>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&(conversation.into(), person.into()));
    }

    /// Who is answering in a conversation, and until when that is taken to be so.
    pub fn in_conversation(&self, conversation: impl Into<u128>, now: At) -> Vec<(u128, At)> {
        let conversation = conversation.into();
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let there = known.range((conversation, 0)..=(conversation, u128::MAX));
        there.filter(|(_who, until_at)| now < **until_at).map(|((_, person), until_at)| (*person, *until_at)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_types_is_answering_for_a_minute_and_no_longer_than_until_it_is_sent() {
        let (answering, now) = (Answering::default(), At::from_millis(1_000));
        assert!(answering.begin(1_u128, 7_u128, now));
        assert!(!answering.begin(1_u128, 7_u128, now.plus(ANSWERING_FOR / 2)), "no news");
        assert!(answering.begin(2_u128, 7_u128, now));
        let later = now.plus(ANSWERING_FOR);
        assert_eq!(answering.in_conversation(1_u128, later), [(7, now.plus(ANSWERING_FOR / 2).plus(ANSWERING_FOR))]);
        assert!(answering.in_conversation(2_u128, later).is_empty());
        answering.end(1_u128, 7_u128);
        assert!(answering.in_conversation(1_u128, later).is_empty());
    }
}
