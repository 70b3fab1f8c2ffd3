//! A form of which some parts are drawn anew by the server while someone types: counters, problems, a preview, the words
//! on the button. The fields themselves are left alone, so the caret stays where it is.

use maud::{Markup, html};

/// Around a form. `action` takes the whole form and answers with the parts ([`LivePart`]); a press of any of its buttons
/// but `final_value` (of the name `do`) is answered in the same way instead of by a new page.
pub fn live_form(action: &str, final_value: &str, form: &Markup) -> Markup {
    html! { live-form.live-form data-action=(action) data-final=(final_value) { (form) } }
}

/// A part that is drawn anew, told apart by its id.
#[derive(Clone, Copy, Debug)]
pub enum LivePart {
    /// Put in place of what is there, whole.
    Drawn,
    /// A list whose rows carry ids: rows that are there already stay as they are, unless they say `data-fresh`.
    Rows,
    /// A sentence that is read out when it has changed, and only then.
    Said,
}

impl LivePart {
    /// The part with this id, as it stands in the page and in the answer.
    pub fn render(self, id: &str, class: &str, body: &Markup) -> Markup {
        let kind = match self {
            Self::Drawn => "drawn",
            Self::Rows => "rows",
            Self::Said => "said",
        };
        let live = matches!(self, Self::Said).then_some("polite");
        html! { div class=(class) id=(id) data-live=(kind) aria-live=[live] { (body) } }
    }
}
