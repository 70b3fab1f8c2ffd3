//! How the calendar looks. Plain values in, HTML out; a month is up to 42 days with four posts each, so what repeats is
//! written once and reused.

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use jiff::civil::Date;
use maud::{Markup, Render, html};

use super::asked::{Asked, Shows};
use crate::addresses;
use crate::channels::ChannelId;
use crate::posts::PostId;
use crate::schedule::calendar::COUNT_MAX;
use crate::ui::{
    AgendaDay, Button, Empty, Field, Form, Icon, Look, Menu, Month, MonthDay, MonthPost, NetworkMark, Row, StateKind,
    Tabs, Thumb, card, row_time, state_mark_with,
};
use crate::words::Words;

/// Everything the calendar shows.
#[derive(Clone, Debug)]
pub(super) struct CalendarView<'a> {
    pub slug: &'a str,
    pub asked: Asked,
    /// Today in the workspace's zone.
    pub today: Date,
    /// The day that is open, or the first of the agenda.
    pub day: Date,
    pub may_write: bool,
    /// Planned posts may be moved to another time.
    pub may_move: bool,
    /// The token for forms.
    pub csrf: &'a str,
    pub filters: Vec<Filter>,
    pub shown: Shown,
}

/// One of the two views.
#[derive(Clone, Debug)]
pub(super) enum Shown {
    Month(MonthView),
    Agenda(AgendaView),
}

/// A month, and one day of it in full.
#[derive(Clone, Debug)]
pub(super) struct MonthView {
    pub days: Vec<DayView>,
    pub open: DayView,
    pub earlier: Date,
    pub later: Date,
}

/// Days one after the other.
#[derive(Clone, Debug)]
pub(super) struct AgendaView {
    pub days: Vec<DayView>,
    pub earlier: Date,
    pub later: Date,
}

/// A day and its posts.
#[derive(Clone, Debug)]
pub(super) struct DayView {
    pub date: Date,
    pub posts: Vec<Post>,
    /// How many there are in all.
    pub count: usize,
}

/// A row of an agenda, with a form below it where the post can be moved.
struct Entry {
    row: Row,
    moves: Option<Markup>,
}

impl Render for Entry {
    fn render(&self) -> Markup {
        html! { (self.row) @if let Some(moves) = &self.moves { (moves) } }
    }
}

/// One post.
#[derive(Clone, Debug)]
pub(super) struct Post {
    pub id: PostId,
    pub hour: i8,
    pub minute: i8,
    pub excerpt: String,
    pub tone: u8,
    /// The name of its network, where it goes to one only.
    pub channel: Option<String>,
    pub channels: usize,
    pub state: StateKind,
    pub thumb: Option<String>,
}

/// A channel to show alone.
#[derive(Clone, Debug)]
pub(super) struct Filter {
    pub channel: ChannelId,
    pub label: String,
    pub mark: NetworkMark,
    pub chosen: bool,
}

/// What stands beside the title: earlier and later, today, the views, the channels.
pub(super) fn actions(words: &Words, view: &CalendarView<'_>) -> Markup {
    let (asked, slug) = (view.asked, view.slug);
    let (earlier, later) = match &view.shown {
        Shown::Month(month) => (month.earlier, month.later),
        Shown::Agenda(agenda) => (agenda.earlier, agenda.later),
    };
    let step = |date, key: &str, icon| {
        Button::link(asked.on(Some(date)).href(slug), words.say(key)).icon_only(icon).look(Look::Plain)
    };
    let (before, after) = match asked.shows {
        Shows::Month => ("calendar-month-before", "calendar-month-after"),
        Shows::Agenda => ("calendar-days-before", "calendar-days-after"),
    };
    let tab =
        |tabs: Tabs, shows, key: &str| tabs.tab(asked.showing(shows).href(slug), words.say(key), asked.shows == shows);
    let tabs = Tabs::new(words.say("calendar-views"));
    let tabs = tab(tab(tabs, Shows::Month, "calendar-month"), Shows::Agenda, "calendar-agenda");
    html! {
        div.calendar-steps {
            (step(earlier, before, Icon::ChevronLeft))
            (step(later, after, Icon::ChevronRight))
        }
        div.calendar-views {
            (Button::link(asked.on(None).href(slug), words.say("date-today")).look(Look::Outline).small())
            (tabs)
        }
        @if 1 < view.filters.len() || asked.channel.is_some() { (menu(words, view)) }
    }
}

