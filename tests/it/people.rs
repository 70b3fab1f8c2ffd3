//! Set-up, sign-in, sessions, invitations, and who may do what: over HTTP, as people meet them.

use std::sync::Arc;
use std::time::Duration;

use belfry::app::App;
use belfry::people::invitation;
use belfry::people::permission::{TABLE, allows};
use belfry::people::token::{self, Shown};
use belfry::people::{Actor, Grant, Refusal, Role, Via, activity, attempts, member, set_up, sign_in};

use crate::app::{PASSWORD, TestApp};

const SETUP: [(&str, &str); 5] = [
    ("name", "Ada Lovelace"),
    ("sign_in", "Ada@Example.org"),
    ("password", PASSWORD),
    ("workspace", "Riverside & Sons"),
    ("zone", "Europe/London"),
];

fn with_code(code: &str) -> Vec<(&str, &str)> {
    SETUP.iter().copied().chain([("code", code)]).collect()
}

#[tokio::test]
async fn the_first_visit_leads_to_the_set_up_which_needs_the_printed_code() {
    let test = TestApp::start().await;
    let code = set_up::make_code(&test.app).unwrap();
    let mut browser = test.browser();
    assert_eq!(browser.get("/").await.location.as_deref(), Some("/setup"));
    assert_eq!(browser.get("/sign-in").await.location.as_deref(), Some("/setup"));
    assert_eq!(browser.get("/setup").await.status, 200);

    let wrong = browser.post("/setup", &with_code("AAAA-BBBB-CCCC")).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.words().contains("not the code that Belfry printed"), "{}", wrong.words());
    assert_eq!(wrong.value_of("name").as_deref(), Some("Ada Lovelace"), "what was typed is still there");
    assert_eq!(wrong.value_of("password"), None, "but for the password");

    // However it is typed.
    let code = code.reveal().to_lowercase().replace('-', " ");
    let done = browser.post("/setup", &with_code(&code)).await;
    assert_eq!((done.status, done.location.as_deref()), (303, Some("/w/riverside-sons/today")));
    assert_eq!(browser.get("/w/riverside-sons/people").await.status, 200, "and is signed in");

    let again = test.browser().get("/setup").await;
    assert_eq!(again.location.as_deref(), Some("/sign-in"));
    assert!(!test.app.files.setup_code().exists());
    test.stop().await;
}

#[tokio::test]
async fn two_set_ups_at_once_make_one_owner() {
    let test = TestApp::start().await;
    let code = set_up::make_code(&test.app).unwrap();
    let (mut one, mut other) = (test.browser(), test.browser());
    one.get("/setup").await;
    other.get("/setup").await;
    let fields = with_code(code.reveal());
    let (first, second) = tokio::join!(one.post("/setup", &fields), other.post("/setup", &fields));
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert!(statuses == [303, 409] || statuses == [303, 422], "{statuses:?}");
    assert_eq!(belfry::people::workspace::list(&test.app).await.unwrap().len(), 1);
    test.stop().await;
}

#[tokio::test]
async fn every_problem_of_a_form_is_named_at_its_field() {
    let test = TestApp::start().await;
    let code = set_up::make_code(&test.app).unwrap();
    let mut browser = test.browser();
    browser.get("/setup").await;
    let fields = [
        ("code", code.reveal()),
        ("name", ""),
        ("sign_in", "a b"),
        ("password", "short"),
        ("workspace", ""),
        ("zone", "Europe/Atlantis"),
    ];
    let page = browser.post("/setup", &fields).await;
    assert_eq!(page.status, 422);
    for expected in ["5 things to put right", "Enter a name.", "no spaces", "at least 10 characters", "Europe/London"] {
        assert!(page.words().contains(expected), "lacks {expected}: {}", page.words());
    }
    test.stop().await;
}

