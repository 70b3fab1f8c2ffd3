//! What the form of Compose sends, read into a post's content; and back, so that a form that returns shows what was typed.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime, Time};

use crate::channels::ChannelId;
use crate::http::Form;
use crate::media::AssetId;
use crate::networks::{Poll, Visibility};
use crate::people::{FieldProblem, Refusal};
use crate::posts::mend::Mend;
use crate::posts::{Content, MediaUse, PostId, Variant};
use crate::publish::When;
use crate::publish::write::Writing;
use crate::words::Message;

/// The most answers a poll has on any network.
pub(super) const POLL_OPTIONS: usize = 4;

/// A post as it is being written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Written {
    /// Its id, the edition the form was drawn from, and what it says.
    pub writing: Writing,
    /// The date typed, as typed.
    pub date: String,
    /// The time typed, as typed.
    pub time: String,
    /// What the one button does.
    pub wish: Wish,
    /// What a channel said before the last press changed it.
    pub undo: Option<(ChannelId, String)>,
}

/// What shall become of the post.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Wish {
    /// It goes out at a time.
    #[default]
    At,
    /// It goes out right away.
    Now,
    /// It stays a draft.
    Draft,
}

impl Wish {
    /// Its name in the form.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::At => "at",
            Self::Now => "now",
            Self::Draft => "draft",
        }
    }

    fn named(name: &str) -> Self {
        [Self::Now, Self::Draft].into_iter().find(|wish| wish.name() == name).unwrap_or_default()
    }
}

/// The button that sent the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Press {
    /// Done with it what the one button says.
    Go,
    /// Draws everything anew from what is typed.
    Look,
    /// Puts something right on these channels.
    Mend(Mend, Vec<ChannelId>),
    /// Takes back the last press on a channel.
    Undo,
    /// Begins what differs on a channel with the text of the others.
    Begin(ChannelId),
    /// Goes over this edition, which someone else saved meanwhile.
    GoOver(u32),
}

impl Press {
    /// Reads which button it was.
    pub(super) fn read(form: &Form) -> Self {
        let fix = form.text("fix");
        let mut words = fix.split_whitespace();
        let first = words.next().unwrap_or_default();
        let channels: Vec<ChannelId> = words.filter_map(|id| id.parse().ok()).collect();
        match (first, channels.first()) {
            ("undo", _) => Self::Undo,
            ("over", _) => Self::GoOver(fix.split_whitespace().nth(1).and_then(|word| word.parse().ok()).unwrap_or(0)),
            ("begin", Some(channel)) => Self::Begin(*channel),
            (name, _) => match name.parse() {
                Ok(mend) => Self::Mend(mend, channels),
                Err(_unknown) if form.text("do") == "go" => Self::Go,
                Err(_unknown) => Self::Look,
            },
        }
    }

    /// The value of a button that mends.
    pub(super) fn mend_value(mend: Mend, channels: &[ChannelId]) -> String {
        channels.iter().fold(mend.to_string(), |value, channel| format!("{value} {channel}"))
    }
}

impl Written {
    /// Reads the form. What cannot be read is left out; the checks say what is missing.
    pub(super) fn read(post: PostId, form: &Form) -> Self {
        let optional = |name: &str| Some(form.text(name)).filter(|text| !text.trim().is_empty());
        let media: Vec<MediaUse> = form.all("media").filter_map(|id| media(form, id)).collect();
        let text = form.text("text");
        let content = Content {
            channels: form.all("channels").filter_map(|id| id.parse().ok()).collect(),
            variants: variants(form, &text, &media),
            text,
            media,
            content_warning: optional("warning"),
            language: optional("language"),
            visibility: visibility(&form.text("visibility")),
            poll: poll(form),
            first_comment: optional("first_comment"),
            ..Content::default()
        };
        let undo = form.find("undo-of").and_then(|channel| channel.parse().ok());
        Self {
            writing: Writing { post, edition: form.read("version").unwrap_or(0), content },
            date: form.text("date"),
            time: form.text("time"),
            wish: Wish::named(&form.text("when")),
            undo: undo.map(|channel| (channel, form.text("undo-text"))),
        }
    }

    /// What it says.
    pub(super) fn content(&self) -> &Content {
        &self.writing.content
    }

    /// What differs on a channel, as one text: a line of dashes between the parts of a thread.
    pub(super) fn variant_text(&self, channel: ChannelId) -> String {
        let variant = self.content().variants.get(&channel).and_then(|variant| variant.parts.as_ref());
        variant.map(|parts| parts.join("\n---\n")).unwrap_or_default()
    }

