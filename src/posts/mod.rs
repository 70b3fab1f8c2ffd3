//! Posts: what a person writes, per channel where it differs.
