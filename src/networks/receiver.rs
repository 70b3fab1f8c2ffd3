//! A receiver of webhooks, for tests: it gives prepared answers and keeps what it saw.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Headers and bodies, in the order in which they came.
pub(crate) type Seen = Arc<Mutex<Vec<(BTreeMap<String, String>, Vec<u8>)>>>;

/// Listens on this machine; gives each request the next of these answers (what comes after `HTTP/1.1 `) and keeps its
/// headers and body.
pub(crate) async fn receiver(answers: &[&str]) -> (String, Seen) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let seen = Seen::default();
    let (answers, kept) = (answers.iter().map(|answer| (*answer).to_owned()).collect::<Vec<_>>(), Arc::clone(&seen));
    tokio::spawn(async move {
        for answer in answers {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut bytes = Vec::new();
            let (headers, body) = loop {
                let mut piece = [0; 4096];
                let read = socket.read(&mut piece).await.unwrap();
                bytes.extend_from_slice(&piece[..read]);
                let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
                let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
                let headers: BTreeMap<String, String> = head
                    .lines()
                    .filter_map(|line| line.split_once(": "))
                    .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
                    .collect();
                let length: usize = headers["content-length"].parse().unwrap();
                if end + 4 + length <= bytes.len() {
                    break (headers, bytes[end + 4..].to_vec());
                }
            };
            kept.lock().unwrap().push((headers, body));
            let reply = format!("HTTP/1.1 {answer}");
            socket.write_all(reply.as_bytes()).await.unwrap();
        }
    });
    (address, seen)
}
