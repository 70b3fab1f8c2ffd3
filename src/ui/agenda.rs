//! One day of an agenda: its name stays on top while its rows go by.

use maud::{Markup, Render, html};

/// A day with its rows.
#[derive(Clone, Debug)]
pub struct AgendaDay {
    heading: String,
    aside: Option<String>,
    today: bool,
    rows: Vec<Markup>,
}

impl AgendaDay {
    /// A day without rows.
    pub fn new(heading: impl Into<String>) -> Self {
        Self { heading: heading.into(), aside: None, today: false, rows: Vec::new() }
    }

    /// Something small at the end of the heading's line.
    #[must_use]
    pub fn aside(mut self, text: Option<String>) -> Self {
        self.aside = text;
        self
    }

    /// It is today.
    #[must_use]
    pub fn today(mut self, today: bool) -> Self {
        self.today = today;
        self
    }

    /// One more row.
    #[must_use]
    pub fn row(mut self, row: &impl Render) -> Self {
        self.rows.push(row.render());
        self
    }
}

impl Render for AgendaDay {
    fn render(&self) -> Markup {
        html! {
            section.agenda data-today[self.today] {
                div.agenda__head {
                    h2.agenda__title { (self.heading) }
                    @if let Some(aside) = &self.aside { span.agenda__aside { (aside) } }
                }
                ul.card role="list" { @for row in &self.rows { li.card__item { (row) } } }
            }
        }
    }
}
