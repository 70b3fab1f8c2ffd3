//! The Practice service over HTTP: under `/practice` of a server, and alone in a process of its own.
//!
//! The service says what to answer; here it is delivered as the service says, also late, in half, or not at all.
//! Webhooks are told in the background, three times at most; what was missed is found by polling.
//! It has no sessions and no cookies: whoever mounts it leaves it outside of those, and of the defence against forged
//! requests, which asks for an origin that programs do not send.

#[cfg(test)]
mod tests;

use std::any::Any;
use std::collections::BTreeMap;
use std::io;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::SizedStream;
use actix_web::dev::{Extensions, Server};
use actix_web::http::{StatusCode, header};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, Scope, web};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use tokio::runtime::Handle;

use crate::base::clock::Clock;
use crate::base::url_guard::Guard;
use crate::networks::practice::service::{Deliver, Delivery, REQUEST_MAX_BYTES, Request, Response, Service};
use crate::networks::{Client, signed_webhook};

/// Where it stands below the server's address.
const MOUNT: &str = "/practice";
/// How long after the one before each further try to tell a webhook comes.
const TRIES: [Duration; 3] = [Duration::ZERO, Duration::from_millis(500), Duration::from_secs(5)];

/// The service and what the HTTP side needs beside it.
#[derive(Clone, Debug)]
pub struct PracticeSide {
    service: Arc<Service>,
    client: Client,
    runtime: Handle,
}

impl PracticeSide {
    /// The service, and the client that tells webhooks. Call it on the runtime where that is to happen.
    pub fn new(service: Arc<Service>, client: Client) -> Self {
        Self { service, client, runtime: Handle::current() }
    }

    /// The service.
    pub fn service(&self) -> &Arc<Service> {
        &self.service
    }

    /// Asks the service directly, as one of its accounts or as nobody, and tells its webhooks what came of it: for the
    /// pages that show it to people.
    pub async fn ask(&self, account: Option<String>, request: Request) -> Option<Response> {
        let service = Arc::clone(&self.service);
        let asked = move || match account {
            Some(account) => service.handle_as(&account, &request),
            None => service.handle(&request),
        };
        let response = web::block(asked).await.ok()?;
        self.tell(&response);
        Some(response)
    }

    /// Tells webhooks, in the background: it outlives the request, and nobody waits for it.
    fn tell(&self, response: &Response) {
        for delivery in response.deliveries.clone() {
            drop(self.runtime.spawn(tell(Arc::clone(&self.service), self.client.clone(), delivery)));
        }
    }
}

/// A connection of the server that runs alone, kept so that it can be closed without an answer.
#[derive(Debug)]
struct Connection(TcpStream);

/// The service under `/practice`.
pub fn practice_scope(side: PracticeSide) -> Scope {
    web::scope(MOUNT)
        .app_data(web::PayloadConfig::new(REQUEST_MAX_BYTES))
        .app_data(web::Data::new(side))
        .route("/{path:.*}", web::route().to(answer))
}

/// The service in a process of its own, on this listener, with its state in `file`, until the process is told to stop.
/// Webhooks are told at public addresses and at the hosts in `allowed`.
pub async fn run_alone(listener: TcpListener, file: &Path, clock: Clock, allowed: &[String]) -> io::Result<()> {
    let service = Service::open(file, clock).map_err(io::Error::other)?;
    let guard = Guard::allowing(allowed.iter().map(String::as_str));
    let client =
        Client::new(guard, concat!("belfry-practice/", env!("CARGO_PKG_VERSION"))).map_err(io::Error::other)?;
    server(listener, PracticeSide::new(Arc::new(service), client))?.await
}

/// The server that runs alone. It answers once it is awaited.
pub fn server(listener: TcpListener, side: PracticeSide) -> io::Result<Server> {
    let server = HttpServer::new(move || App::new().service(practice_scope(side.clone())))
        .workers(1)
        .shutdown_timeout(2)
        .on_connect(keep_connection)
        .listen(listener)?;
    Ok(server.run())
}

fn keep_connection(connection: &dyn Any, kept: &mut Extensions) {
    let copy = connection.downcast_ref::<tokio::net::TcpStream>().and_then(|tcp| tcp.as_fd().try_clone_to_owned().ok());
    if let Some(copy) = copy {
        kept.insert(Connection(TcpStream::from(copy)));
    }
}

