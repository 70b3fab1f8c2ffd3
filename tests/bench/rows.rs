//! The rows of a post, after the model of one that really went out: the post with two earlier versions, its place on the
//! calendar, three publications with their journals, ten snapshots, a picture with its sizes, and two messages.

use anyhow::Context;
use belfry::app::App;
use belfry::base::clock::At;
use belfry::base::id::digest;
use belfry::inbox::{About, Conversation, ConversationState, Known, Message, message_id};
use belfry::media::asset::{Asset, AssetFile};
use belfry::media::files::FileId;
use belfry::media::ready::Ready;
use belfry::media::rendition::Thumb;
use belfry::metrics::{Series, Snapshot};
use belfry::networks::{Counts, MessageKind, RemotePerson, RemotePost};
use belfry::posts::history::{History, Version};
use belfry::posts::{Plan, Post, PublicationState, Stage};
use belfry::publish::{Dispatch, Publication, list_for_post};
use belfry::schedule::calendar::CalendarEntry;
use belfry::store::{Change, Scan};
use std::time::Duration;

/// What the snapshots of the three publications make together is ten.
const SNAPSHOTS: [u64; 3] = [4, 3, 3];
const HOUR: Duration = Duration::from_hours(1);

/// A post that went out, with everything it left in the store.
#[derive(Debug)]
pub(crate) struct Model {
    post: Post,
    publications: Vec<Publication>,
    entry: CalendarEntry,
    asset: Asset,
    ready: Vec<Ready>,
}

/// Which post it is, and when it went out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) number: usize,
    pub(crate) at: At,
    /// What people wrote below it waits for an answer.
    pub(crate) newest: bool,
}

/// What a post says: a few sentences of their own.
pub(crate) fn text(number: usize) -> String {
    let what = ["bread", "apples", "soup", "blankets", "books", "bicycles", "seedlings"];
    let thing = what.get(number % what.len()).copied().unwrap_or("bread");
    format!(
        "Market day {number}: we have {thing} for everyone who comes by before noon, and tea for those who stay. Bring \
         a bag, bring a neighbour, and tell us what you would like to see next week. #riverside #{thing}"
    )
}

impl Model {
    /// What a post that has just gone out left behind.
    pub(crate) async fn read(app: &App, post: &Post) -> anyhow::Result<Self> {
        let workspace = post.workspace;
        let stored = app.store.find::<Post>(&(workspace, post.id)).await?.context("the post")?.row;
        let plan = stored.plan.as_ref().context("the plan")?;
        let entry = app.store.find::<CalendarEntry>(&(workspace, plan.due_at, post.id)).await?.context("the entry")?;
        anyhow::ensure!(entry.state == PublicationState::Published, "the model did not go out: {:?}", entry.state);
        let used = post.content.media.first().context("the picture")?;
        let asset = app.store.find::<Asset>(&(workspace, used.asset)).await?.context("the asset")?.row;
        let ready = app.store.list::<Ready>(Scan::under((asset.file,)).limit(20)).await?;
        anyhow::ensure!(Thumb::ALL.len() <= ready.len(), "the picture has no sizes");
        let publications = list_for_post(app, workspace, post.id).await?;
        Ok(Self {
            post: stored,
            publications: publications.into_iter().map(|publication| publication.row).collect(),
            entry: entry.row,
            asset,
            ready: ready.into_iter().map(|ready| ready.row).collect(),
        })
    }

    /// Everything of one post that is out.
    pub(crate) fn published(&self, place: &Place, change: &mut Change) {
        let post = self.post_at(place, Stage::Out);
        change.insert(&post);
        change.insert(&self.history(&post));
        change.insert(&self.entry_of(&post, place.at, PublicationState::Published));
        self.picture(place, &post, change);
        let publications = self.publications.iter().zip(0_u64..).map(|(model, lane)| {
            let publication = publication_at(model, place, &post, lane);
            (publication, lane)
        });
        for ((publication, lane), snapshots) in publications.zip(SNAPSHOTS) {
            change.insert(&publication);
            change.insert(&series(&publication, place.at, snapshots));
            if lane == 0 {
                messages(place, &publication, &post, change);
            }
        }
    }

    /// Everything of one post that waits for its time.
    pub(crate) fn planned(&self, place: &Place, change: &mut Change) {
        let post = self.post_at(place, Stage::Planned);
        change.insert(&post);
        change.insert(&self.entry_of(&post, place.at, PublicationState::Planned));
        self.picture(place, &post, change);
        for model in &self.publications {
            let roles = model.dispatches.iter().map(|dispatch| Dispatch::planned(dispatch.role.clone()));
            change.insert(&Publication {
                id: Publication::id_for(post.id, model.channel),
                source: belfry::publish::Source::Post { post: post.id },
                due_at: place.at,
                next_at: Some(place.at),
                dispatches: roles.collect(),
                published_at: None,
                ..model.clone()
            });
        }
    }

    fn post_at(&self, place: &Place, stage: Stage) -> Post {
        let created_at = place.at.minus(24 * HOUR);
        let mut post = self.post.clone();
        post.id = id_at(created_at, b"post", place.number);
        (post.created_at, post.saved_at, post.stage) = (created_at, created_at.plus(HOUR), stage);
        post.edition = 3;
        post.content.text = text(place.number);
        if let Some(used) = post.content.media.first_mut() {
            used.asset = id_at(created_at, b"asset", place.number);
        }
        let local = place.at.to_timestamp().to_zoned(jiff::tz::TimeZone::UTC).datetime();
        post.plan = Some(Plan { local, zone: "UTC".to_owned(), due_at: place.at });
        post
    }

