//! The versions of a post: who saved what and when, what changed, and the way back to one.

use actix_web::web::Path;
use jiff::Zoned;
use maud::{Markup, html};

use super::handlers::title;
use crate::addresses;
use crate::base::text::excerpt;
use crate::channels;
use crate::http::{Answer, Answered, AppRef, Form, Screen};
use crate::people::{Actor, person};
use crate::posts::changes::{self, Changes, Kind, Other, Stretch};
use crate::posts::{Content, PostId, Stage, draft, history};
use crate::publish;
use crate::ui::{Button, ButtonForm, Empty, Icon, Look, Place, Undo, Width, card, heading, relative_time};
use crate::words::{Message, Words};

/// What did not change is shown so far to each side of what did.
const AROUND_GRAPHEMES: usize = 60;
/// A version's text is shown so far.
const TEXT_CHARACTERS: usize = 4_000;

type PostPath = Path<(String, PostId)>;

/// The versions of one post.
struct VersionsView {
    id: String,
    title: String,
    edition: u32,
    may_change: bool,
    versions: Vec<VersionView>,
}

/// One version.
struct VersionView {
    edition: u32,
    name: String,
    at: Zoned,
    text: String,
    /// What this version changed; none for the oldest that is kept.
    changes: Option<Changes>,
    /// The handles of the channels on which something else is said.
    handles: Vec<(channels::ChannelId, String)>,
}

/// Who saved what, the newest first.
pub(super) async fn list(app: AppRef, actor: Actor, screen: Screen, path: PostPath) -> Answered {
    let post = draft::get(&app, &actor, path.1).await?;
    let earlier = history::list(&app, &actor, path.1).await?;
    let mut states = vec![(post.edition, post.saved_at, post.saved_by, post.content.clone())];
    states.extend(earlier.into_iter().map(|one| (one.edition, one.saved_at, one.saved_by, one.content)));
    let handles = channels::list(&app, actor.workspace).await?;
    let handles: Vec<_> = handles.iter().map(|channel| (channel.id, channel.handle.clone())).collect();
    let mut versions = Vec::new();
    for (index, (edition, saved_at, saved_by, content)) in states.iter().enumerate() {
        let before: Option<&Content> = states.get(index.saturating_add(1)).map(|(_, _, _, content)| content);
        versions.push(VersionView {
            edition: *edition,
            name: person::name_of(&app, *saved_by).await?,
            at: screen.local(*saved_at),
            text: beginning(&content.text),
            changes: before.map(|before| changes::between(before, content)),
            handles: handles.clone(),
        });
    }
    let view = VersionsView {
        id: post.id.to_string(),
        title: title(&screen, &excerpt(&post.content.text, 60)),
        edition: post.edition,
        may_change: actor.may_edit_of(post.author).is_ok() && matches!(post.stage, Stage::Draft | Stage::Planned),
        versions,
    };
    Ok(Answer::page(page(&screen, &path.0, &view)))
}

fn beginning(text: &str) -> String {
    match text.char_indices().nth(TEXT_CHARACTERS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(text)),
        None => text.to_owned(),
    }
}

/// An earlier version takes the place of the present one; the notice leads back.
pub(super) async fn bring_back(app: AppRef, actor: Actor, screen: Screen, path: PostPath, form: Form) -> Answered {
    let (edition, version) = (form.read("edition").unwrap_or(0), form.read("version").unwrap_or(0));
    let post = publish::bring_back(&app, &actor, path.1, edition, version).await?;
    let to = addresses::post_deed(&path.0, path.1, "versions");
    let undo = Undo {
        action: to.clone(),
        label: screen.words().say("versions-undo"),
        fields: vec![("edition".to_owned(), post.edition.to_string()), ("version".to_owned(), edition.to_string())],
    };
    Ok(Answer::go_to(to).saying(Message::new("versions-back")).with_undo(undo))
}

fn page(screen: &Screen, slug: &str, view: &VersionsView) -> Markup {
    let words = screen.words();
    let mut page = screen.page(words.say("versions-title"), Place::Posts);
    page.back = Some(addresses::post(slug, &view.id));
    page.width = Width::Reading;
    page.render(&html! {
        div.stack {
            p.soft dir="auto" { (view.title) }
            @if view.versions.len() < 2 {
                (Empty::new(Icon::Undo, words.say("versions-none"), words.say("versions-none-text")))
            }
            @for (index, version) in view.versions.iter().enumerate() { (one(screen, slug, view, index, version)) }
        }
    })
}

