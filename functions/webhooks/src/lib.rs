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
use notification::{MirrorRule, Rule, Worker};
use platform::queue::Queue;
use platform::runtime;

use crate::rules::{
    company_contact_attached, company_deleted, company_updated, contact_archived, contact_deleted,
    contact_email_updated, contact_merged, contact_subscribed, contact_tagged, contact_updated,
    conversation_contact_attached, conversation_created, conversation_deleted,
    conversation_part_changed, conversation_replied, conversation_state_changed, event_created,
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

/// What a worker does with a notification.
enum Work {
    /// Says who somebody is.
    Identity(Rule),
    /// Says what is mirrored.
    Mirror(MirrorRule),
}

/// Works through a batch of a worker's notifications and reports those that failed.
pub async fn handle(state: &State, worker: Worker, event: SqsEvent) -> SqsBatchResponse {
    let work = match worker {
        Worker::ConversationCreated => Work::Identity(conversation_created::rule),
        Worker::LeadAddedEmail => Work::Identity(lead_added_email::rule),
        Worker::LeadCreated => Work::Identity(lead_created::rule),
        Worker::LeadSignedUp => Work::Identity(lead_signed_up::rule),
        Worker::ContactMerged => Work::Identity(contact_merged::rule),
        Worker::ContactEmailUpdated => Work::Identity(contact_email_updated::rule),
        Worker::ContactArchived => Work::Identity(contact_archived::rule),
        Worker::ContactDeleted => return contact_deleted::handle(state, event).await,
        Worker::CompanyUpdated => Work::Mirror(company_updated::rule),
        Worker::CompanyDeleted => Work::Mirror(company_deleted::rule),
        Worker::CompanyContactAttached => Work::Mirror(company_contact_attached::rule),
        Worker::ContactUpdated => Work::Mirror(contact_updated::rule),
        Worker::ContactTagged => Work::Mirror(contact_tagged::rule),
        Worker::ContactSubscribed => Work::Mirror(contact_subscribed::rule),
        Worker::ConversationReplied => Work::Mirror(conversation_replied::rule),
        Worker::ConversationStateChanged => Work::Mirror(conversation_state_changed::rule),
        Worker::ConversationPartChanged => Work::Mirror(conversation_part_changed::rule),
        Worker::ConversationDeleted => Work::Mirror(conversation_deleted::rule),
        Worker::ConversationContactAttached => Work::Mirror(conversation_contact_attached::rule),
        Worker::EventCreated => Work::Mirror(event_created::rule),
    };
    let state = &state.notification;
    match work {
        Work::Identity(rule) => notification::process(state, event, worker, rule).await,
        Work::Mirror(rule) => notification::process_mirrored(state, event, worker, rule).await,
    }
}

/// What a function's `main` does whose worker needs nothing but its rule.
pub async fn start(worker: Worker, rule: Rule) -> ExitCode {
    runtime::start(worker.function_name(), serve(worker, rule)).await
}

/// The same for a worker of what is mirrored.
pub async fn start_mirrored(worker: Worker, rule: MirrorRule) -> ExitCode {
    let serve = async {
        let state = &notification::State::of_process().await?;
        runtime::worker(|event| notification::process_mirrored(state, event, worker, rule)).await
    };
    runtime::start(worker.function_name(), serve).await
}

async fn serve(worker: Worker, rule: Rule) -> Result<(), runtime::Error> {
    let state = &notification::State::of_process().await?;
    runtime::worker(|event| notification::process(state, event, worker, rule)).await
}
