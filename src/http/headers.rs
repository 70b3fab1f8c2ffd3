//! The headers of every answer: what a browser may load, show, send and tell.
//!
//! Nothing from another host, no inline script or style, no frames around us. `form-action 'self'` holds for redirects
//! after forms too (Chromium), which is why leaving for a network goes through `Answer::leave_for`. The referrer policy
//! is not `no-referrer`: browsers would then send `Origin: null` with our own forms.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;

use super::Visitor;

const POLICY: &str = "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none'; \
    base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const ALWAYS: [(&str, &str); 6] = [
    ("content-security-policy", POLICY),
    ("referrer-policy", "same-origin"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=(), serial=(), browsing-topics=()",
    ),
];

/// Browsers heed this one on secure pages only, and complain of it on every other page.
const WHERE_SECURE: (&str, &str) = ("cross-origin-opener-policy", "same-origin");

/// Puts them on every answer; one that a handler set itself stays.
pub(super) async fn put(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let secure = Visitor::of(request.request()).is_ok_and(|visitor| visitor.is_secure_context());
    let mut response = next.call(request).await?;
    put_into(response.headers_mut(), secure);
    Ok(response)
}

fn put_into(headers: &mut HeaderMap, secure: bool) {
    for (name, value) in ALWAYS.into_iter().chain(secure.then_some(WHERE_SECURE)) {
        let name = HeaderName::from_static(name);
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    // Pages show what belongs to the person who is signed in.
    let is_page = |kind: &HeaderValue| {
        kind.as_bytes().starts_with(b"text/html") || kind.as_bytes().starts_with(b"application/json")
    };
    if !headers.contains_key(CACHE_CONTROL) && headers.get(CONTENT_TYPE).is_none_or(is_page) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_gets_the_headers_and_keeps_its_own() {
        let mut headers = HeaderMap::new();
        headers.insert(HeaderName::from_static("referrer-policy"), HeaderValue::from_static("no-referrer"));
        put_into(&mut headers, true);
        assert_eq!(headers.get("cross-origin-opener-policy").unwrap(), "same-origin");
        assert_eq!(headers.get("referrer-policy").unwrap(), "no-referrer");
        assert_eq!(headers.get("x-content-type-options").unwrap(), "nosniff");
        assert_eq!(headers.get("cache-control").unwrap(), "private, no-cache");
        let policy = headers.get("content-security-policy").unwrap().to_str().unwrap();
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
    }

    #[test]
    fn at_a_name_of_the_home_network_browsers_find_nothing_to_complain_of() {
        let mut headers = HeaderMap::new();
        put_into(&mut headers, false);
        assert!(!headers.contains_key("cross-origin-opener-policy"));
        assert_eq!(headers.get("x-frame-options").unwrap(), "DENY");
    }
}
