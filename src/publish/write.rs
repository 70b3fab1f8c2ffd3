//! Saving what a person writes, whichever way it stands: not begun yet, a draft, or planned already.

use crate::app::App;
use crate::people::{Actor, Refusal};
use crate::posts::{Content, Post, PostId, Stage, draft};
use crate::store::Stored;

use super::accept::{save_post, unplan};

/// What was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Writing {
    /// The id of the post; made before it is first saved, so that saving twice is saving once.
    pub post: PostId,
    /// The edition it was written from; 0: the post is not saved yet.
    pub edition: u32,
    /// What it says.
    pub content: Content,
}

/// Saves it: begins the post where it is new. A planned post stays planned.
pub async fn keep(app: &App, actor: &Actor, writing: &Writing) -> Result<Stored<Post>, Refusal> {
    let Writing { post, edition, content } = writing;
    if 0 < *edition {
        return save_post(app, actor, *post, *edition, content.clone()).await;
    }
    let begun = draft::create_as(app, actor, *post, content.clone()).await?;
    // Begun by an earlier request of the same form, which may have said something else.
    if begun.content == *content || begun.author != actor.person {
        return Ok(begun);
    }
    if begun.saved_by != actor.person {
        return Err(Refusal::ChangedMeanwhile);
    }
    save_post(app, actor, begun.id, begun.edition, content.clone()).await
}

/// Saves it as a draft: a planned post is taken back first, so that it need not be fit to go out.
pub async fn keep_as_draft(app: &App, actor: &Actor, writing: &Writing) -> Result<Stored<Post>, Refusal> {
    let known = if writing.edition == 0 { None } else { Some(draft::get(app, actor, writing.post).await?) };
    let Some(planned) = known.filter(|post| post.stage == Stage::Planned) else {
        return keep(app, actor, writing).await;
    };
    draft::same_edition(&planned, writing.edition)?;
    let draft = unplan(app, actor, writing.post).await?;
    keep(app, actor, &Writing { edition: draft.edition, ..writing.clone() }).await
}
