//! A choice from a list, with the browser's own picker.

use maud::{Markup, Render, html};

use super::field::Around;

/// A list to choose one from.
#[derive(Clone, Debug)]
pub struct Select {
    around: Around,
    options: Vec<(String, String)>,
    chosen: String,
}

impl Select {
    /// An empty list.
    pub fn new(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self { around: Around::new(name.into(), label.into()), options: Vec::new(), chosen: String::new() }
    }

    /// One more choice: its value and its words.
    #[must_use]
    pub fn option(mut self, value: impl Into<String>, text: impl Into<String>) -> Self {
        self.options.push((value.into(), text.into()));
        self
    }

    /// The value that is chosen.
    #[must_use]
    pub fn chosen(mut self, value: impl Into<String>) -> Self {
        self.chosen = value.into();
        self
    }

    /// A sentence below the label.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.around.hint = Some(hint.into());
        self
    }

    /// What is wrong with it, if anything.
    #[must_use]
    pub fn error(mut self, error: Option<String>) -> Self {
        self.around.error = error;
        self
    }

    /// May stay empty.
    #[must_use]
    pub fn optional(mut self, word: impl Into<String>) -> Self {
        self.around.optional = Some(word.into());
        self
    }

    /// The label is only read out.
    #[must_use]
    pub fn label_hidden(mut self) -> Self {
        self.around.label_hidden = true;
        self
    }

    /// The id, where two forms of a page have fields of one name.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.around.id = id.into();
        self
    }
}

impl Render for Select {
    fn render(&self) -> Markup {
        self.around.render(&html! {
            span.select {
                select.input id=(self.around.id) name=(self.around.name) required[self.around.optional.is_none()]
                    aria-invalid=[self.around.invalid()] aria-describedby=[self.around.described_by()] {
                    @for (value, text) in &self.options {
                        option value=(value) selected[*value == self.chosen] { (text) }
                    }
                }
                (super::Icon::ChevronDown.small())
            }
        })
    }
}
