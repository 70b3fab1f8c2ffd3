//! Where notices go: setting it, trying it, removing it.

use maud::Markup;

use super::notices_view::{self, NoticesView, Set, Typed};
use crate::addresses;
use crate::app::App;
use crate::base::id::random;
use crate::base::seal::Sealed;
use crate::http::{Answer, Answered, AppRef, Failure, Form, Screen};
use crate::notify::target::{self, To};
use crate::people::{Actor, FieldProblem, Refusal, Workspace};
use crate::ui::Undo;
use crate::words::Message;

pub(super) async fn show(app: AppRef, actor: Actor, screen: Screen) -> Answered {
    let typed = Typed { topic: a_topic(), ..Typed::default() };
    Ok(Answer::page(page(&app, &actor, &screen, typed, &[], None).await?))
}

pub(super) async fn update(app: AppRef, actor: Actor, own: Workspace, screen: Screen, form: Form) -> Answered {
    let typed = Typed::read(&form);
    let to = if typed.webhook {
        To::webhook(&app, &typed.url)
    } else {
        To::ntfy(&app, &typed.server, &typed.topic, &form.text("token"))
    };
    let set = match to {
        Ok(to) => target::set(&app, &actor, to, &here(&app, &screen)).await,
        Err(refusal) => Err(refusal),
    };
    match set {
        Ok(()) => Ok(back(&own).saying(Message::new("notices-set"))),
        Err(Refusal::Invalid(problems)) => {
            Ok(Answer::again(page(&app, &actor, &screen, typed, &problems, None).await?))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// Rings once, and says what came back.
pub(super) async fn test(app: AppRef, actor: Actor, own: Workspace, screen: Screen) -> Answered {
    match target::test(&app, &actor, &own.name, &addresses::home(&own.slug)).await {
        Ok(said) => Ok(back(&own).saying(said)),
        Err(Refusal::Rule(trouble)) => {
            let typed = Typed { topic: a_topic(), ..Typed::default() };
            let page = page(&app, &actor, &screen, typed, &[], Some(&trouble)).await?;
            Ok(Answer::page(page).status(502))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// Nowhere but the app. The way back carries the address sealed, so that none of it stays here.
pub(super) async fn remove(app: AppRef, actor: Actor, own: Workspace, screen: Screen) -> Answered {
    let sealed = target::remove(&app, &actor).await?;
    let undo = Undo {
        action: addresses::workspace(&own.slug, "settings/notices/return"),
        label: screen.words().say("frame-undo"),
        fields: vec![("sealed".to_owned(), sealed.to_text())],
    };
    Ok(back(&own).saying(Message::new("notices-removed")).with_undo(undo))
}

pub(super) async fn put_back(app: AppRef, actor: Actor, own: Workspace, form: Form) -> Answered {
    let sealed = form.find("sealed").and_then(Sealed::of_text).ok_or(Refusal::NotThere)?;
    target::put_back(&app, &actor, sealed).await?;
    Ok(back(&own).saying(Message::new("notices-set")))
}

/// Where this browser reaches this server.
fn here(app: &App, screen: &Screen) -> String {
    format!("{}{}", screen.visitor.origin(), app.config.base_path)
}

/// A topic that nobody guesses: at most servers who knows it can read along.
fn a_topic() -> String {
    format!("belfry-{}", data_encoding::BASE32_NOPAD.encode(&random::<10>()).to_ascii_lowercase())
}

fn back(own: &Workspace) -> Answer {
    Answer::go_to(addresses::workspace(&own.slug, "settings/notices"))
}

async fn page(
    app: &AppRef,
    actor: &Actor,
    screen: &Screen,
    typed: Typed,
    problems: &[FieldProblem],
    trouble: Option<&Message>,
) -> Result<Markup, Failure> {
    let target = target::find(app, actor.workspace).await?;
    let set = match target.map(|target| target::open(app, &target)) {
        None => Set::Nowhere,
        Some(Err(_closed)) => Set::Closed,
        Some(Ok(way)) => Set::To { host: way.to.host(), leads_to: target::reached_at(app, &way) },
    };
    let view = NoticesView {
        set,
        typed,
        errors: screen.errors(problems),
        trouble: trouble.map(|message| screen.words().render(message)),
    };
    Ok(notices_view::page(screen, &view))
}
