//! The order of the rooms, and which crates each may name.

use std::collections::BTreeMap;

use super::Source;
use super::tokens::{Token, Written, paths, tokens};

/// From the lowest room to the highest. Code sees rooms on lower lines and its own; rooms on one line do not see each
/// other.
const ORDER: [&[&str]; 21] = [
    &["base"],
    &["addresses"],
    &["words"],
    &["config"],
    &["store"],
    &["networks"],
    &["app"],
    // capabilities: rules and their rows
    &["people"],
    &["notify"],
    &["channels"],
    &["media"],
    &["posts"],
    &["schedule"],
    &["publish"],
    &["inbox"],
    &["metrics"],
    // the line: above it is HTTP and HTML
    &["ui"],
    &["http"],
    &["pages", "api", "hooks", "work"],
    &["boot"],
    &["cli", "main"],
];

const ABOVE_THE_LINE: &[&str] = &["ui", "http", "pages", "api", "hooks", "work", "boot", "cli", "main"];

/// Crates that only some rooms may name.
const CRATES: [(&str, &[&str]); 7] = [
    ("actix_web", ABOVE_THE_LINE),
    ("actix_multipart", ABOVE_THE_LINE),
    ("maud", ABOVE_THE_LINE),
    ("anyhow", &["work", "boot", "cli", "main"]),
    ("clap", &["cli", "main"]),
    ("reqwest", &["networks"]),
    ("sled", &["store"]),
];

fn place_of(room: &str) -> Option<usize> {
    ORDER.iter().position(|rooms| rooms.contains(&room))
}

/// The modules that a file is: `src/people/role.rs` is `people`, `role`.
fn modules_of(path: &str) -> Vec<&str> {
    let path = path.strip_prefix("src/").unwrap_or(path);
    let path = path.strip_suffix(".rs").unwrap_or(path);
    let path = path.strip_suffix("/mod").unwrap_or(path);
    if path == "lib" { Vec::new() } else { path.split('/').collect() }
}

/// The macros that can be called as `crate::name!`, each with the room it is written in.
pub(super) fn macros(sources: &[Source]) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for source in sources {
        let words: Vec<_> = tokens(&source.text).into_iter().map(|placed| placed.token).collect();
        for three in words.windows(3) {
            if let [Token::Word(word), Token::Sign('!'), Token::Word(name)] = three
                && word == "macro_rules"
                && let Some(room) = modules_of(&source.path).first()
            {
                found.insert(name.clone(), (*room).to_owned());
            }
        }
    }
    found
}

/// Where a path that starts with `crate` or `super` leads, from the root of the crate; nothing for other paths.
fn resolved(path: &Written, modules: &[&str]) -> Option<Vec<String>> {
    let mut at: Vec<String> =
        modules.iter().map(|name| (*name).to_owned()).chain(path.inside.iter().cloned()).collect();
    let mut words = path.words.iter();
    match path.words.first()?.as_str() {
        "crate" => at.clear(),
        "super" | "self" => {}
        _ => return None,
    }
    for word in words.by_ref() {
        match word.as_str() {
            "crate" | "self" => {}
            "super" => drop(at.pop()),
            _ => {
                at.push(word.clone());
                break;
            }
        }
    }
    at.extend(words.cloned());
    Some(at)
}

/// What is wrong with the paths of one file.
pub(super) fn complaints(source: &Source, macros: &BTreeMap<String, String>) -> Vec<String> {
    let modules = modules_of(&source.path);
    let Some(from) = modules.first() else { return Vec::new() };
    let mut found = Vec::new();
    for path in paths(&source.text) {
        let Some(to) = resolved(&path, &modules) else { continue };
        let written = format!("{}:{}: `{}`", source.path, path.line, path.words.join("::"));
        let Some(first) = to.first() else {
            found.push(format!("{written} leads to the root of the crate, which is only a list of rooms"));
            continue;
        };
        let room =
            if place_of(first).is_none() || path.called && to.len() == 1 { macros.get(first) } else { Some(first) };
        match (place_of(from), room.and_then(|room| place_of(room))) {
            (Some(_), Some(_)) if room.is_some_and(|room| room == from) => {}
            (Some(here), Some(there)) if there < here => {}
            (Some(here), Some(there)) if there == here => {
                found.push(format!("{written} leads from {from} to its neighbour {first}"));
            }
            (Some(_), Some(_)) => found.push(format!("{written} points up, from {from} to {first}")),
            (None, _) => found.push(format!("{written} stands in {from}, a room without a place in the order")),
            (_, None) => found.push(format!("{written} leads to {first}, which has no place in the order")),
        }
    }
    found
}

/// Rooms that the front page of the library lists and the order does not.
pub(super) fn rooms_without_a_place(front_page: &str) -> Vec<String> {
    let words: Vec<_> = tokens(front_page).into_iter().map(|placed| placed.token).collect();
    let mut found = Vec::new();
    for two in words.windows(2) {
        if let [Token::Word(word), Token::Word(room)] = two
            && word == "mod"
            && place_of(room).is_none()
        {
            found.push(format!("src/lib.rs: {room} has no place in the order"));
        }
    }
    found
}

