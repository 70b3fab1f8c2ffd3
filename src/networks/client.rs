//! The one HTTP client for requests to the outside.

/// The guarded client.
#[derive(Clone, Debug)]
pub struct Client;
