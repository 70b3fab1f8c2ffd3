//! A value to be pasted elsewhere, with a button that copies it where the browser lets it.

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
