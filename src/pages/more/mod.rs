//! Everything that has no place of its own in the bar below: the other screens, the other workspaces, the way out.

use maud::html;

use crate::addresses;
use crate::http::{Answer, Answered, Asks, Route, Screen};
use crate::people::{Action, Actor};
use crate::ui::{Button, ButtonForm, Hue, Icon, Look, Place, Row, Section, dot};

/// The places this page leads to.
const PLACES: [Place; 7] =
    [Place::Posts, Place::Media, Place::Analytics, Place::Channels, Place::People, Place::Activity, Place::Settings];

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![Route::get("/w/{slug}/more", Asks::Member(Action::SeePosts), show)]
}

async fn show(screen: Screen, _actor: Actor) -> Answered {
    let words = screen.words();
    let slug = screen.workspace.as_ref().map(|workspace| workspace.slug.clone()).unwrap_or_default();
    let rows = PLACES.map(|place| {
        Row::new(place.word(words))
            .href(addresses::workspace(&slug, place.segment()))
            .lead(dot(place.icon(), Hue::Plain))
    });
    let others = Row::new(words.say("workspaces-title")).href(addresses::WORKSPACES).lead(dot(Icon::Users, Hue::Plain));
    let page = screen.page(words.say("place-more"), Place::More);
    Ok(Answer::page(page.render(&html! {
        (Section::new(words.say("more-places")).rows(rows))
        (Section::new(words.say("more-elsewhere")).row(&others))
        (ButtonForm::new(addresses::SIGN_OUT, &screen.csrf,
            Button::submit(words.say("frame-sign-out")).icon(Icon::Logout).look(Look::Quiet).wide()))
    })))
}
