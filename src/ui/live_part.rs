//! A part of a page that is drawn anew when something it shows has changed.

use maud::{Markup, html};

/// `src` gives the fragment that `body` was drawn by; `on` names the events that make it ask again. An event's name is
/// what happened (`publication`, `conversation`).
pub fn live_part(src: &str, on: &[&str], body: &Markup) -> Markup {
    html! { live-part.live-part src=(src) data-on=(on.join(" ")) { (body) } }
}
