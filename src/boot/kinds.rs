//! Every kind of row, for those who look through a whole store: the store itself knows bytes alone.

use crate::store::RecordKind;
use crate::{channels, http, inbox, media, metrics, notify, people, posts, publish, schedule};

/// One for each type that is kept as a row; a test counts them.
pub fn record_kinds() -> Vec<RecordKind> {
    vec![
        RecordKind::of::<people::activity::Activity>(),
        RecordKind::of::<people::attempts::Attempts>(),
        RecordKind::of::<people::invitation::Invitation>(),
        RecordKind::of::<people::member::Member>(),
        RecordKind::of::<people::member::Owners>(),
        RecordKind::of::<people::person::Person>(),
        RecordKind::of::<people::person::SignInName>(),
        RecordKind::of::<people::session::Session>(),
        RecordKind::of::<people::set_up::SetUp>(),
        RecordKind::of::<people::token::ApiToken>(),
        RecordKind::of::<people::workspace::Slug>(),
        RecordKind::of::<people::workspace::Workspace>(),
        RecordKind::of::<http::request_key::UsedKey>(),
        RecordKind::of::<channels::Channel>(),
        RecordKind::of::<channels::ChannelAccount>(),
        RecordKind::of::<channels::connect::Visit>(),
        RecordKind::of::<channels::credentials::ChannelSecret>(),
        RecordKind::of::<channels::health::Health>(),
        RecordKind::of::<media::asset::Asset>(),
        RecordKind::of::<media::asset::AssetFile>(),
        RecordKind::of::<media::ready::Ready>(),
        RecordKind::of::<media::avatar::Avatar>(),
        RecordKind::of::<posts::Post>(),
        RecordKind::of::<posts::history::History>(),
        RecordKind::of::<schedule::calendar::CalendarEntry>(),
        RecordKind::of::<publish::Publication>(),
        RecordKind::of::<publish::publication::Lane>(),
        RecordKind::of::<publish::publication::WentOut>(),
        RecordKind::of::<publish::clock_guard::ClockMark>(),
        RecordKind::of::<inbox::Conversation>(),
        RecordKind::of::<inbox::Known>(),
        RecordKind::of::<inbox::Message>(),
        RecordKind::of::<inbox::delivery::Came>(),
        RecordKind::of::<inbox::delivery::Delivery>(),
        RecordKind::of::<metrics::ChannelMonth>(),
        RecordKind::of::<metrics::Series>(),
        RecordKind::of::<notify::Notice>(),
        RecordKind::of::<notify::target::Target>(),
    ]
}
