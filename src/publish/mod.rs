//! Publishing: never twice, never lost.
