//! Media: what people upload, proved, cleaned, and made to fit each network.
//!
//! An upload goes through one door ([`intake`]): its kind is read from its bytes, everything that is not picture is taken
//! out of it without touching a pixel ([`strip`]), and it is decoded once, whole, to prove it ([`probe`]). What is kept is
//! named by its digest ([`files`]). Networks and pages get renditions ([`rendition`]), made once each. Addresses of
//! pictures are signed ([`signed`]). The library of a workspace is in [`asset`]; pictures of people elsewhere are in
//! [`avatar`]. Which post uses a picture is not known here.

pub mod asset;
pub mod avatar;
pub mod colour;
pub mod copy;
pub mod decode;
pub mod error;
pub mod files;
pub mod gate;
pub mod intake;
pub mod probe;
pub mod ready;
pub mod rendition;
pub mod signed;
pub mod strip;
pub mod sweep;

#[cfg(test)]
mod samples;

pub use asset::Asset;
pub use error::MediaError;
pub use files::{FileId, MediaFiles};
pub use probe::Kind;
pub use ready::{Rendered, rendition_for, rendition_name};

crate::ids! {
    /// A picture in a workspace's library, with its alt text and its renditions.
    AssetId,
    /// A picture of a person or channel elsewhere: follows from its address.
    AvatarId,
}