fn one(screen: &Screen, slug: &str, view: &VersionsView, index: usize, version: &VersionView) -> Markup {
    let words = screen.words();
    let to = addresses::post_deed(slug, &view.id, "versions");
    let back = Button::submit(words.say("versions-bring-back")).icon(Icon::Undo).look(Look::Quiet).small();
    html! {
        @if index == 0 { (heading(&words.say("versions-now"))) }
        @if index == 1 { (heading(&words.say("versions-earlier"))) }
        (card(html! {
            div.stack {
                div.spread {
                    strong { (version.name) }
                    span.soft { (relative_time(words, &version.at, &screen.now())) }
                }
                @match &version.changes {
                    Some(changes) => (changed(words, changes, &version.handles)),
                    None => p.small.soft { (words.say("versions-first")) },
                }
                @if !version.text.is_empty() {
                    details.fold {
                        summary.fold__title { (words.say("versions-text")) }
                        p.post__text dir="auto" { (version.text) }
                    }
                }
                @if 0 < index && view.may_change {
                    (ButtonForm::new(&to, &screen.csrf, back).field("edition", view.edition.to_string()).field("version", version.edition.to_string()))
                }
            }
        }))
    }
}

/// What changed, in words.
pub(crate) fn changed(words: &Words, changes: &Changes, handles: &[(channels::ChannelId, String)]) -> Markup {
    let handle = |id| handles.iter().find(|(known, _)| *known == id).map(|(_, handle)| handle.clone());
    let gone = || words.say("publication-channel-gone");
    html! {
        @if changes.is_empty() { p.small.soft { (words.say("versions-same")) } }
        (difference(words, &changes.text))
        @for (channel, stretches) in &changes.variants {
            p.small.soft { (words.tell("versions-variant", &[("channel", handle(*channel).unwrap_or_else(gone).into())])) }
            (difference(words, stretches))
        }
        @if !changes.others.is_empty() {
            ul.changes { @for other in &changes.others { li { (other_words(words, *other)) } } }
        }
    }
}

fn difference(words: &Words, stretches: &[Stretch]) -> Markup {
    let count = stretches.len();
    html! {
        @if !stretches.is_empty() {
            p.difference dir="auto" {
                @for (index, stretch) in stretches.iter().enumerate() {
                    @match stretch.kind {
                        Kind::Same => (unchanged(&stretch.text, 0 < index, index.saturating_add(1) < count)),
                        Kind::Added => ins { span.hidden { (words.say("versions-added")) " " } (stretch.text) span.hidden { " " (words.say("versions-end")) } },
                        Kind::Removed => del { span.hidden { (words.say("versions-removed")) " " } (stretch.text) span.hidden { " " (words.say("versions-end")) } },
                    }
                }
            }
        }
    }
}

/// What stayed, as far as it helps to find the place: its end before a change, its beginning after one.
fn unchanged(text: &str, after: bool, before: bool) -> String {
    let most = if after && before { AROUND_GRAPHEMES.saturating_mul(2) } else { AROUND_GRAPHEMES };
    let signs: Vec<&str> = unicode_segmentation::UnicodeSegmentation::graphemes(text, true).collect();
    if signs.len() <= most {
        return text.to_owned();
    }
    let start = signs.iter().take(if after { AROUND_GRAPHEMES } else { 0 }).copied().collect::<String>();
    let skip = signs.len().saturating_sub(AROUND_GRAPHEMES);
    let end = signs.iter().skip(if before { skip } else { signs.len() }).copied().collect::<String>();
    format!("{start} … {end}")
}

fn other_words(words: &Words, other: Other) -> String {
    let counted = |key: &str, count: usize| words.tell(key, &[("count", count.into())]);
    match other {
        Other::PicturesAdded(count) => counted("versions-pictures-added", count),
        Other::PicturesRemoved(count) => counted("versions-pictures-removed", count),
        Other::Pictures => words.say("versions-pictures"),
        Other::ChannelsAdded(count) => counted("versions-channels-added", count),
        Other::ChannelsRemoved(count) => counted("versions-channels-removed", count),
        Other::Warning => words.say("versions-warning"),
        Other::Language => words.say("versions-language"),
        Other::Audience => words.say("versions-audience"),
        Other::Poll => words.say("versions-poll"),
        Other::FirstComment => words.say("versions-first-comment"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_what_stayed_only_the_surroundings_of_a_change_are_shown() {
        let long = "word ".repeat(100);
        assert_eq!(unchanged("short", true, true), "short");
        assert!(unchanged(&long, false, true).starts_with(" … ") && unchanged(&long, true, false).ends_with(" … "));
        let both = unchanged(&long, true, true);
        assert!(both.starts_with("word") && both.contains(" … ") && both.len() < 140);
    }
}
