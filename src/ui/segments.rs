//! A few choices side by side, of which one is taken: "At a time · Now · Draft". Circles underneath, so they work without
//! scripts and with the arrow keys.

use maud::{Markup, Render, html};

use super::field_id;

/// The choices.
#[derive(Clone, Debug)]
pub struct Segments {
    name: String,
    legend: String,
    options: Vec<(String, String)>,
    chosen: String,
}

impl Segments {
    /// None yet; the legend is only read out.
    pub fn new(name: impl Into<String>, legend: impl Into<String>) -> Self {
        Self { name: name.into(), legend: legend.into(), options: Vec::new(), chosen: String::new() }
    }

    /// One more: its value and its words.
    #[must_use]
    pub fn option(mut self, value: impl Into<String>, text: impl Into<String>) -> Self {
        self.options.push((value.into(), text.into()));
        self
    }

    /// The one that is taken.
    #[must_use]
    pub fn chosen(mut self, value: impl Into<String>) -> Self {
        self.chosen = value.into();
        self
    }
}

impl Render for Segments {
    fn render(&self) -> Markup {
        html! {
            fieldset.segments id=(field_id(&self.name)) {
                legend.hidden { (self.legend) }
                @for (value, text) in &self.options {
                    label.segments__one {
                        input.segments__box type="radio" name=(self.name) value=(value) checked[*value == self.chosen];
                        span { (text) }
                    }
                }
            }
        }
    }
}
