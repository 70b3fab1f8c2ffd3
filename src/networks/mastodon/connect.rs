//! Connecting: finding the server a person means, registering Belfry there, and reading who the account is.
//!
//! Two ways: a visit to the server (OAuth 2 code with PKCE; the code comes back by redirect, or is shown to be pasted
//! where no address of ours can be reached), or an access token made by hand in the server's own settings.
//! (docs.joinmastodon.org/client/authorized and /methods/apps, read 2026-11; RFC 7636.)

use serde_json::Value;
use sha2::{Digest, Sha256};
use url::Url;

use super::ask::{self, Effect};
use super::limits::{Family, Settings};
use super::wire::{Application, Person, Token};
use crate::base::clock::At;
use crate::base::id::random_token;
use crate::networks::client::Answer;
use crate::networks::{
    Account, Call, ConnectField, ConnectForm, ConnectInput, ConnectStep, Connected, Credentials, NetworkError,
    Refreshed,
};

/// The redirect address that makes the server show its code instead of sending the browser back.
const SHOW_CODE: &str = "urn:ietf:wg:oauth:2.0:oob";
/// As the server shows it to the person who is asked.
const CLIENT_NAME: &str = "Belfry";
/// No more than what is used.
const FINE_SCOPES: &str = "read:accounts read:statuses read:notifications read:search write:statuses write:media";
/// For servers that know no finer ones.
const PLAIN_SCOPES: &str = "read write";
/// How large a server's description of itself may be.
const INSTANCE_MAX_BYTES: usize = 1024 * 1024;

const SERVER: ConnectField =
    ConnectField { name: "server", secret: false, address: true, optional: false, example: "example.social" };
const TOKEN: ConnectField = ConnectField { name: "token", secret: true, address: false, optional: false, example: "" };

/// The ways to connect.
pub(super) const FORMS: &[ConnectForm] = &[
    ConnectForm { way: "oauth", fields: &[SERVER], visits: true },
    ConnectForm { way: "token", fields: &[SERVER, TOKEN], visits: false },
];

/// Begins connecting.
pub(super) async fn connect(
    call: &Call<'_>,
    way: &str,
    input: &ConnectInput,
    back_to: Option<&str>,
) -> Result<ConnectStep, NetworkError> {
    let typed = Typed::read(input.get("server").map_or("", String::as_str))?;
    call.client
        .guard()
        .check_url(&typed.origin)
        .map_err(|refusal| NetworkError::Address { reason: refusal.to_string() })?;
    match way {
        "token" => {
            let token = input.get("token").map_or("", |token| token.trim());
            let token = token.strip_prefix("Bearer ").unwrap_or(token).trim();
            if token.is_empty() {
                return Err(refused("the access token is missing"));
            }
            let server = find(call, &typed, Some(token)).await?;
            let secret = Credentials::new([("token", token)]);
            Ok(ConnectStep::Connected(Box::new(describe(call, server, secret, None).await?)))
        }
        "oauth" => {
            let server = find(call, &typed, None).await?;
            register(call, &server, back_to).await
        }
        _ => Err(NetworkError::unsupported("Mastodon is connected by a visit to the server or by an access token")),
    }
}

/// Exchanges the code for a token and reads who the account is.
pub(super) async fn finish(
    call: &Call<'_>,
    kept: &Credentials,
    input: &ConnectInput,
) -> Result<Connected, NetworkError> {
    let typed = input.get("code").map_or("", |code| code.trim());
    // Where the browser could not come back, people paste the whole address it was sent to.
    let pasted = Url::parse(typed).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let of_pasted = |name: &str| {
        let pairs = pasted.as_ref()?.query_pairs();
        pairs.into_iter().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    };
    let state = input.get("state").cloned().or_else(|| of_pasted("state"));
    if state.is_some_and(|state| kept.find("state") != Some(state.as_str())) {
        return Err(refused("the answer belongs to another attempt to connect; begin again"));
    }
    let code = if pasted.is_some() { of_pasted("code").unwrap_or_default() } else { typed.to_owned() };
    if code.is_empty() {
        return Err(refused("the server gave no code; begin again, and say yes on its page"));
    }
    let server = kept.get("server")?;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("client_id", kept.get("client_id")?),
        ("client_secret", kept.get("client_secret")?),
        ("redirect_uri", kept.get("redirect_uri")?),
        ("code_verifier", kept.get("code_verifier")?),
        ("scope", kept.get("scopes")?),
    ];
    let token = exchange(call, server, form).await.map_err(|error| match error {
        NetworkError::Reconnect { reason } => refused(&format!("the code was not accepted: {reason}; begin again")),
        other => other,
    })?;
    let mut secret = Credentials::new([("token", token.access.as_str())]);
    let ends_at = keep(&mut secret, kept, &token, call.now)?;
    let instance = instance_at(call, server, Some(&token.access)).await?.unwrap_or_default();
    let found = Server { origin: server.to_owned(), software: software(call, server).await, instance };
    describe(call, found, secret, ends_at).await
}

