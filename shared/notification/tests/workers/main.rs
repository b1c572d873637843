//! The workers on an embedded DynamoDB: what notifications amount to.

#![allow(clippy::unwrap_used, reason = "tests")]

mod effects;
mod erasing;
mod faults;
mod functions;
mod isolation;
mod kills;
mod matching;
mod order;
mod parking;
mod recorded;
mod sample;
mod stack;
mod table;
