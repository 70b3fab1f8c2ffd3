//! Orders about posts, carried out by the calls that pages and the API make, and told in the words of the API.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::rule;
use crate::api::wire;
use crate::app::App;
use crate::channels::{self, ChannelId};
use crate::people::{Actor, Refusal};
use crate::posts::{Post, PostId, Stage, draft};
use crate::publish::list::posts;
use crate::publish::{self, When};
use crate::store::{Change, Stored};
use crate::words::Message;

/// How many posts one list tells.
const LIST_MAX: usize = 200;

/// A post to be written.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewPost {
    /// What it says.
    pub text: String,
    /// Where it goes, by handle or id.
    pub channels: Vec<String>,
    /// Pictures of the library, by id.
    pub media: Vec<String>,
    /// When it goes out; none: it is a draft.
    pub at: Option<String>,
}

pub(super) async fn create(app: &App, actor: &Actor, new: NewPost) -> Result<Value, Refusal> {
    let when = new.at.as_deref().map(time).transpose()?;
    let mut places = Vec::with_capacity(new.channels.len());
    for name in &new.channels {
        places.push(find_channel(app, actor, name).await?);
    }
    let media = new.media.iter().map(|id| id.parse().map_err(|_no_id| rule("post-no-such-picture")));
    let content = wire::Content::of(new.text, places, media.collect::<Result<_, _>>()?).into_content();
    draft::check_named(app, actor, &content).await?;
    let id: PostId = app.ids.next();
    let post = publish::write_post(app, actor, id, content, when.as_ref(), Change::new()).await?;
    show(app, actor, post).await
}

pub(super) async fn plan(app: &App, actor: &Actor, id: &str, at: &str) -> Result<Value, Refusal> {
    let post = find(app, actor, id).await?;
    let planned = publish::plan(app, actor, post.id, post.edition, time(at)?).await?;
    show(app, actor, planned).await
}

pub(super) async fn show_one(app: &App, actor: &Actor, id: &str) -> Result<Value, Refusal> {
    let post = find(app, actor, id).await?;
    show(app, actor, post).await
}

pub(super) async fn list(app: &App, actor: &Actor, stage: Option<&str>) -> Result<Value, Refusal> {
    let stage = match stage {
        None => None,
        Some("draft") => Some(Stage::Draft),
        Some("planned") => Some(Stage::Planned),
        Some("out") => Some(Stage::Out),
        Some(_) => return Err(rule("problem-stage")),
    };
    let (found, _next) = posts(app, actor, stage, None, LIST_MAX).await?;
    Ok(found.into_iter().map(|post| json!(wire::Post::from(post.row))).collect())
}

/// A post as the API tells it, and with it what became of it.
async fn show(app: &App, actor: &Actor, post: Stored<Post>) -> Result<Value, Refusal> {
    let publications = publish::list_for_post(app, actor.workspace, post.id).await?;
    let publications: Vec<_> =
        publications.iter().map(|publication| wire::Publication::of(&app.words, publication)).collect();
    let mut told = json!(wire::Post::from(post.row));
    if let Some(told) = told.as_object_mut() {
        told.insert("publications".to_owned(), json!(publications));
    }
    Ok(told)
}

async fn find(app: &App, actor: &Actor, id: &str) -> Result<Stored<Post>, Refusal> {
    let id: PostId = id.parse().map_err(|_no_id| rule("cli-no-post"))?;
    draft::get(app, actor, id).await.map_err(|refusal| super::no_such(refusal, "cli-no-post"))
}

async fn find_channel(app: &App, actor: &Actor, name: &str) -> Result<ChannelId, Refusal> {
    let channels = channels::list(app, actor.workspace).await?;
    let mut named = channels.iter().filter(|channel| channel.handle == name || channel.id.to_string() == name);
    match (named.next(), named.next()) {
        (Some(channel), None) => Ok(channel.id),
        (None, _) => Err(Refusal::Rule(Message::new("cli-no-channel").with("name", name))),
        (Some(_), Some(_)) => Err(Refusal::Rule(Message::new("cli-two-channels").with("name", name))),
    }
}

fn time(text: &str) -> Result<When, Refusal> {
    text.parse().map_err(|_no_time| rule("problem-time"))
}
