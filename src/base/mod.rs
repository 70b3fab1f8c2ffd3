//! Small and pure things that know nothing of Belfry: time, ids, sealing, text, zones, back-off, the guard for addresses.

pub mod backoff;
pub mod clock;
pub mod fault;
pub mod id;
pub mod seal;
pub mod text;
pub mod url_guard;
pub mod zone;
