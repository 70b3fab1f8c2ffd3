//! Forms that change something: always posted, always with the token that proves the page was ours.
//!
//! A second press while the first is under way is ignored (`data-once`, by `app.js`).

use maud::{Markup, Render, html};

use super::{Button, Icon, field_id};
use crate::words::Words;

/// The hidden field with the token.
pub fn csrf_input(token: &str) -> Markup {
    html! { input type="hidden" name="csrf" value=(token); }
}

/// A form with fields.
#[derive(Clone, Debug)]
pub struct Form {
    action: String,
    csrf: String,
    id: Option<String>,
    files: bool,
    body: Markup,
}

impl Form {
    /// A form that is posted to this address.
    pub fn post(action: impl Into<String>, csrf: impl Into<String>, body: Markup) -> Self {
        Self { action: action.into(), csrf: csrf.into(), id: None, files: false, body }
    }

    /// An id, so that buttons elsewhere can send it.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Carries files.
    #[must_use]
    pub fn with_files(mut self) -> Self {
        self.files = true;
        self
    }
}

impl Render for Form {
    fn render(&self) -> Markup {
        html! {
            form.form method="post" action=(self.action) id=[self.id.as_ref()] data-once
                enctype=[self.files.then_some("multipart/form-data")] {
                (csrf_input(&self.csrf))
                (self.body)
            }
        }
    }
}

/// One button that posts: "Undo", "Pause", "Confirm".
#[derive(Clone, Debug)]
pub struct ButtonForm {
    action: String,
    csrf: String,
    button: Button,
    fields: Vec<(String, String)>,
    key: Option<&'static str>,
}

impl ButtonForm {
    /// A button that posts to this address.
    pub fn new(action: impl Into<String>, csrf: impl Into<String>, button: Button) -> Self {
        Self { action: action.into(), csrf: csrf.into(), button, fields: Vec::new(), key: None }
    }

    /// What a key does too, by the name that `key-guide` knows.
    #[must_use]
    pub fn key(mut self, name: &'static str) -> Self {
        self.key = Some(name);
        self
    }

    /// Something it sends along.
    #[must_use]
    pub fn field(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.fields.push((name.into(), value.into()));
        self
    }
}

impl Render for ButtonForm {
    fn render(&self) -> Markup {
        html! {
            form.button-form method="post" action=(self.action) data-once data-keys=[self.key] {
                (csrf_input(&self.csrf))
                @for (name, value) in &self.fields { input type="hidden" name=(name) value=(value); }
                (self.button)
            }
        }
    }
}

/// What is to be put right, above a form that came back; each line leads to its field.
#[derive(Clone, Debug)]
pub struct ErrorSummary {
    title: String,
    errors: Vec<(String, String)>,
}

impl ErrorSummary {
    /// The summary of these errors: name of the field and sentence. Renders nothing visible without errors.
    pub fn new(words: &Words, errors: &[(String, String)]) -> Self {
        let title = words.tell("errors-title", &[("count", errors.len().into())]);
        Self { title, errors: errors.to_vec() }
    }
}

impl Render for ErrorSummary {
    fn render(&self) -> Markup {
        if self.errors.is_empty() {
            return html! {};
        }
        html! {
            div.error-summary role="alert" tabindex="-1" autofocus aria-labelledby="error-summary-title" {
                h2.error-summary__title id="error-summary-title" { (Icon::Alert.small()) span { (self.title) } }
                ul.error-summary__list {
                    @for (name, text) in &self.errors { li { a href={ "#" (field_id(name)) } { (text) } } }
                }
            }
        }
    }
}
