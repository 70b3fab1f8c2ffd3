//! One sentence for the next page: what was just done. It travels in a signed cookie that lives for a minute, because
//! the redirect after a form can carry nothing else, and the store need not know.

#[cfg(test)]
mod tests;

use actix_web::HttpRequest;
use actix_web::cookie::Cookie;
use serde::{Deserialize, Serialize};

use super::{AppRef, cookies};
use crate::base::clock::At;
use crate::base::seal::Signer;
use crate::ui::{Notice, Undo};
use crate::words::{Arg, Message, Words};

const NAME: &str = "belfry-notice";
const GOOD_FOR_SECONDS: i64 = 60;
const SIGNATURE_BYTES: usize = 16;

/// What was done, and how to take it back.
#[derive(Clone, Debug)]
pub struct Said {
    /// The sentence.
    pub message: Message,
    /// The way back, if there is one.
    pub undo: Option<Undo>,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    key: String,
    args: Vec<(String, KeptArg)>,
    at: i64,
    undo: Option<KeptUndo>,
}

#[derive(Serialize, Deserialize)]
struct KeptUndo {
    action: String,
    label: String,
    fields: Vec<(String, String)>,
}

#[derive(Serialize, Deserialize)]
enum KeptArg {
    Number(i64),
    Text(String),
}

/// The cookie that carries the sentence.
pub fn cookie(request: &HttpRequest, said: &Said) -> Option<Cookie<'static>> {
    let app = AppRef::of(request).ok()?;
    let value = write(&app.sealer.signer("notice"), &app.words, said, app.clock.now())?;
    Some(cookies::short(request, NAME, value, GOOD_FOR_SECONDS))
}

/// The sentence the browser brought along, written out; and the cookie that takes it away.
pub fn take(request: &HttpRequest) -> Option<(Notice, Cookie<'static>)> {
    let app = AppRef::of(request).ok()?;
    let value = cookies::find(request, NAME)?;
    let notice = read(&app.sealer.signer("notice"), &app.words, &value, app.clock.now())?;
    Some((notice, cookies::gone(request, NAME)))
}

fn write(signer: &Signer, words: &Words, said: &Said, now: At) -> Option<String> {
    let args = said.message.args.iter().map(|(name, arg)| {
        let arg = match arg {
            Arg::Number(number) => KeptArg::Number(*number),
            Arg::Text(text) => KeptArg::Text(text.clone()),
            Arg::Message(message) => KeptArg::Text(words.render(message)),
        };
        ((*name).to_owned(), arg)
    });
    let undo = said.undo.clone().map(|undo| KeptUndo { action: undo.action, label: undo.label, fields: undo.fields });
    let kept = Kept { key: said.message.key.to_owned(), args: args.collect(), at: now.as_seconds(), undo };
    let body = serde_json::to_vec(&kept).ok()?;
    let signature = signer.sign(&[&body]);
    let whole = [signature.get(..SIGNATURE_BYTES)?, &body].concat();
    // Browsers keep no cookie of more than 4 KiB.
    Some(data_encoding::BASE64URL_NOPAD.encode(&whole)).filter(|value| value.len() < 3500)
}

fn read(signer: &Signer, words: &Words, value: &str, now: At) -> Option<Notice> {
    let whole = data_encoding::BASE64URL_NOPAD.decode(value.as_bytes()).ok()?;
    let (signature, body) = whole.split_at_checked(SIGNATURE_BYTES)?;
    if !signer.verify(&[body], signature) {
        return None;
    }
    let kept: Kept = serde_json::from_slice(body).ok()?;
    let fresh = (kept.at..=kept.at.saturating_add(GOOD_FOR_SECONDS)).contains(&now.as_seconds());
    if !fresh || !words.knows(&kept.key) {
        return None;
    }
    let args: Vec<(&str, Arg)> = kept
        .args
        .iter()
        .map(|(name, arg)| match arg {
            KeptArg::Number(number) => (name.as_str(), Arg::Number(*number)),
            KeptArg::Text(text) => (name.as_str(), Arg::Text(text.clone())),
        })
        .collect();
    let notice = Notice::done(words.tell(&kept.key, &args));
    Some(match kept.undo {
        Some(undo) => notice.undo(Undo { action: undo.action, label: undo.label, fields: undo.fields }),
        None => notice,
    })
}
