//! Queue worker: people and old sessions, erased.
//!
//! A message does a bounded amount of work and sends another one for the rest, so that a person with ten
//! thousand sessions takes many short runs and none that is cut off. Every step may be repeated: when a
//! run dies halfway, the next delivery of its message completes it.
//!
//! - `run`: what each kind of message does
//! - `at_intercom`: what somebody is at Intercom

mod at_intercom;
mod run;
pub mod steps;

use std::sync::Arc;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use outbox::Outbox;
use platform::clock::Clock;
use platform::fault::{Fault, Kind};
use platform::queue::{Queue, QueueError};
use platform::worker::process_batch;
use store::{Recordings, Store};

/// Messages worked on at the same time: erasing is in nobody's way, and should stay so.
const CONCURRENT_TASKS: usize = 1;

/// What the function keeps between batches.
pub struct State {
    store: Store,
    recordings: Recordings,
    outbox: Outbox,
    queues: Queues,
    clock: Clock,
}

/// Where it sends work.
pub struct Queues {
    /// Its own queue: what is left over is a message to a later run.
    pub erase: Arc<dyn Queue>,
    /// That of the function of this name, which talks to Intercom.
    pub deliver: Arc<dyn Queue>,
}

/// Why a run failed. Its message is delivered again, and goes on where it has got.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The table or the bucket failed.
    #[error("something could not be erased")]
    Store(#[from] store::Error),
    /// The table failed with what is known of Intercom.
    #[error("who somebody is at Intercom could not be forgotten")]
    Outbox(#[from] outbox::Error),
    /// What is to be done later could not be put on the queue.
    #[error("the rest of the work could not be queued")]
    Queue(#[from] QueueError),
}

impl Fault for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Store(error) => Kind::new(error.code(), error.is_transient()),
            Self::Outbox(error) => Kind::new(error.code(), error.is_transient()),
            Self::Queue(error) => error.kind(),
        }
    }
}

impl State {
    /// The state of a function that has just started.
    pub fn new((recordings, outbox): (Recordings, Outbox), queues: Queues, clock: Clock) -> Self {
        Self {
            store: recordings.store().clone(),
            recordings,
            outbox,
            queues,
            clock,
        }
    }
}

/// Works through a batch of [`tasks::EraseTask`]s and reports those that failed.
pub async fn handle(state: &State, event: SqsEvent) -> SqsBatchResponse {
    process_batch(event, CONCURRENT_TASKS, |task| run::run(state, task)).await
}
