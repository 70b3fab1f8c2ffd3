//! Media: files, their proof, their renditions.
