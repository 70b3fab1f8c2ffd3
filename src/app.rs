//! What every capability is handed.
