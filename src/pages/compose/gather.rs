//! Puts together what Compose shows: for each channel its count, its problems with what a press can do about them, what
//! differs there and how it will look. All of it follows from what is written, saved or not, by the checks and the
//! rendering that publishing goes through.

use std::time::Duration;

use super::form::{Press, Wish, Written, field_of, visibility_name};
use super::preview::{PreviewPart, PreviewView};
use super::view::{ComposeChannel, ComposeView, ConflictView, Deed, Offer, ProblemView};
use crate::channels::{self, Channel, ChannelId, ChannelState};
use crate::http::{AppRef, Failure, Screen};
use crate::media;
use crate::media::rendition::Thumb;
use crate::networks::{Capabilities, Network, Visibility};
use crate::pages;
use crate::people::{Actor, FieldProblem, person};
use crate::posts::changes;
use crate::posts::checks::{Checked, Kind, Measured, Problem, Severity};
use crate::posts::mend::Mend;
use crate::posts::{Content, MediaUse, Post, Stage, Variant, draft, render};
use crate::publish::{When, accept};
use crate::store::Stored;
use crate::ui::field_id;
use crate::words::Message;

/// A preview shows so much of one text.
const PREVIEW_GRAPHEMES: usize = 3_000;

/// What a press has changed, so that the page can show it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pressed {
    /// The channels whose own fields must be drawn anew.
    pub fresh: Vec<ChannelId>,
    /// The id of the field to go on in.
    pub focus: Option<String>,
}

/// Does what a button says to what is written.
pub(super) async fn press(
    app: &AppRef,
    actor: &Actor,
    written: &mut Written,
    press: &Press,
) -> Result<Pressed, Failure> {
    let on: Vec<ChannelId> = match press {
        Press::Go | Press::Look => Vec::new(),
        Press::GoOver(edition) => {
            written.writing.edition = *edition;
            Vec::new()
        }
        Press::Mend(_, on) => on.clone(),
        Press::Begin(channel) => vec![*channel],
        Press::Undo => written.undo.iter().map(|(channel, _text)| *channel).collect(),
    };
    for id in &on {
        let text = written.variant_text(*id);
        match press {
            Press::Mend(mend, _) => {
                let Ok(channel) = channels::get(app, actor.workspace, *id).await else { continue };
                let Some(network) = app.networks.find(&channel.network) else { continue };
                mend.apply(&mut written.writing.content, *id, &network.capabilities(&channel.settings));
                let changes_text = matches!(mend, Mend::Split | Mend::Trim | Mend::Join);
                // With several channels at once the last one can be taken back; the others have the base to go back to.
                written.undo = if changes_text { Some((*id, text)) } else { None };
            }
            Press::Begin(_) => {
                let base = written.content().text.clone();
                variant(written, *id).parts = Some(vec![base]);
            }
            Press::Undo => {
                let before = written.undo.take().map(|(_channel, before)| before);
                variant(written, *id).parts = before.filter(|text| !text.trim().is_empty()).map(|text| vec![text]);
            }
            Press::Go | Press::Look | Press::GoOver(_) => {}
        }
    }
    let focus = on.last().map(|id| field_id(&format!("variant-{id}")));
    Ok(Pressed { fresh: on, focus })
}

fn variant(written: &mut Written, channel: ChannelId) -> &mut Variant {
    written.writing.content.variants.entry(channel).or_default()
}

/// All that Compose shows of what is written.
pub(super) async fn view(
    app: &AppRef,
    actor: &Actor,
    screen: &Screen,
    mut written: Written,
    post: Option<&Stored<Post>>,
) -> Result<ComposeView, Failure> {
    let words = screen.words();
    let (mut tiles, mut pictures, mut there) = (Vec::new(), Vec::new(), Vec::new());
    for used in &written.content().media {
        // Removed from the library meanwhile: the post goes on without it.
        let Some(asset) = media::asset::find(app, actor.workspace, used.asset).await? else { continue };
        tiles.push(pages::media::tile(app, screen, &asset, used.alt.as_deref()));
        let alt = used.alt.clone().unwrap_or_else(|| asset.alt.clone());
        pictures.push((used.asset, pages::media::address(app, &asset, Thumb::Medium), alt));
        there.push(used.clone());
    }
    written.writing.content.media = there;
    let content = written.content();
    let (mut shown, mut found) = (Vec::new(), Found::default());
    let connected = channels::list(app, actor.workspace).await?;
    let faces = connected.iter().map(|channel| channel.avatar_url.as_deref());
    let faces = media::avatar::faces(app, actor.workspace, faces).await?;
    for channel in connected {
        let network = app.networks.find(&channel.network);
        let mut one = compose_channel(screen, &channel, network.map(AsRef::as_ref), content);
        one.picture = faces.of(channel.avatar_url.as_deref());
        if one.chosen
            && let Some((can, checked)) = render::checked(app, actor.workspace, content, &channel).await?
            && let Some(network) = network
        {
            one.count = longest(&checked);
            let preview = preview(screen, &**network, (&channel, &can), (content, &checked), &pictures);
            one.preview = Some(PreviewView { picture: one.picture.clone(), ..preview });
            one.warning = one.warning.or_else(|| first_warning(screen, &checked));
            found.add(screen, content, &channel, &checked);
        }
        shown.push(one);
    }
    let planned = post.filter(|post| post.stage == Stage::Planned).and_then(|post| post.plan.as_ref());
    let planned = planned.map(|plan| {
        let at = words.day_and_time(&screen.local(plan.due_at), &screen.now());
        words.tell("compose-is-planned", &[("when", at.into())])
    });
    let saved = words.say(if written.writing.edition == 0 { "saved-never" } else { "saved-done" });
    let deed = deed(app, screen, &written);
    let stops = found.0.iter().filter(|problem| problem.stops).count();
    let said = words.tell("compose-said", &[("count", stops.into())]);
    let undo = written.undo.as_ref();
    let undone = undo.and_then(|(channel, _text)| shown.iter().find(|one| one.id == channel.to_string()));
    let undone = undone.map(|one| one.handle.clone());
    let pictures = pictures.into_iter().map(|(asset, address, alt)| (asset.to_string(), address, alt)).collect();
    Ok(ComposeView {
        written,
        channels: shown,
        problems: found.0,
        tiles,
        pictures,
        errors: Vec::new(),
        conflict: None,
        planned,
        saved,
        deed,
        said,
        undone,
    })
}