    /// Keeps what the form has no field for as it is in the post that is saved.
    pub(super) fn carry_over(&mut self, saved: &Content) {
        self.writing.content.replies = saved.replies;
        for (channel, before) in &saved.variants {
            let comment = before.first_comment.as_ref().filter(|comment| !comment.is_empty());
            if before.visibility.is_none() && comment.is_none() {
                continue;
            }
            let variant = self.writing.content.variants.entry(*channel).or_default();
            variant.visibility = before.visibility;
            variant.first_comment = variant.first_comment.take().or_else(|| comment.cloned());
        }
    }

    /// When it shall go out, where it shall.
    pub(super) fn when(&self) -> Result<When, Refusal> {
        match self.wish {
            Wish::At => self.at().map(When::At),
            Wish::Now | Wish::Draft => Ok(When::Now),
        }
    }

    /// The local time that was typed.
    pub(super) fn at(&self) -> Result<DateTime, Refusal> {
        let problem = |field: &str, key: &'static str| FieldProblem::new(field, Message::new(key));
        let date = self.date.trim().parse::<Date>().map_err(|_unread| problem("date", "compose-date-unread"));
        let time = self.time.trim().parse::<Time>().map_err(|_unread| problem("time", "compose-time-unread"));
        match (date, time) {
            (Ok(date), Ok(time)) => Ok(DateTime::from_parts(date, time)),
            (date, time) => Err(Refusal::Invalid([date.err(), time.err()].into_iter().flatten().collect())),
        }
    }
}

/// What differs per channel, whether or not it is ticked: what was typed for a channel is kept while it is not.
fn variants(form: &Form, text: &str, media: &[MediaUse]) -> BTreeMap<ChannelId, Variant> {
    let mut variants = BTreeMap::new();
    for id in form.iter().filter_map(|(name, _value)| name.strip_prefix("variant-")) {
        let Ok(channel) = id.parse::<ChannelId>() else { continue };
        let own = form.text(&format!("variant-{id}"));
        let parts = Some(vec![own]).filter(|parts| parts.iter().all(|own| !own.trim().is_empty() && own != text));
        let left_out: Vec<AssetId> = form.all(&format!("left-{id}")).filter_map(|id| id.parse().ok()).collect();
        let is_in = |used: &&MediaUse| !left_out.contains(&used.asset);
        let kept: Vec<MediaUse> = media.iter().filter(is_in).cloned().collect();
        let variant = Variant {
            parts,
            media: Some(kept).filter(|kept| kept.len() < media.len()),
            first_comment: form.has(&format!("no-comment-{id}")).then(String::new),
            visibility: None,
        };
        if variant != Variant::default() {
            variants.insert(channel, variant);
        }
    }
    variants
}

fn media(form: &Form, id: &str) -> Option<MediaUse> {
    let asset: AssetId = id.parse().ok()?;
    let alt = form.find(&format!("alt-{asset}")).map(str::to_owned);
    (!form.has(&format!("remove-{asset}"))).then_some(MediaUse { asset, alt })
}

fn poll(form: &Form) -> Option<Poll> {
    let options: Vec<String> =
        form.all("poll-option").map(str::trim).filter(|option| !option.is_empty()).map(str::to_owned).collect();
    let open_for_s = form.read::<u64>("poll-for").unwrap_or(86_400);
    (!options.is_empty()).then(|| Poll { options, open_for_s, multiple: form.has("poll-multiple") })
}

/// A visibility by its name in forms.
pub(super) fn visibility(name: &str) -> Visibility {
    match name {
        "unlisted" => Visibility::Unlisted,
        "followers" => Visibility::Followers,
        "direct" => Visibility::Direct,
        _ => Visibility::Public,
    }
}

/// Its name in forms, and the key of its word.
pub(super) fn visibility_name(visibility: Visibility) -> (&'static str, &'static str) {
    match visibility {
        Visibility::Public => ("public", "visibility-public"),
        Visibility::Unlisted => ("unlisted", "visibility-unlisted"),
        Visibility::Followers => ("followers", "visibility-followers"),
        Visibility::Direct => ("direct", "visibility-direct"),
    }
}

