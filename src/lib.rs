//! Belfry: a self-hosted social media manager. One binary, one data folder, one process.
//!
//! # The map, in reading order
//!
//! Dependencies go down this list and never up; `tests/it/tidy.rs` reads the paths in the code and keeps it so.
//!
//! | room | what it knows |
//! |---|---|
//! | [`cli`], [`boot`] | the command line; the one place where everything is put together |
//! | [`work`] | timers: asks a capability what is due, waits, does it |
//! | [`pages`], [`api`], [`hooks`] | screens, the API for programs, webhooks in |
//! | [`http`], [`ui`] | server, sessions, headers, assets, errors as answers; components of pages |
//! | [`metrics`], [`inbox`], [`publish`], [`notify`], [`schedule`], [`posts`], [`media`], [`channels`], [`people`] | capabilities: the rules and their rows |
//! | [`app`] | what every capability is handed: store, clock, ids, networks, outgoing HTTP, config, events |
//! | [`networks`] | one file or folder per network: plain values in, plain values out |
//! | [`store`] | rows, indexes, the write-ahead log: the only code that knows sled |
//! | [`config`], [`words`], [`addresses`], [`base`] | settings; message keys and the catalogue; the paths of pages; small pure things |
//!
//! # What must never break
//!
//! - A commit that was answered is on disk: the write-ahead log is synced before the answer, and sled is only its index.
//! - Nothing leaves for a network before the claim that says so is durable; nothing is repeated while its outcome is unknown.
//! - Everything is looked up by workspace and id together; one permission table answers for pages and API alike.
//! - Every address that came from outside passes the guard; pages load nothing from another host.
//! - No truth lives only in the memory of the process.

pub mod addresses;
pub mod api;
pub mod app;
pub mod base;
pub mod boot;
pub mod channels;
pub mod cli;
pub mod config;
pub mod hooks;
pub mod http;
pub mod inbox;
pub mod media;
pub mod metrics;
pub mod networks;
pub mod notify;
pub mod pages;
pub mod people;
pub mod posts;
pub mod publish;
pub mod schedule;
pub mod store;
pub mod ui;
pub mod words;
pub mod work;
