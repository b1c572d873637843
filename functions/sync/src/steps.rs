//! The steps between which a process may be killed: names of fail points.
//!
//! The tests that kill it go through the lists, and every name must be reached. A new fail point has its name
//! here and in a list.

/// It is saved that a pass has begun, or is gone on with.
pub const TAKEN_UP: &str = "sync::taken_up";

/// A company is copied, and others of its page are not.
pub const COMPANY_PUT: &str = "sync::company_put";

/// Somebody of a company is copied, and does not belong to it yet.
pub const PERSON_PUT: &str = "sync::person_put";

/// Somebody belongs to a company, and has no sessions on the time line yet.
pub const MEMBER_PUT: &str = "sync::member_put";

/// A conversation is copied, and others of its page are not.
pub const CONVERSATION_PUT: &str = "sync::conversation_put";

/// A company or a person is written to Intercom, and that is not noted yet.
pub const WRITTEN_BACK: &str = "sync::written_back";

/// A page is copied, and that is not saved yet.
pub const PAGE_COPIED: &str = "sync::page_copied";

/// It is saved that a page is copied.
pub const PAGE_SAVED: &str = "sync::page_saved";

/// The last page is saved, and companies are not counted yet.
pub const PASS_ENDED: &str = "sync::pass_ended";

/// All of them.
pub const ALL: [&str; 9] = [
    TAKEN_UP,
    COMPANY_PUT,
    PERSON_PUT,
    MEMBER_PUT,
    CONVERSATION_PUT,
    WRITTEN_BACK,
    PAGE_COPIED,
    PAGE_SAVED,
    PASS_ENDED,
];
