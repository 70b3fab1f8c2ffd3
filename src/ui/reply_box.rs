//! The place to answer. It grows with what is written, and tells the others that someone is writing.

use maud::{Markup, html};

/// `answering` is told while something is typed; `body` is the form.
pub fn reply_box(answering: &str, body: &Markup) -> Markup {
    html! { reply-box.reply-box id="reply" data-answering=(answering) { (body) } }
}
