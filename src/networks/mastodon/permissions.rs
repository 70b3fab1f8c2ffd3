//! Which permissions a token lacks. Servers do not tell all of a token's scopes, so each is tried where trying shows
//! nothing to anyone: reads of one thing, and changes of things that are not there.
//!
//! Outside its scopes a token is answered with 403; what is not there, with 404 or a word about what was sent
//! (docs.joinmastodon.org/api/oauth-scopes and /methods, read 2026-11).

use super::ask::{self, Effect};
use crate::networks::{Account, Call, NetworkError};

/// An id that no post and no picture has.
const NOTHING: &str = "0";

/// The scopes that the token of this account lacks.
pub(super) async fn missing(call: &Call<'_>, account: &Account) -> Result<Vec<String>, NetworkError> {
    let token = account.secret.get("token")?;
    let own = account.remote_id.as_str();
    let asks: [(&str, bool, &[&str]); 4] = [
        ("read:statuses", true, &["api", "v1", "accounts", own, "statuses"]),
        ("read:notifications", true, &["api", "v1", "notifications"]),
        ("write:statuses", false, &["api", "v1", "statuses", NOTHING]),
        ("write:media", false, &["api", "v1", "media", NOTHING]),
    ];
    let mut missing = Vec::new();
    for (scope, reads, path) in asks {
        let address = ask::address(&account.server, path);
        let request = if reads {
            call.client.get(&address).query([("limit", "1")])
        } else {
            call.client.put(&address).form([("status", ""), ("description", "")])
        };
        let answer = request.bearer(token).send().await.map_err(|error| ask::softened(error, Effect::Unseen))?;
        match answer.status() {
            403 => missing.push(scope.to_owned()),
            401 | 429 | 500..=599 if reads => return Err(ask::refusal(&answer, Effect::Unseen, call.now)),
            _ => {}
        }
    }
    Ok(missing)
}
