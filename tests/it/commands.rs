//! The commands, run as a person runs them: the real program, its output and its exit code.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Output, Stdio};
use std::sync::Arc;

use belfry::base::clock::{At, Clock};
use belfry::base::id::random;
use belfry::boot;
use belfry::channels::{self, ChannelId};
use belfry::cli::control::{self, Order, Report};
use belfry::config::Config;
use belfry::media::MediaFiles;
use belfry::networks::{Part, RemotePost};
use belfry::people::activity::Activity;
use belfry::people::person::NewPerson;
use belfry::people::workspace::{self, Settings};
use belfry::people::{Actor, Role, Via, set_up, sign_in};
use belfry::publish::accept::{Answer, AnswerTo, plan_answer};
use belfry::publish::{DispatchState, Publication, list_for_person, restored};
use belfry::store::{Change, Scan};
use serde_json::{Value, json};

use crate::app::{PASSWORD, TestApp};
use crate::processes::{Practising, belfry};

fn compact(folder: &Path) -> Output {
    belfry(&["compact", "--json", "--data", &folder.display().to_string()]).output().unwrap()
}

fn open(folder: &Path) -> Arc<belfry::app::App> {
    let config = Config { data: Some(folder.to_owned()), ..Config::default() };
    boot::open(config, Clock::default(), &mut |_progress| {}).unwrap()
}

#[tokio::test]
async fn a_compacted_store_lets_its_people_in_as_before() {
    let folder = tempfile::tempdir().unwrap();
    let app = open(folder.path());
    let ada = NewPerson { name: "Ada".to_owned(), sign_in: "ada".to_owned(), password: PASSWORD.to_owned() };
    set_up::add_person(&app, &ada, true).await.unwrap();

    let refused = compact(folder.path());
    assert_eq!(refused.status.code(), Some(1), "a store in use is left alone");
    assert!(String::from_utf8_lossy(&refused.stderr).contains("another Belfry is running"));

    app.store.clone().close().await.unwrap();
    drop(app);
    let done = compact(folder.path());
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let told: Value = serde_json::from_slice(&done.stdout).unwrap();
    let bytes = |name: &str| told[name].as_u64().unwrap();
    assert!(0 < bytes("after_bytes") && bytes("after_bytes") <= bytes("before_bytes"), "{told}");

    let app = open(folder.path());
    let address = "127.0.0.1".parse().unwrap();
    let ask = sign_in::Ask { sign_in: "ada", password: PASSWORD, address, agent: "Firefox/131.0 (Linux)" };
    sign_in::sign_in(&app, ask).await.unwrap();
    app.store.clone().close().await.unwrap();
}

#[test]
fn a_folder_without_a_store_is_not_made_one() {
    let folder = tempfile::tempdir().unwrap();
    let refused = compact(&folder.path().join("mistyped"));
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("there is no store in"));
    assert!(!folder.path().join("mistyped").exists());
}

#[tokio::test]
async fn the_practice_network_alone_keeps_what_it_was_told_when_it_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("practice");
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut practising = Practising::start(&file);

    let account = http.post(format!("{}/api/accounts", practising.base)).json(&json!({ "name": "riverside" }));
    let account: Value = account.send().await.unwrap().json().await.unwrap();
    let token = account["token"].as_str().unwrap();
    let post = http.post(format!("{}/api/posts", practising.base)).bearer_auth(token);
    let told = post.json(&json!({ "text": "We open at nine" })).send().await.unwrap();
    assert!(told.status().is_success(), "{}", told.status());

    practising.kill();
    let practising = Practising::start(&file);
    let arrivals = http.get(format!("{}/api/arrivals", practising.base)).bearer_auth(token);
    let arrivals: Value = arrivals.send().await.unwrap().json().await.unwrap();
    assert!(arrivals.to_string().contains("We open at nine"), "{arrivals}");
}

/// What `belfry check` answers to these lines.
fn check(network: &str, lines: &[u8]) -> Output {
    let mut command = belfry(&["check", "--network", network, "--json"]);
    let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut input = process.stdin.take().unwrap();
    // One that refuses may have gone before it read.
    drop(input.write_all(lines));
    drop(input);
    process.wait_with_output().unwrap()
}

