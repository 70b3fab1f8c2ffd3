//! Handlers: they gather what there is to do and hand it to the view.

use actix_web::web::Path;

use super::view::{self, Picture, TaskView};
use crate::addresses;
use crate::http::{Answer, Answered, AppRef, Form, Screen};
use crate::media::signed::Signer;
use crate::pages::outward;
use crate::people::{Actor, Refusal};
use crate::publish::by_hand::{self, Task};
use crate::publish::{Publication, PublicationId, Source};
use crate::ui::Undo;
use crate::words::Message;

type PublicationPath = Path<(String, PublicationId)>;

/// What there is to do. Where nothing is, what became of it.
pub(super) async fn show(app: AppRef, actor: Actor, screen: Screen, path: PublicationPath) -> Answered {
    match by_hand::task(&app, &actor, path.1).await? {
        Some(task) => Ok(Answer::page(view::page(&screen, &view_of(&app, &screen, &path.0, task)))),
        None => Ok(Answer::go_to(addresses::publication(&path.0, path.1))),
    }
}

/// It is out.
pub(super) async fn done(app: AppRef, actor: Actor, screen: Screen, path: PublicationPath, form: Form) -> Answered {
    let link = form.text("url");
    match by_hand::done(&app, &actor, path.1, &link).await {
        Ok(publication) => {
            let said = if publication.url().is_some() { "by-hand-done" } else { "by-hand-done-without" };
            Ok(Answer::go_to(post_of(&path.0, &publication)).saying(Message::new(said)))
        }
        Err(Refusal::Invalid(problems)) => {
            let task = by_hand::task(&app, &actor, path.1).await?.ok_or(Refusal::ChangedMeanwhile)?;
            let mut view = view_of(&app, &screen, &path.0, task);
            (view.link, view.errors) = (link, screen.errors(&problems));
            Ok(Answer::again(view::page(&screen, &view)))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// It will not be posted.
pub(super) async fn skip(app: AppRef, actor: Actor, screen: Screen, path: PublicationPath) -> Answered {
    let publication = by_hand::skip(&app, &actor, path.1).await?;
    let undo = Undo {
        action: addresses::publication_deed(&path.0, path.1, "take-up"),
        label: screen.words().say("frame-undo"),
        fields: Vec::new(),
    };
    Ok(Answer::go_to(post_of(&path.0, &publication)).saying(Message::new("by-hand-skipped")).with_undo(undo))
}

/// It will be posted after all.
pub(super) async fn take_up(app: AppRef, actor: Actor, path: PublicationPath) -> Answered {
    let publication = by_hand::take_up(&app, &actor, path.1).await?;
    Ok(Answer::go_to(post_of(&path.0, &publication)).saying(Message::new("by-hand-taken-up")))
}

fn post_of(slug: &str, publication: &Publication) -> String {
    match publication.source {
        Source::Post { post } => addresses::post(slug, post),
        Source::Answer { .. } => addresses::home(slug),
    }
}

fn view_of(app: &AppRef, screen: &Screen, slug: &str, task: Task) -> TaskView {
    let words = screen.words();
    let signer = Signer::new(&app.sealer);
    let (workspace, now) = (task.publication.workspace, app.clock.now());
    let picture = |picture: crate::posts::render::PictureToSave| Picture {
        address: signer.path(workspace, picture.asset, &picture.rendition, now),
        file_name: picture.file_name,
        width_px: picture.width_px,
        height_px: picture.height_px,
        kib: picture.size_bytes.div_ceil(1024),
        alt: picture.alt,
    };
    TaskView {
        slug: slug.to_owned(),
        id: task.publication.id.to_string(),
        back: post_of(slug, &task.publication),
        due: words.day_and_time(&screen.local(task.publication.due_at), &screen.now()),
        out_at: task.publication.url().and_then(|url| outward::link(app, url)),
        handle: task.channel.map(|channel| channel.handle.clone()),
        app: task.app,
        what: task.what,
        parts: task.parts,
        first_comment: task.first_comment,
        pictures: task.pictures.into_iter().map(picture).collect(),
        may_finish: task.may_finish,
        link: String::new(),
        errors: Vec::new(),
    }
}
