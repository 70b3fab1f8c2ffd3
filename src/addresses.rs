//! The paths of pages.
