use super::*;
use crate::base::url_guard::Guard;
use crate::networks::Client;
use crate::networks::receiver::receiver;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn client(address: &str) -> Client {
    Client::new(Guard::allowing([address]), "test").unwrap()
}

fn now() -> At {
    At::from_millis(1_800_000_000_000)
}

fn account(address: &str) -> Account {
    Account {
        server: format!("http://{address}"),
        remote_id: String::new(),
        secret: Credentials::new([("url", &format!("http://{address}/in?key=1")), ("secret", SECRET)]),
        settings: Value::Null,
    }
}

fn claim() -> Claim {
    let part = Part { text: "Bells at https://example.org/ring.".to_owned(), ..Part::default() };
    let job = Job { id: "01JOB".to_owned(), change: Change::Publish { part, root: None, parent: None } };
    let seed = Seed { now: At::from_millis(1_799_999_000_000), random: 1 };
    Claim { material: Webhook.material(&job, seed), job }
}

async fn turn(address: &str, claim: &Claim) -> Result<Turn, NetworkError> {
    let client = client(address);
    let call = Call { client: &client, now: now() };
    Webhook.take_step(call, &account(address), claim, &Progress::default(), &Step::visible("deliver")).await
}

const OK: &str = "200 OK\r\nconnection: close\r\n\r\n";

#[tokio::test]
async fn a_post_arrives_signed_with_the_same_id_and_body_over_all_tries() {
    let (address, seen) = receiver(&["500 Oops\r\nconnection: close\r\n\r\n", OK]).await;
    let claim = claim();
    assert!(matches!(turn(&address, &claim).await, Err(NetworkError::Unclear { .. })));
    let Ok(Turn::Forward(progress)) = turn(&address, &claim).await else { panic!("not taken") };
    assert_eq!(progress.post.as_ref().unwrap().id, "01JOB");
    assert_eq!(Webhook.next_step(&account(&address), &claim.job, &progress), None);

    let seen = seen.lock().unwrap();
    assert_eq!(seen[0].1, seen[1].1);
    for (headers, body) in seen.iter() {
        assert_eq!(signed_webhook::verify(SECRET, headers, body, now()).unwrap(), "01JOB");
    }
    let body: Value = serde_json::from_slice(&seen[0].1).unwrap();
    assert_eq!(body["type"], "post.published");
    assert_eq!(body["data"]["post"]["links"], json!(["https://example.org/ring"]));
}

#[tokio::test]
async fn what_the_receiver_names_the_post_is_kept() {
    let answer = "200 OK\r\nconnection: close\r\n\r\n{\"id\":\"77\",\"url\":\"https://example.org/77\"}";
    let (address, _seen) = receiver(&[answer]).await;
    let Ok(Turn::Forward(progress)) = turn(&address, &claim()).await else { panic!("not taken") };
    let post = progress.post.unwrap();
    assert_eq!((post.id.as_str(), post.url.as_deref()), ("77", Some("https://example.org/77")));
}

#[tokio::test]
async fn each_status_says_what_happens_next() {
    let table = [
        ("410 Gone", "refused"),
        ("404 Not Found", "refused"),
        ("302 Found\r\nlocation: /elsewhere", "refused"),
        ("401 Unauthorized", "must be connected again"),
        ("429 Too Many\r\nretry-after: 7", "asked to wait"),
        ("502 Bad Gateway", "asked to wait"),
        ("503 Unavailable", "asked to wait"),
        ("504 Gateway Timeout", "asked to wait"),
        ("500 Oops", "outcome unknown"),
        ("408 Timeout", "outcome unknown"),
    ];
    for (status, expected) in table {
        let (address, _seen) = receiver(&[&format!("{status}\r\nconnection: close\r\n\r\n")]).await;
        let error = turn(&address, &claim()).await.unwrap_err();
        assert!(error.to_string().starts_with(expected), "{status}: {error}");
        if let NetworkError::Wait { until_at: Some(until), .. } = error {
            assert_eq!(until, now().plus(Duration::from_secs(7)));
        }
    }
}

#[tokio::test]
async fn a_lost_answer_is_settled_as_safe_to_repeat() {
    let (address, _seen) = receiver(&[""]).await;
    assert!(matches!(turn(&address, &claim()).await, Err(NetworkError::Unclear { .. })));
    let client = client(&address);
    let call = Call { client: &client, now: now() };
    let window = Window { from_at: now(), to_at: now() };
    let settled = Webhook.settle(call, &account(&address), &claim(), &Progress::default(), window).await.unwrap();
    assert_eq!(settled, Settled::SafeToRepeat);
}

async fn connect(address: &str, url: &str, secret: &str) -> Result<Connected, NetworkError> {
    let client = client(address);
    let call = Call { client: &client, now: now() };
    let input = [("url", url), ("secret", secret)].map(|(name, typed)| (name.to_owned(), typed.to_owned()));
    match Webhook.connect(call, "address", &input.into_iter().collect(), None).await? {
        ConnectStep::Connected(connected) => Ok(*connected),
        ConnectStep::Visit { .. } => panic!("nothing to visit"),
    }
}

#[tokio::test]
async fn connecting_tells_the_receiver_once_and_makes_a_secret_where_none_was_typed() {
    let (address, seen) = receiver(&[OK, OK]).await;
    let url = format!("http://{address}/in?key=1");
    let made = connect(&address, &url, "").await.unwrap();
    assert!(signed_webhook::is_secret(made.secret.find("secret").unwrap()));
    assert_eq!(made.settings["secret_made"], true);
    let typed = connect(&address, &url, SECRET).await.unwrap();
    assert_eq!((typed.secret.find("secret"), &typed.settings["secret_made"]), (Some(SECRET), &json!(false)));
    assert_eq!(made.remote_id, typed.remote_id);
    assert!(!format!("{made:?}").contains("key=1"));
    let (headers, body) = seen.lock().unwrap()[1].clone();
    assert!(signed_webhook::verify(SECRET, &headers, &body, now()).is_ok());
}

#[tokio::test]
async fn an_address_or_secret_that_cannot_be_used_is_refused_with_words() {
    assert!(matches!(connect("x", "http://127.0.0.1:1/", "").await, Err(NetworkError::Address { .. })));
    assert!(matches!(connect("x", "not an address", "").await, Err(NetworkError::Address { .. })));
    assert!(matches!(connect("x", "https://example.org", "password").await, Err(NetworkError::Refused { .. })));
}
