//! Sessions: an access token that lives for about two hours, and a refresh token that is exchanged for the next pair.
//!
//! The app password opens the first session and is not kept. Every refresh gives a new refresh token; the reference
//! server still takes the old one for a short while, so that a lost answer does not lock anyone out
//! (bluesky-social/atproto packages/pds/src/account-manager, read 2026-11).

use serde::Deserialize;
use serde_json::Value;

use super::api::{Api, Failure};
use crate::base::clock::At;
use crate::networks::{Account, Call, Credentials, NetworkError, Refreshed};

/// What a server says of a session.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Session {
    pub(super) did: String,
    pub(super) handle: String,
    #[serde(default)]
    access_jwt: String,
    #[serde(default)]
    refresh_jwt: String,
    active: Option<bool>,
    status: Option<String>,
}

impl Session {
    /// Reads one. An account that is not active is said to be so: it could do nothing.
    pub(super) fn read(answer: Value) -> Result<Self, NetworkError> {
        let session: Self = serde_json::from_value(answer).map_err(|error| NetworkError::NotSent {
            reason: format!("the answer to signing in is not understood ({error})"),
        })?;
        if session.active == Some(false) {
            let status = session.status.as_deref().unwrap_or("not active");
            let reason = format!("Bluesky says that this account is {status}");
            return Err(NetworkError::Reconnect { reason });
        }
        Ok(session)
    }

    /// What is kept of it.
    pub(super) fn secret(&self) -> Credentials {
        Credentials::new([("accessJwt", &self.access_jwt), ("refreshJwt", &self.refresh_jwt)])
    }

    /// When the access token ends.
    pub(super) fn ends_at(&self) -> Option<At> {
        end_of(&self.access_jwt)
    }
}

/// Exchanges the refresh token for the next pair.
pub(super) async fn refresh(call: &Call<'_>, account: &Account) -> Result<Refreshed, NetworkError> {
    let token = account.secret.get("refreshJwt")?;
    let api = Api::open(call, &account.server).with_token(token);
    let answer = api.post_empty("com.atproto.server.refreshSession").await.map_err(refused_for_good)?;
    let session = Session::read(answer)?;
    if session.did != account.remote_id {
        return Err(NetworkError::Reconnect { reason: "the server answered for another account".to_owned() });
    }
    Ok(Refreshed { secret: session.secret(), secret_ends_at: session.ends_at() })
}

/// A refresh token that is not taken will not be taken later. A server that knows no such request is not at home.
fn refused_for_good(failure: Failure) -> NetworkError {
    match (failure.error, failure.status) {
        (NetworkError::Expired { reason }, _) | (NetworkError::Refused { reason }, Some(400 | 403)) => {
            NetworkError::Reconnect { reason }
        }
        (NetworkError::Refused { reason }, _) => NetworkError::NotSent { reason },
        (error, _) => error,
    }
}

/// When a token ends, as it says itself. It is not checked: it is the server's own affair.
pub(super) fn end_of(token: &str) -> Option<At> {
    #[derive(Deserialize)]
    struct Claims {
        exp: i64,
    }
    let claims = token.split('.').nth(1)?;
    let claims = data_encoding::BASE64URL_NOPAD.decode(claims.trim_end_matches('=').as_bytes()).ok()?;
    let claims: Claims = serde_json::from_slice(&claims).ok()?;
    Some(At::from_millis(claims.exp.saturating_mul(1000)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_token_is_read_from_the_token_itself() {
        // {"scope":"com.atproto.access","exp":1795390731}
        let token = "eyJ0eXAiOiJKV1QifQ.eyJzY29wZSI6ImNvbS5hdHByb3RvLmFjY2VzcyIsImV4cCI6MTc5NTM5MDczMX0.c2ln";
        assert_eq!(end_of(token), Some(At::from_millis(1_795_390_731_000)));
        assert_eq!(end_of("opaque"), None);
        assert_eq!(end_of("a.b.c"), None);
    }
}
