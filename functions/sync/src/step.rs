//! One step of a run.

use std::time::Duration;

use fail::fail_point;
use identity::WorkspaceId;
use intercom::rest::{self, Advice};
use jiff::{SignedDuration, Timestamp};
use mirror::Choices;
use notification::{Access, note_refusal};
use platform::metrics;
use platform::queue::MAX_DELAY;
use platform::telemetry::Chain;
use store::{
    Connection, ConnectionStatus, ImportPart, ImportPass, LastSync, SyncOutcome, SyncProgress,
    SyncRun,
};
use tasks::SyncTask;
use tracing::Span;

use crate::import::{Importer, Stop, plan as import_plan};
use crate::plan::{self, PAGES_PER_STEP};
use crate::{Error, State, page};

/// How long Intercom is left alone when it does not answer, or does not say for how long.
const DEFAULT_PAUSE: SignedDuration = SignedDuration::from_mins(2);

/// How long Intercom is left alone when it gave nothing of what was asked for.
const IN_VAIN: SignedDuration = SignedDuration::from_mins(1);

/// Pages of a copy in one step.
const IMPORT_PAGES_PER_STEP: usize = 12;

/// A step of copying begins no page after so long: what is under way then ends within the function's two
/// minutes.
const IMPORT_STEP: SignedDuration = SignedDuration::from_secs(45);

/// Companies that are counted at once.
const COUNTED_AT_ONCE: usize = 50;

/// How often companies are counted at the end of a pass; what is left then is counted at the end of the next.
const MAX_COUNTING_ROUNDS: usize = 20;

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
pub(crate) async fn step(
    state: &State,
    workspace: WorkspaceId,
    asked_at: Timestamp,
) -> Result<(), Error> {
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
    let run = plan::take_up(&progress, asked_at, kept_days, now);
    let mut step = Step {
        state,
        connection,
        access,
        progress,
    };
    match run {
        Some(run) => step.take(run).await,
        None => {
            step.note_what_ended().await?;
            step.import(asked_at).await
        }
    }
}

