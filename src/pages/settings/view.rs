//! The page of settings.

use maud::{Markup, Render, html};

use super::handlers::Typed;
use crate::addresses;
use crate::http::Screen;
use crate::http::screen::error_at;
use crate::people::session::Session;
use crate::people::token::ApiToken;
use crate::people::{Action, Actor, Area, Scope, Scopes, SessionId};
use crate::ui::{
    Button, ButtonForm, Choices, ErrorSummary, Field, Form, Hue, Icon, Look, Note, Place, Row, Section, Select, Width,
    copy_button, dot, theme_switch, zone_guess,
};

/// For how many days a token can be made to be good.
const TOKEN_DAYS: [u32; 4] = [7, 30, 90, 365];

/// What the page shows.
pub(super) struct SettingsView<'a> {
    pub(super) typed: Typed,
    pub(super) sessions: Vec<Session>,
    pub(super) this_session: SessionId,
    pub(super) tokens: Vec<ApiToken>,
    pub(super) areas: Vec<Area>,
    /// Where the API is.
    pub(super) api: String,
    pub(super) actor: &'a Actor,
}

pub(super) fn page(screen: &Screen, view: &SettingsView<'_>) -> Markup {
    let words = screen.words();
    let errors = screen.errors(&view.typed.problems);
    let main = html! {
        (ErrorSummary::new(words, &errors))
        @if let Some((token, _row)) = &view.typed.token {
            (Note::info(words.say("settings-token-text")).title(words.say("settings-token-new")).icon(Icon::Key)
                .action(copy_button(words, &words.say("settings-token-new"), token.reveal())))
        }
        @if !screen.visitor.is_secure_context() { (without_https(screen)) }
        @if view.actor.can(Action::ManageSettings) {
            (workspace_form(screen, view, &errors))
            (Section::new(words.say("notices-title")).row(&Row::new(words.say("notices-row")).href(at(screen, "/notices"))
                .lead(dot(Icon::Bell, Hue::Plain)).text(words.say("notices-row-text"))))
        }
        section.section { h2.section__title { (words.say("settings-colours")) }
            (theme_switch(words, addresses::THEME, &screen.csrf, screen.theme)) }
        (sessions(screen, view))
        (password_form(screen, &errors))
        @if view.actor.can(Action::ManageChannels) { (tokens(screen, view, &errors)) (api(screen, view)) }
    };
    let mut page = screen.page(words.say("place-settings"), Place::Settings);
    page.width = Width::Reading;
    page.modules = &["elements/theme-switch.js"];
    page.render(&main)
}

fn at(screen: &Screen, rest: &str) -> String {
    let slug = screen.workspace.as_ref().map_or("", |workspace| &workspace.slug);
    addresses::workspace(slug, &format!("settings{rest}"))
}

/// What browsers keep for HTTPS, and the ways to get it.
fn without_https(screen: &Screen) -> Markup {
    let words = screen.words();
    let list = |keys: &[&str]| html! { ul { @for key in keys { li { (words.say(key)) } } } };
    Note::amber(words.say("settings-http-text"))
        .title(words.say("settings-http-title"))
        .action(html! {
            p { (words.say("settings-http-off")) }
            (list(&["settings-http-off-push", "settings-http-off-install", "settings-http-off-drafts"]))
            p { (words.say("settings-http-ways")) }
            (list(&["settings-http-way-proxy", "settings-http-way-tailscale", "settings-http-way-own"]))
        })
        .render()
}

fn workspace_form(screen: &Screen, view: &SettingsView<'_>, errors: &[(String, String)]) -> Markup {
    let (words, typed) = (screen.words(), &view.typed.settings);
    let tones = (1..=12_u8).fold(Select::new("tone", words.say("settings-tone")), |select, tone| {
        select.option(tone.to_string(), words.tell("settings-tone-number", &[("number", tone.to_string().into())]))
    });
    let days = (1..=7_i64).fold(Select::new("week_starts_on", words.say("settings-week")), |select, day| {
        select.option(day.to_string(), words.tell("date-weekday", &[("number", day.into())]))
    });
    let form = Form::post(
        at(screen, ""),
        &screen.csrf,
        html! {
            (Field::text("workspace", words.say("set-up-workspace")).value(&typed.name).max_length(60)
                .error(error_at(errors, "workspace")))
            (zone_guess(words, &typed.zone, error_at(errors, "zone")))
            (tones.chosen(typed.tone.to_string()).error(error_at(errors, "tone")))
            (Field::number("late_after_hours", words.say("settings-late")).hint(words.say("settings-late-hint"))
                .value(typed.late_after_hours.to_string()).range("1", "720").error(error_at(errors, "late_after_hours")))
            (days.chosen(typed.week_starts_on.to_string()).error(error_at(errors, "week_starts_on")))
            (Button::submit(words.say("settings-keep")))
        },
    );
    html! { section.section { h2.section__title { (words.say("settings-workspace")) } (form) } }
}