/// Asks who the account is and what its server is like.
pub(super) async fn test(call: &Call<'_>, account: &Account) -> Result<Connected, NetworkError> {
    let server = account.server.clone();
    let token = account.secret.get("token")?;
    let instance = instance_at(call, &server, Some(token)).await?.unwrap_or_default();
    let found = Server { software: software(call, &server).await, origin: server, instance };
    let ends_at = account.secret.find("token_ends_at").and_then(At::parse);
    let mut connected = describe(call, found, account.secret.clone(), ends_at).await?;
    // A server that is silent for once about what it runs is still the same.
    let (before, mut fresh) = (Settings::read(&account.settings), Settings::read(&connected.settings));
    if fresh.software.is_empty() && !before.software.is_empty() {
        fresh.software = before.software;
        connected.settings = stored(&fresh)?;
    }
    Ok(connected)
}

/// Gets a new token where the server's tokens end (Pleroma and Akkoma); Mastodon's do not.
pub(super) async fn refresh(call: &Call<'_>, account: &Account) -> Result<Option<Refreshed>, NetworkError> {
    let Some(refresh_token) = account.secret.find("refresh_token") else { return Ok(None) };
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token),
        ("client_id", account.secret.get("client_id")?),
        ("client_secret", account.secret.get("client_secret")?),
    ];
    let token = exchange(call, &account.server, form).await?;
    let mut secret = account.secret.clone();
    secret.put("token", token.access.clone());
    let secret_ends_at = keep(&mut secret, &account.secret, &token, call.now)?;
    Ok(Some(Refreshed { secret, secret_ends_at }))
}

/// What a person typed as their server.
#[derive(Debug)]
pub(super) struct Typed {
    pub(super) origin: Url,
    /// The whole `ada@example.social`, where that was typed: its server may have another name.
    pub(super) handle: Option<String>,
}

impl Typed {
    /// Reads `example.social`, `https://example.social/@ada`, `@ada@example.social`. Plain http only where it was typed.
    pub(super) fn read(text: &str) -> Result<Self, NetworkError> {
        let wrong = || refused("type the name of the server, such as example.social");
        let text = text.trim();
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => ("https", rest),
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => ("http", rest),
            Some(_) => return Err(wrong()),
            None => ("https", text.trim_start_matches("acct:").trim_start_matches('@')),
        };
        let place = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let (name, host) = match place.rsplit_once('@') {
            Some((name, host)) if !text.contains("://") => (Some(name), host),
            Some(_) => return Err(wrong()),
            None => (None, place),
        };
        let host = host.trim().trim_end_matches('.');
        let origin = Url::parse(&format!("{scheme}://{host}/")).map_err(|_error| wrong())?;
        if host.is_empty() || origin.host_str().is_none() {
            return Err(wrong());
        }
        let handle = name.filter(|name| !name.is_empty()).map(|name| format!("{name}@{host}"));
        Ok(Self { origin, handle })
    }
}

/// A server that was found, and what it says about itself.
struct Server {
    origin: String,
    software: String,
    instance: Value,
}

/// Finds the server's API: where it was typed, where that leads, or where the handle's own record points.
async fn find(call: &Call<'_>, typed: &Typed, token: Option<&str>) -> Result<Server, NetworkError> {
    let mut origin = typed.origin.origin().ascii_serialization();
    if let Some(handle) = &typed.handle
        && let Some(elsewhere) = home_of(call, &origin, handle).await
    {
        origin = elsewhere;
    }
    let request = call.client.get(&ask::address(&origin, &["api", "v2", "instance"])).max_bytes(INSTANCE_MAX_BYTES);
    let answer = request.send().await.map_err(|error| match ask::softened(error, Effect::Unseen) {
        NetworkError::NotSent { reason } => {
            NetworkError::Address { reason: format!("no server answers at {origin} ({reason})") }
        }
        other => other,
    })?;
    // A name without a server of its own often sends readers on to the one that has it. Requests that change
    // something follow no redirect, so the place itself is remembered; never a plain one for a safe one.
    let arrived = answer.address();
    if answer.is_success() && arrived.scheme() == typed.origin.scheme() {
        origin = arrived.origin().ascii_serialization();
    }
    let instance = instance_at(call, &origin, token).await?;
    let Some(instance) = instance else {
        return Err(refused("no server that speaks Mastodon's language answers there; look for a typing mistake"));
    };
    Ok(Server { software: software(call, &origin).await, origin, instance })
}

