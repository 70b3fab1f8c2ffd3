//! Connecting: from what a person types to the account's own server and a session there.
//!
//! A handle leads to a DID, the DID to its document, the document to the server. The document must claim the handle
//! in return, so that a password goes only to the server of the account that was named. A server that the person typed
//! is asked directly. The app password opens the session and is not kept.

use serde_json::{Value, json};
use url::Url;

use super::api::{Api, Effect, Failure};
use super::names::{is_did, profile_page};
use super::session::{self, Session};
use super::{Directories, IMAGE_MAX_BYTES, IMAGE_MAX_BYTES_ANYWHERE};
use crate::networks::client::Answer;
use crate::networks::{Account, Call, ConnectField, ConnectForm, ConnectInput, Connected, Credentials, NetworkError};

/// How large an identity document may be.
const DOCUMENT_MAX_BYTES: usize = 64 * 1024;

/// The one way: an app password.
pub(super) const FORMS: &[ConnectForm] = &[ConnectForm {
    way: "password",
    fields: &[
        ConnectField { name: "handle", secret: false, address: false, optional: false, example: "ada.bsky.social" },
        ConnectField {
            name: "password",
            secret: true,
            address: false,
            optional: false,
            example: "abcd-efgh-ijkl-mnop",
        },
        ConnectField { name: "server", secret: false, address: true, optional: true, example: "https://bsky.social" },
    ],
    visits: false,
}];

/// Signs in with what was typed, and reads what the account and its server say of themselves.
pub(super) async fn connect(
    call: &Call<'_>,
    directories: &Directories,
    input: &ConnectInput,
) -> Result<Connected, NetworkError> {
    let field = |name: &str| input.get(name).map(String::as_str).unwrap_or_default().trim();
    let (who, password) = (identifier(field("handle")), field("password"));
    if who.is_empty() || password.is_empty() {
        return Err(refused("Type the handle and an app password."));
    }
    let server = match field("server") {
        "" => find_server(call, directories, &who).await?,
        typed => origin_of(call, typed)?,
    };
    let api = Api::open(call, &server);
    let body = json!({ "identifier": who, "password": password });
    let answer = api.post("com.atproto.server.createSession", &body, Effect::Repeatable).await;
    let session = Session::read(answer.map_err(in_words)?).map_err(as_refusal)?;
    let secret = session.secret();
    let account = Account { server, remote_id: session.did.clone(), secret: secret.clone(), settings: Value::Null };
    Ok(describe(call, &account, &session, secret).await)
}

/// Asks whether the session still opens, and reads everything afresh.
pub(super) async fn test(call: &Call<'_>, account: &Account) -> Result<Connected, NetworkError> {
    let answer = Api::of(call, account)?.get("com.atproto.server.getSession", &[]).await?;
    let session = Session::read(answer)?;
    if session.did != account.remote_id {
        return Err(NetworkError::Reconnect { reason: "the server answered for another account".to_owned() });
    }
    Ok(describe(call, account, &session, account.secret.clone()).await)
}

