//! One line of input with its label, hint and error, tied together so that all of it is read out.
//!
//! Fields must be filled unless [`Field::optional`] says otherwise. What was typed comes back with its error.

use maud::{Markup, Render, html};

/// The id of the field with this name, for the error summary and for labels elsewhere.
pub fn field_id(name: &str) -> String {
    format!("field-{name}")
}

/// What stands around every kind of input.
#[derive(Clone, Debug)]
pub(super) struct Around {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) label: String,
    pub(super) label_hidden: bool,
    pub(super) hint: Option<String>,
    pub(super) error: Option<String>,
    pub(super) optional: Option<String>,
}

impl Around {
    pub(super) fn new(name: String, label: String) -> Self {
        Self { id: field_id(&name), name, label, label_hidden: false, hint: None, error: None, optional: None }
    }

    /// The ids of what describes the input.
    pub(super) fn described_by(&self) -> Option<String> {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.id));
        let error = self.error.as_ref().map(|_| format!("{}-error", self.id));
        let ids: Vec<String> = [hint, error].into_iter().flatten().collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    pub(super) fn invalid(&self) -> Option<&'static str> {
        self.error.as_ref().map(|_| "true")
    }

    pub(super) fn render(&self, input: &Markup) -> Markup {
        html! {
            div.field data-invalid[self.error.is_some()] {
                label.field__label.hidden[self.label_hidden] for=(self.id) {
                    (self.label)
                    @if let Some(optional) = self.optional.as_ref().filter(|word| !word.is_empty()) { " " span.field__optional { "(" (optional) ")" } }
                }
                (self.notes())
                (input)
            }
        }
    }

    pub(super) fn notes(&self) -> Markup {
        html! {
            @if let Some(hint) = &self.hint { p.field__hint id={ (self.id) "-hint" } { (hint) } }
            @if let Some(error) = &self.error {
                p.field__error id={ (self.id) "-error" } { (super::Icon::Alert.tiny()) span { (error) } }
            }
        }
    }
}

/// A field of one line.
#[derive(Clone, Debug)]
pub struct Field {
    around: Around,
    kind: &'static str,
    value: String,
    autocomplete: Option<&'static str>,
    inputmode: Option<&'static str>,
    placeholder: Option<String>,
    length: Option<u32>,
    range: (Option<String>, Option<String>),
    autofocus: bool,
    prefix: Option<String>,
}

impl Field {
    /// Plain text.
    pub fn text(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::of("text", name, label)
    }

    /// An e-mail address.
    pub fn email(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::of("email", name, label).autocomplete("email")
    }

    /// A password; it never comes back filled in.
    pub fn password(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::of("password", name, label).autocomplete("current-password")
    }

    /// A web address.
    pub fn url(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::of("url", name, label)
    }

    /// Words to search for.
    pub fn search(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::of("search", name, label)
    }

    /// A whole number.
    pub fn number(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::of("number", name, label)
    }

    /// A day, as `2026-11-21`.
    pub fn date(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::of("date", name, label)
    }

    /// A time of day, as `09:00`.
    pub fn time(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::of("time", name, label)
    }

    /// A code of digits, such as the six of a second factor.
    pub fn code(name: impl Into<String>, label: impl Into<String>) -> Self {
        let field = Self::of("text", name, label).autocomplete("one-time-code");
        Self { inputmode: Some("numeric"), ..field }
    }

    fn of(kind: &'static str, name: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            around: Around::new(name.into(), label.into()),
            kind,
            value: String::new(),
            autocomplete: None,
            inputmode: None,
            placeholder: None,
            length: None,
            range: (None, None),
            autofocus: false,
            prefix: None,
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

    /// May stay empty; the word for it ("optional") is shown beside the label.
    #[must_use]
    pub fn optional(mut self, word: impl Into<String>) -> Self {
        self.around.optional = Some(word.into());
        self
    }

    /// The label is only read out, where its place says what it is.
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

    /// What a browser may fill in (html.spec.whatwg.org, autofill, read 2026-11).
    #[must_use]
    pub fn autocomplete(mut self, kind: &'static str) -> Self {
        self.autocomplete = Some(kind);
        self
    }

    /// An example inside the empty field; never instead of a label.
    #[must_use]
    pub fn placeholder(mut self, text: impl Into<String>) -> Self {
        self.placeholder = Some(text.into());
        self
    }

    /// The most characters it takes.
    #[must_use]
    pub fn max_length(mut self, characters: u32) -> Self {
        self.length = Some(characters);
        self
    }

    /// The least and the greatest value of a number, day or time.
    #[must_use]
    pub fn range(mut self, least: impl Into<String>, greatest: impl Into<String>) -> Self {
        self.range = (Some(least.into()), Some(greatest.into()));
        self
    }

    /// Where typing begins.
    #[must_use]
    pub fn autofocus(mut self) -> Self {
        self.autofocus = true;
        self
    }

    /// Fixed text before what is typed, such as `https://`.
    #[must_use]
    pub fn prefix(mut self, text: impl Into<String>) -> Self {
        self.prefix = Some(text.into());
        self
    }

    fn input(&self) -> Markup {
        let value = (self.kind != "password" && !self.value.is_empty()).then_some(self.value.as_str());
        html! {
            input.input type=(self.kind) id=(self.around.id) name=(self.around.name) value=[value]
                autocomplete=[self.autocomplete] inputmode=[self.inputmode] placeholder=[self.placeholder.as_ref()]
                maxlength=[self.length] min=[self.range.0.as_ref()] max=[self.range.1.as_ref()]
                required[self.around.optional.is_none()] autofocus[self.autofocus]
                aria-invalid=[self.around.invalid()] aria-describedby=[self.around.described_by()];
        }
    }
}

impl Render for Field {
    fn render(&self) -> Markup {
        let input = self.input();
        let with_prefix = self.prefix.as_ref().map(|prefix| {
            html! { span.field__joined { span.field__prefix aria-hidden="true" { (prefix) } (input) } }
        });
        self.around.render(with_prefix.as_ref().unwrap_or(&input))
    }
}
