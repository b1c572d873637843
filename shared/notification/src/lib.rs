//! What the workers of Intercom's notifications share: from a queued notification to its effect in the table.
//!
//! A notification may come twice, late, and before others that are older. So it is turned into
//! [statements](identity::Statement) about contacts, which may be applied in any order and any number of
//! times: what an older one says never undoes what a newer one has said. It counts as done only once
//! everything is applied, so a worker that dies in between leaves it to the next delivery.
//!
//! - [`Worker`]: the list of the workers; [`TopicQueues`]: where notifications are left for them
//! - [`process`]: the batch loop; what a topic's own function adds is its [`Rule`]
//! - [`contact_statement`], [`conversation_statements`]: what Intercom says, as statements
//! - `matching`: whose session it may be when nobody knows who wrote
//! - `access`: what lets us ask Intercom about a workspace
//! - [`resend`]: parked notifications on their queues again
//! - `failure`: why a notification could not be processed, for whoever finds it parked

mod access;
mod error;
mod failure;
mod matching;
mod process;
pub mod resend;
mod state;
mod statements;
pub mod steps;
mod subject;
mod topic_queues;
mod worker;

pub use access::{Access, AccessError, note_refusal};
pub use error::Error;
pub use process::{Rule, process, process_then};
pub use state::{LIMITS, State};
pub use statements::{contact_statement, conversation_statements};
pub use subject::{contact, conversation};
pub use topic_queues::{TopicQueues, WatchedQueues};
pub use worker::Worker;
