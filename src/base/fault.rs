//! Named points on the way of a publication at which a crash test ends the process.
//!
//! In a release these are nothing. With the feature `faults`, `FAULT_AT=after-claim` ends the process without
//! warning the first time the point is reached, `after-claim:3` the third time.

/// A point at which the process may die.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// All is decided, nothing is written.
    BeforeClaim,
    /// The claim is durable, nothing has left.
    AfterClaim,
    /// The intent of a step is durable, nothing of it has left.
    BeforeStep,
    /// The answer of a step is in memory only.
    AfterStep,
    /// The outcome is durable.
    AfterOutcome,
    /// Settling was answered, nothing of it is written.
    AfterLook,
    /// A fresh secret is in memory only.
    AfterRefresh,
}

impl Point {
    /// All of them, for a test that goes through every one.
    pub const ALL: [Self; 7] = [
        Self::BeforeClaim,
        Self::AfterClaim,
        Self::BeforeStep,
        Self::AfterStep,
        Self::AfterOutcome,
        Self::AfterLook,
        Self::AfterRefresh,
    ];

    /// Its name in `FAULT_AT`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BeforeClaim => "before-claim",
            Self::AfterClaim => "after-claim",
            Self::BeforeStep => "before-step",
            Self::AfterStep => "after-step",
            Self::AfterOutcome => "after-outcome",
            Self::AfterLook => "after-look",
            Self::AfterRefresh => "after-refresh",
        }
    }
}

/// Passes a point; a crash test may end the process here.
#[cfg(not(feature = "faults"))]
pub const fn reach(_point: Point) {}

/// Passes a point; a crash test may end the process here.
#[cfg(feature = "faults")]
pub fn reach(point: Point) {
    use std::sync::atomic::{AtomicU32, Ordering};
    static SEEN: AtomicU32 = AtomicU32::new(0);
    let Ok(wanted) = std::env::var("FAULT_AT") else { return };
    let (name, times) = wanted.split_once(':').map_or((wanted.as_str(), 1), |(name, n)| (name, n.parse().unwrap_or(1)));
    if name == point.name() && SEEN.fetch_add(1, Ordering::SeqCst).saturating_add(1) == times {
        std::process::abort();
    }
}
