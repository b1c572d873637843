//! The handler over the real store and an embedded DynamoDB, called as a browser calls it.

#![allow(clippy::unwrap_used, clippy::expect_used)] // All of it is tests.

mod access;
mod arriving;
mod disconnecting;
mod fixture;
mod identity;
mod keys;
mod page;
mod parked;
mod preferences;
mod share_links;
mod sources;
