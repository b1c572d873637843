//! Parks what dead-letter queues hand over, over an embedded table, and sends it again.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)] // All of it is tests.

mod fixture;
mod looking;
mod parking;
mod resending;
