//! What can be wrong with a picture, in words for the log and for people.

use std::{fmt, io};

use crate::words::Message;

/// Why a picture was not taken, or not made.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// More bytes than are allowed.
    #[error("the file is larger than {limit_bytes} bytes")]
    TooLarge {
        /// The cap.
        limit_bytes: u64,
    },
    /// No bytes at all.
    #[error("the file is empty")]
    Empty,
    /// The disk must keep room for the store.
    #[error("only {free_bytes} bytes are free on the disk")]
    DiskFull {
        /// What is free.
        free_bytes: u64,
    },
    /// A kind of file that is not taken.
    #[error("the file is of a kind that is not taken: {}", .0.name())]
    NotTaken(NotTaken),
    /// Too many pixels.
    #[error("{width_px} x {height_px} pixels are more than are taken")]
    TooManyPixels {
        /// Its width.
        width_px: u32,
        /// Its height.
        height_px: u32,
        /// The most that is taken, in millions.
        limit_megapixels: u64,
    },
    /// Decoding it would take more memory or time than one picture may.
    #[error("decoding it would take too much: {what}")]
    TooMuchWork {
        /// Of what, for the log.
        what: &'static str,
    },
    /// It ends early or its bytes are damaged.
    #[error("the picture is damaged: {detail}")]
    Damaged {
        /// What the decoder says, for the log.
        detail: String,
    },
    /// A network's limits leave no way to make it fit.
    #[error("no rendition fits: {0:?}")]
    CannotFit(CannotFit),
    /// The disk refused.
    #[error("the disk refused: {0}")]
    Disk(#[source] io::Error),
    /// Belfry itself failed.
    #[error("the {part} failed")]
    Broken {
        /// Which part.
        part: &'static str,
    },
}

/// What a file is that is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// A drawing in XML: it can hold programs.
    Svg,
    /// Apple's format for photos.
    Heic,
    /// AV1 pictures.
    Avif,
    /// A film.
    Video,
    /// A sound.
    Sound,
    /// A document.
    Pdf,
    /// A picture of another kind (TIFF, BMP, raw).
    OtherPicture,
    /// Whatever else.
    Unknown,
}

impl NotTaken {
    /// A name for the log.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Svg => "SVG",
            Self::Heic => "HEIC",
            Self::Avif => "AVIF",
            Self::Video => "video",
            Self::Sound => "sound",
            Self::Pdf => "PDF",
            Self::OtherPicture => "another kind of picture",
            Self::Unknown => "unknown",
        }
    }
}

/// Why no rendition fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CannotFit {
    /// It moves, and the network takes neither its kind nor its size.
    Animated,
    /// The network takes no kind that can be made here.
    Types,
    /// Even the smallest worth showing is too large.
    Bytes,
}

/// What the file area says travels inside [`io::Error`]; here it comes out again.
impl From<io::Error> for MediaError {
    fn from(error: io::Error) -> Self {
        match error.downcast::<Self>() {
            Ok(inner) => inner,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Self::damaged("it ends early"),
            Err(error) => Self::Disk(error),
        }
    }
}

impl MediaError {
    /// What happened, what was kept, what to do: for people.
    pub fn advice(&self) -> Message {
        match self {
            Self::TooLarge { limit_bytes } => {
                Message::new("media-error-too-large").with("megabytes", limit_bytes.div_ceil(1 << 20))
            }
            Self::Empty => Message::new("media-error-empty"),
            Self::DiskFull { free_bytes } => Message::new("media-error-disk-full").with("megabytes", *free_bytes >> 20),
            Self::NotTaken(kind) => Message::new(match kind {
                NotTaken::Svg => "media-error-svg",
                NotTaken::Heic => "media-error-heic",
                NotTaken::Avif => "media-error-avif",
                NotTaken::Video => "media-error-video",
                NotTaken::Sound => "media-error-sound",
                NotTaken::Pdf => "media-error-pdf",
                NotTaken::OtherPicture => "media-error-other-picture",
                NotTaken::Unknown => "media-error-unknown",
            }),
            Self::TooManyPixels { width_px, height_px, limit_megapixels } => {
                Message::new("media-error-too-many-pixels")
                    .with("width", *width_px)
                    .with("height", *height_px)
                    .with("limit", *limit_megapixels)
            }
            Self::TooMuchWork { .. } => Message::new("media-error-too-much-work"),
            Self::Damaged { .. } => Message::new("media-error-damaged"),
            Self::CannotFit(why) => Message::new(match why {
                CannotFit::Animated => "media-error-animated-does-not-fit",
                CannotFit::Types => "media-error-no-type-fits",
                CannotFit::Bytes => "media-error-too-small-a-limit",
            }),
            Self::Disk(_) => Message::new("media-error-disk"),
            Self::Broken { .. } => Message::new("media-error-broken"),
        }
    }

    /// Damage, as a decoder tells it.
    pub(super) fn damaged(detail: impl fmt::Display) -> Self {
        Self::Damaged { detail: detail.to_string() }
    }
}
