//! What the connector's tests share: an account, a job, a way to run it as the engine does, and answers from files.
//!
//! `publishing`, `connecting` and `reading` talk to a server of their own that keeps the rules of the reference;
//! `contract` talks to a real one where one was started.

mod connecting;
mod contract;
mod publishing;
mod reading;

use serde_json::json;

use super::*;
use crate::base::clock::At;
use crate::networks::fake::Reply;
use crate::networks::{Change, Client, Credentials, MediaFile, Part};

const NOW: &str = "2026-11-22T09:00:00Z";

fn at(text: &str) -> At {
    At::parse(text).unwrap()
}

/// Ada's account at this server.
fn ada_at(server: &str) -> Account {
    Account {
        server: server.to_owned(),
        remote_id: "did:plc:ada".to_owned(),
        secret: Credentials::new([("accessJwt", "access"), ("refreshJwt", "refresh")]),
        settings: json!({ "handle": "ada.example", "image_max_bytes": 1_000_000 }),
    }
}

/// A file of tests/fixtures/bluesky as an answer.
macro_rules! fixture {
    ($name:literal) => {
        crate::networks::bluesky::tests::reply_of(include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/fixtures/bluesky/",
            $name,
            ".http"
        )))
    };
}
use fixture;

fn reply_of(text: &str) -> Reply {
    let (head, body) = text.split_once("\n\n").unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers: Vec<(&str, &str)> = lines.map(|line| line.split_once(": ").unwrap()).collect();
    let mime = headers.iter().find(|(name, _)| *name == "content-type").unwrap().1;
    let others = headers.iter().filter(|(name, _)| *name != "content-type");
    others.fold(Reply::of(status, mime, body), |reply, (name, value)| reply.header(name, value))
}

fn saying(text: &str) -> Part {
    Part { text: text.to_owned(), ..Part::default() }
}

fn publishing(part: Part) -> Job {
    Job { id: "dispatch-1".to_owned(), change: Change::Publish { part, root: None, parent: None } }
}

fn claimed(job: Job, now: At, random: u128) -> Claim {
    let material = Bluesky::default().material(&job, Seed { now, random });
    Claim { job, material }
}

/// A picture of the least size that every decoder takes, or filled up to `size` bytes.
fn picture(folder: &tempfile::TempDir, name: &str, size: usize) -> MediaFile {
    let mut bytes = Vec::new();
    let image = image::RgbImage::from_fn(40, 30, |x, y| {
        image::Rgb([u8::try_from(x * 6).unwrap(), u8::try_from(y * 8).unwrap(), 90])
    });
    image.write_to(&mut std::io::Cursor::new(&mut bytes), image::ImageFormat::Jpeg).unwrap();
    bytes.resize(bytes.len().max(size), 0);
    let path = folder.path().join(name);
    std::fs::write(&path, &bytes).unwrap();
    MediaFile {
        path,
        mime: "image/jpeg".to_owned(),
        file_name: name.to_owned(),
        size_bytes: u64::try_from(bytes.len()).unwrap(),
        width_px: 40,
        height_px: 30,
        alt: "A small bell on a blue ground".to_owned(),
        focus: None,
    }
}

/// Asks for steps and takes them until the job is done, as the engine does. Gives the names of the steps too.
async fn run(
    client: &Client,
    account: &Account,
    claim: &Claim,
    mut progress: Progress,
) -> (Vec<String>, Result<Progress, NetworkError>) {
    let network = Bluesky::default();
    let mut names = Vec::new();
    for _ in 0..40 {
        let Some(step) = network.next_step(account, &claim.job, &progress) else { return (names, Ok(progress)) };
        names.push(step.name.clone());
        let call = Call { client, now: at(NOW) };
        match network.take_step(call, account, claim, &progress, &step).await {
            Ok(Turn::Forward(known) | Turn::Wait { progress: known, .. }) => progress = known,
            Err(error) => return (names, Err(error)),
        }
    }
    panic!("the job goes on for ever: {names:?}");
}
