//! What one press does about a problem on one channel.
//!
//! A press changes what is said on that channel alone: the base text, its pictures and the other channels stay as they
//! were written, so nothing typed is lost by it.

use std::fmt;
use std::str::FromStr;

use crate::channels::ChannelId;
use crate::networks::Capabilities;

use super::checks::{CandidatePart, Fix, Kind, Problem, pieces};
use super::{Content, MediaUse, Variant};

/// One press.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mend {
    /// Makes a thread of it, cut at the ends of sentences.
    Split,
    /// Keeps as much from the beginning as fits.
    Trim,
    /// Makes one post of a thread.
    Join,
    /// Leaves out the pictures that are too many.
    LeaveOutSurplus,
    /// Leaves out the picture at this place.
    LeaveOut(usize),
    /// Leaves out the first comment.
    LeaveOutComment,
}

impl Mend {
    /// The press that does something about a problem, where one can.
    pub fn of(problem: &Problem) -> Option<Self> {
        match (problem.fix?, problem.kind) {
            (Fix::Split, _) => Some(Self::Split),
            (Fix::Trim, Kind::TextTooLong | Kind::TextTooManyBytes) if problem.field != "first_comment" => {
                Some(Self::Trim)
            }
            (Fix::Join, _) => Some(Self::Join),
            (Fix::RemoveMedia, Kind::MediaTypeNotTaken) => picture_of(&problem.field).map(Self::LeaveOut),
            (Fix::RemoveMedia, _) => Some(Self::LeaveOutSurplus),
            (Fix::Remove, Kind::FirstCommentNotTaken) => Some(Self::LeaveOutComment),
            (Fix::Trim | Fix::Remove | Fix::AddMedia | Fix::AddAlt | Fix::ChangePoll, _) => None,
        }
    }

    /// The key of the words on its button.
    pub fn key(self) -> &'static str {
        match self {
            Self::Split => "mend-split",
            Self::Trim => "mend-trim",
            Self::Join => "mend-join",
            Self::LeaveOutSurplus | Self::LeaveOut(_) => "mend-leave-out",
            Self::LeaveOutComment => "mend-no-comment",
        }
    }

    /// Does it for one channel.
    pub fn apply(self, content: &mut Content, channel: ChannelId, can: &Capabilities) {
        match self {
            Self::Split => in_pieces(content, channel, |part| pieces(can, part, false)),
            Self::Trim => in_pieces(content, channel, |part| pieces(can, part, false).into_iter().take(1).collect()),
            Self::Join => {
                let joined = content.parts_for(channel).join("\n\n");
                variant(content, channel).parts = Some(vec![joined]);
            }
            Self::LeaveOutSurplus => {
                let most = usize::try_from(can.images.max).unwrap_or(usize::MAX);
                let kept: Vec<MediaUse> = content.media_for(channel).iter().take(most).cloned().collect();
                variant(content, channel).media = Some(kept);
            }
            Self::LeaveOut(place) => {
                let mut kept = content.media_for(channel).to_vec();
                if place < kept.len() {
                    kept.remove(place);
                }
                variant(content, channel).media = Some(kept);
            }
            Self::LeaveOutComment => variant(content, channel).first_comment = Some(String::new()),
        }
    }
}

impl fmt::Display for Mend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Split => f.write_str("split"),
            Self::Trim => f.write_str("trim"),
            Self::Join => f.write_str("join"),
            Self::LeaveOutSurplus => f.write_str("leave-out"),
            Self::LeaveOut(place) => write!(f, "leave-out-{place}"),
            Self::LeaveOutComment => f.write_str("no-comment"),
        }
    }
}

/// There is no press of this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownMend;

impl FromStr for Mend {
    type Err = UnknownMend;

    fn from_str(name: &str) -> Result<Self, UnknownMend> {
        match name {
            "split" => Ok(Self::Split),
            "trim" => Ok(Self::Trim),
            "join" => Ok(Self::Join),
            "leave-out" => Ok(Self::LeaveOutSurplus),
            "no-comment" => Ok(Self::LeaveOutComment),
            other => {
                let place = other.strip_prefix("leave-out-").and_then(|place| place.parse().ok());
                place.map(Self::LeaveOut).ok_or(UnknownMend)
            }
        }
    }
}

/// Which picture a problem is about: `parts.0.media.2.mime` is about the third.
fn picture_of(field: &str) -> Option<usize> {
    field.split_once(".media.")?.1.split('.').next()?.parse().ok()
}

