//! The calendar: what is planned or out, when, as one row per post that a list shows without reading the post.

pub mod calendar;
