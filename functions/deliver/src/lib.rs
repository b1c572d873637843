//! Queue worker: tracked events to Intercom.
//!
//! A message names a lane. A run takes whatever waits in it, in order, and tells Intercom of one event
//! after the other. Doing it twice, at the same time or after a failure ends in the same state there.
//!
//! Once a minute it looks for lanes whose time has come.
//!
//! - `run`: from a message to what became of a lane's events
//! - `event`: one event: read, planned by its source's settings, and told
//! - `erase`: a contact of somebody who was erased
//! - `later`: when a lane is looked at again
//! - `look`: lanes whose time has come

mod erase;
mod error;
mod event;
mod later;
mod look;
mod run;
mod workspace;

use std::sync::Arc;
use std::time::Duration;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use identity::{OrganizationId, WorkspaceId};
use intercom::rest::{self, Client};
use outbox::{Allowances, KnownAttributes, KnownEventNames, Outbox};
use platform::clock::Clock;
use platform::queue::Queue;
use platform::schedule::QueueOrSchedule;
use platform::secrets::LiveSecrets;
use platform::worker::process_batch;
use serde::Serialize;
use store::Store;
use tasks::DeliverTask;
use tracing::Span;

pub use error::Error;
pub use look::schedule;

/// How long Intercom is waited for. A call that is not answered by then is made again, by a later run.
pub const LIMITS: rest::Limits = rest::Limits {
    connect: Duration::from_secs(3),
    call: Duration::from_secs(15),
    // A message waits for less than an instance does.
    rate_limit_wait: Duration::ZERO,
};

/// Lanes worked on at the same time: all of a batch, because they mostly wait for Intercom.
const CONCURRENT_TASKS: usize = 10;

/// What the function keeps between batches.
pub struct State {
    store: Store,
    outbox: Outbox,
    secrets: LiveSecrets,
    intercom: Client,
    /// Its own queue: lanes that are to be looked at again.
    queue: Arc<dyn Queue>,
    allowances: Allowances,
    attributes: KnownAttributes,
    event_names: KnownEventNames,
    clock: Clock,
}

/// What it answers.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// To its queue: the messages that are to be delivered again.
    Batch(SqsBatchResponse),
    /// To its schedule: how many lanes are looked at again.
    Scheduled {
        /// Messages sent.
        lanes: usize,
    },
}

impl State {
    /// The state of a function that has just started; `queue` is the one it takes its work from, and
    /// `intercom` is asked within [`LIMITS`].
    pub fn new(
        (store, outbox): (Store, Outbox),
        secrets: LiveSecrets,
        intercom: Client,
        queue: Arc<dyn Queue>,
        clock: Clock,
    ) -> Self {
        Self {
            store,
            outbox,
            secrets,
            intercom,
            queue,
            allowances: Allowances::default(),
            attributes: KnownAttributes::default(),
            event_names: KnownEventNames::default(),
            clock,
        }
    }
}

/// Does what an event asks for.
///
/// # Errors
/// When the schedule's messages could not be sent; it comes again. A run that fails is no error: it is
/// in the answer.
pub async fn respond(state: &State, event: QueueOrSchedule) -> Result<Answer, Error> {
    match event {
        QueueOrSchedule::Queue(batch) => Ok(Answer::Batch(Box::pin(handle(state, batch)).await)),
        QueueOrSchedule::Schedule(_) => Ok(Answer::Scheduled {
            lanes: Box::pin(schedule(state)).await?,
        }),
    }
}

/// Works through a batch of [`tasks::DeliverTask`]s and reports those that failed.
pub async fn handle(state: &State, event: SqsEvent) -> SqsBatchResponse {
    process_batch(event, CONCURRENT_TASKS, |task| Box::pin(work(state, task))).await
}

async fn work(state: &State, task: DeliverTask) -> Result<(), Error> {
    let mark = |organization: &OrganizationId, workspace: &WorkspaceId| {
        Span::current().record("organization.id", organization.as_str());
        Span::current().record("workspace.id", workspace.as_str());
    };
    match task {
        DeliverTask::V1 {
            organization,
            workspace,
            lane,
        } => {
            mark(&organization, &workspace);
            Box::pin(run::run(state, (organization, workspace, lane))).await
        }
        DeliverTask::DeleteContactV1 {
            organization,
            workspace,
            contact,
            asked_at,
        } => {
            mark(&organization, &workspace);
            let of = (organization, workspace);
            Box::pin(erase::run(state, of, (contact, asked_at))).await
        }
    }
}
