//! Today's handlers: they gather the parts and hand them to the view.

use jiff::ToSpan;
use jiff::civil::Date;

use super::gather;
use super::view::{self, ClockNote, Draft, MonthSoFar, NextOut, Steps, TodayView};
use crate::addresses;
use crate::base::clock::At;
use crate::base::zone;
use crate::http::{Answer, Answered, AppRef, Failure, Screen};
use crate::inbox::conversation;
use crate::metrics;
use crate::pages::frame;
use crate::pages::marks::{Marks, Thumbs};
use crate::people::{Action, Actor, Grant, Workspace};
use crate::posts::draft;
use crate::publish::clock_guard::{self, Clockwise};
use crate::publish::{self, Publication};
use crate::schedule::calendar;
use crate::ui::{Place, live_part};
use crate::words::Message;

/// How much is looked at, and shown.
const NEEDS_MAX: usize = 60;
const NEXT_MAX: usize = 5;
const DRAFTS_MAX: usize = 3;

/// What happens that changes this page.
const EVENTS: [&str; 4] = ["publication", "conversation", "post", "channel"];

pub(super) async fn show(app: AppRef, actor: Actor, workspace: Workspace, screen: Screen) -> Answered {
    let today = gather_all(&app, &actor, &workspace, &screen).await?;
    let body = view::body(screen.words(), &today);
    if screen.fragment {
        return Ok(Answer::page(body));
    }
    let page = frame::page(&app, &actor, &screen, screen.words().say("place-today"), Place::Today).await?;
    Ok(Answer::page(page.render(&live_part(&addresses::home(&workspace.slug), &EVENTS, &body))))
}

pub(super) async fn confirm_clock(app: AppRef, actor: Actor, workspace: Workspace) -> Answered {
    clock_guard::confirm(&app, &actor).await?;
    Ok(Answer::go_to(addresses::home(&workspace.slug)).saying(Message::new("today-clock-confirmed")))
}

async fn gather_all(app: &AppRef, actor: &Actor, workspace: &Workspace, screen: &Screen) -> Result<TodayView, Failure> {
    let now = app.clock.now();
    let marks = Marks::read(app, workspace.id).await?;
    let thumbs = Thumbs::new(app, workspace.id);
    let waiting = publish::list_for_person(app, actor, NEEDS_MAX).await?;
    let publications: Vec<&Publication> = waiting.iter().map(|stored| &stored.row).collect();
    let needs = gather::needs(publications, &marks);
    let may_read = actor.may(Action::ReadInbox).is_ok();
    let replies = if may_read { conversation::waiting(app, actor).await? } else { None };
    let next = calendar::next_out(app, workspace.id, now, NEXT_MAX).await?;
    let drafts = draft::list(app, actor, DRAFTS_MAX).await?;
    let used = calendar::is_used(app, workspace.id).await?;
    let may_write = actor.may(Action::Write).is_ok();
    let steps = (!used && may_write).then(|| Steps {
        channel: !marks.is_empty(),
        written: drafts.first().map(|post| post.id),
        may_connect: actor.may(Action::ManageChannels).is_ok(),
    });
    Ok(TodayView {
        slug: workspace.slug.clone(),
        csrf: screen.csrf.clone(),
        now: screen.now(),
        clock: clock(app, actor, workspace).await?,
        needs: needs.iter().map(|need| view::need(screen.words(), &workspace.slug, &marks, need)).collect(),
        replies: replies.map(|waiting| (waiting.count, workspace.local(waiting.oldest_at))),
        next: next
            .iter()
            .map(|entry| NextOut {
                post: entry.post,
                at: workspace.local(entry.due_at),
                excerpt: entry.excerpt.clone(),
                thumb: thumbs.address(entry.thumb),
                marks: marks.marks(&entry.channels),
                state: entry.state.into(),
            })
            .collect(),
        month: if used || !marks.is_empty() { Some(month(app, actor, workspace, now).await?) } else { None },
        drafts: drafts
            .iter()
            .map(|post| Draft {
                post: post.id,
                excerpt: crate::base::text::excerpt(&post.content.text, 80),
                saved_at: workspace.local(post.saved_at),
            })
            .collect(),
        steps,
        may_write,
    })
}

async fn clock(app: &AppRef, actor: &Actor, workspace: &Workspace) -> Result<Option<ClockNote>, Failure> {
    let (behind, seen_at) = match clock_guard::peek(app).await? {
        Clockwise::Plausible => return Ok(None),
        Clockwise::Behind { seen_at } => (true, seen_at),
        Clockwise::FarAhead { seen_at } => (false, seen_at),
    };
    let may_confirm = actor.grant(Action::ManageSettings) == Grant::Yes;
    Ok(Some(ClockNote { behind, seen_at: workspace.local(seen_at), may_confirm }))
}

/// The days of this month up to today, compared with as many days before.
async fn month(app: &AppRef, actor: &Actor, workspace: &Workspace, now: At) -> Result<MonthSoFar, Failure> {
    let today = workspace.local(now).date();
    let days: Vec<(At, At)> = month_so_far(today).into_iter().map(|date| zone::day(date, &workspace.zone)).collect();
    let overview = metrics::overview(app, actor, &days).await?;
    Ok(MonthSoFar { days: days.len(), posts: overview.posts, engagement: overview.engagement })
}

fn month_so_far(today: Date) -> Vec<Date> {
    today.first_of_month().series(1.day()).take_while(|date| *date <= today).collect()
}
