//! One name for one component: `ui/char_counter.rs` renders `<char-counter>`, `components/char-counter.css` styles it,
//! `elements/char-counter.js` enlivens it.

use super::Source;

/// Elements that a file of another name renders: `time` is a name of HTML's own and an element's must have a hyphen.
const RENDERED_ELSEWHERE: [(&str, &str); 1] = [("relative-time", "src/ui/time.rs")];

fn name_of(source: &Source) -> &str {
    let file = source.path.rsplit('/').next().unwrap_or(&source.path);
    file.split('.').next().unwrap_or(file)
}

/// Elements whose component is missing, or does not render them.
pub(super) fn elements_without_a_component(elements: &[Source], components: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for element in elements {
        let tag = name_of(element);
        let elsewhere = RENDERED_ELSEWHERE.iter().find(|(name, _)| *name == tag);
        let file =
            elsewhere.map_or_else(|| format!("src/ui/{}.rs", tag.replace('-', "_")), |(_, file)| (*file).to_owned());
        match components.iter().find(|source| source.path == file) {
            None => found.push(format!("{}: there is no {file}", element.path)),
            Some(source) if !source.text.contains(tag) => found.push(format!("{file} never renders <{tag}>")),
            Some(_) => {}
        }
    }
    found
}

/// Style sheets of components whose class is written nowhere.
pub(super) fn styles_without_markup(styles: &[Source], markup: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for style in styles {
        let class = name_of(style);
        if !style.text.contains(class) {
            found.push(format!("{}: styles nothing called {class}", style.path));
        }
        if !markup.iter().any(|source| source.text.contains(class)) {
            found.push(format!("{}: no component or page uses {class}", style.path));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Source, elements_without_a_component, styles_without_markup};

    fn source(path: &str, text: &str) -> Source {
        Source { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn an_element_needs_a_component_that_renders_it() {
        let element = [source("web/js/elements/char-counter.js", "")];
        let good = [source("src/ui/char_counter.rs", "html! { char-counter {} }")];
        let silent = [source("src/ui/char_counter.rs", "html! { p {} }")];
        assert!(elements_without_a_component(&element, &good).is_empty());
        assert_eq!(
            elements_without_a_component(&element, &silent),
            ["src/ui/char_counter.rs never renders <char-counter>"]
        );
        assert_eq!(
            elements_without_a_component(&element, &[]),
            ["web/js/elements/char-counter.js: there is no src/ui/char_counter.rs"]
        );
    }

    #[test]
    fn a_style_sheet_needs_something_to_style() {
        let styles = [source("web/css/components/card.css", ".card {}")];
        assert!(styles_without_markup(&styles, &[source("src/ui/card.rs", "html! { .card {} }")]).is_empty());
        assert_eq!(
            styles_without_markup(&styles, &[]),
            ["web/css/components/card.css: no component or page uses card"]
        );
    }
}
