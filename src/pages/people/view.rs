//! The page of members.

use maud::{Markup, Render, html};

use super::roles::roles;
use crate::addresses;
use crate::base::seal::Secret;
use crate::http::Screen;
use crate::people::invitation::Invitation;
use crate::people::member::Member;
use crate::people::person::Person;
use crate::people::{Action, Actor, Grant, Role};
use crate::ui::{
    Avatar, Button, ButtonForm, Field, Form, Icon, Look, Note, Place, Row, Section, Select, copy_button, qr,
};

/// What the page shows.
pub(super) struct PeopleView<'a> {
    pub(super) members: Vec<(Member, Person)>,
    pub(super) invitations: Vec<Invitation>,
    /// A link that was just made.
    pub(super) link: Option<Secret>,
    pub(super) actor: &'a Actor,
}

pub(super) fn page(screen: &Screen, view: &PeopleView<'_>) -> Markup {
    let words = screen.words();
    let manages = view.actor.can(Action::ManageMembers);
    let owners = view.members.iter().filter(|(member, _person)| member.role == Role::Owner).count();
    let members = view.members.iter().map(|(member, person)| {
        let last_owner = member.role == Role::Owner && owners == 1;
        member_row(screen, view.actor, member, person, last_owner)
    });
    let invitations = view.invitations.iter().map(|invitation| invitation_row(screen, invitation));
    let main = html! {
        @if let Some(link) = &view.link {
            (Note::info(words.say("people-link-text")).title(words.say("people-link")).icon(Icon::Link).action(html! {
                (copy_button(words, &words.say("people-link"), link.reveal()))
                (qr(words, link.reveal()))
            }))
        }
        (Section::new(words.say("people-members")).rows(members))
        @if !view.invitations.is_empty() { (Section::new(words.say("people-invitations")).rows(invitations)) }
        @if !manages { p.soft { (words.say("people-ask")) } }
        (roles(words))
        @if manages { (invite_form(screen, view.actor)) }
    };
    let page = screen.page(words.say("place-people"), Place::People);
    page.render(&main)
}

fn slug(screen: &Screen) -> &str {
    screen.workspace.as_ref().map_or("", |workspace| &workspace.slug)
}

/// The roles this actor may give.
fn to_give(actor: &Actor) -> impl Iterator<Item = Role> {
    let owners_too = actor.grant(Action::ManageMembers) == Grant::Yes;
    Role::ALL.into_iter().filter(move |role| owners_too || *role != Role::Owner)
}

fn role_select(screen: &Screen, actor: &Actor, id: String, chosen: Role) -> Select {
    let words = screen.words();
    let select = Select::new("role", words.say("people-role")).id(id).chosen(chosen.name());
    to_give(actor).fold(select, |select, role| select.option(role.name(), words.say(role.key())))
}

fn member_row(screen: &Screen, actor: &Actor, member: &Member, person: &Person, last_owner: bool) -> Row {
    let words = screen.words();
    let me = member.person == actor.person;
    let may_touch = actor.can(Action::ManageMembers)
        && (actor.grant(Action::ManageMembers) == Grant::Yes || member.role != Role::Owner);
    let of = |deed: &str| addresses::workspace(slug(screen), &format!("people/{}/{deed}", member.person));
    let title = if me { words.tell("people-me", &[("name", (&person.name).into())]) } else { person.name.clone() };
    let removal = words.tell(if me { "people-leave" } else { "people-remove" }, &[("name", (&person.name).into())]);
    let role = words.say(if last_owner { "people-last-owner" } else { member.role.key() });
    let row = Row::new(title).lead(Avatar::new(&person.name).render()).text(role);
    if last_owner {
        // There must be one: whoever wants to go makes someone else an owner first.
        return row;
    }
    row.end(html! {
        @if may_touch && !me {
            (Form::post(of("role"), &screen.csrf, html! {
                (role_select(screen, actor, format!("role-{}", member.person), member.role).label_hidden())
                (Button::submit(words.say("people-role-keep")).look(Look::Quiet).small())
            }))
        }
        @if may_touch || me {
            (ButtonForm::new(of("removal"), &screen.csrf,
                Button::submit(removal).icon_only(if me { Icon::Logout } else { Icon::Close }).look(Look::Plain)))
        }
    })
}

fn invitation_row(screen: &Screen, invitation: &Invitation) -> Row {
    let words = screen.words();
    let title = if invitation.note.is_empty() { words.say("people-someone") } else { invitation.note.clone() };
    let until = words.day_and_time(&screen.local(invitation.ends_at), &screen.now());
    let args = [("role", words.say(invitation.role.key()).into()), ("until", until.into())];
    let address = addresses::workspace(slug(screen), &format!("invitations/{}/removal", invitation.id));
    let button = Button::submit(words.say("people-take-back")).look(Look::Quiet).small();
    Row::new(title)
        .lead(Icon::Link.render())
        .text(words.tell("people-invitation", &args))
        .end(ButtonForm::new(address, &screen.csrf, button).render())
}

fn invite_form(screen: &Screen, actor: &Actor) -> Markup {
    let words = screen.words();
    let form = Form::post(
        addresses::workspace(slug(screen), "invitations"),
        &screen.csrf,
        html! {
            (Field::text("note", words.say("people-note")).hint(words.say("people-note-hint"))
                .optional(words.say("field-optional")).max_length(80))
            (role_select(screen, actor, "field-invite-role".to_owned(), Role::Editor))
            (Button::link("#roles", words.say("roles-title")).look(Look::Plain).small())
            (Button::submit(words.say("people-invite")).icon(Icon::Link))
        },
    );
    html! { section.section { h2.section__title { (words.say("people-invite-title")) } (form) } }
}