    /// With what the post says, three versions of it.
    fn history(&self, post: &Post) -> History {
        let version = |edition: u32| {
            let mut content = post.content.clone();
            content.text.truncate(60 * usize::try_from(edition).unwrap_or(1));
            let saved_at = post.created_at.plus(Duration::from_mins(20) * edition);
            Version { edition, saved_at, saved_by: self.post.author, content, replaced_at: None }
        };
        History { workspace: post.workspace, post: post.id, versions: vec![version(1), version(2)] }
    }

    fn entry_of(&self, post: &Post, due_at: At, state: PublicationState) -> CalendarEntry {
        CalendarEntry { author: self.entry.author, ..CalendarEntry::of(post, due_at, state) }
    }

    /// The picture of the post: its row, the hold on its file, and its sizes.
    fn picture(&self, place: &Place, post: &Post, change: &mut Change) {
        let file = file_of(b"original", place.number);
        let id = id_at(post.created_at, b"asset", place.number);
        change.insert(&Asset { id, file, created_at: post.created_at, ..self.asset.clone() });
        change.insert(&AssetFile { workspace: post.workspace, file, asset: id });
        for (model, size) in self.ready.iter().zip(0_usize..) {
            let name = format!("size {size}");
            change.insert(&Ready { original: file, file: file_of(name.as_bytes(), place.number), ..model.clone() });
        }
    }
}

/// A publication of the post, out like the model of its lane.
fn publication_at(model: &Publication, place: &Place, post: &Post, lane: u64) -> Publication {
    let mut publication = model.clone();
    publication.id = Publication::id_for(post.id, model.channel);
    publication.source = belfry::publish::Source::Post { post: post.id };
    publication.subject = CalendarEntry::of(post, place.at, PublicationState::Published).excerpt;
    publication.published_at = Some(place.at.plus(Duration::from_secs(1)));
    for dispatch in &mut publication.dispatches {
        let moved = dispatch.claimed_at.unwrap_or(model.due_at);
        dispatch.claimed_at = Some(place.at);
        if let Some(remote) = &mut dispatch.progress.post {
            *remote = RemotePost { id: format!("p{}-{lane}", place.number), ..remote.clone() };
        }
        let mut journal = belfry::publish::journal::Journal::default();
        for entry in dispatch.journal.entries() {
            journal.note(place.at.plus(entry.at.since(moved)), entry.event.clone());
        }
        dispatch.journal = journal;
    }
    publication.due_at = place.at;
    publication
}

/// A reply to the post and another one after it.
fn messages(place: &Place, publication: &Publication, post: &Post, change: &mut Change) {
    let (workspace, channel) = (post.workspace, publication.channel);
    let person = RemotePerson {
        id: format!("a{}", place.number % 500),
        handle: format!("@visitor{}", place.number % 500),
        name: format!("Visitor {}", place.number % 500),
        avatar_url: None,
        url: None,
    };
    let first = format!("c{}", place.number * 2);
    let conversation = digest(&[b"conversation", &channel.bits().to_be_bytes(), first.as_bytes()]);
    let said = ["Lovely, is there parking near the market hall?", "Never mind, I found it. See you on Saturday!"];
    for (text, later) in said.into_iter().zip(0_usize..) {
        let remote = format!("c{}", place.number * 2 + later);
        let id = message_id(channel, &remote);
        let at = place.at.plus(HOUR * u32::try_from(later + 1).unwrap_or(1));
        change.insert(&Known { workspace, message: id, conversation });
        change.insert(&Message {
            workspace,
            conversation,
            id,
            at,
            author: Some(person.clone()),
            text: text.to_owned(),
            remote: Some(RemotePost { id: remote, ..RemotePost::default() }),
            root: None,
            media_urls: Vec::new(),
            publication: None,
            answered_by: None,
        });
    }
    let about = About { publication: publication.id, post: Some(post.id), excerpt: publication.subject.clone() };
    change.insert(&Conversation {
        workspace,
        id: conversation,
        channel,
        about: Some(about),
        person,
        last_at: place.at.plus(2 * HOUR),
        excerpt: "Never mind, I found it. See you on Saturday!".to_owned(),
        kind: MessageKind::Reply,
        unread: if place.newest { 2 } else { 0 },
        messages: 2,
        state: if place.newest { ConversationState::Open } else { ConversationState::Done },
        assigned: None,
    });
}

/// An id as the library would have made it at that moment.
fn id_at<T: From<u128>>(at: At, what: &[u8], number: usize) -> T {
    let millis = u128::try_from(at.as_millis()).unwrap_or_default();
    let rest: u128 = digest(&[what, &number.to_be_bytes()]);
    T::from((millis << 80) | (rest >> 48))
}

fn file_of(what: &[u8], number: usize) -> FileId {
    let half = |name: &[u8]| digest::<u128>(&[name, what, &number.to_be_bytes()]).to_be_bytes();
    let mut bytes = [0; 32];
    let halves = half(b"first").into_iter().chain(half(b"second"));
    bytes.iter_mut().zip(halves).for_each(|(byte, value)| *byte = value);
    FileId::from_bytes(bytes)
}

fn series(publication: &Publication, out_at: At, snapshots: u64) -> Series {
    let at = |taken: u64| out_at.plus(HOUR * u32::try_from(taken * taken * 24).unwrap_or(1));
    let counts = |taken: u64| Counts {
        reactions: Some(taken * 7),
        comments: Some(2),
        shares: Some(taken * 2),
        views: Some(taken * 140),
        ..Counts::default()
    };
    let snapshots = (1..=snapshots).map(|taken| Snapshot { at: at(taken), counts: counts(taken) });
    Series {
        workspace: publication.workspace,
        publication: publication.id,
        channel: publication.channel,
        published_at: out_at,
        snapshots: snapshots.collect(),
        next_at: None,
    }
}
