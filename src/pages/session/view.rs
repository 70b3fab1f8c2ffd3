//! Sign-in, invitations, the list of workspaces.

use maud::{Markup, Render, html};

use super::invite::Typed;
use crate::addresses;
use crate::http::Screen;
use crate::http::screen::error_at;
use crate::people::workspace::Settings;
use crate::people::{FieldProblem, Role, Workspace};
use crate::ui::{
    Avatar, Button, ButtonForm, Empty, ErrorSummary, Field, Form, Icon, Look, Place, Row, Section, zone_guess,
};

pub(super) fn sign_in(screen: &Screen, name: &str, next: &str, problems: &[FieldProblem]) -> Markup {
    let words = screen.words();
    let errors = screen.errors(problems);
    let name_field = Field::text("sign_in", words.say("sign-in-name")).value(name).autocomplete("username");
    let body = html! {
        (ErrorSummary::new(words, &errors))
        @if next != "/" { input type="hidden" name="next" value=(next); }
        @if name.is_empty() { (name_field.autofocus()) } @else { (name_field) }
        (Field::password("password", words.say("sign-in-password")).error(error_at(&errors, "password")))
        (Button::submit(words.say("sign-in-button")).wide())
    };
    let mut page = screen.bare(words.say("sign-in-title"));
    page.foot = html! { p { (words.say("sign-in-lost")) } };
    page.render(&Form::post("/sign-in", &screen.csrf, body).render())
}

/// What the page of an invitation shows.
pub(super) struct InviteView<'a> {
    pub(super) token: &'a str,
    pub(super) workspace: &'a str,
    pub(super) role: Role,
    pub(super) by: &'a str,
    pub(super) typed: &'a Typed,
}

pub(super) fn invite(screen: &Screen, view: &InviteView<'_>, problems: &[FieldProblem]) -> Markup {
    let words = screen.words();
    let errors = screen.errors(problems);
    let address = addresses::invite(view.token);
    let join = Button::submit(words.tell("invite-join", &[("workspace", view.workspace.into())])).wide();
    let body = if let Some(signed_in) = &screen.signed_in {
        html! {
            p { (words.tell("invite-as", &[("name", signed_in.person.name.as_str().into())])) }
            (ButtonForm::new(&address, &screen.csrf, join))
        }
    } else {
        html! {
            h2 { (words.say("invite-new")) }
            (Form::post(&address, &screen.csrf, html! {
                (ErrorSummary::new(words, &errors))
                (Field::text("name", words.say("set-up-name")).hint(words.say("set-up-name-hint")).value(&view.typed.name)
                    .autocomplete("name").max_length(80).error(error_at(&errors, "name")))
                (Field::text("sign_in", words.say("set-up-sign-in")).value(&view.typed.sign_in)
                    .autocomplete("username").max_length(254).error(error_at(&errors, "sign_in")))
                (Field::password("password", words.say("set-up-password")).hint(words.say("set-up-password-hint"))
                    .autocomplete("new-password").error(error_at(&errors, "password")))
                (join)
            }))
            h2 { (words.say("invite-known")) }
            (Button::link(addresses::sign_in(Some(&address)), words.say("invite-known-button")).look(Look::Quiet).wide())
        }
    };
    let mut page = screen.bare(words.tell("invite-title", &[("workspace", view.workspace.into())]));
    page.lede = Some(words.tell(
        "invite-lede",
        &[
            ("by", view.by.into()),
            ("role", words.say(view.role.key()).into()),
            ("about", words.say(view.role.about_key()).into()),
        ],
    ));
    page.render(&body)
}

pub(super) fn invite_gone(screen: &Screen) -> Markup {
    let words = screen.words();
    let mut page = screen.bare(words.say("invite-gone-title"));
    page.lede = Some(words.say("invitation-gone"));
    page.render(&html! { (Button::link("/", words.say("failure-home")).wide()) })
}

/// `typed` is what stands in the form for a new one; `None` for those who may not make one.
pub(super) fn workspaces(
    screen: &Screen,
    list: &[(Workspace, Role)],
    typed: Option<&Settings>,
    problems: &[FieldProblem],
) -> Markup {
    let words = screen.words();
    let errors = screen.errors(problems);
    let rows = list.iter().map(|(workspace, role)| {
        Row::new(&workspace.name)
            .href(addresses::home(&workspace.slug))
            .lead(Avatar::new(&workspace.name).tone(workspace.tone).square().render())
            .text(words.say(role.key()))
    });
    let main = html! {
        @if list.is_empty() {
            (Empty::new(Icon::Users, words.say("workspaces-none"), words.say("workspaces-none-text")))
        } @else { (Section::new(words.say("workspaces-title")).rows(rows)) }
        @if let Some(typed) = typed {
            section.section {
                h2.section__title { (words.say("workspaces-new")) }
                (Form::post(addresses::WORKSPACES, &screen.csrf, html! {
                    (ErrorSummary::new(words, &errors))
                    (Field::text("workspace", words.say("set-up-workspace")).value(&typed.name).max_length(60)
                        .error(error_at(&errors, "workspace")))
                    (zone_guess(words, &typed.zone, error_at(&errors, "zone")))
                    (Button::submit(words.say("workspaces-create")))
                }))
            }
        }
        (ButtonForm::new(addresses::SIGN_OUT, &screen.csrf,
            Button::submit(words.say("frame-sign-out")).icon(Icon::Logout).look(Look::Quiet)))
    };
    let mut page = screen.page(words.say("workspaces-title"), Place::More);
    page.modules = &["elements/zone-guess.js"];
    page.width = crate::ui::Width::Reading;
    page.render(&main)
}
