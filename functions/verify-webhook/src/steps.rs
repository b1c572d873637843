//! The steps between which a process may be killed: names of fail points.
//!
//! The tests that kill it go through the lists, and every name must be reached. A new fail point has its name
//! here and in a list.

/// The notification is really from Intercom.
pub const VERIFIED: &str = "verify-webhook::verified";

/// It stands on the queue of its worker.
pub const QUEUED: &str = "verify-webhook::queued";

/// All of them.
pub const ALL: [&str; 2] = [VERIFIED, QUEUED];
