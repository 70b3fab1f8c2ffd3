//! The answer to what was just done: "Scheduled for Sat 09:00", with Undo where it can be undone.

use maud::{Markup, Render, html};

use super::{Button, ButtonForm, Icon, Look};

/// What kind of answer it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// It happened.
    Done,
    /// It did not.
    Problem,
}

/// How to take it back.
#[derive(Clone, Debug)]
pub struct Undo {
    /// Where the form posts.
    pub action: String,
    /// The word on the button.
    pub label: String,
    /// What it sends along.
    pub fields: Vec<(String, String)>,
}

/// One answer.
#[derive(Clone, Debug)]
pub struct Notice {
    /// What kind.
    pub kind: NoticeKind,
    /// The sentence.
    pub text: String,
    /// How to take it back, if it can be.
    pub undo: Option<Undo>,
}

impl Notice {
    /// It happened.
    pub fn done(text: impl Into<String>) -> Self {
        Self { kind: NoticeKind::Done, text: text.into(), undo: None }
    }

    /// It did not.
    pub fn problem(text: impl Into<String>) -> Self {
        Self { kind: NoticeKind::Problem, text: text.into(), undo: None }
    }

    /// With the way to take it back.
    #[must_use]
    pub fn undo(mut self, undo: Undo) -> Self {
        self.undo = Some(undo);
        self
    }

    pub(super) fn render(&self, csrf: &str, dismiss: &str) -> Markup {
        let (kind, icon) = match self.kind {
            NoticeKind::Done => ("done", Icon::CheckCircle),
            NoticeKind::Problem => ("problem", Icon::Alert),
        };
        html! {
            div.notice data-kind=(kind) {
                (icon.small())
                p.notice__text { (self.text) }
                @if let Some(undo) = &self.undo { (undo.form(csrf)) }
                (Button::plain(dismiss).icon_only(Icon::Close).look(Look::Plain))
            }
        }
    }
}

impl Undo {
    fn form(&self, csrf: &str) -> Markup {
        let button = Button::submit(&self.label).look(Look::Quiet).small();
        let form = ButtonForm::new(&self.action, csrf, button);
        self.fields.iter().fold(form, |form, (name, value)| form.field(name, value)).render()
    }
}
