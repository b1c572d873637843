//! The steps between which a process may be killed: names of fail points.
//!
//! The tests that kill it go through the lists, and every name must be reached. A new fail point has its name
//! here and in a list.

/// The notification is stored.
pub const STORED: &str = "park::stored";

/// All of them.
pub const ALL: [&str; 1] = [STORED];
