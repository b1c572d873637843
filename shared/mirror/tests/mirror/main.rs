//! The mirror over an embedded DynamoDB.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)] // All of it is tests.

mod companies;
mod contacts;
mod conversations;
mod events;
mod fixture;
mod forgetting;
mod time_lines;
