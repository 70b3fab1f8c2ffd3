//! What goes over the wire: the shapes of the API, apart from the rows behind them, so that either can change alone.
//! Names of states are those of the rows; they are as stable.

mod channel;
mod inbox;
mod media;
mod metrics;
mod post;
mod publication;

use serde::{Serialize, Serializer};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

pub(crate) use channel::{Channel, Connect};
pub(crate) use inbox::{Assignee, Conversation, Message, NewAnswer, State};
pub(crate) use media::{Asset, Description, Upload};
pub(crate) use metrics::{ChannelDay, Overview, PostFigures, Series};
pub(crate) use post::{ChannelChecks, Checks, Content, NewPost, Planning, Post, PostChange};
pub(crate) use publication::{Done, Edit, Outcome, Publication};

use crate::base::clock::At;

/// What went wrong (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// Stable: `urn:belfry:changed-meanwhile`.
    r#type: String,
    /// The same words for the same type.
    title: String,
    /// The status of the answer.
    status: u16,
    /// What is wrong this time, and what to do.
    detail: String,
    /// What is wrong with single fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<Vec<FieldProblem>>,
}

/// What is wrong with a field.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldProblem {
    /// Where: `content.media.0.asset`, `limit`. What a network would refuse begins with the channel's id.
    path: String,
    /// What is wrong with it.
    detail: String,
}

/// An instant: RFC 3339, UTC.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Time(At);

impl From<At> for Time {
    fn from(at: At) -> Self {
        Self(at)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl PartialSchema for Time {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String);
        let text = text.format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)));
        text.description(Some("An instant: RFC 3339, UTC.")).into()
    }
}

impl ToSchema for Time {}

/// Stands for every id in the document: 26 letters and digits (ULID).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Id;

impl PartialSchema for Id {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[0-7][0-9A-HJKMNP-TV-Z]{25}$"));
        text.description(Some("An id: 26 letters and digits.")).into()
    }
}

impl ToSchema for Id {}
