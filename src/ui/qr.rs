//! An address as a QR code, to go on with on a phone. Always dark on light: some readers need it.

use maud::{Markup, html};
use qrcode::{Color, EcLevel, QrCode};

use super::append;
use crate::words::Words;

/// Modules left free around the code (ISO/IEC 18004 asks for four).
const QUIET: usize = 4;

/// The code; nothing when the text is too long for one.
pub fn qr(words: &Words, address: &str) -> Markup {
    let Ok(code) = QrCode::with_error_correction_level(address, EcLevel::M) else { return html! {} };
    let side = code.width().saturating_add(2 * QUIET);
    let mut path = String::new();
    for (at, colour) in code.to_colors().into_iter().enumerate() {
        if colour == Color::Dark {
            let (x, y) = (at % code.width() + QUIET, at / code.width() + QUIET);
            append(&mut path, format_args!("M{x} {y}h1v1h-1z"));
        }
    }
    html! {
        svg.qr viewBox={ "0 0 " (side) " " (side) } width="240" height="240" role="img" shape-rendering="crispEdges"
            aria-label=(words.tell("qr-label", &[("address", address.into())])) {
            rect.qr__paper width=(side) height=(side) {}
            path.qr__ink d=(path) {}
        }
    }
}
