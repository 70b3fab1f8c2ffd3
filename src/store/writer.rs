//! The one writer: takes waiting commits in groups, decides each against the index and what the group has put already,
//! writes the group to the log with one sync, applies it to the index, then answers. So readers see durable rows only,
//! and of two commits with the same check exactly one wins.
//!
//! A group is at most 64 commits and 500 operations: more gains nothing, and sled makes readers wait while it applies.
//! When the log cannot be written, the group fails and nothing is taken any more: what is on disk shows at the next open.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;

use tokio::sync::{mpsc, oneshot};

use super::codec::{self, BODY_CAP, Shape, Sum};
use super::error::StoreError;
use super::fault::Point;
use super::kv::{Commit, Op};
use super::log::frame::{Frame, LogOp};
use super::log::{Log, Mark};
use super::meta;
use super::shared::Shared;
use super::sled::Batch;
use super::stats::Stopwatch;
use super::upkeep;
use crate::base::clock::At;

/// The most operations one commit takes, counting the parts of long rows.
pub const MAX_OPS: usize = 500;
/// The most commits one sync carries.
const GROUP: usize = 64;

/// Where an answer goes.
pub(super) type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

/// What the writer is asked.
#[derive(Debug)]
pub(super) enum Command {
    Commit(Commit, Reply<u64>),
    Checkpoint(Reply<()>),
    Close,
}

/// The writer's own things. It lives on its own thread and ends when it is told to, or when nobody can tell it any more.
#[derive(Debug)]
pub(super) struct Writer {
    pub(super) log: Log,
    pub(super) shared: Arc<Shared>,
    pub(super) commands: mpsc::Receiver<Command>,
    pub(super) stopped: Option<StoreError>,
    pub(super) checkpoint: Option<JoinHandle<()>>,
}

/// How a commit weighs against [`MAX_OPS`].
pub(super) fn cost(commit: &Commit) -> usize {
    commit.ops.iter().map(op_cost).fold(0, usize::saturating_add)
}

fn op_cost(op: &Op) -> usize {
    match op {
        Op::Put { body, .. } if BODY_CAP < body.len() => body.len().div_ceil(BODY_CAP).saturating_add(1),
        Op::Put { .. } | Op::Delete { .. } => 1,
    }
}

impl Writer {
    /// Works until told to close. The answer says whether everything that was answered is in the index too.
    pub(super) fn run(mut self) -> bool {
        let mut next = None;
        while let Some(command) = next.take().or_else(|| self.commands.blocking_recv()) {
            match command {
                Command::Commit(commit, reply) => next = self.gather(commit, reply),
                Command::Checkpoint(reply) => self.start_checkpoint(Some(reply)),
                Command::Close => break,
            }
        }
        self.commands.close();
        self.shared.stopping.store(true, Ordering::SeqCst);
        if let Some(checkpoint) = self.checkpoint.take()
            && checkpoint.join().is_err()
        {
            tracing::error!("the checkpoint ended in a panic");
        }
        self.stopped.is_none()
    }

    /// Collects what waits, up to a group, and writes it. Gives back the command that did not fit.
    fn gather(&mut self, commit: Commit, reply: Reply<u64>) -> Option<Command> {
        let mut cost_so_far = cost(&commit);
        let mut group = vec![(commit, reply)];
        let mut left_over = None;
        while group.len() < GROUP && cost_so_far < MAX_OPS {
            match self.commands.try_recv() {
                Ok(Command::Commit(commit, reply)) => {
                    let more = cost(&commit);
                    if MAX_OPS < cost_so_far.saturating_add(more) {
                        left_over = Some(Command::Commit(commit, reply));
                        break;
                    }
                    cost_so_far = cost_so_far.saturating_add(more);
                    group.push((commit, reply));
                }
                Ok(other) => {
                    left_over = Some(other);
                    break;
                }
                Err(_nothing_waits) => break,
            }
        }
        self.write(group);
        left_over
    }

    fn write(&mut self, group: Vec<(Commit, Reply<u64>)>) {
        if let Some(refusal) = self.refusal() {
            for (_commit, reply) in group {
                answer(reply, Err(refusal.clone()));
            }
            return;
        }
        let (commits, replies): (Vec<Commit>, Vec<Reply<u64>>) = group.into_iter().unzip();
        let outcomes = self.decide_and_write(&commits);
        match outcomes {
            Ok(outcomes) => {
                for (reply, outcome) in replies.into_iter().zip(outcomes) {
                    answer(reply, outcome);
                }
            }
            Err(error) => {
                let stopped = self.stop(&error);
                for reply in replies {
                    answer(reply, Err(stopped.clone()));
                }
            }
        }
        if self.shared.checkpoint_is_due_by_size() {
            self.start_checkpoint(None);
        }
    }

