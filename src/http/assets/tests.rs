use std::io::Read;

use actix_web::body::to_bytes;
use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::header;
use actix_web::test::{TestRequest, init_service};
use actix_web::web::Data;
use actix_web::{App, http::StatusCode};
use flate2::read::GzDecoder;

use super::{Assets, routes};
use crate::words::Words;

async fn ask(path: &str, accepts: &str) -> ServiceResponse {
    let assets = Data::new(Assets::new(&Words::english().unwrap()));
    let app = init_service(App::new().app_data(assets).configure(routes)).await;
    let request = TestRequest::get().uri(path).insert_header((header::ACCEPT_ENCODING, accepts)).to_request();
    app.call(request).await.unwrap()
}

fn said(response: &ServiceResponse, name: &header::HeaderName) -> String {
    response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

#[actix_web::test]
async fn the_style_sheet_is_kept_for_ever_and_comes_compressed() {
    let assets = Assets::new(&Words::english().unwrap());
    let response = ask(&assets.css_url(), "br, gzip;q=0.8").await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(said(&response, &header::CONTENT_TYPE), "text/css; charset=utf-8");
    assert_eq!(said(&response, &header::CONTENT_ENCODING), "gzip");
    assert!(said(&response, &header::CACHE_CONTROL).contains("immutable"));
    let body = to_bytes(response.into_body()).await.unwrap();
    let mut text = String::new();
    GzDecoder::new(&body[..]).read_to_string(&mut text).unwrap();
    assert!(text.starts_with("@layer reset, tokens, base, layout, components, pages, utilities;"));
}

#[actix_web::test]
async fn who_does_not_take_gzip_gets_plain_text() {
    let assets = Assets::new(&Words::english().unwrap());
    for accepts in ["identity", "gzip;q=0", ""] {
        let response = ask(&assets.module_url("app.js"), accepts).await;
        assert_eq!(said(&response, &header::CONTENT_ENCODING), "");
        assert_eq!(said(&response, &header::CONTENT_TYPE), "text/javascript; charset=utf-8");
    }
}

#[actix_web::test]
async fn an_old_page_still_gets_its_modules_but_may_not_keep_them() {
    let response = ask("/assets/0123456789abcdef/js/app.js", "gzip").await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(said(&response, &header::CACHE_CONTROL), "no-cache");
}

#[actix_web::test]
async fn what_is_not_there_or_not_meant_for_browsers_is_not_found() {
    for path in ["/assets/x/text/en.ftl", "/assets/x/css/base.css", "/assets/x/../Cargo.toml", "/assets/x/"] {
        assert_eq!(ask(path, "gzip").await.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[actix_web::test]
async fn worker_manifest_and_offline_page_stand_at_the_root_uncached() {
    for path in ["/service-worker.js", "/manifest.webmanifest", "/offline"] {
        let response = ask(path, "identity").await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(said(&response, &header::CACHE_CONTROL), "no-cache");
        assert!(!to_bytes(response.into_body()).await.unwrap().is_empty());
    }
}

#[test]
fn the_core_every_page_loads_stays_small() {
    let files = crate::ui::files();
    let core = ["js/app.js", "js/lib/dom.js", "js/lib/fetch.js", "js/lib/events.js"];
    let size: usize = core.iter().map(|path| files.get(path).unwrap().bytes.len()).sum();
    assert!(size < 12 * 1024, "the core has {size} bytes");
}

#[test]
fn the_icons_the_manifest_names_are_there() {
    let files = crate::ui::files();
    for name in ["icon-180", "icon-192", "icon-512", "icon-maskable-512"] {
        assert!(files.get(&format!("img/{name}.png")).is_some(), "{name}");
    }
}
