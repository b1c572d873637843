//! Reconciles workspaces with an Intercom on this machine, over an embedded table.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)] // All of it is tests.

mod fixture;
mod repairing;
mod resuming;
mod scheduling;
mod troubles;
