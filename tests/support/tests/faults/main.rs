//! Each fault does what it says, and nothing else.

#![allow(clippy::unwrap_used, reason = "tests")]

mod batches;
mod bucket;
mod losing;
#[cfg(feature = "queue")]
mod queue;
mod refusing;
mod staleness;
mod table;