/// The server that a handle's own record names (RFC 7033).
pub(super) async fn home_of(call: &Call<'_>, origin: &str, handle: &str) -> Option<String> {
    let request = call.client.get(&ask::address(origin, &[".well-known", "webfinger"]));
    let resource = format!("acct:{handle}");
    let request = request.query([("resource", resource.as_str())]).max_bytes(INSTANCE_MAX_BYTES);
    let answer = request.send().await.ok().filter(Answer::is_success)?;
    let record: Value = answer.json().ok()?;
    let links = record.get("links")?.as_array()?;
    let own = links.iter().find(|link| {
        let kind = link.get("type").and_then(Value::as_str).unwrap_or_default();
        link.get("rel").and_then(Value::as_str) == Some("self") && kind.contains("json")
    })?;
    let home = Url::parse(own.get("href")?.as_str()?).ok()?;
    let scheme = origin.split(':').next().unwrap_or_default();
    (home.scheme() == scheme).then(|| home.origin().ascii_serialization())
}

/// What the server says about itself. `None`: no such server there. `Null`: it is there, and says nothing to strangers.
async fn instance_at(call: &Call<'_>, origin: &str, token: Option<&str>) -> Result<Option<Value>, NetworkError> {
    let mut closed = false;
    for version in ["v2", "v1"] {
        let address = ask::address(origin, &["api", version, "instance"]);
        let mut request = call.client.get(&address).max_bytes(INSTANCE_MAX_BYTES);
        if let Some(token) = token {
            request = request.bearer(token);
        }
        let answer = request.send().await.map_err(|error| ask::softened(error, Effect::Unseen))?;
        match answer.status() {
            401 | 403 => closed = true,
            429 | 500..=599 => return Err(ask::refusal(&answer, Effect::Unseen, call.now)),
            _ => {}
        }
        let described = answer.json::<Value>().ok().filter(|described| described.get("version").is_some());
        if answer.is_success() && described.is_some() {
            return Ok(described);
        }
    }
    Ok(closed.then_some(Value::Null))
}

/// The name of the server's software, by `NodeInfo`; empty where it tells none.
async fn software(call: &Call<'_>, origin: &str) -> String {
    software_by_nodeinfo(call, origin).await.unwrap_or_default().to_ascii_lowercase()
}

async fn software_by_nodeinfo(call: &Call<'_>, origin: &str) -> Option<String> {
    let address = ask::address(origin, &[".well-known", "nodeinfo"]);
    let answer = call.client.get(&address).max_bytes(INSTANCE_MAX_BYTES).send().await.ok()?;
    let known: Value = answer.json().ok()?;
    let mut links: Vec<(&str, &str)> = known
        .get("links")?
        .as_array()?
        .iter()
        .filter_map(|link| Some((link.get("rel")?.as_str()?, link.get("href")?.as_str()?)))
        .filter(|(rel, _)| rel.contains("nodeinfo") && (rel.ends_with("/2.0") || rel.ends_with("/2.1")))
        .collect();
    links.sort_unstable();
    let (_, address) = links.last()?;
    let answer = call.client.get(address).max_bytes(INSTANCE_MAX_BYTES).send().await.ok()?;
    let document: Value = answer.json().ok()?;
    Some(document.pointer("/software/name")?.as_str()?.to_owned())
}

