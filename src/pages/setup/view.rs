//! The set-up page.

use maud::{Markup, Render, html};

use super::form::SetupForm;
use crate::addresses;
use crate::http::Screen;
use crate::http::screen::error_at;
use crate::people::FieldProblem;
use crate::ui::{Button, ErrorSummary, Field, Form};

pub(super) fn page(screen: &Screen, typed: &SetupForm, problems: &[FieldProblem]) -> Markup {
    let words = screen.words();
    let errors = screen.errors(problems);
    let text = |name: &'static str, label: &str, value: &str| {
        Field::text(name, words.say(label)).value(value).error(error_at(&errors, name))
    };
    let body = html! {
        (ErrorSummary::new(words, &errors))
        (text("code", "set-up-code", &typed.code).hint(words.say("set-up-code-hint")).autocomplete("off").max_length(32))
        (text("name", "set-up-name", &typed.name).hint(words.say("set-up-name-hint")).autocomplete("name").max_length(80))
        (text("sign_in", "set-up-sign-in", &typed.sign_in).autocomplete("username").max_length(254))
        (Field::password("password", words.say("set-up-password")).hint(words.say("set-up-password-hint"))
            .autocomplete("new-password").error(error_at(&errors, "password")))
        (text("workspace", "set-up-workspace", &typed.workspace).hint(words.say("set-up-workspace-hint"))
            .autocomplete("organization").max_length(60))
        (crate::ui::zone_guess(words, &typed.zone, error_at(&errors, "zone")))
        (Button::submit(words.say("set-up-button")).wide())
    };
    let mut page = screen.bare(words.say("set-up-title"));
    page.lede = Some(words.say("set-up-lede"));
    page.modules = &["elements/zone-guess.js"];
    page.render(&Form::post(addresses::SETUP, &screen.csrf, body).render())
}
