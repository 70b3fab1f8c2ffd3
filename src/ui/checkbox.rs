//! Boxes to tick and circles to choose from. The whole line can be touched.

use maud::{Markup, Render, html};

use super::field::{Around, field_id};

/// One box to tick.
#[derive(Clone, Debug)]
pub struct Checkbox {
    around: Around,
    value: String,
    checked: bool,
}

impl Checkbox {
    /// A box that sends `yes` when it is ticked.
    pub fn new(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self { around: Around::new(name.into(), label.into()), value: "yes".into(), checked: false }
    }

    /// What it sends when it is ticked; also makes its id its own, for several boxes of one name.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self.around.id = field_id(&format!("{}-{}", self.around.name, self.value));
        self
    }

    /// Whether it is ticked.
    #[must_use]
    pub fn checked(mut self, checked: bool) -> Self {
        self.checked = checked;
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
}

impl Render for Checkbox {
    fn render(&self) -> Markup {
        let Around { id, name, label, .. } = &self.around;
        html! {
            div.checkbox {
                input.checkbox__box type="checkbox" id=(id) name=(name) value=(self.value) checked[self.checked]
                    aria-invalid=[self.around.invalid()] aria-describedby=[self.around.described_by()];
                div.checkbox__words { label.checkbox__label for=(id) { (label) } (self.around.notes()) }
            }
        }
    }
}

/// A group of which one, or some, can be chosen.
#[derive(Clone, Debug)]
pub struct Choices {
    around: Around,
    many: bool,
    options: Vec<(String, String, Option<String>)>,
    chosen: Vec<String>,
}

impl Choices {
    /// A group of which one is chosen.
    pub fn one(name: impl Into<String>, legend: impl Into<String>) -> Self {
        Self { around: Around::new(name.into(), legend.into()), many: false, options: vec![], chosen: vec![] }
    }

    /// A group of which any number is chosen.
    pub fn some(name: impl Into<String>, legend: impl Into<String>) -> Self {
        Self { many: true, ..Self::one(name, legend) }
    }

    /// One more choice: its value and its words.
    #[must_use]
    pub fn option(mut self, value: impl Into<String>, text: impl Into<String>) -> Self {
        self.options.push((value.into(), text.into(), None));
        self
    }

    /// One more choice with a sentence about it.
    #[must_use]
    pub fn option_with(mut self, value: impl Into<String>, text: impl Into<String>, hint: impl Into<String>) -> Self {
        self.options.push((value.into(), text.into(), Some(hint.into())));
        self
    }

    /// A value that is chosen.
    #[must_use]
    pub fn chosen(mut self, value: impl Into<String>) -> Self {
        self.chosen.push(value.into());
        self
    }

    /// A sentence below the legend.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.around.hint = Some(hint.into());
        self
    }

    /// What is wrong, if anything.
    #[must_use]
    pub fn error(mut self, error: Option<String>) -> Self {
        self.around.error = error;
        self
    }
}

impl Render for Choices {
    fn render(&self) -> Markup {
        let kind = if self.many { "checkbox" } else { "radio" };
        html! {
            fieldset.field id=(self.around.id) tabindex="-1" aria-describedby=[self.around.described_by()]
                data-invalid[self.around.error.is_some()] {
                legend.field__label { (self.around.label) }
                (self.around.notes())
                @for (value, text, hint) in &self.options {
                    @let id = format!("{}-{value}", self.around.id);
                    div.checkbox {
                        input.checkbox__box type=(kind) id=(id) name=(self.around.name) value=(value)
                            checked[self.chosen.contains(value)]
                            aria-describedby=[hint.as_ref().map(|_| format!("{id}-hint"))];
                        div.checkbox__words {
                            label.checkbox__label for=(id) { (text) }
                            @if let Some(hint) = hint { p.field__hint id={ (id) "-hint" } { (hint) } }
                        }
                    }
                }
            }
        }
    }
}
