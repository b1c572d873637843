//! The workers of Intercom's notifications: each topic has a rule, and a function with a queue of its own.
//!
//! - [`rules`]: what a notification says of contacts; one module for each worker
//! - `src/bin`: the functions; each serves one worker with its rule
//! - [`handle`]: all workers in one process, as local mode and tests have them
//!
//! Which workers there are, and what their functions and queues are called, says [`notification::Worker`].

pub mod rules;

use std::process::ExitCode;
use std::sync::Arc;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use notification::{Rule, Worker};
use platform::queue::Queue;
use platform::runtime;

use crate::rules::{
    contact_archived, contact_deleted, contact_email_updated, contact_merged, conversation_created,
    lead_added_email, lead_created, lead_signed_up,
};

/// What the workers keep between batches, for the one that needs most of it.
#[derive(Clone)]
pub struct State {
    /// What every worker of notifications has.
    pub notification: notification::State,
    /// Where `erase` takes its work from.
    pub erase_queue: Arc<dyn Queue>,
}

/// Works through a batch of a worker's notifications and reports those that failed.
pub async fn handle(state: &State, worker: Worker, event: SqsEvent) -> SqsBatchResponse {
    let rule: Rule = match worker {
        Worker::ConversationCreated => conversation_created::rule,
        Worker::LeadAddedEmail => lead_added_email::rule,
        Worker::LeadCreated => lead_created::rule,
        Worker::LeadSignedUp => lead_signed_up::rule,
        Worker::ContactMerged => contact_merged::rule,
        Worker::ContactEmailUpdated => contact_email_updated::rule,
        Worker::ContactDeleted => return contact_deleted::handle(state, event).await,
        Worker::ContactArchived => contact_archived::rule,
    };
    notification::process(&state.notification, event, worker, rule).await
}

/// What a function's `main` does whose worker needs nothing but its rule.
pub async fn start(worker: Worker, rule: Rule) -> ExitCode {
    runtime::start(worker.function_name(), serve(worker, rule)).await
}

async fn serve(worker: Worker, rule: Rule) -> Result<(), runtime::Error> {
    let state = &notification::State::of_process().await?;
    runtime::worker(|event| notification::process(state, event, worker, rule)).await
}
