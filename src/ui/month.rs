//! A month as a table of days. A phone sees number, marks and a count, and the whole of a day is its link; a desktop sees
//! the first posts of each day.
//!
//! Written piece by piece into one string: a page has up to 42 days with four posts each.

use maud::{Markup, Render, html};

use super::{StateKind, tone};

/// How many marks a day has on a phone.
const MARKS: usize = 3;

/// A month.
#[derive(Clone, Debug)]
pub struct Month {
    /// What it is, only read out.
    pub caption: String,
    /// The days of the week in the order of the columns: in full, in short.
    pub weekdays: Vec<(String, String)>,
    /// The days, a whole number of weeks.
    pub days: Vec<MonthDay>,
    /// The word of each state of [`StateKind::ALL`], read out where an icon stands for it.
    pub states: Vec<String>,
}

/// One day of it.
#[derive(Clone, Debug)]
pub struct MonthDay {
    /// Its number.
    pub number: i8,
    /// The day in full and how many posts it has, read out.
    pub label: String,
    /// Where the day opens.
    pub href: String,
    /// It belongs to the month before or after.
    pub out: bool,
    /// It is today.
    pub today: bool,
    /// It is the one that is open below.
    pub selected: bool,
    /// Its first posts.
    pub posts: Vec<MonthPost>,
    /// How many it has in all.
    pub count: usize,
    /// Where all of them are, and what leads there: "+2 more".
    pub more: Option<(String, String)>,
}

/// One post of a day.
#[derive(Clone, Debug)]
pub struct MonthPost {
    /// Its page.
    pub href: String,
    /// When: `09:00`.
    pub time: String,
    /// How it begins.
    pub title: String,
    /// Its tone, 1 to 12.
    pub tone: u8,
    /// Where it stands.
    pub state: StateKind,
}

impl MonthDay {
    /// How many posts have a mark on a phone; one fewer where a count must stand beside them.
    fn marked(&self) -> usize {
        if self.count <= MARKS { self.posts.len() } else { MARKS.saturating_sub(1) }
    }

    fn render(&self, month: &Month) -> Markup {
        html! {
            td.month__day data-out[self.out] data-today[self.today] data-selected[self.selected] {
                a.month__number href=(self.href) aria-label=(self.label) aria-current=[self.today.then_some("date")] {
                    (self.number)
                }
                @if !self.posts.is_empty() {
                    span.month__marks aria-hidden="true" {
                        @for post in self.posts.iter().take(self.marked()) {
                            span.month__mark data-tone=(tone(post.tone)) data-trouble=[post.trouble()] {}
                        }
                        @if self.marked() < self.count { span.month__count { "+" (self.count.saturating_sub(self.marked())) } }
                    }
                    ul.month__posts role="list" { @for post in &self.posts { li { (post.render(month)) } } }
                }
                @if let Some((href, text)) = &self.more { a.month__more href=(href) { (text) } }
            }
        }
    }
}

impl MonthPost {
    /// The colour of its trouble, if it waits for a person.
    fn trouble(&self) -> Option<&'static str> {
        match self.state {
            StateKind::Failed => Some("rust"),
            StateKind::Waiting | StateKind::PartlyOut | StateKind::Held | StateKind::Unsure => Some("amber"),
            StateKind::Draft
            | StateKind::Planned
            | StateKind::Sending
            | StateKind::ByHand
            | StateKind::Published
            | StateKind::Withdrawn => None,
        }
    }

    fn render(&self, month: &Month) -> Markup {
        let at = StateKind::ALL.iter().position(|state| *state == self.state);
        let word = at.and_then(|at| month.states.get(at)).map(String::as_str).unwrap_or_default();
        html! {
            a.month__post href=(self.href) data-tone=(tone(self.tone)) data-state=(self.state.name())
                data-trouble=[self.trouble()] title={ (self.time) " " (self.title) " · " (word) } {
                @if self.state != StateKind::Planned { (self.state.icon().tiny()) }
                b { (self.time) }
                span.month__title dir="auto" { (self.title) }
                span.hidden { (word) }
            }
        }
    }
}

impl Render for Month {
    fn render(&self) -> Markup {
        html! {
            table.month {
                caption.hidden { (self.caption) }
                thead {
                    tr {
                        @for (full, short) in &self.weekdays {
                            th.month__weekday scope="col" {
                                span.month__weekday-full { (full) }
                                span.month__weekday-short aria-hidden="true" { (short) }
                            }
                        }
                    }
                }
                tbody { @for week in self.days.chunks(7) { tr { @for day in week { (day.render(self)) } } } }
            }
        }
    }
}
