//! Our own crates over the platform: what a function's environment and secret say of the store, of its keys
//! and of Intercom.
//!
//! - [`open`], [`store()`], [`checked_store`], [`outbox()`], [`mirror()`], [`recordings`]: the table and the
//!   bucket
//! - [`live_secrets`], [`master_key`], [`token_keys`]: what they are hashed, encrypted and sealed with
//! - [`intercom()`]: where Intercom is; [`signature`]: whether a request is Intercom's

mod intercom_hosts;
mod keys;
pub mod signature;
mod storage;

pub use intercom_hosts::intercom;
pub use keys::{live_secrets, master_key, token_keys};
pub use storage::{checked_store, mirror, open, outbox, recordings, store};
