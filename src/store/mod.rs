//! The store: an ordered key space, durable when it answers.
