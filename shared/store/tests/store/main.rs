//! The store over an embedded DynamoDB and a bucket in memory.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)] // All of it is tests.

mod activity;
mod begun;
mod busy;
mod chunks;
mod claims;
mod contacts;
mod counters;
mod erasure;
mod fixture;
mod identity_secrets;
mod installations;
mod key_rotation;
mod master_key;
mod once;
mod organizations;
mod parked;
mod people;
mod privacy;
mod problems;
mod rows;
mod seen;
mod session_list;
mod sessions;
mod share_links;
mod sources;
mod stale;
mod summaries;
mod sync;
mod tokens;
