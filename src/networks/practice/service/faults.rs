//! The ways in which the Practice service can be told to fail.

use serde::{Deserialize, Serialize};

/// The steps that can fail, as faults name them; `any` is each of them.
pub(super) const STEPS: [&str; 13] = [
    "any",
    "me",
    "upload",
    "look",
    "create",
    "container",
    "look_container",
    "publish",
    "edit",
    "delete",
    "read",
    "list",
    "inbox",
];

/// One fault: the next `count` requests for `step` go wrong in this way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Which requests: `any`, `me`, `upload`, `look`, `create`, `container`, `look_container`, `publish`, `edit`,
    /// `delete`, `read` (a post, its answers, counts), `list`, `inbox`.
    pub step: String,
    /// How.
    pub kind: FaultKind,
    /// How often.
    #[serde(default = "once")]
    pub count: u32,
    /// For `rate_limit`: what `Retry-After` says; null: nothing.
    #[serde(default)]
    pub retry_after_s: Option<u32>,
    /// For `stall` and `slow_media`: how long; null: until `POST /api/release`, or an hour.
    #[serde(default)]
    pub ms: Option<u64>,
}

fn once() -> u32 {
    1
}

/// The ways to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// 422, and nothing is done.
    Refuse,
    /// 429, and nothing is done.
    RateLimit,
    /// 401, and nothing is done.
    ExpiredToken,
    /// 500, and nothing is done.
    FailBefore,
    /// 500, and all is done.
    FailAfter,
    /// All is done; the answer comes late.
    Stall,
    /// All is done; the connection closes without an answer.
    LoseAnswer,
    /// All is done; half of the answer comes.
    HalfAnswer,
    /// All is done; the answer is a web page.
    WrongType,
    /// An upload is taken, and is busy for a while.
    SlowMedia,
}

impl FaultKind {
    /// Whether the request is not even looked at.
    pub(super) fn does_nothing(self) -> bool {
        matches!(self, Self::Refuse | Self::RateLimit | Self::ExpiredToken | Self::FailBefore)
    }
}

/// Takes the first fault that fits `step` out of the list; the list that is left.
pub(super) fn take(faults: &[Fault], step: &str) -> Option<(Fault, Vec<Fault>)> {
    let fits = |fault: &Fault| {
        let upload_only = fault.kind == FaultKind::SlowMedia && step != "upload";
        0 < fault.count && (fault.step == step || fault.step == "any") && !upload_only
    };
    let at = faults.iter().position(fits)?;
    let taken = faults.get(at)?.clone();
    let left = faults.iter().enumerate().filter_map(|(index, fault)| {
        let count = if index == at { fault.count.saturating_sub(1) } else { fault.count };
        (0 < count).then(|| Fault { count, ..fault.clone() })
    });
    Some((taken, left.collect()))
}