fn menu(words: &Words, view: &CalendarView<'_>) -> Menu {
    let (asked, slug) = (view.asked, view.slug);
    let all = words.say("calendar-all-channels");
    let chosen = view.filters.iter().find(|filter| filter.chosen);
    let label = chosen.map_or_else(|| all.clone(), |filter| filter.label.clone());
    let menu = Menu::new(label, Icon::Filter).chosen(asked.channel.is_some()).item(
        asked.only(None).href(slug),
        all,
        None,
        asked.channel.is_none(),
    );
    view.filters.iter().fold(menu, |menu, filter| {
        let href = asked.only(Some(filter.channel)).href(slug);
        menu.item(href, &filter.label, Some(filter.mark.render()), filter.chosen)
    })
}

/// The page below its head.
pub(super) fn body(words: &Words, view: &CalendarView<'_>) -> Markup {
    let mut clocks = Clocks::new(words);
    match &view.shown {
        Shown::Month(month) => html! {
            div.calendar {
                (month_table(words, view, month, &mut clocks))
                div.calendar__day { (agenda_day(words, view, &month.open, &mut clocks, false)) }
            }
        },
        Shown::Agenda(agenda) => html! {
            div.calendar.calendar--agenda {
                @if agenda.days.iter().all(|day| day.posts.is_empty()) { (nothing(words, view)) }
                @else {
                    @for day in &agenda.days { (agenda_day(words, view, day, &mut clocks, true)) }
                    p.calendar__later {
                        (Button::link(view.asked.on(Some(agenda.later)).href(view.slug), words.say("calendar-days-after"))
                            .look(Look::Quiet))
                    }
                }
            }
        },
    }
}

fn nothing(words: &Words, view: &CalendarView<'_>) -> Markup {
    let empty = Empty::new(Icon::Calendar, words.say("calendar-nothing"), words.say("calendar-nothing-text"));
    let write = Button::link(compose(view, view.day), words.say("today-write")).icon(Icon::Plus);
    card(if view.may_write { empty.action(write.render()).render() } else { empty.render() })
}

fn month_table(words: &Words, view: &CalendarView<'_>, month: &MonthView, clocks: &mut Clocks<'_>) -> Month {
    let weekdays = month.days.iter().take(7).map(|day| (words.weekday(day.date), words.weekday_short(day.date)));
    Month {
        caption: words.month_and_year(view.day),
        weekdays: weekdays.collect(),
        days: month.days.iter().map(|day| month_day(words, view, day, clocks)).collect(),
        states: StateKind::ALL.iter().map(|state| state.word(words)).collect(),
    }
}

fn month_day(words: &Words, view: &CalendarView<'_>, day: &DayView, clocks: &mut Clocks<'_>) -> MonthDay {
    let hidden = day.count.saturating_sub(day.posts.len());
    let more = (0 < hidden).then(|| {
        let key = if day.count < COUNT_MAX { "calendar-more" } else { "calendar-many-more" };
        let href = view.asked.showing(Shows::Agenda).on(Some(day.date)).href(view.slug);
        (href, words.tell(key, &[("count", hidden.into())]))
    });
    let name = words.day(day.date);
    let label = match day.count {
        0 => name,
        count => words.tell("calendar-day-posts", &[("day", name.into()), ("count", count.into())]),
    };
    MonthDay {
        number: day.date.day(),
        label,
        href: view.asked.on(Some(day.date)).href(view.slug),
        out: day.date.first_of_month() != view.day.first_of_month(),
        today: day.date == view.today,
        selected: day.date == view.day,
        posts: day.posts.iter().map(|post| month_post(words, view, post, clocks)).collect(),
        count: day.count,
        more,
    }
}

fn month_post(words: &Words, view: &CalendarView<'_>, post: &Post, clocks: &mut Clocks<'_>) -> MonthPost {
    MonthPost {
        href: addresses::post(view.slug, post.id),
        time: clocks.say(post.hour, post.minute),
        title: said(words, &post.excerpt),
        tone: post.tone,
        state: post.state,
    }
}

