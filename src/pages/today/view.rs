//! How Today looks. Plain values in, HTML out.

use jiff::Zoned;
use maud::{Markup, Render, html};

use super::gather::{Need, Trouble};
use crate::addresses;
use crate::metrics::Compared;
use crate::pages::analytics::compared_tile;
use crate::pages::marks::Marks;
use crate::posts::PostId;
use crate::ui::{
    Button, ButtonForm, Empty, Hue, Icon, Look, NetworkMark, Note, Place, Row, Section, StateKind, Step, Thumb, card,
    dot, heading, network_marks, relative_time, row_time, state_mark,
};
use crate::words::Words;

/// How many needs stand in sight; the rest is behind one press.
const IN_SIGHT: usize = 5;

/// Everything Today shows.
#[derive(Clone, Debug)]
pub(super) struct TodayView {
    pub slug: String,
    pub csrf: String,
    /// The present instant in the workspace's zone.
    pub now: Zoned,
    pub clock: Option<ClockNote>,
    pub needs: Vec<NeedRow>,
    /// How many conversations nobody has looked at, and since when the oldest waits.
    pub replies: Option<(usize, Zoned)>,
    pub next: Vec<NextOut>,
    pub month: Option<MonthSoFar>,
    pub drafts: Vec<Draft>,
    /// Until the first post is planned.
    pub steps: Option<Steps>,
    pub may_write: bool,
}

/// The clock is not believed.
#[derive(Clone, Debug)]
pub(super) struct ClockNote {
    /// It is behind what was seen; else far ahead.
    pub behind: bool,
    pub seen_at: Zoned,
    pub may_confirm: bool,
}

/// One thing that needs someone, in words.
#[derive(Clone, Debug)]
pub(super) struct NeedRow {
    pub href: String,
    pub icon: Icon,
    pub hue: Hue,
    pub title: String,
    pub text: String,
}

/// Something planned.
#[derive(Clone, Debug)]
pub(super) struct NextOut {
    pub post: PostId,
    pub at: Zoned,
    pub excerpt: String,
    pub thumb: Option<String>,
    pub marks: Vec<NetworkMark>,
    pub state: StateKind,
}

/// How the month goes.
#[derive(Clone, Debug)]
pub(super) struct MonthSoFar {
    /// How many days of it there are so far.
    pub days: usize,
    pub posts: Compared,
    pub engagement: Compared,
}

/// Something being written.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub post: PostId,
    pub excerpt: String,
    pub saved_at: Zoned,
}

/// How far a fresh workspace is.
#[derive(Clone, Debug)]
pub(super) struct Steps {
    pub channel: bool,
    /// The draft to go on with.
    pub written: Option<PostId>,
    pub may_connect: bool,
}

/// A need in words.
pub(super) fn need(words: &Words, slug: &str, marks: &Marks, need: &Need) -> NeedRow {
    let name = |channel| marks.find(channel).map_or_else(|| words.say("today-a-network"), |mark| mark.title.clone());
    match need {
        Need::ByHand { publication, channel, subject, .. } => NeedRow {
            href: addresses::by_hand(slug, publication),
            icon: Icon::Phone,
            hue: Hue::Action,
            title: said(words, subject),
            text: words.tell("today-by-hand", &[("place", name(*channel).into())]),
        },
        Need::Channel { channel, reconnect, kept } => {
            let key = if *reconnect { "today-reconnect" } else { "today-paused" };
            NeedRow {
                href: addresses::workspace(slug, Place::Channels.segment()),
                icon: if *reconnect { Icon::Warning } else { Icon::Pause },
                hue: if *reconnect { Hue::Rust } else { Hue::Amber },
                title: words.tell(key, &[("channel", name(*channel).into())]),
                text: words.tell("today-kept", &[("count", (*kept).into())]),
            }
        }
        Need::Post { trouble, post, subject, channels, .. } => {
            let href = post
                .map_or_else(|| addresses::workspace(slug, Place::Inbox.segment()), |post| addresses::post(slug, post));
            let place = match channels.as_slice() {
                [only] => name(*only),
                several => words.tell("today-networks", &[("count", several.len().into())]),
            };
            let tell = |key: &str| words.tell(key, &[("place", place.as_str().into())]);
            let (icon, hue, text) = match trouble {
                Trouble::Unsure => (Icon::Question, Hue::Amber, tell("today-unsure")),
                Trouble::PartlyOut => (Icon::Half, Hue::Amber, tell("today-partly-out")),
                Trouble::Failed => (Icon::Alert, Hue::Rust, tell("today-failed")),
                Trouble::Held(why) => (Icon::Pause, Hue::Amber, words.say(why.key())),
            };
            NeedRow { href, icon, hue, title: said(words, subject), text }
        }
    }
}

