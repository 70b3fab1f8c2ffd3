//! Keys for a list of rows and what belongs to the one that has the focus: a button that shows them, and the keys
//! themselves, which scripts listen to while nobody types in a field.

use maud::{Markup, html};

use super::{Button, Dialog, Icon, Look};
use crate::words::Words;

/// The button and the sheet it opens. `keys` are each key and what it does.
pub fn key_guide(words: &Words, keys: &[(&str, String)]) -> Markup {
    let list = html! {
        dl.key-guide__keys {
            @for (key, does) in keys {
                div.key-guide__key { dt { kbd { (key) } } dd { (does) } }
            }
        }
    };
    html! {
        key-guide.key-guide {
            (Button::plain(words.say("keys-show")).icon_only(Icon::Question).look(Look::Plain).opens("keys"))
            (Dialog::new(words, "keys", words.say("keys-title"), list))
        }
    }
}
