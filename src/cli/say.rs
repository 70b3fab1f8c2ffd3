//! Words to the terminal: the only place that prints. A closed pipe is no trouble.

use std::io::{self, BufRead, IsTerminal, Write};

use anyhow::Context;
use zeroize::Zeroizing;

/// A line for the person, or for the program that reads.
pub(super) fn line(text: &str) {
    drop(writeln!(io::stdout().lock(), "{text}"));
}

/// What went wrong.
pub(super) fn error(text: &str) {
    drop(writeln!(io::stderr().lock(), "belfry: {text}"));
}

/// A line beside the output, such as progress.
pub(super) fn note(text: &str) {
    drop(writeln!(io::stderr().lock(), "{text}"));
}

/// A password: from `BELFRY_PASSWORD`, or the first line of what is typed or piped in. Never from the command line,
/// where other users of the machine could read it. What is typed is shown: hiding it is the terminal's business.
pub(super) fn password() -> anyhow::Result<Zeroizing<String>> {
    if let Some(given) = std::env::var_os("BELFRY_PASSWORD") {
        return Ok(Zeroizing::new(given.to_string_lossy().into_owned()));
    }
    if io::stdin().is_terminal() {
        note("Password (at least 10 characters; it is shown as you type):");
    }
    let mut typed = Zeroizing::new(String::new());
    io::stdin().lock().read_line(&mut typed).context("no password could be read")?;
    Ok(Zeroizing::new(typed.trim_end_matches(['\r', '\n']).to_owned()))
}
