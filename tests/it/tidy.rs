//! Reads the sources and holds them to the rules of the house, where no lint does.
//!
//! It keeps the order of the rooms (`arrows`), the length and words of files (`marks`), and the pairs of names between
//! `src/ui` and `web/` (`pairs`). It reads tokens, not meaning: a path made by a macro from another crate escapes it.
//! Each rule is a function from text to complaints, and is tested on small texts that break it.

mod arrows;
mod marks;
mod pairs;
mod tokens;

use std::fs;
use std::path::Path;

/// A file of the project: its path from the root of the tree, with `/`, and what is in it.
struct Source {
    path: String,
    text: String,
}

/// The text files below these folders of the tree, in the order of their paths.
fn sources(folders: &[&str], endings: &[&str]) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut waiting: Vec<_> = folders.iter().map(|folder| root.join(folder)).collect();
    let mut found = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let entry = entry.unwrap();
            let path = entry.path();
            let name = entry.file_name().into_string().unwrap();
            if entry.file_type().unwrap().is_dir() {
                if name != "node_modules" {
                    waiting.push(path);
                }
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                let text = fs::read_to_string(&path).unwrap();
                found.push(Source { path: path.strip_prefix(root).unwrap().to_str().unwrap().to_owned(), text });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn nothing_in(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn every_arrow_between_rooms_points_down() {
    let sources = sources(&["src"], &[".rs"]);
    assert!(30 < sources.len(), "the sources were not found");
    let macros = arrows::macros(&sources);
    nothing_in(&sources.iter().flat_map(|source| arrows::complaints(source, &macros)).collect::<Vec<_>>());
}

#[test]
fn every_room_has_its_place_in_the_order() {
    let root = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    nothing_in(&arrows::rooms_without_a_place(&root));
}

#[test]
fn web_crates_stay_above_the_line_and_the_store_engine_in_the_store() {
    let sources = sources(&["src"], &[".rs"]);
    nothing_in(&sources.iter().flat_map(arrows::crates_out_of_place).collect::<Vec<_>>());
}

#[test]
fn no_file_is_too_long_and_none_holds_an_unfinished_mark() {
    let sources = sources(&["src", "tests", "web"], &[".rs", ".js", ".mjs", ".css", ".ftl", ".sh"]);
    nothing_in(&sources.iter().flat_map(marks::complaints).collect::<Vec<_>>());
}

#[test]
fn every_element_is_rendered_by_the_component_of_its_name() {
    let elements = sources(&["web/js/elements"], &[".js"]);
    let components = sources(&["src/ui", "src/pages"], &[".rs"]);
    assert!(!elements.is_empty(), "the elements were not found");
    nothing_in(&pairs::elements_without_a_component(&elements, &components));
}

#[test]
fn every_component_style_has_something_to_style() {
    let styles = sources(&["web/css/components"], &[".css"]);
    let markup = sources(&["src/ui", "src/pages"], &[".rs"]);
    assert!(!styles.is_empty(), "the style sheets were not found");
    nothing_in(&pairs::styles_without_markup(&styles, &markup));
}
