//! A small HTTP server for the tests of connectors: it hands each request to a function and keeps a record of it.
//!
//! The function decides what a real server would answer, and refuses what a real server would refuse. It can also lose
//! the answer ([`Reply::lost`]): the request has taken effect, and the connection ends without a word.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::Client;
use crate::base::url_guard::Guard;

/// A server on loopback, for as long as this value lives.
#[derive(Debug)]
pub(crate) struct Fake {
    address: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    serving: tokio::task::JoinHandle<()>,
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) method: String,
    /// Without the query.
    pub(crate) path: String,
    /// Decoded, in order.
    pub(crate) query: Vec<(String, String)>,
    /// Names in small letters.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

/// One field of a multipart body.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) file_name: Option<String>,
    pub(crate) mime: Option<String>,
    pub(crate) bytes: Vec<u8>,
}

/// What the server answers.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    lost: bool,
}

impl Fake {
    /// Starts a server on a free port. `answer` is called once for each request, one after another.
    pub(crate) async fn start(answer: impl FnMut(&Asked) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (record, answer) = (Arc::clone(&asked), Arc::new(Mutex::new(answer)));
        let serving = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (record, answer) = (Arc::clone(&record), Arc::clone(&answer));
                tokio::spawn(async move {
                    let mut socket = BufReader::new(socket);
                    let Some(request) = read(&mut socket).await else { return };
                    // Recorded before it is answered, so that a test that has the answer finds it.
                    record.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
                    let reply = (answer.lock().unwrap_or_else(PoisonError::into_inner))(&request);
                    write(socket.into_inner(), reply).await;
                });
            }
        });
        Self { address, asked, serving }
    }

    /// `127.0.0.1:41234`.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// `http://127.0.0.1:41234`.
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A client that may ask this server and no other of this machine.
    pub(crate) fn client(&self) -> Client {
        Client::new(Guard::allowing([self.address.as_str()]), "Belfry tests").unwrap()
    }

    /// All requests so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The requests of this method and path so far.
    pub(crate) fn asked_for(&self, method: &str, path: &str) -> Vec<Asked> {
        self.asked().into_iter().filter(|asked| asked.method == method && asked.path == path).collect()
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Asked {
    /// The first value of this name in the query.
    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All values of this name in the query.
    pub(crate) fn params(&self, name: &str) -> Vec<&str> {
        self.query.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect()
    }

    /// A header by its name in small letters.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// The body as JSON; `Null` when it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// The body as a form.
    pub(crate) fn form(&self) -> BTreeMap<String, String> {
        url::form_urlencoded::parse(&self.body).into_owned().collect()
    }

    /// The fields of a multipart body.
    pub(crate) fn multipart(&self) -> Vec<Field> {
        let content_type = self.header("content-type").unwrap_or_default();
        let Some((_, boundary)) = content_type.split_once("boundary=") else { return Vec::new() };
        let boundary = format!("--{}", boundary.trim_matches('"')).into_bytes();
        let mut fields = Vec::new();
        for chunk in split(&self.body, &boundary) {
            let Some(end) = find(chunk, b"\r\n\r\n") else { continue };
            let head = String::from_utf8_lossy(&chunk[..end]).into_owned();
            let bytes = chunk[end + 4..].strip_suffix(b"\r\n").unwrap_or(&chunk[end + 4..]).to_vec();
            let quoted = |key: &str| {
                let rest = head.split_once(&format!("{key}=\""))?.1;
                Some(rest.split('"').next().unwrap_or_default().to_owned())
            };
            let mime = head.lines().find_map(|line| {
                let (key, value) = line.split_once(':')?;
                key.eq_ignore_ascii_case("content-type").then(|| value.trim().to_owned())
            });
            let name = quoted("; name").unwrap_or_default();
            fields.push(Field { name, file_name: quoted("filename"), mime, bytes });
        }
        fields
    }
}

impl Reply {
    /// A JSON answer.
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::of(status, "application/json", body.to_string())
    }

    /// An answer of this type.
    pub(crate) fn of(status: u16, mime: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: Vec::new(), body: body.into(), lost: false }.header("content-type", mime)
    }

    /// No answer: the connection ends.
    pub(crate) fn lost() -> Self {
        Self { status: 200, headers: Vec::new(), body: Vec::new(), lost: true }
    }

    /// Adds a header.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

async fn read(socket: &mut BufReader<TcpStream>) -> Option<Asked> {
    let first = line(socket).await?;
    let mut words = first.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = BTreeMap::new();
    loop {
        let line = line(socket).await?;
        let Some((name, value)) = line.split_once(':') else { break };
        headers.insert(name.trim().to_ascii_lowercase(), value.trim().to_owned());
    }
    let mut body = Vec::new();
    if headers.get("transfer-encoding").is_some_and(|coding| coding.contains("chunked")) {
        loop {
            let size = usize::from_str_radix(line(socket).await?.trim(), 16).ok()?;
            let from = body.len();
            body.resize(from + size, 0);
            socket.read_exact(&mut body[from..]).await.ok()?;
            line(socket).await?;
            if size == 0 {
                break;
            }
        }
    } else if let Some(size) = headers.get("content-length").and_then(|size| size.parse().ok()) {
        body.resize(size, 0);
        socket.read_exact(&mut body).await.ok()?;
    }
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let query = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    Some(Asked { method, path: path.to_owned(), query, headers, body })
}

async fn line(socket: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    let read = socket.read_line(&mut line).await.ok()?;
    (0 < read).then(|| line.trim_end().to_owned())
}

async fn write(mut socket: TcpStream, reply: Reply) {
    if reply.lost {
        return;
    }
    let mut head = format!("HTTP/1.1 {} Answer\r\nconnection: close\r\n", reply.status);
    for (name, value) in &reply.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("content-length: {}\r\n\r\n", reply.body.len()));
    // The client may have gone away, which is for the test to notice.
    drop(socket.write_all(head.as_bytes()).await);
    drop(socket.write_all(&reply.body).await);
    drop(socket.shutdown().await);
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

fn split<'b>(mut bytes: &'b [u8], by: &[u8]) -> Vec<&'b [u8]> {
    let mut parts = Vec::new();
    while let Some(at) = find(bytes, by) {
        parts.push(&bytes[..at]);
        bytes = &bytes[at + by.len()..];
    }
    parts
}
