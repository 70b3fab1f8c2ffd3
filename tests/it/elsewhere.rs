//! What belongs to another workspace is not there: its ids on every route that takes one, and in every form that does.

use std::collections::BTreeMap;
use std::fmt::Debug;

use belfry::boot;
use belfry::channels::Channel;
use belfry::http::Asks;
use belfry::http::route::Takes;
use belfry::inbox::Conversation;
use belfry::media::Asset;
use belfry::people::person::{self, NewPerson};
use belfry::people::token::{self, NewToken};
use belfry::people::workspace::{self, Settings};
use belfry::people::{Actor, Area, Role, Scope, Via, WorkspaceId};
use belfry::people::{invitation, member, session, set_up};
use belfry::posts::{Post, Stage};
use belfry::publish::{self, Publication};
use belfry::store::{KeyPrefix, Record, Scan, Stored};

use crate::app::{Browser, PASSWORD, TestApp};
use crate::bad_input::{PHOTO, compose, written};
use crate::practising::{Practising, has};

/// Riverside with one of everything, and Ben, who owns another workspace on the same server and nothing in this one.
struct TwoHouses {
    riverside: Practising,
    ada: Actor,
    ben: Browser,
    /// What stands in a route's parameter: an id of Riverside for each kind.
    ids: BTreeMap<&'static str, String>,
}

impl TwoHouses {
    async fn start() -> Self {
        let mut riverside = Practising::start().await;
        let there = riverside.write_there("Bread at ten").await;
        riverside.comment(&there, "J. Okafor", "Rye too?").await;
        let form = compose(&mut riverside.ada, &riverside.workspace).await;
        let channel = riverside.channel.id.to_string();
        let fields = written("Fresh apples today", "at", &channel);
        let page = riverside.ada.post_files(&form, &fields, &[("apples.jpg", PHOTO.to_vec())]).await;
        assert_eq!(page.status, 303, "{}", page.words());

        let (test, app) = (&riverside.test, &riverside.test.app);
        let ada = person::find_by_sign_in(app, "ada").await.unwrap().unwrap().id;
        let ada = Actor { person: ada, workspace: riverside.workspace.id, role: Role::Owner, via: Via::Console };
        let (_link, invited) = invitation::create(app, &ada, Role::Viewer, "Cleo").await.unwrap();
        let scopes = Area::ALL.into_iter().map(Scope::write).collect();
        let reports = NewToken { name: "Reports".to_owned(), scopes, expires_in_days: None };
        let (_secret, made) = token::create(app, &ada, reports).await.unwrap();
        let posts = rows::<Post>(test, &ada).await;
        let planned = posts.iter().find(|post| post.stage == Stage::Planned).unwrap();
        let publication = publish::list_for_post(app, ada.workspace, planned.id).await.unwrap().pop().unwrap();
        let ids = BTreeMap::from([
            ("{post}", planned.id.to_string()),
            ("{publication}", publication.id.to_string()),
            ("{channel}", channel),
            ("{asset}", rows::<Asset>(test, &ada).await[0].id.to_string()),
            ("{conversation}", rows::<Conversation>(test, &ada).await[0].id.to_string()),
            ("{person}", ada.person.to_string()),
            ("{invitation}", invited.id.to_string()),
            ("{token}", made.id.to_string()),
            ("{session}", session::list(app, ada.person).await.unwrap()[0].id.to_string()),
        ]);
        // Who makes a workspace runs the server; that opens no other workspace to him.
        let ben = NewPerson { name: "Ben".to_owned(), sign_in: "ben".to_owned(), password: PASSWORD.to_owned() };
        let ben = set_up::add_person(app, &ben, true).await.unwrap();
        workspace::create(app, &ben, &Settings::usual("Neighbours", "Europe/London")).await.unwrap();
        let ben = riverside.test.signed_in("ben").await;
        Self { riverside, ada, ben, ids }
    }

    /// Everything in Riverside that a route can reach, as it stands.
    async fn all(&self) -> Vec<String> {
        let (test, ada) = (&self.riverside.test, &self.ada);
        let people = member::list(&test.app, ada).await.unwrap().into_iter().map(|(member, _)| format!("{member:?}"));
        let invited = invitation::list(&test.app, ada).await.unwrap().into_iter().map(|row| format!("{row:?}"));
        let tokens = token::list(&test.app, ada).await.unwrap().into_iter().map(|row| format!("{row:?}"));
        let sessions = session::list(&test.app, ada.person).await.unwrap().into_iter().map(|row| format!("{row:?}"));
        let mut all: Vec<String> = people.chain(invited).chain(tokens).chain(sessions).collect();
        all.extend(told::<Post>(test, ada).await);
        all.extend(told::<Publication>(test, ada).await);
        all.extend(told::<Channel>(test, ada).await);
        all.extend(told::<Asset>(test, ada).await);
        all.extend(told::<Conversation>(test, ada).await);
        all
    }
}

/// The rows of a kind in the workspace of this owner.
async fn rows<R: Record>(test: &TestApp, owner: &Actor) -> Vec<Stored<R>>
where
    (WorkspaceId,): KeyPrefix<R::Key>,
{
    test.app.store.list::<R>(Scan::under((owner.workspace,)).limit(50)).await.unwrap()
}

