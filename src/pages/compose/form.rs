//! What the form of Compose sends, read into a post's content; and back, so that a form that returns shows what was typed.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime, Time};

use crate::channels::ChannelId;
use crate::http::Form;
use crate::media::AssetId;
use crate::networks::{Poll, Visibility};
use crate::people::{FieldProblem, Refusal};
use crate::posts::{Content, MediaUse, PostId, Variant};
use crate::words::Message;

/// The most answers a poll has on any network.
pub(super) const POLL_OPTIONS: usize = 4;

/// A post as it is being written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Written {
    /// Its id; made before it is first saved, so that saving twice is saving once.
    pub post: PostId,
    /// The edition the form was drawn from; 0: not saved yet.
    pub edition: u32,
    /// What it says.
    pub content: Content,
    /// The date typed, as typed.
    pub date: String,
    /// The time typed, as typed.
    pub time: String,
}

impl Written {
    /// Reads the form. What cannot be read is left out; the checks say what is missing.
    pub(super) fn read(post: PostId, form: &Form) -> Self {
        let channels: Vec<ChannelId> = form.all("channels").filter_map(|id| id.parse().ok()).collect();
        let mut variants = BTreeMap::new();
        for channel in &channels {
            let (text, differs) = (form.text(&format!("variant-{channel}")), form.has(&format!("differ-{channel}")));
            if differs && !text.trim().is_empty() {
                variants.insert(*channel, Variant { parts: Some(vec![text]), ..Variant::default() });
            }
        }
        let optional = |name: &str| Some(form.text(name)).filter(|text| !text.trim().is_empty());
        let content = Content {
            text: form.text("text"),
            media: form.all("media").filter_map(|id| media(form, id)).collect(),
            channels,
            variants,
            content_warning: optional("warning"),
            language: optional("language"),
            visibility: visibility(&form.text("visibility")),
            poll: poll(form),
            first_comment: optional("first_comment"),
            ..Content::default()
        };
        Self {
            post,
            edition: form.read("version").unwrap_or(0),
            content,
            date: form.text("date"),
            time: form.text("time"),
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
    } else if content.variants.contains_key(&channel) {
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
            "text=Hello&version=3&channels={one}&channels={two}&differ-{two}=on&variant-{two}=Hi&variant-{one}=ignored&warning=&visibility=unlisted"
        );
        let written = read(&body);
        assert_eq!((written.edition, written.content.text.as_str()), (3, "Hello"));
        assert_eq!(written.content.parts_for(one), ["Hello"]);
        assert_eq!(written.content.parts_for(two), ["Hi"]);
        assert_eq!(written.content.content_warning, None);
        assert_eq!(written.content.visibility, Visibility::Unlisted);
    }

    #[test]
    fn a_line_of_dashes_begins_the_next_part_of_a_thread() {
        let one = ChannelId::from_bits(1);
        let written =
            read(&format!("channels={one}&text=First%0D%0A---%0D%0ASecond%0D%0A+---+%0D%0A%0D%0A---%0D%0AThird"));
        assert_eq!(written.content.parts_for(one), ["First", "Second", "Third"]);
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
        assert_eq!(written.content.media, [MediaUse { asset: one, alt: Some("A dog".to_owned()) }]);
    }
}
