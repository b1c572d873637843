//! The worker over an embedded table, a bucket in memory and a queue of its own.

#![allow(clippy::unwrap_used, missing_docs)] // All of it is tests.

mod kills;
mod older;
mod stack;
mod world;
