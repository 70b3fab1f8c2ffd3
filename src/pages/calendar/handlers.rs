//! The calendar's handler.

use actix_web::web;
use jiff::ToSpan;
use jiff::civil::Date;

use super::asked::{Asked, Query, Shows, month_beside, weeks_of_month};
use super::view::{self, AgendaView, CalendarView, DayView, Filter, MonthView, Post};
use crate::base::zone;
use crate::http::{Answer, Answered, AppRef, Failure, Screen};
use crate::pages::frame;
use crate::pages::marks::{Marks, Thumbs};
use crate::people::{Action, Actor, Grant, Workspace};
use crate::schedule::calendar::{self, CalendarEntry, DAY_MAX};
use crate::ui::{Place, Width, live_part};

/// How many posts of a day a month shows.
const EACH: usize = 4;
/// How many days of the agenda are looked at for one page.
const AGENDA_DAYS: usize = 42;
/// Where one page of the agenda ends, with the day that passes it.
const AGENDA_POSTS: usize = 80;

/// What happens that changes this page.
const EVENTS: [&str; 3] = ["publication", "post", "channel"];

pub(super) async fn show(
    app: AppRef,
    actor: Actor,
    workspace: Workspace,
    screen: Screen,
    query: Option<web::Query<Query>>,
) -> Answered {
    let asked = query.map(|query| query.read()).unwrap_or_default();
    let words = screen.words();
    let today = screen.now().date();
    let marks = Marks::read(&app, workspace.id).await?;
    let thumbs = Thumbs::new(&app, workspace.id);
    let source = Source { app: &app, workspace: &workspace, marks: &marks, thumbs, asked, today };
    let shown = match asked.shows {
        Shows::Month => view::Shown::Month(month(&source).await?),
        Shows::Agenda => view::Shown::Agenda(agenda(&source).await?),
    };
    let calendar = CalendarView {
        slug: &workspace.slug,
        asked,
        today,
        day: asked.on.unwrap_or(today),
        csrf: &screen.csrf,
        may_move: actor.grant(Action::Schedule) == Grant::Yes,
        may_write: actor.grant(Action::Write) != Grant::No,
        filters: filters(&marks, asked),
        shown,
    };
    let body = view::body(words, &calendar);
    if screen.fragment {
        return Ok(Answer::page(body));
    }
    let mut page = frame::page(&app, &actor, &screen, words.month_and_year(calendar.day), Place::Calendar).await?;
    page.width = Width::Full;
    page.actions = view::actions(words, &calendar);
    Ok(Answer::page(page.render(&live_part(&asked.href(&workspace.slug), &EVENTS, &body))))
}

/// What the parts of the page are made from.
struct Source<'a> {
    app: &'a AppRef,
    workspace: &'a Workspace,
    marks: &'a Marks,
    thumbs: Thumbs,
    asked: Asked,
    today: Date,
}

impl Source<'_> {
    fn post(&self, entry: CalendarEntry) -> Post {
        let at = self.workspace.local(entry.due_at);
        Post {
            id: entry.post,
            hour: at.hour(),
            minute: at.minute(),
            tone: self.marks.tone(&entry.channels),
            channel: match entry.channels.as_slice() {
                [only] => self.marks.find(*only).map(|mark| mark.title.clone()),
                _ => None,
            },
            channels: entry.channels.len(),
            state: entry.state.into(),
            thumb: self.thumbs.address(entry.thumb),
            excerpt: entry.excerpt,
        }
    }

    async fn day(&self, date: Date) -> Result<DayView, Failure> {
        let (from, to) = zone::day(date, &self.workspace.zone);
        let mut entries = calendar::between(self.app, self.workspace.id, from, to, DAY_MAX).await?;
        if let Some(channel) = self.asked.channel {
            entries.retain(|entry| entry.channels.contains(&channel));
        }
        let posts: Vec<Post> = entries.into_iter().map(|entry| self.post(entry)).collect();
        Ok(DayView { date, count: posts.len(), posts })
    }
}

async fn month(source: &Source<'_>) -> Result<MonthView, Failure> {
    let day = source.asked.on.unwrap_or(source.today);
    let weeks = weeks_of_month(day, source.workspace.week_starts_on);
    let (app, workspace) = (source.app, source.workspace);
    let cells = calendar::cells(app, workspace.id, weeks, &workspace.zone, EACH, source.asked.channel).await?;
    let days = cells.into_iter().map(|cell| DayView {
        date: cell.date,
        posts: cell.first.into_iter().map(|entry| source.post(entry)).collect(),
        count: cell.count,
    });
    Ok(MonthView {
        days: days.collect(),
        open: source.day(day).await?,
        earlier: month_beside(day, -1),
        later: month_beside(day, 1),
    })
}

/// The days from the one asked for on that have posts, until there are enough for a page; today is always among them.
async fn agenda(source: &Source<'_>) -> Result<AgendaView, Failure> {
    let first = source.asked.on.unwrap_or(source.today);
    let (mut days, mut posts, mut date) = (Vec::new(), 0_usize, first);
    for _ in 0..AGENDA_DAYS {
        let day = source.day(date).await?;
        posts = posts.saturating_add(day.posts.len());
        if !day.posts.is_empty() || date == source.today || date == first {
            days.push(day);
        }
        date = date.saturating_add(1.day());
        if AGENDA_POSTS <= posts {
            break;
        }
    }
    Ok(AgendaView { days, earlier: first.saturating_sub(28.days()), later: date })
}

fn filters(marks: &Marks, asked: Asked) -> Vec<Filter> {
    marks
        .iter()
        .map(|(channel, mark)| Filter {
            channel,
            label: mark.handle.clone(),
            mark: mark.mark(),
            chosen: asked.channel == Some(channel),
        })
        .collect()
}
