//! The configuration: file, environment, command line.
