//! The bench: how fast and how small Belfry is, measured on the release binary as people run it.
//!
//! One JSON object a line on stdout, one line per figure; everything else goes to stderr. Each line carries what this
//! machine's disk and a bare actix server did in the same run, so that figures of different machines and days can be
//! read side by side, and the aim with whether it was reached, where there is one. Nothing here asserts a time.
//!
//! `cargo bench` takes all figures, `cargo bench -- calendar` those whose name contains the word. Stores with posts are
//! filled once through the library and kept in the target folder; what is measured runs on a copy. Everything is on
//! loopback, has an end, and ends what it starts.
//!
//! Where figures must be taken with a grain of salt:
//! - The pictures of the filled stores are rows without files: nothing measured here opens them.
//! - Load comes from this very process, on the same processors: `requests_per_s` is what is left beside it, while CPU
//!   per request counts the server's process alone, in ticks of 10 ms over thousands of requests.

mod bare;
mod browse;
mod create;
mod due;
mod fill;
mod machine;
mod memory;
mod pages;
mod report;
mod rows;
mod server;
mod upload;

use std::process::ExitCode;

use report::Bench;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let done = match (runtime, args.first().map(String::as_str)) {
        (Err(error), _) => Err(error.into()),
        // The bare server is this program too, in a process of its own.
        (Ok(_runtime), Some(bare::ARGUMENT)) => bare::serve(),
        (Ok(runtime), only) => runtime.block_on(run(only.unwrap_or_default().to_owned())),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report::note(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// Takes the figures whose name contains `only`.
async fn run(only: String) -> anyhow::Result<()> {
    let bench = Bench::begin(only).await?;
    memory::size(&bench)?;
    memory::empty(&bench).await?;
    memory::filled(&bench, 10_000).await?;
    memory::filled(&bench, 100_000).await?;
    pages::weights(&bench).await?;
    pages::loads(&bench).await?;
    create::take(&bench).await?;
    due::take(&bench).await?;
    upload::take(&bench).await?;
    Ok(())
}
