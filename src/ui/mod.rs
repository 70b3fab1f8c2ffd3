//! Components of pages.
