//! Recordings in, summaries out: `record` and `summarize` over the real store, an embedded DynamoDB, a bucket
//! in memory and the local queue. Time stands still unless a test moves it.

#![allow(clippy::unwrap_used, reason = "tests")]

mod counted;
mod stack;

mod access;
mod bill;
mod cost;
mod erasure;
mod faults;
mod former;
mod gaps;
mod law;
mod looking;
mod problems;
mod quotas;
mod recorders;
mod signed;
mod sites;
mod unmasked;
mod upload;
