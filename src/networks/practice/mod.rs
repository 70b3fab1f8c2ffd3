//! Practice: a network that is built in, for learning and for tests. It is a network like any other: an HTTP service
//! with accounts, posts and comments of its own, and a connector that knows nothing of it but its HTTP interface.
//!
//! The service can be told to have or lack every ability, to settle a lost answer in each of the four ways, and to fail
//! in all the ways networks fail; and it counts everything that arrived, so that a test can count what arrived twice.
//! A name is all it takes to open an account: nothing here is secret, and nothing here is seen by anyone outside.

mod connector;
mod reading;
pub mod service;
#[cfg(test)]
mod tests;
pub mod wire;

pub use connector::Practice;
