use crate::people::{Action, Actor, Area, Grant, PersonId, Refusal, Role, Scope, Scopes, TokenId, Via, WorkspaceId};

use super::{TABLE, allows};

fn actor(role: Role, via: Via) -> Actor {
    Actor { person: PersonId::from_bits(1), workspace: WorkspaceId::from_bits(2), role, via }
}

#[test]
fn the_table_has_every_action_once() {
    for (at, (action, _, _)) in TABLE.iter().enumerate() {
        assert!(!TABLE[..at].iter().any(|(other, _, _)| other == action), "{action:?} is there twice");
    }
    // Fails to compile when an action is added here, as a reminder to give it a row.
    for (action, _, _) in TABLE {
        match action {
            Action::SeePosts
            | Action::SeeFigures
            | Action::SeeChannels
            | Action::SeeMedia
            | Action::SeePeople
            | Action::Comment
            | Action::Write
            | Action::AddMedia
            | Action::Schedule
            | Action::Approve
            | Action::EditOthers
            | Action::ReadInbox
            | Action::Answer
            | Action::SeeSources
            | Action::ManageSources
            | Action::SeeStrategy
            | Action::ManageStrategy
            | Action::ManageChannels
            | Action::ManageMembers
            | Action::ManageSettings
            | Action::EndWorkspace => {}
        }
    }
}

#[test]
fn the_owner_may_everything_and_the_viewer_only_looks_and_comments() {
    for (action, _, _) in TABLE {
        assert_eq!(allows(Role::Owner, action), Grant::Yes, "{action:?}");
        let looks = format!("{action:?}").starts_with("See") || action == Action::Comment;
        assert_eq!(allows(Role::Viewer, action), if looks { Grant::Yes } else { Grant::No }, "{action:?}");
    }
}

#[test]
fn conditions_stand_where_the_product_says() {
    for (role, action, grant) in [
        (Role::Author, Action::Schedule, Grant::Own),
        (Role::Editor, Action::Approve, Grant::WhereAllowed),
        (Role::Author, Action::Answer, Grant::Drafts),
        (Role::Admin, Action::ManageMembers, Grant::NotOwners),
        (Role::Approver, Action::Approve, Grant::Yes),
        (Role::Approver, Action::Schedule, Grant::No),
        (Role::Approver, Action::Answer, Grant::No),
        (Role::Admin, Action::EndWorkspace, Grant::No),
        (Role::Editor, Action::ManageChannels, Grant::No),
    ] {
        assert_eq!(allows(role, action), grant, "{role} {action:?}");
    }
}

#[test]
fn a_token_narrows_what_the_role_allows_and_never_widens_it() {
    let token =
        |scopes: &[Scope]| Via::Token { id: TokenId::from_bits(3), scopes: scopes.iter().copied().collect::<Scopes>() };
    let owner = actor(Role::Owner, token(&[Scope::read(Area::Posts)]));
    assert!(owner.may(Action::SeePosts).is_ok());
    assert!(matches!(owner.may(Action::Write), Err(Refusal::MayNot { action: Action::Write })));
    assert!(owner.may(Action::SeeFigures).is_err());
    let viewer = actor(Role::Viewer, token(&[Scope::write(Area::Posts), Scope::write(Area::Channels)]));
    assert!(viewer.may(Action::SeePosts).is_ok(), "writing includes reading");
    assert!(viewer.may(Action::Write).is_err());
    assert!(viewer.may(Action::ManageChannels).is_err());
}

#[test]
fn an_author_schedules_own_posts_only_and_edits_none_of_others() {
    let author = actor(Role::Author, Via::Console);
    assert!(author.may_for(Action::Schedule, PersonId::from_bits(1)).is_ok());
    assert!(author.may_for(Action::Schedule, PersonId::from_bits(9)).is_err());
    assert!(author.may(Action::Schedule).is_err());
    assert!(author.may_edit_of(PersonId::from_bits(1)).is_ok());
    assert!(author.may_edit_of(PersonId::from_bits(9)).is_err());
    assert!(actor(Role::Viewer, Via::Console).may_edit_of(PersonId::from_bits(1)).is_err());
}

#[test]
fn scopes_are_written_and_read_the_same() {
    for area in Area::ALL {
        for scope in [Scope::read(area), Scope::write(area)] {
            assert_eq!(scope.to_string().parse(), Ok(scope));
        }
    }
    for wrong in ["posts", "posts:", "post:read", "posts:delete", ":read", ""] {
        assert!(wrong.parse::<Scope>().is_err(), "{wrong}");
    }
}
