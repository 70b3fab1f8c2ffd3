//! Channels: connected accounts and their credentials.
