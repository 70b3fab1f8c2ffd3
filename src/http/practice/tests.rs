use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::base::clock::At;
use crate::base::id;
use crate::networks::capabilities::Settles;
use crate::networks::job::Seed;
use crate::networks::practice::Practice;
use crate::networks::receiver::receiver;
use crate::networks::{
    Account, Call, Change, Claim, ConnectStep, Credentials, Job, MediaFile, MessageKind, Network, NetworkError, Part,
    Progress, RemotePost, Settled, Turn, Window,
};

/// The real service behind a real socket, and a channel that is connected to it.
struct Fixture {
    service: Arc<Service>,
    client: Client,
    account: Account,
    folder: TempDir,
}

impl Fixture {
    async fn new() -> Self {
        Self::telling("").await
    }

    /// The service may tell webhooks at this host.
    async fn telling(host: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let service = Arc::new(Service::open(&folder.path().join("practice"), Clock::default()).unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let side = PracticeSide::new(Arc::clone(&service), Client::new(Guard::allowing([host]), "practice").unwrap());
        tokio::spawn(server(listener, side).unwrap());
        let client = Client::new(Guard::allowing([address.as_str()]), "test").unwrap();
        let input = [("name", "Ada"), ("server", address.as_str())];
        let input = input.map(|(name, typed)| (name.to_owned(), typed.to_owned())).into_iter().collect();
        let call = Call { client: &client, now: service.clock().now() };
        let ConnectStep::Connected(connected) = Practice.connect(call, "name", &input, None).await.unwrap() else {
            panic!("nothing to visit");
        };
        assert_eq!(connected.server, format!("http://{address}/practice"));
        let account = Account {
            server: connected.server,
            remote_id: connected.remote_id,
            secret: connected.secret,
            settings: connected.settings,
        };
        Self { service, client, account, folder }
    }

    async fn settling(settles: Settles) -> Self {
        let mut fixture = Self::new().await;
        fixture.control("PUT", "/api/behaviour", &json!({ "settles": settles }));
        fixture.account.settings = Practice.test(fixture.call(), &fixture.account).await.unwrap().settings;
        assert_eq!(Practice.capabilities(&fixture.account.settings).settles, [settles]);
        fixture
    }

    fn call(&self) -> Call<'_> {
        Call { client: &self.client, now: self.service.clock().now() }
    }

    fn control(&self, method: &str, path: &str, body: &Value) -> Value {
        let bearer = format!("Bearer {}", self.account.secret.get("token").unwrap());
        let response = self.service.handle(&Request {
            method: method.to_owned(),
            path: path.to_owned(),
            headers: [("authorization".to_owned(), bearer)].into_iter().collect(),
            body: body.to_string().into(),
            ..Request::default()
        });
        assert!(response.status < 300, "{path}: {}", response.status);
        serde_json::from_slice(&response.body).unwrap_or(Value::Null)
    }

    fn fault(&self, step: &str, kind: &str) {
        self.control("POST", "/api/faults", &json!({ "step": step, "kind": kind, "retry_after_s": 9 }));
    }

    fn claim(&self, change: Change) -> Claim {
        let job = Job { id: "01JOB".to_owned(), change };
        let seed = Seed { now: self.call().now, random: u128::from_be_bytes(id::random()) };
        Claim { material: Practice.material(&job, seed), job }
    }

    /// Takes steps as the publishing engine does, until all is done or one does not go well.
    async fn run(&self, claim: &Claim, progress: &mut Progress) -> Result<RemotePost, NetworkError> {
        for _step in 0..20 {
            let Some(step) = Practice.next_step(&self.account, &claim.job, progress) else {
                return Ok(progress.post.clone().unwrap());
            };
            match Practice.take_step(self.call(), &self.account, claim, progress, &step).await? {
                Turn::Forward(known) => *progress = known,
                Turn::Wait { progress: known, until_at } => {
                    *progress = known;
                    self.service.clock().set(until_at);
                }
            }
        }
        panic!("no end to the steps");
    }

    async fn publish(&self, change: Change) -> RemotePost {
        self.run(&self.claim(change), &mut Progress::default()).await.unwrap()
    }