#[test]
fn every_line_that_is_checked_gets_an_answer() {
    let too_long = json!({ "text": "a".repeat(301) }).to_string();
    let lines = [b"{\"text\":\"We open at nine\"}".as_slice(), b"\xff\xfe{", b"", too_long.as_bytes()].join(&b'\n');
    let done = check("bluesky", &lines);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let answers: Vec<Value> = done
        .stdout
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect();
    let valid: Vec<_> = answers.iter().map(|answer| answer["valid"].as_bool().unwrap()).collect();
    assert_eq!(valid, [true, false, false, false]);
    assert_eq!((&answers[0]["length"], &answers[0]["limit"]), (&json!(15), &json!(300)));
    assert_eq!(answers[3]["length"], 301);
    assert!(answers[3]["problems"].to_string().contains("300"), "a sentence with the limit: {}", answers[3]);
}

#[test]
fn a_network_that_is_not_known_is_named_with_the_way_to_find_one() {
    let refused = check("friendster", b"{\"text\":\"Hello\"}\n");
    assert_eq!(refused.status.code(), Some(1));
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(said.contains("friendster") && said.contains("belfry networks"), "{said}");
}

#[test]
fn the_networks_are_listed_with_what_they_take() {
    let listed = belfry(&["networks", "--json"]).output().unwrap();
    let networks: Vec<Value> = serde_json::from_slice(&listed.stdout).unwrap();
    let names: Vec<_> = networks.iter().map(|network| network["name"].as_str().unwrap()).collect();
    for name in ["mastodon", "bluesky", "practice"] {
        assert!(names.contains(&name), "{names:?}");
    }
    let bluesky = networks.iter().find(|network| network["name"] == "bluesky").unwrap();
    assert_eq!(bluesky["capabilities"]["text"]["limit"], 300);
    let shown = belfry(&["networks"]).output().unwrap();
    assert!(
        String::from_utf8_lossy(&shown.stdout).lines().any(|line| line.starts_with("bluesky") && line.contains("300"))
    );
}

