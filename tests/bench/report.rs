//! What is printed: a JSON object per figure, with the machine and the bare server of the same run beside it.

use std::io::Write;

use serde::Serialize;

use crate::bare::{self, Bare};
use crate::machine::{self, Sync};

/// What a figure should be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Aim {
    /// This or less.
    AtMost(f64),
    /// This or more.
    AtLeast(f64),
    /// None is set.
    None,
}

/// A figure as it is printed.
#[derive(Debug, Serialize)]
struct Line<'a> {
    figure: &'a str,
    value: f64,
    unit: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_most: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_least: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reached: Option<bool>,
    fsync_ms: Sync,
    bare_actix: Bare,
    load_average: f64,
}

/// One run of the bench.
#[derive(Debug)]
pub(crate) struct Bench {
    only: String,
    sync: Sync,
    bare: Bare,
}

impl Bench {
    /// Measures the machine and the bare server, which stand beside every figure.
    pub(crate) async fn begin(only: String) -> anyhow::Result<Self> {
        note("measuring the disk and a bare actix server");
        Ok(Self { only, sync: machine::sync_latency()?, bare: bare::measure().await? })
    }

    /// Whether any of these figures was asked for.
    pub(crate) fn wants(&self, names: &[impl AsRef<str>]) -> bool {
        names.iter().any(|name| name.as_ref().contains(&self.only))
    }

    /// Prints a figure, if it was asked for.
    pub(crate) fn print(&self, name: &str, (value, unit): (f64, &str), aim: Aim) -> anyhow::Result<()> {
        if !self.wants(&[name]) {
            return Ok(());
        }
        let (at_most, at_least, reached) = match aim {
            Aim::AtMost(most) => (Some(most), None, Some(value <= most)),
            Aim::AtLeast(least) => (None, Some(least), Some(least <= value)),
            Aim::None => (None, None, None),
        };
        let line = Line {
            figure: name,
            value: rounded(value),
            unit,
            at_most,
            at_least,
            reached,
            fsync_ms: self.sync,
            bare_actix: self.bare,
            load_average: machine::load_average(),
        };
        let line = serde_json::to_string(&line)?;
        writeln!(std::io::stdout(), "{line}")?;
        Ok(())
    }
}

/// Three places after the point are more than any of this is good for.
pub(crate) fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// The value below which this share of them lies.
pub(crate) fn percentile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let last = values.len().saturating_sub(1);
    let below = values.iter().enumerate().take_while(|(at, _)| position(*at, last) <= share).last();
    below.map_or(f64::NAN, |(_, value)| *value)
}

fn position(at: usize, last: usize) -> f64 {
    if last == 0 { 0.0 } else { float(at) / float(last) }
}

/// A count as a number to calculate with.
pub(crate) fn float(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}

/// Says what is going on, to whoever waits.
pub(crate) fn note(text: &str) {
    // Who closed stderr does not want to know.
    drop(writeln!(std::io::stderr(), "bench: {text}"));
}
