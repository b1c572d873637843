//! Counting who had a problem, and forgetting them.
//!
//! A row is read, and written only if somebody changes it: repetitions, and most people who have what
//! hundreds had before, cost half a read unit. It is written on the condition that nobody else has written
//! it since it was read; whoever comes second reads it again.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use futures::future::{try_join, try_join_all};
use identity::{OrganizationKey, PersonId, SessionId};
use jiff::Timestamp;
use jiff::civil::Date;
use replay::Fingerprint;
use table::{CALL, Conditional, Read, text};

use crate::Error;
use crate::problems::day_row::{DayRow, StoredDay, Visitor};
use crate::problems::occurrence::{Entry, Occurrence};
use crate::problems::sample::Mark;
use crate::problems::{Problems, rows};
use crate::tenants::Counters;
use crate::tenants::counters::Counter;
use crate::tenants::retention::RetentionDays;

/// Most different problems of a day: nobody fills the table with errors that they make up. More are not
/// counted, and how many is ([`Counter::UncountedProblems`]).
pub(crate) const MAX_PROBLEMS_A_DAY: u64 = 1_000;

/// Times that a row is tried again because others have written it. A problem that everybody has at once is
/// written by fewer with each hundred who had it.
const MAX_ROUNDS: usize = 10;
/// The first pause before that; each is up to twice as long as the one before.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
/// The longest.
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

const OPERATION: &str = "count a problem";

/// What is to be done to a problem's day.
enum Task<'a> {
    Count {
        occurrence: &'a Occurrence,
        visitor: Visitor,
        retention_days: RetentionDays,
    },
    Forget {
        session: &'a SessionId,
        mark: Mark,
    },
}

/// What is to become of a problem's day.
enum Change {
    /// It stands there already, or there is no room for it.
    Nothing,
    Write(DayRow),
    Delete,
}

