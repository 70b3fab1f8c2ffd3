//! Message keys with typed arguments, and the catalogue.
