//! The frame of a workspace's page with the number on the inbox's tab.

use crate::http::{AppRef, Failure, Screen};
use crate::inbox::conversation;
use crate::people::{Action, Actor};
use crate::ui::{Page, Place};

/// A page at this place, with how many conversations nobody has looked at.
pub(super) async fn page<'a>(
    app: &AppRef,
    actor: &Actor,
    screen: &'a Screen,
    title: impl Into<String>,
    place: Place,
) -> Result<Page<'a>, Failure> {
    let mut page = screen.page(title, place);
    if actor.may(Action::ReadInbox).is_ok() {
        page.unread = u32::try_from(conversation::unread(app, actor.workspace).await?).unwrap_or(u32::MAX);
    }
    Ok(page)
}