/// Crates that are named in a room that should not know them.
pub(super) fn crates_out_of_place(source: &Source) -> Vec<String> {
    let modules = modules_of(&source.path);
    let room = modules.first().copied().unwrap_or("main");
    let mut found = Vec::new();
    for path in paths(&source.text) {
        for (name, allowed) in CRATES {
            if path.words.first().is_some_and(|first| first == name) && !allowed.contains(&room) {
                found.push(format!("{}:{}: {name} is not for {room}", source.path, path.line));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Source, complaints, crates_out_of_place, macros, rooms_without_a_place};

    fn source(path: &str, text: &str) -> Source {
        Source { path: path.to_owned(), text: text.to_owned() }
    }

    fn check(path: &str, text: &str, expected: &[&str]) {
        let known = BTreeMap::from([("ids".to_owned(), "base".to_owned()), ("row".to_owned(), "pages".to_owned())]);
        assert_eq!(complaints(&source(path, text), &known), expected, "{path}: {text}");
    }

    #[test]
    fn arrows_that_point_down_or_stay_in_the_room_are_fine() {
        check("src/people/role.rs", "use super::scope; use crate::people::Actor; use crate::store::{Row, keys};", &[]);
        check(
            "src/people/mod.rs",
            "mod role; crate::ids! { PersonId } fn f() -> self::role::Role { std::mem::take() }",
            &[],
        );
        check("src/boot.rs", "use crate::pages::today; use super::http;", &[]);
        check("src/people/permission/tests.rs", "use super::super::Actor; mod deep { use super::super::table; }", &[]);
        check("src/lib.rs", "pub mod base;", &[]);
    }

    #[test]
    fn an_arrow_that_points_up_is_found_wherever_it_is_written() {
        let up = "src/store/log.rs:1: `crate::publish::hold` points up, from store to publish";
        check("src/store/log.rs", "use crate::publish::hold;", &[up]);
        check("src/store/log.rs", "use crate::{base::{id, seal}, publish::{hold}};", &[up]);
        check("src/store/log.rs", "fn f() { crate::publish::hold() }", &[up]);
        check(
            "src/store/log.rs",
            "#[path(crate::publish::hold)] mod tests { fn f(a: &crate::base::id::Id) {} }",
            &[up],
        );
        let over = "src/store/log/tests.rs:2: `super::super::super::publish` points up, from store to publish";
        check("src/store/log/tests.rs", "\nuse super::super::super::publish;", &[over]);
        let inner = "src/words.rs:1: `super::super::app` points up, from words to app";
        check("src/words.rs", "mod tests { use super::super::app; }", &[inner]);
    }

    #[test]
    fn neighbours_strangers_macros_and_the_root_are_judged_too() {
        check(
            "src/api/mod.rs",
            "use crate::pages::x;",
            &["src/api/mod.rs:1: `crate::pages::x` leads from api to its neighbour pages"],
        );
        check(
            "src/api/mod.rs",
            "use crate::utils::x;",
            &["src/api/mod.rs:1: `crate::utils::x` leads to utils, which has no place in the order"],
        );
        check("src/ui/card.rs", "crate::row! {}", &["src/ui/card.rs:1: `crate::row` points up, from ui to row"]);
        check(
            "src/extra.rs",
            "use crate::base::id;",
            &["src/extra.rs:1: `crate::base::id` stands in extra, a room without a place in the order"],
        );
        check(
            "src/people/mod.rs",
            "use super::*;",
            &["src/people/mod.rs:1: `super::*` leads to *, which has no place in the order"],
        );
    }

    #[test]
    fn a_macro_belongs_to_the_room_it_is_written_in() {
        let found = macros(&[source("src/base/id.rs", "#[macro_export] macro_rules! ids { () => {} }")]);
        assert_eq!(found, BTreeMap::from([("ids".to_owned(), "base".to_owned())]));
    }

    #[test]
    fn a_room_that_nobody_placed_is_found() {
        assert_eq!(
            rooms_without_a_place("pub mod base;\n/// mod no;\nmod attic;"),
            ["src/lib.rs: attic has no place in the order"]
        );
    }

    #[test]
    fn a_crate_in_the_wrong_room_is_found() {
        let found = |path, text| crates_out_of_place(&source(path, text));
        assert_eq!(found("src/posts/mod.rs", "use maud::html;"), ["src/posts/mod.rs:1: maud is not for posts"]);
        assert_eq!(found("src/app/mod.rs", "fn f(t: sled::Tree) {}"), ["src/app/mod.rs:1: sled is not for app"]);
        assert_eq!(
            found("src/people/mod.rs", "#[actix_web::get] fn f() {}"),
            ["src/people/mod.rs:1: actix_web is not for people"]
        );
        assert!(found("src/pages/today.rs", "use maud::html; fn f() { actix_web::web::get() }").is_empty());
        assert!(found("src/store/index.rs", "use sled::Tree; // maud::html").is_empty());
        assert!(found("src/inbox/mod.rs", "fn f(maud: u8) -> u8 { maud }").is_empty());
    }
}
