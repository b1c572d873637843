//! The worker over an embedded table, with the fake Intercom.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)] // All of it is tests.

mod attributes;
mod claims;
mod companies;
mod costs;
mod deliveries;
mod erased;
mod faults;
mod holds;
mod people;
mod put_away;
mod waiting;
mod world;
