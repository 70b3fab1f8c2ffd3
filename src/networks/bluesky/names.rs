//! Names in the AT protocol: accounts (DIDs and handles), records (at-URIs) and their pages.

use url::Url;

/// A record: whose, of which kind, under which key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RecordName {
    /// A DID, or a handle where a person typed it.
    pub(super) repo: String,
    /// `app.bsky.feed.post`.
    pub(super) collection: String,
    /// Its key.
    pub(super) rkey: String,
}

/// Posts.
pub(super) const POST: &str = "app.bsky.feed.post";
/// Who may answer a post; under the post's own key.
pub(super) const THREADGATE: &str = "app.bsky.feed.threadgate";
/// Who may quote a post; under the post's own key.
pub(super) const POSTGATE: &str = "app.bsky.feed.postgate";

impl RecordName {
    /// Reads `at://did:plc:…/app.bsky.feed.post/3k…`.
    pub(super) fn read(uri: &str) -> Option<Self> {
        let mut parts = uri.strip_prefix("at://")?.split('/');
        let (repo, collection, rkey) = (parts.next()?, parts.next()?, parts.next()?);
        let whole = parts.next().is_none() && !repo.is_empty() && !collection.is_empty() && is_key(rkey);
        whole.then(|| Self { repo: repo.to_owned(), collection: collection.to_owned(), rkey: rkey.to_owned() })
    }

    /// Reads the name of a post out of its at-URI or the address of its page, `https://bsky.app/profile/{who}/post/{key}`,
    /// at this client or another that uses the same paths.
    pub(super) fn of_post(address: &str) -> Option<Self> {
        let address = address.trim();
        if address.starts_with("at://") {
            return Self::read(address).filter(|name| name.collection == POST);
        }
        let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        let mut parts = url.path_segments()?;
        let (profile, repo, post, rkey) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let whole = profile == "profile" && post == "post" && is_key(rkey) && (is_did(repo) || repo.contains('.'));
        whole.then(|| Self { repo: repo.to_owned(), collection: POST.to_owned(), rkey: rkey.to_owned() })
    }

    /// `at://…`
    pub(super) fn uri(&self) -> String {
        format!("at://{}/{}/{}", self.repo, self.collection, self.rkey)
    }
}

/// The page of a post. It names the account by its DID, so that it still leads there after a change of handle.
pub(super) fn page_of(uri: &str) -> Option<String> {
    let name = RecordName::read(uri)?;
    Some(format!("https://bsky.app/profile/{}/post/{}", name.repo, name.rkey))
}

/// The page of an account.
pub(super) fn profile_page(handle_or_did: &str) -> String {
    format!("https://bsky.app/profile/{handle_or_did}")
}

/// Whether this record lies in this account's repository.
pub(super) fn belongs_to(uri: &str, did: &str) -> bool {
    uri.strip_prefix("at://").and_then(|rest| rest.strip_prefix(did)).is_some_and(|rest| rest.starts_with('/'))
}

/// Whether this has the shape of a DID of a kind that is in use.
pub(super) fn is_did(text: &str) -> bool {
    let id = text.strip_prefix("did:plc:").or_else(|| text.strip_prefix("did:web:"));
    id.is_some_and(|id| {
        !id.is_empty()
            && id.len() < 2048
            && id.chars().all(|sign| sign.is_ascii_alphanumeric() || "._:%-".contains(sign))
    })
}

fn is_key(text: &str) -> bool {
    let signs = text.chars().all(|sign| sign.is_ascii_alphanumeric() || "._:~-".contains(sign));
    signs && (1..=512).contains(&text.len()) && !matches!(text, "." | "..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_post_is_named_by_its_uri_and_by_its_page() {
        let check = |address: &str, expected: Option<&str>| {
            assert_eq!(RecordName::of_post(address).map(|name| name.uri()).as_deref(), expected, "{address}");
        };
        let there = "at://did:plc:ada/app.bsky.feed.post/3k2a";
        check(there, Some(there));
        check("https://bsky.app/profile/did:plc:ada/post/3k2a", Some(there));
        check(" https://bsky.app/profile/did:plc:ada/post/3k2a?ref=x ", Some(there));
        check("https://bsky.app/profile/ada.example/post/3k2a", Some("at://ada.example/app.bsky.feed.post/3k2a"));
        check("at://did:plc:ada/app.bsky.feed.like/3k2a", None);
        check("at://did:plc:ada/app.bsky.feed.post", None);
        check("at://did:plc:ada/app.bsky.feed.post/3k2a/more", None);
        check("https://bsky.app/profile/ada/post/3k2a", None);
        check("https://mastodon.example/@ada/1", None);
        check("not an address", None);
    }

    #[test]
    fn a_record_of_someone_whose_id_begins_alike_is_not_ours() {
        assert!(belongs_to("at://did:plc:ada/app.bsky.feed.post/3k", "did:plc:ada"));
        assert!(!belongs_to("at://did:plc:adam/app.bsky.feed.post/3k", "did:plc:ada"));
    }
}
