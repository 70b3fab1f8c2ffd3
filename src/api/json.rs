//! JSON bodies, read strictly: an object, nothing that is not known, no sign of number zero. What is no JSON is told
//! apart from JSON that says something unfit, and that is told with its place.

use std::future::Future;
use std::pin::Pin;

use actix_web::web::Payload;
use actix_web::{FromRequest, HttpRequest, dev};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::base::id::digest;
use crate::http::Failure;
use crate::people::Refusal;
use crate::words::Message;

/// The largest body: a post of 20,000 characters with a variant for each of ten channels fits.
pub(super) const JSON_BYTES: usize = 1024 * 1024;

/// A body, and a digest of its bytes.
#[derive(Debug)]
pub(crate) struct Json<T> {
    /// What it says.
    pub(crate) value: T,
    /// Stands for the bytes that said it.
    pub(crate) sent: u128,
}

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let payload = Payload::from_request(request, payload);
        Box::pin(async move {
            let broken = Failure::Unreadable("a body that broke off");
            let Ok(payload) = payload.await else { return Err(broken) };
            let body = payload.to_bytes_limited(JSON_BYTES).await;
            let body = body.map_err(|_more| Failure::TooLarge { max_bytes: JSON_BYTES })?;
            let body = body.map_err(|_error| broken)?;
            Ok(Self { value: read(&body)?, sent: digest(&[&body]) })
        })
    }
}

/// Reads a body.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    let value: Value = serde_json::from_slice(body).map_err(|error| Failure::NotJson { reason: error.to_string() })?;
    // Read directly, a list would pass for the fields in their order.
    if !value.is_object() {
        return Err(Refusal::field("", Message::new("problem-object-wanted")).into());
    }
    if let Some(path) = zero_in(&value, "") {
        return Err(Refusal::field(path, Message::new("problem-zero")).into());
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = Some(error.path().to_string()).filter(|path| path != ".").unwrap_or_default();
        let reason = error.into_inner().to_string();
        Refusal::field(path, Message::new("problem-value").with("reason", reason)).into()
    })
}

/// The place of a text that holds the sign of number zero, which no network and no form takes.
fn zero_in(value: &Value, path: &str) -> Option<String> {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Value::String(text) => text.contains('\0').then(|| path.to_owned()),
        Value::Array(list) => {
            list.iter().enumerate().find_map(|(index, value)| zero_in(value, &below(&index.to_string())))
        }
        Value::Object(fields) => fields.iter().find_map(|(name, value)| {
            if name.contains('\0') { Some(path.to_owned()) } else { zero_in(value, &below(name)) }
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Note {
        #[expect(dead_code, reason = "only read")]
        text: String,
    }

    fn refused(body: &[u8]) -> (u16, String) {
        let failure = read::<Note>(body).unwrap_err();
        let path = match &failure {
            Failure::Refusal(refusal) => refusal.problems().first().map(|problem| problem.field.clone()),
            _ => None,
        };
        (failure.kind().status, path.unwrap_or_default())
    }

    #[test]
    fn what_is_no_json_is_told_apart_from_json_that_is_unfit() {
        assert!(read::<Note>(br#"{"text":"Hello"}"#).is_ok());
        for (body, status, path) in [
            (b"".as_slice(), 400, ""),
            (b"{\"text\":", 400, ""),
            (b"{\"text\":\"\xff\"}", 400, ""),
            (b"[\"Hello\"]", 422, ""),
            (b"{\"text\":7}", 422, "text"),
            (b"{\"text\":\"Hello\",\"txet\":1}", 422, "txet"),
            (b"{\"text\":\"\\u0000\"}", 422, "text"),
            (b"{}", 422, ""),
        ] {
            assert_eq!(refused(body), (status, path.to_owned()), "{}", String::from_utf8_lossy(body));
        }
    }
}