/// Registers Belfry at the server and makes the address the person is sent to.
async fn register(call: &Call<'_>, server: &Server, back_to: Option<&str>) -> Result<ConnectStep, NetworkError> {
    let settings = Settings::of_instance(&server.instance, &server.software);
    let scopes = if Family::of(&settings.software).knows_fine_scopes() { FINE_SCOPES } else { PLAIN_SCOPES };
    let redirect_uri = back_to.unwrap_or(SHOW_CODE);
    let request = call.client.post(&ask::address(&server.origin, &["api", "v1", "apps"])).form([
        ("client_name", CLIENT_NAME),
        ("redirect_uris", redirect_uri),
        ("scopes", scopes),
    ]);
    // An application that nobody uses does no harm, so an unknown outcome may be tried again.
    let answer = ask::send(request, Effect::Unseen, call.now).await?;
    let application: Application = ask::json(&answer, Effect::Unseen)?;
    let (state, verifier) = (random_token(), random_token());
    let challenge = data_encoding::BASE64URL_NOPAD.encode(&Sha256::digest(verifier.as_bytes()));
    let mut url = Url::parse(&ask::address(&server.origin, &["oauth", "authorize"]))
        .map_err(|_error| refused("the server's address cannot be read"))?;
    url.query_pairs_mut().extend_pairs([
        ("response_type", "code"),
        ("client_id", application.client_id.as_str()),
        ("redirect_uri", redirect_uri),
        ("scope", scopes),
        ("state", state.as_str()),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ]);
    let kept = Credentials::new([
        ("server", server.origin.as_str()),
        ("client_id", application.client_id.as_str()),
        ("client_secret", application.client_secret.as_str()),
        ("redirect_uri", redirect_uri),
        ("scopes", scopes),
        ("code_verifier", verifier.as_str()),
        ("state", state.as_str()),
    ]);
    Ok(ConnectStep::Visit { url: url.into(), kept, shows_code: back_to.is_none() })
}

async fn exchange<const N: usize>(
    call: &Call<'_>,
    server: &str,
    form: [(&str, &str); N],
) -> Result<Token, NetworkError> {
    let request = call.client.post(&ask::address(server, &["oauth", "token"])).form(form);
    let answer = request.send().await.map_err(|error| ask::softened(error, Effect::Unseen))?;
    if answer.is_success() {
        return ask::json(&answer, Effect::Unseen);
    }
    let error = ask::refusal(&answer, Effect::Unseen, call.now);
    // The standard answer to a code or token that does not open any more is 400 (RFC 6749, 5.2).
    match error {
        NetworkError::Refused { reason } if matches!(answer.status(), 400 | 403) => {
            Err(NetworkError::Reconnect { reason })
        }
        other => Err(other),
    }
}

/// Puts what a later refresh needs beside the token, and tells when the token ends.
fn keep(secret: &mut Credentials, from: &Credentials, token: &Token, now: At) -> Result<Option<At>, NetworkError> {
    for name in ["client_id", "client_secret"] {
        secret.put(name, from.get(name)?.to_owned());
    }
    if let Some(refresh_token) = &token.refresh {
        secret.put("refresh_token", refresh_token.clone());
    }
    let ends_at = token.expires_in.map(|seconds| now.plus(std::time::Duration::from_secs(seconds)));
    if let Some(ends_at) = ends_at {
        secret.put("token_ends_at", ends_at.to_string());
    }
    Ok(ends_at)
}

/// Who the account is, with everything the channel stores.
async fn describe(
    call: &Call<'_>,
    server: Server,
    secret: Credentials,
    secret_ends_at: Option<At>,
) -> Result<Connected, NetworkError> {
    let address = ask::address(&server.origin, &["api", "v1", "accounts", "verify_credentials"]);
    let request = call.client.get(&address).bearer(secret.get("token")?);
    let answer = ask::send(request, Effect::Unseen, call.now).await?;
    let person: Person = ask::json(&answer, Effect::Unseen)?;
    let mut settings = Settings::of_instance(&server.instance, &server.software);
    if settings.domain.is_empty() {
        settings.domain =
            Url::parse(&server.origin).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    }
    settings.handle = person.handle(&settings.domain);
    if let Some(source) = &person.source {
        settings.default_privacy.clone_from(&source.privacy);
        settings.default_language.clone_from(&source.language);
    }
    let stored = stored(&settings)?;
    Ok(Connected {
        server: server.origin,
        remote_id: person.id.clone(),
        handle: settings.handle,
        name: person.name().to_owned(),
        avatar_url: person.picture(),
        url: person.url,
        secret,
        secret_ends_at,
        settings: stored,
    })
}

fn stored(settings: &Settings) -> Result<Value, NetworkError> {
    serde_json::to_value(settings).map_err(|error| refused(&error.to_string()))
}

fn refused(reason: &str) -> NetworkError {
    NetworkError::Refused { reason: reason.to_owned() }
}