/// The parts of the channel, each replaced by what `cut` makes of it.
fn in_pieces(content: &mut Content, channel: ChannelId, cut: impl Fn(&CandidatePart) -> Vec<String>) {
    let warning = content.content_warning.clone().filter(|warning| !warning.trim().is_empty());
    let part =
        |text: &str| CandidatePart { text: text.to_owned(), warning: warning.clone(), ..CandidatePart::default() };
    let parts = content.parts_for(channel).into_iter().flat_map(|text| cut(&part(text))).collect();
    variant(content, channel).parts = Some(parts);
}

fn variant(content: &mut Content, channel: ChannelId) -> &mut Variant {
    content.variants.entry(channel).or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::AssetId;
    use crate::networks::Network;
    use crate::networks::webhook::Webhook;
    use crate::posts::checks::{Candidate, CandidateMedia, check};

    const CHANNEL: ChannelId = ChannelId::from_bits(1);

    /// Twenty characters, one picture, no comment; with or without threads.
    fn can(threads: bool) -> Capabilities {
        let mut can = Webhook.capabilities(&serde_json::Value::Null);
        can.text.limit = Some(20);
        can.images.max = 1;
        can.threads = threads;
        can.first_comment = false;
        can
    }

    fn problems(content: &Content, can: &Capabilities) -> Vec<Problem> {
        let parts = content.parts_for(CHANNEL).into_iter().enumerate().map(|(index, text)| CandidatePart {
            text: text.to_owned(),
            media: if index == 0 { content.media_for(CHANNEL).iter().map(|_used| picture()).collect() } else { vec![] },
            ..CandidatePart::default()
        });
        let first_comment = content.first_comment_for(CHANNEL).map(str::to_owned);
        check(can, &Candidate { parts: parts.collect(), first_comment, ..Candidate::default() }).problems
    }

    fn picture() -> CandidateMedia {
        CandidateMedia { mime: "image/jpeg".to_owned(), alt: Some("A dog".to_owned()), ..CandidateMedia::default() }
    }

    #[test]
    fn every_press_ends_the_problem_it_stands_at_and_leaves_the_base_as_it_was() {
        let used = |bits| MediaUse { asset: AssetId::from_bits(bits), alt: None };
        let long = "One two three four. Five six seven. Eight.";
        for (threads, text, expected) in [
            (true, long, Mend::Split),
            (false, long, Mend::Trim),
            (false, "One\n---\nTwo", Mend::Join),
            (true, "Short", Mend::LeaveOutSurplus),
            (true, "Short", Mend::LeaveOutComment),
        ] {
            let can = can(threads);
            let mut content = Content { text: text.to_owned(), channels: vec![CHANNEL], ..Content::default() };
            match expected {
                Mend::LeaveOutSurplus => content.media = vec![used(1), used(2)],
                Mend::LeaveOutComment => content.first_comment = Some("First".to_owned()),
                _ => {}
            }
            let before = content.clone();
            let found: Vec<Mend> = problems(&content, &can).iter().filter_map(Mend::of).collect();
            assert_eq!(found, [expected], "{text}");
            expected.apply(&mut content, CHANNEL, &can);
            assert_eq!(problems(&content, &can), [], "after {expected}");
            assert_eq!((&content.text, &content.media), (&before.text, &before.media));
            assert_eq!(content.first_comment, before.first_comment);
        }
    }

    #[test]
    fn a_split_keeps_every_word_and_a_trim_ends_with_a_sentence() {
        let text = "One two three four. Five six seven. Eight.";
        let mut content = Content { text: text.to_owned(), channels: vec![CHANNEL], ..Content::default() };
        Mend::Split.apply(&mut content, CHANNEL, &can(true));
        assert_eq!(content.parts_for(CHANNEL).join(" "), text);
        content.variants.clear();
        Mend::Trim.apply(&mut content, CHANNEL, &can(false));
        assert_eq!(content.parts_for(CHANNEL), ["One two three four."]);
    }

    #[test]
    fn a_press_has_a_name_that_leads_back_to_it() {
        for mend in
            [Mend::Split, Mend::Trim, Mend::Join, Mend::LeaveOutSurplus, Mend::LeaveOut(2), Mend::LeaveOutComment]
        {
            assert_eq!(mend.to_string().parse(), Ok(mend));
        }
        assert_eq!("leave-out-x".parse::<Mend>(), Err(UnknownMend));
    }

    #[test]
    fn a_picture_that_is_not_taken_is_left_out_alone() {
        let used = |bits| MediaUse { asset: AssetId::from_bits(bits), alt: None };
        let mut content = Content { media: vec![used(1), used(2), used(3)], ..Content::default() };
        assert_eq!(picture_of("parts.0.media.1.mime"), Some(1));
        Mend::LeaveOut(1).apply(&mut content, CHANNEL, &can(true));
        assert_eq!(content.media_for(CHANNEL), [used(1), used(3)]);
    }
}
