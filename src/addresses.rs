//! The paths of pages.

/// A page of a workspace: `workspace("riverside", "calendar")` is `/w/riverside/calendar`.
pub fn workspace(slug: &str, page: &str) -> String {
    format!("/w/{slug}/{page}")
}
