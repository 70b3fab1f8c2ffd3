//! The guard for addresses that came from outside.
