//! `belfry networks`: which networks this Belfry speaks, and what each takes by its documentation.

use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};

use super::say;
use crate::networks::Registry;
use crate::networks::capabilities::Capabilities;
use crate::words::Words;

#[derive(Debug, Args)]
pub(super) struct Networks {
    /// As JSON, with everything that is known of each
    #[arg(long)]
    json: bool,
}

impl Networks {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let networks = Registry::standard();
        let each = networks.iter().map(|network| (network, network.capabilities(&Value::Null)));
        if self.json {
            let told = each
                .map(|(network, can)| json!({"name": network.name(), "title": network.title(), "capabilities": can}));
            say::line(&told.collect::<Value>().to_string());
        } else {
            let words = Words::english()?;
            for (network, can) in each {
                say::line(&format!("{:<10} {:<24} {}", network.name(), network.title(), in_short(&words, &can)));
            }
            say::note("These are documented limits; a connected account's server may set its own.");
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// What matters most of it, in a line.
fn in_short(words: &Words, can: &Capabilities) -> String {
    let length = |limit: u32| words.tell(can.text.unit.key(), &[("count", limit.into())]);
    let text = can.text.limit.map_or_else(|| words.say("can-text-free"), length);
    let abilities = [
        (can.threads, "threads"),
        (can.poll.is_some(), "polls"),
        (can.first_comment, "first comment"),
        (can.inbox, "inbox"),
        (!can.counts.is_empty(), "figures"),
        (can.by_hand, "published by hand"),
    ];
    let pictures = (0 < can.images.max).then(|| format!("{} pictures", can.images.max));
    let abilities = abilities.into_iter().filter(|(has, _name)| *has).map(|(_has, name)| name.to_owned());
    [text].into_iter().chain(pictures).chain(abilities).collect::<Vec<_>>().join(", ")
}
