//! The promise under fire: the real program is ended without warning at each named point on the way of a publication,
//! each time it comes there, and started again; then the practice network, a process of its own that nothing ended, is
//! asked what arrived.
//!
//! Allowed: once. Where the network gives no way to know, also "unsure", with a person asked, and at most once. Never
//! twice, never silently lost.

#[cfg(test)]
mod ending;
#[cfg(test)]
#[path = "../processes.rs"]
mod processes;
#[cfg(test)]
mod tower;
