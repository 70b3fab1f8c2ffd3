//! The one list of collections: which two bytes begin the keys of which rows. To add one, write a line in the section of
//! its capability, with the next free number of that section. A number that was ever released is never used again.
//!
//! The version counts changes that old rows or keys do not survive by themselves; each has a step in `migrate`.
//! A new collection or a new field with a default needs none.

/// Names a collection: a number that begins its keys, and a name for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CollectionId {
    number: u16,
    name: &'static str,
}

impl CollectionId {
    /// A collection of this number. Outside tests, only the list below makes one.
    pub const fn new(number: u16, name: &'static str) -> Self {
        Self { number, name }
    }

    /// The name, for reports: `posts`, `posts by day`.
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// The bytes that begin its keys.
    pub(crate) const fn prefix(self) -> [u8; 2] {
        self.number.to_be_bytes()
    }
}

macro_rules! collections {
    ($($(#[$doc:meta])* $constant:ident = $number:literal, $name:literal;)*) => {
        $($(#[$doc])* pub const $constant: CollectionId = CollectionId::new($number, $name);)*

        /// Every collection, in the order of the list.
        pub const ALL: &[CollectionId] = &[$($constant),*];
    };
}

/// The schema version this Belfry writes.
pub const VERSION: u32 = 1;

collections! {
    // 0x00.. the store itself
    /// What the index knows of the log: one row.
    STORE = 0x0001, "store";
    /// Pieces of values that are longer than one may be.
    STORE_PARTS = 0x0002, "parts";

    // 0x10.. people
    /// Who can sign in.
    PERSONS = 0x1000, "persons";
    /// Sign-in names, each given once.
    SIGN_IN_NAMES = 0x1001, "sign-in names";
    /// Brands and organisations.
    WORKSPACES = 0x1002, "workspaces";
    /// Slugs of workspaces, each given once.
    SLUGS = 0x1003, "slugs";
    /// Who belongs where, as what.
    MEMBERS = 0x1004, "members";
    /// The workspaces of a person.
    MEMBERS_BY_PERSON = 0x1005, "members by person";
    /// How many owners a workspace has.
    OWNERS = 0x1006, "owners";
    /// Sign-ins on browsers.
    SESSIONS = 0x1007, "sessions";
    /// The sessions of a person.
    SESSIONS_BY_PERSON = 0x1008, "sessions by person";
    /// Links that make members.
    INVITATIONS = 0x1009, "invitations";
    /// The invitations of a workspace.
    INVITATIONS_BY_WORKSPACE = 0x100A, "invitations by workspace";
    /// Tokens of programs.
    TOKENS = 0x100B, "tokens";
    /// The tokens of a workspace.
    TOKENS_BY_WORKSPACE = 0x100C, "tokens by workspace";
    /// Who did what, when.
    ACTIVITY = 0x100D, "activity";
    /// How often something was tried without success.
    ATTEMPTS = 0x100E, "attempts";
    /// That the server has been set up.
    SET_UP = 0x100F, "set-up";

    // 0x18.. the web server: idempotency keys, rate limits that must last
    /// Keys under which programs asked for something.
    USED_KEYS = 0x1801, "used keys";

    // 0x20.. channels
    /// Channels.
    CHANNELS = 0x2001, "channels";
    /// Which accounts are connected: one channel each.
    CHANNEL_ACCOUNTS = 0x2002, "channel accounts";
    /// Sealed credentials.
    CHANNEL_SECRETS = 0x2003, "channel secrets";
    /// Credentials that end, by when.
    SECRETS_BY_END = 0x2004, "channel secrets by end";
    /// How channels are.
    CHANNEL_HEALTH = 0x2005, "channel health";
    /// Visits to a network's own page that are under way.
    CONNECT_VISITS = 0x2006, "connect visits";

    // 0x30.. media
    /// Pictures in libraries.
    ASSETS = 0x3001, "assets";
    /// Which files a workspace has: one asset each.
    ASSET_FILES = 0x3002, "asset files";
    /// What each file is good for.
    FILES_USED = 0x3003, "files used";
    /// What was made of originals.
    RENDITIONS = 0x3004, "renditions";
    /// Pictures of people and channels elsewhere.
    AVATARS = 0x3005, "avatars";
    /// The same by when they were last wanted.
    AVATARS_BY_WANTED = 0x3006, "avatars by wanted";

    // 0x40.. posts
    /// Posts.
    POSTS = 0x4001, "posts";
    /// Drafts, by when they were last saved.
    DRAFTS_BY_SAVED = 0x4002, "drafts by saved";
    /// Earlier versions of posts.
    HISTORIES = 0x4003, "histories";

    // 0x50.. schedule
    /// What the calendar shows.
    CALENDAR = 0x5001, "calendar";

    // 0x60.. publish
    /// Publications with their dispatches and journals.
    PUBLICATIONS = 0x6001, "publications";
    /// What the engine looks at next.
    PUBLICATIONS_BY_NEXT = 0x6002, "publications by next";
    /// What waits for a person.
    PUBLICATIONS_FOR_PERSON = 0x6003, "publications for person";
    /// The publications of a post.
    PUBLICATIONS_BY_POST = 0x6004, "publications by post";
    /// What is not at its end, by channel.
    PUBLICATIONS_OPEN_BY_CHANNEL = 0x6005, "open publications by channel";
    /// What is out, by the network's id.
    PUBLICATIONS_BY_REMOTE = 0x6006, "publications by remote";
    /// Lanes that must wait.
    LANES = 0x6007, "lanes";
    /// What went out and is not yet counted.
    WENT_OUT = 0x6008, "went out";
    /// The latest time the store has seen.
    CLOCK_MARK = 0x6009, "clock mark";

    // 0x70.. inbox
    /// Conversations.
    CONVERSATIONS = 0x7001, "conversations";
    /// Conversations by state and by when something last came.
    CONVERSATIONS_BY_LAST = 0x7002, "conversations by last";
    /// Conversations about a post.
    CONVERSATIONS_BY_POST = 0x7003, "conversations by post";
    /// Conversations with something that nobody has looked at.
    CONVERSATIONS_UNREAD = 0x7004, "unread conversations";
    /// Messages.
    MESSAGES = 0x7005, "messages";
    /// Which messages of networks are kept.
    MESSAGES_KNOWN = 0x7006, "known messages";

    // 0x80.. metrics
    /// Snapshots of publications.
    SERIES = 0x8001, "series";
    /// Series whose next snapshot is due.
    SERIES_BY_NEXT = 0x8002, "series by next";
    /// The days of channels, a row a month.
    CHANNEL_MONTHS = 0x8003, "channel months";

    // 0x90.. notify: outbox, notices
    /// Notices.
    NOTICES = 0x9001, "notices";
    /// Notices that wait to be delivered.
    NOTICES_TO_DELIVER = 0x9002, "notices to deliver";
    /// Where notices go besides the app.
    NOTICE_TARGETS = 0x9003, "notice targets";

    // 0xA0.. webhooks in
    /// Deliveries whose meaning is not made yet.
    DELIVERIES = 0xA001, "deliveries";
    /// Which deliveries came.
    DELIVERIES_CAME = 0xA002, "deliveries that came";

    // 0xB0.. work: upkeep, clock guard, what belongs to the whole installation
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_collections_share_a_number_or_a_name() {
        let numbers: HashSet<_> = ALL.iter().map(|collection| collection.number).collect();
        let names: HashSet<_> = ALL.iter().map(|collection| collection.name).collect();
        assert_eq!((numbers.len(), names.len()), (ALL.len(), ALL.len()));
    }

    #[test]
    fn the_last_numbers_are_left_to_tests() {
        assert!(ALL.iter().all(|collection| collection.number < 0xF000));
    }
}
