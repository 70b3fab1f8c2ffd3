//! What stands in the way of a post on a channel: the one place that finds it.
//!
//! Composer, API and `belfry check` all ask [`check`], which knows no network and reads only its capability statement.
//! A picture that is too large, or of a type the network does not take, is no problem: a rendition is made, and a
//! [`Note`] says so. Problems carry the key of a sentence and its arguments, never the sentence itself.

pub mod line;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::networks::capabilities::{Capabilities, ImageRules, PollRules, TextRules, Unit};
use crate::networks::counting;
use crate::networks::job::{Poll, Replies, Visibility};
use crate::words::Message;

/// Pictures of these types are decoded here and encoded anew for a network that does not take them.
const CONVERTIBLE: [&str; 4] = ["image/jpeg", "image/png", "image/gif", "image/webp"];
/// What renditions are encoded as.
const RENDERED: [&str; 2] = ["image/jpeg", "image/png"];

/// What somebody wants to send to one channel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Candidate {
    /// The post, or the parts of a thread in order.
    pub parts: Vec<CandidatePart>,
    /// A comment of one's own below it.
    pub first_comment: Option<String>,
    /// It names a post of someone that it quotes.
    pub quotes: bool,
    /// Who can see it.
    pub visibility: Visibility,
    /// Who may answer.
    pub replies: Replies,
}

/// One part of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CandidatePart {
    /// Its words.
    pub text: String,
    /// Its pictures and films, as they were uploaded.
    pub media: Vec<CandidateMedia>,
    /// Its poll.
    pub poll: Option<Poll>,
    /// Shown before the rest is.
    pub warning: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
}

/// A picture or film before a rendition is made of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct CandidateMedia {
    /// `image/jpeg`.
    pub mime: String,
    /// Its size.
    #[serde(default)]
    pub size_bytes: u64,
    /// Its width, where it has one.
    #[serde(default)]
    pub width_px: Option<u32>,
    /// Its height, where it has one.
    #[serde(default)]
    pub height_px: Option<u32>,
    /// How long it runs, where it does.
    #[serde(default)]
    pub duration_ms: Option<u64>,
    /// Its description; empty is none.
    #[serde(default)]
    pub alt: Option<String>,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Checked {
    /// How long each part is, in order.
    pub parts: Vec<Measured>,
    /// What stands in the way, and what may surprise.
    pub problems: Vec<Problem>,
    /// What Belfry changes by itself before sending.
    pub notes: Vec<Note>,
}

impl Checked {
    /// Nothing stands in the way.
    pub fn is_valid(&self) -> bool {
        self.problems.iter().all(|problem| problem.severity == Severity::Warn)
    }
}

/// How long a part is to the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Measured {
    /// As the network counts it.
    pub length: u32,
    /// How long it may be; none where no limit is known.
    pub limit: Option<u32>,
    /// What is counted.
    pub unit: Unit,
}

/// Whether the network would refuse it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It would: this must be put right first.
    Refuse,
    /// It would not, but somebody may be surprised.
    Warn,
}

/// What a person can do with one press.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fix {
    /// Shorten the text.
    Trim,
    /// Make a thread of it.
    Split,
    /// Join the parts of the thread, or publish the first alone.
    Join,
    /// Take out what is too much or not taken.
    RemoveMedia,
    /// Add a picture.
    AddMedia,
    /// Describe the picture.
    AddAlt,
    /// Take the poll out or change it.
    ChangePoll,
    /// Take out what the network does not have.
    Remove,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each name says it, and its sentence is in the catalogue")]
pub enum Kind {
    NothingToSay,
    TextTooLong,
    TextTooManyBytes,
    MediaRequired,
    ImagesNotTaken,
    TooManyImages,
    MediaTypeNotTaken,
    AltMissing,
    AltTooLong,
    AltNotShown,
    PollNotTaken,
    PollTooFewOptions,
    PollTooManyOptions,
    PollOptionEmpty,
    PollOptionTooLong,
    PollOptionTwice,
    PollTooShort,
    PollTooLong,
    PollOneAnswerOnly,
    PollWithMedia,
    WarningNotShown,
    VisibilityNarrower,
    VisibilityNotKept,
    RepliesNotKept,
    QuoteNotTaken,
    ThreadNotTaken,
    FirstCommentNotTaken,
    Unreadable,
}