/// The page below its head.
pub(super) fn body(words: &Words, view: &TodayView) -> Markup {
    html! {
        @if let Some(clock) = &view.clock { div.today__clock { (clock_note(words, view, clock)) } }
        @if let Some(progress) = &view.steps { div.today__steps { (steps(words, view, progress)) } }
        div.columns {
            div {
                (needs(words, view))
                @if view.steps.is_none() || !view.next.is_empty() { (next(words, view)) }
            }
            div {
                @if let Some(so_far) = &view.month { (month(words, view, so_far)) }
                @if !view.drafts.is_empty() { (drafts(words, view)) }
            }
        }
    }
}

fn clock_note(words: &Words, view: &TodayView, clock: &ClockNote) -> Markup {
    let key = if clock.behind { "today-clock-behind" } else { "today-clock-ahead" };
    let args = [("now", words.absolute(&view.now).into()), ("seen", words.absolute(&clock.seen_at).into())];
    let note = Note::rust(words.tell(key, &args)).icon(Icon::Clock).title(words.say("today-clock-title"));
    if clock.may_confirm {
        let button = Button::submit(words.say("today-clock-confirm")).small();
        note.action(ButtonForm::new(addresses::workspace(&view.slug, "today/clock"), &view.csrf, button).render())
            .render()
    } else {
        note.source(words.say("today-clock-ask")).render()
    }
}

fn needs(words: &Words, view: &TodayView) -> Markup {
    let mut rows: Vec<Row> = view.needs.iter().map(need_row).collect();
    if let Some((count, oldest)) = &view.replies {
        let row = Row::new(words.tell("today-replies", &[("count", (*count).into())]))
            .href(addresses::workspace(&view.slug, Place::Inbox.segment()))
            .lead(dot(Icon::Inbox, Hue::Action))
            .under(html! { (words.say("today-replies-oldest")) " · " (relative_time(words, oldest, &view.now)) });
        rows.insert(rows.len().min(IN_SIGHT.saturating_sub(1)), row);
    }
    if rows.is_empty() {
        return match view.steps {
            Some(_) => html! {},
            None => Section::new(words.say("today-needs"))
                .row(
                    &Row::new(words.say("today-needs-nothing"))
                        .lead(dot(Icon::Check, Hue::Action))
                        .under(html! { (words.say("today-needs-nothing-text")) }),
                )
                .render(),
        };
    }
    let hidden = rows.split_off(rows.len().min(IN_SIGHT));
    html! {
        (Section::new(words.say("today-needs")).rows(rows))
        @if !hidden.is_empty() {
            details.today__more {
                summary { (words.tell("today-needs-more", &[("count", hidden.len().into())])) }
                ul.card role="list" { @for row in &hidden { li.card__item { (row) } } }
            }
        }
    }
}

fn need_row(need: &NeedRow) -> Row {
    Row::new(&need.title).href(&need.href).lead(dot(need.icon, need.hue)).under(html! { (need.text) })
}

