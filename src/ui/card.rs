//! Cards, and the rows most lists are made of.

use maud::{Markup, Render, html};

use super::{Hue, Icon};

/// A card around anything, with room at its edges.
#[expect(clippy::needless_pass_by_value, reason = "callers write `card(html! { … })`")]
pub fn card(body: Markup) -> Markup {
    html! { div.card.card--padded { (body) } }
}

/// A list and what is chosen from it, side by side where there is room; on a phone only one of the two.
pub fn split(list: &Markup, detail: Option<&Markup>) -> Markup {
    html! {
        div.split data-detail[detail.is_some()] {
            div.split__list { (list) }
            div.split__detail { @if let Some(detail) = detail { (detail) } }
        }
    }
}

/// A heading above something that is no [`Section`] of rows, in the same place and size.
pub fn heading(text: &str) -> Markup {
    html! { div.section.section__head { h2.section__title { (text) } } }
}

/// Tools and the one button that says what will happen, pinned below the page, above a phone's keyboard.
pub fn toolbar(tools: &Markup, main: &Markup) -> Markup {
    html! { div.toolbar { div.toolbar__tools { (tools) } (main) } }
}

/// An icon on a tinted square, at the start of a row.
pub fn dot(icon: Icon, hue: Hue) -> Markup {
    html! { span.dot data-hue=(hue.name()) { (icon.small()) } }
}

/// A short word on a tinted strip: "Ben is answering".
pub fn tag(text: &str, hue: Hue) -> Markup {
    html! { span.tag data-hue=(hue.name()) { (text) } }
}

/// A time of day with the day below it, to lead a row together with something else.
pub fn row_time(time: &str, day: Option<&str>) -> Markup {
    html! { span.row__time { b { (time) } @if let Some(day) = day { small { (day) } } } }
}

/// A heading and a card of rows below it.
#[derive(Clone, Debug)]
pub struct Section {
    heading: String,
    aside: Option<Markup>,
    rows: Vec<Markup>,
    level_three: bool,
}

impl Section {
    /// A section without rows.
    pub fn new(heading: impl Into<String>) -> Self {
        Self { heading: heading.into(), aside: None, rows: Vec::new(), level_three: false }
    }

    /// Something small at the end of the heading's line.
    #[must_use]
    pub fn aside(mut self, markup: Markup) -> Self {
        self.aside = Some(markup);
        self
    }

    /// Below another section's heading.
    #[must_use]
    pub fn inner(mut self) -> Self {
        self.level_three = true;
        self
    }

    /// One more row: a [`Row`], or anything that stands in a list item.
    #[must_use]
    pub fn row(mut self, row: &impl Render) -> Self {
        self.rows.push(row.render());
        self
    }

    /// More rows.
    #[must_use]
    pub fn rows<R: Render>(mut self, rows: impl IntoIterator<Item = R>) -> Self {
        self.rows.extend(rows.into_iter().map(|row| row.render()));
        self
    }
}

impl Render for Section {
    fn render(&self) -> Markup {
        html! {
            section.section {
                div.section__head {
                    @if self.level_three { h3.section__title { (self.heading) } }
                    @else { h2.section__title { (self.heading) } }
                    @if let Some(aside) = &self.aside { div.section__aside { (aside) } }
                }
                ul.card role="list" { @for row in &self.rows { li.card__item { (row) } } }
            }
        }
    }
}

/// One row: something to lead it, a title, a line below, something at its end. The whole of it is the link.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own, in any combination")]
#[derive(Clone, Debug)]
pub struct Row {
    title: String,
    href: Option<String>,
    lead: Option<Markup>,
    under: Option<Markup>,
    end: Option<Markup>,
    new: bool,
    action: bool,
    current: bool,
    message: bool,
    context: Option<String>,
}

impl Row {
    /// A row with a title.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            href: None,
            lead: None,
            under: None,
            end: None,
            new: false,
            action: false,
            current: false,
            message: false,
            context: None,
        }
    }

    /// Where it leads; a chevron at its end says so.
    #[must_use]
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    /// What leads it: [`dot`], an avatar, a time, a thumb, or several.
    #[must_use]
    pub fn lead(mut self, markup: Markup) -> Self {
        self.lead = Some(markup);
        self
    }

    /// The time of day, large, with the day below it.
    #[must_use]
    pub fn time(self, time: &str, day: Option<&str>) -> Self {
        self.lead(row_time(time, day))
    }

    /// The line below the title.
    #[must_use]
    pub fn under(mut self, markup: Markup) -> Self {
        self.under = Some(markup);
        self
    }

    /// The line below the title, as soft text.
    #[must_use]
    pub fn text(self, text: impl Into<String>) -> Self {
        let text = text.into();
        self.under(html! { span.row__text { (text) } })
    }

    /// What stands at its end, in place of the chevron; buttons there stay buttons.
    #[must_use]
    pub fn end(mut self, markup: Markup) -> Self {
        self.end = Some(markup);
        self
    }

    /// Not looked at yet.
    #[must_use]
    pub fn new_mark(mut self, new: bool) -> Self {
        self.new = new;
        self
    }

    /// The row does something rather than show something: "Add to Saturday".
    #[must_use]
    pub fn action(mut self) -> Self {
        self.action = true;
        self
    }

    /// Something someone said: the title is who, the line below is what, in full strength; `end` stands beside the name.
    #[must_use]
    pub fn message(mut self) -> Self {
        self.message = true;
        self
    }

    /// What it belongs to, in small text under everything: the post it answers.
    #[must_use]
    pub fn context(mut self, text: impl Into<String>) -> Self {
        self.context = Some(text.into());
        self
    }

    /// The one shown beside the list.
    #[must_use]
    pub fn current(mut self, current: bool) -> Self {
        self.current = current;
        self
    }
}

impl Render for Row {
    fn render(&self) -> Markup {
        html! {
            div.row data-new[self.new] data-action[self.action] data-message[self.message] {
                @if let Some(lead) = &self.lead { div.row__lead { (lead) } }
                div.row__words {
                    @if let Some(href) = &self.href {
                        a.row__title href=(href) dir="auto" aria-current=[self.current.then_some("true")] { (self.title) }
                    } @else { span.row__title dir="auto" { (self.title) } }
                    @if let Some(under) = &self.under { div.row__under { (under) } }
                    @if let Some(context) = &self.context { span.row__context { (context) } }
                }
                @if let Some(end) = &self.end { div.row__end { (end) } }
                @else if self.href.is_some() && !self.action {
                    span.row__chevron { (Icon::ChevronRight.small()) }
                }
            }
        }
    }
}
