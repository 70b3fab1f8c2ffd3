//! The length of files, their names, and marks that say something is not finished.

use super::Source;

const LINES: usize = 650;

/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 6] = ["utils", "util", "helpers", "common", "manager", "service"];

/// A folder whose name says enough where it stands: the practice network is an HTTP service, and this is it.
const SAYS_ENOUGH: &str = "src/networks/practice/service/";

/// Written in two parts, so that this file does not find itself.
const MARKS: [&str; 6] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
    concat!("todo", "!("),
    concat!("unimplemented", "!("),
    concat!("#[ign", "ore"),
];

pub(super) fn complaints(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    let lines = source.text.lines().count();
    let catalogue = source.path.rsplit('.').next() == Some("ftl"); // a list to look things up in, one file for each language
    if LINES < lines && !catalogue {
        found.push(format!("{}: {lines} lines; make it a folder of the same name", source.path));
    }
    for part in source.path.strip_prefix(SAYS_ENOUGH).unwrap_or(&source.path).split('/') {
        let name = part.split('.').next().unwrap_or(part);
        if EMPTY_NAMES.contains(&name) {
            found.push(format!("{}: `{name}` does not say what is inside", source.path));
        }
    }
    for (number, line) in source.text.lines().enumerate() {
        for mark in MARKS {
            if line.match_indices(mark).any(|(at, _)| stands_alone(line, at, mark)) {
                found.push(format!("{}:{}: `{mark}`", source.path, number + 1));
            }
        }
    }
    found
}

/// Whether the mark is a word of its own, not a part of a longer one.
fn stands_alone(line: &str, at: usize, mark: &str) -> bool {
    let part_of_word = |sign: Option<char>| sign.is_some_and(|sign| sign.is_alphanumeric() || sign == '_');
    let before = line.get(..at).and_then(|text| text.chars().next_back());
    let after = line.get(at + mark.len()..).and_then(|text| text.chars().next());
    let ends_in_word = part_of_word(mark.chars().next_back());
    !(part_of_word(before) || ends_in_word && part_of_word(after))
}

#[cfg(test)]
mod tests {
    use super::{LINES, MARKS, Source, complaints};

    fn found(path: &str, text: &str) -> Vec<String> {
        complaints(&Source { path: path.to_owned(), text: text.to_owned() })
    }

    #[test]
    fn a_file_may_be_long_but_not_longer() {
        assert!(found("src/a.rs", &"x\n".repeat(LINES)).is_empty());
        assert_eq!(found("src/a.rs", &"x\n".repeat(LINES + 1)).len(), 1);
        assert!(found("web/text/en.ftl", &"x\n".repeat(LINES + 1)).is_empty());
    }

    #[test]
    fn each_mark_is_found_as_a_word_and_not_inside_one() {
        for mark in MARKS {
            assert_eq!(found("src/a.rs", &format!("fine\n// {mark} later")), [format!("src/a.rs:2: `{mark}`")]);
            assert!(found("src/a.rs", &format!("mas{mark}")).is_empty() || mark.starts_with('#'));
        }
    }

    #[test]
    fn a_name_that_says_nothing_is_found() {
        assert_eq!(found("src/posts/utils.rs", ""), ["src/posts/utils.rs: `utils` does not say what is inside"]);
        assert_eq!(found("src/common/a.rs", "").len(), 1);
        assert_eq!(found("src/networks/practice/service/utils.rs", "").len(), 1);
        assert!(found("src/networks/practice/service/state.rs", "").is_empty());
        assert!(found("web/js/service-worker.js", "").is_empty());
    }
}
