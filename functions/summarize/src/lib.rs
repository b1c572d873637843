//! Queue worker: the chunks of a session to its summary.
//!
//! A run takes up the analyzer where the last one left it, feeds it the chunks that have come since, in
//! order, and saves summary and state, unless another run has done so meanwhile. Doing it twice, at the same
//! time or after a failure ends in the same summary: that of the longest gap-free run of chunks from 0.
//!
//! Once an hour it looks for sessions with chunks that nobody summarizes.
//!
//! - `plan`: which chunks a run takes, and which gaps it skips (pure)
//! - `fold`: the analyzer taken up and fed
//! - `run`: from a message to a saved summary, and what is to be done later
//! - `look`: chunks that nobody summarizes

mod fold;
mod look;
mod plan;
mod run;

use std::sync::Arc;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use platform::clock::Clock;
use platform::fault::{Fault, Kind};
use platform::queue::{Queue, QueueError};
use platform::schedule::QueueOrSchedule;
use platform::worker::process_batch;
use serde::Serialize;
use store::{Recordings, Store};
use tasks::SummarizeTask;

pub use look::schedule;

/// Sessions worked on at the same time. Each may hold its share of a run's bytes in memory, so few.
const CONCURRENT_TASKS: usize = 2;

/// What the function keeps between batches.
pub struct State {
    store: Store,
    recordings: Recordings,
    /// Its own queue: what a run leaves over is a message to a later one.
    queue: Arc<dyn Queue>,
    clock: Clock,
}

/// Why a run failed. Its message is delivered again, and a later run starts where the last saved one ended.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The table or the bucket failed.
    #[error("a session could not be read or written")]
    Store(#[from] store::Error),
    /// What is to be done later could not be put on the queue.
    #[error("the rest of the work could not be queued")]
    Queue(#[from] QueueError),
    /// Other runs of the same session were faster each time.
    #[error("outrun by other runs of the same session {attempts} times")]
    Outrun {
        /// Runs tried.
        attempts: usize,
    },
}

impl Fault for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Store(error) => Kind::new(error.code(), error.is_transient()),
            Self::Queue(error) => error.kind(),
            Self::Outrun { .. } => Kind::passing("summarize.outrun"),
        }
    }
}

impl State {
    /// The state of a function that has just started; `queue` is the one it takes its work from.
    pub fn new(recordings: Recordings, queue: Arc<dyn Queue>, clock: Clock) -> Self {
        Self {
            store: recordings.store().clone(),
            recordings,
            queue,
            clock,
        }
    }
}

/// What it answers.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// To its queue: the messages that are to be delivered again.
    Batch(SqsBatchResponse),
    /// To its schedule: how many parts of an hour are looked through.
    Scheduled {
        /// Messages sent.
        parts: usize,
    },
}

/// Does what an event asks for.
///
/// # Errors
/// When the queue does not take the schedule's messages; it comes again. A run that fails is no error: it is
/// in the answer.
pub async fn respond(state: &State, event: QueueOrSchedule) -> Result<Answer, Error> {
    // Boxed: one instance works on one event at a time, and the other kind's room would stand empty.
    match event {
        QueueOrSchedule::Queue(batch) => Ok(Answer::Batch(Box::pin(handle(state, batch)).await)),
        QueueOrSchedule::Schedule(_) => Ok(Answer::Scheduled {
            parts: Box::pin(schedule(state)).await?,
        }),
    }
}

/// Works through a batch of [`SummarizeTask`]s and reports those that failed.
pub async fn handle(state: &State, event: SqsEvent) -> SqsBatchResponse {
    process_batch(event, CONCURRENT_TASKS, |task| work(state, task)).await
}

async fn work(state: &State, task: SummarizeTask) -> Result<(), Error> {
    match task {
        SummarizeTask::V1 {
            organization,
            session,
            silent_since,
        } => {
            let message = run::Message {
                organization,
                session,
                silent_since,
                wakes: false,
            };
            run::run(state, message).await
        }
        SummarizeTask::WakeV1 {
            organization,
            session,
        } => {
            let message = run::Message {
                organization,
                session,
                silent_since: None,
                wakes: true,
            };
            run::run(state, message).await
        }
        SummarizeTask::LookV1 { place } => Box::pin(look::look(state, place)).await,
    }
}