    async fn settle(&self, claim: &Claim, progress: &Progress, from_at: At) -> Settled {
        let window = Window { from_at, to_at: self.call().now };
        Practice.settle(self.call(), &self.account, claim, progress, window).await.unwrap()
    }

    /// The posts that anyone can see.
    fn posts(&self) -> Vec<Value> {
        self.control("GET", "/api/timeline", &Value::Null)["posts"].as_array().unwrap().clone()
    }

    fn picture(&self, name: &str, alt: &str) -> MediaFile {
        let path = self.folder.path().join(name);
        std::fs::write(&path, name).unwrap();
        MediaFile {
            path,
            mime: "image/png".to_owned(),
            file_name: name.to_owned(),
            size_bytes: 1,
            width_px: 1,
            height_px: 1,
            alt: alt.to_owned(),
            focus: Some((0.5, -0.5)),
        }
    }
}

fn saying(text: &str) -> Change {
    Change::Publish { part: Part { text: text.to_owned(), ..Part::default() }, root: None, parent: None }
}

const WAYS: [Settles; 4] = [Settles::NativeKey, Settles::KnownId, Settles::LookUp, Settles::AskPerson];

#[actix_web::test]
async fn a_post_with_pictures_goes_out_whichever_way_the_account_settles() {
    for settles in WAYS {
        let fixture = Fixture::settling(settles).await;
        fixture.control("POST", "/api/faults", &json!({ "step": "upload", "kind": "slow_media", "ms": 3000 }));
        let media = vec![fixture.picture("one.png", "A bell"), fixture.picture("two.png", "A tower")];
        let part = Part { text: "Bells".to_owned(), media, language: Some("en".to_owned()), ..Part::default() };
        let post = fixture.publish(Change::Publish { part, root: None, parent: None }).await;
        let [seen] = fixture.posts().try_into().unwrap();
        assert_eq!((seen["id"].as_str(), seen["text"].as_str()), (Some(post.id.as_str()), Some("Bells")));
        assert_eq!((&seen["media"][1]["alt"], &seen["media"][1]["focus"]), (&json!("A tower"), &json!([0.5, -0.5])));
        let url = format!("{}/media/{}", fixture.account.server, seen["media"][0]["digest"].as_str().unwrap());
        assert_eq!(fixture.client.get(&url).send().await.unwrap().body().as_ref(), b"one.png");
    }
}

#[actix_web::test]
async fn what_is_refused_before_anything_is_done_is_told_apart() {
    for settles in WAYS {
        let step = if settles == Settles::KnownId { "publish" } else { "create" };
        let fixture = Fixture::settling(settles).await;
        let claim = fixture.claim(saying("One"));
        for (kind, expected) in
            [("refuse", "refused"), ("rate_limit", "asked to wait"), ("expired_token", "must be connected again")]
        {
            fixture.fault(step, kind);
            let now = fixture.call().now;
            let error = fixture.run(&claim, &mut Progress::default()).await.unwrap_err();
            assert!(error.to_string().starts_with(expected), "{settles:?} {kind}: {error}");
            if let NetworkError::Wait { until_at, .. } = error {
                assert!(now.plus(Duration::from_secs(9)) <= until_at.unwrap(), "{until_at:?}");
            }
        }
        assert_eq!(fixture.posts().len(), 0);
        fixture.run(&claim, &mut Progress::default()).await.unwrap();
        assert_eq!(fixture.posts().len(), 1);
    }
}

