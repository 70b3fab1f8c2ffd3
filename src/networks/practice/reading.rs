//! What Practice gives to read: comments and mentions, figures, earlier posts, and what it tells a webhook.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde_json::json;

use super::connector::{Practice, answered, at, authorized, behaviour, path_piece, remote};
use super::wire::{Me, Message, Messages, Notice, Post, Posts};
use crate::base::clock::At;
use crate::networks::capabilities::Settles;
use crate::networks::{
    Account, AccountCounts, Call, Counts, Figures, History, Inbox, Incoming, IncomingPage, MessageKind, NetworkError,
    RemoteItem, RemotePerson, RemotePost, Webhook, signed_webhook,
};

#[async_trait]
impl Inbox for Practice {
    async fn fetch(
        &self,
        call: Call<'_>,
        account: &Account,
        checkpoint: Option<&str>,
    ) -> Result<IncomingPage, NetworkError> {
        let request = call.client.get(&at(account, "/api/inbox")).query(checkpoint.map(|after| ("after", after)));
        let page: Messages = answered(call, authorized(account, request)?).await?;
        let items = page.messages.into_iter().map(|message| incoming(account, message)).collect();
        // An inbox that is empty still has a place to go on from: its beginning.
        let checkpoint = page.after.or_else(|| checkpoint.map(ToOwned::to_owned)).or_else(|| Some("0".to_owned()));
        Ok(IncomingPage { items, checkpoint, more: page.more })
    }

    async fn fetch_below(
        &self,
        call: Call<'_>,
        account: &Account,
        post: &RemotePost,
    ) -> Result<Vec<Incoming>, NetworkError> {
        let url = at(account, &format!("/api/posts/{}/replies", path_piece(&post.id)));
        let page: Posts = answered(call, authorized(account, call.client.get(&url))?).await?;
        let of_others = page.posts.into_iter().filter(|post| post.author.id != account.remote_id);
        Ok(of_others.map(|post| incoming(account, Message { kind: MessageKind::Reply, post })).collect())
    }
}

#[async_trait]
impl Figures for Practice {
    fn batch(&self) -> usize {
        40
    }

    async fn of_posts(
        &self,
        call: Call<'_>,
        account: &Account,
        posts: &[RemotePost],
    ) -> Result<Vec<(String, Counts)>, NetworkError> {
        let ids = posts.iter().map(|post| post.id.as_str()).collect::<Vec<_>>().join(",");
        let request = call.client.get(&at(account, "/api/counts")).query([("ids", ids.as_str())]);
        let page: Posts = answered(call, authorized(account, request)?).await?;
        Ok(page.posts.into_iter().map(|post| (post.id, post.counts)).collect())
    }

    async fn of_account(&self, call: Call<'_>, account: &Account) -> Result<AccountCounts, NetworkError> {
        let me: Me = answered(call, authorized(account, call.client.get(&at(account, "/api/me")))?).await?;
        Ok(AccountCounts { followers: me.followers, following: None, posts: Some(me.posts) })
    }
}

#[async_trait]
impl History for Practice {
    async fn own_posts(
        &self,
        call: Call<'_>,
        account: &Account,
        after: Option<&str>,
    ) -> Result<(Vec<RemoteItem>, Option<String>), NetworkError> {
        if behaviour(&account.settings).settles == Settles::AskPerson {
            // Such an account does not list its posts.
            return Ok((Vec::new(), None));
        }
        let url = at(account, &format!("/api/accounts/{}/posts", path_piece(&account.remote_id)));
        let request = call.client.get(&url).query(after.map(|before| ("before", before)));
        let page: Posts = answered(call, authorized(account, request)?).await?;
        Ok((page.posts.into_iter().map(|post| item(account, post)).collect(), page.before))
    }
}

#[async_trait]
impl Webhook for Practice {
    async fn register(&self, call: Call<'_>, account: &Account, url: &str, secret: &str) -> Result<(), NetworkError> {
        let wanted = json!({ "url": url, "secret": secret });
        let request = call.client.put(&at(account, "/api/webhook")).json(&wanted);
        let answer = authorized(account, request)?.send().await?;
        if answer.is_success() {
            return Ok(());
        }
        Err(NetworkError::Refused { reason: format!("it took no webhook and answered {}", answer.status()) })
    }

    fn verify(
        &self,
        account: &Account,
        headers: &BTreeMap<String, String>,
        body: &[u8],
        now: At,
    ) -> Result<Option<String>, NetworkError> {
        signed_webhook::verify(account.secret.get("webhook_secret")?, headers, body, now).map(Some)
    }

    fn read(&self, account: &Account, body: &[u8]) -> Result<Vec<Incoming>, NetworkError> {
        let notice: Notice = serde_json::from_slice(body)
            .map_err(|error| NetworkError::Refused { reason: format!("a delivery that is not understood: {error}") })?;
        match notice.kind.as_str() {
            "comment.created" => Ok(vec![incoming(account, notice.data)]),
            _ => Ok(Vec::new()),
        }
    }
}

fn incoming(account: &Account, message: Message) -> Incoming {
    Incoming { item: item(account, message.post), kind: message.kind }
}

fn item(account: &Account, post: Post) -> RemoteItem {
    let pictures = post.media.iter().map(|media| at(account, &format!("/media/{}", media.digest)));
    RemoteItem {
        post: remote(account, &post.id),
        media_count: u32::try_from(post.media.len()).unwrap_or(u32::MAX),
        media_urls: pictures.collect(),
        text: post.text,
        created_at: post.created_at,
        author: RemotePerson {
            avatar_url: post.author.picture.map(|digest| at(account, &format!("/media/{digest}"))),
            url: Some(at(account, &format!("/accounts/{}", post.author.id))),
            id: post.author.id,
            handle: post.author.handle,
            name: post.author.name,
        },
        in_reply_to: post.in_reply_to,
        thread_root: post.thread_root,
        visibility: Some(post.visibility),
        counts: post.counts,
    }
}