impl Kind {
    /// The key of its sentence in the catalogue.
    pub fn key(self) -> &'static str {
        match self {
            Self::NothingToSay => "check-nothing-to-say",
            Self::TextTooLong => "check-text-too-long",
            Self::TextTooManyBytes => "check-text-too-many-bytes",
            Self::MediaRequired => "check-media-required",
            Self::ImagesNotTaken => "check-images-not-taken",
            Self::TooManyImages => "check-too-many-images",
            Self::MediaTypeNotTaken => "check-media-type-not-taken",
            Self::AltMissing => "check-alt-missing",
            Self::AltTooLong => "check-alt-too-long",
            Self::AltNotShown => "check-alt-not-shown",
            Self::PollNotTaken => "check-poll-not-taken",
            Self::PollTooFewOptions => "check-poll-too-few-options",
            Self::PollTooManyOptions => "check-poll-too-many-options",
            Self::PollOptionEmpty => "check-poll-option-empty",
            Self::PollOptionTooLong => "check-poll-option-too-long",
            Self::PollOptionTwice => "check-poll-option-twice",
            Self::PollTooShort => "check-poll-too-short",
            Self::PollTooLong => "check-poll-too-long",
            Self::PollOneAnswerOnly => "check-poll-one-answer-only",
            Self::PollWithMedia => "check-poll-with-media",
            Self::WarningNotShown => "check-warning-not-shown",
            Self::VisibilityNarrower => "check-visibility-narrower",
            Self::VisibilityNotKept => "check-visibility-not-kept",
            Self::RepliesNotKept => "check-replies-not-kept",
            Self::QuoteNotTaken => "check-quote-not-taken",
            Self::ThreadNotTaken => "check-thread-not-taken",
            Self::FirstCommentNotTaken => "check-first-comment-not-taken",
            Self::Unreadable => "check-unreadable",
        }
    }
}

/// What can go into a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Arg {
    /// A number: chooses the plural form.
    Number(i64),
    /// Text as it is.
    Text(String),
}

/// Something that stands in the way, or may surprise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// What.
    pub kind: Kind,
    /// How bad.
    pub severity: Severity,
    /// Where: `parts.0.text`, `parts.0.media.2.alt`, `first_comment`.
    pub field: String,
    /// What one press can do about it.
    pub fix: Option<Fix>,
    /// What goes into its sentence.
    pub args: Vec<(&'static str, Arg)>,
}

impl Problem {
    /// Its sentence.
    pub fn message(&self) -> Message {
        self.args.iter().fold(Message::new(self.kind.key()), |message, (name, arg)| match arg {
            Arg::Number(number) => message.with(name, *number),
            Arg::Text(text) => message.with(name, text),
        })
    }

    fn refuse(kind: Kind, field: impl Into<String>, fix: Option<Fix>) -> Self {
        Self { kind, severity: Severity::Refuse, field: field.into(), fix, args: Vec::new() }
    }

    fn warn(kind: Kind, field: impl Into<String>, fix: Option<Fix>) -> Self {
        Self { severity: Severity::Warn, ..Self::refuse(kind, field, fix) }
    }

    fn number(mut self, name: &'static str, number: impl TryInto<i64>) -> Self {
        self.args.push((name, Arg::Number(number.try_into().unwrap_or(i64::MAX))));
        self
    }

    fn text(mut self, name: &'static str, text: &str) -> Self {
        self.args.push((name, Arg::Text(text.to_owned())));
        self
    }
}

/// Something that Belfry changes by itself before sending.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Note {
    /// What.
    pub kind: NoteKind,
    /// Which picture: `parts.0.media.1`.
    pub field: String,
}

/// What Belfry changes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    /// The picture is made smaller.
    MadeSmaller,
    /// The picture is encoded as a type the network takes.
    Converted,
}

impl NoteKind {
    /// The key of its sentence in the catalogue.
    pub fn key(self) -> &'static str {
        match self {
            Self::MadeSmaller => "check-note-made-smaller",
            Self::Converted => "check-note-converted",
        }
    }
}

/// Finds what stands in the way of `candidate` on a channel that can do `can`.
pub fn check(can: &Capabilities, candidate: &Candidate) -> Checked {
    let mut found = Checked::default();
    for (index, part) in candidate.parts.iter().enumerate() {
        let length = counting::length(&part.text, &can.text, part.warning.as_deref());
        found.parts.push(Measured { length, limit: can.text.limit, unit: can.text.unit });
        check_part(can, part, &format!("parts.{index}"), &mut found);
    }
    if can.media_required && candidate.parts.first().is_some_and(|part| part.media.is_empty()) {
        found.problems.push(Problem::refuse(Kind::MediaRequired, "parts.0.media", Some(Fix::AddMedia)));
    }
    if !can.threads && 1 < candidate.parts.len() {
        found.problems.push(Problem::refuse(Kind::ThreadNotTaken, "parts", Some(Fix::Join)));
    }
    if candidate.quotes && !can.quotes {
        found.problems.push(Problem::refuse(Kind::QuoteNotTaken, "quote", Some(Fix::Remove)));
    }
    if let Some(comment) = &candidate.first_comment {
        if !can.first_comment {
            found.problems.push(Problem::refuse(Kind::FirstCommentNotTaken, "first_comment", Some(Fix::Remove)));
        }
        check_length(&can.text, comment, None, "first_comment", Fix::Trim, &mut found.problems);
    }
    check_audience(can, candidate, &mut found.problems);
    found
}

