//! The steps between which a process may be killed: names of fail points.
//!
//! The tests that kill it go through the lists, and every name must be reached. A new fail point has its name
//! here and in a list.

/// The message that looks once more is sent.
pub const SWEEP_SENT: &str = "erase::sweep_sent";

/// The message for the rest is sent.
pub const SECOND_SENT: &str = "erase::second_sent";

/// The worker that talks to Intercom is told whom to delete there, and it is not forgotten yet.
pub const DELETIONS_SENT: &str = "erase::deletions_sent";

/// All of them.
pub const ALL: [&str; 3] = [SWEEP_SENT, SECOND_SENT, DELETIONS_SENT];