#[tokio::test]
async fn signing_in_goes_where_one_wanted_to_and_signing_out_ends_it() {
    let test = TestApp::start().await;
    let (_ada, workspace) = test.with_owner().await;
    let mut browser = test.browser();
    let people = format!("/w/{}/people", workspace.slug);
    let sent_away = browser.get(&people).await;
    assert_eq!(sent_away.location.as_deref(), Some("/sign-in?next=%2Fw%2Friverside%2Fpeople"));
    let page = browser.get(&sent_away.location.unwrap()).await;
    assert_eq!(page.value_of("next").as_deref(), Some(people.as_str()));
    let fields = [("sign_in", " ADA "), ("password", PASSWORD), ("next", &people)];
    assert_eq!(browser.post("/sign-in", &fields).await.location.as_deref(), Some(people.as_str()));
    assert_eq!(browser.get(&people).await.status, 200);

    let token = browser.cookies["belfry-session"].clone();
    let out = browser.post("/sign-out", &[]).await;
    assert_eq!(out.location.as_deref(), Some("/sign-in"));
    assert!(out.headers["clear-site-data"].to_str().unwrap().contains("storage"));
    browser.cookies.insert("belfry-session".to_owned(), token);
    assert_eq!(browser.get(&people).await.status, 303, "the old cookie opens nothing any more");

    let evil = [("sign_in", "ada"), ("password", PASSWORD), ("next", "//evil.example")];
    browser.get("/sign-in").await;
    assert_eq!(browser.post("/sign-in", &evil).await.location.as_deref(), Some("/"));
    test.stop().await;
}

#[tokio::test]
async fn guessing_is_answered_evenly_and_stopped_even_after_a_restart() {
    let test = TestApp::start().await;
    test.with_owner().await;
    let guess = [("sign_in", "ada"), ("password", "wrong wrong wrong")];
    let unknown = [("sign_in", "nobody"), ("password", "wrong wrong wrong")];
    let mut browser = test.browser();
    browser.get("/sign-in").await;
    let known_answer = browser.post("/sign-in", &guess).await;
    let unknown_answer = browser.post("/sign-in", &unknown).await;
    assert_eq!((known_answer.status, unknown_answer.status), (422, 422));
    assert_eq!(known_answer.words(), unknown_answer.words());
    for _ in 1..attempts::PER_ACCOUNT {
        assert_eq!(browser.post("/sign-in", &guess).await.status, 422);
    }
    let right = [("sign_in", "ada"), ("password", PASSWORD)];
    let stopped = browser.post("/sign-in", &right).await;
    assert_eq!(stopped.status, 429);
    assert!(stopped.words().contains("try again in"), "{}", stopped.words());
    assert!(stopped.headers.contains_key("retry-after"));

    let test = test.restart().await;
    let mut browser = test.browser();
    browser.get("/sign-in").await;
    assert_eq!(browser.post("/sign-in", &right).await.status, 429, "a restart opens no hole");
    test.pass(attempts::WINDOW);
    assert_eq!(browser.post("/sign-in", &right).await.status, 303);
    test.stop().await;
}

#[tokio::test]
async fn a_session_ends_unused_and_everywhere() {
    let test = TestApp::start().await;
    let (ada, workspace) = test.with_owner().await;
    let settings = format!("/w/{}/settings", workspace.slug);
    let (mut here, mut there) = (test.signed_in("ada").await, test.signed_in("ada").await);
    assert_eq!(there.get(&settings).await.status, 200);
    here.get(&settings).await;
    assert_eq!(here.post(&format!("{settings}/sessions/removal"), &[]).await.status, 303);
    assert_eq!(there.get(&settings).await.status, 303);
    assert_eq!((here.get(&settings).await.status, test.sessions_of(ada).await), (200, 1));

    let mut other = test.signed_in("ada").await;
    let new = "another long password";
    let fields = [("old_password", PASSWORD), ("new_password", new)];
    assert_eq!(here.post(&format!("{settings}/password"), &fields).await.status, 303);
    assert_eq!(other.get(&settings).await.status, 303, "a new password signs out everywhere else");
    assert!(here.get(&settings).await.words().contains("The password is changed."), "said once");
    assert!(!here.get(&settings).await.words().contains("The password is changed."), "and not twice");
    let wrong = [("old_password", PASSWORD), ("new_password", new)];
    assert_eq!(here.post(&format!("{settings}/password"), &wrong).await.status, 422);

    test.pass(Duration::from_hours(29 * 24));
    assert_eq!(here.get(&settings).await.status, 200);
    test.pass(Duration::from_hours(29 * 24));
    assert_eq!(here.get(&settings).await.status, 200, "using it kept it");
    test.pass(Duration::from_hours(31 * 24));
    assert_eq!(here.get(&settings).await.status, 303);
    test.stop().await;
}

