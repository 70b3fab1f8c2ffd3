//! The activity log of a workspace, newest first.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use actix_web::web::Query;
use maud::{Render, html};
use serde::Deserialize;

use crate::addresses;
use crate::http::{Answer, Answered, AppRef, Asks, Route, Screen};
use crate::people::activity::{self, Activity};
use crate::people::{Action, ActivityId, Actor, PersonId, person};
use crate::ui::{Avatar, Empty, Icon, Pagination, Place, Row, Section, relative_time};
use crate::words::{Arg, Words};

/// Entries on one page.
const ON_A_PAGE: usize = 50;

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![Route::get("/w/{slug}/activity", Asks::Member(Action::SeePeople), show)]
}

#[derive(Debug, Default, Deserialize)]
struct Page {
    after: Option<String>,
}

async fn show(app: AppRef, actor: Actor, screen: Screen, query: Option<Query<Page>>) -> Answered {
    let after = query.and_then(|query| query.into_inner().after).and_then(|text| text.parse::<ActivityId>().ok());
    let mut entries = activity::list(&app, &actor, after, ON_A_PAGE + 1).await?;
    let more = ON_A_PAGE < entries.len();
    entries.truncate(ON_A_PAGE);
    let mut names: HashMap<PersonId, String> = HashMap::new();
    for person in entries.iter().filter_map(|entry| entry.person) {
        if let Entry::Vacant(place) = names.entry(person) {
            place.insert(person::name_of(&app, person).await?);
        }
    }
    let words = screen.words();
    let home = screen.workspace.as_ref().map(|on| addresses::workspace(&on.slug, "activity")).unwrap_or_default();
    let earlier = entries.last().filter(|_last| more).map(|last| format!("{home}?after={}", last.id));
    let rows: Vec<Row> = entries.iter().map(|entry| row(&screen, entry, &names)).collect();
    let main = html! {
        @if rows.is_empty() {
            (Empty::new(Icon::Activity, words.say("activity-none"), words.say("activity-none-text")))
        } @else {
            (Section::new(words.say("activity-latest")).rows(rows))
            (Pagination::new(words, earlier, after.map(|_| home)))
        }
    };
    Ok(Answer::page(screen.page(words.say("place-activity"), Place::Activity).render(&main)))
}

fn row(screen: &Screen, entry: &Activity, names: &HashMap<PersonId, String>) -> Row {
    let words = screen.words();
    let known = entry.person.and_then(|person| names.get(&person)).filter(|name| !name.is_empty());
    let who = match (known, entry.person) {
        (Some(name), _) => name.clone(),
        (None, Some(_)) => words.say("activity-someone-gone"),
        (None, None) => words.say("app-name"),
    };
    let (at, now) = (screen.local(entry.at), screen.now());
    Row::new(format!("{who} {}", sentence(words, entry)))
        .lead(Avatar::new(&who).small().render())
        .under(html! { span.row__text { (relative_time(words, &at, &now)) } })
}

/// The sentence of an entry. One whose key this version does not know is told as what it is.
fn sentence(words: &Words, entry: &Activity) -> String {
    if !words.knows(&entry.what) {
        return words.say("activity-unknown");
    }
    let args: Vec<(&str, Arg)> =
        entry.args.iter().map(|(name, value)| (name.as_str(), Arg::Text(value.clone()))).collect();
    words.tell(&entry.what, &args)
}