/// The parts of the thread that a text which is too long would become; the text alone where it fits, or where the
/// network has no threads.
pub fn suggest_parts(can: &Capabilities, part: &CandidatePart, numbering: bool) -> Vec<String> {
    if can.threads { pieces(can, part, numbering) } else { vec![part.text.clone()] }
}

/// The text in pieces that each fit, whether or not the network has threads; whole where it fits.
pub fn pieces(can: &Capabilities, part: &CandidatePart, numbering: bool) -> Vec<String> {
    if counting::fits(&part.text, &can.text, part.warning.as_deref()) {
        return vec![part.text.clone()];
    }
    // The warning stands before every part, so each has less room.
    let warning = part.warning.as_deref().filter(|_warning| can.text.warning_counts).unwrap_or_default();
    let room = |limit: u32| limit.saturating_sub(counting::measure(warning, can.text.unit)).max(1);
    let rules = TextRules { limit: can.text.limit.map(room), ..can.text.clone() };
    counting::split_into_parts(&part.text, &rules, numbering)
}

fn check_part(can: &Capabilities, part: &CandidatePart, at: &str, found: &mut Checked) {
    if part.text.trim().is_empty() && part.media.is_empty() && part.poll.is_none() {
        found.problems.push(Problem::refuse(Kind::NothingToSay, format!("{at}.text"), None));
    }
    let fix = if can.threads { Fix::Split } else { Fix::Trim };
    let warning = part.warning.as_deref();
    check_length(&can.text, &part.text, warning, &format!("{at}.text"), fix, &mut found.problems);
    if warning.is_some_and(|warning| !warning.trim().is_empty()) && !can.content_warning {
        found.problems.push(Problem::warn(Kind::WarningNotShown, format!("{at}.warning"), Some(Fix::Remove)));
    }
    check_media(&can.images, &part.media, at, found);
    match (&part.poll, &can.poll) {
        (None, _) => {}
        (Some(_poll), None) => {
            found.problems.push(Problem::refuse(Kind::PollNotTaken, format!("{at}.poll"), Some(Fix::ChangePoll)));
        }
        (Some(poll), Some(rules)) => check_poll(rules, poll, part, at, &mut found.problems),
    }
}

fn check_length(
    rules: &TextRules,
    text: &str,
    warning: Option<&str>,
    field: &str,
    fix: Fix,
    problems: &mut Vec<Problem>,
) {
    let length = counting::length(text, rules, warning);
    if let Some(limit) = rules.limit.filter(|limit| *limit < length) {
        let kind = if rules.unit == Unit::Bytes { Kind::TextTooManyBytes } else { Kind::TextTooLong };
        let problem = Problem::refuse(kind, field, Some(fix));
        problems.push(problem.number("over", length.saturating_sub(limit)).number("limit", limit));
        return;
    }
    let bytes = counting::length_bytes(text);
    if let Some(limit) = rules.limit_bytes.filter(|limit| *limit < bytes) {
        let problem = Problem::refuse(Kind::TextTooManyBytes, field, Some(fix));
        problems.push(problem.number("over", bytes.saturating_sub(limit)).number("limit", limit));
    }
}

fn check_media(rules: &ImageRules, media: &[CandidateMedia], at: &str, found: &mut Checked) {
    let count = u32::try_from(media.len()).unwrap_or(u32::MAX);
    if rules.max == 0 && 0 < count {
        found.problems.push(Problem::refuse(Kind::ImagesNotTaken, format!("{at}.media"), Some(Fix::RemoveMedia)));
        return;
    }
    if rules.max < count {
        let problem = Problem::refuse(Kind::TooManyImages, format!("{at}.media"), Some(Fix::RemoveMedia));
        found.problems.push(problem.number("max", rules.max).number("over", count.saturating_sub(rules.max)));
    }
    for (index, one) in media.iter().enumerate() {
        check_one(rules, one, &format!("{at}.media.{index}"), found);
    }
}

