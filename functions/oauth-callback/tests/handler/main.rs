//! The handler over the real store, an embedded DynamoDB and a stub of Intercom.

#![allow(clippy::unwrap_used, clippy::expect_used)] // All of it is tests.

mod connecting;
mod failures;
mod fixture;
mod forgery;
mod secrecy;
