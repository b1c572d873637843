//! The steps between which a process may be killed: names of fail points.
//!
//! The tests that kill it go through the lists, and every name must be reached. A new fail point has its name
//! here and in a list.

/// A notification has come from its queue.
pub const RECEIVED: &str = "notification::received";

/// What it says stands in the table.
pub const APPLIED: &str = "notification::applied";

/// Possible matches have been looked for.
pub const MATCHED: &str = "notification::matched";

/// The notification is marked as processed.
pub const MARKED: &str = "notification::marked";

/// All of them.
pub const ALL: [&str; 4] = [RECEIVED, APPLIED, MATCHED, MARKED];
