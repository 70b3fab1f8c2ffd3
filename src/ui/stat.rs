//! One figure: what it counts, how much, and how that compares.

use maud::{Markup, Render, html};

/// Which way a figure went; said in words too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trend {
    /// More than before.
    Up,
    /// Less than before.
    Down,
    /// About the same, or nothing to compare with.
    Level,
}

/// A tile with one figure.
#[derive(Clone, Debug)]
pub struct Stat {
    label: String,
    value: String,
    trend: Option<(Trend, String)>,
    meter: Option<(u32, u32)>,
    href: Option<String>,
}

impl Stat {
    /// A figure that is already written: `4,210`, `6.1 %`.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into(), trend: None, meter: None, href: None }
    }

    /// How it compares: "12 % on October".
    #[must_use]
    pub fn trend(mut self, trend: Trend, text: impl Into<String>) -> Self {
        self.trend = Some((trend, text.into()));
        self
    }

    /// How much of a goal is reached.
    #[must_use]
    pub fn meter(mut self, part: u32, whole: u32) -> Self {
        self.meter = Some((part, whole));
        self
    }

    /// Where more about it stands.
    #[must_use]
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
}

impl Render for Stat {
    fn render(&self) -> Markup {
        html! {
            div.stat {
                @if let Some(href) = &self.href { a.stat__label href=(href) { (self.label) } }
                @else { span.stat__label { (self.label) } }
                strong.stat__value { (self.value) }
                @if let Some((trend, text)) = &self.trend {
                    @let (name, sign) = match trend {
                        Trend::Up => ("up", "▲ "), Trend::Down => ("down", "▼ "), Trend::Level => ("level", ""),
                    };
                    span.stat__trend data-trend=(name) { span aria-hidden="true" { (sign) } (text) }
                }
                @if let Some((part, whole)) = self.meter {
                    @let width = u64::from(part) * 100 / u64::from(whole.max(1));
                    svg.stat__meter width="100" height="6" aria-hidden="true" {
                        rect.stat__track width="100%" height="6" rx="3" {}
                        rect.stat__part width={ (width.min(100)) "%" } height="6" rx="3" {}
                    }
                }
            }
        }
    }
}
