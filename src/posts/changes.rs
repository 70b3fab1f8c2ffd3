//! What differs between two versions of a post, for people: the words that came and went, and what else is not the same.

use std::collections::BTreeSet;
use std::time::Duration;

use similar::{ChangeTag, TextDiff};

use crate::channels::ChannelId;

use super::Content;

/// Comparing two texts takes no longer than this; then what is left counts as replaced.
const COMPARED_WITHIN: Duration = Duration::from_millis(150);

/// What is not the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The base text, where it changed.
    pub text: Vec<Stretch>,
    /// What is said on single channels, where that changed.
    pub variants: Vec<(ChannelId, Vec<Stretch>)>,
    /// Everything else.
    pub others: Vec<Other>,
}

/// A stretch of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Whether it came, went or stayed.
    pub kind: Kind,
    /// Its words.
    pub text: String,
}

/// Whether words came, went or stayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// They stayed.
    Same,
    /// They came.
    Added,
    /// They went.
    Removed,
}

/// Something beside the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Other {
    /// So many pictures came.
    PicturesAdded(usize),
    /// So many pictures went.
    PicturesRemoved(usize),
    /// The same pictures in another order, or described otherwise.
    Pictures,
    /// It goes to so many channels more.
    ChannelsAdded(usize),
    /// It goes to so many channels less.
    ChannelsRemoved(usize),
    /// The warning before it.
    Warning,
    /// Its language.
    Language,
    /// Who sees it, or may answer.
    Audience,
    /// Its poll.
    Poll,
    /// Its first comment.
    FirstComment,
}

impl Changes {
    /// Nothing differs.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What changed from `old` to `new`.
pub fn between(old: &Content, new: &Content) -> Changes {
    let channels: BTreeSet<ChannelId> = old.variants.keys().chain(new.variants.keys()).copied().collect();
    let own = |content: &Content, channel: &ChannelId| {
        let parts = content.variants.get(channel).and_then(|variant| variant.parts.as_ref());
        parts.map(|parts| parts.join("\n---\n")).unwrap_or_default()
    };
    let variants = channels.into_iter().filter_map(|channel| {
        let stretches = compared(&own(old, &channel), &own(new, &channel));
        (!stretches.is_empty()).then_some((channel, stretches))
    });
    Changes { text: compared(&old.text, &new.text), variants: variants.collect(), others: others(old, new) }
}

/// The stretches of two texts, word by word; none where they are the same.
fn compared(old: &str, new: &str) -> Vec<Stretch> {
    if old == new {
        return Vec::new();
    }
    let difference = TextDiff::configure().timeout(COMPARED_WITHIN).diff_words(old, new);
    let mut stretches: Vec<Stretch> = Vec::new();
    for change in difference.iter_all_changes() {
        let kind = match change.tag() {
            ChangeTag::Equal => Kind::Same,
            ChangeTag::Insert => Kind::Added,
            ChangeTag::Delete => Kind::Removed,
        };
        match stretches.last_mut().filter(|last| last.kind == kind) {
            Some(last) => last.text.push_str(change.value()),
            None => stretches.push(Stretch { kind, text: change.value().to_owned() }),
        }
    }
    stretches
}

fn others(old: &Content, new: &Content) -> Vec<Other> {
    let pictures = |content: &Content| content.media.iter().map(|used| used.asset).collect::<BTreeSet<_>>();
    let channels = |content: &Content| content.channels.iter().copied().collect::<BTreeSet<_>>();
    let (pictures_before, pictures_after) = (pictures(old), pictures(new));
    let (channels_before, channels_after) = (channels(old), channels(new));
    let seen = |content: &Content| (content.visibility, content.replies);
    let counted = |count: usize, other: fn(usize) -> Other| (0 < count).then(|| other(count));
    let found = [
        counted(pictures_after.difference(&pictures_before).count(), Other::PicturesAdded),
        counted(pictures_before.difference(&pictures_after).count(), Other::PicturesRemoved),
        (pictures_before == pictures_after && old.media != new.media).then_some(Other::Pictures),
        counted(channels_after.difference(&channels_before).count(), Other::ChannelsAdded),
        counted(channels_before.difference(&channels_after).count(), Other::ChannelsRemoved),
        (old.content_warning != new.content_warning).then_some(Other::Warning),
        (old.language != new.language).then_some(Other::Language),
        (seen(old) != seen(new)).then_some(Other::Audience),
        (old.poll != new.poll).then_some(Other::Poll),
        (old.first_comment != new.first_comment).then_some(Other::FirstComment),
    ];
    found.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::AssetId;
    use crate::posts::{MediaUse, Variant};

    fn says(text: &str) -> Content {
        Content { text: text.to_owned(), ..Content::default() }
    }

    fn told(stretches: &[Stretch]) -> String {
        let told = stretches.iter().map(|stretch| match stretch.kind {
            Kind::Same => stretch.text.clone(),
            Kind::Added => format!("[+{}]", stretch.text),
            Kind::Removed => format!("[-{}]", stretch.text),
        });
        told.collect()
    }

    #[test]
    fn words_that_came_and_went_stand_beside_those_that_stayed() {
        let changes = between(&says("We open at nine on Saturday."), &says("We open at ten on Saturday."));
        assert_eq!(told(&changes.text), "We open at [-nine][+ten] on Saturday.");
        assert!(between(&says("Same"), &says("Same")).is_empty());
    }

    #[test]
    fn what_differs_on_a_channel_and_beside_the_text_is_named() {
        let (channel, asset) = (ChannelId::from_bits(1), AssetId::from_bits(1));
        let (old, mut new) = (says("Hello"), says("Hello"));
        new.variants.insert(channel, Variant { parts: Some(vec!["Hi".to_owned()]), ..Variant::default() });
        new.media = vec![MediaUse { asset, alt: None }];
        new.channels = vec![channel];
        new.content_warning = Some("Food".to_owned());
        let changes = between(&old, &new);
        assert!(changes.text.is_empty());
        assert_eq!(told(&changes.variants[0].1), "[+Hi]");
        assert_eq!(changes.others, [Other::PicturesAdded(1), Other::ChannelsAdded(1), Other::Warning]);
        let back = between(&new, &old);
        assert_eq!(back.others, [Other::PicturesRemoved(1), Other::ChannelsRemoved(1), Other::Warning]);
    }

    #[test]
    fn two_long_texts_without_a_word_in_common_are_compared_in_time() {
        let long = |word: &str| (0..20_000).map(|number| format!("{word}{number}")).collect::<Vec<_>>().join(" ");
        let changes = between(&says(&long("a")), &says(&long("b")));
        assert!(changes.text.iter().any(|stretch| stretch.kind == Kind::Removed));
    }
}
