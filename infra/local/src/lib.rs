//! The bundle on one machine: the same handlers, embedded DynamoDB, in-process queues, a pretend Intercom.
//!
//! - [`Config`]: what it can be told.
//! - [`Bundle`]: the running bundle. `main` and the tests start it the same way.
//! - `functions`: the functions behind HTTP, as they are made here.
//! - `database`, `gateway`, `queues`, `workers`: what stands in for DynamoDB, API Gateway and Lambda's queue
//!   polling.
//! - `intercom`: what stands in for Intercom; `inbox/` holds its Inbox page.
//! - `demo`: people, conversations and recordings to look at.
//! - `shop`: a site with the recorder in it; `shop/` holds its files.

mod applied_keys;
mod body;
mod bundle;
mod config;
mod data_dir;
mod database;
mod demo;
mod error;
mod expiry;
#[cfg(feature = "failpoints")]
mod failpoints;
mod functions;
mod gateway;
mod intercom;
mod organization;
mod pages;
mod private;
mod queues;
mod shop;
mod sign_of_life;
pub mod terminal;
mod workers;

pub use bundle::Bundle;
pub use config::{ApiKey, Config};
pub use error::StartError;