impl Problems<'_> {
    /// Who a session and its owner are among those who had a problem. A session of nobody is one person.
    pub(crate) fn visitor(self, session: &SessionId, person: Option<&PersonId>) -> Visitor {
        let key: OrganizationKey = self.scope.key();
        let stand_in = key.person_of_session(session);
        Visitor {
            person: Mark::of(person.unwrap_or(&stand_in)),
            session: Mark::of(&stand_in),
        }
    }

    /// Counts what a session has brought. Done again, or beside another, it counts nothing twice.
    ///
    /// # Errors
    /// [`table::Error::Contended`] when too many others count the same at this moment,
    /// [`table::Error::Unavailable`] when the table does not answer: some is counted, all of it may be
    /// repeated.
    pub(crate) async fn count(
        self,
        visitor: Visitor,
        occurrences: &[Occurrence],
        retention_days: RetentionDays,
    ) -> Result<(), Error> {
        let counted = occurrences.iter().map(|occurrence| {
            let task = Task::Count {
                occurrence,
                visitor,
                retention_days,
            };
            self.change((occurrence.day, occurrence.fingerprint), task)
        });
        let counted = try_join_all(counted).await?;
        let counted = occurrences.iter().zip(counted);
        let refused = counted.filter(|(_, is_counted)| !is_counted);
        let refused: Vec<Date> = refused.map(|(occurrence, _)| occurrence.day).collect();
        if let Some(day) = refused.first() {
            let many = u64::try_from(refused.len()).unwrap_or(u64::MAX);
            Counters::of(self.scope)
                .add(*day, Counter::UncountedProblems, many)
                .await?;
        }
        Ok(())
    }

    async fn decide(self, standing: Option<&DayRow>, task: &Task<'_>) -> Result<Change, Error> {
        match (standing, task) {
            (
                Some(standing),
                Task::Count {
                    occurrence,
                    visitor,
                    retention_days,
                },
            ) => {
                let row = standing.with(occurrence, *visitor, *retention_days);
                Ok(match row.is_news(standing) {
                    true => Change::Write(row),
                    false => Change::Nothing,
                })
            }
            (
                None,
                Task::Count {
                    occurrence,
                    visitor,
                    retention_days,
                },
            ) => {
                let first = self.first(occurrence).await?;
                let row = first.map(|first| first.with(occurrence, *visitor, *retention_days));
                Ok(row.map_or(Change::Nothing, Change::Write))
            }
            (Some(standing), Task::Forget { session, mark }) => {
                Ok(match standing.without(session, *mark) {
                    None => Change::Delete,
                    Some(row) if row == *standing => Change::Nothing,
                    Some(row) => Change::Write(row),
                })
            }
            (None, Task::Forget { .. }) => Ok(Change::Nothing),
        }
    }

    /// The row of a problem that nobody had on that day before; `None` when there is no room for it.
    async fn first(self, occurrence: &Occurrence) -> Result<Option<DayRow>, Error> {
        let counters = Counters::of(self.scope);
        let (taken, known_since) = try_join(
            counters.read(occurrence.day, Counter::Problems),
            self.known_since(occurrence.fingerprint),
        )
        .await?;
        if taken >= MAX_PROBLEMS_A_DAY {
            return Ok(None);
        }
        let known_since = known_since.unwrap_or(Timestamp::MAX);
        Ok(Some(DayRow::first(occurrence, known_since)))
    }

    /// Counts a problem that nobody had on that day before, once its row stands: whoever came second, or
    /// tries again, did not bring another. A count that is lost lets one more in.
    async fn note_another(self, day: Date) {
        let counted = Counters::of(self.scope).add(day, Counter::Problems, 1);
        if let Err(error) = counted.await {
            tracing::warn!(%error, "a day's problem is not counted");
        }
    }

    /// Forgets a session: takes it out of everything that it has brought.
    ///
    /// # Errors
    /// As [`Self::count`].
    pub(crate) async fn forget(self, session: &SessionId, entries: &[Entry]) -> Result<(), Error> {
        let mark = self.visitor(session, None).session;
        let forgotten = entries
            .iter()
            .map(|entry| self.change(*entry, Task::Forget { session, mark }));
        try_join_all(forgotten).await?;
        Ok(())
    }

    /// Changes a problem's day until nobody has come in between; `false` when there is no such day, and will
    /// be none.
    async fn change(self, (day, fingerprint): Entry, task: Task<'_>) -> Result<bool, Error> {
        let key = rows::problem_day(self.scope.organization, fingerprint, day);
        let mut pauses = pauses();
        let mut read = Read::Eventual;
        loop {
            let standing = self.scope.table.get(OPERATION, &key, read).await?;
            let standing = standing.map(StoredDay::parse).transpose()?;
            let row = standing.as_ref().map(|standing| &standing.row);
            let is_changed = match (self.decide(row, &task).await?, &standing) {
                (Change::Nothing, standing) => return Ok(standing.is_some()),
                (Change::Write(row), _) => {
                    self.replace((day, fingerprint), standing.as_ref(), row)
                        .await?
                }
                (Change::Delete, None) => true,
                (Change::Delete, Some(standing)) => {
                    self.delete((day, fingerprint), standing).await?
                }
            };
            if is_changed {
                if standing.is_none() && matches!(task, Task::Count { .. }) {
                    self.note_another(day).await;
                }
                return Ok(true);
            }
            read = Read::Consistent;
            let Some(pause) = pauses.next() else {
                return Err(table::Error::Contended.into());
            };
            tokio::time::sleep(pause).await;
        }
    }

    /// Writes a row in place of the one that was read; `false` when somebody has come in between. Lists are
    /// to find it at its new place first, and not at the old one any more last of all: whoever dies in
    /// between has them find it twice.
    async fn replace(
        self,
        (day, fingerprint): Entry,
        standing: Option<&StoredDay>,
        mut row: DayRow,
    ) -> Result<bool, Error> {
        let from = standing.map(|standing| standing.row.place(day));
        let place = row.place(day);
        let moves = standing.map_or(0, |standing| standing.row.moves);
        if from != Some(place) {
            row.moves = moves + 1;
            let at = (row.kind, row.moves, row.expires);
            self.put_place((day, fingerprint), place, at).await?;
        }
        let key = rows::problem_day(self.scope.organization, fingerprint, day);
        let put = self.scope.table.put(&key, &row)?;
        let put = match standing.and_then(|standing| standing.call.clone()) {
            Some(call) => put
                .condition_expression("#seen = :seen")
                .expression_attribute_names("#seen", CALL)
                .expression_attribute_values(":seen", call),
            None => put.condition_expression("attribute_not_exists(PK)"),
        };
        if !put.attempt(OPERATION).await?.is_done() {
            return Ok(false);
        }
        if let Some(from) = from.filter(|from| *from != place) {
            self.leave_place((day, fingerprint), from, moves).await?;
        }
        Ok(true)
    }

    /// Deletes the row that was read, and has lists not find it; `false` when somebody has come in between.
    async fn delete(self, (day, fingerprint): Entry, standing: &StoredDay) -> Result<bool, Error> {
        let key = rows::problem_day(self.scope.organization, fingerprint, day);
        let mut delete = self.scope.table.delete(&key);
        if let Some(call) = &standing.call {
            delete = delete
                .condition_expression("attribute_not_exists(PK) OR #seen = :seen")
                .expression_attribute_names("#seen", CALL)
                .expression_attribute_values(":seen", call.clone());
        }
        if !delete.attempt(OPERATION).await?.is_done() {
            return Ok(false);
        }
        let (place, moves) = (standing.row.place(day), standing.row.moves);
        self.leave_place((day, fingerprint), place, moves).await?;
        Ok(true)
    }

    /// Since when a problem is known, if it is.
    async fn known_since(self, fingerprint: Fingerprint) -> Result<Option<Timestamp>, Error> {
        let partition = rows::problem_partition(self.scope.organization, fingerprint);
        let answer = self
            .scope
            .table
            .query(partition, "begins_with(SK, :prefix)")
            .expression_attribute_values(":prefix", text(rows::PROBLEM_DAY_PREFIX))
            .limit(1)
            .send()
            .await
            .map_err(|error| table::Error::from_sdk(OPERATION, &error))?;
        let first = answer.items.unwrap_or_default().into_iter().next();
        let first = first.map(StoredDay::parse).transpose()?;
        Ok(first.map(|first| first.row.known_since))
    }
}

fn pauses() -> ExponentialBackoff {
    ExponentialBuilder::new()
        .with_min_delay(FIRST_PAUSE)
        .with_max_delay(LONGEST_PAUSE)
        .with_max_times(MAX_ROUNDS)
        .with_jitter()
        .build()
}
