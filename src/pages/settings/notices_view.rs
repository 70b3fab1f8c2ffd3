//! The page of where notices go.

use maud::{Markup, Render, html};

use crate::addresses;
use crate::http::screen::error_at;
use crate::http::{Form as Sent, Screen};
use crate::notify::target::NTFY;
use crate::ui::{
    Button, ButtonForm, ErrorSummary, Field, Form, Hue, Icon, Look, Note, Place, Row, Section, Width, card, dot,
    heading,
};
use crate::words::Words;

/// What is told, in the order of urgency: an icon and its sentence.
const TOLD: [(Icon, &str); 4] = [
    (Icon::Phone, "notices-told-by-hand"),
    (Icon::Warning, "notices-told-person"),
    (Icon::Key, "notices-told-reconnect"),
    (Icon::Inbox, "notices-told-message"),
];

/// What stands in the forms.
#[derive(Default)]
pub(super) struct Typed {
    pub(super) webhook: bool,
    pub(super) server: String,
    pub(super) topic: String,
    pub(super) url: String,
}

impl Typed {
    /// What was sent; a token does not come back.
    pub(super) fn read(form: &Sent) -> Self {
        Self {
            webhook: form.text("kind") == "webhook",
            server: form.text("server"),
            topic: form.text("topic"),
            url: form.text("url"),
        }
    }
}

/// Where notices go, as much as a page shows of it.
pub(super) enum Set {
    /// Nowhere but the app.
    Nowhere,
    /// The address does not open with this server's key.
    Closed,
    /// Somewhere.
    To {
        /// The host that is asked.
        host: String,
        /// Where a notice leads.
        leads_to: String,
    },
}

/// What the page shows.
pub(super) struct NoticesView {
    pub(super) set: Set,
    pub(super) typed: Typed,
    pub(super) errors: Vec<(String, String)>,
    /// What came of a test, where it did not go well.
    pub(super) trouble: Option<String>,
}

pub(super) fn page(screen: &Screen, view: &NoticesView) -> Markup {
    let words = screen.words();
    let main = html! {
        div.stack {
            (ErrorSummary::new(words, &view.errors))
            @if let Some(trouble) = &view.trouble {
                div role="alert" { (Note::rust(trouble).title(words.say("notices-test-ill"))) }
            }
            @match &view.set {
                Set::To { host, leads_to } => (is_set(screen, host, leads_to)),
                Set::Closed => (Note::rust(words.say("notices-closed")).action(removal(screen))),
                Set::Nowhere => p.soft { (words.say("notices-none")) },
            }
        }
        (Section::new(words.say("notices-told")).rows(TOLD.map(|(icon, key)| Row::new(words.say(key)).lead(dot(icon, Hue::Plain)))))
        @if !matches!(view.set, Set::Nowhere) {
            div.section {
                details.more open[!view.errors.is_empty()] {
                    summary.more__summary { (Icon::ChevronRight.small()) (words.say("notices-change")) }
                    (ways(screen, view))
                }
            }
        } @else { (ways(screen, view)) }
    };
    let mut page = screen.page(words.say("notices-title"), Place::Settings);
    page.width = Width::Reading;
    page.back = Some(at(screen, "settings"));
    page.render(&main)
}

fn at(screen: &Screen, page: &str) -> String {
    let slug = screen.workspace.as_ref().map_or("", |workspace| &workspace.slug);
    addresses::workspace(slug, page)
}

fn is_set(screen: &Screen, host: &str, leads_to: &str) -> Markup {
    let words = screen.words();
    let test = Button::submit(words.say("notices-test")).icon(Icon::Send).look(Look::Quiet);
    card(html! {
        div.stack {
            p { (words.tell("notices-go-to", &[("host", host.into())])) }
            p.small.soft { (words.tell("notices-lead-to", &[("address", leads_to.into())])) }
            div.line {
                (ButtonForm::new(at(screen, "settings/notices/test"), &screen.csrf, test))
                (removal(screen))
            }
        }
    })
}

fn removal(screen: &Screen) -> Markup {
    let button = Button::submit(screen.words().say("notices-remove")).icon(Icon::Trash).look(Look::Plain);
    ButtonForm::new(at(screen, "settings/notices/removal"), &screen.csrf, button).render()
}

fn ways(screen: &Screen, view: &NoticesView) -> Markup {
    let words = screen.words();
    html! {
        (heading(&words.say("notices-ntfy")))
        div.stack {
            (card(html! { div.stack { (steps(words)) (ntfy(screen, view)) } }))
            details.more open[view.typed.webhook] {
                summary.more__summary { (Icon::ChevronRight.small()) (words.say("notices-webhook")) }
                (webhook(screen, view))
            }
        }
    }
}

fn steps(words: &Words) -> Markup {
    let steps = ["notices-ntfy-step-1", "notices-ntfy-step-2", "notices-ntfy-step-3"];
    html! { ol.guide { @for step in steps { li.guide__step { (words.say(step)) } } } }
}

fn ntfy(screen: &Screen, view: &NoticesView) -> Form {
    let (words, typed) = (screen.words(), &view.typed);
    let optional = words.say("field-optional");
    let fields = html! {
        input type="hidden" name="kind" value="ntfy";
        (Field::text("topic", words.say("notices-topic")).hint(words.say("notices-topic-hint")).value(&typed.topic)
            .autocomplete("off").max_length(64).error(error_at(&view.errors, "topic")))
        (Field::url("server", words.say("notices-server")).hint(words.say("notices-server-hint")).value(&typed.server)
            .placeholder(NTFY).optional(&optional).max_length(1000).error(error_at(&view.errors, "server")))
        (Field::password("token", words.say("notices-token")).hint(words.say("notices-token-hint"))
            .autocomplete("off").optional(&optional).max_length(1000).error(error_at(&view.errors, "token")))
        div.line { (Button::submit(words.say("notices-keep")).icon(Icon::Check)) }
    };
    Form::post(at(screen, "settings/notices"), &screen.csrf, fields)
}

fn webhook(screen: &Screen, view: &NoticesView) -> Form {
    let words = screen.words();
    let fields = html! {
        input type="hidden" name="kind" value="webhook";
        (Field::url("url", words.say("notices-url")).hint(words.say("notices-url-hint")).value(&view.typed.url)
            .autocomplete("off").max_length(1000).error(error_at(&view.errors, "url")))
        div.line { (Button::submit(words.say("notices-keep")).icon(Icon::Check).look(Look::Quiet)) }
    };
    Form::post(at(screen, "settings/notices"), &screen.csrf, fields)
}
