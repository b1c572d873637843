//! The handler over the real store, an embedded DynamoDB and a stub of Intercom, called as Intercom calls it.

#![allow(clippy::unwrap_used, clippy::expect_used)] // All of it is tests.

mod fixture;
mod health;
mod signatures;
mod uninstall;
