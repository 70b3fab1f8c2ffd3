//! Asks the practice service what it has, and writes to it as a visitor.

use actix_web::web::{Data, Path};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::view::{self, Thread, Typed};
use crate::addresses;
use crate::http::practice::PracticeSide;
use crate::http::{Answer, Answered, Failure, Form, Screen};
use crate::networks::practice::service::{Request, Response};
use crate::networks::practice::wire::{Me, Post, Posts, Refusal as Refused};
use crate::people::Refusal;
use crate::words::Message;

/// How many answers a page shows.
const MOST: &str = "40";

/// What is public on it, newest first.
pub(super) async fn timeline(side: Data<PracticeSide>, screen: Screen) -> Answered {
    let posts: Posts = read(&ask(&side, None, "GET", "/api/timeline", &Value::Null).await?)?;
    Ok(Answer::page(view::timeline(&screen, &posts.posts)))
}

/// A post, what was answered below it, and the place to comment.
pub(super) async fn show(side: Data<PracticeSide>, screen: Screen, path: Path<String>) -> Answered {
    let thread = thread(&side, &path).await?;
    Ok(Answer::page(view::post(&screen, &thread, &Typed::default())))
}

/// A comment by a visitor.
pub(super) async fn comment(side: Data<PracticeSide>, screen: Screen, path: Path<String>, form: Form) -> Answered {
    let typed = Typed { from: form.text("from"), text: form.text("text"), problem: None };
    let author = side.service().author_of(&path).ok_or(Refusal::NotThere)?;
    let said = json!({ "from": typed.from.trim(), "text": typed.text.trim() });
    let empty = typed.text.trim().is_empty() || typed.from.trim().is_empty();
    let response = if empty {
        None
    } else {
        Some(ask(&side, Some(author), "POST", &format!("/api/posts/{}/comments", &*path), &said).await?)
    };
    match response {
        Some(response) if response.status < 300 => {
            Ok(Answer::go_to(addresses::practice_post(&path)).saying(Message::new("practice-commented")))
        }
        refused => {
            let reason = refused.and_then(|response| serde_json::from_slice::<Refused>(&response.body).ok());
            let problem = reason.map_or_else(
                || screen.words().say("practice-empty"),
                |refused| screen.words().tell("practice-refused", &[("reason", refused.error.into())]),
            );
            let thread = thread(&side, &path).await?;
            Ok(Answer::again(view::post(&screen, &thread, &Typed { problem: Some(problem), ..typed })))
        }
    }
}

/// A visitor likes it.
pub(super) async fn like(side: Data<PracticeSide>, screen: Screen, path: Path<String>) -> Answered {
    if side.service().author_of(&path).is_none() {
        return Err(Refusal::NotThere.into());
    }
    let name = screen.words().say("practice-visitor");
    let visitor: Me = read(&ask(&side, None, "POST", "/api/accounts", &json!({ "name": name })).await?)?;
    let like = format!("/api/posts/{}/likes", &*path);
    let _liked: Post = read(&ask(&side, Some(visitor.person.id), "POST", &like, &Value::Null).await?)?;
    Ok(Answer::go_to(addresses::practice_post(&path)).saying(Message::new("practice-liked")))
}

/// What one account wrote.
pub(super) async fn account(side: Data<PracticeSide>, screen: Screen, path: Path<String>) -> Answered {
    let person = side.service().person(&path).ok_or(Refusal::NotThere)?;
    let list = format!("/api/accounts/{}/posts", &*path);
    let response = ask(&side, Some(person.id.clone()), "GET", &list, &Value::Null).await?;
    // An account can be told not to list its posts; then there is only its name to show.
    let posts: Posts = if response.status == 403 { Posts::default() } else { read(&response)? };
    Ok(Answer::page(view::account(&screen, &person, &posts.posts)))
}

async fn thread(side: &PracticeSide, id: &str) -> Result<Thread, Failure> {
    let author = side.service().author_of(id).ok_or(Refusal::NotThere)?;
    let get = |path: String| ask(side, Some(author.clone()), "GET", path, &Value::Null);
    let post: Post = read(&get(format!("/api/posts/{id}")).await?)?;
    let replies: Posts = read(&get(format!("/api/posts/{id}/replies")).await?)?;
    let mut replies = replies.posts;
    replies.reverse();
    Ok(Thread { post, replies })
}

async fn ask(
    side: &PracticeSide,
    account: Option<String>,
    method: &str,
    path: impl Into<String>,
    body: &Value,
) -> Result<Response, Failure> {
    let request = Request {
        method: method.to_owned(),
        path: path.into(),
        query: [("limit".to_owned(), MOST.to_owned())].into_iter().collect(),
        body: body.to_string().into(),
        ..Request::default()
    };
    side.ask(account, request).await.ok_or(Failure::Busy)
}

fn read<T: DeserializeOwned>(response: &Response) -> Result<T, Failure> {
    match response.status {
        200..300 => serde_json::from_slice(&response.body)
            .map_err(|_error| Failure::Broken("the practice network's answer is not understood")),
        404 => Err(Refusal::NotThere.into()),
        _ => Err(Failure::Broken("the practice network refused its own pages")),
    }
}
