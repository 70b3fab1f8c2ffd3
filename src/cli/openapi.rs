//! `belfry openapi`: the document of the API, as the server gives it at `/api/v1/openapi.json`.

use std::process::ExitCode;

use anyhow::Context;

use super::say;
use crate::api;

/// Prints the document. Needs no server and no data folder.
pub(super) fn run() -> anyhow::Result<ExitCode> {
    let document = api::document("").to_pretty_json().context("this build of Belfry has no document of its API")?;
    say::line(&document);
    Ok(ExitCode::SUCCESS)
}
