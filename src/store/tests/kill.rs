//! A process that writes is killed again and again: what it acknowledged is there, and nothing is half there.

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use super::*;

const FOLDER: &str = "BELFRY_STORE_KILL_FOLDER";
const CLIENTS: u64 = 8;
const ROUNDS: u64 = 32;

fn small() -> Settings {
    Settings { checkpoint_after_bytes: 150_000, segment_bytes: 30_000, ..settings() }
}

/// Where a client is.
fn place(client: u64) -> String {
    format!("client {client}")
}

/// What a client writes in its n-th commit, besides its place: rows with entries, now and then long ones.
fn written(client: u64, number: u64) -> Vec<Note> {
    let length = if number.is_multiple_of(9) { 9_000 } else { 60 };
    let id = |part: u64| client * 1_000_000_000 + number * 10 + part;
    (0..4).map(|part| note(id(part), &[&format!("tag {}", number % 5)], &"z".repeat(length))).collect()
}

/// The process that is killed. Does nothing unless it was started by the test below.
#[test]
fn the_process_that_writes_until_it_is_killed() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(Path::new(&folder), small(), &mut |_step| {}).unwrap();
        let clients: Vec<_> = (0..CLIENTS).map(|client| tokio::spawn(write_forever(store.clone(), client))).collect();
        for client in clients {
            client.await.unwrap();
        }
    });
}

async fn write_forever(store: Store, client: u64) {
    if store.find::<Count>(&(place(client),)).await.unwrap().is_none() {
        insert(&store, &count(&place(client), 0)).await.unwrap();
    }
    loop {
        let seen = get::<Count>(&store, (place(client),)).await;
        let number = seen.value + 1;
        let mut change = Change::new();
        change.update(&seen, &count(&place(client), number));
        for row in written(client, number) {
            change.insert(&row);
        }
        // What was written long ago goes again, so that the store stays small.
        if 20 < number {
            for row in written(client, number - 20) {
                change.remove(&get::<Note>(&store, row.key()).await);
            }
        }
        store.commit(change).await.unwrap();
        // One write, so that a line is told whole; the test reads it as the acknowledgement.
        std::io::stdout().write_all(format!("ack {client} {number}\n").as_bytes()).unwrap();
    }
}

/// Starts the process, kills it after so many acknowledgements, and gives the last of each client.
fn killed_after(folder: &Path, acknowledgements: u64, spins: u64) -> HashMap<u64, u64> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "store::tests::kill::the_process_that_writes_until_it_is_killed", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut last = HashMap::new();
    let mut seen = 0;
    let mut killed = false;
    // The pipe is read to its end, so that acknowledgements told just before the kill count too.
    while let Some(Ok(line)) = lines.next() {
        let Some((_before, told)) = line.split_once("ack ") else { continue };
        let Some((client, number)) = told.split_once(' ') else { continue };
        last.insert(client.parse().unwrap(), number.parse().unwrap());
        seen += 1;
        if acknowledgements <= seen && !killed {
            (0..spins).for_each(|_spin| std::hint::spin_loop());
            child.kill().unwrap();
            killed = true;
        }
    }
    child.wait().unwrap();
    assert!(killed, "the process ended by itself");
    last
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_any_kill_and_nothing_is_half_there() {
    let mut dice = Dice::roll("kill test of the store");
    let folder = tempfile::tempdir().unwrap();
    for round in 0..ROUNDS {
        let acknowledged = killed_after(folder.path(), 1 + dice.below(400), dice.below(200_000));
        if dice.below(4) == 0 {
            fs::remove_dir_all(folder.path().join("index")).unwrap();
        }
        let store = Store::open(folder.path(), small(), &mut |_step| {}).unwrap();
        for client in 0..CLIENTS {
            let place = store.find::<Count>(&(place(client),)).await.unwrap().map_or(0, |place| place.row.value);
            let told = acknowledged.get(&client).copied().unwrap_or_default();
            assert!(told <= place, "round {round}: {told} was acknowledged, {place} is there");
            for number in place.saturating_sub(25)..place + 3 {
                let expected = 0 < number && place < number + 20 && number <= place;
                for row in written(client, number) {
                    let found = store.find::<Note>(&row.key()).await.unwrap();
                    assert_eq!(found.map(|found| found.row), expected.then_some(row), "round {round}, {number}");
                }
            }
        }
        let report = store.verify(kinds()).await.unwrap();
        assert!(report.is_whole() && report.compared_with_log, "round {round}: {report:?}");
        // Now and then the next process finds a clean stop.
        if dice.below(3) == 0 {
            store.close().await.unwrap();
        } else {
            store.abandon().await;
        }
    }
}