fn check_one(rules: &ImageRules, media: &CandidateMedia, at: &str, found: &mut Checked) {
    let mime = media.mime.trim().to_ascii_lowercase();
    let taken = takes(rules, &mime);
    let convertible = CONVERTIBLE.contains(&mime.as_str()) && RENDERED.iter().any(|made| takes(rules, made));
    if !taken && !convertible {
        let problem = Problem::refuse(Kind::MediaTypeNotTaken, format!("{at}.mime"), Some(Fix::RemoveMedia));
        found.problems.push(problem.text("type", if mime.is_empty() { "?" } else { &mime }));
        return;
    }
    if !taken {
        found.notes.push(Note { kind: NoteKind::Converted, field: at.to_owned() });
    }
    let (width, height) = (media.width_px.unwrap_or(0), media.height_px.unwrap_or(0));
    let pixels = u64::from(width).saturating_mul(u64::from(height));
    let too_large = rules.max_bytes < media.size_bytes
        || rules.max_pixels.is_some_and(|max| max < pixels)
        || rules.max_side_px.is_some_and(|max| max < width.max(height));
    if too_large {
        found.notes.push(Note { kind: NoteKind::MadeSmaller, field: at.to_owned() });
    }
    let alt = media.alt.as_deref().unwrap_or_default().trim();
    let alt_length = counting::measure(alt, Unit::CodePoints);
    let field = format!("{at}.alt");
    match rules.alt_limit {
        None if !alt.is_empty() => found.problems.push(Problem::warn(Kind::AltNotShown, field, None)),
        Some(_limit) if alt.is_empty() => {
            found.problems.push(Problem::warn(Kind::AltMissing, field, Some(Fix::AddAlt)));
        }
        Some(limit) if limit < alt_length => {
            let problem = Problem::refuse(Kind::AltTooLong, field, Some(Fix::Trim));
            found.problems.push(problem.number("over", alt_length.saturating_sub(limit)).number("limit", limit));
        }
        None | Some(_) => {}
    }
}

fn takes(rules: &ImageRules, mime: &str) -> bool {
    rules.types.iter().any(|taken| match taken.strip_suffix("/*") {
        Some(family) => mime.split_once('/').is_some_and(|(of, _kind)| of == family),
        None => taken == mime,
    })
}

fn check_poll(rules: &PollRules, poll: &Poll, part: &CandidatePart, at: &str, problems: &mut Vec<Problem>) {
    let refuse = |kind: Kind, field: String| Problem::refuse(kind, field, Some(Fix::ChangePoll));
    let count = u32::try_from(poll.options.len()).unwrap_or(u32::MAX);
    if count < rules.min_options {
        problems.push(refuse(Kind::PollTooFewOptions, format!("{at}.poll.options")).number("min", rules.min_options));
    }
    if rules.max_options < count {
        problems.push(refuse(Kind::PollTooManyOptions, format!("{at}.poll.options")).number("max", rules.max_options));
    }
    for (index, option) in poll.options.iter().enumerate() {
        let field = format!("{at}.poll.options.{index}");
        let said_before = poll.options.iter().take(index).any(|earlier| earlier.trim() == option.trim());
        let length = counting::measure(option, Unit::Graphemes);
        match () {
            () if option.trim().is_empty() => problems.push(refuse(Kind::PollOptionEmpty, field)),
            () if said_before => problems.push(refuse(Kind::PollOptionTwice, field)),
            () if rules.option_limit < length => {
                let problem = refuse(Kind::PollOptionTooLong, field).number("limit", rules.option_limit);
                problems.push(problem.number("over", length.saturating_sub(rules.option_limit)));
            }
            () => {}
        }
    }
    let time = format!("{at}.poll.open_for_s");
    if poll.open_for_s < rules.min_open_s {
        problems.push(refuse(Kind::PollTooShort, time).number("minutes", rules.min_open_s.div_ceil(60)));
    } else if rules.max_open_s < poll.open_for_s {
        problems.push(refuse(Kind::PollTooLong, time).number("days", rules.max_open_s / 86_400));
    }
    if poll.multiple && !rules.multiple {
        problems.push(refuse(Kind::PollOneAnswerOnly, format!("{at}.poll.multiple")));
    }
    if rules.excludes_media && !part.media.is_empty() {
        problems.push(refuse(Kind::PollWithMedia, format!("{at}.poll")));
    }
}

fn check_audience(can: &Capabilities, candidate: &Candidate, problems: &mut Vec<Problem>) {
    let wanted = candidate.visibility;
    let known = |visibility: &Visibility| can.visibilities.contains(visibility);
    let everyone_can_see = wanted == Visibility::Public && can.visibilities.is_empty();
    if !known(&wanted) && !everyone_can_see {
        let narrower = can.visibilities.iter().any(|other| narrowness(wanted) < narrowness(*other));
        problems.push(if narrower {
            Problem::warn(Kind::VisibilityNarrower, "visibility", None)
        } else {
            Problem::refuse(Kind::VisibilityNotKept, "visibility", None)
        });
    }
    if candidate.replies != Replies::Everyone && !can.replies.contains(&candidate.replies) {
        problems.push(Problem::warn(Kind::RepliesNotKept, "replies", None));
    }
}

/// How narrow a visibility is: more is narrower.
fn narrowness(visibility: Visibility) -> u8 {
    match visibility {
        Visibility::Public => 0,
        Visibility::Unlisted => 1,
        Visibility::Followers => 2,
        Visibility::Direct => 3,
    }
}
