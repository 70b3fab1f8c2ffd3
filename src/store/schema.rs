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

    // 0x20.. channels

    // 0x30.. media

    // 0x40.. posts

    // 0x50.. schedule

    // 0x60.. publish

    // 0x70.. inbox

    // 0x80.. metrics

    // 0x90.. notify: outbox, notices

    // 0xA0.. webhooks in

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
