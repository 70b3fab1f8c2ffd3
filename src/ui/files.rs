//! What the browser gets: everything under `web/` but the words, joined and named.
//!
//! There is no build step, so this is all there is: style sheets are joined in the order written here, icons become one
//! sprite, and everything else is taken as it is. One digest over all of it is part of every address, so a browser may
//! keep a file for ever and never mixes two versions. Release builds carry the files; debug builds read them at start.
//! Knows nothing of HTTP: `http::assets` compresses and serves these.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use data_encoding::HEXLOWER;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use super::append;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/web/"]
struct Web;

/// The layers of the style sheet in the order of their weight, each with the files that make it up. A name that ends in
/// `/` stands for every file of that folder, by name.
const LAYERS: [(&str, &[&str]); 7] = [
    ("reset", &["css/reset.css"]),
    ("tokens", &["css/tokens.css"]),
    ("base", &["css/base.css"]),
    ("layout", &["css/layout.css"]),
    ("components", &["css/components/"]),
    ("pages", &["css/pages/"]),
    ("utilities", &["css/utilities.css", "css/print.css"]),
];

static FILES: LazyLock<Files> = LazyLock::new(Files::read);

/// The files of this build.
pub fn files() -> &'static Files {
    &FILES
}

/// One file, ready to be sent.
#[derive(Clone, Debug)]
pub struct File {
    /// What it is, for `Content-Type`.
    pub content_type: &'static str,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// All files, by their path below the digest.
#[derive(Debug)]
pub struct Files {
    digest: String,
    by_path: BTreeMap<String, File>,
}

impl Files {
    fn read() -> Self {
        let sources: BTreeMap<String, Vec<u8>> = Web::iter()
            .filter(|path| !path.starts_with("text/"))
            .filter_map(|path| Some((path.to_string(), Web::get(&path)?.data.into_owned())))
            .collect();
        let mut by_path = BTreeMap::new();
        let mut put = |path: &str, bytes: Vec<u8>| {
            if let Some(content_type) = content_type(path) {
                by_path.insert(path.to_owned(), File { content_type, bytes });
            }
        };
        put("belfry.css", join_css(&sources).into_bytes());
        put("icons.svg", join_icons(&sources).into_bytes());
        for (path, bytes) in &sources {
            if !path.starts_with("css/") && !path.starts_with("icons/") {
                put(path, bytes.clone());
            }
        }
        Self { digest: digest(&by_path), by_path }
    }

    /// The digest of all files, the first part of their addresses.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The file with this path (`belfry.css`, `js/app.js`).
    pub fn get(&self, path: &str) -> Option<&File> {
        self.by_path.get(path)
    }

    /// Every file with its path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &File)> {
        self.by_path.iter().map(|(path, file)| (path.as_str(), file))
    }

    /// The address of a file.
    pub fn url(&self, path: &str) -> String {
        format!("/assets/{}/{path}", self.digest)
    }

    /// The address of the style sheet.
    pub fn css_url(&self) -> String {
        self.url("belfry.css")
    }

    /// The address of the icons.
    pub fn sprite_url(&self) -> String {
        self.url("icons.svg")
    }

    /// The address of a module: `module_url("elements/char-counter.js")`.
    pub fn module_url(&self, path: &str) -> String {
        self.url(&format!("js/{path}"))
    }
}

fn join_css(sources: &BTreeMap<String, Vec<u8>>) -> String {
    let names: Vec<&str> = LAYERS.iter().map(|(layer, _)| *layer).collect();
    let mut css = format!("@layer {};\n", names.join(", "));
    for (layer, members) in LAYERS {
        append(&mut css, format_args!("@layer {layer} {{\n"));
        for (_, text) in members.iter().flat_map(|member| within(sources, member)) {
            css.push_str(&String::from_utf8_lossy(text));
        }
        css.push_str("}\n");
    }
    css
}

fn within<'a>(
    sources: &'a BTreeMap<String, Vec<u8>>,
    member: &'a str,
) -> impl Iterator<Item = (&'a String, &'a Vec<u8>)> {
    sources
        .iter()
        .filter(move |(path, _)| path.as_str() == member || (member.ends_with('/') && path.starts_with(member)))
}

/// Each icon becomes a `<symbol>` that keeps its own attributes, so that colour and width of line come along.
fn join_icons(sources: &BTreeMap<String, Vec<u8>>) -> String {
    let mut sprite = "<svg xmlns=\"http://www.w3.org/2000/svg\">\n".to_owned();
    for (path, bytes) in sources {
        let name = path.strip_prefix("icons/").and_then(|file| file.strip_suffix(".svg"));
        let text = String::from_utf8_lossy(bytes);
        let inner = text.trim().strip_prefix("<svg xmlns=\"http://www.w3.org/2000/svg\"");
        if let (Some(name), Some(inner)) = (name, inner.and_then(|inner| inner.strip_suffix("</svg>"))) {
            append(&mut sprite, format_args!("<symbol id=\"{name}\"{inner}</symbol>\n"));
        }
    }
    sprite.push_str("</svg>\n");
    sprite
}

fn digest(files: &BTreeMap<String, File>) -> String {
    let mut hash = Sha256::new();
    for (path, file) in files {
        hash.update(path);
        hash.update([0]);
        hash.update(&file.bytes);
    }
    HEXLOWER.encode(&hash.finalize()).chars().take(16).collect()
}

fn content_type(path: &str) -> Option<&'static str> {
    match path.rsplit_once('.').map(|(_, end)| end) {
        Some("css") => Some("text/css; charset=utf-8"),
        Some("js") => Some("text/javascript; charset=utf-8"),
        Some("svg") => Some("image/svg+xml"),
        Some("png") => Some("image/png"),
        _ => None,
    }
}