impl Step<'_> {
    async fn take(mut self, mut run: SyncRun) -> Result<(), Error> {
        // Nobody else begins it, or takes it over, from now on; the copy goes on after it.
        if let Some(pass) = &mut self.progress.import.pass {
            (pass.asked_at, pass.due_at) = (run.asked_at, run.due_at);
        }
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
            // Boxed: a run that only reconciles needs not its room.
            Box::pin(self.import(run.asked_at)).await?;
        }
        Ok(())
    }

    /// Copies some pages of what was chosen, if it is this run's turn.
    async fn import(&mut self, asked_at: Timestamp) -> Result<(), Error> {
        let state = self.state;
        let choices = self.choices().await?;
        let now = state.clock.now();
        if self.progress.run.is_some() {
            return Ok(());
        }
        let import = &mut self.progress.import;
        if !choices.is_anything() {
            let was_on = !import.choices.is_empty();
            *import = store::Import::default();
            return match was_on {
                true => self.save(None).await.map(drop),
                false => Ok(()),
            };
        }
        let Some(mut pass) = import_plan::take_up(import, asked_at, &choices, now) else {
            // When a step fails between its pass's end and counting, the message that comes again makes up for it.
            return self.count_companies(1, false).await;
        };
        let under_way = import.pass.as_ref().map(|pass| pass.started_at);
        if pass.since.is_none() && under_way != Some(pass.started_at) {
            import.choices = import_plan::made_for(&choices);
            import.parts.clear();
        }
        if !choices.write_back {
            import.parts.remove(&ImportPart::WriteBack);
        }
        if !self.save_pass(Some(pass.clone())).await? {
            return Ok(());
        }
        fail_point!(crate::steps::TAKEN_UP);
        let (connection, access) = (self.connection.clone(), self.access.clone());
        let mut importer = Importer::new(state, (&connection, &access), &choices);
        for _ in 0..IMPORT_PAGES_PER_STEP {
            if state.clock.now().duration_since(now) > IMPORT_STEP {
                break;
            }
            let part = self.progress.import.parts.get(&pass.part).copied();
            let part = part.unwrap_or_default();
            // What could not be read before was not read then either.
            let since = pass.since.filter(|_| !part.is_refused);
            let read = match importer.page(&pass, since).await {
                Ok(read) => read,
                Err(stop) => return self.after_stop(pass, &choices, stop).await,
            };
            fail_point!(crate::steps::PAGE_COPIED);
            let progress = import_plan::after_page(&pass, since, part, &read);
            self.progress.import.parts.insert(pass.part, progress);
            let now = state.clock.now();
            let next = match read.is_last {
                true => import_plan::next_part(&pass, &choices, now),
                false => Some(ImportPass {
                    cursor: read.cursor,
                    pending: read.pending,
                    due_at: now,
                    ..pass.clone()
                }),
            };
            let Some(next) = next else {
                return self.end_pass(&pass).await;
            };
            pass = next;
            if read.is_in_vain {
                return self.pause_pass(pass, IN_VAIN).await;
            }
            if !self.save_pass(Some(pass.clone())).await? {
                return Ok(());
            }
            fail_point!(crate::steps::PAGE_SAVED);
        }
        self.count_companies(1, false).await?;
        self.ask_again(pass.asked_at, Duration::ZERO).await
    }

    /// A part gave no page.
    async fn after_stop(
        &mut self,
        pass: ImportPass,
        choices: &Choices,
        stop: Stop,
    ) -> Result<(), Error> {
        let now = self.state.clock.now();
        let error = match stop {
            Stop::Ours(error) => return Err(error),
            Stop::Wait(at) => return self.pause_pass(pass, wait(Some(at), now)).await,
            Stop::Intercom(error) => error,
        };
        tracing::warn!(
            { metrics::RECONCILIATION_FAILED } = 1,
            part = pass.part.as_str(),
            error = %Chain(&error),
            "Intercom gave no page of an import"
        );
        match error.advice() {
            Advice::RetryLater { at } => return self.pause_pass(pass, wait(at, now)).await,
            Advice::Reconnect => {
                note_refusal(&self.connection, &self.state.store, &error).await;
                self.save_pass(None).await?;
                return Ok(());
            }
            Advice::GiveUp if pass.cursor.is_some() && !pass.is_second_try => {
                // Perhaps it is but the cursor that Intercom does not know any more.
                let pass = ImportPass {
                    cursor: None,
                    pending: Vec::new(),
                    is_second_try: true,
                    ..pass
                };
                return self.pause_pass(pass, SignedDuration::ZERO).await;
            }
            Advice::GiveUp => {}
        }
        // The other parts can be read all the same.
        let part = self.progress.import.parts.entry(pass.part).or_default();
        part.done = false;
        part.is_refused = is_forbidden(&error);
        match import_plan::next_part(&pass, choices, now) {
            Some(next) => self.pause_pass(next, SignedDuration::ZERO).await,
            None => self.end_pass(&pass).await,
        }
    }

    /// Goes on with a pass by a later message.
    async fn pause_pass(&mut self, pass: ImportPass, wait: SignedDuration) -> Result<(), Error> {
        let asked_at = pass.asked_at;
        let due_at = self.state.clock.now() + wait;
        if !self.save_pass(Some(ImportPass { due_at, ..pass })).await? {
            return Ok(());
        }
        self.ask_again(asked_at, wait.unsigned_abs()).await
    }

    /// All parts have had their turn.
    async fn end_pass(&mut self, pass: &ImportPass) -> Result<(), Error> {
        let import = &mut self.progress.import;
        let is_first_of_day =
            import_plan::is_of_another_day(import.complete_until, pass.started_at);
        // What was given up is read once more, from where the pass before ended.
        let mut read = import.parts.iter();
        if read.all(|(part, of)| *part == ImportPart::WriteBack || of.done || of.is_refused) {
            import.complete_until = Some(pass.started_at);
        }
        if self.save_pass(None).await? {
            fail_point!(crate::steps::PASS_ENDED);
            tracing::info!("workspace imported");
            self.count_companies(MAX_COUNTING_ROUNDS, is_first_of_day)
                .await?;
        }
        Ok(())
    }

    /// Counts companies in which something has changed, once a day those whose figures have aged as well.
    async fn count_companies(&self, rounds: usize, marks_aged: bool) -> Result<(), Error> {
        let now = self.state.clock.now();
        let Connection {
            organization,
            workspace,
            ..
        } = &self.connection;
        let mirror = self.state.mirror.of(organization, workspace);
        if marks_aged {
            mirror.companies().mark_aged(now).await?;
        }
        for _ in 0..rounds {
            if !mirror
                .companies()
                .count_changed(COUNTED_AT_ONCE, now)
                .await?
            {
                break;
            }
        }
        Ok(())
    }

    async fn choices(&self) -> Result<Choices, Error> {
        let Connection {
            organization,
            workspace,
            ..
        } = &self.connection;
        Ok(self
            .state
            .mirror
            .of(organization, workspace)
            .choices()
            .await?)
    }

    /// As [`Self::save`].
    async fn save_pass(&mut self, pass: Option<ImportPass>) -> Result<bool, Error> {
        self.progress.import.pass = pass;
        self.save(self.progress.run.clone()).await
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
        self.ask_again(run.asked_at, delay).await
    }

    async fn ask_again(&self, asked_at: Timestamp, delay: Duration) -> Result<(), Error> {
        let task = SyncTask::new(&self.connection.workspace, asked_at);
        Ok(self.state.queue.send(task.to_body(), delay).await?)
    }
}

/// Whether the workspace lets us not read something: by permission, plan or address.
fn is_forbidden(error: &rest::Error) -> bool {
    match error {
        rest::Error::Refused { refusal, .. } => matches!(refusal.status.as_u16(), 402 | 403),
        _ => false,
    }
}

/// How long to wait for Intercom: until it says, but a second at least, and no longer than a queue can.
fn wait(until: Option<Timestamp>, now: Timestamp) -> SignedDuration {
    let longest = SignedDuration::try_from(MAX_DELAY).unwrap_or(DEFAULT_PAUSE);
    let asked = until.map_or(DEFAULT_PAUSE, |until| until.duration_since(now));
    asked.clamp(SignedDuration::from_secs(1), longest)
}
