//! Workers: what happens by itself.
