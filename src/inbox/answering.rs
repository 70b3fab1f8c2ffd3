//! Who is answering: told to the others while it is typed.

use crate::app::App;
use crate::base::clock::At;
use crate::people::{Action, Actor, PersonId, Refusal};

use super::{ConversationId, conversation};

/// The actor types an answer in this conversation.
pub async fn begin(app: &App, actor: &Actor, id: ConversationId) -> Result<(), Refusal> {
    actor.may(Action::Answer)?;
    conversation::get(app, actor, id).await?;
    if app.answering.begin(id, actor.person, app.clock.now()) {
        app.live.tell(actor.workspace, "conversation", id);
    }
    Ok(())
}

/// Who else is answering in this conversation, and until when that is taken to be so.
pub fn others(app: &App, actor: &Actor, id: ConversationId) -> Vec<(PersonId, At)> {
    let all = app.answering.in_conversation(id, app.clock.now()).into_iter();
    all.map(|(person, until_at)| (person.into(), until_at)).filter(|(person, _)| *person != actor.person).collect()
}