#[actix_web::test]
async fn an_unclear_outcome_is_settled_in_each_of_the_four_ways() {
    let kinds = [
        ("fail_before", false),
        ("fail_after", true),
        ("lose_answer", true),
        ("half_answer", true),
        ("wrong_type", true),
        ("stall", true),
    ];
    for settles in WAYS {
        let step = if settles == Settles::KnownId { "publish" } else { "create" };
        for (kind, was_done) in kinds {
            let fixture = Fixture::settling(settles).await;
            fixture.fault(step, kind);
            let claim = fixture.claim(saying("One"));
            let from_at = fixture.call().now;
            let mut progress = Progress::default();
            // Nobody waits for an answer that is late: giving up leaves the outcome as unknown as a lost answer does.
            let patience = Duration::from_millis(if kind == "stall" { 300 } else { 20_000 });
            let outcome = tokio::time::timeout(patience, fixture.run(&claim, &mut progress)).await;
            assert!(
                matches!(outcome, Err(_) | Ok(Err(NetworkError::Unclear { .. }))),
                "{settles:?} {kind}: {outcome:?}"
            );
            assert_eq!(fixture.posts().len(), usize::from(was_done), "{settles:?} {kind}");

            let settled = fixture.settle(&claim, &progress, from_at).await;
            let right = match (settles, was_done) {
                (Settles::NativeKey, _) | (Settles::KnownId, false) => settled == Settled::SafeToRepeat,
                (Settles::LookUp, false) => settled == Settled::NotDone,
                (Settles::KnownId | Settles::LookUp, true) => {
                    matches!(&settled, Settled::Done(post) if post.id.starts_with('p'))
                }
                (Settles::AskPerson, _) => matches!(settled, Settled::CannotTell { .. }),
            };
            assert!(right, "{settles:?} {kind}: {settled:?}");
            if matches!(settled, Settled::SafeToRepeat | Settled::NotDone) {
                fixture.run(&claim, &mut progress).await.unwrap();
                assert_eq!(fixture.posts().len(), 1, "{settles:?} {kind}");
            }
        }
    }
}

#[actix_web::test]
async fn an_answer_that_stalls_comes_when_it_is_let_go() {
    let fixture = Fixture::new().await;
    fixture.fault("create", "stall");
    let claim = fixture.claim(saying("One"));
    let mut progress = Progress::default();
    let ((), done) = tokio::join!(
        async {
            while fixture.posts().is_empty() {
                tokio::task::yield_now().await;
            }
            fixture.control("POST", "/api/release", &Value::Null);
        },
        fixture.run(&claim, &mut progress)
    );
    done.unwrap();
}

#[actix_web::test]
async fn two_posts_that_say_the_same_are_not_guessed_between() {
    let fixture = Fixture::settling(Settles::LookUp).await;
    let from_at = fixture.call().now;
    fixture.publish(saying("Same")).await;
    fixture.publish(saying("Same")).await;
    let settled = fixture.settle(&fixture.claim(saying("Same")), &Progress::default(), from_at).await;
    assert!(matches!(settled, Settled::CannotTell { .. }), "{settled:?}");
    fixture.service.clock().set_offset_ms(3_600_000);
    let later = fixture.call().now;
    assert_eq!(fixture.settle(&fixture.claim(saying("Same")), &Progress::default(), later).await, Settled::NotDone);
}

#[actix_web::test]
async fn a_thread_hangs_together_and_can_be_changed_and_taken_down() {
    let fixture = Fixture::new().await;
    let first = fixture.publish(saying("One")).await;
    let part = Part { text: "Two".to_owned(), ..Part::default() };
    let (root, parent) = (Some(first.clone()), Some(first.clone()));
    let second = fixture.publish(Change::Publish { part: part.clone(), root, parent }).await;
    let seen = fixture.control("GET", &format!("/api/posts/{}", second.id), &Value::Null);
    assert_eq!(
        (seen["in_reply_to"].as_str(), seen["thread_root"].as_str()),
        (Some(first.id.as_str()), Some(first.id.as_str()))
    );

    let edit = fixture.claim(Change::Edit { post: second.clone(), part: Part { text: "Three".to_owned(), ..part } });
    fixture.fault("edit", "lose_answer");
    let mut progress = Progress::default();
    assert!(matches!(fixture.run(&edit, &mut progress).await, Err(NetworkError::Unclear { .. })));
    assert!(matches!(fixture.settle(&edit, &progress, fixture.call().now).await, Settled::Done(_)));
    let seen = fixture.control("GET", &format!("/api/posts/{}", second.id), &Value::Null);
    assert_eq!((seen["text"].as_str(), seen["in_reply_to"].as_str()), (Some("Three"), Some(first.id.as_str())));

    let delete = fixture.claim(Change::Delete { post: second.clone() });
    fixture.fault("delete", "fail_before");
    assert!(matches!(fixture.run(&delete, &mut progress).await, Err(NetworkError::Unclear { .. })));
    assert_eq!(fixture.settle(&delete, &progress, fixture.call().now).await, Settled::SafeToRepeat);
    fixture.fault("delete", "lose_answer");
    assert!(matches!(fixture.run(&delete, &mut progress).await, Err(NetworkError::Unclear { .. })));
    assert!(matches!(fixture.settle(&delete, &progress, fixture.call().now).await, Settled::Done(_)));
    assert_eq!(fixture.run(&delete, &mut progress).await.unwrap(), second);
    assert_eq!(fixture.posts().len(), 1);
}