#[tokio::test]
async fn what_came_due_since_the_backup_is_held_after_the_restore() {
    let (home, usb, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let backup = usb.path().join("belfry").display().to_string();
    let app = open(home.path());
    let ada = NewPerson { name: "Ada".to_owned(), sign_in: "ada".to_owned(), password: PASSWORD.to_owned() };
    let ada = set_up::add_person(&app, &ada, true).await.unwrap();
    let riverside = workspace::create(&app, &ada, &Settings::usual("Riverside", "Europe/London")).await.unwrap();
    let actor = Actor { person: ada.id, workspace: riverside.id, role: Role::Owner, via: Via::Console };
    let question = RemotePost { id: "at://1".to_owned(), url: None, more: std::collections::BTreeMap::new() };
    let part = Part { text: "From nine until noon".to_owned(), ..Part::default() };
    let say = Answer { part, parent: question, root: None, parent_handle: None };
    let to = AnswerTo { message: u128::from_be_bytes(random()), answer: u128::from_be_bytes(random()) };
    let mut change = Change::default();
    let answer = plan_answer(&app, &actor, ChannelId::from_bits(7), to, say, &mut change).unwrap();
    app.store.commit(change).await.unwrap();
    app.store.clone().close().await.unwrap();
    drop(app);

    let data = |folder: &Path| folder.display().to_string();
    let run = |args: &[&str]| belfry(args).output().unwrap();
    let done = run(&["backup", &backup, "--json", "--data", &data(home.path())]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let empty = new.path().join("belfry");
    let refused = run(&["restore", &backup, "--data", &data(&empty)]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("has no key"), "without the key nothing is restored");
    let refused = run(&["restore", &backup, "--data", &data(home.path())]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("already"), "a store that is there stays");

    assert!(run(&["backup", &backup, "--with-key", "--data", &data(home.path())]).status.success());
    let restored = run(&["restore", &backup, "--json", "--data", &data(&empty)]);
    assert!(restored.status.success(), "{}", String::from_utf8_lossy(&restored.stderr));
    let told: Value = serde_json::from_slice(&restored.stdout).unwrap();
    assert_eq!((&told["held"], &told["damaged"]), (&json!(1), &json!([])));

    let app = open(&empty);
    let publication = app.store.find::<Publication>(&(riverside.id, answer)).await.unwrap().unwrap();
    assert_eq!(publication.dispatches[0].state, DispatchState::Held);
    assert_eq!(publication.next_at, None, "the engine leaves it alone until a person says so");
    assert_eq!(list_for_person(&app, &actor, 10).await.unwrap().len(), 1, "and it stands on Today");
    app.store.clone().close().await.unwrap();
}

/// Ada's workspace with an answer that was planned at this moment, by this clock.
async fn with_an_answer(folder: &Path, clock: Clock) -> Arc<belfry::app::App> {
    let config = Config { data: Some(folder.to_owned()), ..Config::default() };
    let app = boot::open(config, clock, &mut |_progress| {}).unwrap();
    let ada = NewPerson { name: "Ada".to_owned(), sign_in: "ada".to_owned(), password: PASSWORD.to_owned() };
    let ada = set_up::add_person(&app, &ada, true).await.unwrap();
    let riverside = workspace::create(&app, &ada, &Settings::usual("Riverside", "Europe/London")).await.unwrap();
    let actor = Actor { person: ada.id, workspace: riverside.id, role: Role::Owner, via: Via::Console };
    let question = RemotePost { id: "at://1".to_owned(), ..RemotePost::default() };
    let part = Part { text: "From nine until noon".to_owned(), ..Part::default() };
    let say = Answer { part, parent: question, root: None, parent_handle: None };
    let to = AnswerTo { message: u128::from_be_bytes(random()), answer: u128::from_be_bytes(random()) };
    let mut change = Change::default();
    plan_answer(&app, &actor, ChannelId::from_bits(7), to, say, &mut change).unwrap();
    app.store.commit(change).await.unwrap();
    app
}

#[tokio::test]
async fn where_the_clock_stands_before_the_backup_everything_planned_is_held() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::default();
    let app = with_an_answer(folder.path(), clock.clone()).await;
    clock.set(At::from_millis(0));
    assert_eq!(restored::hold_due(&app).await.unwrap(), 1, "how much time went by is not known");
    app.store.clone().close().await.unwrap();
}

#[tokio::test]
async fn a_key_that_is_not_the_backups_stops_the_restore_and_no_second_copy_is_left() {
    let (home, usb, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let app = with_an_answer(home.path(), Clock::default()).await;
    let mut picture = MediaFiles::at(app.files.media(), 0).create(1000, app.clock.now()).unwrap();
    picture.write(b"a picture").await.unwrap();
    picture.finish().await.unwrap();
    app.store.clone().close().await.unwrap();
    drop(app);
    let shown = |folder: &Path| folder.display().to_string();
    let run = |args: &[&str]| belfry(args).output().unwrap();
    assert!(run(&["backup", &shown(usb.path()), "--with-key", "--data", &shown(home.path())]).status.success());

    let other = "ab".repeat(32);
    std::fs::write(new.path().join("key"), &other).unwrap();
    let refused = run(&["restore", &shown(usb.path()), "--data", &shown(new.path())]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("another one than the backup's"));
    assert_eq!(std::fs::read_to_string(new.path().join("key")).unwrap(), other, "it is left as it is");
    assert!(!new.path().join("store").exists());

    std::fs::remove_file(new.path().join("key")).unwrap();
    // A file in place of the folder for pictures breaks the restore off, after the store was read.
    std::fs::write(new.path().join("media"), "in the way").unwrap();
    assert!(!run(&["restore", &shown(usb.path()), "--data", &shown(new.path())]).status.success());
    assert!(!new.path().join("restoring/key").exists(), "a second copy of the key lies about");
    std::fs::remove_file(new.path().join("media")).unwrap();
    assert!(run(&["restore", &shown(usb.path()), "--data", &shown(new.path())]).status.success());
}

#[tokio::test]
async fn a_backup_is_made_beside_a_running_server_and_opens_to_its_people() {
    let (usb, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let test = TestApp::start().await;
    test.with_owner().await;
    let socket = control::listen(&test.app.files).unwrap();
    let orders = tokio::spawn(control::run(Arc::clone(&test.app), socket, false));
    let (backup, data) = (usb.path().display().to_string(), test.app.files.data().display().to_string());
    let mut command = belfry(&["backup", &backup, "--with-key", "--data", &data]);
    let copying = tokio::task::spawn_blocking(move || command.output());
    let done = copying.await.unwrap().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    test.stop().await;
    orders.await.unwrap();

    let restored = belfry(&["restore", &backup, "--data", &new.path().join("belfry").display().to_string()]).output();
    assert!(restored.unwrap().status.success());
    let app = open(&new.path().join("belfry"));
    let address = "127.0.0.1".parse().unwrap();
    let ask = sign_in::Ask { sign_in: "ada", password: PASSWORD, address, agent: "Firefox/131.0 (Linux)" };
    sign_in::sign_in(&app, ask).await.unwrap();
    app.store.clone().close().await.unwrap();
}

#[tokio::test]
async fn a_second_start_leaves_the_uploads_of_the_first_alone() {
    let folder = tempfile::tempdir().unwrap();
    let app = open(folder.path());
    let area = MediaFiles::at(app.files.media(), 0);
    let mut upload = area.create(1000, app.clock.now()).unwrap();
    upload.write(b"half a picture").await.unwrap();

    let config = Config { data: Some(folder.path().to_owned()), ..Config::default() };
    assert!(boot::open(config, Clock::default(), &mut |_progress| {}).is_err(), "the folder is in use");
    let draft = upload.into_draft().unwrap();
    assert!(draft.path().exists());
    drop(draft);
    app.store.clone().close().await.unwrap();
}

fn doctor(folder: &Path) -> Value {
    let told = belfry(&["doctor", "--json", "--data", &folder.display().to_string()]).output().unwrap();
    let told: Value = serde_json::from_slice(&told.stdout).unwrap();
    told["findings"].as_array().unwrap().iter().find(|finding| finding["about"] == "store").unwrap().clone()
}

#[tokio::test]
async fn the_doctor_reads_every_row_and_writes_a_damaged_log_anew() {
    let test = TestApp::start().await;
    test.with_owner().await;
    let (folder, files) = test.stop_and_keep().await;
    let found = doctor(folder.path());
    assert_eq!(found["state"], "good", "{found}");
    assert!(found["text"].as_str().unwrap().contains("rows was read, and is whole"), "{found}");

    let logs = std::fs::read_dir(files.store().join("log")).unwrap();
    let log =
        logs.map(|entry| entry.unwrap().path()).max_by_key(|path| std::fs::metadata(path).unwrap().len()).unwrap();
    let mut bytes = std::fs::read(&log).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x40;
    std::fs::write(&log, bytes).unwrap();
    let found = doctor(folder.path());
    assert_eq!(found["state"], "look", "{found}");
    assert!(found["text"].as_str().unwrap().contains("written anew"), "{found}");
    assert_eq!(doctor(folder.path())["state"], "good", "and it is whole again");
}

#[test]
fn every_kind_of_row_is_among_those_that_are_looked_through() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![source];
    let mut kinds = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.components().any(|part| part.as_os_str() == "tests") {
                let text = std::fs::read_to_string(&path).unwrap();
                kinds += text.lines().filter(|line| line.starts_with("impl Record for ")).count();
            }
        }
    }
    assert_eq!(boot::record_kinds().len(), kinds, "a new type of row needs a line in src/boot/kinds.rs");
}

