//! The API, driven over HTTP as a program would. Every answer is held against the document that the server gives.

mod document;
mod media;
mod posts;
mod program;
mod rest;
mod unfit;