#[actix_web::test]
async fn comments_are_polled_once_each_and_can_be_answered() {
    let fixture = Fixture::new().await;
    let inbox = Practice.inbox().unwrap();
    let empty = inbox.fetch(fixture.call(), &fixture.account, None).await.unwrap();
    assert!(empty.items.is_empty() && empty.checkpoint.is_some());

    let post = fixture.publish(saying("One")).await;
    let comments = format!("/api/posts/{}/comments", post.id);
    fixture.control("POST", &comments, &json!({ "from": "Ben", "text": "Nice" }));
    let page = inbox.fetch(fixture.call(), &fixture.account, empty.checkpoint.as_deref()).await.unwrap();
    let [nice] = page.items.try_into().unwrap();
    assert_eq!((nice.kind, nice.item.author.handle.as_str()), (MessageKind::Reply, "@ben"));
    assert_eq!(nice.item.in_reply_to, Some(post.id.clone()));
    let again = inbox.fetch(fixture.call(), &fixture.account, page.checkpoint.as_deref()).await.unwrap();
    assert!(again.items.is_empty());

    let part = Part { text: "Thank you".to_owned(), ..Part::default() };
    let parent = nice.item.post;
    fixture.publish(Change::Reply { part, root: Some(post.clone()), parent, parent_handle: None }).await;
    let below = inbox.fetch_below(fixture.call(), &fixture.account, &post).await.unwrap();
    assert_eq!(below.len(), 1, "one's own answer is no message");
    let seen = fixture.control("GET", &format!("/api/posts/{}", post.id), &Value::Null);
    assert_eq!(seen["counts"]["comments"], 1);
}

#[actix_web::test]
async fn a_comment_is_told_to_the_webhook_signed_and_found_by_polling_too() {
    let (address, seen) =
        receiver(&["500 Oops\r\nconnection: close\r\n\r\n", "200 OK\r\nconnection: close\r\n\r\n"]).await;
    let mut fixture = Fixture::telling(&address).await;
    let (hook, secret) = (Practice.webhook().unwrap(), signed_webhook::make_secret());
    let url = format!("http://{address}/hooks/practice/1");
    hook.register(fixture.call(), &fixture.account, &url, &secret).await.unwrap();
    fixture.account.secret.put("webhook_secret", secret);

    let post = fixture.publish(saying("One")).await;
    fixture.control("GET", "/api/me", &Value::Null);
    // Sent over HTTP, as a second account does: what is asked in process is delivered by nobody.
    let url = format!("{}/api/posts/{}/comments", fixture.account.server, post.id);
    let token = fixture.account.secret.get("token").unwrap();
    let comment = fixture.client.post(&url).bearer(token).json(&json!({ "from": "Ben", "text": "Nice" }));
    assert_eq!(comment.send().await.unwrap().status(), 201);
    while seen.lock().unwrap().len() < 2 {
        // The second try is due half a second after the first.
        tokio::time::timeout(Duration::from_millis(20), std::future::pending::<()>()).await.unwrap_err();
    }
    let seen = seen.lock().unwrap().clone();
    assert_eq!((&seen[0].0["webhook-id"], &seen[0].1), (&seen[1].0["webhook-id"], &seen[1].1));
    let (headers, body) = &seen[1];
    let now = fixture.call().now;
    let id = hook.verify(&fixture.account, headers, body, now).unwrap();
    assert_eq!(id.as_ref(), headers.get("webhook-id"));
    assert!(hook.verify(&fixture.account, headers, body, now.plus(Duration::from_mins(6))).is_err());
    let [told] = hook.read(&fixture.account, body).unwrap().try_into().unwrap();
    let polled = Practice.inbox().unwrap().fetch(fixture.call(), &fixture.account, None).await.unwrap();
    assert_eq!((told.item.post.clone(), told.item.text.as_str()), (polled.items[0].item.post.clone(), "Nice"));
    assert!(hook.read(&fixture.account, b"{}").is_err());
}