#[tokio::test]
async fn an_invitation_brings_in_one_person_once() {
    let test = TestApp::start().await;
    let (ada, workspace) = test.with_owner().await;
    let mut browser = test.signed_in("ada").await;
    let page = browser.post("/w/riverside/invitations", &[("role", "author"), ("note", "Ben")]).await;
    assert_eq!(page.status, 200);
    let link = page.text.split("value=\"http").nth(1).unwrap().split('"').next().unwrap();
    let path = format!("/invite/{}", link.split("/invite/").nth(1).unwrap());
    assert!(link.starts_with("://127.0.0.1:"), "{link}");

    let mut guest = test.browser();
    let page = guest.get(&path).await;
    assert!(page.words().contains("Ada invites you as Author."), "{}", page.words());
    let fields = [("name", "Ben"), ("sign_in", "ben"), ("password", PASSWORD)];
    let taken = guest.post(&path, &[("name", "Ben"), ("sign_in", "ada"), ("password", PASSWORD)]).await;
    assert_eq!((taken.status, taken.value_of("sign_in").as_deref()), (422, Some("ada")));
    assert_eq!(guest.post(&path, &fields).await.location.as_deref(), Some("/w/riverside/today"));
    let mut late = test.browser();
    let gone = late.get(&path).await;
    assert_eq!(gone.status, 404);
    assert!(gone.words().contains("Ask for a new one"), "{}", gone.words());
    assert!(guest.get("/w/riverside/people").await.words().contains("Ben (you)"));

    let owner = Actor { person: ada, workspace: workspace.id, role: Role::Owner, via: Via::Console };
    let (old, _) = invitation::create(&test.app, &owner, Role::Viewer, "").await.unwrap();
    test.pass(invitation::GOOD_FOR);
    assert!(invitation::find(&test.app, old.reveal()).await.unwrap().is_none(), "seven days are over");
    let log = activity::list(&test.app, &owner, None, 50).await.unwrap();
    let told: Vec<&str> = log.iter().map(|entry| entry.what.as_str()).collect();
    assert_eq!(told, ["activity-invited", "activity-joined", "activity-invited", "activity-workspace-created"]);
    test.stop().await;
}

#[tokio::test]
async fn there_is_always_an_owner_and_admins_touch_none() {
    let test = TestApp::start().await;
    let (ada, workspace) = test.with_owner().await;
    let ben = test.member(&workspace, "ben", Role::Admin).await;
    let cleo = test.member(&workspace, "cleo", Role::Editor).await;
    let role = |person: belfry::people::PersonId| format!("/w/riverside/people/{person}/role");
    let mut admin = test.signed_in("ben").await;
    assert_eq!(admin.post(&role(cleo), &[("role", "approver")]).await.status, 303);
    assert_eq!(admin.post(&role(cleo), &[("role", "owner")]).await.status, 403, "an admin makes no owners");
    assert_eq!(admin.post(&role(ada), &[("role", "viewer")]).await.status, 403);
    assert_eq!(admin.post(&format!("/w/riverside/people/{ada}/removal"), &[]).await.status, 403);
    let mut owner = test.signed_in("ada").await;
    let last = owner.post(&role(ada), &[("role", "viewer")]).await;
    assert_eq!(last.status, 409);
    assert!(last.words().contains("Make someone else an owner first"), "{}", last.words());
    assert_eq!(owner.post(&format!("/w/riverside/people/{ada}/removal"), &[]).await.status, 409);
    assert_eq!(owner.post(&role(ben), &[("role", "owner")]).await.status, 303);
    assert_eq!(owner.post(&format!("/w/riverside/people/{ada}/removal"), &[]).await.status, 303);
    assert_eq!(owner.get("/w/riverside/people").await.status, 404, "who has left sees nothing any more");
    assert!(member::find(&test.app, workspace.id, ada).await.unwrap().is_none());
    test.stop().await;
}

