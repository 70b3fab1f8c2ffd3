//! `belfry check`: the checks of the composer for programs, over posts that come one a line.
//!
//! Each line gets its answer, one that cannot be read too, so that a program can pair what it wrote with what it reads.
//! No server and no data folder is needed: what is checked are a network's documented limits.

use std::io::{self, BufRead, Read};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use serde_json::Value;

use super::say;
use crate::networks::Registry;
use crate::posts::checks::line::check_line;
use crate::words::Words;

/// The longest line; a longer one is answered as one that cannot be read.
const LINE_BYTES: u64 = 4 << 20;

#[derive(Debug, Args)]
pub(super) struct Check {
    /// Whose limits, by the name that `belfry networks` lists
    #[arg(long, value_name = "NAME")]
    network: String,
    /// JSON lines, which is the one form there is
    #[arg(long, required = true)]
    json: bool,
}

impl Check {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let networks = Registry::standard();
        let network = networks.find(&self.network);
        let network = network
            .with_context(|| format!("there is no network called {}; `belfry networks` lists them", self.network))?;
        let can = network.capabilities(&Value::Null);
        let words = Words::english().context("this build of Belfry has no words")?;
        let mut input = io::stdin().lock();
        while let Some(line) = next_line(&mut input).context("the lines cannot be read")? {
            say::line(&check_line(&can, &line, &|problem| words.render(&problem.message())));
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The next line without its end; what is longer than a line may be is cut, so that it cannot pass for a whole one.
fn next_line(input: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    if input.by_ref().take(LINE_BYTES).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    if line.ends_with(b"\n") {
        line.pop();
    } else if u64::try_from(line.len()).is_ok_and(|length| length == LINE_BYTES) {
        line.clear();
        input.skip_until(b'\n')?;
    }
    Ok(Some(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_too_long_is_one_line_and_does_not_end_the_rest() {
        let long = vec![b'x'; usize::try_from(LINE_BYTES).unwrap() + 9];
        let mut input = io::Cursor::new([b"one\n".as_slice(), &long, b"\nthree"].concat());
        let lines: Vec<_> = std::iter::from_fn(|| next_line(&mut input).unwrap()).collect();
        assert_eq!(lines, [b"one".to_vec(), Vec::new(), b"three".to_vec()]);
    }
}