/// What a handle is without what people copy along with it: `@`, the address of a page, invisible signs.
fn identifier(typed: &str) -> String {
    let visible: String = typed
        .chars()
        .filter(|sign| !matches!(sign, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'))
        .collect();
    let from_page = visible.split_once("/profile/").map(|(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or(rest));
    let who = from_page.unwrap_or(&visible).trim();
    let who = who.strip_prefix("at://").or_else(|| who.strip_prefix('@')).unwrap_or(who).trim_end_matches('/');
    if is_did(who) { who.to_owned() } else { who.to_ascii_lowercase() }
}

/// The server of an account, by its handle or DID. An e-mail address says nothing of the server: Bluesky's own is asked.
async fn find_server(call: &Call<'_>, directories: &Directories, who: &str) -> Result<String, NetworkError> {
    if is_did(who) {
        let document = document_of(call, directories, who).await?;
        return server_in(call, &document);
    }
    if who.contains('@') {
        return Ok(directories.entryway.clone());
    }
    if !who.chars().all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '.' | '-')) {
        return Err(refused("A handle has letters, digits, dots and hyphens only, like ada.bsky.social."));
    }
    if !who.contains('.') {
        let reason = format!("A handle is a whole name, like {who}.bsky.social.");
        return Err(NetworkError::Refused { reason });
    }
    let did = did_of(call, directories, who).await?;
    let document = document_of(call, directories, &did).await?;
    let claim = format!("at://{who}");
    let names = document.get("alsoKnownAs").and_then(Value::as_array);
    let claimed =
        names.is_some_and(|names| names.iter().filter_map(Value::as_str).any(|name| name.eq_ignore_ascii_case(&claim)));
    if claimed {
        server_in(call, &document)
    } else {
        Err(refused("This handle and the account it names do not agree."))
    }
}

/// The DID of a handle: a public server that resolves names is asked, then the handle's own host.
async fn did_of(call: &Call<'_>, directories: &Directories, handle: &str) -> Result<String, NetworkError> {
    let public = Api::open(call, &directories.app_view);
    let resolved = public.get("com.atproto.identity.resolveHandle", &[("handle", handle)]).await;
    let did = match resolved {
        Ok(answer) => answer.get("did").and_then(Value::as_str).map(str::to_owned),
        Err(_not_there) => {
            let page = format!("https://{handle}/.well-known/atproto-did");
            let answer = call.client.get(&page).max_bytes(DOCUMENT_MAX_BYTES).send().await.ok();
            let text = answer.filter(Answer::is_success);
            text.map(|answer| String::from_utf8_lossy(answer.body()).trim().to_owned())
        }
    };
    did.filter(|did| is_did(did)).ok_or_else(|| refused("There is no Bluesky account with this handle."))
}

/// What a DID says of itself: in the public directory, or at its own host.
async fn document_of(call: &Call<'_>, directories: &Directories, did: &str) -> Result<Value, NetworkError> {
    let address = match did.strip_prefix("did:web:") {
        Some(host) => format!("https://{}/.well-known/did.json", host.replace("%3A", ":")),
        None => format!("{}/{did}", directories.plc),
    };
    let answer = call.client.get(&address).max_bytes(DOCUMENT_MAX_BYTES).send().await;
    let answer = answer.map_err(|error| match error {
        NetworkError::Unclear { reason } => NetworkError::NotSent { reason },
        error => error,
    })?;
    let document = answer.json::<Value>().ok().filter(|_document| answer.is_success());
    let document = document.filter(|document| document.get("id").and_then(Value::as_str) == Some(did));
    document.ok_or_else(|| refused("This Bluesky account cannot be found."))
}

fn server_in(call: &Call<'_>, document: &Value) -> Result<String, NetworkError> {
    let services = document.get("service").and_then(Value::as_array);
    let server = services
        .into_iter()
        .flatten()
        .find(|service| service.get("id").and_then(Value::as_str).is_some_and(|id| id.ends_with("#atproto_pds")));
    let address = server.and_then(|service| service.get("serviceEndpoint")).and_then(Value::as_str);
    origin_of(call, address.ok_or_else(|| refused("This Bluesky account names no server."))?)
}

/// An origin out of what was typed, judged by the guard. Without TLS only where the owner of this server allows the host.
fn origin_of(call: &Call<'_>, typed: &str) -> Result<String, NetworkError> {
    let whole = if typed.contains("://") { typed.to_owned() } else { format!("https://{typed}") };
    let guard = call.client.guard();
    let url: Url = guard.check(&whole).map_err(|refusal| NetworkError::Address { reason: refusal.to_string() })?;
    if url.scheme() != "https" && !guard.allows(&url) {
        let reason = "a password is sent to https addresses only".to_owned();
        return Err(NetworkError::Address { reason });
    }
    Ok(url.origin().ascii_serialization())
}

/// Signing in that fails is for the person to read, and never means that a channel must be connected again.
fn in_words(failure: Failure) -> NetworkError {
    match failure.error {
        _ if failure.is("AuthFactorTokenRequired") => refused(
            "This is the account's own password, which asks for a code by e-mail. Make an app password in Bluesky's settings and use that.",
        ),
        NetworkError::Reconnect { .. } if failure.status == Some(401) && !failure.is("AccountTakedown") => {
            refused("Bluesky does not take this handle and app password.")
        }
        error => as_refusal(error),
    }
}

fn as_refusal(error: NetworkError) -> NetworkError {
    match error {
        NetworkError::Reconnect { reason } | NetworkError::Expired { reason } => NetworkError::Refused { reason },
        error => error,
    }
}

fn refused(reason: &str) -> NetworkError {
    NetworkError::Refused { reason: reason.to_owned() }
}

/// What the account and its server say of themselves. Only what cannot be done without fails: a server without an app
/// view still takes posts.
async fn describe(call: &Call<'_>, account: &Account, session: &Session, secret: Credentials) -> Connected {
    let api = Api::open(call, &account.server);
    let api = match secret.find("accessJwt") {
        Some(token) => api.with_token(token),
        None => api,
    };
    let profile = profile(&api, account).await;
    let text = |name: &str| profile.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let known_handle = session.handle != "handle.invalid";
    let handle = if known_handle { session.handle.clone() } else { session.did.clone() };
    let limit = api.get("com.atproto.server.describeServer", &[]).await.ok();
    let limit = limit.and_then(|server| server.get("blobUploadLimit").and_then(Value::as_u64));
    let ends_at = secret.find("accessJwt").and_then(session::end_of);
    Connected {
        server: account.server.clone(),
        remote_id: session.did.clone(),
        name: text("displayName").unwrap_or(&handle).to_owned(),
        avatar_url: text("avatar").map(str::to_owned),
        url: Some(profile_page(&handle)),
        settings: json!({
            "handle": handle,
            "image_max_bytes": image_max_bytes(&account.server).min(limit.unwrap_or(u64::MAX)),
        }),
        handle,
        secret,
        secret_ends_at: ends_at,
    }
}

/// Name and picture: from the app view, else from the record that they are made of.
async fn profile(api: &Api<'_>, account: &Account) -> Value {
    let did = account.remote_id.as_str();
    if let Ok(profile) = api.get("app.bsky.actor.getProfile", &[("actor", did)]).await {
        return profile;
    }
    let query = [("repo", did), ("collection", "app.bsky.actor.profile"), ("rkey", "self")];
    let record = api.get("com.atproto.repo.getRecord", &query).await.unwrap_or_default();
    let avatar = record.pointer("/value/avatar/ref/$link").and_then(Value::as_str);
    let avatar = avatar.map(|cid| super::view::blob_address(&account.server, did, cid));
    json!({ "displayName": record.pointer("/value/displayName"), "avatar": avatar })
}

/// Bluesky's own servers take what the lexicon says today; others may still have the one of before, which a smaller
/// picture satisfies too.
fn image_max_bytes(server: &str) -> u64 {
    let host = Url::parse(server).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    let own = host == "bsky.social" || host.ends_with(".host.bsky.network");
    if own { IMAGE_MAX_BYTES } else { IMAGE_MAX_BYTES_ANYWHERE }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_is_understood_however_it_was_copied() {
        let check = |typed: &str, expected: &str| assert_eq!(identifier(typed), expected, "{typed:?}");
        check("ada.example", "ada.example");
        check(" @Ada.Example", "ada.example");
        check("\u{202a}@ada.example\u{202c}", "ada.example");
        check("at://ada.example", "ada.example");
        check("https://bsky.app/profile/ada.example/post/3k", "ada.example");
        check("did:plc:ABC", "did:plc:ABC");
        check("Ada@example.org", "ada@example.org");
    }

    #[test]
    fn only_servers_run_by_bluesky_are_trusted_with_large_pictures() {
        assert_eq!(image_max_bytes("https://morel.us-east.host.bsky.network"), 2_000_000);
        assert_eq!(image_max_bytes("https://pds.example"), 1_000_000);
        assert_eq!(image_max_bytes("https://host.bsky.network.example"), 1_000_000);
    }
}