/// What someone else saved while this was written, beside it.
pub(super) async fn conflict(
    app: &AppRef,
    actor: &Actor,
    screen: &Screen,
    written: &Written,
) -> Result<ConflictView, Failure> {
    let theirs = draft::get(app, actor, written.writing.post).await?;
    let handles = channels::list(app, actor.workspace).await?;
    Ok(ConflictView {
        edition: theirs.edition,
        name: person::name_of(app, theirs.saved_by).await?,
        at: screen.words().day_and_time(&screen.local(theirs.saved_at), &screen.now()),
        changes: changes::between(written.content(), &theirs.content),
        text: theirs.content.text.clone(),
        handles: handles.iter().map(|channel| (channel.id, channel.handle.clone())).collect(),
    })
}

/// Refusals as the form shows them: field and sentence, with the channel it is about.
pub(super) fn errors(screen: &Screen, view: &ComposeView, problems: &[FieldProblem]) -> Vec<(String, String)> {
    let sentence = |problem: &FieldProblem| {
        let at = problem.field.split_once('.').and_then(|(id, _)| view.channels.iter().find(|one| one.id == id));
        let message = match at {
            Some(channel) => Message::new("check-at-channel")
                .with("channel", &channel.handle)
                .with("problem", problem.message.clone()),
            None => problem.message.clone(),
        };
        (field_of(view.written.content(), &problem.field), screen.words().render(&message))
    };
    problems.iter().map(sentence).collect()
}

fn compose_channel(
    screen: &Screen,
    channel: &Channel,
    network: Option<&dyn Network>,
    content: &Content,
) -> ComposeChannel {
    let unusable = match &channel.state {
        ChannelState::Active => None,
        ChannelState::Paused => Some("held-channel-paused"),
        ChannelState::Reconnect { .. } => Some("held-reconnect"),
    };
    let variant = content.variants.get(&channel.id);
    ComposeChannel {
        id: channel.id.to_string(),
        handle: channel.handle.clone(),
        network: (channel.network.clone(), network.map_or_else(String::new, |network| network.title().to_owned())),
        picture: None,
        chosen: content.channels.contains(&channel.id),
        warning: unusable.map(|key| screen.words().say(key)),
        count: None,
        variant: variant.and_then(|variant| variant.parts.as_ref()).map(|parts| parts.join("\n---\n")),
        left_out: left_out(content, channel.id),
        no_comment: variant.is_some_and(|variant| variant.first_comment.as_deref() == Some("")),
        preview: None,
    }
}

fn left_out(content: &Content, channel: ChannelId) -> Vec<String> {
    let kept = content.media_for(channel);
    let is_out = |used: &&MediaUse| kept.iter().all(|other| other.asset != used.asset);
    content.media.iter().filter(is_out).map(|used| used.asset.to_string()).collect()
}

/// The length and limit of the part that is nearest to its limit.
fn longest(checked: &Checked) -> Option<(u32, u32)> {
    let part = checked.parts.iter().max_by_key(|part| part.length)?;
    Some((part.length, part.limit?))
}

/// What is shown at the channel itself: the first thing that stands in the way there.
fn first_warning(screen: &Screen, checked: &Checked) -> Option<String> {
    let stops = |problem: &&Problem| problem.severity == Severity::Refuse && problem.kind != Kind::NothingToSay;
    checked.problems.iter().find(stops).map(|problem| screen.words().render(&problem.message()))
}

/// The problems of all channels; the same problem on several of them is one.
#[derive(Debug, Default)]
struct Found(Vec<ProblemView>);