#[tokio::test]
async fn what_is_over_is_swept_away() {
    let test = TestApp::start().await;
    let (ada, _) = test.with_owner().await;
    test.signed_in("ada").await;
    let mut browser = test.browser();
    browser.get("/sign-in").await;
    browser.post("/sign-in", &[("sign_in", "nobody"), ("password", "wrong wrong wrong")]).await;
    assert_eq!(belfry::people::sweep(&test.app).await.unwrap(), 0, "nothing is over yet");
    test.pass(Duration::from_hours(31 * 24));
    assert_eq!(belfry::people::sweep(&test.app).await.unwrap(), 3, "a session, an account's and an address's count");
    assert_eq!(test.sessions_of(ada).await, 0);
    test.stop().await;
}

/// The command line's way in, beside a running server, as its sub-commands use it.
#[tokio::test]
async fn orders_reach_a_running_server_through_its_socket() {
    use belfry::cli::control::{self, Order, Report};
    let test = TestApp::start().await;
    let listener = control::listen(&test.app.files).unwrap();
    let mode =
        std::os::unix::fs::PermissionsExt::mode(&test.app.files.control_socket().metadata().unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    let serving = tokio::spawn(control::run(Arc::clone(&test.app), listener, true));
    let socket = test.app.files.control_socket();
    let ask = async |order: Order| control::ask(&socket, &order).await.unwrap().unwrap();
    let add = |sign_in: &str| Order::UserAdd {
        name: "Ada".to_owned(),
        sign_in: sign_in.to_owned(),
        password: PASSWORD.to_owned(),
        admin: false,
        member_of: None,
    };
    assert!(matches!(ask(add("ada")).await, Report::Done(_)));
    let Report::Refused(words) = ask(add("ADA")).await else { panic!("a name is given once") };
    assert!(words.contains("taken"), "{words}");
    let Report::Done(people) = ask(Order::UserList).await else { panic!("people are listed") };
    assert_eq!(people[0]["admin"], true, "the first person runs the server");
    assert!(set_up::is_done(&test.app).await.unwrap(), "and has set it up");

    let browser = test.signed_in("ada").await;
    let new = "a new long password".to_owned();
    assert!(matches!(ask(Order::UserPassword { sign_in: "ada".to_owned(), password: new }).await, Report::Done(_)));
    let mut browser = browser;
    assert_eq!(browser.get("/workspaces").await.status, 303, "a new password ends all sessions");
    let before = test.app.clock.now();
    assert!(matches!(ask(Order::Clock { offset_ms: test.app.clock.offset_ms() + 3_600_000 }).await, Report::Done(_)));
    assert!(Duration::from_mins(59) < test.app.clock.now().since(before));
    assert!(matches!(ask(Order::Idle(true)).await, Report::Done(_)));
    test.stop().await;
    tokio::time::timeout(Duration::from_secs(10), serving).await.unwrap().unwrap();
}

#[tokio::test]
async fn what_was_done_is_told_on_the_page_that_a_redirect_leads_to() {
    let test = TestApp::start().await;
    let (_ada, workspace) = test.with_owner().await;
    let mut ada = test.signed_in("ada").await;
    let settings = format!("/w/{}/settings", workspace.slug);
    ada.get(&settings).await;
    ada.post(&format!("{settings}/sessions/removal"), &[]).await;
    assert!(ada.cookies.contains_key("belfry-notice"));
    assert_eq!(ada.get("/").await.status, 303);
    assert!(ada.cookies.contains_key("belfry-notice"), "a redirect shows nothing");
    ada.get(&settings).await;
    assert!(!ada.cookies.contains_key("belfry-notice"), "told once");
}

#[tokio::test]
async fn guesses_that_wait_for_their_turn_count_already() {
    let test = TestApp::start().await;
    test.with_owner().await;
    let app = &test.app;
    let turn = app.hashing.turn().await;
    let guess = |app: Arc<App>| async move {
        let address = "127.0.0.1".parse().unwrap();
        let ask = sign_in::Ask { sign_in: "ada", password: "wrong wrong wrong", address, agent: "" };
        sign_in::sign_in(&app, ask).await.map(drop)
    };
    let mut written = app.store.subscribe();
    let before = *written.borrow();
    let waiting: Vec<_> = (0..10).map(|_| tokio::spawn(guess(Arc::clone(app)))).collect();
    let counted = written.wait_for(|sequence| before + 10 <= *sequence);
    tokio::time::timeout(Duration::from_secs(20), counted).await.expect("ten were counted").unwrap();
    let one_more = tokio::time::timeout(Duration::from_secs(20), guess(Arc::clone(app))).await;
    assert!(matches!(one_more.expect("it does not wait"), Err(Refusal::TooOften { .. })));
    drop(turn);
    for guess in waiting {
        assert!(guess.await.unwrap().is_err());
    }
}

#[tokio::test]
async fn a_token_ends_when_it_was_said_to() {
    let test = TestApp::start().await;
    let (_ada, workspace) = test.with_owner().await;
    let mut ada = test.signed_in("ada").await;
    let settings = format!("/w/{}/settings", workspace.slug);
    ada.get(&settings).await;
    let tokens = format!("{settings}/tokens");
    let wrong = [("name", "Reports"), ("scopes", "posts:read"), ("expires_in_days", "4000")];
    let refused = ada.post(&tokens, &wrong).await;
    assert_eq!(refused.status, 422);
    assert!(refused.words().contains("a number of days from 1 to 3,650"), "{}", refused.words());
    let made = ada.post(&tokens, &[("name", "Reports"), ("scopes", "posts:read"), ("expires_in_days", "7")]).await;
    assert!(made.words().contains("good until Sat 28 Nov 08:00"), "{}", made.words());
    let text = format!("belfry_{}", made.text.split("belfry_").nth(1).unwrap().split_at(43).0);

    test.pass(Duration::from_hours(7 * 24) - Duration::from_mins(1));
    assert!(matches!(token::actor(&test.app, &text).await.unwrap(), Shown::Good(_)));
    test.pass(Duration::from_mins(1));
    assert!(matches!(token::actor(&test.app, &text).await.unwrap(), Shown::Expired(_)));
    assert!(matches!(token::actor(&test.app, "belfry_unknown").await.unwrap(), Shown::Unknown));
    let mut ada = test.signed_in("ada").await;
    assert!(ada.get(&settings).await.words().contains("ended Sat 08:00"));
    test.stop().await;
}

#[tokio::test]
async fn the_command_that_settings_shows_beside_a_new_token_works() {
    let test = TestApp::start().await;
    let (_ada, workspace) = test.with_owner().await;
    let mut ada = test.signed_in("ada").await;
    let settings = format!("/w/{}/settings", workspace.slug);
    let page = ada.get(&settings).await;
    assert!(page.text.contains(&format!("value=\"{}/api/v1\"", test.origin)), "where the API is");
    for scope in ["posts:write", "inbox:read", "people:read"] {
        let made = ada.post(&format!("{settings}/tokens"), &[("name", "Try"), ("scopes", scope)]).await;
        let command = made.text.split("value=\"curl -H ").nth(1).unwrap().split("\" aria-label").next().unwrap();
        let mut quoted = command.split("&quot;").skip(1).step_by(2);
        let (name, value) = quoted.next().unwrap().split_once(": ").unwrap();
        let path = quoted.next().unwrap().strip_prefix(&test.origin).unwrap();
        let answer = test.browser().request(reqwest::Method::GET, path).header(name, value).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{command}");
    }
    test.stop().await;
}

#[tokio::test]
async fn a_role_change_and_a_removal_can_be_taken_back_and_the_last_owner_stays() {
    let test = TestApp::start().await;
    let (ada, workspace) = test.with_owner().await;
    let ben = test.member(&workspace, "ben", Role::Editor).await;
    let mut browser = test.signed_in("ada").await;
    let page = |rest: &str| format!("/w/{}/people{rest}", workspace.slug);
    let role = async || member::find(&test.app, workspace.id, ben).await.unwrap().map(|member| member.role);
    let since = member::find(&test.app, workspace.id, ben).await.unwrap().unwrap().since_at;

    browser.post(&page(&format!("/{ben}/role")), &[("role", "author")]).await;
    assert_eq!(role().await, Some(Role::Author));
    let shown = browser.get(&page("")).await;
    assert!(shown.words().contains("Ben is Author from here on"), "{}", shown.words());
    assert_eq!(shown.value_of("role").as_deref(), Some("editor"), "Undo gives the role before");
    browser.post(&page(&format!("/{ben}/role")), &[("role", "editor")]).await;

    test.pass(Duration::from_mins(1));
    browser.post(&page(&format!("/{ben}/removal")), &[]).await;
    assert_eq!(role().await, None);
    let way_back = browser.get(&page("")).await.value_of("way_back").expect("a way back");
    let back = page(&format!("/{ben}/return"));
    let stranger = test.person("cleo").await;
    let forged =
        [(page(&format!("/{stranger}/return")), way_back.clone()), (back.clone(), way_back.replace("editor", "owner"))];
    for (to, way_back) in forged {
        assert_eq!(browser.post(&to, &[("way_back", &way_back)]).await.status, 404, "{way_back}");
    }
    assert_eq!(browser.post(&back, &[("way_back", &way_back)]).await.status, 303);
    assert_eq!(role().await, Some(Role::Editor));
    assert_eq!(member::find(&test.app, workspace.id, ben).await.unwrap().unwrap().since_at, since);
    browser.post(&page(&format!("/{ben}/removal")), &[]).await;
    test.pass(Duration::from_mins(11));
    let late = browser.post(&back, &[("way_back", &way_back)]).await;
    assert!(late.status == 409 && late.words().contains("too long ago"), "{}", late.words());

    let shown = browser.get(&page("")).await;
    assert!(shown.words().contains("Owner, and the only one"), "{}", shown.words());
    assert!(!shown.text.contains(&format!("/people/{ada}/removal")), "nothing offers it");
    assert_eq!(browser.post(&page(&format!("/{ada}/removal")), &[]).await.status, 409);
    assert_eq!(browser.post(&page(&format!("/{ada}/role")), &[("role", "viewer")]).await.status, 409);
}

#[tokio::test]
async fn the_page_of_people_says_what_each_role_may_do_as_the_table_does() {
    let test = TestApp::start().await;
    let (_ada, workspace) = test.with_owner().await;
    let mut browser = test.signed_in("ada").await;
    let shown = browser.get(&format!("/w/{}/people", workspace.slug)).await;
    let table = shown.text.split("<tbody>").nth(1).unwrap().split("</tbody>").next().unwrap();
    let rows: Vec<&str> = table.split("<tr>").skip(1).collect();
    assert_eq!(rows.len(), TABLE.len());
    for ((action, _scope, _grants), row) in TABLE.iter().zip(rows) {
        assert!(row.contains(&test.app.words.say(action.key())), "{action:?}: {row}");
        for (role, cell) in Role::ALL.into_iter().zip(row.split("<td>").skip(1)) {
            let grant = allows(role, *action);
            let said = match grant.condition() {
                Some(condition) => test.app.words.say(condition),
                None => test.app.words.say(if grant == Grant::Yes { "roles-yes" } else { "roles-no" }),
            };
            assert!(cell.contains(&said), "{role} {action:?}: {cell}");
        }
    }
}