    fn decide_and_write(&mut self, commits: &[Commit]) -> Result<Vec<Result<u64, StoreError>>, StoreError> {
        let mark = self.log.mark();
        let mut group = Group::new(&self.shared, mark);
        let mut outcomes = Vec::with_capacity(commits.len());
        for commit in commits {
            outcomes.push(group.take(commit)?);
        }
        let at = self.shared.settings.clock.now();
        let Some((frame, overlay)) = group.finish(at) else { return Ok(outcomes) };
        let before = self.log.segment().length;
        let watch = Stopwatch::start();
        self.shared.settings.faults.pass(Point::BeforeLog)?;
        self.log.append(&frame)?;
        self.shared.synced(watch.elapsed());
        self.shared.settings.faults.pass(Point::BeforeIndex)?;
        let after = frame.mark();
        let mut batch = Batch::default();
        for (key, sealed) in overlay {
            match sealed {
                Some(sealed) => batch.put(&key, sealed),
                None => batch.delete(&key),
            }
        }
        batch.put(meta::KEY, meta::encode(self.shared.store, after));
        self.shared.tree.apply(batch)?;
        self.shared.applied(after, self.log.segment(), before);
        Ok(outcomes)
    }

    /// Writes one commit at once, before the thread runs.
    pub(super) fn write_now(&mut self, commit: Commit) -> Result<(), StoreError> {
        if let Some(refusal) = self.refusal() {
            return Err(refusal);
        }
        for outcome in self.decide_and_write(&[commit])? {
            outcome?;
        }
        Ok(())
    }

    /// Why nothing can be written just now.
    fn refusal(&mut self) -> Option<StoreError> {
        if let Some(stopped) = &self.stopped {
            return Some(stopped.clone());
        }
        if self.shared.tree.is_distrusted() {
            let error = StoreError::index_damaged("The index gave back something that was not written");
            return Some(self.stop(&error));
        }
        let free_bytes = fs4::available_space(&self.shared.paths.folder).unwrap_or(u64::MAX);
        (free_bytes < self.shared.settings.free_space_floor_bytes).then_some(StoreError::Full { free_bytes })
    }

    fn stop(&mut self, error: &StoreError) -> StoreError {
        tracing::error!(%error, "the store takes no more changes until it is opened again");
        let stopped = StoreError::stopped(error.to_string());
        self.stopped = Some(stopped.clone());
        self.shared.stopped.send_replace(true);
        stopped
    }

    pub(super) fn rotate(&mut self, schema: u32) -> Result<(), StoreError> {
        if let Some(stopped) = &self.stopped {
            return Err(stopped.clone());
        }
        let rotated = self.log.rotate(schema);
        self.shared.set_tail(self.log.segment());
        if let Err(error) = &rotated {
            self.stop(error);
        }
        rotated
    }

    fn start_checkpoint(&mut self, reply: Option<Reply<()>>) {
        let reply_with = |outcome| {
            if let Some(reply) = reply {
                answer(reply, outcome);
            }
        };
        if self.shared.checkpointing.swap(true, Ordering::SeqCst) {
            return reply_with(Err(StoreError::Busy));
        }
        let schema = self.log.segment().header.schema;
        if let Err(error) = self.rotate(schema) {
            self.shared.checkpointing.store(false, Ordering::SeqCst);
            return reply_with(Err(error));
        }
        self.shared.checkpoint_begins();
        if self.shared.damaged_files.load(Ordering::SeqCst) {
            let outcome = upkeep::checkpoint_of_index(&self.shared, schema, self.log.mark());
            self.shared.checkpointing.store(false, Ordering::SeqCst);
            return reply_with(outcome);
        }
        let (shared, from) = (Arc::clone(&self.shared), self.log.mark());
        let thread = std::thread::Builder::new().name("store-checkpoint".to_owned());
        let spawned = thread.spawn(move || {
            let outcome = upkeep::checkpoint(&shared, schema, from);
            if let Err(error) = &outcome {
                tracing::error!(%error, "no checkpoint was made; the log keeps growing until one is");
            }
            shared.checkpointing.store(false, Ordering::SeqCst);
            reply_with(outcome);
        });
        match spawned {
            Ok(thread) => self.checkpoint = Some(thread),
            Err(error) => {
                self.shared.checkpointing.store(false, Ordering::SeqCst);
                tracing::error!(%error, "no checkpoint could be begun");
            }
        }
    }
}

