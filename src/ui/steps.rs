//! A few steps towards something, in order: which are done, and the next one with its button.

use maud::{Markup, Render, html};

use super::Icon;

/// A checklist.
#[derive(Clone, Debug)]
pub struct Steps {
    title: String,
    text: String,
    done: String,
    list: Vec<Step>,
}

/// One step.
#[derive(Clone, Debug)]
pub struct Step {
    /// What is to be done.
    pub title: String,
    /// How, or why.
    pub text: String,
    /// It is done.
    pub done: bool,
    /// The buttons that do it; shown for the first step that is not done.
    pub action: Markup,
}

impl Steps {
    /// A checklist; `done` is the word that is read out beside a tick.
    pub fn new(title: impl Into<String>, text: impl Into<String>, done: impl Into<String>) -> Self {
        Self { title: title.into(), text: text.into(), done: done.into(), list: Vec::new() }
    }

    /// One more step.
    #[must_use]
    pub fn step(mut self, step: Step) -> Self {
        self.list.push(step);
        self
    }
}

impl Render for Steps {
    fn render(&self) -> Markup {
        let next = self.list.iter().position(|step| !step.done);
        html! {
            section.steps {
                h2.steps__title { (self.title) }
                p.steps__text { (self.text) }
                ol.steps__list role="list" {
                    @for (at, step) in self.list.iter().enumerate() {
                        li.steps__step data-done[step.done] aria-current=[(next == Some(at)).then_some("step")] {
                            span.steps__mark {
                                @if step.done { (Icon::Check.small()) span.hidden { (self.done) } }
                                @else { (at.saturating_add(1)) }
                            }
                            div.steps__words {
                                h3.steps__name { (step.title) }
                                @if !step.done { p.steps__how { (step.text) } }
                                @if next == Some(at) && !step.action.0.is_empty() {
                                    div.steps__action { (step.action) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
