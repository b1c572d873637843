//! The steps between which a process may be killed: names of fail points.
//!
//! The tests that kill it go through the lists, and every name must be reached. A new fail point has its name
//! here and in a list.

/// A tombstone stands in the place of a session.
pub const ENTOMBED: &str = "erase::entombed";

/// The objects of a session are deleted.
pub const OBJECTS_DELETED: &str = "erase::objects_deleted";

/// The manifests of its chunks are deleted.
pub const MANIFESTS_DELETED: &str = "erase::manifests_deleted";

/// No list has the session any more.
pub const UNLISTED: &str = "erase::unlisted";

/// Its other rows are deleted.
pub const EMPTIED: &str = "erase::emptied";

/// The index of its day has it no more.
pub const UNINDEXED: &str = "erase::unindexed";

/// The contacts of a person are deleted.
pub const CONTACTS_DELETED: &str = "erase::contacts_deleted";

/// Tombstones stand in the place of the aliases.
pub const ALIASES_BURIED: &str = "erase::aliases_buried";

/// The links of a person are deleted.
pub const LINKS_DELETED: &str = "erase::links_deleted";

/// A contact has joined others.
pub const CONTACT_JOINED: &str = "store::contact_joined";

/// An alias is closed.
pub const CLOSED: &str = "store::closed";

/// Links between aliases are written.
pub const LINKS_PUT: &str = "store::links_put";

/// The people of a contact are added.
pub const PEOPLE_ADDED: &str = "store::people_added";

/// All steps of erasing a session or a person.
pub const OF_ERASING: [&str; 9] = [
    ENTOMBED,
    OBJECTS_DELETED,
    MANIFESTS_DELETED,
    UNLISTED,
    EMPTIED,
    UNINDEXED,
    CONTACTS_DELETED,
    ALIASES_BURIED,
    LINKS_DELETED,
];

/// All steps of taking what somebody says about a contact.
pub const OF_STATEMENTS: [&str; 4] = [CONTACT_JOINED, CLOSED, LINKS_PUT, PEOPLE_ADDED];
