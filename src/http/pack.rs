//! Compresses answers as they leave: pages and JSON, where the browser takes it and it is worth it.
//!
//! What is whole already is compressed where it is, on the thread that made it: handing it to another one costs more than
//! compressing a page does. Each thread keeps its compressor, whose tables are larger than most pages. What streams, such
//! as pictures and events, is left alone.

#[cfg(test)]
mod tests;

use std::cell::RefCell;

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::middleware::Next;
use flate2::{Compress, Compression, FlushCompress, Status};

/// Below this an answer fits into one packet as it is.
const WORTH_BYTES: u64 = 1000;
/// The head of a gzip member: deflate, no name, no time, made fast, on Unix (RFC 1952, read 2026-11).
const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 3];

thread_local! {
    static PACKER: RefCell<Compress> = RefCell::new(Compress::new(Compression::fast(), false));
}

/// Compresses what leaves.
pub(super) async fn put(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let takes = takes_gzip(request.headers());
    let mut response = next.call(request).await?.map_into_boxed_body();
    if !is_text(response.headers()) || response.headers().contains_key(header::CONTENT_ENCODING) {
        return Ok(response);
    }
    if !response.headers().contains_key(header::VARY) {
        response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    let worth = matches!(response.response().body().size(), BodySize::Sized(bytes) if WORTH_BYTES <= bytes);
    if !takes || !worth {
        return Ok(response);
    }
    let (request, response) = response.into_parts();
    let (mut response, body) = response.into_parts();
    let body = match body.try_into_bytes() {
        Ok(plain) => match gzip(&plain) {
            Some(packed) => {
                let encoding = HeaderValue::from_static("gzip");
                response.headers_mut().insert(header::CONTENT_ENCODING, encoding);
                BoxBody::new(packed)
            }
            None => BoxBody::new(plain),
        },
        Err(streaming) => streaming,
    };
    Ok(ServiceResponse::new(request, response.set_body(body)))
}

/// Whether who asks takes gzip.
pub(super) fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    accepted.unwrap_or_default().split(',').any(|offer| {
        let mut parts = offer.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip") || name == "*");
        named && !parts.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

/// Whether this is text of any kind: HTML, JSON, scripts, SVG.
fn is_text(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    (kind.starts_with("text/") && kind != "text/event-stream")
        || kind == "application/json"
        || kind.ends_with("+json")
        || kind.ends_with("+xml")
}

/// The bytes as one gzip member; `None` when they cannot be compressed.
fn gzip(plain: &[u8]) -> Option<Vec<u8>> {
    let length = u32::try_from(plain.len()).ok()?;
    let mut packed = Vec::with_capacity(plain.len() / 3 + 64);
    packed.extend_from_slice(&HEAD);
    PACKER.with_borrow_mut(|packer| {
        packer.reset();
        loop {
            let taken = usize::try_from(packer.total_in()).ok()?;
            match packer.compress_vec(plain.get(taken..)?, &mut packed, FlushCompress::Finish).ok()? {
                Status::StreamEnd => return Some(()),
                // It writes into what room there is.
                Status::Ok | Status::BufError => packed.reserve(plain.len() / 3 + 1024),
            }
        }
    })?;
    packed.extend_from_slice(&crc32fast::hash(plain).to_le_bytes());
    packed.extend_from_slice(&length.to_le_bytes());
    Some(packed)
}
