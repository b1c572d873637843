//! One step of a run.

use std::time::Duration;

use intercom::rest::{self, Advice};
use jiff::{SignedDuration, Timestamp};
use notification::{Access, note_refusal};
use platform::metrics;
use platform::queue::MAX_DELAY;
use platform::telemetry::Chain;
use store::{Connection, ConnectionStatus, LastSync, SyncOutcome, SyncProgress, SyncRun};
use tracing::Span;

use crate::plan::{self, PAGES_PER_STEP};
use crate::task::ReconcileTask;
use crate::{Error, State, page};

/// How long Intercom is left alone when it does not answer, or does not say for how long.
const DEFAULT_PAUSE: SignedDuration = SignedDuration::from_mins(2);

/// A workspace and how far it is.
struct Step<'a> {
    state: &'a State,
    connection: Connection,
    access: Access,
    progress: SyncProgress,
}

/// Takes the step that a message asks for.
///
/// Progress is saved only if no other delivery has saved any meanwhile. The second of two has repeated work,
/// which does no harm, and leaves the rest to the first.
pub(crate) async fn step(state: &State, task: ReconcileTask) -> Result<(), Error> {
    let ReconcileTask::V1 { workspace, run } = task;
    Span::current().record("workspace.id", workspace.as_str());
    let now = state.clock.now();
    let connection = state.store.connections().get(&workspace).await?;
    let Some(connection) = connection.filter(|c| c.status == ConnectionStatus::Connected) else {
        return Ok(());
    };
    Span::current().record("organization.id", connection.organization.as_str());
    let Some(access) = Access::of(&connection, &state.store, &state.secrets, now).await? else {
        // Connected by an operator: there is nothing to ask with.
        return Ok(());
    };
    let progress = state.store.sync_progress(&workspace).await?;
    let kept_days = connection.preferences.retention_days.get();
    let run = plan::take_up(&progress, run, kept_days, now);
    let step = Step {
        state,
        connection,
        access,
        progress,
    };
    match run {
        Some(run) => step.take(run).await,
        None => step.note_what_ended().await,
    }
}

impl Step<'_> {
    async fn take(mut self, mut run: SyncRun) -> Result<(), Error> {
        // Nobody else begins it, or takes it over, from now on.
        if !self.save(Some(run.clone())).await? {
            return Ok(());
        }
        for _ in 0..PAGES_PER_STEP {
            let now = self.state.clock.now();
            let read = match page::read(self.state, &self.access, &run, now).await {
                Ok(read) => read,
                Err(error) => return self.after_failure(run, &error).await,
            };
            page::apply(self.state, &self.connection, &read.statements, now).await?;
            let Some(next) = plan::after_page(&run, read.next, self.state.clock.now()) else {
                return self.finish(&run).await;
            };
            run = next;
            if !self.save(Some(run.clone())).await? {
                return Ok(());
            }
        }
        self.ask_for_next(&run, Duration::ZERO).await
    }

    /// Everything has been read.
    async fn finish(mut self, run: &SyncRun) -> Result<(), Error> {
        self.progress.complete_until = Some(run.started_at);
        if self.save(None).await? {
            self.note(SyncOutcome::Succeeded).await?;
            // No metric: it would have a value in every hour, and be billed though nothing happens.
            tracing::info!("workspace reconciled");
        }
        Ok(())
    }

    /// Notes on the connection that a run has ended. That comes after the run's progress: when a step fails
    /// between the two, the next delivery of its message makes up for it.
    async fn note_what_ended(&self) -> Result<(), Error> {
        let ended = self.progress.complete_until;
        let noted = self.connection.last_sync.as_ref().map(|sync| sync.at);
        match self.progress.run.is_none() && ended > noted {
            true => self.note(SyncOutcome::Succeeded).await,
            false => Ok(()),
        }
    }

    /// Intercom did not give a page.
    async fn after_failure(mut self, run: SyncRun, error: &rest::Error) -> Result<(), Error> {
        tracing::warn!(
            { metrics::RECONCILIATION_FAILED } = 1,
            error = %Chain(error),
            "Intercom gave no page"
        );
        match error.advice() {
            Advice::RetryLater { at } => {
                let now = self.state.clock.now();
                let wait = wait(at, now);
                let due_at = now + wait;
                let run = SyncRun { due_at, ..run };
                if !self.save(Some(run.clone())).await? {
                    return Ok(());
                }
                self.note(SyncOutcome::Unreachable).await?;
                self.ask_for_next(&run, wait.unsigned_abs()).await
            }
            // Perhaps it is but the cursor that Intercom does not know any more.
            Advice::GiveUp if run.cursor.is_some() && !run.is_second_try => {
                let run = SyncRun {
                    cursor: None,
                    is_second_try: true,
                    ..run
                };
                match self.save(Some(run.clone())).await? {
                    true => self.ask_for_next(&run, Duration::ZERO).await,
                    false => Ok(()),
                }
            }
            Advice::Reconnect | Advice::GiveUp => {
                note_refusal(&self.connection, &self.state.store, error).await;
                if self.save(None).await? {
                    self.note(SyncOutcome::Refused).await?;
                }
                Ok(())
            }
        }
    }

    /// `false` when somebody else has made progress meanwhile.
    async fn save(&mut self, run: Option<SyncRun>) -> Result<bool, Error> {
        self.progress.run = run;
        let workspace = &self.connection.workspace;
        let store = &self.state.store;
        Ok(store
            .save_sync_progress(workspace, &mut self.progress)
            .await?)
    }

    async fn note(&self, outcome: SyncOutcome) -> Result<(), Error> {
        let sync = LastSync {
            at: self.state.clock.now(),
            outcome,
        };
        let Connection {
            workspace, epoch, ..
        } = &self.connection;
        Ok(self
            .state
            .store
            .connections()
            .note_sync(workspace, *epoch, &sync)
            .await?)
    }

    async fn ask_for_next(&self, run: &SyncRun, delay: Duration) -> Result<(), Error> {
        let task = ReconcileTask::new(&self.connection.workspace, run.asked_at);
        Ok(self.state.queue.send(task.to_body(), delay).await?)
    }
}

/// How long to wait for Intercom: until it says, but a second at least, and no longer than a queue can.
fn wait(until: Option<Timestamp>, now: Timestamp) -> SignedDuration {
    let longest = SignedDuration::try_from(MAX_DELAY).unwrap_or(DEFAULT_PAUSE);
    let asked = until.map_or(DEFAULT_PAUSE, |until| until.duration_since(now));
    asked.clamp(SignedDuration::from_secs(1), longest)
}
