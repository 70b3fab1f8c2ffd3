//! `belfry post`: write a post, plan it, look at what became of it. With `--json` in the words of the API.

use std::io::{self, Read};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Subcommand};
use serde_json::Value;

use super::control::{self, NewPost, Order};
use super::user::text;
use super::{Common, say};
use crate::base::text::excerpt;

/// How much of a text a line shows.
const EXCERPT_GRAPHEMES: usize = 60;

#[derive(Debug, Args)]
pub(super) struct Post {
    #[command(subcommand)]
    what: What,
    /// The workspace, by its part of the address
    #[arg(long, global = true, value_name = "SLUG")]
    workspace: Option<String>,
    /// As JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Write a post, as the workspace's first owner; without --at it is kept as a draft
    Create {
        /// What it says [default: what is read from standard input]
        #[arg(long)]
        text: Option<String>,
        /// Where it goes, by handle or id; may be repeated
        #[arg(long = "channel", value_name = "CHANNEL")]
        channels: Vec<String>,
        /// A picture of the library, by id; may be repeated
        #[arg(long = "media", value_name = "ID")]
        media: Vec<String>,
        /// When it goes out: now, 2026-12-01T09:00 in the workspace's zone, or 2026-12-01T09:00:00Z
        #[arg(long, value_name = "TIME")]
        at: Option<String>,
    },
    /// Plan a post, or move it to another time
    Plan {
        /// The post's id
        id: String,
        /// now, 2026-12-01T09:00 in the workspace's zone, or 2026-12-01T09:00:00Z
        #[arg(long, value_name = "TIME")]
        at: String,
    },
    /// Show a post and what became of it on each channel
    Show {
        /// The post's id
        id: String,
    },
    /// List posts, those due last first
    List {
        /// draft, planned or out [default: what is planned or out]
        #[arg(long)]
        stage: Option<String>,
    },
}

impl Post {
    pub(super) async fn run(self, common: &Common) -> anyhow::Result<ExitCode> {
        let config = common.config(&[])?;
        let workspace = self.workspace.context("say which workspace: --workspace SLUG")?;
        let order = match self.what {
            What::Create { text, channels, media, at } => {
                let text = text.map_or_else(read_text, Ok)?;
                Order::PostCreate { workspace, post: NewPost { text, channels, media, at } }
            }
            What::Plan { id, at } => Order::PostPlan { workspace, id, at },
            What::Show { id } => Order::PostShow { workspace, id },
            What::List { stage } => Order::PostList { workspace, stage },
        };
        let told = control::send(config, order).await?;
        if self.json {
            say::line(&told.to_string());
        } else {
            match told.as_array() {
                Some(posts) => posts.iter().for_each(|post| say::line(&in_short(post))),
                None => show(&told),
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn read_text() -> anyhow::Result<String> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).context("no text could be read")?;
    Ok(text.trim_end().to_owned())
}

/// A post in one line.
fn in_short(post: &Value) -> String {
    let due = post.pointer("/plan/local").and_then(Value::as_str).unwrap_or("no time yet");
    let says = post.pointer("/content/text").and_then(Value::as_str).unwrap_or_default();
    format!("{}  {:<7}  {due:<19}  {}", text(post, "id"), text(post, "stage"), excerpt(says, EXCERPT_GRAPHEMES))
}

/// A post, and what became of it.
fn show(post: &Value) {
    say::line(&in_short(post));
    for publication in post.get("publications").and_then(Value::as_array).into_iter().flatten() {
        let url = publication.get("url").and_then(Value::as_str).unwrap_or_default();
        say::line(format!("  {}  {}  {url}", text(publication, "channel"), text(publication, "state")).trim_end());
        let dispatches = publication.get("dispatches").and_then(Value::as_array).into_iter().flatten();
        for line in dispatches.filter_map(|dispatch| dispatch.get("journal")?.as_array()).flatten() {
            say::line(&format!("    {}  {}", text(line, "at"), text(line, "says")));
        }
    }
}
