//! Posts: what a person writes, per channel where it differs.

pub mod checks;
