//! Against a server of our own that refuses what real ones refuse ([`server`]), and the same story against a foreign
//! one where there is one ([`contract`]).

mod connecting;
mod contract;
mod publishing;
mod reading;
mod refusals;
mod rules;
mod server;
mod settling;

use std::time::Duration;

use super::Mastodon;
use crate::base::clock::At;
use crate::networks::job::Seed;
use crate::networks::{
    Account, Call, Change, Claim, Client, Credentials, Job, MediaFile, Network, NetworkError, Part, Progress,
    RemotePost, Turn,
};

/// A job in the hands of an engine that does as the real one: one step after another, waiting where it is told to.
struct Run {
    account: Account,
    client: Client,
    now: At,
    /// The names of the steps that were taken.
    steps: Vec<String>,
}

impl Run {
    fn new(account: &Account, client: &Client, now: At) -> Self {
        Self { account: account.clone(), client: client.clone(), now, steps: Vec::new() }
    }

    fn call(&self) -> Call<'_> {
        Call { client: &self.client, now: self.now }
    }

    /// Takes all steps that are left.
    async fn go_on(&mut self, claim: &Claim, progress: &mut Progress) -> Result<RemotePost, NetworkError> {
        for _ in 0..50 {
            let Some(step) = Mastodon.next_step(&self.account, &claim.job, progress) else { break };
            self.steps.push(step.name.clone());
            let call = Call { client: &self.client, now: self.now };
            match Mastodon.take_step(call, &self.account, claim, progress, &step).await? {
                Turn::Forward(known) => *progress = known,
                Turn::Wait { progress: known, until_at } => {
                    *progress = known;
                    self.now = until_at;
                }
            }
        }
        Ok(progress.post.clone().expect("the last step names the post"))
    }

    /// Claims a change and takes all its steps.
    async fn make(&mut self, change: Change) -> Result<RemotePost, NetworkError> {
        self.go_on(&claim(change, self.now), &mut Progress::default()).await
    }
}

fn claim(change: Change, now: At) -> Claim {
    let job = Job { id: "01JDF0000000000000000000AA".to_owned(), change };
    let material = Mastodon.material(&job, Seed { now, random: u128::from_be_bytes(crate::base::id::random()) });
    Claim { job, material }
}

fn part(text: &str) -> Part {
    Part { text: text.to_owned(), ..Part::default() }
}

fn first(part: Part) -> Change {
    Change::Publish { part, root: None, parent: None }
}

fn instant(text: &str) -> At {
    At::parse(text).unwrap()
}

fn noon() -> At {
    instant("2026-11-22T12:00:00Z")
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn minutes(minutes: u64) -> Duration {
    Duration::from_mins(minutes)
}

fn account_at(origin: &str, settings: serde_json::Value) -> Account {
    Account {
        server: origin.to_owned(),
        remote_id: "1".to_owned(),
        secret: Credentials::new([("token", server::TOKEN)]),
        settings,
    }
}

/// A real, small PNG in a folder that lives as long as the value.
fn picture(alt: &str) -> (tempfile::TempDir, MediaFile) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rendition-1.png");
    image::RgbImage::from_pixel(4, 3, image::Rgb([20, 90, 60])).save(&path).unwrap();
    let size_bytes = std::fs::metadata(&path).unwrap().len();
    let media = MediaFile {
        path,
        mime: "image/png".to_owned(),
        file_name: "image-1.png".to_owned(),
        size_bytes,
        width_px: 4,
        height_px: 3,
        alt: alt.to_owned(),
        focus: Some((0.25, -0.5)),
    };
    (folder, media)
}
