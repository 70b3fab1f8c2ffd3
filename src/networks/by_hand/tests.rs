use super::*;
use crate::base::clock::At;
use crate::base::url_guard::Guard;
use crate::networks::job::RemotePost;
use crate::networks::{Change, Client, Part};

fn client() -> Client {
    Client::new(Guard::default(), "test").unwrap()
}

fn job() -> Job {
    Job { id: "01J".to_owned(), change: Change::Publish { part: Part::default(), root: None, parent: None } }
}

async fn connect(app: &str, handle: &str) -> Result<Connected, NetworkError> {
    let input = [("app", app), ("handle", handle)].map(|(name, typed)| (name.to_owned(), typed.to_owned()));
    let client = client();
    let call = Call { client: &client, now: At::from_millis(0) };
    match ByHand.connect(call, "choose", &input.into_iter().collect(), None).await? {
        ConnectStep::Connected(connected) => Ok(*connected),
        ConnectStep::Visit { .. } => panic!("nothing to visit"),
    }
}

#[tokio::test]
async fn each_app_brings_its_own_limits() {
    let table = [
        ("instagram", Some(2200), 10, true),
        ("tiktok", Some(4000), 35, true),
        ("linkedin", Some(3000), 20, false),
        ("facebook", Some(63_206), 10, false),
        ("x", Some(280), 4, false),
        ("threads", Some(500), 20, false),
        ("youtube", Some(5000), 1, false),
        ("whatsapp", None, 30, false),
        ("other", None, 20, false),
    ];
    for (app, text, images, media_required) in table {
        let can = ByHand.capabilities(&connect(app, "@ada").await.unwrap().settings);
        assert_eq!((can.text.limit, can.images.max, can.media_required), (text, images, media_required), "{app}");
        assert!(can.by_hand);
    }
    assert_eq!(ByHand.capabilities(&serde_json::Value::Null).text.limit, None);
}

#[tokio::test]
async fn a_channel_is_an_app_and_a_handle() {
    let ada = connect("instagram", " @Ada.Bakes ").await.unwrap();
    assert_eq!((ada.remote_id.as_str(), ada.handle.as_str()), ("instagram:ada.bakes", "@Ada.Bakes"));
    assert_eq!(connect("other", "").await.unwrap().handle, "Another app");
    assert!(matches!(connect("myspace", "@ada").await, Err(NetworkError::Refused { .. })));
}

#[tokio::test]
async fn a_publication_waits_for_a_person_and_is_done_when_they_say_so() {
    let settings = connect("instagram", "@ada").await.unwrap().settings;
    let account = Account { server: String::new(), remote_id: String::new(), secret: Credentials::default(), settings };
    let client = client();
    let call = Call { client: &client, now: At::from_millis(0) };
    let claim = Claim { job: job(), material: Material::default() };
    let mut progress = Progress::default();

    let step = ByHand.next_step(&account, &claim.job, &progress).unwrap();
    assert!(!step.visible);
    let turn = ByHand.take_step(call, &account, &claim, &progress, &step).await.unwrap();
    assert!(matches!(turn, Turn::Wait { until_at, .. } if call.now.plus(Duration::from_hours(24)) < until_at));
    let window = Window { from_at: call.now, to_at: call.now };
    assert_eq!(ByHand.settle(call, &account, &claim, &progress, window).await.unwrap(), Settled::NotDone);

    let url = Some("https://www.instagram.com/p/abc".to_owned());
    progress.post = Some(RemotePost { id: "abc".to_owned(), url, ..RemotePost::default() });
    assert_eq!(ByHand.next_step(&account, &claim.job, &progress), None);
    let settled = ByHand.settle(call, &account, &claim, &progress, window).await.unwrap();
    assert!(matches!(settled, Settled::Done(post) if post.url.as_deref() == Some("https://www.instagram.com/p/abc")));
}

#[test]
fn a_link_is_https_and_of_the_apps_own_site() {
    let good = [
        ("instagram", " https://www.instagram.com/p/abc/?igsh=1 "),
        ("tiktok", "https://vm.tiktok.com/ZM1/"),
        ("linkedin", "https://lnkd.in/abc"),
        ("facebook", "https://m.facebook.com/story.php?id=1"),
        ("x", "https://twitter.com/ada/status/1"),
        ("threads", "https://www.threads.net/@ada/post/1"),
        ("youtube", "https://youtu.be/abc"),
        ("other", "https://pixelfed.example/p/ada/1"),
    ];
    for (app, link) in good {
        assert!(App::find(app).unwrap().read_link(link).is_ok(), "{app} {link}");
    }
    let bad = [
        ("instagram", "https://www.tiktok.com/@ada/photo/1", LinkProblem::OtherSite),
        ("instagram", "https://notinstagram.com/p/abc", LinkProblem::OtherSite),
        ("instagram", "https://instagram.com.evil.example/p/abc", LinkProblem::OtherSite),
        ("instagram", "http://www.instagram.com/p/abc", LinkProblem::NotALink),
        ("instagram", "https://ada:secret@www.instagram.com/p/abc", LinkProblem::NotALink),
        ("other", "javascript:alert(1)", LinkProblem::NotALink),
        ("other", "https://", LinkProblem::NotALink),
        ("other", "https://192.168.1.1/x", LinkProblem::NotALink),
        ("other", "https://localhost/x", LinkProblem::NotALink),
        ("other", "posted it", LinkProblem::NotALink),
    ];
    for (app, link, problem) in bad {
        assert_eq!(App::find(app).unwrap().read_link(link), Err(problem), "{app} {link}");
    }
}

#[test]
fn an_app_that_opens_at_an_address_opens_at_its_own_site() {
    for app in APPS {
        if let Some(opens) = app.opens {
            assert!(app.read_link(opens).is_ok(), "{}", app.name);
        }
    }
}
