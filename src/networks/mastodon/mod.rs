//! Mastodon, and servers that speak its language: `GoToSocial`, Pleroma and Akkoma, Pixelfed, Friendica.
//!
//! What a server can do is read from itself (`limits`); where kinds of servers differ in a way that matters for
//! never publishing twice, the stricter assumption holds until the server is known (`settle`). Messages that a
//! person's own filters keep from their notifications stay out of the inbox as well.

mod ask;
mod compare;
mod connect;
mod limits;
mod permissions;
mod publish;
mod read;
mod settle;
mod shown;
#[cfg(test)]
mod tests;
mod wire;

use async_trait::async_trait;

use super::job::Seed;
use super::{
    Account, AccountCounts, Call, Capabilities, Claim, ConnectForm, ConnectInput, ConnectStep, Connected, Counts,
    Credentials, Figures, History, Inbox, Incoming, IncomingPage, Job, Material, Network, NetworkError, NetworkName,
    Part, Progress, Refreshed, RemoteItem, RemotePost, Settled, Shown, Step, Turn, Window,
};

/// Mastodon and compatible servers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mastodon;

#[async_trait]
impl Network for Mastodon {
    fn name(&self) -> NetworkName {
        "mastodon"
    }

    fn title(&self) -> &'static str {
        "Mastodon"
    }

    fn shown(&self, part: &Part, pictures: usize) -> Shown {
        shown::shown(part, pictures)
    }

    fn capabilities(&self, settings: &serde_json::Value) -> Capabilities {
        limits::Settings::read(settings).capabilities()
    }

    fn connect_forms(&self) -> &'static [ConnectForm] {
        connect::FORMS
    }

    async fn connect(
        &self,
        call: Call<'_>,
        way: &str,
        input: &ConnectInput,
        back_to: Option<&str>,
    ) -> Result<ConnectStep, NetworkError> {
        connect::connect(&call, way, input, back_to).await
    }

    async fn finish_connecting(
        &self,
        call: Call<'_>,
        kept: &Credentials,
        input: &ConnectInput,
    ) -> Result<Connected, NetworkError> {
        connect::finish(&call, kept, input).await
    }

    async fn test(&self, call: Call<'_>, account: &Account) -> Result<Connected, NetworkError> {
        connect::test(&call, account).await
    }

    async fn missing(&self, call: Call<'_>, account: &Account) -> Result<Vec<String>, NetworkError> {
        permissions::missing(&call, account).await
    }

    async fn refresh(&self, call: Call<'_>, account: &Account) -> Result<Option<Refreshed>, NetworkError> {
        connect::refresh(&call, account).await
    }

    fn material(&self, job: &Job, seed: Seed) -> Material {
        publish::material(job, seed)
    }

    fn next_step(&self, _account: &Account, job: &Job, progress: &Progress) -> Option<Step> {
        publish::next_step(job, progress)
    }

    async fn take_step(
        &self,
        call: Call<'_>,
        account: &Account,
        claim: &Claim,
        progress: &Progress,
        step: &Step,
    ) -> Result<Turn, NetworkError> {
        publish::take_step(&call, account, claim, progress, step).await
    }

    async fn settle(
        &self,
        call: Call<'_>,
        account: &Account,
        claim: &Claim,
        progress: &Progress,
        window: Window,
    ) -> Result<Settled, NetworkError> {
        settle::settle(&call, account, claim, progress, window).await
    }

    fn inbox(&self) -> Option<&dyn Inbox> {
        Some(self)
    }

    fn figures(&self) -> Option<&dyn Figures> {
        Some(self)
    }

    fn history(&self) -> Option<&dyn History> {
        Some(self)
    }
}

#[async_trait]
impl Inbox for Mastodon {
    async fn fetch(
        &self,
        call: Call<'_>,
        account: &Account,
        checkpoint: Option<&str>,
    ) -> Result<IncomingPage, NetworkError> {
        read::fetch(&call, account, checkpoint).await
    }

    async fn fetch_below(
        &self,
        call: Call<'_>,
        account: &Account,
        post: &RemotePost,
    ) -> Result<Vec<Incoming>, NetworkError> {
        read::fetch_below(&call, account, post).await
    }
}

#[async_trait]
impl Figures for Mastodon {
    fn batch(&self) -> usize {
        read::BATCH
    }

    async fn of_posts(
        &self,
        call: Call<'_>,
        account: &Account,
        posts: &[RemotePost],
    ) -> Result<Vec<(String, Counts)>, NetworkError> {
        read::of_posts(&call, account, posts).await
    }

    async fn of_account(&self, call: Call<'_>, account: &Account) -> Result<AccountCounts, NetworkError> {
        read::of_account(&call, account).await
    }
}

#[async_trait]
impl History for Mastodon {
    async fn own_posts(
        &self,
        call: Call<'_>,
        account: &Account,
        after: Option<&str>,
    ) -> Result<(Vec<RemoteItem>, Option<String>), NetworkError> {
        read::own_posts(&call, account, after).await
    }
}
