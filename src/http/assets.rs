//! Serves what the browser gets: style sheet, modules, icons, pictures, the service worker and the manifest.
//!
//! Everything is compressed once, at start. Files stand under `/assets/<digest>/` and may be kept for ever; a page that
//! is still open from before an upgrade asks with the old digest and gets the present file, not to be kept. The service
//! worker and the manifest stand at the root and are asked for anew each time.

use std::collections::HashMap;
use std::io::Write;

use actix_web::http::header;
use actix_web::web::{self, Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use flate2::{Compression, write::GzEncoder};
use serde_json::json;

use super::pack;
use crate::ui::{self, Files};
use crate::words::Words;

const FOR_EVER: &str = "public, max-age=31536000, immutable";
const ASK_AGAIN: &str = "no-cache";

/// Every file in both forms, ready to be sent.
#[derive(Debug)]
pub struct Assets {
    files: &'static Files,
    served: HashMap<String, Served>,
    worker: Served,
    manifest: Served,
    offline: Served,
}

#[derive(Debug)]
struct Served {
    content_type: &'static str,
    plain: Bytes,
    gzip: Option<Bytes>,
}

impl Assets {
    /// Compresses all files; takes some tens of milliseconds on a small board.
    pub fn new(words: &Words) -> Self {
        let files = ui::files();
        let served = files.iter().map(|(path, file)| (path.to_owned(), Served::new(file.content_type, &file.bytes)));
        let worker = files.get("js/service-worker.js").map_or(&[][..], |file| &file.bytes);
        Self {
            files,
            served: served.collect(),
            worker: Served::new("text/javascript; charset=utf-8", worker),
            manifest: Served::new("application/manifest+json", manifest(files, words).as_bytes()),
            offline: Served::new("text/html; charset=utf-8", ui::offline_page(words).into_string().as_bytes()),
        }
    }

    /// The address of the style sheet.
    pub fn css_url(&self) -> String {
        self.files.css_url()
    }

    /// The address of the icons.
    pub fn sprite_url(&self) -> String {
        self.files.sprite_url()
    }

    /// The address of a module: `module_url("elements/char-counter.js")`.
    pub fn module_url(&self, path: &str) -> String {
        self.files.module_url(path)
    }
}

impl Served {
    fn new(content_type: &'static str, bytes: &[u8]) -> Self {
        let gzip = if content_type == "image/png" { None } else { compressed(bytes) };
        Self { content_type, plain: Bytes::copy_from_slice(bytes), gzip }
    }

    fn answer(&self, request: &HttpRequest, keep: &'static str) -> HttpResponse {
        let mut answer = HttpResponse::Ok();
        answer.content_type(self.content_type).insert_header((header::CACHE_CONTROL, keep));
        match self.gzip.as_ref() {
            None => answer.body(self.plain.clone()),
            Some(gzip) => {
                answer.insert_header((header::VARY, "accept-encoding"));
                if pack::takes_gzip(request.headers()) {
                    answer.insert_header((header::CONTENT_ENCODING, "gzip")).body(gzip.clone())
                } else {
                    answer.body(self.plain.clone())
                }
            }
        }
    }
}

/// Mounts the assets; the app holds `Data<Assets>`.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/assets/{digest}/{path:.*}", web::get().to(file))
        .route("/service-worker.js", web::get().to(worker))
        .route("/manifest.webmanifest", web::get().to(manifest_file))
        .route("/offline", web::get().to(offline));
}

async fn file(request: HttpRequest, assets: Data<Assets>, path: web::Path<(String, String)>) -> HttpResponse {
    let (digest, path) = path.into_inner();
    let keep = if digest == assets.files.digest() { FOR_EVER } else { ASK_AGAIN };
    assets.served.get(&path).map_or_else(|| HttpResponse::NotFound().finish(), |file| file.answer(&request, keep))
}

async fn worker(request: HttpRequest, assets: Data<Assets>) -> HttpResponse {
    assets.worker.answer(&request, ASK_AGAIN)
}

async fn manifest_file(request: HttpRequest, assets: Data<Assets>) -> HttpResponse {
    assets.manifest.answer(&request, ASK_AGAIN)
}

async fn offline(request: HttpRequest, assets: Data<Assets>) -> HttpResponse {
    assets.offline.answer(&request, ASK_AGAIN)
}

fn compressed(bytes: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok().map(Bytes::from)
}

/// What a phone needs to put Belfry on its home screen (w3.org/TR/appmanifest, read 2026-11).
fn manifest(files: &Files, words: &Words) -> String {
    let picture = |name: &str, size: &str, purpose: &str| json!({"src": files.url(&format!("img/{name}.png")), "sizes": size, "type": "image/png", "purpose": purpose});
    json!({
        "id": "/",
        "name": words.say("app-name"),
        "short_name": words.say("app-name"),
        "lang": words.language(),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#fbfaf7",
        "theme_color": "#fbfaf7",
        "icons": [
            picture("icon-192", "192x192", "any"),
            picture("icon-512", "512x512", "any"),
            picture("icon-maskable-512", "512x512", "maskable"),
        ],
    })
    .to_string()
}

#[cfg(test)]
mod tests;
