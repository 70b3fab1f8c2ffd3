//! Signs of life for machines: `/healthz` for who restarts Belfry, `/metrics` for who draws its figures.

use actix_web::HttpRequest;
use actix_web::http::header;
use actix_web::web::Data;
use metrics_exporter_prometheus::PrometheusHandle;
use subtle::ConstantTimeEq;

use super::{Answer, Answered, AppRef, Asks, Failure, Route, Visitor};
use crate::people::Refusal;

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![Route::get("/healthz", Asks::Hook, health), Route::get("/metrics", Asks::Hook, figures)]
}

/// Up, and the store takes changes.
async fn health(app: AppRef) -> Answered {
    let (status, text) = if app.store.is_stopped() { (503, "the store takes no changes\n") } else { (200, "ok\n") };
    Ok(Answer::bytes("text/plain; charset=utf-8", text).status(status).header(header::CACHE_CONTROL, "no-store"))
}

/// For this machine, or with the token from the settings; for others it is not there.
async fn figures(app: AppRef, visitor: Visitor, request: HttpRequest, handle: Data<PrometheusHandle>) -> Answered {
    let given = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = given.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    let with_token = match &app.config.metrics_token {
        Some(token) => bool::from(token.reveal().as_bytes().ct_eq(given.as_bytes())),
        // Behind a proxy everyone seems to come from this machine; then only the token opens.
        None => visitor.address.is_loopback() && !request.headers().contains_key("x-forwarded-for"),
    };
    if !with_token {
        return Err(Failure::Refusal(Refusal::NotThere));
    }
    let stats = app.store.stats();
    let rows = [
        ("belfry_store_rows", stats.rows),
        ("belfry_store_disk_bytes", stats.disk_bytes),
        ("belfry_store_log_bytes", stats.log_bytes),
    ];
    let mut text = handle.render();
    for (name, value) in rows {
        for line in [format!("# TYPE {name} gauge\n"), format!("{name} {value}\n")] {
            text.push_str(&line);
        }
    }
    Ok(Answer::bytes("text/plain; version=0.0.4; charset=utf-8", text))
}