async fn told<R: Record + Debug>(test: &TestApp, owner: &Actor) -> Vec<String>
where
    (WorkspaceId,): KeyPrefix<R::Key>,
{
    rows::<R>(test, owner).await.iter().map(|row| format!("{row:?}")).collect()
}

#[tokio::test]
async fn an_id_of_another_workspace_is_not_there_on_any_route() {
    let mut houses = TwoHouses::start().await;
    let before = houses.all().await;
    // Every field that a form of these routes reads.
    let fields = [
        ("text", "Taken over"),
        ("token", "a-form"),
        ("role", "owner"),
        ("person", houses.ids["{person}"].as_str()),
        ("date", "2026-11-29"),
        ("time", "10:00"),
        ("alt", "Taken over"),
        ("url", "https://example.org/1"),
        ("outcome", "out"),
    ];
    // What is no id of anything kept in a workspace.
    let other = ["{slug}", "{network}", "{visit}"];
    let mut asked = 0;
    for route in boot::routes() {
        let parameters: Vec<&str> = route.path.split('/').filter(|part| part.starts_with('{')).collect();
        if !matches!(route.asks, Asks::Member(_)) || parameters.iter().all(|part| other.contains(part)) {
            continue;
        }
        // A post is begun under an id of the form's own choice, beside whatever has it elsewhere; see below.
        let begins = ["/w/{slug}/posts/{post}", "/w/{slug}/posts/{post}/autosave", "/w/{slug}/posts/{post}/checks"];
        if route.method == "POST" && begins.contains(&route.path) {
            continue;
        }
        let mut path = route.path.replace("{slug}", "neighbours");
        for parameter in parameters.iter().filter(|part| **part != "{slug}") {
            let id =
                houses.ids.get(parameter).unwrap_or_else(|| panic!("{route:?}: nothing of this kind is made here"));
            path = path.replace(parameter, id);
        }
        let page = match (route.method.as_str(), route.takes) {
            ("GET", _) => houses.ben.get(&path).await,
            (_, Takes::Files) => houses.ben.post_files(&path, &fields, &[]).await,
            _ => houses.ben.post(&path, &fields).await,
        };
        assert_eq!(page.status, 404, "{route:?}: {}", page.words());
        has(&page, "There is nothing here, or it is not yours to see.");
        asked += 1;
    }
    assert!(20 < asked, "{asked}");
    assert_eq!(houses.all().await, before, "nothing of Riverside has changed");
    houses.riverside.test.stop().await;
}

#[tokio::test]
async fn a_post_begun_under_an_id_of_another_workspace_is_a_post_of_its_own() {
    let mut houses = TwoHouses::start().await;
    let before = houses.all().await;
    let path = format!("/w/neighbours/posts/{}", houses.ids["{post}"]);
    let saved = houses.ben.post(&format!("{path}/autosave"), &[("version", "0"), ("text", "Ours")]).await;
    assert_eq!(saved.status, 200, "{}", saved.words());
    let page = houses.ben.get(&path).await;
    has(&page, "Ours");
    assert!(!page.text.contains("Fresh apples today"));
    let typed = [("text", "Ours"), ("channels", houses.ids["{channel}"].as_str()), ("media", &houses.ids["{asset}"])];
    let checked = houses.ben.post(&format!("{path}/checks"), &typed).await;
    assert_eq!(checked.status, 200);
    assert!(!checked.text.contains("Fresh apples today") && !checked.text.contains("/media/"));
    assert_eq!(houses.all().await, before, "nothing of Riverside has changed");
    houses.riverside.test.stop().await;
}

#[tokio::test]
async fn an_id_of_another_workspace_in_a_form_is_left_out_or_refused() {
    let mut houses = TwoHouses::start().await;
    let before = houses.all().await;
    let new = "/w/neighbours/channels/new/practice";
    houses.ben.get(new).await;
    houses.ben.post(new, &[("way", "name"), ("name", "Neighbours"), ("server", "")]).await;
    let neighbours = workspace::find_by_slug(&houses.riverside.test.app, "neighbours").await.unwrap().unwrap();

    let form = compose(&mut houses.ben, &neighbours).await;
    let fields = written("Taken over", "now", &houses.ids["{channel}"]);
    let page = houses.ben.post_files(&form, &fields, &[]).await;
    assert_eq!(page.status, 422, "nothing goes out on another's channel: {}", page.words());

    let picture = houses.ids["{asset}"].clone();
    let form = compose(&mut houses.ben, &neighbours).await;
    let mut fields = written("With a picture", "draft", "");
    fields.push(("media", &picture));
    houses.ben.post_files(&form, &fields, &[]).await;
    let page = houses.ben.get(&format!("{form}/edit")).await;
    has(&page, "With a picture");
    assert!(!page.text.contains(&picture), "another's picture is not shown");

    let conversation = houses.riverside.page(&format!("inbox/{}/assign", houses.ids["{conversation}"]));
    let ben = person::find_by_sign_in(&houses.riverside.test.app, "ben").await.unwrap().unwrap().id.to_string();
    let page = houses.riverside.ada.post(&conversation, &[("person", &ben)]).await;
    assert_eq!(page.status, 422);
    has(&page, "not a member");
    assert_eq!(houses.all().await, before, "nothing of Riverside has changed");
    houses.riverside.test.stop().await;
}
