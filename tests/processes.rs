//! Belfry as processes of their own, for tests that run commands as a person does, or end a process without warning.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The program, with these arguments and nothing of the caller's settings.
pub(crate) fn belfry(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_belfry"));
    command.args(args).env_remove("BELFRY_DATA").stdin(Stdio::null());
    command
}

/// The practice network as a process of its own; it ends with the test.
pub(crate) struct Practising {
    process: Child,
    pub(crate) base: String,
}

impl Practising {
    pub(crate) fn start(file: &Path) -> Self {
        let file = file.display().to_string();
        let mut process =
            belfry(&["practice", "--listen", "127.0.0.1:0", "--file", &file]).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let base = line.trim().rsplit(' ').next().unwrap().to_owned();
        Self { process, base }
    }

    /// Ends it without warning.
    pub(crate) fn kill(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl Drop for Practising {
    fn drop(&mut self) {
        self.kill();
    }
}
