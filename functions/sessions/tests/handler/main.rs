//! The pages over an embedded table and a bucket in memory.

#![allow(clippy::unwrap_used, reason = "tests")]

mod access;
mod around;
mod beside;
mod erasing;
mod fixture;
mod links;
mod list;
mod people;
mod recording;
mod sharing;