async fn answer(side: web::Data<PracticeSide>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let asked = read(&request, body);
    // From before it is done, so that nobody is let go unheard.
    let mut released = side.service.released();
    let service = Arc::clone(&side.service);
    // It waits for the disk.
    let Ok(response) = web::block(move || service.handle(&asked)).await else {
        return HttpResponse::InternalServerError().finish();
    };
    side.tell(&response);
    match response.deliver {
        Deliver::Normal => whole(&side, response),
        Deliver::Half => half(&side, response),
        Deliver::CloseAfterDoing => {
            // Closing the socket below the server leaves it nothing to answer on. Where that cannot be done, half of
            // an answer says as little.
            if let Some(Connection(socket)) = request.conn_data::<Connection>() {
                drop(socket.shutdown(Shutdown::Both));
            }
            half(&side, response)
        }
        Deliver::Stall { until_at } => {
            tokio::select! {
                () = side.service.clock().until(until_at) => {}
                _changed = released.changed() => {}
            }
            whole(&side, response)
        }
    }
}

fn read(request: &HttpRequest, body: Bytes) -> Request {
    let query = url::form_urlencoded::parse(request.query_string().as_bytes());
    let headers = request.headers().iter().filter_map(|(name, value)| {
        let value = value.to_str().ok()?;
        Some((name.as_str().to_owned(), value.to_owned()))
    });
    Request {
        method: request.method().as_str().to_owned(),
        path: format!("/{}", request.match_info().query("path")),
        query: query.map(|(name, value)| (name.into_owned(), value.into_owned())).collect(),
        headers: headers.collect::<BTreeMap<_, _>>(),
        body,
    }
}

fn whole(side: &PracticeSide, response: Response) -> HttpResponse {
    let body = response.body.clone();
    head(side, response).body(body)
}

/// The first half of an answer that announces more than it gives.
fn half(side: &PracticeSide, response: Response) -> HttpResponse {
    let announced = u64::try_from(response.body.len()).unwrap_or(u64::MAX).max(2);
    let first = Bytes::copy_from_slice(response.body.get(..response.body.len() / 2).unwrap_or_default());
    let rest = stream::once(async {
        // What comes before leaves first.
        tokio::task::yield_now().await;
        Err(io::Error::other("the rest is never sent"))
    });
    let body = SizedStream::new(announced, stream::iter([Ok(first)]).chain(rest).boxed_local());
    head(side, response).body(body)
}

fn head(side: &PracticeSide, response: Response) -> actix_web::HttpResponseBuilder {
    let status = StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut built = HttpResponse::build(status);
    for (name, value) in response.headers {
        built.insert_header((name, value));
    }
    built
        .insert_header((header::CONTENT_TYPE, response.content_type))
        // The service's own time, so that whoever looks for a post afterwards compares like with like.
        .insert_header((header::DATE, http_date(side.service.clock())))
        .insert_header(("x-content-type-options", "nosniff"))
        .insert_header(("content-security-policy", "default-src 'none'; sandbox"));
    built
}

fn http_date(clock: &Clock) -> String {
    let since_1970 = u64::try_from(clock.now().as_millis()).unwrap_or(0);
    httpdate::fmt_http_date(std::time::UNIX_EPOCH + Duration::from_millis(since_1970))
}

async fn tell(service: Arc<Service>, client: Client, delivery: Delivery) {
    for wait in TRIES {
        service.clock().until(service.clock().now().plus(wait)).await;
        let now = service.clock().now();
        let Ok([id, timestamp, signature]) = signed_webhook::sign(&delivery.secret, &delivery.id, now, &delivery.body)
        else {
            return;
        };
        let request = client.post(&delivery.url).bytes("application/json", delivery.body.clone());
        let signed =
            [id, timestamp, signature].into_iter().fold(request, |request, (name, value)| request.header(name, &value));
        match signed.deadline(Duration::from_secs(15)).send().await {
            Ok(answer) if answer.is_success() || answer.status() == 410 => return,
            Ok(answer) => tracing::debug!(status = answer.status(), "a webhook did not take a comment"),
            Err(error) => tracing::debug!(error = %error, "a webhook was not reached"),
        }
    }
}