fn agenda_day(words: &Words, view: &CalendarView<'_>, day: &DayView, clocks: &mut Clocks<'_>, near: bool) -> AgendaDay {
    let is_near = near && day.date.since(view.today).is_ok_and(|span| span.get_days().abs() < 2);
    let heading = if near { words.day_near(day.date, view.today) } else { words.day(day.date) };
    let aside =
        if is_near { Some(words.day(day.date)) } else { (day.date == view.today).then(|| words.say("date-today")) };
    let mut agenda = AgendaDay::new(heading).aside(aside).today(day.date == view.today);
    for post in &day.posts {
        agenda = agenda.row(&entry(words, view, day.date, post, clocks));
    }
    let add = view.may_write && view.today <= day.date;
    if add {
        let weekday = words.weekday(day.date);
        let text = words.tell("calendar-add-to", &[("day", weekday.into())]);
        agenda = agenda.row(&Row::new(text).href(compose(view, day.date)).lead(Icon::Plus.render()).action());
    } else if day.posts.is_empty() {
        agenda = agenda.row(&html! { p.calendar__none { (words.say("calendar-day-empty")) } });
    }
    agenda
}

fn entry(words: &Words, view: &CalendarView<'_>, date: Date, post: &Post, clocks: &mut Clocks<'_>) -> Entry {
    let row = row(words, view, post, clocks);
    if !view.may_move || post.state != StateKind::Planned {
        return Entry { row, moves: None };
    }
    // The button that opens the form stands where the row ends.
    let row = row.end(html! { span.calendar-move__place {} });
    Entry { row, moves: Some(move_form(words, view, date, post)) }
}

/// "Move to…": the same as dragging it there, for everyone.
fn move_form(words: &Words, view: &CalendarView<'_>, date: Date, post: &Post) -> Markup {
    let title = said(words, &post.excerpt);
    let (day, time) = (format!("move-date-{}", post.id), format!("move-time-{}", post.id));
    let fields = html! {
        input type="hidden" name="from" value="calendar";
        div.calendar-move__when {
            (Field::date("date", words.say("compose-date")).id(day).value(date.to_string()))
            (Field::time("time", words.say("compose-time")).id(time).value(format!("{:02}:{:02}", post.hour, post.minute)))
        }
        (Button::submit(words.say("post-move")).icon(Icon::Clock).look(Look::Quiet))
    };
    html! {
        details.calendar-move {
            summary.calendar-move__open title=(words.say("calendar-move")) {
                (Icon::Calendar.small())
                span.hidden { (words.tell("calendar-move-post", &[("post", title.into())])) }
            }
            (Form::post(addresses::post_deed(view.slug, post.id, "move"), view.csrf, fields))
        }
    }
}

fn row(words: &Words, view: &CalendarView<'_>, post: &Post, clocks: &mut Clocks<'_>) -> Row {
    let place = match &post.channel {
        Some(name) => name.clone(),
        None => words.tell("calendar-channels", &[("count", post.channels.into())]),
    };
    Row::new(said(words, &post.excerpt))
        .href(addresses::post(view.slug, post.id))
        .lead(html! {
            (row_time(&clocks.say(post.hour, post.minute), None))
            @if let Some(thumb) = &post.thumb { (Thumb::new(thumb, "")) }
        })
        .under(state_mark_with(words, post.state, &place))
}

fn compose(view: &CalendarView<'_>, date: Date) -> String {
    addresses::workspace(view.slug, &format!("compose?on={date}"))
}

fn said(words: &Words, excerpt: &str) -> String {
    if excerpt.is_empty() { words.say("post-untitled") } else { excerpt.to_owned() }
}

/// Times of day that were written already: most posts of a month share a few.
struct Clocks<'a> {
    words: &'a Words,
    known: HashMap<(i8, i8), String>,
}

impl<'a> Clocks<'a> {
    fn new(words: &'a Words) -> Self {
        Self { words, known: HashMap::new() }
    }

    fn say(&mut self, hour: i8, minute: i8) -> String {
        self.known.entry((hour, minute)).or_insert_with(|| self.words.clock_at(hour, minute)).clone()
    }
}