/// The server where no file may become longer than this, as on a disk that begins to refuse.
fn serve_with_files_up_to(kib: u64, data: &Path) -> std::process::Child {
    let program = env!("CARGO_BIN_EXE_belfry");
    let data = data.display();
    let limited = format!("trap '' XFSZ; ulimit -f {kib}; exec {program} serve --listen 127.0.0.1:0 --data {data}");
    let mut command = std::process::Command::new("bash");
    command.args(["-c", &limited]).env_remove("BELFRY_DATA").stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

#[tokio::test]
async fn a_disk_that_refuses_ends_the_server_with_words_and_loses_nothing_that_was_answered() {
    let test = TestApp::start().await;
    let (_ada, riverside) = test.with_owner().await;
    let before = test.app.store.count::<Activity>(Scan::all().limit(100_000)).await.unwrap();
    let socket = test.app.files.control_socket();
    let (folder, files) = test.stop_and_keep().await;
    let largest = walk(&files.store()).into_iter().max().unwrap();
    let mut server = serve_with_files_up_to(largest / 1024 + 700, folder.path());
    let mut line = String::new();
    let mut stdout = BufReader::new(server.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    assert!(line.contains("Belfry runs at"), "{line}");

    let workspace = riverside.slug;
    let mut answered = 0;
    let mut made: Option<String> = None;
    for number in 0..20_000 {
        let order = if let Some(id) = made.take() {
            Order::TokenRevoke { workspace: workspace.clone(), id }
        } else {
            let (person, name) = ("ada".to_owned(), format!("Token {number}"));
            let scopes = vec!["posts:read".to_owned()];
            Order::TokenCreate { workspace: workspace.clone(), person, name, scopes, expires_in_days: None }
        };
        match control::ask(&socket, &order).await {
            Ok(Some(Report::Done(told))) => made = told["id"].as_str().map(str::to_owned),
            _refused => break,
        }
        answered += 1;
    }
    let ended = tokio::task::spawn_blocking(move || server.wait_with_output()).await.unwrap().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(!ended.status.success());
    assert!(said.contains("Nothing that was answered is lost"), "{said}");
    assert!(10 < answered, "the disk refused from the beginning");

    // Each of them left one line in the activity log; the one that was refused may have.
    let app = open(folder.path());
    let after = app.store.count::<Activity>(Scan::all().limit(100_000)).await.unwrap();
    assert!((answered..=answered + 1).contains(&(after - before)), "{answered} answered, {} there", after - before);
    app.store.clone().close().await.unwrap();
}

/// The lengths of all files below a folder.
fn walk(folder: &Path) -> Vec<u64> {
    let lengths = std::fs::read_dir(folder).unwrap().flat_map(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() { walk(&path) } else { vec![std::fs::metadata(&path).unwrap().len()] }
    });
    lengths.collect()
}

#[tokio::test]
async fn posts_are_written_planned_shown_and_listed_beside_a_running_server_and_without_one() {
    let test = TestApp::start().await;
    let (ada, riverside) = test.with_owner().await;
    let actor = Actor { person: ada, workspace: riverside.id, role: Role::Owner, via: Via::Console };
    let input = [("name".to_owned(), "Riverside".to_owned())].into();
    channels::connect(&test.app, &actor, "practice", "name", &input, None).await.unwrap();
    let socket = control::listen(&test.app.files).unwrap();
    let orders = tokio::spawn(control::run(Arc::clone(&test.app), socket, false));
    let data = test.app.files.data().display().to_string();
    let post = async |args: &[&str]| {
        let mut command = belfry(&["post", "--json", "--workspace", "riverside", "--data", &data]);
        command.args(args);
        let done = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
        let told = serde_json::from_slice::<Value>(&done.stdout).unwrap_or_default();
        (told, String::from_utf8_lossy(&done.stderr).into_owned())
    };
    let (draft, said) = post(&["create", "--text", "Bread at ten", "--channel", "@riverside"]).await;
    assert_eq!((&draft["stage"], &draft["content"]["text"]), (&json!("draft"), &json!("Bread at ten")), "{said}");
    let id = draft["id"].as_str().unwrap();
    let (_, said) = post(&["create", "--text", "x", "--channel", "@nobody"]).await;
    assert!(said.contains("no channel called @nobody"), "{said}");
    let (_, said) = post(&["plan", id, "--at", "soon"]).await;
    assert!(said.contains("a local time such as"), "{said}");
    let (_, said) = post(&["plan", id, "--at", "2001-01-01T09:00"]).await;
    assert!(!said.is_empty(), "a time that is past is refused");
    let (planned, said) = post(&["plan", id, "--at", "2026-12-01T09:00"]).await;
    assert_eq!(planned["publications"][0]["state"], "planned", "{said}");
    assert_eq!(post(&["list", "--stage", "draft"]).await.0, json!([]));

    let (folder, _files) = test.stop_and_keep().await;
    orders.await.unwrap();
    let data = folder.path().display().to_string();
    let shown = belfry(&["post", "--workspace", "riverside", "show", id, "--data", &data]).output().unwrap();
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(shown.contains("planned") && shown.contains("2026-12-01T09:00:00") && shown.contains("Bread at ten"));
    let mut command = belfry(&["post", "--workspace", "riverside", "create", "--json", "--data", &data]);
    let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    process.stdin.take().unwrap().write_all(b"From a pipe\n").unwrap();
    let made: Value = serde_json::from_slice(&process.wait_with_output().unwrap().stdout).unwrap();
    assert_eq!(made["content"]["text"], "From a pipe");
}

#[test]
fn the_document_of_the_api_is_printed() {
    let printed = belfry(&["openapi"]).output().unwrap();
    let document: Value = serde_json::from_slice(&printed.stdout).unwrap();
    assert_eq!(document, serde_json::to_value(belfry::api::document("")).unwrap());
}
