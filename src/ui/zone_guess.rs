//! The choice of a time zone, on every page that asks for one. The browser's own zone is chosen where a script may look;
//! without one the list stands at UTC.

use maud::{Markup, html};

use super::Select;
use crate::words::Words;

/// All zones that are named after a place, by name.
fn names() -> Vec<String> {
    let all = jiff::tz::db().available().map(|name| name.as_str().to_owned());
    let areas = [
        "Africa/",
        "America/",
        "Antarctica/",
        "Arctic/",
        "Asia/",
        "Atlantic/",
        "Australia/",
        "Europe/",
        "Indian/",
        "Pacific/",
    ];
    let mut names: Vec<String> = all.filter(|name| areas.iter().any(|area| name.starts_with(area))).collect();
    names.sort();
    names.dedup();
    names.insert(0, "UTC".to_owned());
    names
}

/// The list, in the field `zone`.
pub fn zone_guess(words: &Words, chosen: &str, error: Option<String>) -> Markup {
    let mut select = Select::new("zone", words.say("set-up-zone")).error(error);
    let names = names();
    // A zone of an older name stays what it is.
    if !chosen.is_empty() && !names.iter().any(|name| name == chosen) {
        select = select.option(chosen, chosen);
    }
    for name in names {
        let shown = name.replace('_', " ");
        select = select.option(name, shown);
    }
    let guess = chosen.is_empty();
    html! { zone-guess data-guess[guess] { (select.chosen(if guess { "UTC" } else { chosen })) } }
}
