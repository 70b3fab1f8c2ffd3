//! Several lines of text. It grows with what is written where the browser can.

use maud::{Markup, Render, html};

use super::field::Around;

/// A field of several lines.
#[derive(Clone, Debug)]
pub struct TextArea {
    around: Around,
    value: String,
    rows: u8,
    placeholder: Option<String>,
    autofocus: bool,
    writing: bool,
    below: Option<Markup>,
}

impl TextArea {
    /// A field of four lines to begin with.
    pub fn new(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            around: Around::new(name.into(), label.into()),
            value: String::new(),
            rows: 4,
            placeholder: None,
            autofocus: false,
            writing: false,
            below: None,
        }
    }

    /// What stands in it.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
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

    /// How many lines it has while empty.
    #[must_use]
    pub fn rows(mut self, rows: u8) -> Self {
        self.rows = rows;
        self
    }

    /// An invitation inside the empty field.
    #[must_use]
    pub fn placeholder(mut self, text: impl Into<String>) -> Self {
        self.placeholder = Some(text.into());
        self
    }

    /// Where typing begins.
    #[must_use]
    pub fn autofocus(mut self) -> Self {
        self.autofocus = true;
        self
    }

    /// The large frameless field of Compose and of replies.
    #[must_use]
    pub fn writing(mut self) -> Self {
        self.writing = true;
        self
    }

    /// What stands right below, such as its counter.
    #[must_use]
    pub fn below(mut self, markup: Markup) -> Self {
        self.below = Some(markup);
        self
    }
}

impl Render for TextArea {
    fn render(&self) -> Markup {
        self.around.render(&html! {
            textarea.input.textarea.textarea--writing[self.writing] id=(self.around.id) name=(self.around.name)
                rows=(self.rows) placeholder=[self.placeholder.as_ref()] required[self.around.optional.is_none()]
                autofocus[self.autofocus] aria-invalid=[self.around.invalid()]
                aria-describedby=[self.around.described_by()] { (self.value) }
            @if let Some(below) = &self.below { (below) }
        })
    }
}
