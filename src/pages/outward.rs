//! Links to what stands at a network.

use crate::addresses;
use crate::app::App;

/// An address at a network, as a browser should open it; nothing for what is no web address.
///
/// The built-in practice network knows itself by this server's own address, and other devices know that by another
/// name: there only the path is given.
pub(super) fn link(app: &App, url: &str) -> Option<String> {
    let own = app.client.guard().own();
    shown(own.as_deref(), url)
}

fn shown(own: Option<&str>, url: &str) -> Option<String> {
    let below = own.and_then(|own| url.strip_prefix(own)).filter(|rest| rest.is_empty() || rest.starts_with('/'));
    match below {
        Some(rest) => Some(format!("{}{rest}", addresses::PRACTICE)),
        None => (url.starts_with("https://") || url.starts_with("http://")).then(|| url.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn own_links_lose_the_host_and_odd_ones_are_left_out() {
        let own = Some("http://127.0.0.1:8420/practice");
        for (url, expected) in [
            ("http://127.0.0.1:8420/practice/posts/p1", Some("/practice/posts/p1")),
            ("http://127.0.0.1:8420/practiced", Some("http://127.0.0.1:8420/practiced")),
            ("https://example.social/@ada/1", Some("https://example.social/@ada/1")),
            ("javascript:alert(1)", None),
            ("", None),
        ] {
            assert_eq!(shown(own, url).as_deref(), expected, "{url}");
        }
        assert_eq!(shown(None, "http://127.0.0.1/x").as_deref(), Some("http://127.0.0.1/x"));
    }
}
