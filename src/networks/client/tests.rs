use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

/// A server that gives each connection the next of these answers, and then closes it.
async fn server(answers: Vec<String>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        for answer in answers {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 4096];
            let read = socket.read(&mut request).await.unwrap();
            let seen = String::from_utf8_lossy(&request[..read]).to_ascii_lowercase();
            let answer = answer.replace("{authorized}", if seen.contains("authorization:") { "yes" } else { "no" });
            socket.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    address
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{body}")
}

fn moved(to: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
}

fn client(allowed: &[&str]) -> Client {
    Client::new(Guard::allowing(allowed.iter().copied()), "test").unwrap()
}

#[tokio::test]
async fn a_private_address_is_not_asked_even_when_a_server_listens_there() {
    let address = server(vec![ok("never")]).await;
    let refused = client(&[]).get(&format!("http://{address}/")).send().await.unwrap_err();
    assert!(matches!(refused, NetworkError::Address { .. }), "{refused:?}");
}

#[tokio::test]
async fn a_redirect_to_a_private_address_is_refused() {
    let inner = server(vec![ok("never")]).await;
    let outer = server(vec![moved(&format!("http://{inner}/"))]).await;
    let refused = client(&[&outer]).get(&format!("http://{outer}/")).send().await.unwrap_err();
    assert!(matches!(refused, NetworkError::Address { .. }), "{refused:?}");
}

#[tokio::test]
async fn a_name_that_resolves_to_a_private_address_is_refused_at_the_connection() {
    // In every hosts file of Debian, and not caught by its spelling.
    let refused = client(&[]).get("http://ip6-localhost:9/").send().await.unwrap_err();
    let at_connection = matches!(refused, NetworkError::Address { .. });
    let unknown_here = matches!(refused, NetworkError::NotSent { .. });
    assert!(at_connection || unknown_here, "{refused:?}");
}

#[tokio::test]
async fn a_name_that_resolves_twice_is_judged_by_what_is_connected_to() {
    let inside = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = inside.local_addr().unwrap().port();
    // Public when it is looked at for the first time, this machine ever after.
    let answers = Arc::new(Mutex::new(vec!["127.0.0.1:0", "127.0.0.1:0", "93.184.216.34:0"]));
    let left = Arc::clone(&answers);
    let lookup: Lookup = Arc::new(move |_name| {
        let answer = left.lock().unwrap().pop().unwrap().parse().unwrap();
        Box::pin(async move { Ok(vec![answer]) })
    });
    let names = GuardedNames { guard: Arc::default(), lookup: Arc::clone(&lookup) };
    let first: Vec<_> = names.resolve("rebound.example".parse().unwrap()).await.unwrap().collect();
    assert_eq!(first, ["93.184.216.34:0".parse().unwrap()]);

    let client = Client::with_lookup(Guard::default(), "test", lookup).unwrap();
    let refused = client.get(&format!("http://rebound.example:{port}/")).send().await.unwrap_err();
    assert!(matches!(refused, NetworkError::Address { .. }), "{refused:?}");
    assert_eq!(
        answers.lock().unwrap().len(),
        1,
        "it is looked up once for a request: nothing lies between look and use"
    );
    let came = inside.into_std().unwrap().accept();
    assert_eq!(came.unwrap_err().kind(), io::ErrorKind::WouldBlock, "nobody came inside");
}

#[tokio::test]
async fn of_a_name_that_is_both_public_and_private_only_the_public_address_is_used() {
    let lookup: Lookup = Arc::new(|_name| {
        let both = ["192.168.1.1:0", "93.184.216.34:0", "[::1]:0"].map(|address| address.parse().unwrap());
        Box::pin(async move { Ok(both.to_vec()) })
    });
    let names = GuardedNames { guard: Arc::default(), lookup };
    let usable: Vec<_> = names.resolve("both.example".parse().unwrap()).await.unwrap().collect();
    assert_eq!(usable, ["93.184.216.34:0".parse().unwrap()]);
}

#[tokio::test]
async fn a_redirect_is_followed_without_the_token_when_it_leads_elsewhere() {
    let inner = server(vec![ok("token seen: {authorized}")]).await;
    let outer = server(vec![moved(&format!("http://{inner}/"))]).await;
    let client = client(&[&outer, &inner]);
    let answer = client.get(&format!("http://{outer}/")).bearer("secret").send().await.unwrap();
    assert_eq!(answer.body().as_ref(), b"token seen: no");
}

#[tokio::test]
async fn a_request_that_changes_something_follows_no_redirect() {
    let outer = server(vec![moved("/elsewhere")]).await;
    let answer = client(&[&outer]).post(&format!("http://{outer}/")).send().await.unwrap();
    assert_eq!(answer.status(), 302);
}

#[tokio::test]
async fn a_server_that_is_not_there_got_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    let error = client(&[&address]).post(&format!("http://{address}/")).send().await.unwrap_err();
    assert!(matches!(error, NetworkError::NotSent { .. }), "{error:?}");
}

#[tokio::test]
async fn a_connection_that_ends_without_an_answer_leaves_the_outcome_unknown() {
    let address = server(vec![String::new()]).await;
    let error = client(&[&address]).post(&format!("http://{address}/")).send().await.unwrap_err();
    assert!(matches!(error, NetworkError::Unclear { .. }), "{error:?}");
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_cut_off() {
    let address = server(vec![ok(&"x".repeat(5000))]).await;
    let error = client(&[&address]).get(&format!("http://{address}/")).max_bytes(1000).send().await.unwrap_err();
    assert!(matches!(error, NetworkError::Unclear { .. }), "{error:?}");
}

#[tokio::test]
async fn of_a_long_page_only_the_beginning_is_taken() {
    let address = server(vec![ok(&"x".repeat(5000))]).await;
    let answer = client(&[&address]).get(&format!("http://{address}/")).first_bytes(1000).send().await.unwrap();
    assert_eq!(answer.body().len(), 1000);
}

#[tokio::test]
async fn a_token_with_a_line_break_in_it_is_refused_before_anything_leaves() {
    let error = client(&[]).get("https://example.org/").bearer("a\r\nhost: evil").send().await.unwrap_err();
    assert!(matches!(error, NetworkError::Refused { .. }), "{error:?}");
}

#[test]
fn retry_after_is_read_as_seconds_and_as_a_date_and_kept_within_a_day() {
    let now = At::parse("2026-11-22T09:00:00Z").unwrap();
    let answer = |value: &str| {
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", HeaderValue::from_str(value).unwrap());
        Answer { status: StatusCode::OK, headers, body: Bytes::new(), address: Url::parse("http://x/").unwrap() }
    };
    assert_eq!(answer("30").retry_after(now), At::parse("2026-11-22T09:00:30Z"));
    assert_eq!(answer("Sun, 22 Nov 2026 09:01:00 GMT").retry_after(now), At::parse("2026-11-22T09:01:00Z"));
    assert_eq!(answer("9999999").retry_after(now), At::parse("2026-11-23T09:00:00Z"));
    assert_eq!(answer("-5").retry_after(now), None);
}
