//! The store over an embedded DynamoDB and a bucket in memory.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)] // All of it is tests.

mod chunks;
mod fixture;
mod organizations;
mod people;
mod privacy;
mod rows;
mod sessions;
mod summaries;