/// Answers; a caller that went away is no fault.
fn answer<T>(reply: Reply<T>, outcome: Result<T, StoreError>) {
    if reply.send(outcome).is_err() {
        tracing::debug!("nobody waits for this commit any more");
    }
}

/// The rows a group changes, by key: their bytes, or gone.
type Overlay = HashMap<Vec<u8>, Option<Vec<u8>>>;

/// A group being decided.
struct Group<'a> {
    shared: &'a Shared,
    before: Mark,
    sum: Sum,
    overlay: Overlay,
    commits: Vec<Vec<LogOp>>,
}

impl<'a> Group<'a> {
    fn new(shared: &'a Shared, before: Mark) -> Self {
        Self { shared, before, sum: before.sum, overlay: HashMap::new(), commits: Vec::new() }
    }

    /// Takes a commit into the group and gives its sequence number, or says why it does not count. An error of the
    /// index ends the whole group.
    fn take(&mut self, commit: &Commit) -> Result<Result<u64, StoreError>, StoreError> {
        for check in &commit.checks {
            let sealed = self.current(&check.key)?;
            let version = match &sealed {
                Some(sealed) => Some(codec::unseal(&check.key, sealed)?.version),
                None => None,
            };
            if version != check.expected {
                return Ok(Err(StoreError::Conflict));
            }
        }
        if commit.ops.is_empty() {
            // Nothing to write: it holds as of the last commit.
            return Ok(Ok(self.sequence()));
        }
        let version = self.sequence().saturating_add(1);
        let mut ops = Vec::with_capacity(commit.ops.len());
        for op in &commit.ops {
            match op {
                Op::Put { key, body } => {
                    self.clear(key, &mut ops, false)?;
                    // Lengths were looked at before the commit was sent here.
                    for (key, shaped) in codec::split(key, version, body)? {
                        self.set(&key, codec::seal(&key, version, &shaped));
                        ops.push(LogOp::Put { key, shaped });
                    }
                }
                Op::Delete { key } => self.clear(key, &mut ops, true)?,
            }
        }
        self.commits.push(ops);
        Ok(Ok(version))
    }

    /// The last sequence number given so far.
    fn sequence(&self) -> u64 {
        self.before.sequence.saturating_add(u64::try_from(self.commits.len()).unwrap_or(u64::MAX))
    }

    fn current(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        match self.overlay.get(key) {
            Some(sealed) => Ok(sealed.clone()),
            None => Ok(self.shared.tree.get(key)?.map(|slice| slice.to_vec())),
        }
    }

    /// Takes the old value off the sum, removes its parts, and with `row` the row itself.
    fn clear(&mut self, key: &[u8], ops: &mut Vec<LogOp>, row: bool) -> Result<(), StoreError> {
        let Some(sealed) = self.current(key)? else { return Ok(()) };
        let physical = codec::unseal(key, &sealed)?;
        if let Shape::Head { parts, .. } = physical.shape {
            for number in 0..parts {
                let part_key = codec::part_key(key, physical.version, number);
                if let Some(part) = self.current(&part_key)? {
                    self.sum.remove(&part_key, &part);
                    self.overlay.insert(part_key.clone(), None);
                    ops.push(LogOp::Delete { key: part_key });
                }
            }
        }
        self.sum.remove(key, &sealed);
        self.overlay.insert(key.to_vec(), None);
        if row {
            ops.push(LogOp::Delete { key: key.to_vec() });
        }
        Ok(())
    }

    fn set(&mut self, key: &[u8], sealed: Vec<u8>) {
        self.sum.add(key, &sealed);
        self.overlay.insert(key.to_vec(), Some(sealed));
    }

    /// The frame to log and the rows to apply; `None` when no commit of the group wrote anything.
    fn finish(self, at: At) -> Option<(Frame, Overlay)> {
        let first = self.before.sequence.saturating_add(1);
        (!self.commits.is_empty()).then_some((Frame { first, at, sum: self.sum, commits: self.commits }, self.overlay))
    }
}
