//! What waits for a person, put together: one line for each thing to decide, not one for each row of the store.
//!
//! Pure: publications and channels in, needs out. What is held because of its channel belongs to that channel's line,
//! and a post that is in the same trouble on several channels is one line.

use std::collections::BTreeMap;

use crate::base::clock::At;
use crate::channels::{ChannelId, ChannelState};
use crate::pages::marks::Marks;
use crate::posts::{PostId, PublicationState};
use crate::publish::journal::HeldBecause;
use crate::publish::{DispatchState, Publication, PublicationId, Source, by_hand};

/// One thing that needs someone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// A post that a person publishes with their own hands, now.
    ByHand {
        /// Which.
        publication: PublicationId,
        /// Where it goes.
        channel: ChannelId,
        /// How it begins.
        subject: String,
        /// Since when it is due.
        due_at: At,
    },
    /// A channel lets nothing out, and so many posts are kept for it.
    Channel {
        /// Which.
        channel: ChannelId,
        /// The network no longer lets Belfry in; else it is paused.
        reconnect: bool,
        /// How many.
        kept: usize,
    },
    /// A post, or an answer, that does not go on by itself.
    Post {
        /// Why.
        trouble: Trouble,
        /// The post; none: an answer of the inbox.
        post: Option<PostId>,
        /// How it begins.
        subject: String,
        /// On which channels.
        channels: Vec<ChannelId>,
        /// When it was due.
        due_at: At,
    },
}

/// Why a publication waits for a person, the most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Trouble {
    /// Nobody knows whether it is out.
    Unsure,
    /// Some of it is out.
    PartlyOut,
    /// The network refused it.
    Failed,
    /// It is held.
    Held(Why),
}

/// [`HeldBecause`], so that it can be ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Why(&'static str);

impl Why {
    /// The key of its words.
    pub(super) fn key(self) -> &'static str {
        self.0
    }
}

/// What needs someone: what is to be posted by hand right now, then channels, then posts by urgency and by when they
/// were due.
pub(super) fn needs<'a>(publications: impl IntoIterator<Item = &'a Publication>, marks: &Marks) -> Vec<Need> {
    let mut kept: BTreeMap<ChannelId, usize> = BTreeMap::new();
    let mut posts: Vec<Need> = Vec::new();
    let mut at_once: Vec<Need> = Vec::new();
    for publication in publications {
        if by_hand::waits(publication) {
            at_once.push(Need::ByHand {
                publication: publication.id,
                channel: publication.channel,
                subject: publication.subject.clone(),
                due_at: publication.due_at,
            });
            continue;
        }
        let Some(trouble) = trouble(publication) else { continue };
        if is_for_channel(publication) && marks.find(publication.channel).is_some_and(|mark| is_shut(&mark.state)) {
            let count = kept.entry(publication.channel).or_default();
            *count = count.saturating_add(1);
            continue;
        }
        let post = match publication.source {
            Source::Post { post } => Some(post),
            Source::Answer { .. } => None,
        };
        let same = posts.iter_mut().find_map(|need| match need {
            Need::Post { post: known, trouble: same, channels, .. } if known.is_some() && *known == post => {
                (*same == trouble).then_some(channels)
            }
            Need::Post { .. } | Need::Channel { .. } | Need::ByHand { .. } => None,
        });
        match same {
            Some(channels) => channels.push(publication.channel),
            None => posts.push(Need::Post {
                trouble,
                post,
                subject: publication.subject.clone(),
                channels: vec![publication.channel],
                due_at: publication.due_at,
            }),
        }
    }
    posts.sort_by_key(|need| match need {
        Need::Post { trouble, due_at, .. } => Some((*trouble, *due_at)),
        Need::Channel { .. } | Need::ByHand { .. } => None,
    });
    let shut = marks.iter().filter_map(|(channel, mark)| {
        let kept = kept.get(&channel).copied().unwrap_or(0);
        match &mark.state {
            ChannelState::Reconnect { .. } => Some(Need::Channel { channel, reconnect: true, kept }),
            ChannelState::Paused if 0 < kept => Some(Need::Channel { channel, reconnect: false, kept }),
            ChannelState::Paused | ChannelState::Active => None,
        }
    });
    let mut needs = at_once;
    needs.extend(shut);
    needs.extend(posts);
    needs
}

fn is_shut(state: &ChannelState) -> bool {
    match state {
        ChannelState::Active => false,
        ChannelState::Paused | ChannelState::Reconnect { .. } => true,
    }
}

fn held(publication: &Publication) -> Option<HeldBecause> {
    publication.dispatches.iter().find(|dispatch| dispatch.state == DispatchState::Held)?.held
}

fn is_for_channel(publication: &Publication) -> bool {
    publication.state() == PublicationState::Held
        && matches!(held(publication), Some(HeldBecause::ChannelPaused | HeldBecause::Reconnect))
}

fn trouble(publication: &Publication) -> Option<Trouble> {
    match publication.state() {
        PublicationState::Unsure => Some(Trouble::Unsure),
        PublicationState::PartlyOut => Some(Trouble::PartlyOut),
        PublicationState::Failed => Some(Trouble::Failed),
        PublicationState::Held => Some(Trouble::Held(Why(held(publication).unwrap_or(HeldBecause::Person).key()))),
        PublicationState::Planned
        | PublicationState::Sending
        | PublicationState::Published
        | PublicationState::Withdrawn => None,
    }
}

#[cfg(test)]
mod tests;
