//! Figures: snapshots and what they say.
