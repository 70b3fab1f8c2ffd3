//! The base path: when a proxy gives Belfry only a part of a host, addresses get that part in front, here and nowhere
//! else. Pages, redirects and scripts write addresses from the root of Belfry.
//!
//! In HTML it is put into attributes of our own markup: text from people cannot look like one, because quotes in it are
//! escaped. Without a base path nothing is touched.

#[cfg(test)]
mod tests;

use actix_web::body::{BoxBody, MessageBody, to_bytes};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::middleware::Next;

use super::AppRef;

/// Attributes that hold addresses, up to the slash an own address begins with.
const ADDRESSES: [&str; 13] = [
    " href=\"/",
    " src=\"/",
    " action=\"/",
    " formaction=\"/",
    " poster=\"/",
    " data-url=\"/",
    " data-href=\"/",
    " data-src=\"/",
    " data-action=\"/",
    " data-events=\"/",
    " data-to=\"/",
    " data-worker=\"/",
    " data-base=\"/",
];

/// Puts the base path into what leaves.
pub(super) async fn put(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let base = request.app_data::<AppRef>().map(|app| app.config.base_path.clone()).unwrap_or_default();
    let mut response = next.call(request).await?.map_into_boxed_body();
    if base.is_empty() {
        return Ok(response);
    }
    put_into_headers(response.headers_mut(), &base);
    let kind = response.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let is_page = kind.starts_with(b"text/html") || kind.starts_with(b"application/manifest+json");
    if !is_page || response.headers().contains_key(header::CONTENT_ENCODING) {
        return Ok(response);
    }
    let (request, response) = response.into_parts();
    let (response, body) = response.into_parts();
    let body = to_bytes(body).await.unwrap_or_default();
    let body = put_into_page(&String::from_utf8_lossy(&body), &base);
    Ok(ServiceResponse::new(request, response.set_body(BoxBody::new(body))))
}

fn put_into_headers(headers: &mut HeaderMap, base: &str) {
    let own = headers.get(header::LOCATION).and_then(|value| value.to_str().ok());
    let own = own.filter(|address| address.starts_with('/') && !address.starts_with("//"));
    if let Some(Ok(value)) = own.map(|address| HeaderValue::from_str(&format!("{base}{address}"))) {
        headers.insert(header::LOCATION, value);
    }
}

fn put_into_page(page: &str, base: &str) -> String {
    let mut page = page.to_owned();
    for attribute in ADDRESSES {
        let start = attribute.trim_end_matches('/');
        page = page.replace(attribute, &format!("{start}{base}/"));
    }
    page.replace("\":\"/", &format!("\":\"{base}/"))
}
