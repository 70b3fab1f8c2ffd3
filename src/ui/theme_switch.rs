//! Light, dark, or as the device: three choices and a button, which scripts press by themselves.

use maud::{Markup, html};

use super::{Button, Look, Theme, csrf_input};
use crate::words::Words;

/// The choice of colours; `action` keeps it (a cookie, so that the server draws the right one at once).
pub fn theme_switch(words: &Words, action: &str, csrf: &str, current: Theme) -> Markup {
    let themes = [(Theme::Auto, "theme-auto"), (Theme::Light, "theme-light"), (Theme::Dark, "theme-dark")];
    html! {
        theme-switch.theme-switch {
            form.theme-switch__form method="post" action=(action) {
                (csrf_input(csrf))
                fieldset.field {
                    legend.field__label { (words.say("theme-label")) }
                    div.theme-switch__choices {
                        @for (theme, key) in themes {
                            label.theme-switch__choice {
                                input type="radio" name="theme" value=(theme.name()) checked[theme == current];
                                span { (words.say(key)) }
                            }
                        }
                    }
                }
                (Button::submit(words.say("theme-keep")).look(Look::Quiet).small())
            }
        }
    }
}