fn next(words: &Words, view: &TodayView) -> Markup {
    let title = words.say("today-next");
    if view.next.is_empty() {
        let empty = Empty::new(Icon::Calendar, words.say("today-next-none"), words.say("today-next-none-text"));
        let write =
            Button::link(addresses::workspace(&view.slug, "compose"), words.say("today-write")).icon(Icon::Plus);
        return html! {
            (heading(&title))
            (card(if view.may_write { empty.action(write.render()).render() } else { empty.render() }))
        };
    }
    let all = addresses::workspace(&view.slug, "calendar?view=agenda");
    Section::new(title)
        .aside(html! { a.today__all href=(all) { (words.say("today-next-all")) } })
        .rows(view.next.iter().map(|post| next_row(words, view, post)))
        .render()
}

fn next_row(words: &Words, view: &TodayView, post: &NextOut) -> Row {
    let (date, today) = (post.at.date(), view.now.date());
    let near = date.since(today).is_ok_and(|span| span.get_days() < 7);
    let day = match near {
        _ if date == today => words.say("date-today"),
        true => words.weekday_short(date),
        false => words.date_short(date, today),
    };
    Row::new(said(words, &post.excerpt))
        .href(addresses::post(&view.slug, post.post))
        .lead(html! {
            (row_time(&words.clock(&post.at), Some(&day)))
            @if let Some(thumb) = &post.thumb { (Thumb::new(thumb, "")) }
        })
        .under(html! {
            (network_marks(&post.marks))
            @if post.state != StateKind::Planned { " " (state_mark(words, post.state)) }
        })
}

fn month(words: &Words, view: &TodayView, so_far: &MonthSoFar) -> Markup {
    let analytics = addresses::workspace(&view.slug, "analytics?period=month");
    let month = words.month(view.now.date());
    let tile = |label: &str, figure| compared_tile(words, words.say(label), figure).href(&analytics);
    html! {
        div.section.section__head {
            h2.section__title { (words.tell("today-month-so-far", &[("month", month.into())])) }
            span.section__aside { (words.tell("today-against", &[("days", so_far.days.into())])) }
        }
        div.stats {
            (tile("analytics-posts-out", so_far.posts))
            (tile("analytics-engagement", so_far.engagement))
        }
    }
}

fn drafts(words: &Words, view: &TodayView) -> Section {
    Section::new(words.say("today-drafts")).rows(view.drafts.iter().map(|draft| {
        Row::new(said(words, &draft.excerpt))
            .href(addresses::post_edit(&view.slug, draft.post))
            .lead(dot(Icon::Edit, Hue::Plain))
            .under(html! { (words.say("today-saved")) " · " (relative_time(words, &draft.saved_at, &view.now)) })
    }))
}

fn steps(words: &Words, view: &TodayView, steps: &Steps) -> Markup {
    let page = |page: &str| addresses::workspace(&view.slug, page);
    let write_on = steps.written.map_or_else(|| page("compose"), |post| addresses::post_edit(&view.slug, post));
    let connect = html! {
        @if steps.may_connect {
            (Button::link(page("channels/new"), words.say("today-step-connect-do")).icon(Icon::Plus))
            (Button::link(page("channels/new/practice"), words.say("today-step-practice")).look(Look::Quiet))
        }
    };
    let how = if steps.may_connect { "today-step-connect-text" } else { "today-step-connect-ask" };
    let write = Button::link(&write_on, words.say("today-write")).icon(Icon::Edit).render();
    let plan = Button::link(&write_on, words.say("today-step-plan-do")).icon(Icon::Clock).render();
    let step =
        |title: &str, text: &str, done, action| Step { title: words.say(title), text: words.say(text), done, action };
    crate::ui::Steps::new(words.say("today-steps"), words.say("today-steps-text"), words.say("today-step-done"))
        .step(step("today-step-connect", how, steps.channel, connect))
        .step(step("today-step-write", "today-step-write-text", steps.written.is_some(), write))
        .step(step("today-step-plan", "today-step-plan-text", false, plan))
        .render()
}

/// How a post begins; words for one that has none.
fn said(words: &Words, excerpt: &str) -> String {
    if excerpt.is_empty() { words.say("post-untitled") } else { excerpt.to_owned() }
}

#[cfg(test)]
mod tests;