fn sessions(screen: &Screen, view: &SettingsView<'_>) -> Markup {
    let words = screen.words();
    let rows = view.sessions.iter().map(|session| {
        let this = session.id == view.this_session;
        let name = if session.agent.is_empty() { words.say("settings-session-unknown") } else { session.agent.clone() };
        let seen = words.ago(&screen.local(session.seen_at), &screen.now());
        let text = if this {
            words.say("settings-session-this")
        } else {
            words.tell("settings-session-seen", &[("seen", seen.into())])
        };
        let address = at(screen, &format!("/sessions/{}/removal", session.id));
        let button = Button::submit(words.say("settings-session-end")).look(Look::Quiet).small();
        let row = Row::new(name).lead(Icon::Phone.render()).text(text);
        if this { row } else { row.end(ButtonForm::new(address, &screen.csrf, button).render()) }
    });
    let others = 1 < view.sessions.len();
    let all = Button::submit(words.say("settings-sessions-end")).icon(Icon::Logout).look(Look::Quiet);
    html! {
        (Section::new(words.say("settings-sessions")).rows(rows))
        @if others { (ButtonForm::new(at(screen, "/sessions/removal"), &screen.csrf, all)) }
    }
}

fn password_form(screen: &Screen, errors: &[(String, String)]) -> Markup {
    let words = screen.words();
    let form = Form::post(
        at(screen, "/password"),
        &screen.csrf,
        html! {
            (Field::password("old_password", words.say("settings-password-old")).error(error_at(errors, "old_password")))
            (Field::password("new_password", words.say("settings-password-new")).hint(words.say("set-up-password-hint"))
                .autocomplete("new-password").error(error_at(errors, "new_password")))
            (Button::submit(words.say("settings-password-change")))
        },
    );
    html! { section.section { h2.section__title { (words.say("settings-password")) } (form) } }
}

fn tokens(screen: &Screen, view: &SettingsView<'_>, errors: &[(String, String)]) -> Markup {
    let words = screen.words();
    let rows = view.tokens.iter().map(|token| {
        let used = token.used_at.map_or_else(
            || words.say("settings-token-unused"),
            |at| words.tell("settings-session-seen", &[("seen", words.ago(&screen.local(at), &screen.now()).into())]),
        );
        let scopes: Vec<String> = token.scopes.iter().map(|scope| scope.to_string()).collect();
        let ends = token.expires_at.map(|at| {
            let key = if token.is_over(screen.now().timestamp().into()) {
                "settings-token-over"
            } else {
                "settings-token-ends"
            };
            words.tell(key, &[("when", words.day_and_time(&screen.local(at), &screen.now()).into())])
        });
        let told = [Some(used), ends];
        let address = at(screen, &format!("/tokens/{}/removal", token.id));
        let button = Button::submit(words.say("settings-token-revoke")).look(Look::Quiet).small();
        Row::new(&token.name)
            .lead(Icon::Key.render())
            .text(scopes.join(" "))
            .context(told.into_iter().flatten().collect::<Vec<_>>().join(" · "))
            .end(ButtonForm::new(address, &screen.csrf, button).render())
    });
    let scopes = view.areas.iter().flat_map(|area| [Scope::read(*area), Scope::write(*area)]);
    let choices = Choices::some("scopes", words.say("settings-token-scopes")).error(error_at(errors, "scopes"));
    let choices = scopes.fold(choices, |choices, scope| choices.option(scope.to_string(), scope.to_string()));
    let ends = TOKEN_DAYS.into_iter().fold(
        Select::new("expires_in_days", words.say("settings-token-expires"))
            .option("", words.say("settings-token-expires-never")),
        |ends, days| ends.option(days.to_string(), words.tell("date-days", &[("count", days.into())])),
    );
    let ends = ends.error(error_at(errors, "expires_in_days"));
    html! {
        @if !view.tokens.is_empty() { (Section::new(words.say("settings-tokens")).rows(rows)) }
        section.section {
            h2.section__title { (words.say("settings-token-make")) }
            (Form::post(at(screen, "/tokens"), &screen.csrf, html! {
                (Field::text("name", words.say("settings-token-name")).max_length(80).error(error_at(errors, "name")))
                (choices)
                (ends)
                (Button::submit(words.say("settings-token-create")).icon(Icon::Key))
            }))
        }
    }
}

/// Where the API is, and a command that asks it something: with the token that was just made, or a place for one.
fn api(screen: &Screen, view: &SettingsView<'_>) -> Markup {
    let words = screen.words();
    let made = view.typed.token.as_ref().map(|(text, token)| (text.reveal(), token));
    let asks = made.map_or("posts?stage=draft", |(_text, token)| asked_first(&token.scopes));
    let token = made.map_or("$BELFRY_TOKEN", |(text, _token)| text);
    let example = format!("curl -H \"Authorization: Bearer {token}\" \"{}/{asks}\"", view.api);
    html! {
        section.section {
            h2.section__title { (words.say("settings-api")) }
            div.stack {
                p { (words.say("settings-api-text")) }
                (copy_button(words, &words.say("settings-api-address"), &view.api))
                p { (words.say("settings-api-document")) " "
                    a href=(addresses::OPENAPI) { (words.say("settings-api-openapi")) } }
                p { (words.say("settings-api-example")) }
                (copy_button(words, &words.say("settings-api-command"), &example))
            }
        }
    }
}

/// An address that a token with these scopes may read.
fn asked_first(scopes: &Scopes) -> &'static str {
    let readable = [
        (Area::Posts, "posts?stage=draft"),
        (Area::Media, "media"),
        (Area::Channels, "channels"),
        (Area::Inbox, "conversations"),
        (Area::Metrics, "metrics/overview"),
    ];
    let first = readable.into_iter().find(|(area, _asks)| scopes.allow(Scope::read(*area)));
    first.map_or("openapi.json", |(_area, asks)| asks)
}
