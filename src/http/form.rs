//! What a form sent: names and values, in order. Strict: what is not UTF-8 is refused with words rather than changed, and
//! the browser still has what was typed.

#[cfg(test)]
mod tests;

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use super::Failure;

/// The fields of a form.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Form(Vec<(String, String)>);

/// Names only: the values may be passwords.
impl std::fmt::Debug for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _value)| name)).finish()
    }
}

impl Form {
    /// Reads `application/x-www-form-urlencoded`.
    pub fn parse(body: &[u8]) -> Result<Self, Failure> {
        let pairs = body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()).map(|pair| {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let (name, value) = (halves.next().unwrap_or_default(), halves.next().unwrap_or_default());
            Ok((decode(name)?, decode(value)?))
        });
        pairs.collect::<Result<_, _>>().map(Self)
    }

    /// These fields, as a form with files brought them.
    pub fn of(fields: Vec<(String, String)>) -> Self {
        Self(fields)
    }

    /// The first value of this name.
    pub fn find(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The first value of this name; empty when there is none. Lines end in `\n`, however the browser sent them.
    pub fn text(&self, name: &str) -> String {
        self.find(name).unwrap_or_default().replace("\r\n", "\n")
    }

    /// All values of this name: boxes that are ticked.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether there is a value of this name: a box that is ticked, a button that was pressed.
    pub fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// All names and values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// What was written at some length, in order: what would hurt to lose. Nothing that may be a secret is among it.
    pub fn written(&self) -> impl Iterator<Item = &str> {
        let secret = |name: &str| ["password", "secret", "token", "code"].iter().any(|part| name.contains(part));
        let several_words = |value: &str| value.trim().contains(char::is_whitespace);
        self.iter().filter(move |(name, value)| !secret(name) && several_words(value)).map(|(_name, value)| value)
    }

    /// The value of this name, read as something; `None` when it is missing or does not fit.
    pub fn read<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.find(name)?.trim().parse().ok()
    }
}

fn decode(part: &[u8]) -> Result<String, Failure> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.iter().copied();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = (rest.next().and_then(hex), rest.next().and_then(hex));
                let (Some(high), Some(low)) = digits else {
                    return Err(Failure::Unreadable("a form with broken escapes"));
                };
                high << 4 | low
            }
            other => other,
        });
    }
    let text = String::from_utf8(bytes).map_err(|_error| Failure::Unreadable("a form that is not UTF-8"))?;
    if text.contains('\0') { Err(Failure::Unreadable("a form with a zero in it")) } else { Ok(text) }
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// The form that the gate has read and checked; empty when none was sent.
impl FromRequest for Form {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Ok(request.extensions().get::<Self>().cloned().unwrap_or_default()))
    }
}
