//! The calendar: what is planned when.
