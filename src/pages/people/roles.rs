//! What each role may do, read from the one permission table: as a table where there is room, as a fold for each role on
//! a phone.

use maud::{Markup, html};

use crate::people::permission::{TABLE, allows};
use crate::people::{Action, Grant, Role};
use crate::ui::Icon;
use crate::words::Words;

/// The roles, for who is to choose one.
pub(super) fn roles(words: &Words) -> Markup {
    html! {
        section.section id="roles" {
            div.section__head { h2.section__title { (words.say("roles-title")) } }
            div.roles__wide { (table(words)) }
            div.roles__narrow { @for role in Role::ALL { (fold(words, role)) } }
        }
    }
}

fn table(words: &Words) -> Markup {
    html! {
        div.card.card--padded {
            table.table.roles {
                thead {
                    tr {
                        th scope="col" { (words.say("roles-action")) }
                        @for role in Role::ALL { th scope="col" { (words.say(role.key())) } }
                    }
                }
                tbody {
                    @for (action, _scope, _grants) in &TABLE {
                        tr {
                            th scope="row" { (words.say(action.key())) }
                            @for role in Role::ALL { td { (cell(words, allows(role, *action))) } }
                        }
                    }
                }
            }
        }
    }
}

fn cell(words: &Words, grant: Grant) -> Markup {
    html! {
        @match (grant, grant.condition()) {
            (Grant::No, _) => span.soft { span aria-hidden="true" { "–" } span.hidden { (words.say("roles-no")) } },
            (_, Some(condition)) => span.roles__condition { (words.say(condition)) },
            (_, None) => span.roles__yes { (Icon::Check.tiny()) span.hidden { (words.say("roles-yes")) } },
        }
    }
}

fn fold(words: &Words, role: Role) -> Markup {
    let granted = TABLE.iter().map(|(action, _scope, _grants)| (*action, allows(role, *action)));
    let (no, yes): (Vec<_>, Vec<_>) = granted.partition(|(_action, grant)| *grant == Grant::No);
    let names = |actions: &[(Action, Grant)]| {
        actions.iter().map(|(action, _)| words.say(action.key())).collect::<Vec<_>>().join(" · ")
    };
    html! {
        details.more {
            summary.more__summary { (Icon::ChevronRight.small()) (words.say(role.key())) }
            p.small.soft { (words.say(role.about_key())) }
            ul.abilities role="list" {
                @for (action, grant) in &yes {
                    li.abilities__one {
                        (Icon::Check.tiny())
                        span {
                            (words.say(action.key()))
                            @if let Some(condition) = grant.condition() { span.soft { " (" (words.say(condition)) ")" } }
                        }
                    }
                }
            }
            @if !no.is_empty() { p.abilities__not { (words.tell("roles-not", &[("list", names(&no).into())])) } }
        }
    }
}
