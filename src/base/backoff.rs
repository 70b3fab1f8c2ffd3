//! How long to wait before trying again: growing, with jitter, bounded.