#[actix_web::test]
async fn figures_and_earlier_posts_are_read() {
    let fixture = Fixture::new().await;
    let mut posts = Vec::new();
    for number in 0..45 {
        posts.push(fixture.publish(saying(&format!("Post {number}"))).await);
    }
    let history = Practice.history().unwrap();
    let (first, after) = history.own_posts(fixture.call(), &fixture.account, None).await.unwrap();
    assert_eq!((first.len(), first[0].text.as_str()), (40, "Post 44"));
    let (rest, end) = history.own_posts(fixture.call(), &fixture.account, after.as_deref()).await.unwrap();
    assert_eq!((rest.len(), end), (5, None));

    fixture.publish(Change::Delete { post: posts[1].clone() }).await;
    fixture.service.clock().set_offset_ms(3_600_000);
    let figures = Practice.figures().unwrap();
    let counted = figures.of_posts(fixture.call(), &fixture.account, &posts[..3]).await.unwrap();
    assert_eq!(counted.iter().map(|(id, _)| id).collect::<Vec<_>>(), [&posts[0].id, &posts[2].id]);
    assert!(counted[0].1.views.is_some_and(|views| 0 < views) && counted[0].1.reach.is_none());
    let account = figures.of_account(fixture.call(), &fixture.account).await.unwrap();
    assert!(account.followers.is_some());

    fixture.control("PUT", "/api/behaviour", &json!({ "followers": false, "settles": "ask_person" }));
    let mut account = fixture.account.clone();
    account.settings = Practice.test(fixture.call(), &account).await.unwrap().settings;
    assert_eq!(figures.of_account(fixture.call(), &account).await.unwrap().followers, None);
    assert_eq!(history.own_posts(fixture.call(), &account, None).await.unwrap(), (Vec::new(), None));
}

#[actix_web::test]
async fn a_token_that_was_ended_asks_for_a_new_connection() {
    let fixture = Fixture::new().await;
    fixture.control("DELETE", "/api/tokens", &Value::Null);
    let error = Practice.test(fixture.call(), &fixture.account).await.unwrap_err();
    assert!(matches!(error, NetworkError::Reconnect { .. }), "{error:?}");
    let account = Account { secret: Credentials::default(), ..fixture.account.clone() };
    let error = Practice.test(fixture.call(), &account).await.unwrap_err();
    assert!(matches!(error, NetworkError::Reconnect { .. }), "{error:?}");
}

#[actix_web::test]
async fn answers_carry_the_time_of_the_service() {
    let fixture = Fixture::new().await;
    fixture.service.clock().set_offset_ms(-86_400_000);
    let answer = fixture.client.get(&format!("{}/api/timeline", fixture.account.server)).send().await.unwrap();
    let apart = fixture.call().now.as_seconds() - answer.date().unwrap().as_seconds();
    assert!((0..5).contains(&apart), "{apart}");
}

#[actix_web::test]
async fn a_server_that_is_not_named_or_not_allowed_is_refused() {
    let fixture = Fixture::new().await;
    for server in ["", "127.0.0.1:9", "ftp://example.org"] {
        let input = [("name", "Ada"), ("server", server)];
        let input = input.map(|(name, typed)| (name.to_owned(), typed.to_owned())).into_iter().collect();
        let error = Practice.connect(fixture.call(), "name", &input, None).await.unwrap_err();
        assert!(matches!(error, NetworkError::Address { .. }), "{server}: {error:?}");
    }
}
