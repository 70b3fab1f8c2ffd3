//! The socket on which a running server takes orders from the command line: `control.sock` in the data folder, for its
//! owner alone. One JSON object a line, answered by one line.
//!
//! `send` asks the running server where there is one, and else opens the store and carries the order out itself. That
//! no server runs is decided by the store's own lock, not by the socket, which a crash leaves behind.

#[cfg(test)]
mod tests;

use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};

pub use super::order::{NewPost, Order, Report, obey};

use crate::app::{App, Files};
use crate::base::clock::Clock;
use crate::boot;
use crate::config::Config;

/// The longest order: the longest post fits, however its signs are written.
const LINE_BYTES: u64 = 2 * 1024 * 1024;
/// How long a command waits for the server's answer.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long one waits that copies the whole store: a slow card may take so long.
const LONG_PATIENCE: Duration = Duration::from_hours(2);

/// Takes the socket's place in the data folder.
pub fn listen(files: &Files) -> io::Result<UnixListener> {
    let path = files.control_socket();
    // The store's lock is held: a socket that lies here is left over from a crash.
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(&path)?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Takes orders until the app stops; those that only tests need when `for_tests`.
pub async fn run(app: Arc<App>, listener: UnixListener, for_tests: bool) {
    loop {
        let accepted = tokio::select! {
            () = app.stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _address)) => {
                let app = Arc::clone(&app);
                tokio::spawn(async move {
                    let stop = app.stop.clone();
                    tokio::select! {
                        () = stop.cancelled() => {}
                        talked = talk(&app, stream, for_tests) => if let Err(error) = talked {
                            tracing::debug!(%error, "an order broke off");
                        }
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "the control socket takes no orders for a moment");
                app.clock.until(app.clock.now().plus(Duration::from_secs(1))).await;
            }
        }
    }
    drop(std::fs::remove_file(app.files.control_socket()));
}

async fn talk(app: &App, stream: UnixStream, for_tests: bool) -> io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    loop {
        let mut line = String::new();
        if (&mut reader).take(LINE_BYTES).read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let report = match serde_json::from_str::<Order>(&line) {
            Ok(order) => answer(app, order, for_tests).await,
            Err(error) => Report::Refused(format!("This order cannot be read: {error}")),
        };
        let mut text = serde_json::to_string(&report)?;
        text.push('\n');
        writer.write_all(text.as_bytes()).await?;
    }
}

async fn answer(app: &App, order: Order, for_tests: bool) -> Report {
    match (order, for_tests) {
        (Order::Clock { offset_ms }, true) => {
            app.clock.set_offset_ms(offset_ms);
            Report::Done(json!({"now": app.clock.now().to_string()}))
        }
        (Order::Idle(_), true) => match boot::until_idle(app).await {
            Ok(()) => Report::Done(json!({})),
            Err(error) => Report::Refused(format!("{error:#}")),
        },
        (order, _) => obey(app, order).await,
    }
}

/// Has an order carried out, by the running server or here.
pub(super) async fn send(config: Config, order: Order) -> anyhow::Result<Value> {
    let files = Files::of(&config);
    let report = match ask(&files.control_socket(), &order).await? {
        Some(report) => report,
        None => here(config, order).await?,
    };
    match report {
        Report::Done(told) => Ok(told),
        Report::Refused(words) => Err(anyhow!(words)),
    }
}

/// Asks the running server; `None` when none runs.
pub async fn ask(socket: &Path, order: &Order) -> anyhow::Result<Option<Report>> {
    let mut stream = match UnixStream::connect(socket).await {
        Ok(stream) => stream,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => {
            return Ok(None);
        }
        Err(error) => {
            return Err(error).with_context(|| format!("the running server cannot be asked ({})", socket.display()));
        }
    };
    let mut line = serde_json::to_string(order)?;
    line.push('\n');
    let exchange = async {
        stream.write_all(line.as_bytes()).await?;
        let mut answer = String::new();
        BufReader::new(&mut stream).read_line(&mut answer).await?;
        io::Result::Ok(answer)
    };
    let patience = if matches!(order, Order::Backup { .. }) { LONG_PATIENCE } else { PATIENCE };
    let answer = tokio::time::timeout(patience, exchange).await.context("the running server does not answer")??;
    if answer.is_empty() {
        bail!("the running server stopped before it answered; whether this was done shows when it runs again");
    }
    Ok(Some(serde_json::from_str(&answer).context("the running server answers in a way this version does not know")?))
}

async fn here(config: Config, order: Order) -> anyhow::Result<Report> {
    let app = tokio::task::spawn_blocking(move || boot::open(config, Clock::default(), &mut |_progress| {})).await??;
    let report = obey(&app, order).await;
    app.store.clone().close().await?;
    Ok(report)
}
