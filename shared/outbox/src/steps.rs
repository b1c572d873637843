//! The steps between which a process may be killed: names of fail points.
//!
//! The tests that kill it go through the list, and every name must be reached. A new fail point has its
//! name here and in the list.

/// A contact is created, and nobody remembers it yet.
pub const CREATED: &str = "outbox::created";

/// Somebody is remembered, and nobody who waits for them has been woken yet.
pub const REMEMBERED: &str = "outbox::remembered";

/// A contact is changed, and it is not noted yet.
pub const UPDATED: &str = "outbox::updated";

/// A company is told of, and it is not noted yet.
pub const COMPANY_TOLD: &str = "outbox::company_told";

/// A contact belongs to a company, and it is not noted yet.
pub const MEMBER_SET: &str = "outbox::member_set";

/// An event has its second, and is not told yet.
pub const SLOT_TAKEN: &str = "outbox::slot_taken";

/// An event is told, and it is not noted yet.
pub const EVENT_TOLD: &str = "outbox::event_told";

/// What became of events is noted, and they still wait.
pub const OUTCOME_NOTED: &str = "outbox::outcome_noted";

/// All of them.
pub const ALL: [&str; 8] = [
    CREATED,
    REMEMBERED,
    UPDATED,
    COMPANY_TOLD,
    MEMBER_SET,
    SLOT_TAKEN,
    EVENT_TOLD,
    OUTCOME_NOTED,
];