impl Found {
    fn add(&mut self, screen: &Screen, content: &Content, channel: &Channel, checked: &Checked) {
        // That there is nothing to say yet is told to who wants to send it, not to who has just begun.
        for problem in checked.problems.iter().filter(|problem| problem.kind != Kind::NothingToSay) {
            let text = screen.words().render(&problem.message());
            let mend = Mend::of(problem);
            let lead = if mend.is_none() { lead(content, channel.id, problem) } else { None };
            let stops = problem.severity == Severity::Refuse;
            let same = |known: &&mut ProblemView| known.text == text && known.mend == mend && known.lead == lead;
            if let Some(known) = self.0.iter_mut().find(same) {
                known.channels.push((channel.id, channel.handle.clone()));
            } else {
                let channels = vec![(channel.id, channel.handle.clone())];
                self.0.push(ProblemView { channels, text, stops, mend, lead });
            }
        }
        self.0.sort_by_key(|problem| !problem.stops);
    }
}

/// Where a person puts it right themselves.
fn lead(content: &Content, channel: ChannelId, problem: &Problem) -> Option<Offer> {
    let at = |id: String, key: &'static str| Some(Offer { id, key });
    match problem.kind {
        Kind::AltMissing | Kind::AltTooLong => {
            let index: usize = problem.field.split_once(".media.")?.1.split('.').next()?.parse().ok()?;
            let asset = content.media_for(channel).get(index)?.asset;
            let key = if problem.kind == Kind::AltMissing { "lead-describe" } else { "lead-shorten" };
            at(field_id(&format!("alt-{asset}")), key)
        }
        Kind::MediaRequired => at(field_id("file"), "lead-add-picture"),
        Kind::WarningNotShown => at(field_id("warning"), "lead-look"),
        Kind::VisibilityNarrower | Kind::VisibilityNotKept => at(field_id("visibility"), "lead-look"),
        _ if problem.field.contains(".poll") => at(field_id("poll-option-0"), "lead-poll"),
        _ if problem.field == "first_comment" => at(field_id("first_comment"), "lead-shorten"),
        _ => None,
    }
}

/// What the one button will do, in words, and what a change of the clocks does to the time.
fn deed(app: &AppRef, screen: &Screen, written: &Written) -> Deed {
    let words = screen.words();
    let zone = screen.workspace.as_ref().map(|workspace| workspace.zone.clone()).unwrap_or_default();
    // The time is told whatever is chosen, so that it is there at once when the choice comes back to it.
    let foreseen = written.at().and_then(|at| accept::plan_for(app, &zone, &When::At(at)));
    let (at, note) = match foreseen {
        Ok((plan, shift)) => {
            let at = words.day_and_time(&screen.local(plan.due_at), &screen.now());
            (Some(at), shift.map(|shift| words.say(pages::posts::shift_key(shift))))
        }
        Err(refusal) => (None, refusal.problems().first().map(|problem| words.render(&problem.message))),
    };
    Deed { at, note: note.filter(|_note| written.wish == Wish::At) }
}

fn preview(
    screen: &Screen,
    network: &dyn Network,
    (channel, can): (&Channel, &Capabilities),
    (content, checked): (&Content, &Checked),
    pictures: &[(media::AssetId, String, String)],
) -> PreviewView {
    let words = screen.words();
    let used = content.media_for(channel.id);
    let own = pictures.iter().filter(|(asset, _, _)| used.iter().any(|used| used.asset == *asset));
    let own: Vec<(String, String)> = own.map(|(_, address, alt)| (address.clone(), alt.clone())).collect();
    let parts = checked.parts.iter().enumerate().filter_map(|(index, measured)| {
        let part = render::words(content, channel.id, can, index)?;
        let pictures = if index == 0 { own.clone() } else { Vec::new() };
        let shown = network.shown(&part, pictures.len());
        let poll = part.poll.map(|poll| (poll.options, words.span(Duration::from_secs(poll.open_for_s))));
        let Measured { length, limit, .. } = *measured;
        Some(PreviewPart {
            text: super::preview::pieces(&part.text, &shown.marks, PREVIEW_GRAPHEMES),
            warning: part.content_warning,
            pictures,
            poll,
            card: shown.card,
            data: shown.data,
            count: limit.map(|limit| (length, limit)),
        })
    });
    let seen = render::words(content, channel.id, can, 0).map(|part| part.visibility);
    let seen = seen.filter(|seen| *seen != Visibility::Public);
    PreviewView {
        network: (channel.network.clone(), network.title().to_owned()),
        name: if channel.name.is_empty() { channel.handle.clone() } else { channel.name.clone() },
        handle: channel.handle.clone(),
        picture: None,
        parts: parts.collect(),
        comment: content.first_comment_for(channel.id).filter(|_comment| can.first_comment).map(str::to_owned),
        visibility: seen.map(|seen| words.say(visibility_name(seen).1)),
        by_hand: can.by_hand,
    }
}
