//! Something to be pasted elsewhere, with a button that copies it where the browser lets it: a value of one line, a text
//! with its lines, or a text of which only the button is shown at first.

use maud::{Markup, html};

use super::{Button, Icon, Look};
use crate::words::Words;

/// A value and its button. Without scripts or without HTTPS the value can still be selected as a whole.
pub fn copy_button(words: &Words, label: &str, value: &str) -> Markup {
    html! {
        copy-button.copy-button data-done=(words.say("copy-done")) data-by-hand=(words.say("copy-by-hand")) {
            input.input.copy-button__value value=(value) aria-label=(label) readonly;
            (Button::plain(words.say("copy-do")).icon(Icon::Copy).look(Look::Quiet))
            output.hidden aria-live="polite" {}
        }
    }
}

/// A text with its lines, and its button below it.
pub fn text_to_copy(words: &Words, label: &str, copy: &str, text: &str) -> Markup {
    html! {
        copy-button.copy-button data-tall data-done=(words.say("copy-done")) data-by-hand=(words.say("copy-by-hand")) {
            (lines(label, text))
            div.line { (Button::plain(copy).icon(Icon::Copy).look(Look::Quiet)) }
            output.hidden aria-live="polite" {}
        }
    }
}

/// The same for a text that needs no reading before it is copied.
pub fn copy_text(words: &Words, label: &str, copy: &str, text: &str) -> Markup {
    html! {
        copy-button.copy-button data-tall data-done=(words.say("copy-done")) data-by-hand=(words.say("copy-by-hand")) {
            div.line { (Button::plain(copy).icon(Icon::Copy).look(Look::Quiet).small()) }
            details.copy-button__more {
                summary { (Icon::ChevronRight.tiny()) (label) }
                (lines(label, text))
            }
            output.hidden aria-live="polite" {}
        }
    }
}

/// A newline right after the tag is not part of what stands in it, so one is put there that may be lost.
fn lines(label: &str, text: &str) -> Markup {
    html! {
        textarea.input.copy-button__lines dir="auto" aria-label=(label) rows="3" readonly { "\n" (text) }
    }
}
