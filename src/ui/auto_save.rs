//! A form that keeps what is typed: every few seconds on the server, and on the device until the server has said yes.

use maud::{Markup, Render, html};

use crate::words::Words;

/// Stands around a form; the form's own button keeps working without scripts.
#[derive(Clone, Debug)]
pub struct AutoSave {
    key: String,
    action: String,
    version: String,
    owner: String,
    words: [(&'static str, String); 6],
    first: String,
    form: Markup,
}

impl AutoSave {
    /// Around this form; `key` names what is kept on the device (`post-<id>`), `action` takes the whole form and
    /// answers 204 or, as JSON, the next `version`; `version` is what the form was drawn from. Where someone else saved
    /// meanwhile it answers 409 and a fragment for [`AutoSave::conflict`].
    pub fn new(words: &Words, key: impl Into<String>, action: impl Into<String>, form: Markup) -> Self {
        Self {
            key: key.into(),
            action: action.into(),
            version: String::new(),
            owner: String::new(),
            words: [
                ("saving", words.say("saved-saving")),
                ("done", words.say("saved-done")),
                ("here", words.say("saved-kept-here")),
                ("failed", words.say("saved-failed")),
                ("conflict", words.say("saved-conflict")),
                ("later", words.say("saved-later")),
            ],
            first: words.say("saved-never"),
            form,
        }
    }

    /// The version the form was drawn from, and what its state is called now.
    #[must_use]
    pub fn version(mut self, version: impl Into<String>, state: impl Into<String>) -> Self {
        (self.version, self.first) = (version.into(), state.into());
        self
    }

    /// Whose words these are: what the device kept of somebody else is left alone.
    #[must_use]
    pub fn owner(mut self, owner: impl Into<String>) -> Self {
        self.owner = owner.into();
        self
    }

    /// Where the server's answer stands when someone else saved meanwhile; put it into the form. A button in it with
    /// `data-goes-over` and an edition lets one's own words take the place of that edition; a link with
    /// `data-takes-other` leaves them behind.
    pub fn conflict(key: &str, body: &Markup) -> Markup {
        html! { div id={ "conflict-" (key) } aria-live="polite" { (body) } }
    }

    /// Where the state is told; put it in the head of a page.
    pub fn status(key: &str, text: &str) -> Markup {
        html! { output.auto-save__status id={ "saved-" (key) } aria-live="polite" { (text) } }
    }
}

impl Render for AutoSave {
    fn render(&self) -> Markup {
        let [saving, done, here, failed, conflict, later] = &self.words;
        html! {
            auto-save.auto-save data-key=(self.key) data-action=(self.action) data-version=(self.version)
                data-saving=(saving.1) data-done=(done.1) data-here=(here.1) data-failed=(failed.1)
                data-conflict=(conflict.1) data-later=(later.1) data-owner=(self.owner)
                data-first=(self.first) { (self.form) }
        }
    }
}