/// The field of the form that a problem of a channel's checks belongs to.
pub(super) fn field_of(content: &Content, problem: &str) -> String {
    let Some((channel, field)) = problem.split_once('.') else { return problem.to_owned() };
    let Ok(channel) = channel.parse::<ChannelId>() else { return problem.to_owned() };
    if field.contains("media") {
        "media".to_owned()
    } else if field.contains("poll") {
        "poll-option".to_owned()
    } else if field.starts_with("first_comment") {
        "first_comment".to_owned()
    } else if content.variants.get(&channel).is_some_and(|variant| variant.parts.is_some()) {
        format!("variant-{channel}")
    } else {
        "text".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Written {
        Written::read(PostId::from_bits(7), &Form::parse(body.as_bytes()).unwrap())
    }

    #[test]
    fn a_form_becomes_what_the_post_says() {
        let (one, two) = (ChannelId::from_bits(1), ChannelId::from_bits(2));
        let body = format!(
            "text=Hello&version=3&channels={one}&channels={two}&variant-{two}=Hi&variant-{one}=Hello&warning=&visibility=unlisted"
        );
        let written = read(&body);
        assert_eq!((written.writing.edition, written.content().text.as_str()), (3, "Hello"));
        assert_eq!(written.content().parts_for(one), ["Hello"]);
        assert_eq!(written.content().parts_for(two), ["Hi"]);
        assert_eq!(written.content().variants.len(), 1);
        assert_eq!(written.content().content_warning, None);
        assert_eq!(written.content().visibility, Visibility::Unlisted);
    }

    #[test]
    fn what_was_typed_for_a_channel_stays_while_it_is_not_ticked() {
        let (one, two) = (ChannelId::from_bits(1), ChannelId::from_bits(2));
        let written = read(&format!("text=Hello&channels={one}&variant-{two}=Hi"));
        assert_eq!(written.content().channels, [one]);
        assert_eq!(written.variant_text(two), "Hi");
    }

    #[test]
    fn a_channel_can_leave_out_pictures_and_the_first_comment() {
        let (one, a, b) = (ChannelId::from_bits(1), AssetId::from_bits(1), AssetId::from_bits(2));
        let form = format!("media={a}&media={b}&first_comment=Hi&variant-{one}=&left-{one}={a}&no-comment-{one}=yes");
        let written = read(&form);
        assert_eq!(written.content().media_for(one).iter().map(|used| used.asset).collect::<Vec<_>>(), [b]);
        assert_eq!(written.content().first_comment_for(one), None);
        assert_eq!(written.content().media.len(), 2);
    }

    #[test]
    fn what_the_form_has_no_field_for_is_carried_over() {
        let one = ChannelId::from_bits(1);
        let mut saved = Content { replies: crate::networks::job::Replies::Nobody, ..Content::default() };
        let narrower = Variant { visibility: Some(Visibility::Followers), ..Variant::default() };
        saved.variants.insert(one, narrower);
        let mut written = read(&format!("text=Hello&channels={one}&variant-{one}=Hi"));
        written.carry_over(&saved);
        assert_eq!(written.content().replies, saved.replies);
        assert_eq!(written.content().visibility_for(one), Visibility::Followers);
        assert_eq!(written.variant_text(one), "Hi");
    }

    #[test]
    fn the_button_that_was_pressed_is_known() {
        let (one, two) = (ChannelId::from_bits(1), ChannelId::from_bits(2));
        let press = |body: &str| Press::read(&Form::parse(body.as_bytes()).unwrap());
        let both = Press::mend_value(Mend::Split, &[one, two]).replace(' ', "+");
        assert_eq!(press(&format!("fix={both}")), Press::Mend(Mend::Split, vec![one, two]));
        assert_eq!(press(&format!("fix=begin+{one}")), Press::Begin(one));
        assert_eq!((press("do=go"), press("do=look"), press("fix=undo")), (Press::Go, Press::Look, Press::Undo));
    }

    #[test]
    fn a_line_of_dashes_begins_the_next_part_of_a_thread() {
        let one = ChannelId::from_bits(1);
        let written =
            read(&format!("channels={one}&text=First%0D%0A---%0D%0ASecond%0D%0A+---+%0D%0A%0D%0A---%0D%0AThird"));
        assert_eq!(written.content().parts_for(one), ["First", "Second", "Third"]);
    }

    #[test]
    fn a_time_that_cannot_be_read_is_named() {
        let problems = read("date=2026-13-40&time=9").at().unwrap_err();
        assert_eq!(
            problems.problems().iter().map(|problem| problem.field.as_str()).collect::<Vec<_>>(),
            ["date", "time"]
        );
        assert!(read("date=2026-11-28&time=09:00").at().is_ok());
    }

    #[test]
    fn a_picture_whose_removal_is_ticked_goes() {
        let (one, two) = (AssetId::from_bits(1), AssetId::from_bits(2));
        let written = read(&format!("media={one}&media={two}&alt-{one}=A+dog&remove-{two}=on"));
        assert_eq!(written.content().media, [MediaUse { asset: one, alt: Some("A dog".to_owned()) }]);
    }
}
