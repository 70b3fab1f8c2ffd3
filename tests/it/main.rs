//! Everything that is tested from outside, in one binary: the rules of the house, and Belfry driven as a whole.
//!
//! Each module is marked `cfg(test)`, so that the lints see test code in all of it, helpers included.

#[cfg(test)]
mod api;
#[cfg(test)]
mod app;
#[cfg(test)]
mod avatars;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod by_hand;
#[cfg(test)]
mod calendar;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod composing;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod counterparts;
#[cfg(test)]
mod elsewhere;
#[cfg(test)]
mod inbox;
#[cfg(test)]
mod notices;
#[cfg(test)]
mod people;
#[cfg(test)]
mod practising;
#[cfg(test)]
#[path = "../processes.rs"]
mod processes;
#[cfg(test)]
mod publish;
#[cfg(test)]
#[path = "../../src/networks/receiver.rs"]
mod receiver;
#[cfg(test)]
mod tidy;
#[cfg(test)]
mod web;
