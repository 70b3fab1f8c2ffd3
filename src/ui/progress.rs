//! How far something is that takes a while.

use maud::{Markup, Render, html};

/// A bar with a label.
#[derive(Clone, Debug)]
pub struct Progress {
    label: String,
    part: Option<(u64, u64)>,
}

impl Progress {
    /// So much of the whole is done.
    pub fn new(label: impl Into<String>, done: u64, whole: u64) -> Self {
        Self { label: label.into(), part: Some((done, whole)) }
    }

    /// Nobody can say how long it takes.
    pub fn unknown(label: impl Into<String>) -> Self {
        Self { label: label.into(), part: None }
    }
}

impl Render for Progress {
    fn render(&self) -> Markup {
        html! {
            label.progress {
                span.progress__label { (self.label) }
                progress.progress__bar value=[self.part.map(|(done, _)| done)] max=[self.part.map(|(_, whole)| whole.max(1))] {}
            }
        }
    }
}
