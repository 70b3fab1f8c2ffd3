//! Pages drawn from fixtures into `target/gallery/`, light and dark, to be looked at in a browser beside the components'
//! own gallery. Ada is the owner of Riverside Food Bank; it is Wednesday 18 November 2026, noon in London.

use std::fs;
use std::path::PathBuf;

use jiff::Zoned;
use jiff::civil::{Date, date};
use maud::Markup;

use crate::ui::{NetworkMark, Page, PageWorkspace, Place, Theme, Width, files};
use crate::words::Words;

/// The catalogue.
pub(super) fn words() -> Words {
    Words::english().unwrap()
}

/// The day it is.
pub(super) const TODAY: Date = date(2026, 11, 18);

/// An instant in London.
pub(super) fn at(local: &str) -> Zoned {
    format!("{local}[Europe/London]").parse().unwrap()
}

/// Marks of these networks.
pub(super) fn marks(names: &[&str]) -> Vec<NetworkMark> {
    names.iter().map(|name| NetworkMark::new(name.to_lowercase().replace(' ', "-"), *name)).collect()
}

/// A picture that is there without a store.
pub(super) fn picture() -> String {
    files().url("img/icon-192.png")
}

/// What a page is made of.
pub(super) struct Drawn<'a> {
    pub(super) name: &'a str,
    pub(super) title: String,
    pub(super) place: Place,
    pub(super) width: Width,
    pub(super) actions: Markup,
    pub(super) back: bool,
    pub(super) body: Markup,
}

/// Draws it, and gives it as HTML.
pub(super) fn draw(drawn: &Drawn<'_>) -> String {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(target).join("gallery");
    for (path, file) in files().iter() {
        let path = folder.join(format!("assets/{}/{path}", files().digest()));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &file.bytes).unwrap();
    }
    let words = words();
    let mut text = String::new();
    for (theme, name) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
        let mut page = Page::new(&words, &drawn.title, drawn.place, "token");
        page.workspace = Some(PageWorkspace { slug: "riverside".into(), name: "Riverside Food Bank".into(), tone: 4 });
        (page.theme, page.unread, page.width) = (theme, 3, drawn.width);
        page.actions = drawn.actions.clone();
        page.back = drawn.back.then(|| "#".to_owned());
        text = page.render(&drawn.body).into_string();
        assert!(!text.contains(" style="), "{} has a style attribute", drawn.name);
        fs::write(folder.join(format!("page-{}-{name}.html", drawn.name)), &text).unwrap();
    }
    text
}
