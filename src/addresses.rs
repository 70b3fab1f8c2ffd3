//! The paths of pages.

/// A page of a workspace: `workspace("riverside", "calendar")` is `/w/riverside/calendar`.
pub fn workspace(slug: &str, page: &str) -> String {
    format!("/w/{slug}/{page}")
}

/// A day of the calendar.
pub fn calendar_day(slug: &str, date: impl std::fmt::Display) -> String {
    workspace(slug, &format!("calendar?on={date}"))
}

/// A page of a post.
pub fn post(slug: &str, post: impl std::fmt::Display) -> String {
    workspace(slug, &format!("posts/{post}"))
}

/// Writing on at a post.
pub fn post_edit(slug: &str, post: impl std::fmt::Display) -> String {
    workspace(slug, &format!("posts/{post}/edit"))
}

/// Where Compose saves by itself.
pub fn post_autosave(slug: &str, post: impl std::fmt::Display) -> String {
    workspace(slug, &format!("posts/{post}/autosave"))
}

/// Something done to a post: `plan`, `trash`.
pub fn post_deed(slug: &str, post: impl std::fmt::Display, deed: &str) -> String {
    workspace(slug, &format!("posts/{post}/{deed}"))
}

/// Something done to a publication: `hold`, `release`, `outcome`.
pub fn publication_deed(slug: &str, publication: impl std::fmt::Display, deed: &str) -> String {
    workspace(slug, &format!("publications/{publication}/{deed}"))
}

/// A publication: leads to what it is part of.
pub fn publication(slug: &str, publication: impl std::fmt::Display) -> String {
    workspace(slug, &format!("publications/{publication}"))
}

/// What a person does by hand for a publication.
pub fn by_hand(slug: &str, publication: impl std::fmt::Display) -> String {
    publication_deed(slug, publication, "by-hand")
}

/// A channel.
pub fn channel(slug: &str, channel: impl std::fmt::Display) -> String {
    workspace(slug, &format!("channels/{channel}"))
}

/// Something done to a channel: `test`, `pause`, `resume`, `webhook`, `remove`.
pub fn channel_deed(slug: &str, channel: impl std::fmt::Display, deed: &str) -> String {
    workspace(slug, &format!("channels/{channel}/{deed}"))
}

/// Connecting an account of a network.
pub fn channel_new(slug: &str, network: &str) -> String {
    workspace(slug, &format!("channels/new/{network}"))
}

/// Where a network calls in for a channel.
pub fn hook(network: &str, workspace: impl std::fmt::Display, channel: impl std::fmt::Display) -> String {
    format!("/hooks/{network}/{workspace}/{channel}")
}

/// A conversation of the inbox.
pub fn conversation(slug: &str, conversation: impl std::fmt::Display) -> String {
    workspace(slug, &format!("inbox/{conversation}"))
}

/// Something done to a conversation: `answer`, `answering`, `done`, `open`, `assign`.
pub fn conversation_deed(slug: &str, conversation: impl std::fmt::Display, deed: &str) -> String {
    workspace(slug, &format!("inbox/{conversation}/{deed}"))
}

/// The practice network, for people.
pub const PRACTICE: &str = "/practice";

/// A post on the practice network.
pub fn practice_post(post: &str) -> String {
    format!("{PRACTICE}/posts/{post}")
}

/// An account on the practice network.
pub fn practice_account(account: &str) -> String {
    format!("{PRACTICE}/accounts/{account}")
}

/// The first page of a workspace.
pub fn home(slug: &str) -> String {
    workspace(slug, "today")
}

/// Signing in; `next` is where to go after it.
pub fn sign_in(next: Option<&str>) -> String {
    match next.filter(|next| *next != "/") {
        None => "/sign-in".to_owned(),
        Some(next) => {
            let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
            format!("/sign-in?{query}")
        }
    }
}

/// Where the API for programs begins.
pub const API: &str = "/api/v1";

/// What the API says of itself.
pub const OPENAPI: &str = "/api/v1/openapi.json";

/// Signing out.
pub const SIGN_OUT: &str = "/sign-out";

/// The first set-up.
pub const SETUP: &str = "/setup";

/// The workspaces of who is signed in.
pub const WORKSPACES: &str = "/workspaces";

/// Keeps the colours.
pub const THEME: &str = "/theme";

/// An invitation.
pub fn invite(token: &str) -> String {
    format!("/invite/{token}")
}

/// A path of ours that came from outside, to go to after signing in; anything else leads home.
pub fn own_path(path: &str) -> &str {
    let plain = path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\n', '\r', '\t', '\0']);
    if plain { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_paths_are_followed_after_signing_in() {
        for (path, expected) in [
            ("/w/a/today?x=1", "/w/a/today?x=1"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("https://evil.example", "/"),
            ("javascript:alert(1)", "/"),
            ("/\tevil", "/"),
            ("", "/"),
        ] {
            assert_eq!(own_path(path), expected, "{path}");
        }
    }

    #[test]
    fn the_way_in_remembers_where_one_wanted_to_go() {
        assert_eq!(sign_in(Some("/w/a/posts?x=1&y=2")), "/sign-in?next=%2Fw%2Fa%2Fposts%3Fx%3D1%26y%3D2");
        assert_eq!(sign_in(Some("/")), "/sign-in");
    }
}
