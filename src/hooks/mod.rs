//! Webhooks in: what a network calls when someone wrote. Verified on the raw bytes, kept once, durable before the 200; a
//! worker makes the meaning of it later. What is missed is found by polling, so a refusal loses nothing.

use std::collections::BTreeMap;

use actix_web::HttpRequest;
use actix_web::web::{Path, Payload};
use serde_json::json;

use crate::channels::ChannelId;
use crate::http::route::Takes;
use crate::http::{Answer, Answered, AppRef, Asks, Failure, Route};
use crate::inbox::delivery;
use crate::people::{Refusal, WorkspaceId};

/// The largest delivery that is taken.
const DELIVERY_BYTES: usize = 1024 * 1024;

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![Route::post("/hooks/{network}/{workspace}/{channel}", Asks::Hook, create).takes(Takes::Raw(DELIVERY_BYTES))]
}

async fn create(
    app: AppRef,
    path: Path<(String, WorkspaceId, ChannelId)>,
    request: HttpRequest,
    body: Payload,
) -> Answered {
    let (network, workspace, channel) = path.into_inner();
    let too_large = |_exceeded| Failure::TooLarge { max_bytes: DELIVERY_BYTES };
    let body = body.to_bytes_limited(DELIVERY_BYTES).await.map_err(too_large)?;
    let body = body.map_err(|_error| Failure::Unreadable("a body that broke off"))?.to_vec();
    match delivery::accept(&app, &network, (workspace, channel), &headers(&request), body).await {
        Ok(()) => Ok(Answer::nothing().status(200)),
        Err(Refusal::Network(error)) => {
            tracing::warn!(channel.id = %channel, %error, "a webhook delivery is not believed");
            let title = app.words.tell("hook-not-believed", &[("reason", error.reason().into())]);
            let problem = json!({ "type": "urn:belfry:not-believed", "title": title, "status": 401 });
            Ok(Answer::bytes("application/problem+json", problem.to_string()).status(401))
        }
        Err(refusal) => Err(Failure::Refusal(refusal)),
    }
}

/// The headers with names in small letters; those that are no text are left out.
fn headers(request: &HttpRequest) -> BTreeMap<String, String> {
    let headers = request.headers().iter();
    let read = headers.filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())));
    read.collect()
}
