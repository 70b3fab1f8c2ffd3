//! The event stream of live pages: what changed in a workspace, as it happens (Server-Sent Events).
//!
//! One message is `{"what": "publication", "id": "…"}` with a number as its id; a browser that comes back says the last
//! number it saw (after a break in `Last-Event-ID`, else as `after`) and gets what it missed, or `{"what": "*"}`: look at
//! everything again. The stream ends when the server stops, as soon as the session is revoked, when it is over, and when
//! the person is no longer a member.

use std::convert::Infallible;
use std::time::Duration;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_ENCODING, HeaderValue};
use actix_web::web::Query;
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use futures_util::stream;
use serde::Deserialize;
use serde_json::json;

use super::{Answer, Answered, AppRef, Asks, Route};
use crate::app::{Behind, Change, Seen};
use crate::people::{Action, Actor, Via, member, session};

/// How often something is sent when nothing happens, so that proxies keep the line and a dead one is noticed.
const HEARTBEAT: Duration = Duration::from_secs(25);
/// How long a browser waits before it comes back.
const COME_BACK_MS: u32 = 2000;

/// The routes of event streams.
pub fn routes() -> Vec<Route> {
    vec![Route::get("/w/{slug}/events", Asks::Member(Action::SeePosts), show)]
}

/// Where a stream goes on that a page opens anew.
#[derive(Debug, Deserialize)]
struct After {
    after: Option<u64>,
}

async fn show(app: AppRef, actor: Actor, request: HttpRequest, asked: Query<After>) -> Answered {
    let last = request.headers().get("last-event-id").and_then(|value| value.to_str().ok());
    let seen = app.live.listen(actor.workspace, last.and_then(|id| id.parse().ok()).or(asked.after));
    let first = format!("retry: {COME_BACK_MS}\n\n");
    let state = Stream { app, actor, seen, first: Some(first) };
    let events = stream::unfold(state, |mut state| async move {
        let text = state.next().await?;
        Some((Ok::<Bytes, Infallible>(Bytes::from(text)), state))
    });
    Ok(Answer::response(
        HttpResponse::Ok()
            .content_type("text/event-stream")
            .insert_header((CACHE_CONTROL, "no-store"))
            .insert_header(("x-accel-buffering", "no"))
            // Compressing would hold messages back.
            .insert_header((CONTENT_ENCODING, HeaderValue::from_static("identity")))
            .streaming(events),
    ))
}

struct Stream {
    app: AppRef,
    actor: Actor,
    seen: Seen,
    first: Option<String>,
}

impl Stream {
    /// What is sent next; `None` ends the stream.
    async fn next(&mut self) -> Option<String> {
        if let Some(first) = self.first.take() {
            return Some(first);
        }
        let stop = self.app.stop.clone();
        loop {
            let change = tokio::select! {
                () = stop.cancelled() => return None,
                change = self.seen.next() => Some(change?),
                () = tokio::time::sleep(HEARTBEAT) => None,
            };
            // A heartbeat, or a hint that sessions or members changed, is the moment to look whether one may still
            // listen. Whose they are is not told.
            let session = matches!(&change, Some(Ok(change)) if change.what == "session");
            if (session || change.is_none()) && !self.may_listen().await {
                return None;
            }
            return Some(match change {
                None => ": still here\n\n".to_owned(),
                Some(Ok(_)) if session => continue,
                Some(Ok(change)) => message(&change),
                Some(Err(Behind)) => {
                    format!("id: {}\ndata: {}\n\n", self.app.live.newest(), json!({"what": "*"}))
                }
            });
        }
    }

    async fn may_listen(&self) -> bool {
        let Via::Session(session) = self.actor.via else { return false };
        let alive = session::is_alive(&self.app, session).await;
        let member = member::find(&self.app, self.actor.workspace, self.actor.person).await;
        matches!((alive, member), (Ok(true), Ok(Some(_))))
    }
}

fn message(change: &Change) -> String {
    let id = crate::people::ActivityId::from_bits(change.id).to_string();
    let body = if change.id == 0 { json!({"what": change.what}) } else { json!({"what": change.what, "id": id}) };
    format!("id: {}\ndata: {body}\n\n", change.number)
}
