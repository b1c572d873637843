//! What changed at Intercom without our being told: Intercom retries a notification once, and then forgets
//! it.
//!
//! A schedule asks for a run of every connected workspace, by a message each on the function's own queue. A
//! run reads the contacts, then the conversations, that changed since the last run. It applies them as the
//! workers apply notifications. It goes in steps of a few pages and saves its progress after each step. When
//! a step dies, or has to wait for Intercom, a later message goes on from there.
//!
//! - `schedule`: from the schedule to a message per workspace
//! - `task`: what such a message says
//! - `plan`: what a run reads, and who takes the next step (pure)
//! - `step`: one step of a run
//! - `page`: one page of it
//!
//! It cannot find deleted or archived contacts: the API's searches pass over both. Nothing makes up for a
//! lost notification of these two.

mod error;
mod page;
mod plan;
mod schedule;
mod step;
mod task;

use std::sync::Arc;
use std::time::Duration;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use intercom::rest::{self, Client};
use platform::clock::Clock;
use platform::queue::Queue;
use platform::schedule::QueueOrSchedule;
use platform::secrets::LiveSecrets;
use platform::worker::process_batch;
use serde::Serialize;
use store::Store;

pub use error::Error;
pub use schedule::schedule;

/// How long Intercom is asked for a page. A step of a few pages fits into the function's two minutes.
pub const LIMITS: rest::Limits = rest::Limits {
    connect: Duration::from_secs(3),
    call: Duration::from_secs(15),
    // A message waits for less than an instance does.
    rate_limit_wait: Duration::ZERO,
};

/// Workspaces worked on at the same time.
const CONCURRENT_TASKS: usize = 2;

/// What the function keeps between events.
#[derive(Clone)]
pub struct State {
    /// Connections, contacts, and how far each workspace is reconciled.
    pub store: Store,
    /// What workspaces' tokens are sealed with.
    pub secrets: LiveSecrets,
    /// Calls to Intercom, within [`LIMITS`].
    pub intercom: Client,
    /// Its own queue: the steps to come.
    pub queue: Arc<dyn Queue>,
    /// Tells when a run began.
    pub clock: Clock,
}

/// What it answers.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// To its queue: the steps that are to be tried again.
    Steps(SqsBatchResponse),
    /// To its schedule: how many workspaces' turn it is.
    Scheduled {
        /// Messages sent.
        workspaces: usize,
    },
}

/// Does what an event asks for.
///
/// # Errors
/// When the schedule's event does not reach all workspaces; it comes again. A step that fails is no error: it
/// is in the answer.
pub async fn handle(state: &State, event: QueueOrSchedule) -> Result<Answer, Error> {
    // Boxed: one instance works on one event at a time, and the other kind's room would stand empty.
    match event {
        QueueOrSchedule::Queue(batch) => Ok(Answer::Steps(Box::pin(work(state, batch)).await)),
        QueueOrSchedule::Schedule(_) => Ok(Answer::Scheduled {
            workspaces: Box::pin(schedule(state)).await?,
        }),
    }
}

/// Takes the steps that a batch of messages asks for and reports those that failed.
pub async fn work(state: &State, batch: SqsEvent) -> SqsBatchResponse {
    process_batch(batch, CONCURRENT_TASKS, |task| step::step(state, task)).await
}
